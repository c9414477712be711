"""Text that runs over a table's open bottom."""

from __future__ import annotations

from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.overflow import find_crossed, find_overflow
from gongkai.extract.page.walls import MergedBox

BOXES = [(0.0, 100.0), (200.0, 300.0)]
REST = Glyph("人", 10, 101, 20, 111)


def test_the_last_line_of_a_box_is_its_own() -> None:
    assert find_overflow([Glyph("自", 10, 85, 20, 95), REST], 100.0, BOXES) == [[1], []]


def test_a_line_that_leaves_the_boxes_is_text_below_the_table() -> None:
    assert find_overflow([REST, Glyph("注", 150, 101, 160, 111)], 100.0, BOXES) == [[], []]


def test_what_stands_further_below_is_not_asked() -> None:
    assert find_overflow([REST, Glyph("3", 150, 140, 160, 150)], 100.0, BOXES) == [[0], []]


TWO = (MergedBox(0, 0, 1, 1), MergedBox(0, 1, 1, 1))


def crossed(*figures: tuple[str, float]) -> set[tuple[int, int]]:
    """The boxes from 0 to 50 and from 50 to 100 that are crossed. A figure is 5 points wide."""
    glyphs = [Glyph(text, x, 10, x + 5, 19) for text, x in figures]
    contents: dict[tuple[int, int], list[int]] = {(0, 0): [], (0, 1): []}
    for i, g in enumerate(glyphs):
        if (g.x0 + g.x1) / 2 < 100:
            contents[0, int((g.x0 + g.x1) / 2 > 50)].append(i)
    return find_crossed(TWO, contents, glyphs, 100.0)


def test_a_number_that_stands_over_a_wall_is_in_neither_box() -> None:
    assert crossed(("1", 38), ("7", 43), ("6", 48), ("0", 53)) == {(0, 0), (0, 1)}
    assert crossed(("7", 41), ("6", 46), ("0", 53)) == set()


def test_a_number_that_leaves_the_table_is_not_its_first_digits() -> None:
    assert crossed(("3", 20), ("1", 90), ("9", 95), ("2", 100)) == {(0, 1)}
    assert crossed(("3", 20), ("1", 90), ("9", 94), ("2", 101)) == set()
