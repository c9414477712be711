"""Walls and glyphs of one table → its printed boxes → a Grid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.glyph_text import box_text, is_wrapped
from gongkai.extract.page.overflow import find_crossed, find_overflow
from gongkai.extract.page.walls import MergedBox, Walls
from gongkai.model import OVER_WALL, BBox, Cell, Grid, Place, mark_unread

#: A box of a table that a page's end cut is at least so wide, in points.
WIDE_BOX = 40.0
#: Confidence in a number that was put together from two lines of its box.
WRAPPED = 0.95
#: Glyphs, by number, of the box that begins at (row, column).
Contents = dict[tuple[int, int], list[int]]


def grow_boxes(walls: Walls) -> list[MergedBox]:
    """The printed boxes: unit boxes grown over the walls that are not drawn.

    What no wall closes at the table's rim is not a box.
    """
    used = [[False] * walls.columns for _ in range(walls.rows)]
    boxes = []
    for r in range(walls.rows):
        for c in range(walls.columns):
            if used[r][c]:
                continue
            box = _grow(walls, used, r, c)
            for i in range(r, r + box.height):
                used[i][c : c + box.width] = [True] * box.width
            if not _is_open(walls, box):
                boxes.append(box)
    return boxes


def _grow(walls: Walls, used: Sequence[Sequence[bool]], r: int, c: int) -> MergedBox:
    """The box that begins at a unit box: first as wide, then as high as no wall or other box stops it."""
    width = 1
    while c + width < walls.columns and not walls.beside[c + width][r] and not used[r][c + width]:
        width += 1
    height = 1
    while r + height < walls.rows and _is_free(walls, used, r + height, c, width):
        height += 1
    return MergedBox(r, c, height, width)


def _is_free(walls: Walls, used: Sequence[Sequence[bool]], row: int, c: int, width: int) -> bool:
    """Whether a box may grow into a row: no wall above or within it, and no other box."""
    return not (
        any(walls.above[row][c : c + width])
        or any(used[row][c : c + width])
        or any(walls.beside[k][row] for k in range(c + 1, c + width))
    )


def _is_open(walls: Walls, box: MergedBox) -> bool:
    """Whether a box lacks a wall at a side and one at its top or foot."""
    r, c, height, width = box
    open_side = not walls.beside[c][r] or not walls.beside[c + width][r]
    return open_side and not (
        all(walls.above[r][c : c + width]) and all(walls.above[r + height][c : c + width])
    )


def assign_glyphs(boxes: Sequence[MergedBox], located: Iterable[tuple[int, tuple[int, int]]]) -> Contents:
    """What stands in each box, by the unit boxes of the glyphs."""
    contents: Contents = {(box.row, box.column): [] for box in boxes}
    owner = {unit: contents[box.row, box.column] for box in boxes for unit in box.units()}
    for number, unit in located:
        if unit in owner:
            owner[unit].append(number)
    return contents


def add_overflow(
    contents: Contents, boxes: Sequence[MergedBox], walls: Walls, glyphs: Sequence[Glyph]
) -> None:
    """Adds to the boxes that the page end cuts the line of text that runs over the table's open foot."""
    foot = walls.above[walls.rows]
    if all(foot):
        return
    cut = [
        b for b in boxes if b.row + b.height == walls.rows and not any(foot[b.column : b.column + b.width])
    ]
    sides = [(walls.xs[b.column], walls.xs[b.column + b.width]) for b in cut]
    for box, numbers in zip(cut, find_overflow(glyphs, walls.ys[-1], sides), strict=True):
        contents[box.row, box.column] += numbers


def drop_unclosed(boxes: list[MergedBox], walls: Walls, contents: Contents) -> list[MergedBox]:
    """The boxes without the empty ones that the table's right side leaves open, though it is drawn for most rows.

    There a row is shorter than the others; what it lacks is not a blank box.
    """
    side = walls.beside[walls.columns]
    if all(side) or 2 * sum(side) < len(side):
        return boxes
    return [
        box
        for box in boxes
        if box.column == 0
        or box.column + box.width < walls.columns
        or contents[box.row, box.column]
        or any(side[box.row : box.row + box.height])
    ]


def write_grid(
    boxes: Sequence[MergedBox],
    walls: Walls,
    contents: Mapping[tuple[int, int], Sequence[int]],
    glyphs: Sequence[Glyph],
    page: int | None,
    *,
    worn: bool,
) -> Grid | None:
    """The boxes with their text as a Grid; None for a frame around a paragraph."""
    cells = tuple(_write_cells(boxes, walls, contents, glyphs, page, worn))
    if sum(bool(cell.text) for cell in cells) < 2 and len(cells) < 4 and not _is_row(cells):
        return None
    bbox = _round((walls.xs[0], walls.ys[0], walls.xs[-1], walls.ys[-1]))
    return Grid(cells, walls.rows, walls.columns, Place(page, None, None, None, bbox))


def _is_row(cells: Sequence[Cell]) -> bool:
    """Whether boxes are a row with a label and a blank box, which a page's end cut off its table."""
    boxes = [c.place.bbox for c in cells if c.place.bbox is not None and c.row == 0]
    wide = all(x1 - x0 >= WIDE_BOX for x0, _, x1, _ in boxes)
    return len(boxes) == len(cells) >= 2 and wide and bool(cells[0].text)


def _write_cells(
    boxes: Sequence[MergedBox],
    walls: Walls,
    contents: Mapping[tuple[int, int], Sequence[int]],
    glyphs: Sequence[Glyph],
    page: int | None,
    worn: bool,
) -> Iterator[Cell]:
    xs = walls.xs
    crossed = set() if worn else find_crossed(boxes, contents, glyphs, xs[-1])
    across, down = [round(x, 2) for x in xs], [round(y, 2) for y in walls.ys]
    for r, c, height, width in boxes:
        own = [glyphs[i] for i in contents[r, c]]
        text = box_text(own, xs[c + width] - xs[c], worn=worn)
        confidence = WRAPPED if is_wrapped(text, own) else 1.0
        if (r, c) in crossed:
            text += mark_unread(OVER_WALL)
        bbox = (across[c], down[r], across[c + width], down[r + height])
        place = Place(page, None, r, c, bbox)
        yield Cell(r, c, height, width, text, place, confidence=confidence)


def _round(bbox: BBox) -> BBox:
    x0, top, x1, bottom = bbox
    return round(x0, 2), round(top, 2), round(x1, 2), round(bottom, 2)
