"""Text that runs over the open foot of a table at a page end: the last line of a box that the page cuts."""

from __future__ import annotations

from collections.abc import Sequence

from gongkai.extract.page.glyph import Glyph

#: A line of a box stands at most so many heights of a letter below the table's last ruling line.
REACH = 1.6


def find_overflow(
    glyphs: Sequence[Glyph], bottom: float, boxes: Sequence[tuple[float, float]]
) -> list[list[int]]:
    """The numbers of the glyphs that belong to each of the `boxes` (x0, x1) that no line closes at `bottom`.

    Where anything else stands in those lines they are text below the table, and belong to no box.
    """
    found: list[list[int]] = [[] for _ in boxes]
    for i, (_, x0, top, x1, lower) in enumerate(glyphs):
        middle = (top + lower) / 2
        if not bottom < middle < bottom + REACH * (lower - top):
            continue
        x = (x0 + x1) / 2
        owner = next((n for n, (left, right) in enumerate(boxes) if left <= x <= right), None)
        if owner is None:
            return [[] for _ in boxes]
        found[owner].append(i)
    return found
