"""A scanned page's boxes and words are read a second time: whoever watches the clock is told of each page."""

from __future__ import annotations

from collections.abc import Sequence

from gongkai.extract.page.layout import Page, lay_out
from gongkai.extract.page.ruling_line import RulingLine
from gongkai.extract.page.word_layout import make_layouts
from gongkai.model import Cell, Limits


def test_the_time_begins_anew_when_a_page_was_read_again() -> None:
    done: list[str] = []

    def check(cells: Sequence[Cell]) -> Sequence[Cell]:
        done.append("boxes")
        return cells

    def words() -> list[Cell]:
        done.append("words")
        return []

    sides = [RulingLine(50, y, 500, y) for y in (100, 200, 300)]
    sides += [RulingLine(x, 100, x, 300) for x in (50, 200, 500)]
    pages = [Page(n, 595, 842, [], sides, check=check, words=words) for n in (1, 2)]
    limits = Limits(after_page=lambda: done.append("page"))
    lay_out(pages, limits)
    make_layouts(pages, limits)
    assert done[:4] == ["boxes", "page", "boxes", "page"]
    assert done[4:8] == ["words", "page", "words", "page"]
