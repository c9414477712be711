"""A Grid of two halves side by side, each with the same heads → the Grid with the right half below the left one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gongkai.model import Cell, Grid
from gongkai.normalize.form.number import is_blank, is_label
from gongkai.record import replace

#: Heads that both halves have, and rows of values in each, at the least.
_LEAST_HEADS, _LEAST_ROWS = 2, 3
#: Heads go over so many rows at the most: a long table of words has none.
_MOST_HEAD_ROWS = 8


class _Halves(NamedTuple):
    """A Grid cut in the middle; `heads` is the number of rows that both halves begin with."""

    left: Sequence[Cell]
    right: Sequence[Cell]
    heads: int


def stack_halves(grid: Grid) -> Grid:
    """The Grid with its right half below its left one; itself where it has no two halves.

    Halves with the same rows are two tables, those of two years or bodies: they stay as they are.
    """
    if not grid.ruled or grid.columns % 2 or grid.columns < 4:
        return grid
    halves = _cut(grid)
    if halves is None:
        return grid
    labels = [set(_paths(half, halves.heads)) for half in (halves.left, halves.right)]
    if min(map(len, labels)) < _LEAST_ROWS or labels[0] & labels[1]:
        return grid
    below = grid.rows - halves.heads
    moved = [replace(c, row=c.row + below) for c in halves.right if c.row >= halves.heads]
    return replace(
        grid,
        cells=tuple(_drop_blank_rows([*halves.left, *moved])),
        rows=grid.rows + below,
        columns=grid.columns // 2,
    )


def _cut(grid: Grid) -> _Halves | None:
    """The halves of a Grid, the right one in the columns of the left; None where a box goes over both or heads differ."""
    middle = grid.columns // 2
    if any(c.column < middle < c.column + c.colspan for c in grid.cells):
        return None
    left = [c for c in grid.cells if c.column < middle]
    right = [replace(c, column=c.column - middle) for c in grid.cells if c.column >= middle]
    heads = _count_heads(left, right)
    return _Halves(left, right, heads) if heads else None


def _count_heads(left: Sequence[Cell], right: Sequence[Cell]) -> int:
    """The rows that both halves begin with: all of the rows of words, and words enough in them; 0 where they differ."""
    values = [min((c.row for c in half if not is_label(c.text)), default=0) for half in (left, right)]
    first = min(max(values), _MOST_HEAD_ROWS)
    while first and _signs(left, first) != _signs(right, first):
        first -= 1
    words = [c for c in left if c.row < first and is_label(c.text)]
    return first if len(words) >= _LEAST_HEADS else 0


def _signs(half: Sequence[Cell], rows: int) -> list[tuple[int, int, int, int, str]]:
    own = [c for c in half if c.row < rows]
    return sorted((c.row, c.column, c.rowspan, c.colspan, re.sub(r"\s", "", c.text)) for c in own)


def _paths(half: Sequence[Cell], heads: int) -> Iterator[tuple[str, ...]]:
    """The labels of each row of values of a half."""
    by_row: dict[int, list[Cell]] = defaultdict(list)
    for c in half:
        if c.row >= heads and is_label(c.text):
            for row in range(c.row, c.row + c.rowspan):
                by_row[row].append(c)
    for row in {c.row for c in half if c.row >= heads and not is_label(c.text) and c.text.strip()}:
        labels = sorted(by_row[row], key=lambda c: c.column)
        yield tuple(re.sub(r"\s", "", c.text) for c in labels)


def _drop_blank_rows(cells: Sequence[Cell]) -> Iterator[Cell]:
    """The boxes without rows in which nothing is printed: the shorter half was filled up."""
    printed = {c.row for c in cells if not is_blank(c.text)}
    covered = {r for c in cells if not is_blank(c.text) for r in range(c.row, c.row + c.rowspan)}
    return (c for c in cells if c.row in printed or c.row in covered)
