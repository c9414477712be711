"""Tables that are pictures on a page of text."""

from __future__ import annotations

import io

import pytest

from builders.drawn_tables import needs_ocr, table
from gongkai.extract import pdf
from gongkai.model import Document, Grid, Limits, Source

canvas = pytest.importorskip("reportlab.pdfgen.canvas", reason="reportlab makes the pages of these tests")


def read(heading: str, ruled: bool = False, wide: float = 400) -> Document:
    """A page with a heading, the table as a picture of this width, and perhaps one that is drawn."""
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfbase import cidfonts, pdfmetrics

    pdfmetrics.registerFont(cidfonts.UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    c = canvas.Canvas(out, pagesize=(595, 842), invariant=1)
    c.setFont("STSong-Light", 14)
    c.drawString(60, 760, heading)
    c.drawImage(
        ImageReader(table(size=(1100, 400), corner=(50, 50), box=(500, 120))),
        60,
        500,
        wide,
        wide * 400 / 1100,
    )
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
