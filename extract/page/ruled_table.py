"""Ruling lines and glyphs of a page → Grids; pure geometry.

Ruling lines → snapped edges → groups that touch → walls between unit boxes → printed boxes → Grid.
All lengths are in points, all positions from the page's top left.
"""

from __future__ import annotations

from collections.abc import Sequence

from gongkai.extract.page.boxes import add_overflow, assign_glyphs, drop_unclosed, grow_boxes, write_grid
from gongkai.extract.page.edges import (
    SNAP,
    Edges,
    add_side_column,
    close_open_ends,
    close_open_sides,
    drop_strokes,
    group_edges,
    snap_distance,
    snap_edges,
)
from gongkai.extract.page.frames import drop_frames
from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.horizontal_only import find_horizontal_tables
from gongkai.extract.page.overflow import take_back
from gongkai.extract.page.ruling_line import RulingLine
from gongkai.extract.page.walls import build_walls, locate_glyphs
from gongkai.extract.page.worn_walls import InkTest, restore_walls
from gongkai.model import Grid

#: A table has at least so many unit boxes.
LEAST_BOXES = 2


def find_grids(
    lines: Sequence[RulingLine],
    glyphs: Sequence[Glyph],
    page: int | None,
    *,
    worn: bool = False,
    has_ink: InkTest | None = None,
    unseen: Sequence[Glyph] = (),
) -> tuple[list[Grid], set[int]]:
    """The Grids that the lines of a page draw, from top to bottom, and the numbers of the glyphs inside them.

    The lines of a `worn` page (a scan) have gaps. A wall that stands above and below a row without
    words stands in that row too, unless the page `has_ink` across it. `unseen` are characters that nobody sees.
    """
    lines = lines if worn else drop_frames(lines)
    edges = snap_edges(lines, snap_distance(worn))
    edges = edges if worn else drop_strokes(edges)
    tables = group_edges(edges, worn)
    if not worn:
        tables = [add_side_column(table, edges.vertical) for table in tables]
    tables += find_horizontal_tables(edges, lines, glyphs)
    found = [
        grid
        for table in tables
        if (grid := _build_grid(table, glyphs, page, worn, has_ink, unseen)) is not None
    ]
    found.sort(key=lambda pair: (pair[0].place.bbox or (0.0,) * 4)[1])
    return [grid for grid, _ in found], {number for _, numbers in found for number in numbers}


def _middle_height(table: Edges, glyphs: Sequence[Glyph]) -> float:
    """How high the characters between the edges of a table are, in points."""
    upper, lower = min(h.at for h in table.horizontal), max(h.at for h in table.horizontal)
    heights = sorted([bottom - top for _, _, top, _, bottom in glyphs if upper < top and bottom < lower])
    return heights[len(heights) // 2] if heights else 0.0


def _find_lines(table: Edges, glyphs: Sequence[Glyph]) -> list[tuple[float, float]]:
    """Top and bottom of the characters beside which walls go on beyond the table's first or last line."""
    upper, lower = min(h.at for h in table.horizontal), max(h.at for h in table.horizontal)
    first, last = min(v.start for v in table.vertical), max(v.end for v in table.vertical)
    if upper - first <= SNAP and last - lower <= SNAP:
        return []
    left, right = min(v.at for v in table.vertical), max(v.at for v in table.vertical)
    return [
        (top, bottom)
        for _, x0, top, x1, bottom in glyphs
        if ((first < bottom and top < upper) or (lower < bottom and top < last)) and left < x0 and x1 < right
    ]


def _build_grid(
    table: Edges,
    glyphs: Sequence[Glyph],
    page: int | None,
    worn: bool,
    has_ink: InkTest | None,
    unseen: Sequence[Glyph],
) -> tuple[Grid, set[int]] | None:
    """One table and the numbers of the glyphs in it; None where the edges draw no table."""
    if worn:
        walls = build_walls(close_open_ends(table), worn)
    else:
        lines = _find_lines(table, glyphs)
        walls = build_walls(close_open_sides(table, lines), worn, _middle_height(table, glyphs))
    if walls.rows < 1 or walls.columns < 1 or walls.rows * walls.columns < LEAST_BOXES:
        return None
    boxes = grow_boxes(walls)
    located = list(locate_glyphs(glyphs, walls))
    if worn and restore_walls(walls, boxes, _by_unit(glyphs, located), has_ink):
        boxes = grow_boxes(walls)
    contents = assign_glyphs(boxes, located)
    if not worn:
        take_back(contents, boxes, walls, glyphs, unseen)
        add_overflow(contents, boxes, walls, glyphs)
        boxes = drop_unclosed(boxes, walls, contents)
    grid = write_grid(boxes, walls, contents, glyphs, page, worn=worn)
    return None if grid is None else (grid, {i for numbers in contents.values() for i in numbers})


def _by_unit(
    glyphs: Sequence[Glyph], located: Sequence[tuple[int, tuple[int, int]]]
) -> dict[tuple[int, int], list[Glyph]]:
    """The glyphs of each unit box."""
    units: dict[tuple[int, int], list[Glyph]] = {}
    for number, unit in located:
        units.setdefault(unit, []).append(glyphs[number])
    return units
