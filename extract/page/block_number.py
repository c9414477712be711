"""The number of a block in its document, where readers put blocks together."""

from __future__ import annotations

from dataclasses import replace

from gongkai.model import Block, Cell, Paragraph, Place


def number_block(block: Block, number: int) -> Block:
    """A block with the number of its place in the document."""
    place = replace(block.place, block=number)
    if isinstance(block, Paragraph):
        return replace(block, place=place)
    cells = tuple(_with_block(cell, number) for cell in block.cells)
    return replace(block, place=place, cells=cells)


def _with_block(cell: Cell, number: int) -> Cell:
    place = Place(cell.place.page, number, cell.row, cell.column, cell.place.bbox)
    return Cell(
        cell.row,
        cell.column,
        cell.rowspan,
        cell.colspan,
        cell.text,
        place,
        cell.origin,
        cell.confidence,
        cell.alternative,
    )
