"""--limit NAME=VALUE and --limits FILE to the Limits of a reader and the Budget of its process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Annotated, Any, Self

import msgspec
from msgspec import Meta

from gongkai import run as engine
from gongkai.commands import Refused
from gongkai.commands.options.named_files import read_toml
from gongkai.model import Limits
from gongkai.user_toml import TomlTable, Written

_UNITS = {"K": 1024, "M": 1024**2, "G": 1024**3}
#: limits of the process that reads, by their names here and in Budget
_PROCESS = {"seconds": "seconds", "memory": "memory", "cpu": "computing", "written": "written"}
_READER = tuple(f.name for f in fields(Limits) if f.name not in ("after_page", "converted"))


class Amount(int, Written):
    """A count, or bytes with K, M or G behind the number."""

    @classmethod
    def read(cls, written: object) -> Self:
        """The number. Raises TypeError, ValueError."""
        if isinstance(written, bool) or not isinstance(written, int | str):
            raise TypeError("a number or a text is wanted")
        text = str(written)
        factor = _UNITS.get(text[-1:].upper(), 1)
        digits = text[:-1] if factor > 1 else text
        if not digits.isascii() or not digits.isdigit() or int(digits) == 0:
            raise ValueError(f"{text!r} is no positive whole number (K, M and G may stand behind)")
        return cls(int(digits) * factor)


_Amount = Annotated[Amount | None, Meta(description='a number, 500 or "128M"')]
#: what a file of limits holds
_File = msgspec.defstruct(
    "LimitsFile", [(name, _Amount, None) for name in (*_READER, *_PROCESS)], bases=(TomlTable,), frozen=True
)


def read_limits(
    options: Sequence[str], file: Path | None, budget: engine.Budget
) -> tuple[Limits, engine.Budget]:
    """The limits of a file and of the command line; the command line wins.

    Raises Refused where a name is no limit or a value no positive number.
    """
    limits = {**_read_file(file), **dict(map(_pair, options))}
    reader: dict[str, Any] = {name: value for name, value in limits.items() if name in _READER}
    process = {_PROCESS[name]: value for name, value in limits.items() if name in _PROCESS}
    return replace(Limits(), **reader), replace(budget, **process)


def _read_file(file: Path | None) -> Mapping[str, int]:
    if file is None:
        return {}
    values = msgspec.structs.asdict(read_toml(file, _File))
    return {name: int(value) for name, value in values.items() if value is not None}


def _pair(option: str) -> tuple[str, int]:
    name, equals, value = (part.strip() for part in option.partition("="))
    if not equals:
        raise Refused(f"--limit wants NAME=VALUE, as in --limit pages=500; {option!r} is none", 2)
    if name not in (*_READER, *_PROCESS):
        raise Refused(f"there is no limit {name!r}; there are {', '.join((*_READER, *_PROCESS))}", 2)
    try:
        return name, int(Amount.read(value))
    except ValueError as error:
        raise Refused(f"{name}: {error}", 2) from error
