"""Figures in two lines of a box: a number too long for it, or two numbers that look so."""

import pytest

from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.glyph_text import box_text, is_wrapped


def figures(*lines: str) -> list[Glyph]:
    """Lines of figures of 10 points, the first at the top."""
    return [
        Glyph(text, 5.5 * column, 12.0 * line, 5.5 * column + 5, 12.0 * line + 10)
        for line, texts in enumerate(lines)
        for column, text in enumerate(texts)
    ]


@pytest.mark.parametrize(
    ("lines", "text", "wrapped"),
    [(["1752", "13"], "175213", True), (["1752"], "1752", False), (["12", "3"], "12\n3", False)],
)
def test_a_number_from_two_lines_of_its_box_is_known_as_such(
    lines: list[str], text: str, wrapped: bool
) -> None:
    glyphs = figures(*lines)
    found = box_text(glyphs, 40.0 if len(lines[0]) == 2 else 24.0)
    assert (found, is_wrapped(found, glyphs)) == (text, wrapped)
