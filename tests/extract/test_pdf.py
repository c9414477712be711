"""PDF: pages made by reportlab, and files that are broken."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pytest

from gongkai.extract import pdf
from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.layout import Page
from gongkai.extract.pdfium import watermark
from gongkai.model import (
    Encrypted,
    Grid,
    Limits,
    Paragraph,
    Place,
    Source,
    TooLarge,
    Truncated,
    Unreadable,
    mark_unread,
)

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


def test_other_engines_read_the_same_boxes_again() -> None:
    document = pdf.read(source((SAMPLES / "2021_city.pdf").read_bytes()), Limits())
    cells = [c for g in document.blocks if isinstance(g, Grid) for c in g.cells]
    values = [(c.place, c.text) for c in cells if c.text.strip().isdigit()]
    assert document.reread is not None
    assert document.reread(values) == tuple(text for _, text in values)
    assert document.reread([(place, "9") for place, _ in values]) == tuple(text for _, text in values)


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
    monkeypatch.setattr("gongkai.extract.ocr.pages.is_available", lambda: False)
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    def draw(c, n: int) -> None:  # type: ignore[no-untyped-def]
        c.drawImage(ImageReader(Image.new("RGB", (40, 40), "grey")), 0, 0, 595, 842)

    found = pdf.read(source(made(draw)), Limits()).findings
    assert [f.code for f in found] == ["page-without-text"]


def with_table(draw) -> bytes:  # type: ignore[no-untyped-def]
    def both(c, n: int) -> None:  # type: ignore[no-untyped-def]
        table(c, 60, 700)
        for n in range(20):
            c.drawString(60, 600 - 20 * n, "some more text of the page")
        draw(c)

    return made(both)


@pytest.mark.parametrize(
    ("colour", "where"), [((0.9, 0, 0), (171, 688)), ((0.9, 0, 0), (158, 672)), ((0.8, 0.8, 0.8), (150, 681))]
)
def test_coloured_text_across_other_text_or_rules_is_a_stamp(
    colour: tuple[float, ...], where: tuple[float, float]
) -> None:
    def stamp(c) -> None:  # type: ignore[no-untyped-def]
        c.setFillColorRGB(*colour)
        c.drawString(*where, "2023.01.18")

    assert grids(with_table(stamp)) == ["a | 1\nb | 2"]


def test_a_coloured_figure_in_a_box_of_its_own_stays() -> None:
    def figure(c) -> None:  # type: ignore[no-untyped-def]
        c.setFillColorRGB(0.9, 0, 0)
        c.drawString(220, 686, "5")

    assert grids(with_table(figure)) == ["a | 1 5\nb | 2"]


@pytest.mark.parametrize("x", [150, 230])
def test_a_box_with_a_coloured_number_that_is_too_long_for_it_is_not_blank(x: int) -> None:
    def draw(c) -> None:  # type: ignore[no-untyped-def]
        for side in (60, 160, 260):
            c.line(side, 700, side, 720)
        c.line(60, 720, 260, 720)
        c.setFillColorRGB(0.9, 0, 0)
        c.drawString(x, 706, "1234567")

    unread = mark_unread("character")
    row = f"{unread} | {unread}" if x == 150 else f" | {unread}"
    assert grids(with_table(draw)) == [f"{row}\na | 1\nb | 2"]


def test_letters_of_a_damaged_font_cover_no_millions_of_places() -> None:
    mark = watermark.Mark(0, (0.0, 0.0, 1e7, 1e7), (0, 0, 0, 255), False, False)
    small = watermark.Mark(1, (10.0, 10.0, 20.0, 20.0), (0, 0, 0, 255), False, False)
    assert list(watermark.index_marks([mark, small]).values()) == [[small]] * 4


def test_small_slanted_text_is_left_out() -> None:
    def mark(c) -> None:  # type: ignore[no-untyped-def]
        c.setFillGray(0.7)
        c.translate(200, 684)
        c.rotate(30)
        c.drawString(0, 0, "88")

    assert grids(with_table(mark)) == ["a | 1\nb | 2"]


def test_text_that_nobody_sees_is_left_out_and_said() -> None:
    def hide(c) -> None:  # type: ignore[no-untyped-def]
        piece = c.beginText(180, 686)
        piece.setTextRenderMode(3)
        piece.textOut("44")
        piece.setTextRenderMode(0)
        c.drawText(piece)
        c.setFillGray(1)
        c.drawString(185, 666, "7")

    document = pdf.read(source(with_table(hide)), Limits())
    assert [str(b) for b in document.blocks if isinstance(b, Grid)] == ["a | 1\nb | 2"]
    (note,) = document.findings
    assert (note.code, "“44”" in note.message, "“7”" in note.message) == ("text-left-out", True, True)


def test_text_outside_its_clip_path_or_under_a_later_shape_is_not_read() -> None:
    def cover(c) -> None:  # type: ignore[no-untyped-def]
        c.saveState()
        path = c.beginPath()
        path.rect(100, 660, 50, 18)
        c.clipPath(path, stroke=0)
        c.drawString(178, 666, "9")
        c.restoreState()
        c.drawString(178, 686, "8")
        c.setFillGray(1)
        c.rect(176, 683, 20, 14, stroke=0, fill=1)

    document = pdf.read(source(with_table(cover)), Limits())
    assert [str(b) for b in document.blocks if isinstance(b, Grid)] == ["a | 1\nb | 2"]
    assert [f.code for f in document.findings] == ["text-left-out"]


def test_what_is_painted_over_text_without_covering_it_takes_nothing_away() -> None:
    def shade(c) -> None:  # type: ignore[no-untyped-def]
        c.setFillColorRGB(1, 1, 0, alpha=0.3)
        c.rect(161, 661, 98, 38, stroke=0, fill=1)

    document = pdf.read(source(with_table(shade)), Limits())
    assert [str(b) for b in document.blocks if isinstance(b, Grid)] == ["a | 1\nb | 2"]
    assert document.findings == ()


def test_a_drawing_in_a_box_is_a_mark_and_one_across_many_boxes_is_none() -> None:
    def seven(c, x: float, y: float, size: float) -> None:  # type: ignore[no-untyped-def]
        path = c.beginPath()
        path.moveTo(x, y)
        path.curveTo(x, y + size / 2, x + size / 2, y + size, x + size, y + size)
        path.lineTo(x, y + size)
        c.drawPath(path)

    def boxed(c) -> None:  # type: ignore[no-untyped-def]
        seven(c, 190, 665, 8)

    def across(c) -> None:  # type: ignore[no-untyped-def]
        seven(c, 120, 640, 80)

    assert grids(with_table(boxed)) == [f"a | 1\nb | 2{mark_unread('drawing')}"]
    assert grids(with_table(across)) == ["a | 1\nb | 2"]


def test_what_an_annotation_shows_is_text_of_the_page() -> None:
    def field(c) -> None:  # type: ignore[no-untyped-def]
        c.acroForm.textfield(value="31", x=200, y=662, width=40, height=15, borderWidth=0, fontSize=9)

    assert grids(with_table(field)) == ["a | 1\nb | 2  31"]


def test_a_negative_size_in_a_mirrored_matrix_stands_upright() -> None:
    def mirrored(c, n: int) -> None:  # type: ignore[no-untyped-def]
        piece = c.beginText()
        piece.setFont("Helvetica", -12)
        piece.setTextTransform(-1, 0, 0, -1, 60, 700)
        piece.textOut("level")
        c.drawText(piece)

    document = pdf.read(source(made(mirrored)), Limits())
    assert [b.text for b in document.blocks if isinstance(b, Paragraph)] == ["level"]
    assert document.findings == ()


@pytest.mark.parametrize(("rise", "size", "seen"), [(4, 6, "2⁵"), (2, 6, "25"), (-2, 6, "2₅"), (4, 12, "25")])
def test_a_raised_or_lowered_figure_is_no_digit_of_its_number(rise: int, size: int, seen: str) -> None:
    def raised(c) -> None:  # type: ignore[no-untyped-def]
        c.setFont("Helvetica", size)
        c.drawString(177, 666 + rise, "5")

    mark = "" if seen in ("2⁵", "2₅") else mark_unread("raised or lowered figure")
    assert grids(with_table(raised)) == [f"a | 1\nb | {seen}{mark}"]


@pytest.mark.parametrize(
    ("rise", "size", "seen"), [(4, 6, "131²"), (0, 10, "1312"), (2, 6, None), (4, 10, None)]
)
def test_a_raised_figure_is_no_digit_of_a_word_where_no_walls_are(
    rise: int, size: int, seen: str | None
) -> None:
    def lines(c, n: int) -> None:  # type: ignore[no-untyped-def]
        for i in range(8):
            c.drawString(60, 700 - 20 * i, "label")
            c.drawString(200, 700 - 20 * i, "131")
        c.setFont("Helvetica", size)
        c.drawString(200 + c.stringWidth("131", "Helvetica", 10), 640 + rise, "2")

    (layout,) = pdf.read(source(made(lines)), Limits()).layouts()
    (word,) = (w.text for w in layout.words if w.text not in ("label", "131"))
    assert word == (seen or "1312" + mark_unread("raised or lowered figure"))


@pytest.mark.parametrize("told", ["0020", "0000", "E000", "FFFD"])
def test_a_sign_whose_font_tells_another_character_or_none_is_a_mark(told: str) -> None:
    pdfmetrics = pytest.importorskip("reportlab.pdfbase.pdfmetrics")
    fonts = pytest.importorskip("reportlab.pdfbase.ttfonts")
    pdfmetrics.registerFont(fonts.TTFont("Vera", "Vera.ttf"))

    def sign(c) -> None:  # type: ignore[no-untyped-def]
        c.setFont("Vera", 10)
        c.drawString(161, 666, "\u2212")

    whole = made(lambda c, n: (table(c, 60, 700), sign(c)), pageCompression=0)
    assert whole.count(b"<2212>") == 1
    assert grids(whole.replace(b"<2212>", f"<{told}>".encode())) == [
        f"a | 1\nb | 2{mark_unread('character')}"
    ]


def test_white_text_on_a_dark_ground_is_seen() -> None:
    def head(c) -> None:  # type: ignore[no-untyped-def]
        c.setFillGray(0.2)
        c.rect(61, 681, 98, 18, stroke=0, fill=1)
        c.setFillGray(1)
        c.drawString(90, 686, "9")

    assert grids(with_table(head)) == ["9 | 1\nb | 2"]  # the ground covers the a


def test_a_page_whose_text_is_all_unpainted_keeps_it() -> None:
    def draw(c, n: int) -> None:  # type: ignore[no-untyped-def]
        piece = c.beginText(60, 700)
        piece.setTextRenderMode(3)
        piece.textOut("what a scanner saw")
        c.drawText(piece)

    blocks = pdf.read(source(made(draw)), Limits()).blocks
    assert [b.text for b in blocks if isinstance(b, Paragraph)] == ["what a scanner saw"]


def test_text_beside_the_page_is_not_read() -> None:
    def draw(c, n: int) -> None:  # type: ignore[no-untyped-def]
        c.drawString(60, 700, "on the page")
        c.drawString(620, 700, "beside")
        c.drawString(60, -40, "below")

    blocks = pdf.read(source(made(draw)), Limits()).blocks
    assert [b.text for b in blocks if isinstance(b, Paragraph)] == ["on the page"]


@pytest.mark.parametrize(
    ("turn", "matrix"),
    [(90, (0, 1, -1, 0, 700, 60)), (180, (-1, 0, 0, -1, 500, 800)), (270, (0, -1, 1, 0, 20, 700))],
)
def test_what_is_drawn_lying_is_read_and_placed_where_it_is_seen(
    turn: int, matrix: tuple[float, ...]
) -> None:
    def draw(c, n: int) -> None:  # type: ignore[no-untyped-def]
        c.transform(*matrix)
        table(c, 60, 500)
        c.drawString(60, 560, "before the table, some words more")

    document = pdf.read(source(made(draw)), Limits())
    found = [b.text if isinstance(b, Paragraph) else str(b) for b in document.blocks]
    assert found == ["before the table, some words more", "a | 1\nb | 2"]
    assert [f.code for f in document.findings] == ["page-turned"]
    grid = document.blocks[1]
    assert isinstance(grid, Grid)
    (cell,) = (c for c in grid.cells if c.text == "2")
    a, b, c, d, e, f = matrix  # the box of “2” is 100 wide and 20 high, from (160, 460) to (260, 480)
    xs = sorted(a * x + c * y + e for x, y in ((160, 460), (260, 480)))
    ys = sorted(842 - (b * x + d * y + f) for x, y in ((160, 460), (260, 480)))
    assert cell.place.bbox == pytest.approx((xs[0], ys[0], xs[1], ys[1]), abs=1)


def test_text_hidden_under_a_picture_was_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gongkai.extract.ocr.pages.is_available", lambda: False)
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    def draw(c, n: int) -> None:  # type: ignore[no-untyped-def]
        for y in (100, 120, 140):
            for x, text in ((60, "label"), (200, "1"), (260, "2"), (320, "3")):
                piece = c.beginText(x, 842 - y)
                piece.setTextRenderMode(3)
                piece.textOut(text)
                c.drawText(piece)
        c.drawImage(ImageReader(Image.new("RGB", (40, 40), "grey")), 0, 0, 595, 842)

    document = pdf.read(source(made(draw)), Limits())
    assert [f.code for f in document.findings] == ["text-hidden"]
    (grid,) = (b for b in document.blocks if isinstance(b, Grid))
    assert {(c.origin, c.confidence <= 0.85) for c in grid.cells} == {("ocr", True)}


def test_a_coloured_figure_that_is_struck_through_is_unread_and_not_blank() -> None:
    def figure(c) -> None:  # type: ignore[no-untyped-def]
        c.setFillColorRGB(0, 0, 0.9)
        c.setStrokeColorRGB(0, 0, 0.9)
        c.setLineWidth(0.5)
        c.drawString(180, 666, "30")
        c.line(179, 669.5, 192, 669.5)

    def both(c, n: int) -> None:  # type: ignore[no-untyped-def]
        for y in (700, 680, 660):
            c.line(60, y, 260, y)
        for x in (60, 160, 260):
            c.line(x, 700, x, 660)
        c.drawString(70, 686, "a")
        c.drawString(170, 686, "1")
        c.drawString(70, 666, "b")
        figure(c)

    assert grids(made(both))[0].startswith("a | 1\nb | ")
    assert mark_unread("character") in grids(made(both))[0]


def test_a_label_written_downwards_by_its_font_stands_in_its_own_box() -> None:
    fonts = pytest.importorskip("reportlab.pdfbase.cidfonts")
    pdfmetrics = pytest.importorskip("reportlab.pdfbase.pdfmetrics")
    pdfmetrics.registerFont(fonts.UnicodeCIDFont("STSong-Light", isVertical=True))

    def draw(c, n: int) -> None:  # type: ignore[no-untyped-def]
        table(c, 60, 700)
        for y in (700, 600):
            c.line(20, y, 260, y)
        for x in (20, 60, 260):
            c.line(x, 700, x, 600)
        c.scale(0.05, 0.05)  # as office software prints: a large font on a fine page
        c.setFont("STSong-Light", 200)
        c.drawString(40 / 0.05, 690 / 0.05, "本年度办理")

    assert grids(made(draw)) == ["本/年/度/办/理 | a | 1\n· | b | 2\n· |  | ·"]


def test_text_of_a_form_stands_where_the_form_is_drawn() -> None:
    def draw(c, n: int) -> None:  # type: ignore[no-untyped-def]
        c.beginForm("f")
        table(c, 60, 700)
        c._code.append("/Span <</ActualText <FEFF0039>>> BDC")  # as browsers write a letter of many names
        c.drawString(120, 686, "9")
        c._code.append("EMC")
        c.endForm()
        c.scale(0.5, 0.5)
        c.translate(100, 300)
        c.doForm("f")

    assert grids(made(draw)) == ["a 9 | 1\nb | 2"]


DAMAGES = [  # and what is read again: where pdf_oxide sees what PDFium sees, that is enough, though pdfplumber gives up
    (b"/Length", b"/Filter [/ASCII85Decode] /Length", None),
    (b"/Length", b"/Filter /FlateDecode /Length", None),
    (b"/Length", b"/Filter 7 /Length", "1"),
    (b"/Type /Page\n", b"/ /Type /Page\n", None),
    (b"/Type /Font", b"/ /Type /Font", "1"),
]


@pytest.mark.parametrize(("whole", "damaged", "again"), DAMAGES)
def test_a_box_that_no_other_engine_reads_is_not_read_again(
    whole: bytes, damaged: bytes, again: str | None, capfd: pytest.CaptureFixture[str]
) -> None:
    data = made(lambda c, n: table(c, 60, 700), pageCompression=0)
    place = Place(1, None, 0, 1, (160, 142, 260, 162))
    assert whole in data
    document = pdf.read(source(data.replace(whole, damaged)), Limits())
    assert document.reread is not None and document.reread([(place, "1")]) == (again,)
    assert capfd.readouterr().err == ""


def test_a_panic_of_one_engine_leaves_the_box_to_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        pass

    class Document:
        @staticmethod
        def from_bytes(data: bytes) -> None:
            raise PanicException("called `Option::unwrap()` on a `None` value")

    monkeypatch.setattr("pdf_oxide.PdfDocument", Document)
    document = pdf.read(source(made(lambda c, n: table(c, 60, 700))), Limits())
    assert document.reread is not None
    assert document.reread([(Place(1, None, 0, 1, (160, 142, 260, 162)), "1")]) == ("1",)


def test_where_two_engines_differ_pdfplumber_is_the_second_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    data = made(lambda c, n: table(c, 60, 700))
    boxes = [
        (Place(1, None, 0, 1, (160, 142, 260, 162)), "1"),
        (Place(1, None, 1, 1, (160, 122, 260, 142)), "7"),
    ]
    asked = []

    def read_by_plumber(data: bytes, places: Sequence[Place]) -> tuple[str | None, ...]:
        asked.extend(places)
        return ("third",)

    monkeypatch.setattr("gongkai.extract.pdfium.plumber.read_boxes", read_by_plumber)
    document = pdf.read(source(data), Limits())
    assert document.reread is not None and document.reread(boxes) == ("1", "third")
    assert asked == [boxes[1][0]]


class Broken:
    """PDFium on a page whose letters have a damaged matrix."""

    def FPDFText_CountChars(self, text: object) -> int:
        return 2

    def FPDFText_GetUnicode(self, text: object, number: int) -> int:
        return 65

    def FPDFText_GetCharAngle(self, text: object, number: int) -> float:
        return float("nan")

    def FPDFText_GetFontSize(self, text: object, number: int) -> float:
        return 1.0


def test_letters_of_a_broken_matrix_face_nowhere() -> None:
    assert pdf.find_turn(Broken(), None, 0) == 0


def test_a_page_whose_font_map_is_wrong_or_whose_text_is_outlines_cannot_be_read_as_text() -> None:
    words = "本机关依法公开政府信息" * 8
    wrong = [
        Glyph(chr(0x3500 + 7 * ord(c) % 0x1900), 10.0 * n, 10, 10.0 * n + 9, 19) for n, c in enumerate(words)
    ]
    right = [Glyph(c, *g[1:]) for c, g in zip(words, wrong, strict=True)]
    assert [Page(1, 595, 842, glyphs, []).is_lost for glyphs in (wrong, right)] == [True, False]


def test_a_page_whose_font_names_some_characters_after_accented_letters_cannot_be_read() -> None:
    right = "（一）予以公开（二）部分公开" * 10
    distilled = right.replace("（", "ÿ").replace("）", "Ā").replace("予", "Î")
    one_word = 4 * right + "Ürümqi, Café, naïve"
    pages = [
        Page(1, 595, 842, [Glyph(c, 50.0 + i, 50, 51.0 + i, 60) for i, c in enumerate(text)], [])
        for text in (distilled, right, one_word)
    ]
    assert [page.is_lost for page in pages] == [True, False, False]
    outlines = tuple((10.0 * n, 10.0, 10.0 * n + 9, 19.0) for n in range(40))
    assert Page(1, 595, 842, [], [], shapes=outlines).is_picture
    assert not Page(1, 595, 842, right, [], shapes=outlines).is_picture
