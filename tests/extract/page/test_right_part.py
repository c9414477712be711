"""Pages that are the right part of the one before them: a sheet too wide for its paper."""

from __future__ import annotations

import pytest

from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.layout import Page
from gongkai.extract.page.word_layout import make_layouts
from gongkai.model import Limits

WIDTH = 595.0


def glyphs(text: str, x: float, y: float) -> list[Glyph]:
    return [Glyph(c, x + 10 * i, y, x + 10 * i + 9, y + 10) for i, c in enumerate(text)]


def left() -> Page:
    lines = [
        glyphs("主动公开的行政许可", 50, 100 + 20 * n) + glyphs("3", 300, 100 + 20 * n) for n in range(10)
    ]
    return Page(1, WIDTH, 842, [g for line in lines for g in line], [])


def right(moved: float = 0.0, text: str = "") -> Page:
    lines = [glyphs(text + "7", 60, 100 + 20 * n + moved) for n in range(10)]
    return Page(2, WIDTH, 842, [g for line in lines for g in line], [])


def last() -> Page:
    return Page(3, WIDTH, 842, glyphs("五、存在的主要问题", 50, 80), [])


@pytest.mark.parametrize(
    ("page", "is_beside"), [(right(), True), (right(9.0), False), (right(text="主动公开的行政处罚"), False)]
)
def test_numbers_at_the_levels_of_the_page_before_are_laid_beside_it(page: Page, is_beside: bool) -> None:
    found = [
        {(w.text[0], w.x0, w.y) for w in layout.words}
        for layout in make_layouts([left(), page, last()], Limits())
    ]
    beside = {("7", WIDTH + 60, 105 + 20.0 * n) for n in range(10)} | {("五", 50.0, 842 + 85.0)}
    assert any(beside <= words for words in found) is is_beside


def test_a_number_at_the_foot_of_a_right_part_is_one_of_its_row_and_no_page_number() -> None:
    foot = 815.0
    pages = [left(), right()]
    pages[0].glyphs.extend(glyphs("主动公开的行政处罚", 50, foot))
    pages[1].glyphs.extend(glyphs("18", 60, foot))
    layouts = [{(w.text, w.x0, w.y) for w in layout.words} for layout in make_layouts(pages, Limits())]
    beside = [words for words in layouts if ("7", WIDTH + 60, 105.0) in words]
    assert beside and all(("18", WIDTH + 60, foot + 5) in words for words in beside)
