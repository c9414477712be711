"""The boxes of a Grid by the row in which they begin."""

from __future__ import annotations

from collections.abc import Sequence

from gongkai.model import Cell, Grid


def list_rows(grid: Grid) -> list[Sequence[Cell]]:
    """The boxes that begin in each row of a Grid, from left to right; a row in which none begins is empty."""
    rows: list[list[Cell]] = [[] for _ in range(grid.rows)]
    for cell in grid.cells:
        rows[cell.row].append(cell)
    return [sorted(cells, key=lambda c: c.column) for cells in rows]
