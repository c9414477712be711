"""Ruling lines to Grids, without any file."""

from __future__ import annotations

import pytest

from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.glyph_text import group_lines, line_text, text_of
from gongkai.extract.page.ruled_table import find_grids
from gongkai.extract.page.ruling_line import RulingLine


def glyphs(text: str, x: float, y: float, size: float = 10.0) -> list[Glyph]:
    return [Glyph(c, x + i * size, y, x + (i + 1) * size, y + size) for i, c in enumerate(text)]


def horizontal(y: float, x0: float = 0.0, x1: float = 200.0) -> RulingLine:
    return RulingLine(x0, y, x1, y)


def vertical(x: float, top: float = 0.0, bottom: float = 40.0) -> RulingLine:
    return RulingLine(x, top, x, bottom)


FRAME = [horizontal(0), horizontal(20), horizontal(40), vertical(0), vertical(100), vertical(200)]
TEXT = [*glyphs("甲", 5, 5), *glyphs("1", 105, 5), *glyphs("乙", 5, 25), *glyphs("2", 105, 25)]


def drawn(rules: list[RulingLine], text: list[Glyph] = TEXT) -> list[str]:
    return [str(g) for g in find_grids(rules, text, 1)[0]]


def test_four_boxes_are_four_boxes() -> None:
    assert drawn(FRAME) == ["甲 | 1\n乙 | 2"]


def test_the_order_of_drawing_does_not_matter() -> None:
    assert drawn(FRAME[::-1], TEXT[::-1]) == ["甲 | 1\n乙 | 2"]


def test_a_missing_wall_merges_two_boxes() -> None:
    rules = [horizontal(0), horizontal(20, 100), horizontal(40), vertical(0), vertical(100), vertical(200)]
    assert drawn(rules) == ["甲/乙 | 1\n· | 2"]


def test_double_rules_are_one() -> None:
    double = [RulingLine(r.x0 + d, r.top + d, r.x1 + d, r.bottom + d) for r in FRAME for d in (0.0, 1.5)]
    assert drawn(double) == ["甲 | 1\n乙 | 2"]


def test_dashes_are_one_rule() -> None:
    dashes = [RulingLine(x, y, x + 3, y) for y in (0.0, 20.0, 40.0) for x in range(0, 200, 5)]
    dashes += [RulingLine(x, y, x, y + 3) for x in (0.0, 100.0, 199.0) for y in range(0, 40, 5)]
    assert drawn(dashes) == ["甲 | 1\n乙 | 2"]


def test_a_frame_around_a_paragraph_is_no_table() -> None:
    assert drawn([horizontal(0), horizontal(40), vertical(0), vertical(200)]) == []


def test_rules_of_two_tables_that_do_not_touch_make_two() -> None:
    second = [RulingLine(r.x0, r.top + 100, r.x1, r.bottom + 100) for r in FRAME]
    below = [Glyph(g.text, g.x0, g.top + 100, g.x1, g.bottom + 100) for g in TEXT]
    assert drawn([*FRAME, *second], [*TEXT, *below]) == ["甲 | 1\n乙 | 2"] * 2


def test_horizontal_rules_drawn_a_piece_a_box_tell_the_columns() -> None:
    pieces = [RulingLine(x0, y, x1, y) for y in (0.0, 20.0, 40.0) for x0, x1 in ((0, 100), (100, 200))]
    assert drawn(pieces) == ["甲 | 1\n乙 | 2"]


@pytest.mark.parametrize("wrapped", [["3,28", "2"], ["39857", "58"]])
def test_a_number_too_long_for_its_box_is_one_number(wrapped: list[str]) -> None:
    narrow = [horizontal(0, 0, 45), horizontal(40, 0, 45), vertical(0), vertical(22), vertical(45)]
    text = [g for n, part in enumerate(wrapped) for g in glyphs(part, 23, 5 + 12 * n, 4.2)]
    (grid,) = find_grids(narrow, [*glyphs("甲", 3, 5), *text], 1)[0]
    assert grid.cells[1].text == "".join(wrapped)


def test_two_short_numbers_under_each_other_stay_two() -> None:
    text = [*glyphs("甲", 5, 5), *glyphs("5", 105, 2, 6), *glyphs("3", 105, 12, 6)]
    assert drawn(
        [horizontal(0), horizontal(20), vertical(0, 0, 20), vertical(100, 0, 20), vertical(200, 0, 20)], text
    ) == ["甲 | 5/3"]


