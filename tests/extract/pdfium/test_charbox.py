"""Boxes of characters whose font tells a wrong height, in a page written by hand."""

from __future__ import annotations

import pytest

from gongkai.extract import pdf
from gongkai.model import Grid, Limits, Source


def page(ascent: int, descent: int) -> bytes:
    """A box with two lines of Chinese in a font of 10 points that says how high its characters are, in thousandths."""
    lines = b"".join(
        b"BT /F 10 Tf 20 %d Td <%s> Tj ET " % (y, text.encode("utf-16-be").hex().encode())
        for y, text in ((74, "部分公开区分处理的只计"), (62, "这一情形"))
    )
    walls = b"10 90 m 190 90 l 10 50 m 190 50 l 10 90 m 10 50 l 150 90 m 150 50 l 190 90 m 190 50 l S "
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(walls + lines), walls + lines),
        b"<</Type/Font/Subtype/Type0/BaseFont/Song/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/Song/FontDescriptor 7 0 R"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>",
        b"<</Type/FontDescriptor/FontName/Song/Flags 4/ItalicAngle 0/StemV 80/CapHeight 700"
        b"/FontBBox[0 %d 1000 %d]/Ascent %d/Descent %d>>" % (descent, ascent, ascent, descent),
    ]
    out = b"%PDF-1.4\n"
    for number, part in enumerate(parts, 1):
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    return out + b"trailer<</Root 1 0 R/Size %d>>\n%%%%EOF" % (len(parts) + 1)


@pytest.mark.parametrize(("ascent", "descent"), [(880, -120), (1808, -1048)])
def test_lines_do_not_mix_where_a_font_tells_the_height_of_all_its_characters(
    ascent: int, descent: int
) -> None:
    data = page(ascent, descent)
    (grid,) = (
        b for b in pdf.read(Source("x.pdf", data, "", len(data)), Limits()).blocks if isinstance(b, Grid)
    )
    assert [c.text for c in grid.cells] == ["部分公开区分处理的只计\n这一情形", ""]
