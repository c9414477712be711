"""A document with several reports → one document each: two years side by side, a page with every unit's."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

from gongkai.model import Document, Paragraph
from gongkai.normalize.identity.title import is_title
from gongkai.normalize.narrative import section
from gongkai.normalize.tables.locate import find

_ORDER = {"proactive": 0, "requests": 1, "review": 2}


def split(document: Document, extra: Path | None) -> tuple[Document, ...]:
    """The document's reports, in reading order.

    A new one begins where the tables begin again: at the title between them, or else at the
    first section's heading. Blocks keep their numbers, so that every place stays true.
    """
    blocks = document.blocks
    headings = [isinstance(b, Paragraph) and section.is_heading(b.number + b.text) for b in blocks]
    if sum(headings) < 8 and sum(isinstance(b, Paragraph) and b.flow for b in blocks) == 0:
        return (document,)  # the usual case, without a second look for tables
    cuts: list[int] = []
    last: tuple[int, int] | None = None
    for found in find(blocks, headings, extra):
        if found.table not in _ORDER:
            continue
        rank, block = _ORDER[found.table], found.blocks[0]
        if last is not None and rank == 0 and last[0] > 0:
            cut = _cut(document, last[1] + 1, block)
            if cut is not None:
                cuts.append(cut)
        if last is None or rank >= last[0] or rank == 0:
            last = (rank, found.blocks[-1])
    if not cuts:
        return (document,)
    bounds = [0, *cuts, len(blocks)]
    parts = []
    for begin, end in itertools.pairwise(bounds):
        kept = tuple(b if begin <= i < end else Paragraph("", b.place) for i, b in enumerate(blocks))
        parts.append(replace(document, blocks=kept))
    return tuple(parts)


def _cut(document: Document, begin: int, end: int) -> int | None:
    """The block at which the next report begins."""
    first = None
    for i in range(begin, end):
        block = document.blocks[i]
        if not isinstance(block, Paragraph):
            continue
        if is_title(block.text):
            return i
        if first is None and section.opens(block.number + block.text):
            first = i
    return first
