"""Frames around figures part nothing; boxes of a table that is drawn box by box do."""

from __future__ import annotations

import pytest

from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.ruled_table import find_grids
from gongkai.extract.page.ruling_line import RulingLine

WIDE, HIGH = 32.0, 16.0


def rectangle(x0: float, top: float, x1: float, bottom: float) -> list[RulingLine]:
    return [
        RulingLine(x0, top, x1, top),
        RulingLine(x0, bottom, x1, bottom),
        RulingLine(x0, top, x0, bottom),
        RulingLine(x1, top, x1, bottom),
    ]


def figure(text: str, x: float, y: float) -> list[Glyph]:
    return [Glyph(c, x + 5 * i, y, x + 5 * i + 4.5, y + 7) for i, c in enumerate(text)]


def table(columns: int, rows: int, gap: float = 0.0) -> tuple[list[RulingLine], list[Glyph]]:
    """A table drawn box by box, `gap` points apart, with its figures."""
    rules, glyphs = [], []
    for row in range(rows):
        for column in range(columns):
            x, y = column * WIDE, row * HIGH
            rules += rectangle(x + gap / 2, y + gap / 2, x + WIDE - gap / 2, y + HIGH - gap / 2)
            glyphs += figure(f"{row}{column}7", x + 9, y + 4.5)
    return rules, glyphs


def drawn(rules: list[RulingLine], glyphs: list[Glyph]) -> list[str]:
    return [str(g) for g in find_grids(rules, glyphs, 1)[0]]


EXPECTED = ["\n".join(" | ".join(f"{row}{column}7" for column in range(5)) for row in range(4))]


@pytest.mark.parametrize("gap", [0.0, 1.0, 2.0])
def test_boxes_drawn_by_themselves_stay_boxes(gap: float) -> None:
    assert drawn(*table(5, 4, gap)) == EXPECTED


@pytest.mark.parametrize("near", [4.8, 4.3, 3.0, 2.0, 1.0])
@pytest.mark.parametrize("at", [(1, 0), (2, 2), (3, 4)])
def test_a_frame_makes_no_columns(near: float, at: tuple[int, int]) -> None:
    rules, glyphs = table(5, 4)
    x, y = at[1] * WIDE, at[0] * HIGH
    rules += rectangle(x + near, y + 3, x + WIDE - near, y + HIGH - 3)
    assert drawn(rules, glyphs) == EXPECTED


def test_a_frame_between_walls_that_run_through_makes_no_columns() -> None:
    rules = [RulingLine(0, y * HIGH, 5 * WIDE, y * HIGH) for y in range(5)]
    rules += [RulingLine(x * WIDE, 0, x * WIDE, 4 * HIGH) for x in range(6)]
    for row, column in ((0, 1), (2, 3), (3, 3)):
        x, y = column * WIDE, row * HIGH
        rules += rectangle(x + 4.6, y + 2, x + WIDE - 4.6, y + HIGH - 2)
    assert drawn(rules, table(5, 4)[1]) == EXPECTED
