"""Boxes that the page's end cuts: no blank, and no number without its other digits."""

from __future__ import annotations

import pytest

from gongkai.extract.page.cut_box import mark_cut_boxes
from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.glyph_text import group_lines, line_text
from gongkai.extract.page.layout import Page
from gongkai.extract.page.word_layout import make_layouts
from gongkai.model import UNREAD, Cell, Grid, Limits, Place


def grid(text: str) -> Grid:
    """A row of a label and one box that the page's end cuts at 500 points."""
    label = Cell(0, 0, 1, 1, "行政许可", Place(page=1, bbox=(50, 100, 200, 120)))
    box = Cell(0, 1, 1, 1, text, Place(page=1, bbox=(200, 100, 500, 120)))
    return Grid((label, box), 1, 2, Place(page=1, bbox=(50, 100, 500, 120)))


def figure(text: str, x: float, y: float = 105) -> Glyph:
    return Glyph(text, x, y, x + 5, y + 10)


@pytest.mark.parametrize(
    ("text", "unseen", "is_marked"),
    [
        ("", figure("5", 520), True),
        ("8", figure("5", 500.2), True),
        ("8", figure("5", 560), False),
        ("", figure("5", 520, 300), False),
        ("", figure("5", 300), False),
        ("", figure("文", 520), False),
    ],
)
def test_a_box_whose_number_is_cut_off_is_marked(text: str, unseen: Glyph, is_marked: bool) -> None:
    cells = mark_cut_boxes(grid(text), [unseen]).cells
    assert [UNREAD in c.text for c in cells] == [False, is_marked]


def test_a_digit_whose_number_goes_on_beyond_the_page_is_no_number() -> None:
    seen = [figure("8", 495), figure("3", 300)]
    page = Page(1, 595, 842, seen, [], unseen=(figure("5", 500), figure("3", 300.4)))
    assert {w.text for w in make_layouts([page], Limits())[0].words} == {UNREAD, "3"}


def test_the_sign_of_a_narrow_column_is_no_part_of_the_label_beside_it() -> None:
    line = [
        Glyph(text, x, 100, x + 9, 109)
        for text, x in (("三", 50), ("、", 64), ("（", 71), ("一", 80), ("）", 88))
    ]
    assert [w.text for w in make_layouts([Page(1, 595, 842, line, [])], Limits())[0].words] == [
        "三",
        "、",
        "（一）",
    ]


def test_marks_whose_boxes_are_as_low_as_their_ink_stay_in_their_line() -> None:
    line = [Glyph("一", 50, 103, 59, 107), Glyph("、", 59, 106, 68, 108.4), Glyph("新", 68, 100, 77, 108)]
    low = [Glyph("二", 50, 121, 59, 127), Glyph("—", 200, 140, 209, 141)]
    assert [line_text(found) for found in group_lines([*line, *low])] == ["一、新", "二", "—"]
