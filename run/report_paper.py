"""A Report and the document it was read from → the paper beside its tables, as HTML."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from gongkai.extract import reader
from gongkai.model import Address, Correction, DocumentError, Place, Report, Source
from gongkai.normalize import normalize, templates
from gongkai.pipeline import document
from gongkai.review.page_images import framed, grids, notice, pages
from gongkai.review.redraw import redrawn
from gongkai.review.report_page import page as make


def paper(report: Report, source: Source, whole: bool) -> str:
    """What a report was read from, as HTML.

    Its pages where they can be drawn; else its grids as they stand in the file, below pages that were
    printed from it or drawn again from it where that can be done.
    """
    known = reader(source.data)
    render, as_pdf = known.render, known.as_pdf
    if render is not None:
        pictures = pages(report, lambda n, scale: render(source.data, n, scale), whole)
        if pictures or not report.facts:
            return framed(report, pictures)
    laid_out = document(source)
    if as_pdf is None:
        return redrawn(report, laid_out) + grids(report, laid_out)
    try:
        printed = _printed(report, as_pdf(source), whole)
    except DocumentError as error:
        printed = notice(f"没有页面图像 There is no picture of the pages: {error}")
    return printed + grids(report, laid_out)


def _printed(report: Report, data: bytes, whole: bool) -> str:
    """Pages of a PDF that was made of a report's document.

    A value is framed where the same field is read from the PDF with the same text; others are not.
    """
    source = Source(report.source.path, data, hashlib.sha256(data).hexdigest(), len(data))
    own = {f.field.address: f for f in report.facts}

    def places(read: Report) -> dict[Address, Place]:
        """Where the values of the report stand in the PDF."""
        found = {f.field.address: f for f in read.facts}
        return {a: found[a].place for a in own if a in found and _alike(own[a].printed, found[a].printed)}

    laid_out = document(source)
    at = max(map(places, normalize(laid_out)), key=len)
    facts = tuple(replace(f, place=at[a]) for a, f in own.items() if a in at)
    placed = replace(report, facts=facts, pages=laid_out.pages)
    render = reader(data).render
    assert render is not None  # it is a PDF
    told = "，由 LibreOffice 排版，可能与原件不同 laid out by LibreOffice, perhaps not as on paper"
    return framed(placed, pages(placed, lambda n, scale: render(data, n, scale), whole), told)


def _alike(a: str, b: str) -> bool:
    """Whether two texts are the same but for white space."""
    return "".join(a.split()) == "".join(b.split())


def report_page(
    id: str,
    number: int,
    report: Report,
    source: Source | None,
    notice: str,
    *,
    said: Sequence[Correction],
    dataset: str,
    whole: bool = False,
) -> str:
    """The page on which a person checks a report, as HTML; it is the `number`th of its file.

    `source` is the document it was read from; without it, `notice` says why, and the page has the
    tables alone. `said` is what people said of this report. All pages of the paper where `whole`.
    """
    drawn = ""
    if source is not None:
        try:
            drawn = paper(report, source, whole)
        except DocumentError as error:
            notice = f"原文件不能显示 The file cannot be shown: {error}"
    return make(id, number, report, drawn, notice, templates=templates(), said=said, dataset=dataset)
