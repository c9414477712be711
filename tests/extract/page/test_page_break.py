"""Grids cut by the end of a page, built by hand."""

from __future__ import annotations

from dataclasses import replace

from gongkai.extract.page.page_break import join_grids
from gongkai.model import Cell, Grid, Place

WIDE = 50.0
Box = tuple[int, int, int, int, str]  # row, column, height, width, text


def part(page: int, *boxes: Box) -> Grid:
    cells = tuple(
        Cell(r, c, h, w, text, Place(page, None, r, c, (c * WIDE, r * 20.0, (c + w) * WIDE, (r + h) * 20.0)))
        for r, c, h, w, text in boxes
    )
    rows = max(c.row + c.rowspan for c in cells)
    columns = max(c.column + c.colspan for c in cells)
    return Grid(cells, rows, columns, Place(page, None, None, None, (0.0, 0.0, columns * WIDE, rows * 20.0)))


def row(r: int, *texts: str) -> list[Box]:
    return [(r, c, 1, 1, text) for c, text in enumerate(texts)]


def whole(upper: Grid, lower: Grid) -> str:
    blocks, _ = join_grids([upper, lower])
    assert len(blocks) == 1
    return str(blocks[0])


def test_an_empty_strip_above_the_cut_is_part_of_the_row_below() -> None:
    upper = part(1, *row(0, "1.甲种情形", "3", "4", "7"), *row(1, "", "", "", ""))
    lower = part(2, *row(0, "2.乙种情形", "5", "6", "11"))
    assert whole(upper, lower) == "1.甲种情形 | 3 | 4 | 7\n2.乙种情形 | 5 | 6 | 11"


def test_an_empty_strip_below_the_cut_is_part_of_the_row_above() -> None:
    upper = part(1, *row(0, "1.甲种情形", "3", "4", "7"))
    lower = part(2, *row(0, "", "", "", ""), *row(1, "2.乙种情形", "5", "6", "11"))
    assert whole(upper, lower) == "1.甲种情形 | 3 | 4 | 7\n2.乙种情形 | 5 | 6 | 11"


def test_an_empty_row_below_heads_is_one_of_values() -> None:
    upper = part(1, *row(0, "结果维持", "结果纠正", "总计"))
    lower = part(2, *row(0, "", "", ""))
    assert whole(upper, lower) == "结果维持 | 结果纠正 | 总计\n |  | "


def test_a_label_that_begins_above_its_values_is_whole_again() -> None:
    upper = part(1, *row(0, "1.甲种情形", "3", "4", "7"), *row(1, "2.其他法律行政", "", "", ""))
    lower = part(2, *row(0, "法规禁止公开", "5", "6", "11"))
    assert whole(upper, lower) == "1.甲种情形 | 3 | 4 | 7\n2.其他法律行政/法规禁止公开 | 5 | 6 | 11"


def test_a_blank_row_keeps_to_itself_before_a_row_with_a_number_of_its_own() -> None:
    upper = part(1, *row(0, "1.甲种情形", "", "", ""))
    lower = part(2, *row(0, "2.乙种情形", "5", "6", "11"))
    assert whole(upper, lower) == "1.甲种情形 |  |  | \n2.乙种情形 | 5 | 6 | 11"


def test_heads_cut_in_the_middle_of_their_words_are_whole_again() -> None:
    upper = part(
        1,
        (0, 0, 1, 2, "行政复议"),
        (0, 2, 1, 2, "行政诉讼"),
        *row(1, "结果维", "总"),
        (1, 2, 1, 2, "直接起诉"),
    )
    lower = part(2, *row(0, "持", "计", "结果维持", "总计"), *row(1, "1", "1", "2", "2"))
    assert whole(upper, lower) == (
        "行政复议 | · | 行政诉讼 | ·\n结果维/持 | 总/计 | 直接起诉 | ·\n· | · | 结果维持 | 总计\n1 | 1 | 2 | 2"
    )


def test_a_label_that_ends_below_the_cut_takes_its_row_along_though_its_group_has_no_walls_above() -> None:
    upper = part(
        1, *row(0, "（三）丙组", "1.甲种情形", "2", "2", "2"), *row(1, "?", "2.乙种情形", "3", "3", "3")
    )
    upper = replace(upper, cells=tuple(c for c in upper.cells if c.text != "?"))
    lower = part(2, (0, 0, 2, 1, ""), (0, 1, 1, 1, "的其余部分"), *[(0, c, 1, 1, "") for c in (2, 3, 4)])
    assert "2.乙种情形/的其余部分 | 3 | 3 | 3" in whole(upper, lower)


def test_heads_that_end_below_the_cut_are_whole_again() -> None:
    upper = part(1, *row(0, "结果维", "结果纠", "其他结", "未经复"))
    lower = part(2, *row(0, "持", "正", "果", "议直接起诉"), *row(1, "3", "4", "5", "6"))
    assert whole(upper, lower).splitlines()[0] == "结果维/持 | 结果纠/正 | 其他结/果 | 未经复/议直接起诉"


def test_a_bracket_that_closes_below_the_cut_is_the_end_of_the_box_above() -> None:
    upper = part(1, *row(0, "（第一项加第二项之和，等于", "自然人", "总计"))
    lower = part(2, *row(0, "第三项加第四项之和）", "", ""), *row(1, "一、甲", "1", "1"))
    assert (
        whole(upper, lower).splitlines()[0]
        == "（第一项加第二项之和，等于/第三项加第四项之和） | 自然人 | 总计"
    )


