"""Tables that are pictures on a page of text."""

from __future__ import annotations

import io
from typing import Any

import pytest

from extract import pdf, scan
from model import Document, Grid, Limits, Source

canvas = pytest.importorskip("reportlab.pdfgen.canvas", reason="reportlab makes the pages of these tests")
needs_ocr = pytest.mark.skipif(not scan.available(), reason="the extra gongkai[ocr] is not installed")


def picture() -> Any:
    """A small table."""
    from PIL import Image, ImageDraw

    drawn = Image.new("RGB", (1100, 400), "white")
    pen = ImageDraw.Draw(drawn)
    for n in range(3):
        pen.line((50, 50 + 120 * n, 1050, 50 + 120 * n), fill="black", width=4)
        pen.line((50 + 500 * n, 50, 50 + 500 * n, 290), fill="black", width=4)
    for x, y, word in ((250, 80, "A"), (750, 80, "128"), (250, 200, "B"), (750, 200, "57")):
        pen.text((x, y), word, fill="black", font_size=50)
    return drawn


def read(heading: str, ruled: bool = False, wide: float = 400) -> Document:
    """A page with a heading, the table as a picture of this width, and perhaps one that is drawn."""
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfbase import cidfonts, pdfmetrics

    pdfmetrics.registerFont(cidfonts.UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    c = canvas.Canvas(out, pagesize=(595, 842), invariant=1)
    c.setFont("STSong-Light", 14)
    c.drawString(60, 760, heading)
    c.drawImage(ImageReader(picture()), 60, 500, wide, wide * 400 / 1100)
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
