"""Pages of a PDF or OFD file that only OCR can read, beside pages with a text layer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from statistics import median
from typing import Any

from gongkai.extract.ocr import DPI, is_available, read_page
from gongkai.extract.ocr.pictured import read_areas
from gongkai.extract.page.layout import Page
from gongkai.model import Finding, Limits, Place, TooLarge, flag

#: Chinese characters smaller than this, in points, are drawn larger before they are read, up to so many times; so many of
#: them tell their size.
SMALL, MOST_TIMES, LEAST = 9.0, 1.5, 20


def recognise_pages(
    pages: Sequence[Page], limits: Limits, draw: Callable[[Page, float], Any]
) -> tuple[list[Page], list[Finding]]:
    """The pages; those that are pictures or cannot be copied are read by OCR where it is installed.

    `draw` draws a page at so many pixels an inch. One page whose font has no Unicode sends all pages to
    OCR: the text layer of such a file is wrong elsewhere too. Raises TooLarge.
    """
    chosen = [page for page in pages if page.is_lost or page.hidden or page.is_picture]
    if any(page.is_lost for page in chosen):
        chosen = list(pages)

    def read(page: Page) -> Page:
        size = page.width, page.height
        if page.turn in (90, 270):
            size = size[::-1]  # the page is drawn as a viewer shows it
        dpi = find_resolution(page)
        new = read_page(draw(page, dpi), page.number, *size, page.glyphs if page.hidden else (), dpi=dpi)
        return new if page.hidden else replace(new, unread=page.unread, unseen=page.unseen)

    return _replace_pages(
        pages, chosen, limits, read, lambda page, new: f"was read by OCR: {_reason(page, new)}"
    )


def recognise_pictures(
    pages: Sequence[Page], limits: Limits, draw: Callable[[Page, float], Any]
) -> tuple[list[Page], list[Finding]]:
    """The pages with what OCR reads in the large pictures beside their text, where it is installed. Raises TooLarge."""
    chosen = [page for page in pages if page.pictures and page.glyphs and not page.turn]
    reason = "has pictures that were read by OCR: a table that a heading announces may be one of them"
    return _replace_pages(
        pages, chosen, limits, lambda page: read_areas(page, draw(page, DPI)), lambda *_: reason
    )


def find_resolution(page: Page) -> int:
    """Pixels an inch at which a page is drawn: more of them where its text is small."""
    sizes = [g.x1 - g.x0 for g in page.glyphs if "一" <= g.text <= "鿿"]
    if page.hidden or len(sizes) < LEAST:
        return DPI  # its size is that of a picture's text, which drawing it larger does not make clearer
    return round(DPI * min(MOST_TIMES, max(1.0, SMALL / median(sizes))))


def _replace_pages(
    pages: Sequence[Page],
    chosen: Sequence[Page],
    limits: Limits,
    read: Callable[[Page], Page],
    describe: Callable[[Page, Page], str],
) -> tuple[list[Page], list[Finding]]:
    """The pages, the chosen ones read anew, with a finding for each of these. Raises TooLarge."""
    if not chosen or not is_available():
        return list(pages), []
    if len(chosen) > limits.pictures:
        raise TooLarge(f"{len(chosen):,} pages to be read by OCR; the limit is {limits.pictures:,}")
    numbers = {page.number for page in chosen}
    findings: list[Finding] = []
    result: list[Page] = []
    for page in pages:
        if page.number not in numbers:
            result.append(page)
            continue
        result.append(read(page))
        message = f"page {page.number} {describe(page, result[-1])}"
        findings.append(flag("page-by-ocr", message, place=Place(page=page.number)))
        limits.after_page()
    return result, findings


def _reason(page: Page, new: Page) -> str:
    """Why a page is read by OCR, as the finding says it; `new` is the page as read."""
    if page.hidden:
        used = (
            "its figures were compared"
            if new.compared
            else "too little of it fits the picture: it is left out"
        )
        return f"its text is not printed but hidden under a picture; {used}"
    if page.is_garbled:
        return "its font names other characters than it shows"
    if page.has_false_digits:
        return "its font draws other digits than it names"
    if page.lost:
        return "its font has no Unicode, so that its text cannot be copied"
    return "it is a picture" if page.images else "its characters are drawn as outlines"
