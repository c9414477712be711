"""Heads that changed places: numbers that are counted would go to other columns, and no sum tells."""

from __future__ import annotations

import pytest

from gongkai.extract import text
from gongkai.model import Limits, Source
from gongkai.normalize import normalize
from gongkai.normalize.form.template import table
from gongkai.normalize.solve.head_order import are_heads_moved

INNER = ["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]
MOVED = ["科研机构", "商业企业", "社会公益组织", "法律服务机构", "其他"]
LAST = ["其他", "商业企业", "科研机构", "社会公益组织", "法律服务机构"]
OUTER = ["自然人", "法人或其他组织", "总计"]


@pytest.mark.parametrize("separator", ["\t", " ", "\n"])
@pytest.mark.parametrize(("inner", "is_moved"), [(INNER, False), (MOVED, True), (LAST, True)])
def test_heads_of_one_line_or_with_a_line_each_are_compared(
    separator: str, inner: list[str], is_moved: bool
) -> None:
    lines = separator.join([*OUTER, *inner]).split("\n")
    assert are_heads_moved([line.split("\t") for line in lines]) is is_moved


def test_natural_persons_behind_the_others_are_moved() -> None:
    assert are_heads_moved([["法人或其他组织", "自然人", "总计"], INNER])
    assert not are_heads_moved([["法人或其他组织"], ["自然人", "总计"], INNER])


def test_pieces_of_wrapped_heads_are_put_together() -> None:
    assert are_heads_moved([["科研机"], ["构"], ["商业企"], ["业"]])
    assert not are_heads_moved([["商业企"], ["业"], ["科研机"], ["构"]])
    assert not are_heads_moved(
        [["社会公益", "法律服务"], ["自然人", "商业企业", "科研机构", "其他"], ["组织", "机构"]]
    )


def test_the_heads_of_two_halves_side_by_side_are_in_order() -> None:
    assert not are_heads_moved([[*OUTER[:1], *INNER, *OUTER[:1], *INNER]])


def facts_of(lines: list[str]) -> int:
    data = "\n".join(
        ["某县2023年政府信息公开工作年度报告", "一、总体情况", "全年公开12条。", *lines]
    ).encode()
    (report,) = normalize(text.read(Source("x.txt", data, "0" * 64, len(data)), Limits()))
    return len(report.facts)


@pytest.mark.parametrize("separator", ["\t", " ", "   "])
@pytest.mark.parametrize(("inner", "is_read"), [(INNER, True), (MOVED, False)])
def test_numbers_of_a_text_are_not_counted_under_heads_that_moved(
    separator: str, inner: list[str], is_read: bool
) -> None:
    rows = [row.path[-1] for row in table("2021", "requests").rows]
    numbers = {rows[0]: "3 1 0 0 0 0 4", rows[2]: "2 1 0 0 0 0 3"}
    numbers |= {row: "2 1 0 0 0 0 3" for row in rows if "总计" in row} | {rows[-1]: "1 0 0 0 0 0 1"}
    lines = [separator.join([row, *numbers.get(row, "0 0 0 0 0 0 0").split(" ")]) for row in rows]
    heads = ["申请人情况", separator.join(OUTER), separator.join(inner)]
    assert (facts_of(["三、收到和处理政府信息公开申请情况", *heads, *lines]) > 0) is is_read


@pytest.mark.parametrize(("heads", "is_read"), [((0, 1, 2), True), ((1, 0, 2), False), ((2, 0, 1), False)])
def test_numbers_of_table_two_are_not_counted_under_heads_that_moved(
    heads: tuple[int, ...], is_read: bool
) -> None:
    names = ["本年制发件数", "本年废止件数", "现行有效件数"]
    lines = [
        "二、主动公开政府信息情况",
        "第二十条第（一）项",
        "信息内容 " + " ".join(names[i] for i in heads),
        "规章 0 0 12",
        "行政规范性文件 3 1 25",
        "第二十条第（五）项",
        "信息内容 本年处理决定数量",
        "行政许可 41",
        "第二十条第（六）项",
        "信息内容 本年处理决定数量",
        "行政处罚 7",
        "行政强制 2",
        "第二十条第（八）项",
        "信息内容 本年收费金额（单位：万元）",
        "行政事业性收费 3.5",
    ]
    assert (facts_of(lines) > 0) is is_read
