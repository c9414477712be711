"""Two documents side by side."""

from __future__ import annotations

from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.ruling_line import RulingLine
from gongkai.extract.page.two_up import find_gutter, order_halves


def page(at: float) -> list[Glyph]:
    return [
        Glyph("字", at + 10 * i, 20.0 * n, at + 10 * i + 10, 20.0 * n + 10)
        for n in range(10)
        for i in range(20)
    ]


def test_nothing_crosses_the_gutter_of_two_pages() -> None:
    at = find_gutter([*page(60), *page(480)], [], 842, 595)
    assert at is not None
    assert 260 < at < 480


def test_a_rule_across_the_middle_joins_the_page() -> None:
    assert find_gutter([*page(60), *page(480)], [RulingLine(60, 100, 780, 100)], 842, 595) is None


def test_an_upright_page_is_one_page() -> None:
    assert find_gutter([*page(60), *page(350)], [], 595, 842) is None


def test_sheets_of_one_report_are_read_one_after_the_other_and_those_of_two_side_by_side() -> None:
    lines = {
        "L1": ["题目", "一、总体情况"],
        "R1": ["二、主动公开", "三、申请"],
        "L2": ["四、复议"],
        "R2": ["五、问题"],
    }
    left, right = ["L1", "L2"], ["R1", "R2"]
    assert order_halves(left, right, lines.__getitem__) == ["L1", "R1", "L2", "R2"]
    lines |= {"R1": ["二、主动公开", "六、其他"], "L2": ["无。"], "R2": [""]}
    assert order_halves(left, right, lines.__getitem__) == ["L1", "R1", "L2", "R2"]
    lines |= {"R1": ["一、总体情况", "二、主动公开"], "L2": ["二、主动公开", "三、申请"], "R2": ["三、申请"]}
    assert order_halves(left, right, lines.__getitem__) == ["L1", "L2", "R1", "R2"]


def test_the_numbers_of_rows_are_no_sections() -> None:
    lines = {
        "L1": ["一、总体情况", "三、收到和处理"],
        "R1": ["一、本年新收", "三、本年度办理结果", "四、结转下年度", "四、复议", "五、问题"],
        "L2": ["六、其他"],
        "R2": [""],
    }
    assert order_halves(["L1", "L2"], ["R1", "R2"], lines.__getitem__) == ["L1", "R1", "L2", "R2"]
