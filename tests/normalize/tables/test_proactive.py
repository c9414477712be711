"""Table two, from Grids built by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from builders import made_grids as build


def read(heads: list[str], values: str) -> Any:
    from gongkai.normalize import normalize

    grid = build.grid([["第二十条第（一）项", "·", "·", "·"], ["信息内容", *heads], ["规章", *values]])
    (report,) = normalize(build.document("二、主动公开政府信息情况", grid))
    return report


def test_a_head_that_stands_twice_is_taken_by_its_position_and_reported() -> None:
    report = read(["本年制发件数", "本年制发件数", "现行有效件数"], "123")
    assert {f.field.column.id: f.value for f in report.facts} == {"issued": 1, "repealed": 2, "in_force": 3}
    assert max(f.confidence for f in report.facts) <= 0.9
    assert "label-contradicts" in [f.code for f in report.findings]


def test_a_head_that_stands_twice_among_heads_in_another_order_is_not_taken() -> None:
    report = read(["本年废止件数", "本年制发件数", "本年制发件数"], "123")
    assert report.facts == ()
    assert "row-unaligned" in [f.code for f in report.findings]


def blocks_of_two_forms() -> Any:
    from gongkai.normalize import normalize

    rows: list[list[str | None]] = [
        ["第二十条第（一）项", "·", "·", "·"],
        ["信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量"],
        ["规章", "2", "1", "12"],
        ["规范性文件", "4", "3", "31"],
        ["第二十条第（五）项", "·", "·", "·"],
        ["信息内容", "本年处理决定数量", "·", "·"],
        ["行政许可", "15", "·", "·"],
        ["第二十条第（八）项", "·", "·", "·"],
        ["信息内容", "本年收费金额（单位：万元）", "·", "·"],
        ["行政事业性收费", "28.5", "·", "·"],
    ]
    grid = build.grid(rows)
    (report,) = normalize(build.document("二、主动公开政府信息情况", grid))
    return report


def test_blocks_of_two_forms_in_one_table_are_read_each_under_its_own() -> None:
    report = blocks_of_two_forms()
    found = {(f.field.row.id, f.field.column.id): (f.field.template, f.value) for f in report.facts}
    assert found[("regulations", "total_disclosed")] == ("2019", 12)
    assert found[("administrative_licensing", "decisions")] == ("2021", 15)
    assert found[("administrative_fees", "fees_collected")] == ("2021", Decimal("28.5"))
    assert (report.template, len(found)) == ("mixed", 8)
    assert "cell-missing" not in [f.code for f in report.findings]
    assert [f.row for f in report.findings if f.code == "row-missing"] == [
        "administrative_penalties",
        "administrative_coercion",
    ]


@pytest.mark.parametrize("sign", ["增", "减", "减少", "+"])
def test_a_lone_sign_is_a_value_that_was_not_read_and_no_label(sign: str) -> None:
    from gongkai.normalize import normalize

    heads = ["信息内容", "上一年项目数量", "本年增/减", "处理决定数量"]
    grid = build.grid([heads, ["行政处罚", "17", sign, "25"], ["行政强制", "0", "0", "0"]])
    (report,) = normalize(build.document("二、主动公开政府信息情况", grid))
    values = {
        f.field.column.id: f.value for f in report.facts if f.field.row.id == "administrative_penalties"
    }
    assert values == {"prior_year_items": 17, "change": None, "decisions": 25}
    assert [f.code for f in report.findings if f.column == "change"] == ["number-unreadable"]


@pytest.mark.parametrize("printed", ["318万", "318（万）", "318 万元"])
def test_ten_thousands_of_money_are_that(printed: str) -> None:
    from gongkai.normalize import normalize

    heads = ["信息内容", "采购项目数量", "采购总金额"]
    grid = build.grid([heads, ["政府集中采购", "2", printed]])
    (report,) = normalize(build.document("二、主动公开政府信息情况", grid))
    assert {f.field.column.id: f.value for f in report.facts}["procurement_amount"] == 318


def test_as_many_as_before_is_a_number_only_where_a_change_stands() -> None:
    from gongkai.normalize import normalize

    heads = ["信息内容", "上一年项目数量", "本年增/减", "处理决定数量"]
    grid = build.grid([heads, ["行政处罚", "17", "持平", "持平"], ["行政强制", "0", "0", "0"]])
    (report,) = normalize(build.document("二、主动公开政府信息情况", grid))
    values = {
        f.field.column.id: f.value for f in report.facts if f.field.row.id == "administrative_penalties"
    }
    assert values == {"prior_year_items": 17, "change": 0, "decisions": None}


def test_a_count_in_ten_thousands_is_not_taken() -> None:
    report = read(["本年制发件数", "本年废止件数", "现行有效件数"], ["2万", "1", "3"])  # type: ignore[arg-type]
    assert {f.field.column.id: f.value for f in report.facts} == {
        "issued": None,
        "repealed": 1,
        "in_force": 3,
    }


def test_a_head_of_2021_alone_in_its_block_makes_a_table_mixed() -> None:
    """The rows of 2019 that such a block lacks are no gaps: no box of another column fills them."""
    from gongkai.normalize import normalize

    rows: list[list[str | None]] = [
        ["第二十条第（一）项", "·", "·", "·"],
        ["信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量"],
        ["规章", "2", "1", "12"],
        ["规范性文件", "4", "3", "31"],
        ["第二十条第（六）项", "·", "·", "·"],
        ["信息内容", "本年处理决定数量", "", ""],
        ["行政处罚", "15", "", ""],
        ["行政强制", "8", "", ""],
    ]
    (report,) = normalize(build.document("二、主动公开政府信息情况", build.grid(rows)))
    found = {(f.field.row.id, f.field.column.id): (f.field.template, f.value) for f in report.facts}
    assert found["administrative_penalties", "decisions"] == ("2021", 15)
    assert (report.template, len(found)) == ("mixed", 8)
    assert not {f.code for f in report.findings} & {"cell-missing", "assignments-differ"}


def test_numbers_that_are_alike_are_no_written_out_span_where_each_head_has_a_column_a_year() -> None:
    from gongkai.normalize import normalize

    rows: list[list[str | None]] = [
        ["第二十条第（一）项", *["·"] * 6],
        ["信息内容", "本年制发件数", "·", "本年废止件数", "·", "现行有效件数", "·"],
        ["·", "2023年", "2022年", "2023年", "2022年", "2023年", "2022年"],
        ["规章", "0", "2", "0", "0", "0", "0"],
        ["行政规范性文件", "18", "22", "25", "24", "117", "115"],
        ["第二十条第（五）项", *["·"] * 6],
        ["信息内容", "本年处理决定数量", *["·"] * 5],
        ["行政许可", "96", "·", "·", "94", "·", "·"],
        ["第二十条第（六）项", *["·"] * 6],
        ["信息内容", "本年处理决定数量", *["·"] * 5],
        ["行政处罚", "15", "·", "·", "16", "·", "·"],
        ["行政强制", "0", "·", "·", "0", "·", "·"],
    ]
    (report,) = normalize(build.document("二、主动公开政府信息情况", build.grid(rows, 1)))
    assert {f.value for f in report.facts} <= {0}
    assert not [f for f in report.facts if f.field.row.id == "regulations"]
