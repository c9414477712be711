"""A Report and the document it was read from → the paper beside its tables, as HTML."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace

from gongkai.extract import find_reader
from gongkai.model import Address, Correction, DocumentError, Place, Report, Source
from gongkai.normalize import normalize, templates
from gongkai.pipeline import document
from gongkai.review.html_file import Html, Language
from gongkai.review.page_images import frame_values, render_grids, render_notice, render_pages
from gongkai.review.redraw import redraw
from gongkai.review.report_page import render_report

_BY_LIBREOFFICE = "，由 LibreOffice 排版，可能与原件不同 laid out by LibreOffice, perhaps not as on paper"


def render_paper(
    report: Report,
    source: Source,
    whole: bool,
    *,
    language: Language | None = None,
    address: Callable[[int], str] | None = None,
) -> Html:
    """What a report was read from, as HTML, in both languages or one.

    With `address` the pictures of its pages are not made where they can be made later: they are at the address of
    the page's number.

    Its pages where they can be drawn. Else its grids as they stand in the file, below pages that were
    printed from the file or drawn again from it where that can be done.
    """
    known = find_reader(source.data)
    render, as_pdf = known.render, known.as_pdf
    if render is not None:
        images = render_pages(report, lambda n, scale: render(source.data, n, scale), whole, address)
        if images or not report.facts:
            return frame_values(report, images, language=language)
    laid_out = document(source)
    grids = render_grids(report, laid_out, language)
    if as_pdf is None:
        return redraw(report, laid_out, language) + grids
    try:
        return _print_pdf(report, as_pdf(source), whole, language) + grids
    except DocumentError as error:
        return render_notice(f"没有页面图像 There is no picture of the pages: {error}", language) + grids


def _print_pdf(report: Report, data: bytes, whole: bool, language: Language | None) -> Html:
    """Pages of a PDF that was made of a report's document.

    A value gets a frame where the same field is read from the PDF with the same text; others get none.
    """
    source = Source(report.source.path, data, hashlib.sha256(data).hexdigest(), len(data))
    own = {f.field.address: f for f in report.facts}

    def places(read: Report) -> dict[Address, Place]:
        """Where the values of the report stand in the PDF."""
        facts = {f.field.address: f for f in read.facts}
        return {a: facts[a].place for a in own if a in facts and _same_text(own[a].printed, facts[a].printed)}

    laid_out = document(source)
    at = max(map(places, normalize(laid_out)), key=len)
    facts = tuple(replace(f, place=at[a]) for a, f in own.items() if a in at)
    placed = replace(report, facts=facts, pages=laid_out.pages)
    render = find_reader(data).render
    assert render is not None  # it is a PDF
    images = render_pages(placed, lambda n, scale: render(data, n, scale), whole)
    return frame_values(placed, images, _BY_LIBREOFFICE, language)


def _same_text(a: str, b: str) -> bool:
    """Whether two texts differ in white space at most."""
    return "".join(a.split()) == "".join(b.split())


def make_page(
    id: str,
    number: int,
    report: Report,
    source: Source | None,
    notice: str,
    *,
    corrections: Sequence[Correction],
    dataset: str,
    whole: bool = False,
) -> str:
    """The page on which a person checks a report, as HTML; it is the `number`th of its file.

    `source` is the document it was read from; without it, `notice` tells why, and the page has the
    tables alone. `corrections` are those of this report. All pages of the paper where `whole`.
    """
    paper = Html()
    if source is not None:
        try:
            paper = render_paper(report, source, whole)
        except DocumentError as error:
            notice = f"原文件不能显示 The file cannot be shown: {error}"
    return render_report(
        id,
        number,
        report,
        paper,
        notice,
        templates=templates(),
        corrections=corrections,
        dataset=dataset,
    )
