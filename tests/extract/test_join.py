"""Grids cut by the end of a page, built by hand."""

from __future__ import annotations

from extract.join import joined
from model import Cell, Grid, Place

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
    blocks, _ = joined([upper, lower])
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
