"""Boxes of a sheet that the page's end cuts: what stands in them beyond the end is not on this page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gongkai.extract.page.glyph import Glyph
from gongkai.model import CUT_OFF, Cell, Grid, mark_unread

#: A box ends where its table ends if their walls are no further apart, in points.
FLUSH = 2.0
#: A digit goes on with a number if it stands nearer to the wall than this share of its height.
NEAR = 0.3


def mark_cut_boxes(grid: Grid, unseen: Sequence[Glyph]) -> Grid:
    """The grid with a mark in every box of its first and last column whose number the page's end cuts off.

    A wide sheet that is printed on two pages draws a box that spans both on each, and its number on one of them or
    across the cut. On the other page the number is not seen, and the box is not blank.
    """
    figures = [g for g in unseen if g.text.isdecimal()]
    if not figures or grid.place.bbox is None:
        return grid
    left, _, right, _ = grid.place.bbox
    beyond = [g for g in figures if g.x1 > right or g.x0 < left]
    if not beyond:
        return grid
    return replace(grid, cells=tuple(_mark(cell, left, right, beyond) for cell in grid.cells))


def _mark(cell: Cell, left: float, right: float, beyond: Sequence[Glyph]) -> Cell:
    box = cell.place.bbox
    if box is None or any("一" <= c <= "鿿" for c in cell.text):
        return cell
    is_last, is_first = box[2] > right - FLUSH, box[0] < left + FLUSH
    for g in beyond:
        is_level = box[1] < (g.top + g.bottom) / 2 < box[3]
        if is_level and (
            (is_last and _is_cut(cell, g.x0 - box[2], g)) or (is_first and _is_cut(cell, box[0] - g.x1, g))
        ):
            return replace(cell, text=cell.text + mark_unread(CUT_OFF))
    return cell


def _is_cut(cell: Cell, gap: float, figure: Glyph) -> bool:
    """Whether a figure so far beyond a wall is of the box: any is of a blank one, a near one goes on with a number."""
    if not cell.text.strip():
        return gap > -(figure.x1 - figure.x0)
    return -(figure.x1 - figure.x0) < gap < NEAR * (figure.bottom - figure.top)
