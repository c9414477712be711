"""Table four with its cases in another order than the form's, from Grids and texts built by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from builders import made_grids as build
from gongkai.extract import text
from gongkai.model import Limits, Source
from gongkai.normalize import normalize

RESULTS = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
FIVE = [["1", "0", "0", "1", "2"], ["3", "0", "1", "0", "4"], ["5", "1", "0", "0", "6"]]
CASES = ("reconsideration", "litigation_direct", "litigation_after_reconsideration")
SPAN = ["·"] * 4
HEADING = "四、政府信息公开行政复议、行政诉讼情况"
LITIGATION_FIRST: list[list[str | None]] = [
    ["行政诉讼", *["·"] * 9, "行政复议", *SPAN],
    ["未经复议直接起诉", *SPAN, "复议后起诉", *SPAN, *RESULTS],
    [*RESULTS, *RESULTS, *["·"] * 5],
    [*FIVE[1], *FIVE[2], *FIVE[0]],
]
AFTER_FIRST: list[list[str | None]] = [
    ["行政复议", *SPAN, "行政诉讼", *["·"] * 9],
    [*RESULTS, "复议后起诉", *SPAN, "未经复议直接起诉", *SPAN],
    [*["·"] * 5, *RESULTS, *RESULTS],
    [*FIVE[0], *FIVE[2], *FIVE[1]],
]


def upheld_of(lines: list[list[str | None]]) -> dict[str, Decimal | None]:
    (report,) = normalize(build.document(HEADING, build.grid(lines, 1)))
    return {f.field.row.id: f.value for f in report.facts if f.field.column.id == "upheld"}


@pytest.mark.parametrize("lines", [LITIGATION_FIRST, AFTER_FIRST])
def test_a_case_is_read_below_its_own_head_wherever_it_stands(lines: list[list[str | None]]) -> None:
    assert upheld_of(lines) == dict(zip(CASES, (1, 3, 5), strict=True))


def facts_of_text(lines: list[list[str | None]], separator: str) -> int:
    rows = [separator.join(c for c in line if c not in (None, "·")) for line in lines]
    data = "\n".join(
        ["某县2023年政府信息公开工作年度报告", HEADING, *rows, "五、存在的主要问题", "无。"]
    ).encode()
    (report,) = normalize(text.read(Source("x.txt", data, "0" * 64, len(data)), Limits()))
    return len(report.facts)


@pytest.mark.parametrize("separator", ["\t", "  ", "\n"])
@pytest.mark.parametrize("lines", [LITIGATION_FIRST, AFTER_FIRST])
def test_numbers_of_a_text_are_not_counted_where_its_cases_have_another_order(
    lines: list[list[str | None]], separator: str
) -> None:
    assert facts_of_text(lines, separator) == 0


def test_one_nought_over_all_results_is_each_of_them() -> None:
    blank: list[list[str | None]] = [
        ["行政复议", *SPAN, "行政诉讼", *["·"] * 9],
        [*RESULTS, "未经复议直接起诉", *SPAN, "复议后起诉", *SPAN],
        [*["·"] * 5, *RESULTS, *RESULTS],
    ]
    assert upheld_of([*blank, ["0", *["·"] * 14]]) == dict.fromkeys(CASES, 0)
    assert upheld_of([*blank, ["3", *["·"] * 14]]) == {}


TOTAL_FIRST = ["总计", *RESULTS[:-1]]


def test_results_are_read_below_their_heads_wherever_the_total_stands() -> None:
    lines: list[list[str | None]] = [
        ["行政复议", *SPAN, "行政诉讼", *["·"] * 9],
        [*TOTAL_FIRST, "未经复议直接起诉", *SPAN, "复议后起诉", *SPAN],
        [*["·"] * 5, *TOTAL_FIRST, *TOTAL_FIRST],
        [five for row in FIVE for five in [row[-1], *row[:-1]]],
    ]
    assert upheld_of(lines) == dict(zip(CASES, (1, 3, 5), strict=True))


def test_fifteen_numbers_on_a_line_are_not_counted_under_results_in_another_order() -> None:
    lines: list[list[str | None]] = [
        ["行政复议 行政诉讼 未经复议直接起诉 复议后起诉"],
        [" ".join(["结果纠正", "结果维持", *RESULTS[2:]] * 3)],
        [" ".join(number for row in FIVE for number in row)],
    ]
    assert facts_of_text(lines, " ") == 0
