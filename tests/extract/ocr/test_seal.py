"""Seals on pages that were scanned without colour."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from builders.drawn_tables import needs_ocr, png, table
from gongkai.extract import picture
from gongkai.model import Cell, Grid, Limits, Source

pytestmark = needs_ocr
ROWS = [[f"{100 * r + 7 * c + 12}" for c in range(5)] for r in range(6)]
INK = 70
#: A seal of 42 mm at 200 dpi.
RADIUS = 165


def sealed(middle: tuple[int, int], radius: int = RADIUS, star: bool = True) -> Any:
    """A page in grey with a table of thirty boxes, 220 × 90 pixels each, and a seal over it."""
    from PIL import ImageDraw

    page = table(ROWS, corner=(250, 250), box=(220, 90)).convert("L")
    pen = ImageDraw.Draw(page)
    x, y = middle
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=INK, width=9)
    if star:
        points = [(50 if n % 2 == 0 else 20, math.pi * n / 5) for n in range(10)]
        pen.polygon([(x + r * math.sin(a), y - r * math.cos(a)) for r, a in points], fill=INK)
    return page


def boxes(page: Any) -> dict[tuple[int, int], Cell]:
    data = png(page)
    document = picture.read(Source("x.png", data, "", len(data)), Limits())
    (grid,) = [b for b in document.blocks if isinstance(b, Grid)]
    return {(c.row, c.column): c for c in grid.cells}


@pytest.mark.parametrize("middle", [(800, 520), (1130, 610)])
def test_a_table_under_a_seal_keeps_its_boxes_and_no_number_is_wrong(middle: tuple[int, int]) -> None:
    found = boxes(sealed(middle))
    assert len(found) == 30
    wrong = {a: c.text for a, c in found.items() if c.text != ROWS[a[0]][a[1]] and c.alternative is None}
    assert wrong == {}
    held = [a for a, c in found.items() if c.alternative is not None]
    assert 1 <= len(held) <= 10


def test_a_blank_box_that_the_rim_crosses_may_hide_something() -> None:
    page = sealed((800, 520))
    from PIL import ImageDraw

    ImageDraw.Draw(page).rectangle((480, 440, 680, 515), fill="white")  # the box of row 2, column 1
    pen = ImageDraw.Draw(page)
    pen.ellipse((800 - RADIUS, 520 - RADIUS, 800 + RADIUS, 520 + RADIUS), outline=INK, width=9)
    cell = boxes(page)[2, 1]
    assert (cell.text, cell.alternative) == ("", "?")


@pytest.mark.parametrize(
    "draw",
    [
        lambda pen: pen.ellipse((700, 420, 760, 480), outline=INK, width=6),  # too small
        lambda pen: pen.arc((635, 355, 965, 685), 0, 150, fill=INK, width=9),  # no whole circle
    ],
)
def test_what_is_no_seal_is_left_as_it_is(draw: Callable[[Any], None]) -> None:
    import numpy
    from PIL import ImageDraw

    from gongkai.extract.ocr.seal import remove_ring

    page = table(ROWS, corner=(250, 250), box=(220, 90)).convert("L")
    draw(ImageDraw.Draw(page))
    grey = numpy.asarray(page)
    cleaned, where = remove_ring(grey, 595 / 1654)
    assert where is None and cleaned is grey


def test_the_print_of_a_dense_table_is_no_rim() -> None:
    import numpy

    from gongkai.extract.ocr.seal import remove_ring

    grey = numpy.asarray(table([["000"] * 20] * 35, corner=(120, 120), box=(60, 40)).convert("L"))
    cleaned, where = remove_ring(grey, 595 / 1654)
    assert where is None and cleaned is grey
