"""The list of 2014 to 2018."""

from __future__ import annotations

from builders import made_grids as build
from gongkai.normalize import normalize

LINES = [
    ["统 计 指 标", "单位", "统计数"],
    ["一、主动公开情况", "——", "——"],
    ["（一）主动公开政府信息数（不同渠道和方式公开相同信息计1条）", "条", "512"],
    ["其中：主动公开规范性文件数", "条", "7"],
    ["制发规范性文件总数", "件", ""],
    ["本县自设的指标数", "件", "3"],
    ["（一）收到申请数", "件", "9"],
    ["1.当面申请数", "件", "4"],
    ["2.传真申请数", "件", "0"],
    ["3.网络申请数", "件", "5"],
    ["4.信函申请数", "件", "0"],
    ["四、行政复议数量", "件", "2"],
    ["（二）被依法纠错数", "件", "1"],
    ["五、行政诉讼数量", "件", "6"],
    ["（二）被依法纠错数", "件", "5"],
    ["七、依申请公开信息收取的费用", "万元", "0.35"],
]


def report():  # type: ignore[no-untyped-def]
    (only,) = normalize(build.document("某县2016年政府信息公开工作年度报告", "一、概述", build.grid(LINES)))
    return only


def test_every_line_with_a_value_is_a_fact_and_headings_are_none() -> None:
    got = {f.field.row.id: f.value for f in report().facts if f.field.column.id == "value"}
    assert got["proactive_information"] == 512
    assert got["normative_documents_issued"] == 0
    assert f"{got['request_fees']}" == "0.35"
    assert "heading_proactive" not in got
    assert len(got) == 14


def test_the_block_decides_between_two_rows_of_one_label() -> None:
    got = {f.field.row.id: f.value for f in report().facts}
    assert (got["reconsideration_corrected"], got["litigation_corrected"]) == (1, 5)


def test_a_line_of_the_place_itself_keeps_its_label() -> None:
    local = [f for f in report().facts if f.field.row.id.startswith("local_")]
    assert [(f.field.row.zh, f.value) for f in local] == [("本县自设的指标数", 3)]


def test_the_form_is_that_of_2014() -> None:
    assert report().template == "2014"
