"""Spreadsheets."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from builders.xlsb import xlsb
from builders.zip_parts import rewritten
from gongkai import pipeline
from gongkai.extract import find_reader, sheet
from gongkai.extract.office import conversion
from gongkai.extract.spreadsheet import biff_records
from gongkai.extract.spreadsheet.number_format import NotShown, show_number
from gongkai.extract.spreadsheet.sheet_cells import SheetCells, lay_out_sheet
from gongkai.model import (
    Encrypted,
    Grid,
    Limits,
    MissingTool,
    Paragraph,
    Source,
    TooLarge,
    Unreadable,
    mark_unread,
)

openpyxl = pytest.importorskip("openpyxl", reason="openpyxl makes the workbooks of these tests")

LINES = [
    ["清溪县水利局2016年政府信息公开情况统计表"],
    ["统计指标", "单位", "统计数"],
    ["（一）主动公开政府信息数", "条", 512],
    ["制发规范性文件总数", "件", None],
    ["1.政府公报公开政府信息数", "条", 3],
    ["2.政府网站公开政府信息数", "条", 498],
    ["3.政务微博公开政府信息数", "条", 0],
    ["（一）收到申请数", "件", 9],
    ["七、依申请公开信息收取的费用", "万元", 0.35],
]


def workbook() -> bytes:
    book = openpyxl.Workbook()
    for row in LINES:
        book.active.append(row)
    book.active.merge_cells("A1:C1")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_sheet_is_its_title_and_its_table() -> None:
    data = workbook()
    assert find_reader(data).__name__ == "gongkai.extract.sheet"
    title, grid = sheet.read(Source("x.xlsx", data, "", len(data)), Limits()).blocks
    assert isinstance(title, Paragraph) and title.text == LINES[0][0]
    assert isinstance(grid, Grid)
    assert [c.text for c in grid.cells if c.row == 1] == ["（一）主动公开政府信息数", "条", "512"]


def test_the_list_in_a_sheet_gives_facts() -> None:
    data = workbook()
    (report,) = pipeline.read_source(Source("x.xlsx", data, "0" * 64, len(data)))
    got = {f.field.row.id: (f"{f.value}", f.blank) for f in report.facts}
    assert got["proactive_information"] == ("512", False)
    assert got["normative_documents_issued"] == ("0", True)
    assert got["request_fees"] == ("0.35", False)
    assert (report.org, report.year, report.template) == ("清溪县水利局", 2016, "2014")


def test_a_damaged_workbook_is_unreadable() -> None:
    data = workbook().replace(b"xl/worksheets/sheet1.xml", b"xl/worksheets/sheetX.xml")
    with pytest.raises(Unreadable):
        sheet.read(Source("x.xlsx", data, "", len(data)), Limits())


@pytest.mark.parametrize("place", ["XFD1048576", "XXXXXXXXA5", "A99999999"])
def test_a_box_far_from_all_others_is_refused_before_room_is_made_for_it(place: str) -> None:
    data = rewritten(workbook(), "xl/worksheets/sheet1.xml", 'r="C3"', f'r="{place}"')
    with pytest.raises(TooLarge):
        sheet.read(Source("x.xlsx", data, "", 0), Limits())


@pytest.mark.parametrize(
    ("rows", "columns", "after"),
    [(1, 40_000, ""), (30_000, 1, ""), (1, 3, '<row r="900000"><c><v>1</v></c></row>')],
    ids=["wide", "tall", "far"],
)
def test_boxes_that_say_no_place_are_counted_too(rows: int, columns: int, after: str) -> None:
    """Each stands behind the one before it; figures that differ, so that they are no bomb of few bytes."""
    numbers = iter(random.Random(1).sample(range(10**9), rows * columns))
    lines = ("".join(f"<c><v>{next(numbers)}</v></c>" for _ in range(columns)) for _ in range(rows))
    made = "".join(f"<row>{line}</row>" for line in lines) + after
    with zipfile.ZipFile(io.BytesIO(workbook())) as package:
        text = package.read("xl/worksheets/sheet1.xml").decode()
    old = text[text.index("<sheetData>") : text.index("</sheetData>")]
    data = rewritten(workbook(), "xl/worksheets/sheet1.xml", old, f"<sheetData>{made}")
    with pytest.raises(TooLarge):
        sheet.read(Source("x.xlsx", data, "", len(data)), Limits())


# What a sheet shows ----------------------------------------------------------------------------


def made(change: Callable[[Any, Any], None]) -> tuple[list[str], list[str]]:
    """The texts of the last column of a table after a change of its workbook and sheet, and the codes of findings."""
    book = openpyxl.Workbook()
    for row in LINES[1:]:
        book.active.append(row)
    change(book, book.active)
    out = io.BytesIO()
    book.save(out)
    data = out.getvalue()
    document = sheet.read(Source("x.xlsx", data, "", len(data)), Limits())
    (grid,) = [b for b in document.blocks if isinstance(b, Grid)]
    last = max(c.column for c in grid.cells)
    return [c.text for c in grid.cells if c.column == last], [f.code for f in document.findings]


def put(value: object, format: str = "General", **font: Any) -> Callable[[Any, Any], None]:
    def change(_: Any, page: Any) -> None:
        page["C2"].value = value
        page["C2"].number_format = format
        if font:
            page["C2"].font = openpyxl.styles.Font(**font)

    return change


@pytest.mark.parametrize(
    ("value", "format", "text"),
    [
        (12345678.9, "0\\.0,", "1234.6"),
        (123456, "0!.0,", "12.3"),
        (12345, "0,", "12"),
        (12.6, "0", "13"),
        (-12.5, "0", "-13"),
        (1234567, "#,##0", "1,234,567"),
        (0, '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', "-"),
        (-5, "0;减0", "减5"),
        (12, '0"件"', "12件"),
        (0.1 + 0.2, "General", "0.3"),
        (40.0000000001, "0", "40"),
        (7, "[=0]\\-;0", "7"),
        (5, ";;;", ""),
        (7, "[DBNum1]0", mark_unread("number in the format DBNum1 0")),
        (0.5, "# ?/?", mark_unread("number in the format # ?/?")),
        (45000, "yyyy-mm-dd", "2023-03-15"),
    ],
)
def test_a_number_is_read_as_its_format_shows_it_or_not_at_all(value: float, format: str, text: str) -> None:
    assert made(put(value, format))[0][1] == text


def test_a_formula_without_a_result_and_an_error_are_marked() -> None:
    assert made(put("=SUM(A1:A2)"))[0][1] == mark_unread("formula without a result")
    assert made(put("#REF!"))[0][1] == mark_unread("error #REF!")


def test_hidden_rows_columns_and_sheets_are_not_there() -> None:
    def hide(book: Any, page: Any) -> None:
        page.row_dimensions[2].hidden = True
        page.insert_cols(3)
        page["C3"].value = "去年"
        page.column_dimensions["C"].hidden = True
        book.create_sheet("去年", 0).append(["甲", "乙", 1])
        book.worksheets[0].sheet_state = "hidden"

    texts, codes = made(hide)
    assert texts == ["统计数", "", "3", "498", "0", "9", "0.35"]
    assert codes == ["text-left-out"]


def test_struck_and_raised_text_is_no_part_of_a_value() -> None:
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont

    raised = CellRichText("12", TextBlock(InlineFont(vertAlign="superscript"), "2"))
    struck = CellRichText(TextBlock(InlineFont(strike=True), "7"), "9")
    assert made(put(raised))[0][1] == "12²"
    assert made(put(struck)) == (["统计数", "9", "", "3", "498", "0", "9", "0.35"], ["text-left-out"])
    assert made(put(5, strike=True))[0][1] == mark_unread("crossed out")
    assert made(put(5, color="FFFFFFFF"))[0][1] == ""


def test_zeros_that_a_sheet_does_not_show_are_blank() -> None:
    def hide(_: Any, page: Any) -> None:
        page.sheet_view.showZeros = False

    assert made(hide)[0][5] == ""


def test_merged_boxes_that_overlap_are_drawn_once() -> None:
    data = workbook()
    two = '<mergeCells count="2"><mergeCell ref="A1:C1"/><mergeCell ref="B1:C4"/></mergeCells>'
    with zipfile.ZipFile(io.BytesIO(data)) as whole:
        part = whole.read("xl/worksheets/sheet1.xml").decode()
    old = part[part.index("<mergeCells") : part.index("</mergeCells>") + len("</mergeCells>")]
    changed = rewritten(data, "xl/worksheets/sheet1.xml", old, two)
    _, grid = sheet.read(Source("x.xlsx", changed, "", 0), Limits()).blocks
    assert isinstance(grid, Grid)
    assert [c.text for c in grid.cells if c.row == 1] == ["（一）主动公开政府信息数", "条", "512"]


@pytest.mark.parametrize("format", ["0" + "%" * 500, "0." + "0" * 300, "0" + "," * 300, "[", '"', ""])
def test_a_format_made_to_harm_is_followed_or_refused(format: str) -> None:
    for value in ("1e35", "5", "-0.5"):
        try:
            assert len(show_number(Decimal(value), format)) < 100
        except NotShown:
            continue


# Formats, colours and conditions -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "format", "text"),
    [
        (12, "0*9", mark_unread("number in the format 0*9")),
        (12, "* 0", "12"),
        (12, "[White]0", ""),
        (-12, "0;[White]-0", ""),
        (12, 'G/通用格式"件"', "12件"),
    ],
)
def test_a_format_may_paint_a_figure_or_fill_its_box(value: float, format: str, text: str) -> None:
    assert made(put(value, format))[0][1] == text


@pytest.mark.parametrize("color", [{"theme": 0}, {"theme": 0, "tint": -0.01}, {"indexed": 9}])
def test_letters_in_a_colour_of_the_ground_are_left_out_however_it_is_named(color: dict[str, Any]) -> None:
    assert made(put(5, color=openpyxl.styles.Color(**color)))[0][1] == ""


def test_text_that_its_box_repeats_is_unread() -> None:
    def fill(_: Any, page: Any) -> None:
        page["C2"].value = 5
        page["C2"].alignment = openpyxl.styles.Alignment(horizontal="fill")

    assert made(fill)[0][1] == mark_unread("text that is repeated in its box")


def test_the_ground_counts_and_a_font_without_a_colour_is_black() -> None:
    def paint(_: Any, page: Any) -> None:
        for row, fill, color in (
            (2, "FF003366", "FFFFFFFF"),
            (3, "FF000000", None),
            (4, "FFFF0000", "FFFF0000"),
        ):
            page.cell(row, 3).value = 5
            page.cell(row, 3).fill = openpyxl.styles.PatternFill("solid", fgColor=fill)
            page.cell(row, 3).font = openpyxl.styles.Font(color=color)

    assert made(paint)[0][1:4] == ["5", "", ""]


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (("cellIs", "greaterThan", "3"), ""),
        (("cellIs", "lessThan", "3"), "5"),
        (("expression", None, "A1>3"), mark_unread("conditional format: in the colour of the ground")),
    ],
)
def test_a_conditional_format_hides_a_figure_or_makes_it_doubtful(
    rule: tuple[str, Any, str], text: str
) -> None:
    from openpyxl.formatting.rule import Rule
    from openpyxl.styles.differential import DifferentialStyle

    kind, operator, formula = rule
    white = DifferentialStyle(font=openpyxl.styles.Font(color="FFFFFFFF"))

    def change(_: Any, page: Any) -> None:
        page["C2"].value = 5
        page.conditional_formatting.add(
            "C2:C3", Rule(type=kind, operator=operator, formula=[formula], dxf=white)
        )

    assert made(change)[0][1] == text


def test_a_conditional_format_that_only_paints_changes_nothing() -> None:
    from openpyxl.formatting.rule import CellIsRule

    red = openpyxl.styles.PatternFill(bgColor="FFFFC7CE")
    dark = openpyxl.styles.Font(color="FF9C0006")

    def change(_: Any, page: Any) -> None:
        page["C2"].value = 5
        page.conditional_formatting.add("C2", CellIsRule("greaterThan", ["3"], font=dark, fill=red))

    assert made(change)[0][1] == "5"


def test_icons_and_bars_in_place_of_a_value_are_marked() -> None:
    from openpyxl.formatting.rule import DataBarRule

    def change(_: Any, page: Any) -> None:
        page["C2"].value = 5
        page.conditional_formatting.add(
            "C2", DataBarRule("min", None, "max", None, "FF638EC6", showValue=False)
        )

    assert made(change)[0][1] == mark_unread("conditional format: picture in place of the value")


def test_a_sheet_that_shows_its_formulas_shows_no_results() -> None:
    parts = rewritten(workbook(), "xl/worksheets/sheet1.xml", "<v>512</v>", "<f>1+1</f><v>512</v>")
    data = rewritten(parts, "xl/worksheets/sheet1.xml", "<sheetView ", '<sheetView showFormulas="1" ')
    (grid,) = [b for b in sheet.read(Source("x.xlsx", data, "", 0), Limits()).blocks if isinstance(b, Grid)]
    assert grid.cells[5].text == mark_unread("formula")


def test_results_that_a_spreadsheet_computes_anew_when_it_opens_the_file_are_unread() -> None:
    data = rewritten(workbook(), "xl/worksheets/sheet1.xml", "<v>512</v>", "<f>1+1</f><v>0</v>")
    assert b"fullCalcOnLoad" in zipfile.ZipFile(io.BytesIO(data)).read("xl/workbook.xml")
    (grid,) = [b for b in sheet.read(Source("x.xlsx", data, "", 0), Limits()).blocks if isinstance(b, Grid)]
    assert grid.cells[5].text == mark_unread("formula that is computed when the file is opened")


# .xls and .xlsb ----------------------------------------------------------------------------------


def in_format(format: str, change: Callable[[Any, Any], None]) -> list[str]:
    """The texts of the last column of a table that LibreOffice saved in an older format."""
    book = openpyxl.Workbook()
    for row in LINES[1:]:
        book.active.append(row)
    change(book, book.active)
    out = io.BytesIO()
    book.save(out)
    data = conversion.convert(out.getvalue(), format, "xlsx")
    assert find_reader(data) is sheet
    document = sheet.read(Source(f"x.{format}", data, "", len(data)), Limits())
    (grid,) = [b for b in document.blocks if isinstance(b, Grid)]
    last = max(c.column for c in grid.cells)
    return [c.text for c in grid.cells if c.column == last]


@pytest.mark.skipif(conversion.find_libreoffice() is None, reason="LibreOffice writes the .xls of this test")
def test_a_workbook_of_excel_97_shows_what_its_formats_and_fonts_show() -> None:
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont

    def change(book: Any, page: Any) -> None:
        for row, value, format, font in (
            (2, 12345678.9, "0\\.0,", {}),
            (3, 12, ";;;", {}),
            (4, 12, "General", {"strike": True}),
            (5, 12, "General", {"color": "FFFFFFFF"}),
            (6, CellRichText("12", TextBlock(InlineFont(vertAlign="superscript"), "2")), "General", {}),
            (7, CellRichText(TextBlock(InlineFont(strike=True), "7"), "9"), "General", {}),
            (8, "=1/0", "General", {}),
        ):
            page.cell(row, 3).value = value
            page.cell(row, 3).number_format = format
            page.cell(row, 3).font = openpyxl.styles.Font(**font)
        page.append(["去年的数", "件", 99])
        page.row_dimensions[9].hidden = True
        book.create_sheet("旧").append(["甲", "乙", 1])
        book["旧"].sheet_state = "hidden"

    found = in_format("xls", change)
    assert found == [
        "统计数",
        "1234.6",
        "",
        mark_unread("crossed out"),
        "",
        "12²",
        "9",
        mark_unread("error #DIV/0!"),
    ]


@pytest.mark.skipif(conversion.find_libreoffice() is None, reason="LibreOffice reads .xlsb")
def test_a_binary_workbook_shows_what_its_formats_show() -> None:
    data = xlsb([["指标", "统计数"], ["公开数", 12345678.9], ["申请数", 20000.0]], "0\\.0,")
    document = sheet.read(Source("x.xlsb", data, "", len(data)), Limits())
    (grid,) = [b for b in document.blocks if isinstance(b, Grid)]
    assert [c.text for c in grid.cells if c.column == 1] == ["统计数", "1234.6", "2.0"]


def test_a_binary_workbook_needs_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversion, "find_libreoffice", lambda: None)
    with pytest.raises(MissingTool):
        sheet.read(Source("x.xlsb", xlsb([["a", 1.0]]), "", 0), Limits())


def ods(manifest: str = "") -> bytes:
    """The frame of an OpenDocument spreadsheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr("content.xml", "<office/>")
        parts.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
    return out.getvalue()


