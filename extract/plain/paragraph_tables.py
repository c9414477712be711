"""Blocks of a document without a table → its tables of tabs and blanks, as a text has them.

People who have no table at hand write one with the tabulator or the space bar: a row is a paragraph.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from functools import partial

from gongkai.extract.text import read_blocks
from gongkai.extract.text_layout import make_layouts
from gongkai.model import Block, Document, Grid, Limits, Paragraph
from gongkai.record import replace

#: What parts two boxes of a line.
_GAP = re.compile(r"\t|[ \u3000\xa0]{2,}")
_NUMBER = re.compile(
    r"(?:^|[\t \u3000\xa0])[+\-－]?[\d０-９][\d０-９,，.．]*(?:[件项条]|万元)?(?=[\t \u3000\xa0]|$)"
)
#: A line of numbers alone; so many of them are boxes of a report's tables.
_VALUES = re.compile(r"\s*[\d０-９/—－-][\d０-９,，.．%/—－ \xa0-]*(?:[件项条]|万元)?\s*")
_LEAST_VALUES = 15
#: A paragraph of more characters is a sentence.
_LONGEST = 160
#: A row of one box is no longer, and so many of them may stand between two others.
_LONGEST_BOX, _MOST_BETWEEN = 60, 4
#: A table has so many rows with numbers, each with so many.
_LEAST_ROWS, _LEAST_NUMBERS = 3, 3


def find_tables_of_lines(document: Document, limits: Limits) -> Document:
    """The document with the tables that its paragraphs are; as it is where it has drawn tables, or none of lines.

    Raises TooLarge past the limit of boxes.
    """
    if any(isinstance(block, Grid) for block in document.blocks):
        return document
    paragraphs = [block for block in document.blocks if isinstance(block, Paragraph)]
    if sum(map(_is_row_of_numbers, paragraphs)) < _LEAST_ROWS:
        return document
    blocks: list[Block] = []
    rows = _fill_between([_is_line(p) for p in paragraphs], [_is_short(p) for p in paragraphs])
    for is_row, run in itertools.groupby(zip(rows, paragraphs, strict=True), lambda pair: pair[0]):
        own = [p for _, p in run]
        if is_row and any(map(_is_row_of_numbers, own)):
            blocks += read_blocks("\n".join(map(_write_out, own)), limits, len(blocks))
        else:
            blocks += [
                replace(p, place=replace(p.place, block=n)) for n, p in enumerate(own, start=len(blocks))
            ]
    text = "\n".join(map(_write_out, paragraphs))
    return replace(document, blocks=tuple(blocks), reread=None, layouts=partial(make_layouts, text))


def take_for_text(document: Document) -> Document:
    """A page without a table, most of whose lines are boxes, as the text that it is: what a program made of a PDF's lines."""
    if any(isinstance(block, Grid) for block in document.blocks):
        return document
    paragraphs = [block for block in document.blocks if isinstance(block, Paragraph)]
    if sum(_VALUES.fullmatch(p.text) is not None for p in paragraphs) < _LEAST_VALUES:
        return document
    text = "\n".join(map(_write_out, paragraphs))
    blocks = tuple(replace(p, flow=True) for p in paragraphs)
    return replace(document, blocks=blocks, layouts=partial(make_layouts, text))


def _fill_between(rows: Sequence[bool], short: Sequence[bool]) -> list[bool]:
    """Which paragraphs are rows, the few short ones between two rows among them: 第二十条第（五）项 has one box."""
    filled = [*rows]
    last: int | None = None
    for i, is_row in enumerate(rows):
        if not is_row:
            continue
        if last is not None and i - last <= _MOST_BETWEEN and all(short[last + 1 : i]):
            filled[last + 1 : i] = [True] * (i - last - 1)
        last = i
    return filled


def _is_short(paragraph: Paragraph) -> bool:
    return "。" not in paragraph.text and "\n" not in paragraph.text and len(paragraph.text) <= _LONGEST_BOX


def _write_out(paragraph: Paragraph) -> str:
    return paragraph.number + paragraph.text


def _is_line(paragraph: Paragraph) -> bool:
    """Whether a paragraph may be a row: boxes are parted in it."""
    text = paragraph.text.rstrip()
    is_sentence = "。" in text or len(text) > _LONGEST
    return not is_sentence and "\n" not in text and _GAP.search(text.lstrip(" \u3000\xa0")) is not None


def _is_row_of_numbers(paragraph: Paragraph) -> bool:
    return _is_line(paragraph) and len(_NUMBER.findall(paragraph.text)) >= _LEAST_NUMBERS
