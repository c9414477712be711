"""A row that the end of a page cuts within its label."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from builders import made_grids as build
from gongkai.model import Grid
from gongkai.normalize import normalize

GROUP = "三、本年度办理结果\n（四）无法提供"
HEADS = ["项目", "自然人", *build.APPLICANTS, "总计"]
Lines = list[list[str | None]]


def on_two_pages(lines: Lines, cut: int) -> Grid:
    grid = build.grid(lines, 1)
    cells = (replace(c, place=replace(c.place, page=1 + (c.row >= cut))) for c in grid.cells)
    return replace(grid, cells=tuple(cells))


def values(other: str) -> dict[tuple[str, str], Decimal | None]:
    lines: Lines = [
        HEADS,
        ["一、本年新收政府信息公开申请数量", "5", "0", "0", "0", "0", "0", "5"],
        [GROUP, "3", "0", "0", "0", "0", "0", "3"],
        ["1.本机关不掌握相关政府信息", *[""] * 7],
        [other, *["0"] * 7],
    ]
    (report,) = normalize(build.document("标题", on_two_pages(lines, 3)))
    return {(f.field.row.id, f.field.column.id): f.value for f in report.facts}


def test_a_label_that_goes_on_below_the_cut_has_the_numbers_above_it() -> None:
    got = values(GROUP + "\n2.没有现成信息需要另行制作")
    assert (got["unavailable_not_held", "total"], got["unavailable_must_be_created", "total"]) == (3, 0)


@pytest.mark.parametrize("other", ["2.没有现成信息需要另行制作"])
def test_numbers_of_a_label_that_may_be_its_own_row_make_the_next_one_unsure(other: str) -> None:
    got = values(other)
    assert ("unavailable_not_held", "total") not in got
    assert got["unavailable_must_be_created", "total"] == 0