def test_an_opendocument_spreadsheet_is_read_as_libreoffice_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    book = openpyxl.Workbook()
    book.active.append(["公开数", 12])
    book.active.append(["申请数", 0])
    out = io.BytesIO()
    book.save(out)
    asked: list[tuple[bytes, str, str]] = []
    monkeypatch.setattr(sheet, "convert", lambda *given: asked.append(given) or out.getvalue())
    data = ods()
    assert sheet.sniff(data)
    document = sheet.read(Source("x.ods", data, "", len(data)), Limits())
    assert asked == [(data, "xlsx", "ods")]
    assert (document.format, document.reader) == ("ods", "libreoffice")
    assert [str(b) for b in document.blocks] == ["公开数 | 12\n申请数 | 0"]
    locked = ods("<manifest:encryption-data/>")
    with pytest.raises(Encrypted):
        sheet.read(Source("x.ods", locked, "", len(locked)), Limits())


def test_the_records_of_a_sheet_tell_its_formulas_and_whether_they_have_results() -> None:
    def record(number: int, data: bytes = b"") -> bytes:
        return struct.pack("<HH", number, len(data)) + data

    begin, end = record(0x809, bytes(16)), record(0x0A)
    bound = struct.pack("<IBBBB", 0, 0, 0, 1, 0) + b"a"
    head = len(begin + record(0x85, bound) + end)
    bound = struct.pack("<I", head) + bound[4:]
    empty, whole = struct.pack("<Q", 0xFFFF000000000003), struct.pack("<d", 5)
    formulas = b"".join(
        record(0x06, struct.pack("<HHH", row, 2, 0) + value + bytes(8))
        for row, value in ((1, empty), (2, whole), (3, bytes(8)))
    )
    (found,) = biff_records.read_sheet_records(begin + record(0x85, bound) + end + begin + formulas + end)
    assert found.formulas == {(1, 2): False, (2, 2): True, (3, 2): False}


def test_a_sentence_between_two_tables_of_a_sheet_parts_them() -> None:
    """Rows of one box, a blank row of the form or a heading, do not."""
    sentence = "今年以来，我镇把公开融入日常工作，" * 5
    rows = [
        ["规章", "1", "2"],
        ["行政规范性文件", "", ""],
        [sentence, "", ""],
        ["青溪镇人民政府2022年政府信息公开工作年度报告", "", ""],
        ["规章", "3", "4"],
    ]
    texts = {(r, c): text for r, row in enumerate(rows) for c, text in enumerate(row)}
    blocks = lay_out_sheet(SheetCells(texts), 0, Limits())
    assert [str(b) if isinstance(b, Grid) else b.text for b in blocks] == [
        "规章 | 1 | 2\n行政规范性文件 |  | ",
        sentence,
        rows[3][0],
        "规章 | 3 | 4",
    ]
