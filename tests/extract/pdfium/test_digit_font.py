"""Digits as their font draws them, in a page written by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import pytest

from gongkai.extract.pdfium.camera import Camera
from gongkai.extract.pdfium.charbox import locate_characters
from gongkai.extract.pdfium.digit_font import PICKED, find_false_digits, find_shifted_digits
from gongkai.extract.pdfium.paths import make_placer

SAMPLE = Path(__file__).parents[3] / "samples" / "2021_city.pdf"

MAP = (
    b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <FF> endcodespacerange "
    b"3 beginbfchar <61> <0031> <62> <0032> <63> <0033> endbfchar endcmap end"
)
#: The boxes of a, b and c, as x, y, width and height in thousandths of the size: on the line, raised, and lowered.
DRAWN = ((60, 0, 380, 700), (60, 380, 220, 330), (60, -120, 220, 330))


def page() -> bytes:
    """A page with the characters abc, which its font names 1, 2 and 3."""
    glyphs = [
        b"500 0 %d %d %d %d d1 %d %d %d %d re f" % (x, y, x + wide, y + high, x, y, wide, high)
        for x, y, wide, high in DRAWN
    ]
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        _stream(b"BT /F 12 Tf 20 50 Td (abc) Tj ET"),
        b"<</Type/Font/Subtype/Type3/FontBBox[0 -200 500 800]/FontMatrix[.001 0 0 .001 0 0]/FirstChar 97/LastChar 99"
        b"/Widths[500 500 500]/Encoding<</Type/Encoding/Differences[97/a/b/c]>>"
        b"/CharProcs<</a 6 0 R/b 7 0 R/c 8 0 R>>/Resources<<>>/ToUnicode 9 0 R>>",
        *map(_stream, glyphs),
        _stream(MAP),
    ]
    out = b"%PDF-1.4\n"
    for number, part in enumerate(parts, 1):
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    return out + b"trailer<</Root 1 0 R/Size %d>>\n%%%%EOF" % (len(parts) + 1)


def _stream(data: bytes) -> bytes:
    return b"<</Length %d>>stream\n%s\nendstream" % (len(data), data)


def test_digits_that_their_font_raises_or_lowers_are_found() -> None:
    raw = pypdfium2.raw
    data = page()
    document = raw.FPDF_LoadMemDocument64(data, len(data), None)
    sheet = raw.FPDF_LoadPage(document, 0)
    text = raw.FPDFText_LoadPage(sheet)
    try:
        count = raw.FPDFText_CountChars(text)
        codes = [raw.FPDFText_GetUnicode(text, i) for i in range(count)]
        assert "".join(map(chr, codes)) == "123"
        where, _ = locate_characters(raw, text, count, {})
        assert find_shifted_digits(raw, text, codes, where, range(count)) == {1, 2}
    finally:
        raw.FPDFText_ClosePage(text)
        raw.FPDF_ClosePage(sheet)
        raw.FPDF_CloseDocument(document)


def test_of_digits_that_are_one_glyph_some_are_looked_at_and_all_where_one_is_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw: Any = pypdfium2.raw
    looked: list[int] = []
    cut_out = Camera.cut_out

    def note(self: Camera, boxes: Any) -> Any:
        looked.append(len(boxes))
        return cut_out(self, boxes)

    monkeypatch.setattr(Camera, "cut_out", note)
    data = SAMPLE.read_bytes()
    document = raw.FPDF_LoadMemDocument64(data, len(data), None)
    sheet = raw.FPDF_LoadPage(document, 1)
    text = raw.FPDFText_LoadPage(sheet)
    try:
        count = raw.FPDFText_CountChars(text)
        codes = [raw.FPDFText_GetUnicode(text, i) for i in range(count)]
        where, _ = locate_characters(raw, text, count, {})
        fours = [i for i, code in enumerate(codes) if chr(code) == "4"]
        assert len(fours) > 2 * PICKED

        def look(named: str) -> dict[int, bool]:
            told = [ord(named) if i in fours else code for i, code in enumerate(codes)]
            return find_false_digits(raw, sheet, text, told, where, make_placer(raw, sheet), fours, [fours])

        assert look("4") == {}
        assert sum(looked) <= PICKED
        assert look("7") == dict.fromkeys(fours, True)
    finally:
        raw.FPDFText_ClosePage(text)
        raw.FPDF_ClosePage(sheet)
        raw.FPDF_CloseDocument(document)
