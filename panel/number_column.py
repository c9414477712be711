"""A column of numbers that takes little memory: whole numbers in 32 bits, and nothing for what does not stand in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from gongkai.panel.missing import PRESENT

Numbers = np.ndarray[Any, np.dtype[np.float64]]
Codes = np.ndarray[Any, np.dtype[np.uint8]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]
Integers = np.ndarray[Any, np.dtype[np.int64]]
Array = TypeVar("Array", bound=np.ndarray[Any, Any])

#: whole numbers up to this, with either sign, are kept in 32 bits
MOST = 2**31 - 1
EVERY = slice(None)


@dataclass(slots=True)
class NumberColumn:
    """Numbers, and for each why it is missing (0: it is not).

    `kept` is None where no number stands in the column, `blanks` None where no box of it is blank. Twenty thousand
    reports have seven million boxes: as doubles they were most of the panel's memory, twice.
    """

    codes: Codes
    kept: np.ndarray[Any, np.dtype[Any]] | None = None
    blanks: Flags | None = None

    @classmethod
    def of(cls, values: Any, codes: Any, blanks: Flags | None = None) -> NumberColumn:
        """A column of some values; what stands where a code says that it is missing is not kept."""
        codes = np.asarray(codes).astype(np.uint8)
        there = codes == PRESENT
        column = cls(codes)
        column.put(np.flatnonzero(there), np.asarray(values, dtype=np.float64)[there], PRESENT)
        if blanks is not None and blanks.any():
            column.blanks = blanks
        return column

    def __len__(self) -> int:
        return len(self.codes)

    def put(self, rows: Integers, values: Numbers, codes: Any, blanks: Flags | None = None) -> None:
        """Put values with their codes into some rows."""
        self.codes[rows] = codes
        if blanks is not None and blanks.any():
            if self.blanks is None:
                self.blanks = np.zeros(len(self.codes), dtype=bool)
            self.blanks[rows] = blanks
        known = ~np.isnan(values)
        if bool((~known & (np.asarray(codes) == PRESENT)).any()):
            raise ValueError("a number that is missing needs a code that says why")
        if not known.any():
            return
        whole = bool(((values == np.floor(values)) & (np.abs(values) <= MOST))[known].all())
        if self.kept is None:
            self.kept = np.zeros(len(self.codes), dtype=np.int32 if whole else np.float64)
        elif not whole and self.kept.dtype == np.int32:
            self.kept = self.kept.astype(np.float64)
        self.kept[rows[known]] = values[known]

    def values(self, part: slice | Integers = EVERY) -> Numbers:
        """The numbers of some rows, NaN where one is missing. A new array, which the caller may change."""
        codes = self.codes[part]
        if self.kept is None:
            return np.full(len(codes), np.nan)
        values = self.kept[part].astype(np.float64)
        values[codes != PRESENT] = np.nan
        return values

    def flags(self, part: slice | Integers = EVERY) -> Flags:
        """Which boxes are blank."""
        return np.zeros(len(self.codes[part]), dtype=bool) if self.blanks is None else self.blanks[part]

    def take(self, rows: Integers, there: Flags, absent: int) -> NumberColumn:
        """The column of other lines: the row of each, and whether it has one; `absent` is the code where not."""
        if not len(self.codes):
            return NumberColumn(np.full(len(rows), absent, dtype=np.uint8))
        codes = np.where(there, self.codes[rows], absent).astype(np.uint8)
        kept = None if self.kept is None else self.kept[rows]
        blanks = None if self.blanks is None else self.blanks[rows] & (codes == PRESENT)
        return NumberColumn(codes, kept, blanks)


class ColumnArrays(Mapping[str, Array]):
    """One array of each of some columns, by name, made when it is asked for."""

    def __init__(self, columns: Mapping[str, NumberColumn], make: Callable[[NumberColumn], Array]) -> None:
        self._columns = columns
        self._make: Callable[[NumberColumn], Array] = make

    def __getitem__(self, name: str) -> Array:
        return self._make(self._columns[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)
