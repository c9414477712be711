"""Tables that stand in a document more than once: which one is the report's, and when nothing is given."""

from __future__ import annotations

from decimal import Decimal

import pytest

from builders import made_grids as build
from gongkai.model import Grid
from gongkai.normalize import normalize

HEADING = "三、收到和处理政府信息公开申请情况"
LABELS = ("一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量", "四、结转下年度继续办理")


def table(block: int, number: int) -> Grid:
    total = [str(number), "0", "0", "0", "0", "0", str(number)]
    return build.grid([*build.HEAD, *([label, "·", "·", *total] for label in LABELS)], block)


def totals(*before: str, between: tuple[str, ...] = (), behind: tuple[str, ...] = ()) -> set[Decimal | None]:
    first = 1 + len(before)
    tables = (table(first, 7), table(first + 1 + len(between), 8))
    (report,) = normalize(build.document(HEADING, *before, tables[0], *between, tables[1], *behind))
    return {f.value for f in report.facts if f.field.column.id == "total"}


@pytest.mark.parametrize(
    ("before", "between", "number"),
    [
        ("原表：", "更正为：", 8),
        ("", "上表有误，更正如下：", 8),
        ("填报示例：", "填报数据：", 8),
        ("一季度申请情况", "全年申请情况", 8),
        ("全年申请情况", "上半年申请情况", 7),
        ("2022年度：", "2023年度：", 8),
        ("2023年度：", "2022年度（对比）：", 7),
        ("", "附件1：会师镇收到和处理政府信息公开申请情况", 7),
    ],
)
def test_a_caption_tells_which_of_two_tables_is_the_reports(before: str, between: str, number: int) -> None:
    assert totals(*filter(None, [before]), between=(between,)) == {number}


@pytest.mark.parametrize("between", ["", "会师镇：", "2023年度：", "二季度申请情况"])
def test_what_two_tables_differ_in_is_not_given_where_nothing_tells(between: str) -> None:
    assert totals(between=(between,) if between else ("另表：",)) == set()


def test_a_section_in_the_sheet_of_table_four_is_no_second_table() -> None:
    """Sections below a table in one sheet are rows of it: 无。 under 六、 stands below the heads of table four."""
    results = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    wide = ["·"] * 14
    rows = [
        ["四、政府信息公开行政复议、行政诉讼情况", *wide],
        ["行政复议", *["·"] * 4, "行政诉讼", *["·"] * 9],
        [*results, "未经复议直接起诉", *["·"] * 4, "复议后起诉", *["·"] * 4],
        [*["·"] * 5, *results, *results],
        ["1", "—", "—", "—", "1", *["—"] * 10],
        ["五、存在的主要问题及改进情况", *wide],
        ["公众参与度不高，将加以改进。", *wide],
        ["六、其他需要报告的事项", *wide],
        ["无。", *wide],
    ]
    (report,) = normalize(build.document(build.grid(rows)))
    got = {(f.field.row.id, f.field.column.id): f.value for f in report.facts}
    assert (len(got), got.get(("reconsideration", "upheld"))) == (15, 1)
