"""What of a page's text is seen, and how little of the page is drawn to know it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from gongkai.extract import pdf
from gongkai.extract.pdfium.camera import Camera
from gongkai.model import Grid, Limits, Paragraph, Source, mark_unread

canvas = pytest.importorskip("reportlab.pdfgen.canvas", reason="reportlab makes the pages of these tests")
pdfmetrics = pytest.importorskip("reportlab.pdfbase.pdfmetrics")
ttfonts = pytest.importorskip("reportlab.pdfbase.ttfonts")


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many pixels of a page were drawn, each time it was."""
    areas: list[int] = []
    render = Camera._render

    def note(self: Camera, without: Any, parts: Any) -> Any:
        areas.append(sum((right - left) * (bottom - top) for left, top, right, bottom in parts))
        return render(self, without, parts)

    monkeypatch.setattr(Camera, "_render", note)
    yield areas


def read(draw: Callable[[Any], None]) -> tuple[str, list[str]]:
    """The table of a page of two rows, on which something is drawn, and the codes of the findings."""
    out = io.BytesIO()
    c = canvas.Canvas(out, pagesize=(595, 842), invariant=1)
    pdfmetrics.registerFont(ttfonts.TTFont("Vera", "Vera.ttf"))
    c.setFont("Vera", 10)
    for y in (700, 680, 660):
        c.line(60, y, 260, y)
    for x in (60, 160, 260):
        c.line(x, 700, x, 660)
    for x, y, text in ((70, 686, "a"), (170, 686, "1"), (70, 666, "b"), (170, 666, "2")):
        c.drawString(x, y, text)
    draw(c)
    c.showPage()
    c.save()
    document = pdf.read(Source("x.pdf", out.getvalue(), "", 0), Limits())
    (grid,) = [str(b) for b in document.blocks if isinstance(b, Grid)]
    return grid, [f.code for f in document.findings]


def write_clipped(c: Any, window: tuple[float, float, float, float], x: float, y: float, text: str) -> None:
    c.saveState()
    path = c.beginPath()
    path.rect(*window)
    c.clipPath(path, stroke=0)
    c.drawString(x, y, text)
    c.restoreState()


def test_text_well_beyond_its_clip_path_is_left_out_without_a_picture(drawn: list[int]) -> None:
    def draw(c: Any) -> None:
        write_clipped(c, (100, 660, 50, 18), 178, 666, "9")
        write_clipped(c, (160, 680, 100, 20), 178, 686, "8")

    assert read(draw) == ("a | 18\nb | 2", ["text-left-out"])
    assert drawn == []


def test_only_what_stands_at_the_edge_of_its_clip_path_is_looked_at(drawn: list[int]) -> None:
    def draw(c: Any) -> None:
        write_clipped(c, (60, 660, 20, 18), 76, 666, "hh")  # the first is cut in two, the second is off

    assert read(draw) == ("a | 1\nbh | 2", ["text-left-out"])
    assert drawn and max(drawn) < 400


def test_half_a_figure_at_the_edge_of_its_clip_path_is_no_figure(drawn: list[int]) -> None:
    def draw(c: Any) -> None:
        write_clipped(c, (160, 680, 21, 20), 178, 686, "8")

    assert read(draw)[0] == f"a | 18{mark_unread('partly hidden')}\nb | 2"
    assert drawn and max(drawn) < 400


def test_a_figure_cut_off_where_another_stands_has_the_page_drawn(drawn: list[int]) -> None:
    def draw(c: Any) -> None:
        write_clipped(c, (100, 600, 50, 18), 170, 686, "7")

    assert read(draw)[0].startswith("a | 1")
    assert max(drawn) > 400


def test_many_grounds_behind_many_words_are_compared_and_the_page_is_not_drawn(drawn: list[int]) -> None:
    def draw(c: Any) -> None:
        c.setFillGray(0.9)
        for n in range(300):
            c.rect(300 + n % 10 * 28, 20 + n // 10 * 20, 20, 4, stroke=0, fill=1)
        c.setFillGray(0)
        for n in range(300):
            c.drawString(300 + n % 10 * 28, 28 + n // 10 * 20, "x")

    assert read(draw) == ("a | 1\nb | 2", [])
    assert drawn == []


def test_one_of_many_grounds_that_covers_a_figure_is_found(drawn: list[int]) -> None:
    def draw(c: Any) -> None:
        for n in range(300):
            c.drawString(300 + n % 10 * 28, 28 + n // 10 * 20, "x")
        c.setFillGray(0.9)
        for n in range(300):
            c.rect(300 + n % 10 * 28, 20 + n // 10 * 20, 20, 4, stroke=0, fill=1)
        c.rect(165, 683, 20, 14, stroke=0, fill=1)

    assert read(draw) == ("a | \nb | 2", ["text-left-out"])
    assert drawn


def test_a_light_figure_has_its_own_part_of_the_page_drawn(drawn: list[int]) -> None:
    def draw(c: Any) -> None:
        c.setFillGray(1)
        c.drawString(185, 666, "7")

    assert read(draw) == ("a | 1\nb | 2", ["text-left-out"])
    assert drawn and max(drawn) < 400


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_the_figures_of_a_turned_page_are_known_by_their_outlines(drawn: list[int], turn: int) -> None:
    out = io.BytesIO()
    c = canvas.Canvas(out, pagesize=(595, 842), invariant=1)
    pdfmetrics.registerFont(ttfonts.TTFont("Vera", "Vera.ttf"))
    c.setFont("Vera", 10)
    c.translate(300, 400)
    c.rotate(turn)
    c.drawString(0, 0, "1234567890")
    c.showPage()
    c.save()
    document = pdf.read(Source("x.pdf", out.getvalue(), "", 0), Limits())
    assert [b.text for b in document.blocks if isinstance(b, Paragraph)] == ["1234567890"]
    assert drawn == []


def test_a_clip_path_that_is_no_box_has_the_page_drawn(drawn: list[int]) -> None:
    def draw(c: Any) -> None:
        c.saveState()
        path = c.beginPath()  # two triangles, and the 9 stands between them
        for corners in (((100, 650), (120, 650), (100, 660)), ((300, 700), (320, 700), (300, 720))):
            path.moveTo(*corners[0])
            path.lineTo(*corners[1])
            path.lineTo(*corners[2])
            path.close()
        c.clipPath(path, stroke=0)
        c.drawString(178, 666, "9")
        c.drawString(330, 666, "x")
        c.restoreState()

    assert read(draw) == ("a | 1\nb | 2", ["text-left-out"])
    assert max(drawn) > 400