def test_a_gap_between_numbers_is_a_blank_and_kerning_is_not() -> None:
    line = [*glyphs("12", 0, 0), *glyphs("3", 30, 0)]
    assert line_text(line) == "12  3"  # so far apart they are two numbers
    assert (
        line_text([*glyphs("12", 0, 0), *glyphs("345", 26, 0)]) == "12 345"
    )  # so near they may be thousands
    assert line_text([*glyphs("1", 0, 0), *glyphs("3", 20, 0)]) == "1 3"
    assert line_text(glyphs("一二", 0, 0)) == "一二"


def test_glyphs_of_a_vertical_label_are_lines() -> None:
    column = [Glyph(c, 0, 12.0 * i, 10, 12.0 * i + 10) for i, c in enumerate("本年度")]
    assert text_of(column) == "本\n年\n度"
    assert [len(line) for line in group_lines(column)] == [1, 1, 1]


def test_sides_that_are_not_drawn_are_where_the_rules_end() -> None:
    sides_open = [horizontal(0), horizontal(20), horizontal(40), vertical(100)]
    assert drawn(sides_open) == ["甲 | 1\n乙 | 2"]
    assert drawn([horizontal(20), vertical(0), vertical(100), vertical(200)]) == ["甲 | 1\n乙 | 2"]


@pytest.mark.parametrize("top", [0.0, -60.0])
def test_a_row_of_small_print_may_be_open_at_a_page_s_end(top: float) -> None:
    text = [
        g
        for word, x, y in (("甲", 5, 1), ("1", 105, 1), ("乙", 5, 11), ("2", 105, 11))
        for g in glyphs(word, x, y, 8)
    ]
    walls = [vertical(0, top, 20), vertical(100, 0, 20), vertical(200, 0, 20)]
    assert drawn([horizontal(10), horizontal(20), *walls], text) == ["甲 | 1\n乙 | 2"]
    assert drawn([horizontal(0), horizontal(10), *walls[1:], vertical(0, 0, 20)], text) == ["甲 | 1\n乙 | 2"]
    assert drawn([horizontal(10), horizontal(20), *walls], text[2:]) == ["乙 | 2"]


def test_boxes_drawn_a_little_apart_are_one_table() -> None:
    apart = []
    for x in (0, 100):
        for y in (0, 20):
            x0, top, x1, bottom = x + 1.6, y + 1.6, x + 98.4, y + 18.4
            apart += [horizontal(top, x0, x1), horizontal(bottom, x0, x1)]
            apart += [vertical(x0, top, bottom), vertical(x1, top, bottom)]
    assert drawn(apart) == ["甲 | 1\n乙 | 2"]


def test_a_rule_with_a_gap_is_still_a_wall() -> None:
    gap = [*FRAME[:1], horizontal(20, 0, 140), horizontal(20, 150, 200), *FRAME[2:]]
    assert drawn(gap) == ["甲 | 1\n乙 | 2"]


def test_on_a_worn_page_numbered_labels_in_one_box_are_a_row_each() -> None:
    rules = [horizontal(0), horizontal(20, 100), horizontal(40), vertical(0), vertical(100), vertical(200)]
    text = [*glyphs("3.甲", 5, 5), *glyphs("1", 105, 5), *glyphs("4.乙", 5, 25), *glyphs("2", 105, 25)]
    assert [str(g) for g in find_grids(rules, text, 1, worn=True)[0]] == ["3.甲 | 1\n4.乙 | 2"]
    group = [*glyphs("(三)", 5, 5), *glyphs("1", 105, 5), *glyphs("乙", 5, 25), *glyphs("2", 105, 25)]
    assert [str(g) for g in find_grids(rules, group, 1, worn=True)[0]] == ["(三)/乙 | 1\n· | 2"]


