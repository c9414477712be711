"""Lines at the rim of a page: which are its number, and which a piece of a number of the table."""

from __future__ import annotations

import pytest

from gongkai.extract.page.paragraph import TextLine, find_body_lines

#: top and bottom of the first row of a page: its label and most of its numbers
ROW = (70.0, 82.0)


def line(text: str, top: float, bottom: float) -> TextLine:
    return TextLine(text, 340.0, top, 350.0, bottom, 12.0, 1)


@pytest.mark.parametrize(
    ("text", "top", "kept"),
    [
        ("0", 76.0, True),  # the second line of 80 hangs beside the row
        ("8", 58.1, True),  # the first of three lines stands on it
        ("2", 40.0, False),
        ("- 2 -", 44.0, False),
        ("第2页", 40.0, False),
    ],
)
def test_a_lone_number_on_a_row_of_the_table_is_no_page_number(text: str, top: float, kept: bool) -> None:
    lines = [line(text, top, top + 12), line("3、其他 8 0 0 0 0 0 80", *ROW), line("（七）总计 9", 200, 212)]
    assert (0 in find_body_lines([(842.0, lines)])[0]) is kept


def test_a_page_number_beside_a_running_head_is_left_out() -> None:
    head = "临江市财政局2023年年度报告"
    pages = [(842.0, [line(head, 40, 52), line(str(n), 41, 51), line("正文", 200, 212)]) for n in (1, 2)]
    assert find_body_lines(pages) == [[2], [2]]
