"""Edges of one table → walls between its unit boxes.

Every edge cuts the whole table: between two neighbouring positions lies a row or a column of unit boxes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gongkai.extract.page.edges import Edge, Edges, nearest, snap_distance, snap_positions
from gongkai.extract.page.glyph import Glyph

#: No row is lower than this share of the characters in its table.
LOW = 0.45
#: A wall stands where an edge covers this share of it.
COVER = 0.6


@dataclass(frozen=True, slots=True)
class Walls:
    """Where the edges of a table stand, and which of their unit pieces are drawn.

    `above[r][c]` is the wall on `ys[r]` over the unit box (r, c), `beside[c][r]` that on `xs[c]` at its left.
    Both have one line more than there are rows or columns, for the far side of the table.
    """

    xs: list[float]
    ys: list[float]
    above: list[list[bool]]
    beside: list[list[bool]]

    @property
    def rows(self) -> int:
        """How many rows of unit boxes there are."""
        return len(self.ys) - 1

    @property
    def columns(self) -> int:
        """How many columns of unit boxes there are."""
        return len(self.xs) - 1


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


def build_walls(table: Edges, worn: bool, size: float = 0.0) -> Walls:
    """The walls that the edges of a table draw; `size` is how high its characters are, in points.

    Between two edges that are nearer than half a line of them nothing is written: they are the ends of two boxes that
    a program drew over each other.
    """
    snap = snap_distance(worn)
    ys = snap_positions((h.at for h in table.horizontal), max(snap, LOW * size))
    xs = snap_positions((v.at for v in table.vertical), snap)
    return Walls(
        xs, ys, _draw_walls(table.horizontal, ys, xs, worn), _draw_walls(table.vertical, xs, ys, worn)
    )


def _draw_walls(
    edges: list[Edge], positions: list[float], steps: list[float], worn: bool
) -> list[list[bool]]:
    """Which unit pieces of every position are drawn: by one edge, or by several together.

    On a scanned page one edge must do: strokes of letters above each other would make a wall as well.
    """
    walls = [[False] * (len(steps) - 1) for _ in positions]
    parts: dict[tuple[int, int], float] = {}  # how much is drawn of the pieces that are drawn in part
    for at, start, end in edges:
        i = nearest(positions, at)
        wall = walls[i]
        first = max(0, bisect_right(steps, start) - 1)
        last = min(len(steps) - 1, bisect_left(steps, end))
        for j in range(first, last):
            left, right = steps[j], steps[j + 1]
            covered = (end if end < right else right) - (start if start > left else left)
            if covered < right - left and not worn:
                covered = parts[i, j] = parts.get((i, j), 0.0) + covered
            if covered >= COVER * (right - left):
                wall[j] = True
    return walls


def locate_glyphs(glyphs: Sequence[Glyph], walls: Walls) -> Iterable[tuple[int, tuple[int, int]]]:
    """The glyphs whose middle lies in the table: number and unit box of each."""
    xs, ys = walls.xs, walls.ys
    left, right, top, bottom = xs[0], xs[-1], ys[0], ys[-1]
    lower, further = ys[1:-1], xs[1:-1]  # without the far side: what stands on it is in the last box
    for i, (_, x0, y0, x1, y1) in enumerate(glyphs):
        y = (y0 + y1) / 2
        if top <= y <= bottom:
            x = (x0 + x1) / 2
            if left <= x <= right:
                yield i, (bisect_right(lower, y), bisect_right(further, x))
