"""Text hidden under the picture of a page: the second reading of its figures."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from builders.drawn_tables import needs_ocr
from gongkai.extract import ocr, pdf
from gongkai.extract.page.glyph import Glyph
from gongkai.model import Cell, Document, Grid, Limits, Place, Source

pytestmark = needs_ocr
if ocr.is_available():
    import numpy

    from gongkai.extract.ocr.ppocr import OcrText
    from gongkai.extract.ocr.text_layer import TextLayer, lay_over

LABELS = (
    "本年新收政府信息公开申请数量",
    "上年结转政府信息公开申请数量",
    "属于国家秘密不予公开",
    "本机关不掌握相关政府信息",
    "重复申请不予处理",
    "要求提供公开出版物",
)
FIGURES = ("128", "57", "4096", "0", "31", "0")


def layer(text: str) -> TextLayer:
    """Hidden text in the box (0, 0, 100, 20)."""
    glyphs = [Glyph(c, 10.0 + 8 * n, 4, 18.0 + 8 * n, 16) for n, c in enumerate(text)]
    return TextLayer(glyphs, numpy.array([(g.x0 + g.x1) / 2 for g in glyphs]), numpy.full(len(glyphs), 10.0))


def box(text: str, confidence: float = 0.97, alternative: str | None = None) -> Cell:
    place = Place(page=1, bbox=(0.0, 0.0, 100.0, 20.0))
    return Cell(0, 0, 1, 1, text, place, "ocr", confidence, alternative)


@pytest.mark.parametrize(
    ("read", "hidden", "text", "confidence", "alternative"),
    [
        (box("128"), "128", "128", 0.98, None),
        (box("108"), "1O8", "108", 0.98, None),  # a letter that looks like the digit
        (box("128"), "123", "128", 0.5, "123"),
        (box(""), "5", "", 0.5, "5"),
        (box("128"), "", "128", 0.97, None),
        (box("128"), "S2b", "128", 0.97, None),  # no number: no second reading
        (box("/"), "1", "/", 0.97, None),
        (box("17", 0.5, "11"), "17", "17", 0.9, None),
        (box("17", 0.5, "11"), "11", "11", 0.9, None),
        (box("17", 0.5, "11"), "77", "17", 0.5, "11"),
        (box("17", 0.5, "?"), "17", "17", 0.9, None),  # its ink alone does not tell whether that is all
        (box("17", 0.5, "?"), "11", "17", 0.5, "?"),
        (box("1", 0.5, "/"), "1", "1", 0.5, "/"),
        (box("17", 0.8), "17", "17", 0.9, None),
        (box("4657.67"), "4657.67", "4657.67", 0.98, "4657.67"),
        (box("465767"), "4657.67", "465767", 0.5, "4657.67"),
    ],
)
def test_a_figure_is_given_where_both_readings_have_it(
    read: Cell, hidden: str, text: str, confidence: float, alternative: str | None
) -> None:
    assert layer(hidden).compare(read) == replace(
        read, text=text, confidence=confidence, alternative=alternative
    )


def test_a_seal_may_hide_a_digit_from_both_readings() -> None:
    assert layer("17").compare(box("17", 0.85), is_sealed=True) == box("17", 0.85)


def page(figures: tuple[str, ...] = FIGURES, down: float = 0.0, lean: float = 0.0) -> list[Glyph]:
    """A page of labels and figures as glyphs, moved down and turned: so much lower for each point to the right."""
    glyphs = []
    for row, (label, figure) in enumerate(zip(LABELS, figures, strict=True)):
        for x, text in ((60.0, label), (400.0, figure)):
            for n, c in enumerate(text):
                across, y = x + 10 * n, 100 + 60 * row
                left, top = across - lean * y, y + down + lean * across
                glyphs.append(Glyph(c, left, top, left + 10, top + 10))
    return glyphs


def numbers(score: float = 0.99) -> list[tuple[tuple[float, float, float, float], OcrText]]:
    return [
        ((395.0, 95.0 + 60 * row, 460.0, 115.0 + 60 * row), OcrText(text, score, text, score))
        for row, text in enumerate(FIGURES)
    ]


def test_hidden_text_is_laid_over_what_was_read_though_the_page_was_turned_level() -> None:
    laid = lay_over(page(down=7, lean=-0.03), page(), numbers())
    assert laid is not None
    assert [laid.read(at) for at, _ in numbers()] == list(FIGURES)


def test_hidden_text_of_another_page_is_no_second_reading() -> None:
    assert lay_over(page(("9", "801", "33", "0", "7", "0")), page(), numbers()) is None
    assert (
        lay_over([Glyph(chr(ord("一") + n), n, n, n + 1, n + 1) for n in range(90)], page(), numbers())
        is None
    )
    assert lay_over((), page(), numbers()) is None


def searchable(printed: tuple[str, ...], hidden: tuple[str, ...]) -> Document:
    """A page whose picture shows some figures and whose hidden text has others."""
    canvas = pytest.importorskip("reportlab.pdfgen.canvas", reason="reportlab makes the pages of these tests")
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfbase import cidfonts, pdfmetrics

    pdfmetrics.registerFont(cidfonts.UnicodeCIDFont("STSong-Light"))

    def draw(figures: tuple[str, ...], mode: int, picture: object = None) -> bytes:
        out = io.BytesIO()
        c = canvas.Canvas(out, pagesize=(595, 842), invariant=1)
        if picture is not None:
            c.drawImage(ImageReader(picture), 0, 0, 595, 842)
        else:
            c.grid([60, 320, 420], [722 - 40 * n for n in range(7)])
        text = c.beginText()
        text.setTextRenderMode(mode)
        for row, (label, figure) in enumerate(zip(LABELS, figures, strict=True)):
            for x, word in ((70, label), (350, figure)):
                text.setFont("STSong-Light", 12)
                text.setTextOrigin(x, 698 - 40 * row)
                text.textOut(word)
        c.drawText(text)
        c.save()
        return out.getvalue()

    picture = pdf.render(draw(printed, 0), 1, 200 / 72)
    data = draw(hidden, 3, picture)
    return pdf.read(Source("x.pdf", data, "", len(data)), Limits())


def test_a_searchable_scan_gives_what_picture_and_hidden_text_both_have() -> None:
    document = searchable(FIGURES, ("128", "51", "4096", "O", "31", "0"))
    (grid,) = [b for b in document.blocks if isinstance(b, Grid)]
    read = [(c.text, c.alternative) for c in grid.cells if c.column]
    assert read == [("128", None), ("57", "51"), *((f, None) for f in FIGURES[2:])]
    assert {c.confidence for c in grid.cells if c.column} <= {0.98, 0.9, 0.5}
    assert ["its figures were compared" in f.message for f in document.findings] == [True]


def test_a_picture_is_read_alone_where_its_hidden_text_has_other_figures() -> None:
    document = searchable(FIGURES, ("821", "51", "906", "7", "13", "4"))
    (grid,) = [b for b in document.blocks if isinstance(b, Grid)]
    assert [(c.text, c.alternative) for c in grid.cells if c.column] == [(f, None) for f in FIGURES]
    assert ["is left out" in f.message for f in document.findings] == [True]
