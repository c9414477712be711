"""Tables without rules, from alignment alone."""

from __future__ import annotations

from gongkai.extract.page.borderless import find_aligned_grids, split_lines
from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.glyph_text import line_text
from gongkai.model import Grid

SIZE = 10.0


def line(top: float, *words: tuple[float, str]) -> list[Glyph]:
    """Words at their left edges; Chinese characters are as wide as high, figures half as wide."""
    glyphs = []
    for x, text in words:
        for c in text:
            wide = SIZE / 2 if c.isascii() else SIZE
            glyphs.append(Glyph(c, x, top, x + wide, top + SIZE))
            x += wide
    return glyphs


def values(top: float, label: str, *numbers: str) -> list[Glyph]:
    """A row: its label at the left, its numbers in the middle of columns 60 points wide."""
    placed = [(250 + 60 * i - len(n) * SIZE / 4, n) for i, n in enumerate(numbers)]
    return line(top, (50, label), *placed)


def rows(grid: Grid) -> list[list[str]]:
    held = [[""] * grid.columns for _ in range(grid.rows)]
    for cell in grid.cells:
        held[cell.row][cell.column] = cell.text
    return held


def test_a_head_broken_over_two_lines_is_one_box() -> None:
    heads = [
        line(100, (235, "自然人"), (290, "社会公益"), (350, "法律服务"), (420, "总计")),
        line(110.5, (290, "组织"), (350, "机构")),
    ]
    body = [
        values(130, "一、本年新收", "1", "2", "3", "6"),
        values(146, "二、上年结转", "0", "1", "0", "1"),
        values(162, "（一）予以公开", "1", "1", "0", "2"),
    ]
    (grid,), taken = find_aligned_grids([*heads, *body], 1)
    assert rows(grid) == [
        ["", "自然人", "社会公益\n组织", "法律服务\n机构", "总计"],
        ["一、本年新收", "1", "2", "3", "6"],
        ["二、上年结转", "0", "1", "0", "1"],
        ["（一）予以公开", "1", "1", "0", "2"],
    ]
    assert taken == {0, 1, 2, 3, 4}


def test_a_head_over_several_columns_takes_in_none_of_them() -> None:
    heads = [
        line(100, (265, "法人或其他组织")),
        line(112, (235, "商业"), (295, "科研"), (355, "公益")),
    ]
    body = [
        values(130, "一、本年新收", "1", "2", "3"),
        values(146, "二、上年结转", "0", "1", "0"),
        values(162, "（一）予以公开", "1", "1", "0"),
    ]
    (grid,), _ = find_aligned_grids([*heads, *body], 1)
    assert "法人或其他组织" in [text for text in rows(grid)[0] if text]
    assert rows(grid)[1] == ["", "商业", "科研", "公益"]


def test_a_long_label_between_rows_of_values_is_no_prose() -> None:
    long = "（二）部分公开（区分处理的，只计这一情形，不计其他情"
    body = [
        values(100, "一、本年新收", "1", "2", "3", "6", "7"),
        line(111, (50, long)),
        values(122, "形）", "1", "0", "3", "4", "7"),
        values(138, "1.属于国家秘密", "0", "2", "3", "5", "7"),
    ]
    grids, taken = find_aligned_grids([*body, line(300, (50, "本年度没有其他需要报告的事项。"))], 1)
    assert len(grids) == 1 and taken == {0, 1, 2, 3}


def test_a_sentence_between_rows_of_values_is_prose() -> None:
    body = [
        values(100, "一、本年新收", "1", "2", "3", "6", "7"),
        line(111, (50, "以上数据由各单位报送，未经本机关核对，仅供各单位参考。")),
        values(122, "二、上年结转", "1", "0", "3", "4", "7"),
    ]
    assert find_aligned_grids(body, 1)[1] == {0, 2}


def test_a_flat_character_ends_no_word() -> None:
    """The box of 一 is as flat as its stroke: a gap as wide as half of that parts nothing."""
    above = Glyph("上", 100, 100, 110, 110)
    flat = Glyph("一", 110.4, 104.7, 119.6, 105.4)
    after = Glyph("年", 120, 100, 130, 110)
    apart = Glyph("3", 150, 100, 155, 110)
    assert [len(word) for word in split_lines([[above, flat, after, apart]])[0]] == [3, 1]


def test_a_number_that_nearly_touches_its_label_is_a_value_where_others_begin_under_each_other() -> None:
    """In boxes without room at their walls; in prose a number stands as near to the words before it."""
    labels = ("行政许可", "行政处罚决定", "行政强制措施", "行政征收", "行政奖励")
    body = [line(100 + 16 * n, (50, label), (111, "27")) for n, label in enumerate(labels)]
    assert [[line_text(w) for w in words] for words in split_lines(body)] == [
        [label, "27"] for label in labels
    ]
    prose = [line(100, (50, "全年共办理"), (100.3, "27"), (110.6, "件并公布"))]
    assert [len(words) for words in split_lines(prose)] == [1]
    numbered = [
        line(100, (50, "2."), (61, "重复申请")),
        *(line(120 + 16 * n, (61, "属于查询")) for n in range(3)),
    ]
    assert [len(words) for words in split_lines(numbered)] == [1, 1, 1, 1]
