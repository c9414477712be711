"""Walls that a scan lost → put back, where the rest of the table shows that they stood there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.glyph_text import text_of
from gongkai.extract.page.merged_box import MergedBox
from gongkai.extract.page.walls import Walls

#: A seal hides walls of at most so many unit boxes in a row.
LARGEST = 10

_ITEM = re.compile(r"\d{1,2}[.．、]")

#: The glyphs in each unit box.
UnitGlyphs = Mapping[tuple[int, int], Sequence[Glyph]]


def restore_walls(walls: Walls, boxes: Sequence[MergedBox], contents: UnitGlyphs) -> bool:
    """Puts lost walls back into `walls`; whether there were any."""
    words = {unit for unit, glyphs in contents.items() if any("一" <= g.text <= "鿿" for g in glyphs)}
    blank = [box for box in boxes if not words.intersection(box.units())]
    continued = [_continue_walls(walls, box) for box in blank]
    separated = [_separate_items(walls, box, contents) for box in boxes]
    return any(continued) or any(separated)


def _continue_walls(walls: Walls, box: MergedBox) -> bool:
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
        if c > 0 and wall[c - 1] and (c + width >= walls.columns or wall[c + width]):
            wall[c : c + width] = [True] * width
            found = True
    return found


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
