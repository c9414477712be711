"""Drawings of a web page, and the lines of text between them → a Layout: every word with its place.

Where no wall is drawn only the places of words tell the columns. Tables that are no drawings have boxes of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gongkai.extract.page.layout import Page
from gongkai.extract.page.word_layout import make_layouts
from gongkai.model import Block, Cell, Layout, Limits, Paragraph, Place, PlacedWord
from gongkai.record import replace

#: How high a line between drawings is and what room it takes, and how wide a character, in points.
_HIGH, _ROOM = 9.0, 20.0


class DrawnBlocks(NamedTuple):
    """The blocks that a drawing gave: from `begin` on, their `number`, and its page."""

    begin: int
    number: int
    page: Page


def lay_out_words(blocks: Sequence[Block], drawings: Sequence[DrawnBlocks], limits: Limits) -> list[Layout]:
    """The words of all drawings, one below the other, with the lines of text between them."""
    return [Layout("points", tuple(_place_words(blocks, drawings, limits)))]


def _place_words(
    blocks: Sequence[Block], drawings: Sequence[DrawnBlocks], limits: Limits
) -> Iterator[PlacedWord]:
    drawn = {i: d for d in drawings for i in range(d.begin, d.begin + d.number)}
    down = 0.0
    for i, block in enumerate(blocks):
        drawing = drawn.get(i)
        if drawing is None and isinstance(block, Paragraph):
            cell = Cell(0, 0, 1, 1, block.text, block.place)
            yield PlacedWord(block.text, 0.0, down, len(block.text) * _HIGH, down + _HIGH, cell)
            down += _ROOM
        elif drawing is not None and i == drawing.begin:
            for word in make_layouts([drawing.page], limits)[0].words:
                cell = replace(word.cell, place=Place(block=i))
                yield replace(word, top=word.top + down, bottom=word.bottom + down, cell=cell)
            down += drawing.page.height + _ROOM
