"""One printed box of a table, as the unit boxes that it covers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class MergedBox(NamedTuple):
    """The first row and column of a box, and how many rows and columns it covers."""

    row: int
    column: int
    height: int
    width: int

    def units(self) -> Iterable[tuple[int, int]]:
        """The unit boxes that it covers, as (row, column)."""
        r, c, height, width = self
        return ((i, k) for i in range(r, r + height) for k in range(c, c + width))
