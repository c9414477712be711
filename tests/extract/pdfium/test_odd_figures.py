"""Figures of a PDF that do not stand as they are read, by pages that reportlab draws: each is unread, and its neighbours are not."""

from __future__ import annotations

import ctypes
import io
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from gongkai.extract import pdf
from gongkai.model import Grid, Limits, Place, Source, mark_unread

canvas = pytest.importorskip("reportlab.pdfgen.canvas", reason="reportlab makes the pages of these tests")
pdfmetrics = pytest.importorskip("reportlab.pdfbase.pdfmetrics")
ttfonts = pytest.importorskip("reportlab.pdfbase.ttfonts")

Draw = Callable[[Any], None]
#: where the figure of the box under test stands, and its size
X, Y, SIZE = 170.0, 666.0, 10.0


def source(data: bytes) -> Source:
    return Source("x.pdf", data, "", len(data))


def boxes(draw: Draw, **how: Any) -> bytes:
    """A page with a table of two rows; `draw` fills the last box."""
    out = io.BytesIO()
    c = canvas.Canvas(out, pagesize=(595, 842), invariant=1, **how)
    c.setFont("Helvetica", SIZE)
    for y in (700, 680, 660):
        c.line(60, y, 260, y)
    for x in (60, 160, 260):
        c.line(x, 700, x, 660)
    for x, y, text in ((70, 686, "a"), (X, 686, "7512"), (70, Y, "b")):
        c.drawString(x, y, text)
    draw(c)
    c.save()
    return out.getvalue()


def read(data: bytes) -> str:
    grid = next(b for b in pdf.read(source(data), Limits()).blocks if isinstance(b, Grid))
    assert str(grid).startswith("a | 7512\nb | ")
    return str(grid).partition("b | ")[2]


def over(c: Any) -> None:
    c.drawString(X, Y, "345")
    c.drawString(X, Y, "888")


def minus(c: Any) -> None:
    c.line(X - 6, Y + 3, X - 1, Y + 3)
    c.drawString(X, Y, "345")


def one(c: Any) -> None:
    c.drawString(X, Y, "345")
    c.line(X + 20, Y, X + 20, Y + 7)


def point(c: Any) -> None:
    c.drawString(X, Y, "3")
    c.rect(X + 6.3, Y, 1, 1, stroke=0, fill=1)
    c.drawString(X + 8, Y, "45")


def seven_segments(c: Any) -> None:
    for line in ((0, 0, 3, 0), (0, 3, 3, 3), (0, 6, 3, 6), (3, 0, 3, 3), (3, 3, 3, 6)):
        c.line(X + line[0], Y + line[1], X + line[2], Y + line[3])


def head_down(c: Any) -> None:
    c.saveState()
    c.translate(X + 20, Y + 7)
    c.rotate(180)
    c.drawString(0, 0, "966")
    c.restoreState()


def mirrored(c: Any) -> None:
    c.saveState()
    c.translate(X + 20, Y)
    c.scale(-1, 1)
    c.drawString(0, 0, "345")
    c.restoreState()


def named_otherwise(c: Any) -> None:
    c._code.append("/Span <</ActualText (77)>> BDC")
    c.drawString(X, Y, "345")
    c._code.append("EMC")


def named_otherwise_alone(c: Any) -> None:
    c._code.append("/Span <</ActualText (7)>> BDC")
    c.drawString(X, Y, "3")
    c._code.append("EMC")


def half_covered(c: Any) -> None:
    c.drawString(X, Y, "345")
    c.setFillGray(1)
    c.rect(X - 1, Y - 1, 20, 4, stroke=0, fill=1)


def cut(c: Any) -> None:
    path = c.beginPath()
    path.rect(X, Y - 3, 8, 15)
    c.clipPath(path, stroke=0)
    c.drawString(X, Y, "345")


def speck(c: Any) -> None:
    c.drawString(X, Y, "345")
    c.setFont("Helvetica", 0.4)
    c.drawString(X + 17, Y, "9")


