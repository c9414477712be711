"""Text that runs over a side of its box: over the foot that a page end leaves open, or a number over a wall."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter

from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.walls import MergedBox

#: A line of a box stands at most so many heights of a letter below the table's last ruling line.
REACH = 1.6
#: Digits on both sides of a wall touch where the gap is less than this share of their height, or they overlap by less.
TOUCH = 0.12
#: A box with so many characters holds more than a number.
LONG = 16


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


def find_crossed(
    boxes: Sequence[MergedBox],
    contents: Mapping[tuple[int, int], Sequence[int]],
    glyphs: Sequence[Glyph],
    right: float,
) -> set[tuple[int, int]]:
    """The boxes, by row and column, between which a number stands: its digits touch across the wall.

    So does a box at the table's `right` side whose number goes on outside.

    A font that is not in the file is drawn in another one, whose digits may be wider than their box.
    """
    figures: dict[tuple[int, int], tuple[Glyph, Glyph]] = {}  # the first and the last digit of a box
    for key, numbers in contents.items():
        if 0 < len(numbers) < LONG:
            own = [g for i in numbers if "0" <= (g := glyphs[i])[0] <= "9" or "０" <= g[0] <= "９"]
            if own:
                figures[key] = min(own, key=itemgetter(1)), max(own, key=itemgetter(3))
    # the first digit of the box that begins in a column, and its place, by each row that it covers
    begins = {
        (r, box.column): ((box.row, box.column), figures[box.row, box.column][0])
        for box in boxes
        if (box.row, box.column) in figures
        for r in range(box.row, box.row + box.height)
    }
    outside = _find_outside(glyphs, right)
    end = max((box.column + box.width for box in boxes), default=0)
    crossed: set[tuple[int, int]] = set()
    for row, column, height, width in boxes:
        if (row, column) not in figures:
            continue
        last = figures[row, column][1]
        if outside and column + width == end and any(_touch(last, g) for g in outside):
            crossed.add((row, column))
        for r in range(row, row + height):
            beyond = begins.get((r, column + width))
            if beyond is not None and _touch(last, beyond[1]):
                crossed |= {(row, column), beyond[0]}
    return crossed


def _find_outside(glyphs: Sequence[Glyph], right: float) -> list[Glyph]:
    """The digits whose middle stands just beyond a table's right side."""
    twice = 2 * right
    return [g for g in glyphs if g[1] + g[3] > twice and g[1] < right + 4 and g.text.isdigit()]


def _touch(last: Glyph, first: Glyph) -> bool:
    """Whether the last digit on the left of a wall touches the first on its right."""
    high = min(last.bottom - last.top, first.bottom - first.top)
    is_level = abs(last.top + last.bottom - first.top - first.bottom) < high
    return is_level and abs(first.x0 - last.x1) < TOUCH * high
