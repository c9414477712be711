"""PDF: pages made by reportlab, and files that are broken."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from extract import pdf
from model import Encrypted, Grid, Limits, Paragraph, Source, TooLarge, Truncated, Unreadable

canvas = pytest.importorskip("reportlab.pdfgen.canvas", reason="reportlab makes the pages of these tests")
SAMPLES = Path(__file__).parents[2] / "samples"


def source(data: bytes) -> Source:
    return Source("x.pdf", data, "", len(data))


def made(draw, pages: int = 1, **how) -> bytes:  # type: ignore[no-untyped-def]
    out = io.BytesIO()
    c = canvas.Canvas(out, pagesize=(595, 842), invariant=1, **how)
    for n in range(pages):
        c.setFont("Helvetica", 10)
        draw(c, n)
        c.showPage()
    c.save()
    return out.getvalue()


def table(c, left: float, top: float) -> None:  # type: ignore[no-untyped-def]
    for y in (top, top - 20, top - 40):
        c.line(left, y, left + 200, y)
    for x in (left, left + 100, left + 200):
        c.line(x, top, x, top - 40)
    for x, y, text in ((10, 14, "a"), (110, 14, "1"), (10, 34, "b"), (110, 34, "2")):
        c.drawString(left + x, top - y, text)


def grids(data: bytes) -> list[str]:
    return [str(b) for b in pdf.read(source(data), Limits()).blocks if isinstance(b, Grid)]


def test_a_table_and_the_text_around_it_stand_in_reading_order() -> None:
    def draw(c, n: int) -> None:  # type: ignore[no-untyped-def]
        c.drawString(60, 500, "after the table")
        table(c, 60, 700)
        c.drawString(60, 750, "before the table")

    blocks = pdf.read(source(made(draw)), Limits()).blocks
    assert [b.text if isinstance(b, Paragraph) else str(b) for b in blocks] == [
        "before the table",
        "a | 1\nb | 2",
        "after the table",
    ]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_page_is_read_as_displayed(turn: int) -> None:
    def draw(c, n: int) -> None:  # type: ignore[no-untyped-def]
        c.setPageRotation(turn)
        if turn == 90:
            c.translate(595, 0)
        elif turn == 180:
            c.translate(595, 842)
        elif turn == 270:
            c.translate(0, 842)
        c.rotate(turn)
        table(c, 60, 400)

    assert grids(made(draw)) == ["a | 1\nb | 2"]


def test_page_numbers_and_running_heads_are_left_out() -> None:
    def draw(c, n: int) -> None:  # type: ignore[no-untyped-def]
        c.drawString(60, 800, "running head")
        c.drawString(60, 500, f"text of page {n}")
        c.drawString(290, 30, f"- {n + 1} -")

    blocks = pdf.read(source(made(draw, 3)), Limits()).blocks
    assert [b.text for b in blocks if isinstance(b, Paragraph)] == [f"text of page {n}" for n in range(3)]


def test_a_white_box_behind_a_paragraph_is_no_table() -> None:
    def draw(c, n: int) -> None:  # type: ignore[no-untyped-def]
        c.setFillGray(0.95)
        c.rect(50, 480, 300, 60, stroke=0, fill=1)
        c.rect(60, 485, 100, 20, stroke=0, fill=1)
        c.setFillGray(0)
        c.drawString(60, 500, "a paragraph")

    assert grids(made(draw)) == []


def test_rules_inside_a_form_are_placed_by_its_matrix() -> None:
    def draw(c, n: int) -> None:  # type: ignore[no-untyped-def]
        c.beginForm("grid")
        for y in (0, 20, 40):
            c.line(0, y, 200, y)
        for x in (0, 100, 200):
            c.line(x, 0, x, 40)
        c.endForm()
        c.saveState()
        c.translate(60, 660)
        c.doForm("grid")
        c.restoreState()
        for x, y, text in ((10, 14, "a"), (110, 14, "1"), (10, 34, "b"), (110, 34, "2")):
            c.drawString(60 + x, 700 - y, text)

    assert grids(made(draw)) == ["a | 1\nb | 2"]


def test_every_box_has_its_page_and_frame() -> None:
    (block,) = [
        b
        for b in pdf.read(source(made(lambda c, n: table(c, 60, 700))), Limits()).blocks
        if isinstance(b, Grid)
    ]
    cell = block.cells[1]
    assert (cell.place.page, cell.place.bbox) == (1, (160.0, 142.0, 260.0, 162.0))


def test_pdfplumber_reads_the_same_boxes_again() -> None:
    data = (SAMPLES / "2021_city.pdf").read_bytes()
    blocks = [b for b in pdf.read(source(data), Limits()).blocks if isinstance(b, Grid)]
    values = [c for g in blocks for c in g.cells if c.text.strip().isdigit()]
    again = pdf.reread(source(data), [c.place for c in values])
    assert [t for t in again] == [c.text for c in values]


def test_a_locked_file_is_encrypted_and_an_empty_password_opens() -> None:
    locked = made(lambda c, n: table(c, 60, 700), encrypt="secret")
    with pytest.raises(Encrypted):
        pdf.read(source(locked), Limits())


def test_half_a_file_is_truncated_and_rubbish_unreadable() -> None:
    data = made(lambda c, n: table(c, 60, 700))
    with pytest.raises((Truncated, Unreadable)):
        pdf.read(source(data[:200]), Limits())
    with pytest.raises(Unreadable):
        pdf.read(source(b"%PDF-1.4\n" + b"rubbish " * 50 + b"\n%%EOF\n"), Limits())


def test_too_many_pages_are_refused() -> None:
    with pytest.raises(TooLarge, match="pages"):
        pdf.read(source(made(lambda c, n: None, 5)), Limits(pages=4))


def test_a_page_that_is_a_picture_is_said_to_be_one_where_nothing_reads_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("extract.scan.available", lambda: False)
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    def draw(c, n: int) -> None:  # type: ignore[no-untyped-def]
        c.drawImage(ImageReader(Image.new("RGB", (40, 40), "grey")), 0, 0, 595, 842)

    found = pdf.read(source(made(draw)), Limits()).findings
    assert [f.code for f in found] == ["page-without-text"]
