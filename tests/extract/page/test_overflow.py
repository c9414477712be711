"""Text that runs over a table's open bottom."""

from __future__ import annotations

from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.overflow import find_overflow

BOXES = [(0.0, 100.0), (200.0, 300.0)]
REST = Glyph("人", 10, 101, 20, 111)


def test_the_last_line_of_a_box_is_its_own() -> None:
    assert find_overflow([Glyph("自", 10, 85, 20, 95), REST], 100.0, BOXES) == [[1], []]


def test_a_line_that_leaves_the_boxes_is_text_below_the_table() -> None:
    assert find_overflow([REST, Glyph("注", 150, 101, 160, 111)], 100.0, BOXES) == [[], []]


def test_what_stands_further_below_is_not_asked() -> None:
    assert find_overflow([REST, Glyph("3", 150, 140, 160, 150)], 100.0, BOXES) == [[0], []]
