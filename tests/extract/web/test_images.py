"""Pictures of a web page that need not be fetched."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from builders.drawn_tables import needs_ocr, png, table
from gongkai.extract import html, mhtml, picture
from gongkai.extract.web import images
from gongkai.model import Grid, Limits, Source

PAGE = "<html><body><p>一、总体情况</p><p>表格见图。</p><p><img src='{}'></p></body></html>"


def numbers(document: Any) -> list[str]:
    (grid,) = [b for b in document.blocks if isinstance(b, Grid)]
    assert {c.origin for c in grid.cells} == {"ocr"}
    return [c.text for c in grid.cells if c.column]


@needs_ocr
def test_a_table_written_into_the_page_as_a_picture_is_read() -> None:
    page = PAGE.format("data:image/png;base64," + base64.b64encode(png(table())).decode()).encode()
    document = html.read(Source("x.html", page, "", len(page)), Limits())
    assert numbers(document) == ["128", "57"]
    assert [f.code for f in document.findings] == ["pictures", "page-by-ocr"]


@needs_ocr
@pytest.mark.parametrize(
    ("address", "head"),
    [("cid:t@x", "Content-ID: <t@x>"), ("img/t.png", "Content-Location: http://a/img/t.png")],
)
def test_a_table_saved_beside_the_page_is_read(address: str, head: str) -> None:
    picture = base64.encodebytes(png(table())).decode()
    message = (
        "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n"
        f"--b\nContent-Type: text/html; charset=utf-8\n\n{PAGE.format(address)}\n"
        f"--b\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n{head}\n\n{picture}\n--b--\n"
    ).encode()
    assert numbers(mhtml.read(Source("x.mht", message, "", len(message)), Limits())) == ["128", "57"]


def test_only_pictures_that_are_at_hand_are_taken() -> None:
    png = b"\x89PNG\r\n..."
    sources = ["data:image/png;base64,!!", "data:nothing", "http://a/b.png", "data:text/plain,x", "c.png?v=1"]
    assert images.collect_images(sources, {"http://z/c.png": png}) == [png]


def test_without_the_extra_the_page_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "is_available", lambda: False)
    page = PAGE.format("data:image/png;base64,iVBORw0KGgo=").encode()
    document = html.read(Source("x.html", page, "", len(page)), Limits())
    assert "gongkai[ocr]" in document.findings[-1].message
