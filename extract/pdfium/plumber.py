"""A PDF and the places of boxes → their text as pdfplumber reads it, independently of PDFium."""

from __future__ import annotations

import io
import logging
import struct
import zlib
from collections.abc import Sequence
from typing import Any

import pdfplumber
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.glyph_text import group_lines, line_text
from gongkai.model import Place

_DAMAGED = (PSException, PdfminerException, MalformedPDFException, struct.error, zlib.error)
#: What pdfminer does not foresee: a number where a name belongs, a table of glyphs that ends early.
_UNFORESEEN = (ValueError, TypeError, LookupError, AttributeError, AssertionError, RecursionError)
_REFUSED = (*_DAMAGED, *_UNFORESEEN)


def read_boxes(data: bytes, places: Sequence[Place]) -> tuple[str | None, ...]:
    """The text in each box; None where pdfplumber cannot read it.

    pdfplumber parses by itself, so that it may give up on a file that PDFium reads.
    """
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    try:
        # not closed: to close it reads every page again
        pages = pdfplumber.open(io.BytesIO(data)).pages
    except _REFUSED:
        return (None,) * len(places)
    return tuple(_try_box(pages, place) for place in places)


def _try_box(pages: Sequence[Any], place: Place) -> str | None:
    try:
        return _read_box(pages, place)
    except _REFUSED:
        return None


def _read_box(pages: Sequence[Any], place: Place) -> str | None:
    """The text in one box; None where there is no such box or its letters do not stand upright."""
    if place.page is None or place.bbox is None or place.page > len(pages):
        return None
    letters = pages[place.page - 1].chars
    if not letters:
        return None  # pdfplumber gave the page up
    inside = [letter for letter in letters if _is_inside(letter, *place.bbox)]
    if any(not c["upright"] or c["matrix"][0] < 0 for c in inside):
        return None  # on a turned page pdfplumber would read across its lines
    glyphs = [Glyph(c["text"], c["x0"], c["top"], c["x1"], c["bottom"]) for c in inside if c["text"].strip()]
    return "\n".join(line_text(line) for line in group_lines(glyphs)) if glyphs else ""


def _is_inside(letter: Any, x0: float, top: float, x1: float, bottom: float) -> bool:
    """Whether the middle of a letter lies in a box."""
    x, y = (letter["x0"] + letter["x1"]) / 2, (letter["top"] + letter["bottom"]) / 2
    return bool(x0 <= x <= x1 and top <= y <= bottom)
