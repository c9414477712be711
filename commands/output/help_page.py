"""The help of one command in the user's language, with lines that fit a terminal in Chinese too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import typer
from rich.cells import cell_len, chop_cells

from gongkai.commands.output.language import language, say, translate

#: what typer puts behind the help of a parameter: [default: 1; x>=1; required]
_EXTRA = re.compile(r"  \[([^\[\]]*)\]$")


if TYPE_CHECKING:
    from typer._click.formatting import HelpFormatter as _Formatter
else:  # typer does not export the class by itself
    _Formatter = typer.Context.formatter_class


class HelpPage(_Formatter):
    """Writes headings in the user's language and wraps by the width of characters: a Chinese one takes two."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the line that shows how the command is called."""
        super().write_usage(prog, args, say("Usage: "))

    def write_heading(self, heading: str) -> None:
        """Write "Options:" or "Arguments:"."""
        colon = "：" if language() == "zh" else ":"
        self.write(f"{'':>{self.current_indent}}{say(heading)}{colon}\n")

    def write_text(self, text: str) -> None:
        """Write what the command does, paragraph by paragraph."""
        indent = " " * self.current_indent
        paragraphs = [wrap(" ".join(p.split()), self.width - len(indent)) for p in text.split("\n\n")]
        self.write(
            "\n\n".join("\n".join(indent + line for line in lines) for lines in map(list, paragraphs)) + "\n"
        )

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write parameters, each with its help beside it, or below it where its name is long."""
        left = min(max(cell_len(name) for name, _ in rows), col_max) + col_spacing
        for name, text in rows:
            lines = list(wrap(_describe(text), max(self.width - left - self.current_indent, 20)))
            head = " " * self.current_indent + name
            beside = cell_len(name) <= left - col_spacing
            if not beside:
                self.write(head + "\n")
            for n, line in enumerate(lines):
                start = head if beside and n == 0 else ""
                self.write(start + " " * (self.current_indent + left - cell_len(start)) + line + "\n")


class HelpContext(typer.Context):
    """A context whose help is a HelpPage."""

    formatter_class = HelpPage


def in_language(command: Any) -> Any:
    """A command of typer with its help in the user's language."""
    command.context_class = HelpContext
    command.help = "\n\n".join(say(" ".join(p.split())) for p in (command.help or "").split("\n\n"))
    for parameter in command.params:
        parameter.help = translate(parameter.help) if getattr(parameter, "help", None) else None
    make_help_option = command.get_help_option  # it makes it itself, at the first question

    def get_help_option(context: typer.Context) -> Any:
        option = make_help_option(context)
        if option is not None and option.help:
            option.help = say(option.help)
        return option

    command.get_help_option = get_help_option
    return command


def describe_parameters(command: Any, name: str) -> list[tuple[str, str]]:
    """Each argument and option of a command of typer as its help shows it, and what it is."""
    context = command.make_context(name, [], resilient_parsing=True)
    records = (parameter.get_help_record(context) for parameter in command.get_params(context))
    return [(left, _describe(right)) for left, right in filter(None, records)]


def _describe(text: str) -> str:
    """The help of a parameter, with what typer adds to it translated."""
    extra = _EXTRA.search(text)
    if extra is None:
        return text
    parts = "; ".join(translate(part) for part in extra[1].split("; "))
    return f"{text[: extra.start()]}  [{parts}]"


def wrap(text: str, width: int) -> Iterator[str]:
    """The lines of a text, at most `width` cells each; a Chinese character may stand at any line's end.

    >>> list(wrap("read reports 读取年度报告", 12))
    ['read reports', '读取年度报告']
    """
    words = (
        re.findall(r"[^\s\u2e80-\uffef]+|[\u2e80-\uffef]|\s+", text)
        if language() == "zh"
        else re.findall(r"\S+|\s+", text)
    )
    line = ""
    for word in words:
        for piece in chop_cells(word, width) if cell_len(word) > width else [word]:
            closes = piece in "，。；：、）”》？！"  # never at a line's beginning
            if line and not closes and cell_len(line) + cell_len(piece.rstrip()) > width:
                yield line.rstrip()
                line = ""
            line += piece if line else piece.lstrip()
    yield line.rstrip()
