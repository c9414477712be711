"""A table without rules whose rows are broken over lines: pieces of numbers are not taken for numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builders import made_grids
from gongkai.model import Report
from gongkai.normalize import normalize

HEADS = ["", "自然人", *made_grids.APPLICANTS, "总计"]


def row(label: str, number: str) -> list[str | None]:
    return [label, number, "", "", "", "", "", number]


#: 826 on three lines; on the first and the third stands a piece of the label that no row of the form has
BROKEN = [
    row("一、本年新", "8"),
    row("收政府信息公开申请数量", "2"),
    row("（含网上）", "6"),
    row("二、上年结", "1"),
    row("转政府信息公开申请数量", "2"),
    row("予以", "7"),
    row("（一）予以公开", "5"),
    row("的情形", "0"),
    row("四、结转下年度继续办理", "6"),
]


def report(lines: list[list[str | None]], ruled: bool) -> Report:
    grid = replace(made_grids.grid([HEADS, *lines], 1), ruled=ruled)
    (found,) = normalize(made_grids.document("三、收到和处理政府信息公开申请情况", grid))
    return found


def test_pieces_of_numbers_are_not_taken() -> None:
    found = report(BROKEN, ruled=False)
    assert [f.field.address for f in found.facts if f.field.table == "requests" and f.value] == []
    assert "row-unaligned" in {f.code for f in found.findings}


@pytest.mark.parametrize("ruled", [True, False])
def test_a_table_whose_rows_are_whole_is_read(ruled: bool) -> None:
    whole = [
        row("一、本年新收政府信息公开申请数量", "826"),
        row("二、上年结转政府信息公开申请数量", "12"),
        row("（一）予以公开", "750"),
        row("（七）总计", "750"),
        row("四、结转下年度继续办理", "88"),
    ]
    values = {f.field.row.id: f.value for f in report(whole, ruled).facts if f.field.column.id == "total"}
    assert (values["new_requests"], values["carried_out"]) == (826, 88)
