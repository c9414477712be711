"""Walls that a scan lost → put back, where the rest of the table shows that they stood there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.glyph_text import text_of
from gongkai.extract.page.walls import MergedBox, Walls
from gongkai.model import BBox

#: A seal hides walls of at most so many unit boxes in a row.
LARGEST = 10

_ITEM = re.compile(r"\d{1,2}[.．、]")

#: The glyphs in each unit box.
UnitGlyphs = Mapping[tuple[int, int], Sequence[Glyph]]


#: Whether anything is drawn in a box of the page.
InkTest = Callable[[BBox], bool]
#: What stands so near to a wall on both of its sides, in points, is a character that no wall goes through.
NEAREST, NEAR = 1.2, 3.0


def restore_walls(
    walls: Walls, boxes: Sequence[MergedBox], contents: UnitGlyphs, has_ink: InkTest | None = None
) -> bool:
    """Puts lost walls back into `walls`; whether there were any.

    `has_ink` tells where the picture has ink: a label that OCR did not find leaves its box without words.
    """
    words = {unit for unit, glyphs in contents.items() if any("一" <= g.text <= "鿿" for g in glyphs)}
    blank = [box for box in boxes if not words.intersection(box.units())]
    continued = [_continue_walls(walls, box, has_ink) for box in blank]
    separated = [_separate_items(walls, box, contents) for box in boxes]
    return any(continued) or any(separated)


def _continue_walls(walls: Walls, box: MergedBox, has_ink: InkTest | None) -> bool:
    """Puts walls into a box without words where the same line stands on both sides of it."""
    r, c, height, width = box
    if height * width < 2 or max(height, width) > LARGEST:
        return False
    found = False
    for k in range(c + 1, c + width):
        wall = walls.beside[k]
        if r > 0 and r + height < walls.rows and wall[r - 1] and wall[r + height]:
            wall[r : r + height] = [True] * height
            found = True
    for i in range(r + 1, r + height):
        wall = walls.above[i]
        goes_on = c > 0 and wall[c - 1] and (c + width >= walls.columns or wall[c + width])
        if goes_on and not _is_crossed(walls, box, i, has_ink):
            wall[c : c + width] = [True] * width
            found = True
    return found


def _is_crossed(walls: Walls, box: MergedBox, row: int, has_ink: InkTest | None) -> bool:
    """Whether ink stands on both sides of where a wall above a row of a box would stand."""
    if has_ink is None:
        return False
    left, right = walls.xs[box.column] + NEAR, walls.xs[box.column + box.width] - NEAR
    y = walls.ys[row]
    return has_ink((left, y - NEAR, right, y - NEAREST)) and has_ink((left, y + NEAREST, right, y + NEAR))


def _separate_items(walls: Walls, box: MergedBox, contents: UnitGlyphs) -> bool:
    """Puts walls between labels that are items ("3.", "4."), one in each row of a box.

    Without them the labels would be one, the label of the wrong row.
    """
    r, c, height, width = box
    rows = [[g for k in range(c, c + width) for g in contents.get((i, k), ())] for i in range(r, r + height)]
    if height < 2 or not all(row and _ITEM.match(text_of(row)) for row in rows):
        return False
    for wall in walls.above[r + 1 : r + height]:
        wall[c : c + width] = [True] * width
    return True
