"""Tables that are pictures on a page of text."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from builders.drawn_tables import needs_ocr, table
from gongkai.extract import pdf
from gongkai.extract.ocr import pages
from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.layout import Page
from gongkai.model import Document, Grid, Limits, Source

canvas = pytest.importorskip("reportlab.pdfgen.canvas", reason="reportlab makes the pages of these tests")


def read(
    heading: str, ruled: bool = False, wide: float = 400, next_heading: str = "", strips: int = 1
) -> Document:
    """A page with a heading, the table as a picture of this width, a second heading, and perhaps a drawn table.

    The picture may be cut into strips, as some programs store it.
    """
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfbase import cidfonts, pdfmetrics

    pdfmetrics.registerFont(cidfonts.UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    c = canvas.Canvas(out, pagesize=(595, 842), invariant=1)
    c.setFont("STSong-Light", 14)
    c.drawString(60, 760, heading)
    picture = table(size=(1100, 400), corner=(50, 50), box=(500, 120))
    high, y = wide * 400 / 1100 / strips, 500 + wide * 400 / 1100
    for n in range(strips):
        strip = picture.crop((0, 400 * n // strips, 1100, 400 * (n + 1) // strips))
        y -= high
        c.drawImage(ImageReader(strip), 60, y, wide, high)
    c.drawString(60, 400, next_heading)
    if ruled:
        c.grid([60, 160, 260], [300, 320, 340])
        c.drawString(70, 305, "甲")
        c.drawString(170, 305, "3")
    c.save()
    data = out.getvalue()
    return pdf.read(Source("x.pdf", data, "", len(data)), Limits())


def values(document: Document) -> list[str]:
    return [c.text for b in document.blocks if isinstance(b, Grid) for c in b.cells if c.column and c.text]


@needs_ocr
def test_a_table_that_is_a_picture_below_its_heading_is_read() -> None:
    document = read("三、收到和处理政府信息公开申请情况")
    assert values(document) == ["128", "57"]
    assert [f.code for f in document.findings] == ["page-by-ocr"]


@needs_ocr
def test_a_picture_is_read_where_other_tables_are_drawn() -> None:
    document = read(
        "三、政府信息公开申请的收到和处理情况", ruled=True, next_heading="四、行政复议和行政诉讼情况"
    )
    assert values(document) == ["128", "57", "3"]
    places = [
        c.place.bbox for b in document.blocks if isinstance(b, Grid) for c in b.cells if c.text == "128"
    ]
    assert [box is not None and 250 < box[0] < 270 and 190 < box[1] < 230 for box in places] == [True]


@needs_ocr
def test_strips_of_one_picture_are_one() -> None:
    assert values(read("三、收到和处理政府信息公开申请情况", strips=5)) == ["128", "57"]


@needs_ocr
@pytest.mark.parametrize(
    ("heading", "ruled", "wide", "expected"),
    [
        ("关于天气的通知", False, 400, []),
        ("三、收到和处理政府信息公开申请情况", True, 400, ["3"]),
        ("三、收到和处理政府信息公开申请情况", False, 150, []),
    ],
)
def test_pictures_are_not_looked_at_without_need(
    heading: str, ruled: bool, wide: float, expected: list[str]
) -> None:
    document = read(heading, ruled, wide)
    assert values(document) == expected
    assert document.findings == ()


@pytest.mark.parametrize(("size", "dpi"), [(12.0, 200), (6.0, 300), (2.0, 300)])
def test_a_page_whose_characters_are_small_is_drawn_larger(size: float, dpi: int) -> None:
    glyphs = [Glyph("县", 20.0 * n, 100.0, 20.0 * n + size, 112.0) for n in range(30)]
    page = Page(1, 595.0, 842.0, glyphs, [])
    assert pages.find_resolution(page) == dpi
    assert pages.find_resolution(replace(page, hidden=True)) == 200
