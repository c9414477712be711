"""The number of a block in its document; readers set it when all blocks are known."""

from __future__ import annotations

from dataclasses import replace

from gongkai.model import Block, Cell, Paragraph, Place


def number_block(block: Block, number: int) -> Block:
    """The block with its number in the document, counted from 0."""
    place = replace(block.place, block=number)
    if isinstance(block, Paragraph):
        return replace(block, place=place)
    cells = tuple(_number_cell(cell, number) for cell in block.cells)
    return replace(block, place=place, cells=cells)


def _number_cell(cell: Cell, number: int) -> Cell:
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
