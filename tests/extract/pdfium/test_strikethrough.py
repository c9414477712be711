"""Figures that a line is drawn through."""

from __future__ import annotations

from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.ruling_line import RulingLine
from gongkai.extract.pdfium.strikethrough import find_struck

FIGURE = Glyph("7", 10.0, 10.0, 15.0, 20.0)


def test_a_line_through_the_middle_takes_a_figure_back() -> None:
    assert find_struck([FIGURE], [RulingLine(9.5, 15.3, 15.5, 15.3)]) == [FIGURE]


def test_a_line_under_a_figure_and_one_over_it_do_not() -> None:
    assert not find_struck([FIGURE], [RulingLine(0, 20, 50, 20), RulingLine(0, 9, 50, 9)])


def test_a_line_that_ends_within_a_figure_and_an_upright_one_do_not() -> None:
    assert not find_struck([FIGURE], [RulingLine(12, 15, 50, 15), RulingLine(12, 0, 12, 40)])


def test_words_are_left_alone() -> None:
    assert not find_struck([FIGURE._replace(text="七")], [RulingLine(0, 15, 50, 15)])


def test_a_figure_of_a_damaged_font_is_looked_at_without_walking_down_the_whole_of_it() -> None:
    huge = FIGURE._replace(bottom=1e12)
    assert find_struck([huge], [RulingLine(9, 5e11, 16, 5e11), RulingLine(9, 20, 16, 20)]) == [huge]