@pytest.mark.parametrize(
    ("draw", "text", "what"),
    [
        (over, "384858", "figures over each other"),
        (minus, "345", "line"),
        (one, "345", "line"),
        (point, "3 45", "line"),
        (seven_segments, "", "line"),
        (head_down, "669", "turned text"),
        (mirrored, "543", "mirrored text"),
        (named_otherwise, "77", "text in place of another"),
        (named_otherwise_alone, "7", "character that its font names wrongly"),
        (half_covered, "345", "partly hidden"),
        (cut, "3", "partly hidden"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_figure_that_does_not_show_what_is_read_is_marked(draw: Draw, text: str, what: str) -> None:
    found = read(boxes(draw))
    assert found.startswith(text) or text == "3 45"
    assert mark_unread(what) in found


def test_a_dash_in_place_of_two_is_a_dash_where_its_ink_is_flat() -> None:
    def dash(c: Any, shown: str = "—") -> None:
        c._code.append("/Span <</ActualText <FEFF20142014>>> BDC")
        c.drawString(X, Y, shown)
        c._code.append("EMC")

    assert read(boxes(dash)) == "——"
    assert mark_unread("text in place of another") in read(boxes(partial(dash, shown="55")))


def test_a_speck_behind_a_number_is_no_second_line_of_it() -> None:
    assert "3459" not in read(boxes(speck))


def test_a_text_as_a_clip_path_is_marked() -> None:
    def clip(c: Any) -> None:
        c._code.append(f"q BT /F1 10 Tf 7 Tr {X} {Y} Td (345) Tj ET 0 g {X - 5} {Y - 5} 40 20 re f Q")

    assert mark_unread("text as a clip path") in read(boxes(clip))


def test_dark_text_on_a_dark_ground_is_not_seen() -> None:
    def dark(c: Any) -> None:
        c.setFillColorRGB(0.1, 0.2, 0.6)
        c.rect(X - 2, Y - 2, 30, 12, stroke=0, fill=1)
        c.drawString(X, Y, "345")

    assert read(boxes(dark)) == ""


def test_an_underline_and_a_frame_around_a_figure_are_no_marks() -> None:
    def under(c: Any) -> None:
        c.drawString(X, Y, "345")
        c.line(X, Y - 1.2, X + 17, Y - 1.2)

    def frame(c: Any) -> None:
        c.drawString(X, Y, "345")
        c.rect(X - 2, Y - 1, 22, 10)

    assert read(boxes(under)) == read(boxes(frame)) == "345"


def test_a_number_across_a_wall_marks_both_boxes() -> None:
    def across(c: Any) -> None:
        c.drawString(150, Y, "3456")

    grid = next(b for b in pdf.read(source(boxes(across)), Limits()).blocks if isinstance(b, Grid))
    assert [mark_unread("number across a wall") in cell.text for cell in grid.cells] == [
        False,
        False,
        True,
        True,
    ]


def test_a_new_figure_over_a_covered_one_is_whole() -> None:
    def anew(c: Any) -> None:
        c.drawString(X, Y, "912")
        c.setFillGray(1)
        c.rect(X - 1, Y - 2, 30, 12, stroke=0, fill=1)
        c.setFillGray(0)
        c.drawString(X + 3, Y, "345")

    data = boxes(anew)
    assert read(data) == "345"
    document = pdf.read(source(data), Limits())
    grid = next(b for b in document.blocks if isinstance(b, Grid))
    found = [(cell.place, cell.text) for cell in grid.cells if cell.text in ("7512", "345")]
    # other engines do not know what is covered: that box is not compared
    assert document.reread is not None and document.reread(found) == ("7512", None)


def lying(names: dict[str, str], draw: Draw) -> bytes:
    """The page with a font whose map leads from some glyphs to other characters (hexadecimal) than they show."""
    pdfmetrics.registerFont(ttfonts.TTFont("Lying", "Vera.ttf"))

    def written(c: Any) -> None:
        c.setFont("Lying", SIZE)
        draw(c)

    data = boxes(written, pageCompression=0)
    codes = {f"{ord(shown):04X}".encode(): named.encode() for shown, named in names.items()}
    changed, count = re.subn(
        rb"<(" + b"|".join(codes or [b"none"]) + rb")>", lambda hit: b"<" + codes[hit[1]] + b">", data
    )
    assert count == len(names)
    return changed


@pytest.mark.parametrize(
    ("names", "figure"),
    [
        ({"3": "0038"}, "364"),
        ({"3": "0038", "8": "0033"}, "384"),
        ({"6": "0039"}, "6192"),
        ({"5": "0030"}, "4515"),
        ({"5": "002F"}, "5"),
        ({"5": "4EF6"}, "15"),
        ({"5": "00B2"}, "15"),
        ({"5": "200B"}, "151"),
        ({"5": "00AD"}, "151"),
        ({"5": "FF16"}, "151"),
        ({"5": "00350035"}, "151"),
    ],
)
def test_a_figure_whose_font_names_another_is_marked(names: dict[str, str], figure: str) -> None:
    found = read(lying(names, lambda c: c.drawString(X, Y, figure)))
    assert "￼" in found


def test_a_page_whose_font_names_many_digits_wrongly_is_read_by_no_one_but_ocr(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gongkai.extract.ocr.pages.is_available", lambda: False)
    data = lying({"3": "0038"}, lambda c: c.drawString(X, Y, "3313"))
    document = pdf.read(source(data), Limits())
    assert document.blocks == ()
    assert [f.code for f in document.findings] == ["font-no-unicode"]
    assert "others than it names" in document.findings[0].message


def test_a_font_that_names_its_digits_rightly_is_believed() -> None:
    def figures(c: Any) -> None:
        c.drawString(X, Y, "0123456789")

    assert read(lying({}, figures)) == "0123456789"


def test_a_table_with_dotted_walls_is_read() -> None:
    def dotted(c: Any) -> None:
        for at in range(134):
            for y in (640, 620, 600):
                c.rect(60 + 1.5 * at, y, 0.75, 0.75, stroke=0, fill=1)
        for at in range(27):
            for x in (60, 160, 260):
                c.rect(x, 600 + 1.5 * at, 0.75, 0.75, stroke=0, fill=1)
        for x, y, text in ((70, 626, "c"), (X, 626, "12"), (70, 606, "d"), (X, 606, "34")):
            c.drawString(x, y, text)

    blocks = pdf.read(source(boxes(dotted)), Limits()).blocks
    assert [str(b) for b in blocks if isinstance(b, Grid)][-1] == "c | 12\nd | 34"


def test_a_place_without_a_page_is_not_read_twice() -> None:
    document = pdf.read(source(boxes(lambda c: None)), Limits())
    assert document.reread is not None and document.reread([(Place(), "1")]) == (None,)


def field(**how: Any) -> bytes:
    """The page with a text field in the last box that pypdfium2 changes: `how` are string values of the field."""
    import pypdfium2.raw as pdfium

    def draw(c: Any) -> None:
        c.acroForm.textfield(
            name="f", value="345", x=X, y=Y - 4, width=40, height=15, borderWidth=0, fontSize=9
        )

    data = boxes(draw)
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    page = pdfium.FPDF_LoadPage(document, 0)
    annotation = pdfium.FPDFPage_GetAnnot(page, 0)
    for key, value in how.items():
        wide = (value + "\0").encode("utf-16-le")
        units = (ctypes.c_ushort * (len(wide) // 2)).from_buffer_copy(wide)
        if key == "AP":
            pdfium.FPDFAnnot_SetAP(annotation, 0, units if value else None)
        else:
            pdfium.FPDFAnnot_SetStringValue(annotation, key.encode(), units)
    pdfium.FPDFPage_CloseAnnot(annotation)
    out = io.BytesIO()
    writer = pdfium.FPDF_FILEWRITE()
    writer.version = 1

    def write(_: object, block: Any, size: int) -> int:
        out.write(ctypes.string_at(block, size))
        return 1

    writer.WriteBlock = dict(type(writer)._fields_)["WriteBlock"](write)
    assert pdfium.FPDF_SaveAsCopy(document, writer, 0)
    pdfium.FPDF_ClosePage(page)
    pdfium.FPDF_CloseDocument(document)
    return out.getvalue()


def test_a_field_that_shows_what_it_holds_is_read() -> None:
    assert read(field()) == "345"


def test_a_field_that_holds_another_figure_than_it_shows_is_unread() -> None:
    assert read(field(V="77")) == "345" + mark_unread("form field")


def test_a_field_without_an_appearance_is_not_blank() -> None:
    assert read(field(AP="")) != ""


def test_italics_on_a_page_with_hidden_text_are_no_stamp() -> None:
    def italic(c: Any) -> None:
        c.saveState()
        c.transform(1, 0, 0.2, 1, X, Y)
        c.drawString(0, 0, "345")
        c.restoreState()
        text = c.beginText(300, 300)
        text.setTextRenderMode(3)
        text.textOut("hidden")
        c.drawText(text)

    assert read(boxes(italic)) == "345"


def aslant(c: Any) -> None:
    c.drawString(X, Y, "345")
    c.saveState()
    c.translate(X - 2, Y - 2)
    c.rotate(24)
    c.line(0, 0, 26, 0)  # a level line in its own space
    c.restoreState()


def tiny(c: Any) -> None:
    c.setFont("Helvetica", 0.8)
    c.drawString(X, Y, "345")


def nearly_black(c: Any) -> None:
    c.setFillGray(0.1)
    c.rect(X - 4, Y - 4, 40, 14, stroke=0, fill=1)
    c.setFillGray(0)
    c.drawString(X, Y, "345")


@pytest.mark.parametrize(
    ("draw", "shown"),
    [
        (aslant, "345" + mark_unread("drawing")),
        (tiny, "345" + mark_unread("figure too small to read")),
        (nearly_black, ""),
    ],
    ids=[
        "struck by a line that its matrix turns",
        "no higher than a speck",
        "black on a ground nearly black",
    ],
)
def test_figures_that_nobody_can_read_on_the_page_are_no_number(draw: Draw, shown: str) -> None:
    assert read(boxes(draw)).strip() in (shown, shown + mark_unread("partly hidden"))


def leaning(c: Any) -> None:
    text = c.beginText()
    text.setTextTransform(1, 0, 0.34, 1, 161.5, Y)
    text.textOut("345")
    c.drawText(text)
    c.drawRightString(158.8, Y, "b8")


def test_slanted_figures_close_to_a_wall_stand_in_their_box() -> None:
    grid = next(b for b in pdf.read(source(boxes(leaning)), Limits()).blocks if isinstance(b, Grid))
    assert str(grid).endswith("| 345")


def narrow(c: Any) -> None:
    c.drawRightString(158.8, Y, "27")
    c.drawString(161.2, Y, "345")


def test_figures_of_two_narrow_boxes_are_no_number_across_their_wall() -> None:
    grid = next(b for b in pdf.read(source(boxes(narrow)), Limits()).blocks if isinstance(b, Grid))
    assert str(grid).endswith("27 | 345")


def through(c: Any) -> None:
    c.drawString(160 - 11.12, Y, "2734")


def test_a_number_through_a_wall_is_marked_on_both_sides() -> None:
    grid = next(b for b in pdf.read(source(boxes(through)), Limits()).blocks if isinstance(b, Grid))
    assert str(grid).count(mark_unread("number across a wall")) == 2


def outlined(c: Any) -> None:
    for mode, width in ((3, 0.0), (1, 0.3)):  # PDFium takes the second for the first one again
        text = c.beginText(X, Y)
        text.setTextRenderMode(mode)
        c.setLineWidth(width)
        text.textOut("345")
        c.drawText(text)


def test_outlines_of_letters_over_letters_that_are_not_painted_are_no_blank() -> None:
    assert read(boxes(outlined)).strip() != ""


def shaded(c: Any) -> None:
    c.beginForm("ground")
    c.setFillGray(0.9)
    c.rect(X - 4, Y - 3, 30, 12, stroke=0, fill=1)
    c.endForm()
    c.doForm("ground")
    c.setFillGray(0)
    c.drawString(X, Y, "345")


def test_a_ground_that_a_form_paints_has_no_walls() -> None:
    grid = next(b for b in pdf.read(source(boxes(shaded)), Limits()).blocks if isinstance(b, Grid))
    assert str(grid) == "a | 7512\nb | 345"


def speck_behind(c: Any) -> None:
    c.drawString(X, Y, "345")
    c.setFont("Helvetica", 0.8)
    c.drawString(X + 17, Y + 5, "7")


def test_a_speck_behind_a_figure_takes_nothing_from_it() -> None:
    assert read(boxes(speck_behind)) == "345⁷"


def table_of_round_boxes() -> bytes:
    out = io.BytesIO()
    c = canvas.Canvas(out, pagesize=(595, 842), invariant=1)
    c.setFont("Helvetica", SIZE)
    for x, y, text in ((60, 680, "a"), (160, 680, "7512"), (60, 660, "b"), (160, 660, "345")):
        c.roundRect(x, y, 100, 20, 4)
        c.drawString(x + 10, y + 6, text)
    c.save()
    return out.getvalue()


def test_boxes_with_round_corners_are_a_table_and_a_round_frame_in_a_box_is_none() -> None:
    assert read(table_of_round_boxes()).startswith("345")
    framed = read(boxes(lambda c: (c.drawString(X, Y, "345"), c.roundRect(X - 4, Y - 4, 50, 15, 3))))
    assert framed.startswith("345")


def test_a_line_in_a_box_is_a_mark_where_another_row_has_a_wall() -> None:
    out = io.BytesIO()
    c = canvas.Canvas(out, pagesize=(595, 842), invariant=1)
    c.setFont("Helvetica", SIZE)
    for y in (720, 700, 680, 660):
        c.line(60, y, 260, y)
    for x in (60, 160, 260):
        c.line(x, 720, x, 660)
    c.line(210, 720, 210, 680)
    for x, y, text in (
        (70, 706, "11"),
        (170, 706, "22"),
        (220, 706, "33"),
        (70, 686, "44"),
        (170, 686, "55"),
    ):
        c.drawString(x, y, text)
    c.drawString(220, 686, "66")
    c.drawString(70, 666, "77")
    c.drawString(200, 666, "88")
    c.line(210, 667, 210, 672)  # at the wall of the rows above, inside the merged box
    c.save()
    grid = next(b for b in pdf.read(source(out.getvalue()), Limits()).blocks if isinstance(b, Grid))
    (cell,) = (cell for cell in grid.cells if cell.text.startswith("88"))
    assert mark_unread("line") in cell.text
    assert sum(mark_unread("line") in cell.text for cell in grid.cells) == 1
