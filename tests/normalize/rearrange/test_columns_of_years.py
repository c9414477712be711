"""Tables with the year before beside this year: only this year is taken, or nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from builders import made_grids as build
from gongkai.normalize import normalize

HEADS = ["自然人", *build.APPLICANTS, "总计"]
TITLE = "安陵县水利局2023年政府信息公开工作年度报告"
NEW, CARRIED = "一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量"
OWN, OTHER = ["3", "1", "0", "0", "0", "0", "4"], ["70", "7", "0", "0", "0", "0", "77"]
Lines = list[list[str | None]]


def values(lines: Lines, title: str = TITLE) -> dict[tuple[str, str], Decimal | None]:
    (report,) = normalize(build.document(title, build.grid(lines, 1)))
    return {(f.field.row.id, f.field.column.id): f.value for f in report.facts}


def inner(own: str, other: str, *, first: bool = True) -> Lines:
    """Table three with two years below each head."""
    years = [own, other] if first else [other, own]
    pairs = [n for pair in zip(OWN, OTHER, strict=True) for n in (pair if first else pair[::-1])]
    return [
        ["", *(t for head in HEADS for t in (head, "·"))],
        ["·", *years * 7],
        [NEW, *pairs],
        [CARRIED, *["0"] * 14],
    ]


def outer(heads: list[str]) -> Lines:
    """Table three with all heads below each year."""
    return [
        ["", "2022年", *["·"] * 6, "2023年", *["·"] * 6],
        ["·", *HEADS, *heads],
        [NEW, *OTHER, *OWN],
        [CARRIED, *["0"] * 14],
    ]


@pytest.mark.parametrize(
    "lines",
    [
        inner("2023年", "2022年"),
        inner("2023年度", "2022年度", first=False),
        inner("本年", "上年同期"),
        outer(HEADS),
    ],
)
def test_the_numbers_of_this_year_are_taken(lines: Lines) -> None:
    got = values(lines)
    assert [got["new_requests", c] for c in ("natural_person", "commercial_enterprise", "total")] == [3, 1, 4]
    assert len(got) == 14


def test_the_period_of_the_figures_tells_the_year_where_the_title_has_none() -> None:
    lines = "安陵县水利局政府信息公开工作年度报告\n本报告所列数据的统计期限为2023年1月1日至12月31日。"
    assert values(inner("2023年", "2022年"), lines)["new_requests", "total"] == 4


def test_each_block_of_table_two_has_years_of_its_own() -> None:
    got = values(
        [
            ["第二十条第（一）项", "·", "·", "·", "·", "·", "·"],
            ["信息内容", "本年制发件数", "·", "本年废止件数", "·", "现行有效件数", "·"],
            ["·", "2022年", "2023年", "2022年", "2023年", "2022年", "2023年"],
            ["行政规范性文件", "71", "2", "72", "3", "73", "4"],
            ["第二十条第（五）项", "·", "·", "·", "·", "·", "·"],
            ["信息内容", "本年处理决定数量", "·", "·", "·", "·", "·"],
            ["·", "2022年", "·", "·", "2023年", "·", "·"],
            ["行政许可", "74", "·", "·", "5", "·", "·"],
        ]
    )
    assert {k: int(v or 0) for k, v in got.items()} == {
        ("normative_documents", "issued"): 2,
        ("normative_documents", "repealed"): 3,
        ("normative_documents", "in_force"): 4,
        ("administrative_licensing", "decisions"): 5,
    }


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (inner("2022年", "2021年"), TITLE),  # neither is the report's
        (inner("2023年", "2022年"), "安陵县水利局政府信息公开工作年度报告"),  # nobody says which is
        (outer([HEADS[-1], *HEADS[:-1]]), TITLE),  # the years have other heads
        (inner("2023年", "单位"), TITLE),
    ],
)
def test_what_the_heads_do_not_tell_is_left_out(lines: Lines, title: str) -> None:
    assert 77 not in values(lines, title).values()
    assert ("new_requests", "total") not in values(lines, title)
