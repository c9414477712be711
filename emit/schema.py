"""The datasets and their columns, from their TOML file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

from gongkai.record import dataclass
from gongkai.startup_cache import read_toml

Kind = Literal["text", "id", "integer", "decimal", "number", "boolean"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. A text is the document's or the user's; an id is ours, lower-case English.

    `empty` says that it may have no value, `long` that its texts have no bound; `one_of` are its
    only values, if it has such.
    """

    name: str
    kind: Kind
    zh: str
    en: str
    empty: bool = False
    long: bool = False
    unit: str = ""
    one_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dataset:
    """One dataset: columns in order, and those that name a line."""

    name: str
    zh: str
    en: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


@cache
def datasets(by: Literal["run", "check", "diff", "nightly"] = "run") -> tuple[Dataset, ...]:
    """Every dataset that a run writes, or a check, a comparison or a night adds, in the order of their description."""
    specs = read_toml(__package__, "datasets.toml").items()
    return tuple(_dataset(name, spec) for name, spec in specs if spec.get("by", "run") == by)


def _dataset(name: str, spec: Mapping[str, Any]) -> Dataset:
    columns = tuple(_column(entry) for entry in spec["columns"])
    return Dataset(name, spec["zh"], spec["en"], tuple(spec["key"]), columns)


def _column(entry: Mapping[str, Any]) -> Column:
    return Column(**{**entry, "one_of": tuple(entry.get("one_of", ()))})
