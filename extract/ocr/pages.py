"""Pages of a PDF or OFD file that only OCR can read, beside pages with a text layer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from gongkai.extract.ocr import DPI, is_available, read_page
from gongkai.extract.page.layout import Page
from gongkai.model import Finding, Limits, Place, TooLarge, flag


def recognise_pages(
    pages: Sequence[Page],
    limits: Limits,
    draw: Callable[[Page, float], Any],
    *,
    pictured: bool = False,
) -> tuple[list[Page], list[Finding]]:
    """The pages; those that are pictures or cannot be copied are read by OCR where it is installed.

    `draw` draws a page at so many pixels an inch. One page whose font has no Unicode sends all pages to
    OCR: the text layer of such a file is wrong elsewhere too. With `pictured`, pages that hold a picture
    beside their text are read: a table may be one of the pictures. Raises TooLarge.
    """
    chosen = _choose(pages, pictured)
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
        message = f"page {page.number} was read by OCR: {_reason(page, pictured)}"
        findings.append(flag("page-by-ocr", message, place=Place(page=page.number)))
        read = read_page(draw(page, DPI), page.number, page.width, page.height)
        result.append(read if page.hidden else replace(read, unread=page.unread, unseen=page.unseen))
        limits.after_page()
    return result, findings


def _choose(pages: Sequence[Page], pictured: bool) -> list[Page]:
    """The pages that only OCR can read."""
    if pictured:
        chosen = [page for page in pages if page.pictured and page.glyphs]
    else:
        chosen = [page for page in pages if page.is_lost or page.hidden or page.is_picture]
    return list(pages) if any(page.is_lost for page in chosen) else chosen


def _reason(page: Page, pictured: bool) -> str:
    """Why a page is read by OCR, as the finding says it."""
    if pictured:
        return "a table may be one of its pictures, and no table was read elsewhere"
    if page.hidden:
        return "its text is not printed but hidden under a picture"
    if page.is_garbled:
        return "its font names other characters than it shows"
    if page.lost:
        return "its font has no Unicode, so that its text cannot be copied"
    return "it is a picture" if page.images else "its characters are drawn as outlines"