def test_a_row_of_a_label_and_blank_boxes_below_heads_is_no_rest_of_them() -> None:
    upper = part(1, *row(0, "信息内容", "本年制发件数", "本年废止件数"))
    lower = part(2, *row(0, "行政规范性文件", "", ""))
    assert whole(upper, lower).splitlines()[1] == "行政规范性文件 |  | "


def test_a_figure_that_goes_on_below_the_cut_is_not_given_half() -> None:
    upper = part(1, *row(0, "1.甲种情形", "3", "4", "12"))
    lower = part(2, *row(0, "", "", "", "1"), *row(1, "2.乙种情形", "5", "6", "11"))
    assert whole(upper, lower).splitlines()[0] == "1.甲种情形 | 3 | 4 | 12/1"


def test_values_without_a_label_under_heads_are_a_row() -> None:
    upper = part(1, *row(0, "结果维持", "结果纠正", "总计"))
    lower = part(2, *row(0, "1", "2", "3"))
    assert whole(upper, lower) == "结果维持 | 结果纠正 | 总计\n1 | 2 | 3"


def test_a_box_that_goes_on_from_the_page_before_counts_among_the_columns() -> None:
    first = part(1, (0, 0, 1, 1, "（一）甲组"), *[(0, c, 1, 1, "1") for c in (1, 2, 3)])
    second = part(2, (0, 0, 2, 1, ""), *[(r, c, 1, 1, "2") for r in (0, 1) for c in (1, 2, 3)])
    third = part(3, *row(0, "（二）乙组", "3", "3", "3"))
    blocks, _ = join_grids([first, second, third])
    assert len(blocks) == 1


def test_a_label_that_stands_wholly_below_the_figures_of_its_row_is_theirs() -> None:
    upper = part(1, *row(0, "1.甲种情形", "3", "4", "7"), *row(1, "", "０", "1", "1"))
    lower = part(
        2, *row(0, "2.其他法律行政\n法规禁止公开", "", "", ""), *row(1, "3.丙种情形", "5", "6", "11")
    )
    healed = "2.其他法律行政/法规禁止公开 | ０ | 1 | 1"
    assert whole(upper, lower) == f"1.甲种情形 | 3 | 4 | 7\n{healed}\n3.丙种情形 | 5 | 6 | 11"


def test_figures_without_a_label_are_not_given_to_a_row_that_has_its_own() -> None:
    upper = part(1, *row(0, "1.甲种情形", "3", "4", "7"), *row(1, "", "0", "1", "1"))
    lower = part(2, *row(0, "2.乙种情形", "5", "", "5"))
    assert whole(upper, lower) == "1.甲种情形 | 3 | 4 | 7\n | 0 | 1 | 1\n2.乙种情形 | 5 |  | 5"


def test_figures_with_their_unit_below_the_cut_belong_to_the_label_above() -> None:
    upper = part(1, *row(0, "（七）总计", "105件", "0", "", ""))
    lower = part(2, *row(0, "", "", "", "2\n件", "107\n件"), *row(1, "四、结转", "1件", "0", "0", "1件"))
    assert whole(upper, lower).splitlines()[0] == "（七）总计 | 105件 | 0 | 2/件 | 107/件"
    # 12件 is a whole number: what stands below it is another row's
    upper = part(1, *row(0, "（七）总计", "105件", "0", "0", "12件"))
    lower = part(2, *row(0, "", "", "", "", "7件"), *row(1, "四、结转", "1件", "0", "0", "1件"))
    assert len(whole(upper, lower).splitlines()) == 3


def moved(grid: Grid, right: float, down: float, page: int = 1) -> Grid:
    """A part elsewhere on a page."""

    def place(p: Place) -> Place:
        assert p.bbox is not None
        x0, top, x1, bottom = p.bbox
        return replace(p, page=page, bbox=(x0 + right, top + down, x1 + right, bottom + down))

    cells = tuple(replace(c, place=place(c.place)) for c in grid.cells)
    return replace(grid, cells=cells, place=place(grid.place))


def test_a_table_goes_on_from_one_half_of_a_sheet_to_the_next() -> None:
    upper = part(1, *row(0, "1.甲种情形", "3", "4", "7"), *row(1, "", "0", "1", "1"))
    lower = part(1, *row(0, "2.乙种情形", "", "", ""), *row(1, "3.丙种情形", "5", "6", "11"))
    healed = "1.甲种情形 | 3 | 4 | 7\n2.乙种情形 | 0 | 1 | 1\n3.丙种情形 | 5 | 6 | 11"
    assert whole(upper, moved(lower, 300, -100)) == healed
    # from the right half to the left one of the next sheet
    assert whole(moved(upper, 300, 0), moved(lower, 0, 0, page=2)) == healed
    for right, down in ((300, 0), (0, 100), (150, -100)):  # beside it, below it, over it: another table
        assert len(join_grids([upper, moved(lower, right, down)])[0]) == 2
    # a place stays what it is
    (joined,), _ = join_grids([upper, moved(lower, 300, -100)])
    assert isinstance(joined, Grid) and joined.cells[-1].place.bbox == (450, -80, 500, -60)