def test_a_row_that_ends_before_the_table_does_has_no_blank_box_there() -> None:
    rules = [horizontal(y) for y in (0, 20, 40, 60)]
    rules += [vertical(0, 0, 60), vertical(100, 0, 60), vertical(200, 0, 20), vertical(200, 40, 60)]
    text = [*glyphs("甲", 5, 5), *glyphs("1", 105, 5), *glyphs("乙", 5, 25), *glyphs("丙", 5, 45)]
    (grid,), _ = find_grids(rules, text, 1)
    assert {(c.row, c.column) for c in grid.cells} == {(0, 0), (0, 1), (1, 0), (2, 0), (2, 1)}


def test_a_wall_of_the_tables_height_beside_it_is_the_side_of_a_box_cut_by_both_page_ends() -> None:
    text = [*TEXT, *glyphs("组", -30, 15)]
    assert drawn([*FRAME, vertical(-40)], text) == ["组 | 甲 | 1\n· | 乙 | 2"]
    assert drawn([*FRAME, vertical(-40, -30)], text) == ["甲 | 1\n乙 | 2"]


def test_a_wall_is_put_back_into_a_scan_only_where_no_ink_stands_across_it() -> None:
    drawn = [RulingLine(0, 0, 60, 0), RulingLine(0, 40, 60, 40), RulingLine(0, 20, 40, 20)]
    drawn += [RulingLine(x, 0, x, 40) for x in (0, 20, 40, 60)]
    words = [
        Glyph(c, x, y, x + 8, y + 8) for c, x, y in (("1", 6, 6), ("2", 26, 6), ("3", 6, 26), ("4", 26, 26))
    ]
    (parted,), _ = find_grids(drawn, words, 1, worn=True, has_ink=lambda box: False)
    (whole,), _ = find_grids(drawn, words, 1, worn=True, has_ink=lambda box: True)
    assert (len(parted.cells), len(whole.cells)) == (6, 5)


@pytest.mark.parametrize("worn", [False, True])
def test_a_label_and_a_blank_box_that_a_page_end_cut_off_are_a_row(worn: bool) -> None:
    rules = [horizontal(0), horizontal(20), vertical(0, 0, 20), vertical(100, 0, 20), vertical(200, 0, 20)]
    (grid,) = find_grids(rules, glyphs("行政收费", 5, 5), 1, worn=worn)[0]
    assert [cell.text for cell in grid.cells] == ["行政收费", ""]


def test_a_frame_around_a_line_is_no_table() -> None:
    rules = [horizontal(0), horizontal(20), vertical(0, 0, 20), vertical(200, 0, 20), vertical(190, 0, 20)]
    assert drawn(rules, glyphs("行政收费", 5, 5)) == []


def test_between_two_rules_nearer_than_half_a_line_of_text_is_no_row() -> None:
    """A program drew a head's box into the row below it, whose number stood under a blank box then."""
    text = [*glyphs("甲", 5, 26), *glyphs("1", 105, 26)]
    assert drawn([*FRAME, horizontal(24.4, 100, 200)], text) == [" | \n甲 | 1"]


def test_the_wall_of_another_table_does_not_move_a_wall() -> None:
    # the wall of a table of many rows stands four points aside; a number right behind its own wall stays in its box
    rules = [
        *FRAME,
        *(horizontal(y) for y in range(100, 401, 20)),
        vertical(0, 100, 400),
        vertical(200, 100, 400),
    ]
    rules += [vertical(104, y, y + 20) for y in range(100, 400, 20)]
    text = [*glyphs("甲", 5, 5), *glyphs("1", 100.5, 5, 5), *glyphs("乙", 5, 25), *glyphs("2", 100.5, 25, 5)]
    assert drawn(rules, text)[0] == "甲 | 1\n乙 | 2"


@pytest.mark.parametrize("lines", [(20, 40), (0, 20)])
def test_a_row_of_a_scan_that_a_page_end_left_open_is_closed_where_its_walls_end(
    lines: tuple[float, float],
) -> None:
    rules = [horizontal(y) for y in lines]
    walls = [vertical(x) for x in (0, 100, 200)]
    assert [str(g) for g in find_grids([*rules, *walls], TEXT, 1, worn=True)[0]] == ["甲 | 1\n乙 | 2"]
    stroke = [vertical(0), *(vertical(x, *lines) for x in (100, 200))]  # of a seal, that goes on from a wall
    (grid,), _ = find_grids([*rules, *stroke], TEXT, 1, worn=True)
    assert {cell.row for cell in grid.cells} == {0}
