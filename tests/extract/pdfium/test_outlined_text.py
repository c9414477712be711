"""Letters drawn as outlines below their own text, which is not painted, in pages written by hand."""

from __future__ import annotations

import ctypes
from functools import cache
from itertools import pairwise
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import pytest

from gongkai.extract import pdf
from gongkai.extract.pdfium.calls import list_objects
from gongkai.extract.pdfium.digit_font import read_glyph
from gongkai.model import Limits, Paragraph, Source

RAW = pypdfium2.raw
SIZE, LEFT, BASE, WIDE = 20, 30, 100, 14


def page(content: bytes) -> bytes:
    """A page with one font, whose state /Off has an alpha of 0 and whose state /On one of 1."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>"
        b"/ExtGState<</Off<</ca 0>>/On<</ca 1>>>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out = b"%PDF-1.4\n"
    for number, part in enumerate(parts, 1):
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    return out + b"trailer<</Root 1 0 R/Size 6>>\n%%EOF"


@cache
def outline(character: str) -> tuple[tuple[int, int, int], ...]:
    """The outline that the font of the page has for a character."""
    data = page(b"BT /F 12 Tf (0) Tj ET")
    document = RAW.FPDF_LoadMemDocument64(data, len(data), None)
    sheet: Any = RAW.FPDF_LoadPage(document, 0)
    try:
        (piece,) = list_objects(RAW, sheet)
        font = RAW.FPDFTextObj_GetFont(ctypes.cast(piece, RAW.FPDF_PAGEOBJECT))
        return read_glyph(RAW, ctypes.cast(font, ctypes.c_void_p).value or 0, ord(character))
    finally:
        RAW.FPDF_ClosePage(sheet)
        RAW.FPDF_CloseDocument(document)


def draw(characters: str, thick: float = 1.05) -> bytes:
    """The path of characters, `thick` times as large as the font has them."""
    parts, curve = [], []
    for n, character in enumerate(characters):
        for kind, x, y in outline(character):
            at = (LEFT + n * WIDE + thick * SIZE * x / 1000, BASE + thick * SIZE * y / 1000)
            if kind == RAW.FPDF_SEGMENT_BEZIERTO:
                curve.append(f"{at[0]:.2f} {at[1]:.2f}")
                if len(curve) == 3:
                    parts.append(" ".join(curve) + " c")
                    curve.clear()
            else:
                sign = "m" if kind == RAW.FPDF_SEGMENT_MOVETO else "l"
                parts.append(f"{at[0]:.2f} {at[1]:.2f} {sign}")
    return "\n".join(parts).encode() + b" f\n"


def print_unpainted(*pieces: str) -> bytes:
    """Pieces of text behind each other, none of which is painted."""
    out, begin = b"/Off gs\n", 0
    for piece in pieces:
        steps = [f"({character})" for character in piece]
        for n, _ in pairwise(range(len(piece))):
            steps[n] += f" {556 - 1000 * WIDE / SIZE:.1f}"
        at = LEFT + begin * WIDE
        out += f"BT /F {SIZE} Tf 1 0 0 1 {at} {BASE} Tm [{' '.join(steps)}] TJ ET\n".encode()
        begin += len(piece)
    return out + b"/On gs\n"


def read(content: bytes) -> list[str]:
    data = page(content)
    document = pdf.read(Source("x.pdf", data, "", len(data)), Limits())
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


@pytest.mark.parametrize("pieces", [("2386",), ("23", "86")])
def test_text_that_is_not_painted_is_read_where_its_outlines_are_drawn(pieces: tuple[str, ...]) -> None:
    assert read(draw("2386") + print_unpainted(*pieces)) == ["2386"]


@pytest.mark.parametrize(
    "drawn", [b"", draw("2388"), draw("238"), draw("238") + draw("6"), draw("2386", 1.6)]
)
def test_text_that_is_not_painted_is_left_out_where_anything_else_is_drawn(drawn: bytes) -> None:
    shown = b"BT /F 12 Tf 30 30 Td (What is seen) Tj ET\n"
    assert read(shown + drawn + print_unpainted("2386")) == ["What is seen"]
