"""A document with several reports ↔ one document each: two years side by side, a page with every unit's."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator, Sequence
from functools import partial

from gongkai.model import Block, Document, Layout, Paragraph, Place, Report, flag
from gongkai.normalize.form.lexicon import Lexicon
from gongkai.normalize.form.number import is_label
from gongkai.normalize.identity.title import YEAR, is_title
from gongkai.normalize.narrative import section
from gongkai.normalize.tables.locate import TableRows, find_tables
from gongkai.record import replace

#: The tables in the order of the form.
_ORDER = {"proactive": 0, "requests": 1, "review": 2}
#: A document with fewer headings has one report.
_LEAST_HEADINGS = 8


def split(document: Document, lexicon: Lexicon) -> tuple[Document, ...]:
    """The document's reports, in reading order.

    A new one begins where the tables begin again: at the title between them, or else, before a first table, at the
    first section's heading. Blocks keep their numbers, so that every place stays true.
    """
    blocks = document.blocks
    headings = [isinstance(b, Paragraph) and section.is_heading(b.number + b.text) for b in blocks]
    cuts = [*_cuts_at_titles(blocks)]
    if sum(headings) >= _LEAST_HEADINGS or any(isinstance(b, Paragraph) and b.flow for b in blocks):
        # in the usual case tables are not looked for a second time
        cuts = sorted({*cuts, *_cuts(document, find_tables(blocks, headings, lexicon))})
    if not cuts:
        return (document,)
    parts = []
    bounds = [0, *cuts, len(blocks)]
    tops = [_find_top(document, i) for i in bounds]
    for (begin, end), ends in zip(itertools.pairwise(bounds), itertools.pairwise(tops), strict=True):
        own = tuple(b if begin <= i < end else Paragraph("", b.place) for i, b in enumerate(blocks))
        parts.append(replace(document, blocks=own, layouts=partial(_cut_layouts, document, *ends)))
    return tuple(parts)


#: A page and how far down on it, in points; of a text, a page 0 and a line.
_Top = tuple[int, float]


def _find_top(document: Document, i: int) -> _Top | None:
    """Where a block begins; None where its place is not told. All that is printed stands between 0 and the end."""
    if i in (0, len(document.blocks)):
        return (0, 0.0) if i == 0 else (sys.maxsize, 0.0)
    return _top_of(document.blocks[i].place) or _find_line(document, i)


def _find_line(document: Document, i: int) -> _Top | None:
    """The line of a text in which a block stands; None where it is not known by its words."""
    block = document.blocks[i]
    if not isinstance(block, Paragraph) or not block.flow:
        return None
    text = _close_up(block.text)
    paragraphs = ((n, b.text) for n, b in enumerate(document.blocks) if isinstance(b, Paragraph))
    alike = [n for n, other in paragraphs if _close_up(other) == text]
    for layout in document.layouts():
        lines = itertools.groupby(layout.words, key=lambda w: w.cell.place.row)
        rows = [row for row, run in lines if _close_up("".join(w.text for w in run)) == text]
        if len(rows) == len(alike) and (row := rows[alike.index(i)]) is not None:
            return (0, float(row))
    return None


def _close_up(text: str) -> str:
    return "".join(text.split())


def _top_of(place: Place) -> _Top | None:
    if place.page is None and place.block is None and place.row is not None:
        return (0, float(place.row))  # a word of a text
    return None if place.page is None or place.bbox is None else (place.page, place.bbox[1])


def _cut_layouts(document: Document, begin: _Top | None, end: _Top | None) -> tuple[Layout, ...]:
    """The words of one of several reports; none where places do not tell which those are."""
    if begin is None or end is None:
        return ()
    return tuple(
        replace(layout, words=tuple(w for w in layout.words if _stands_between(w.cell.place, begin, end)))
        for layout in document.layouts()
    )


def _stands_between(place: Place, begin: _Top, end: _Top) -> bool:
    top = _top_of(place)
    return top is not None and begin <= top < end


def _cuts(document: Document, tables: Sequence[TableRows]) -> Iterator[int]:
    """The blocks at which a report after the first begins."""
    last: tuple[int, int] | None = None  # rank in the form, last block
    is_right_part = False
    for t in tables:
        is_right_part = _lacks_labels(t) if t.table != "review" else is_right_part
        if t.table not in _ORDER or is_right_part:
            continue
        rank = _ORDER[t.table]
        if last is not None and rank <= last[0]:
            cut = _find_begin(document, last[1] + 1, t.blocks[0], with_title=not rank == 0 < last[0])
            if cut is not None:
                yield cut
        if last is None or rank >= last[0] or rank == 0:
            last = (rank, t.blocks[-1])


def _lacks_labels(t: TableRows) -> bool:
    """Whether a table has numbers and no label beside one: the right part of a sheet too wide for its page."""
    valued = [row for row in t.rows if any(not is_label(c.text) for c in row.cells)]
    return t.is_drawn and all(row.leaf is None for row in valued)


def _cuts_at_titles(blocks: Sequence[Block]) -> Iterator[int]:
    """The titles of another year than the one before, where both have sections: another year's report stands below."""
    title: tuple[int, str] | None = None  # block, year
    before: str | None = None
    for i, block in enumerate(blocks):
        if not isinstance(block, Paragraph):
            continue
        if (year := YEAR.search(block.text)) is not None and is_title(block.text):
            title = i, year[1]
        elif title is not None and section.is_first_heading(block.number + block.text):
            begin, own = title
            if before not in (None, own):
                yield begin
            title, before = None, own


def _find_begin(document: Document, begin: int, end: int, *, with_title: bool) -> int | None:
    """The block at which the next report begins; only at a title where the tables do not begin again with the first."""
    first = None
    for i in range(begin, end):
        block = document.blocks[i]
        if not isinstance(block, Paragraph):
            continue
        if is_title(block.text) and not _is_head_of_pages(document.blocks, block.text):
            return i
        if first is None and section.is_first_heading(block.number + block.text):
            first = i
    return None if with_title else first


def _is_head_of_pages(blocks: Sequence[Block], text: str) -> bool:
    """Whether a line without a year stands in a document more than once, as the head of its pages."""
    return YEAR.search(text) is None and sum(isinstance(b, Paragraph) and b.text == text for b in blocks) > 1


def drop_repeated(reports: Sequence[Report]) -> tuple[Report, ...]:
    """The reports of a document without those that repeat another word for word: a page for small screens."""
    result: list[Report] = []
    for report in reports:
        content = _content(report)
        same = next((i for i, r in enumerate(result) if report.facts and _content(r) == content), None)
        if same is None:
            result.append(report)
            continue
        message = "the document has this report twice, with the same figures; one of them is left out"
        findings = (*result[same].findings, flag("report-repeated", message))
        result[same] = replace(result[same], findings=findings)
    return tuple(result)


def _content(report: Report) -> object:
    """Who reports what for which year."""
    return report.org, report.year, {f.field.address: (f.value, f.blank) for f in report.facts}
