"""Pages that can only be seen, in a file whose other pages can be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from gongkai.extract.page.layout import Page
from gongkai.model import Finding, Limits, Place, TooLarge, flag


def seen(
    pages: Sequence[Page],
    limits: Limits,
    picture: Callable[[Page, float], Any],
    *,
    pictured: bool = False,
) -> tuple[list[Page], list[Finding]]:
    """The pages, those that are pictures or cannot be copied read by OCR where it is installed.

    `picture` draws a page at so many pixels an inch. A page whose font has no Unicode is seen whole; its
    text layer is not believed anywhere. Where no table was read, pages `pictured` are looked at too: it
    may be a picture in the text. Raises TooLarge.
    """
    wanted = [p for p in pages if p.is_lost or p.hidden or (not p.glyphs and p.images)]
    if pictured:
        wanted = [p for p in pages if p.pictured and p.glyphs]
    if not wanted:
        return list(pages), []
    from gongkai.extract.ocr.scan import DPI, available, read_page

    if not available():
        return list(pages), []
    if any(p.is_lost for p in wanted):
        wanted = list(pages)
    if len(wanted) > limits.pictures:
        raise TooLarge(f"{len(wanted):,} pages to be read by OCR; the limit is {limits.pictures:,}")
    numbers = {p.number for p in wanted}
    findings = []
    result = []
    for page in pages:
        if page.number not in numbers:
            result.append(page)
            continue
        why = "its font does not tell its characters" if page.lost else "it is a picture"
        why = "its text is not printed but hidden under a picture" if page.hidden else why
        why = "a table may be one of its pictures, and none was read" if pictured else why
        message = f"page {page.number} was read by OCR: {why}"
        findings.append(flag("page-by-ocr", message, place=Place(page=page.number)))
        read = read_page(picture(page, DPI), page.number, page.width, page.height)
        result.append(read if page.hidden else replace(read, unread=page.unread))
        limits.after_page()
    return result, findings
