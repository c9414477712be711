"""Text that runs over the open bottom of a table at a page end: the last line of a box of which the page shows the top."""

from __future__ import annotations

from collections.abc import Sequence

from gongkai.extract.page.glyph import Glyph

#: So many heights of a letter below the table's last line a line of its boxes may stand.
REACH = 1.6


def find_overflow(
    glyphs: Sequence[Glyph], bottom: float, boxes: Sequence[tuple[float, float]]
) -> list[list[int]]:
    """The glyphs by number that belong to each of the `boxes` (x0, x1) that nothing closes at `bottom`.

    There are none where anything else stands in those lines: then it is text below a table.
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
