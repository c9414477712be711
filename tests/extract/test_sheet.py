"""Spreadsheets."""

from __future__ import annotations

import io

import pytest

from builders.zip_parts import rewritten
from gongkai import pipeline
from gongkai.extract import find_reader, sheet
from gongkai.model import Grid, Limits, Paragraph, Source, TooLarge, Unreadable

openpyxl = pytest.importorskip("openpyxl", reason="openpyxl makes the workbooks of these tests")

LINES = [
    ["某县水利局2016年政府信息公开情况统计表"],
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
    assert (report.org, report.year, report.template) == ("某县水利局", 2016, "2014")


def test_a_damaged_workbook_is_unreadable() -> None:
    data = workbook().replace(b"xl/worksheets/sheet1.xml", b"xl/worksheets/sheetX.xml")
    with pytest.raises(Unreadable):
        sheet.read(Source("x.xlsx", data, "", len(data)), Limits())


@pytest.mark.parametrize("place", ["XFD1048576", "XXXXXXXXA5", "A99999999"])
def test_a_box_far_from_all_others_is_refused_before_room_is_made_for_it(place: str) -> None:
    data = rewritten(workbook(), "xl/worksheets/sheet1.xml", 'r="C3"', f'r="{place}"')
    with pytest.raises(TooLarge):
        sheet.read(Source("x.xlsx", data, "", 0), Limits())
