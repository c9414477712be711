"""The blocks of a Document → a Layout of boxes: numbers of columns and rows as places, paragraphs between them."""

from __future__ import annotations

from collections.abc import Sequence

from gongkai.model import Block, Cell, Grid, Layout, PlacedWord
from gongkai.record import replace

#: The width of a column and the height of a row, and what keeps the boxes apart, in units of our own.
_WIDE, _HIGH, _ROOM = 100.0, 20.0, 2.0


def lay_out_blocks(blocks: Sequence[Block]) -> Layout:
    """Every box and every paragraph of a document with its place. Grids from alignment alone are left out."""
    words: list[PlacedWord] = []
    down = 0.0
    for i, block in enumerate(blocks):
        if isinstance(block, Grid):
            if block.ruled or block.counted:
                words += [_box(cell, down) for cell in block.cells]
            down += (block.rows + 1) * _HIGH
            continue
        text = (block.number + block.text).strip()
        if text:
            cell = Cell(0, 0, 1, 1, text, replace(block.place, block=i))
            words.append(PlacedWord(text, 0.0, down, _WIDE, down + _HIGH - 2 * _ROOM, cell))
        down += _HIGH
    return Layout("boxes", tuple(words))


def _box(cell: Cell, down: float) -> PlacedWord:
    return PlacedWord(
        cell.text.strip(),
        cell.column * _WIDE + _ROOM,
        down + cell.row * _HIGH + _ROOM,
        (cell.column + cell.colspan) * _WIDE - _ROOM,
        down + (cell.row + cell.rowspan) * _HIGH - _ROOM,
        cell,
        box=True,
    )
