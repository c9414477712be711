"""Raised figures behind a number."""

from __future__ import annotations

from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.glyph_text import text_of

NINE = Glyph("9", 10.0, 10.0, 15.0, 20.0)


def test_a_small_high_figure_behind_a_number_is_a_mark() -> None:
    assert text_of([NINE, Glyph("2", 15.1, 9.0, 18.0, 15.0)]) == "9²"


def test_figures_of_two_fonts_on_one_line_are_one_number() -> None:
    assert text_of([NINE, Glyph("2", 15.1, 11.5, 19.0, 20.2)]) == "92"


def test_a_number_in_the_line_below_is_no_mark() -> None:
    assert text_of([NINE, Glyph("2", 10.0, 21.0, 13.0, 27.0)]) == "9\n2"
