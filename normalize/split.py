"""A document with several reports ↔ one document each: two years side by side, a page with every unit's."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from gongkai.model import Document, Paragraph, Report, flag
from gongkai.normalize.form.lexicon import Lexicon
from gongkai.normalize.identity.title import is_title
from gongkai.normalize.narrative import section
from gongkai.normalize.tables.locate import TableRows, find_tables
from gongkai.record import replace

#: The tables in the order of the form.
_ORDER = {"proactive": 0, "requests": 1, "review": 2}
#: A document with fewer headings has one report.
_LEAST_HEADINGS = 8


def split(document: Document, lexicon: Lexicon) -> tuple[Document, ...]:
    """The document's reports, in reading order.

    A new one begins where the tables begin again: at the title between them, or else at the
    first section's heading. Blocks keep their numbers, so that every place stays true.
    """
    blocks = document.blocks
    headings = [isinstance(b, Paragraph) and section.is_heading(b.number + b.text) for b in blocks]
    if sum(headings) < _LEAST_HEADINGS and not any(isinstance(b, Paragraph) and b.flow for b in blocks):
        return (document,)  # the usual case, without a second look for tables
    cuts = list(_cuts(document, find_tables(blocks, headings, lexicon)))
    if not cuts:
        return (document,)
    parts = []
    for begin, end in itertools.pairwise([0, *cuts, len(blocks)]):
        own = tuple(b if begin <= i < end else Paragraph("", b.place) for i, b in enumerate(blocks))
        # the words of the document are those of all its reports
        parts.append(replace(document, blocks=own, layouts=tuple))
    return tuple(parts)


def _cuts(document: Document, tables: Sequence[TableRows]) -> Iterator[int]:
    """The blocks at which a report after the first begins."""
    last: tuple[int, int] | None = None  # rank in the form, last block
    for t in tables:
        if t.table not in _ORDER:
            continue
        rank = _ORDER[t.table]
        if last is not None and rank == 0 and last[0] > 0:
            cut = _find_begin(document, last[1] + 1, t.blocks[0])
            if cut is not None:
                yield cut
        if last is None or rank >= last[0] or rank == 0:
            last = (rank, t.blocks[-1])


def _find_begin(document: Document, begin: int, end: int) -> int | None:
    """The block at which the next report begins."""
    first = None
    for i in range(begin, end):
        block = document.blocks[i]
        if not isinstance(block, Paragraph):
            continue
        if is_title(block.text):
            return i
        if first is None and section.is_first_heading(block.number + block.text):
            first = i
    return first


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
