"""Pictures of a web page that need not be fetched."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest

from extract import html, mhtml, scan, webpicture
from model import Grid, Limits, Source

needs_ocr = pytest.mark.skipif(not scan.available(), reason="the extra gongkai[ocr] is not installed")
PAGE = "<html><body><p>一、总体情况</p><p>表格见图。</p><p><img src='{}'></p></body></html>"


def table() -> bytes:
    """A picture of a small table."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (1654, 1200), "white")
    pen = ImageDraw.Draw(picture)
    for n in range(3):
        pen.line((200, 300 + 90 * n, 1300, 300 + 90 * n), fill="black", width=3)
        pen.line((200 + 550 * n, 300, 200 + 550 * n, 480), fill="black", width=3)
    for x, y, word in ((400, 322, "A"), (950, 322, "128"), (400, 412, "B"), (950, 412, "57")):
        pen.text((x, y), word, fill="black", font_size=40)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def numbers(document: Any) -> list[str]:
    (grid,) = [b for b in document.blocks if isinstance(b, Grid)]
    assert {c.origin for c in grid.cells} == {"ocr"}
    return [c.text for c in grid.cells if c.column]


@needs_ocr
def test_a_table_written_into_the_page_as_a_picture_is_read() -> None:
    page = PAGE.format("data:image/png;base64," + base64.b64encode(table()).decode()).encode()
    document = html.read(Source("x.html", page, "", len(page)), Limits())
    assert numbers(document) == ["128", "57"]
    assert [f.code for f in document.findings] == ["pictures", "page-by-ocr"]


@needs_ocr
@pytest.mark.parametrize(
    ("address", "head"),
    [("cid:t@x", "Content-ID: <t@x>"), ("img/t.png", "Content-Location: http://a/img/t.png")],
)
def test_a_table_saved_beside_the_page_is_read(address: str, head: str) -> None:
    picture = base64.encodebytes(table()).decode()
    message = (
        "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n"
        f"--b\nContent-Type: text/html; charset=utf-8\n\n{PAGE.format(address)}\n"
        f"--b\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n{head}\n\n{picture}\n--b--\n"
    ).encode()
    assert numbers(mhtml.read(Source("x.mht", message, "", len(message)), Limits())) == ["128", "57"]


def test_only_pictures_that_are_at_hand_are_taken() -> None:
    png = b"\x89PNG\r\n..."
    sources = ["data:image/png;base64,!!", "data:nothing", "http://a/b.png", "data:text/plain,x", "c.png?v=1"]
    assert webpicture.at_hand(sources, {"http://z/c.png": png}) == [png]


def test_without_the_extra_the_page_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webpicture, "available", lambda: False)
    blocks, findings = webpicture.seen([b""], Limits())
    assert blocks == [] and "gongkai[ocr]" in findings[0].message
