"""--limit NAME=VALUE and --limits FILE to the Limits of a reader and the Budget of its process."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from gongkai import run as engine
from gongkai.commands import Refused
from gongkai.model import Limits

_SIZES = {"K": 1024, "M": 1024**2, "G": 1024**3}
#: of the process that reads, by their names here and in Budget
_PROCESS = {"seconds": "seconds", "memory": "memory", "cpu": "computing", "written": "written"}
_READER = tuple(f.name for f in fields(Limits) if f.name != "after_page")


def parsed(given: Sequence[str], file: Path | None, budget: engine.Budget) -> tuple[Limits, engine.Budget]:
    """The limits with what the user says otherwise; what stands on the command line counts last.

    Raises Refused where a name is no limit or a value no positive number.
    """
    told = {**dict(_in(file)), **dict(map(_pair, given))}
    reader: dict[str, Any] = {}
    for name, value in told.items():
        if name in _READER:
            reader[name] = _number(name, value)
        elif name in _PROCESS:
            budget = replace(budget, **{_PROCESS[name]: _number(name, value)})
        else:
            raise Refused(f"there is no limit {name!r}; there are {', '.join((*_READER, *_PROCESS))}", 2)
    return replace(Limits(), **reader), budget


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise Refused(f"--limit wants NAME=VALUE, as in --limit pages=500; {text!r} is none", 2)
    return name.strip(), value.strip()


def _in(file: Path | None) -> Iterator[tuple[str, str]]:
    if file is None:
        return
    try:
        told = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise Refused(error.strerror or str(error), 2, file) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(f"not TOML in UTF-8: {error}", 2, file) from error
    for name, value in told.items():
        yield name, str(value)


def _number(name: str, text: str) -> int:
    """A count, or bytes with K, M or G behind."""
    factor = _SIZES.get(text[-1:].upper(), 1)
    digits = text[:-1] if factor > 1 else text
    if not digits.isascii() or not digits.isdigit() or int(digits) == 0:
        raise Refused(f"{name}: {text!r} is no positive whole number (K, M and G may stand behind)", 2)
    return int(digits) * factor
