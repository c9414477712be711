"""Classes of the vocabulary: frozen for the type checker, cheap at run time.

A frozen dataclass stores each field by a call of its own: making one takes four times as long as a plain one, a report has
some thousand, and a process that reads one file spends a tenth of its time on writing their methods. mypy holds who
changes a field; at run time a field is only stored, and one method of each kind serves all classes.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
    from dataclasses import replace as replace
else:
    _T = TypeVar("_T")

    def dataclass(*, frozen: bool, slots: bool, eq: bool = True) -> Callable[[type[_T]], type[_T]]:
        """As `dataclasses.dataclass`, for classes that are frozen."""
        assert frozen, "a class that changes is a plain dataclass"

        def make(cls: type[_T]) -> type[_T]:
            made = dataclasses.dataclass(slots=slots, repr=False, eq=False)(cls)
            fields = dataclasses.fields(made)
            names = tuple(f.name for f in fields if f.init)
            by_name = any(f.kw_only for f in fields if f.init)
            _FIELDS[made] = names, _values(names), None if by_name else {n: i for i, n in enumerate(names)}
            if eq:
                made._record_compared = staticmethod(_values(tuple(f.name for f in fields if f.compare)))
            given = vars(made)
            for name, method in (
                ("__repr__", _repr),
                *((("__eq__", _eq), ("__hash__", _hash)) if eq else ()),
            ):
                if name not in given or (name == "__hash__" and given[name] is None):
                    setattr(made, name, method)
            return made

        return make

    def replace(record: _T, **changes: Any) -> _T:
        """As `dataclasses.replace`, which takes three times as long for these classes."""
        cls = record.__class__
        if cls not in _FIELDS:
            return dataclasses.replace(record, **changes)
        names, take, places = _FIELDS[cls]
        if places is None:
            return cls(**{**dict(zip(names, take(record), strict=True)), **changes})
        values = list(take(record))
        for name, value in changes.items():
            values[places[name]] = value
        return cls(*values)

    #: the names of the fields of each class, what takes their values, and their places where these can be given in order
    _FIELDS: dict[type, tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]], dict[str, int] | None]] = {}


def _values(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """A function that gives the values of these fields."""
    if not names:
        return lambda record: ()
    take = attrgetter(*names)
    return take if len(names) > 1 else lambda record: (take(record),)


def _repr(self: Any) -> str:
    shown = (f"{f.name}={getattr(self, f.name)!r}" for f in dataclasses.fields(self) if f.repr)
    return f"{self.__class__.__qualname__}({', '.join(shown)})"


def _eq(self: Any, other: Any) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    compared = self._record_compared
    return compared(self) == compared(other)


def _hash(self: Any) -> int:
    return hash(self._record_compared(self))
