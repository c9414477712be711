"""A command called through typer, which reads its options."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any

import typer

from gongkai.commands import Refused, module_of, write_error
from gongkai.commands.output import language
from gongkai.commands.output.help_page import describe_parameters, in_language

#: The exit code that typer returns for Ctrl-C. Where Ctrl-C ends a prompt, typer raises Abort.
_STOPPED = 130
#: Where this variable is set, typer takes the shell by its name; else it looks which one has started us.
_NAMED_SHELL = "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION"
_HELP_OPTIONS = {"help_option_names": ["-h", "--help"]}


def refuse(name: str, names: Sequence[str]) -> int:
    """Say that there is no such command, and which are nearly called so."""
    near = get_close_matches(name, names, n=2)
    guess = language.say("did you mean {near}? ", near=" / ".join(near)) if near else ""
    text = language.say(
        "there is no command {name}; {guess}`gongkai --help` lists them", name=repr(name), guess=guess
    )
    return write_error("gongkai", text, 2)


def call(name: str, module: str, arguments: list[str]) -> int:
    """Call the function `command` of a module, as the command of that name; the exit code."""
    command = _command(name, module)
    try:
        result = command.main(arguments, prog_name=f"gongkai {name}", standalone_mode=False)
    except Refused as refused:
        return write_error(refused.file or f"gongkai {name}", str(refused), refused.code)
    except typer.Abort:
        result = _STOPPED
    except Exception as error:  # noqa: BLE001 only what typer's parser raises is handled here
        return _report_usage(name, error)
    if result == _STOPPED:
        return write_error(f"gongkai {name}", "stopped", 1)
    return result if isinstance(result, int) else 0


def _command(name: str, module: str) -> Any:
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command(name=name, context_settings=_HELP_OPTIONS)(importlib.import_module(module).command)
    return in_language(typer.main.get_command(app))


def describe(name: str) -> tuple[str, list[tuple[str, str]]]:
    """What a command does, and each of its arguments and options with what it is, in the user's language."""
    command = _command(name, module_of(name))
    return command.help, describe_parameters(command, f"gongkai {name}")


def complete(commands: Iterable[tuple[str, str, str]], arguments: list[str]) -> int:
    """Install or show the completion of a shell, or answer a shell that asks what may come next.

    `commands` are the names with what each does and its module. Only the module of the one that is typed is
    imported: a shell asks at every tab. The shell may be named (`--show-completion fish`).
    """
    if len(arguments) > 1:
        os.environ[_NAMED_SHELL] = "1"
    typed = (os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS", "")).split()
    app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
    for name, does, module in commands:
        function = importlib.import_module(module).command if name in typed[1:2] else _untyped
        app.command(name=name, help=does, context_settings=_HELP_OPTIONS)(function)
    group: Any = typer.main.get_command(app)
    for command in (group, *group.commands.values()):
        in_language(command)
    try:
        result = group.main(arguments, prog_name="gongkai", standalone_mode=False)
    except Exception as error:
        show = getattr(error, "format_message", None)
        if show is None:
            raise
        return write_error("gongkai", language.translate(show()), 2)
    return result if isinstance(result, int) else 0


def _untyped() -> None:
    """Stands for a command of which only the name is asked."""


def _report_usage(name: str, error: Exception) -> int:
    """Write wrong usage as one line. Raises the error again where it is none: a bug keeps its traceback."""
    show = getattr(error, "format_message", None)
    code = getattr(error, "exit_code", None)
    if show is None and code is None:
        raise error
    if show is not None:
        text = language.say(
            "{problem}; see `gongkai {name} --help`",
            problem=language.translate(show()).rstrip(".。"),
            name=name,
        )
        return write_error(f"gongkai {name}", text, 2)
    return int(code or 0)
