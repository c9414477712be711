"""White print on dark fills."""

from __future__ import annotations

import pytest

from builders.drawn_tables import needs_ocr, png, table
from gongkai.extract import picture
from gongkai.model import Grid, Limits, Source


@needs_ocr
@pytest.mark.parametrize("colour", [(31, 78, 121), (0, 102, 204), (192, 80, 77), (60, 60, 60)])
def test_a_head_in_white_on_a_fill_is_a_row_of_the_table(colour: tuple[int, int, int]) -> None:
    from PIL import ImageDraw

    page = table([["", "", ""], ["B", "12", "57"], ["C", "4096", "3"]], box=(366, 90))
    pen = ImageDraw.Draw(page)
    for n, text in enumerate(["ITEM", "2021", "2022"]):
        left = 200 + 366 * n
        pen.rectangle((left, 300, left + 366, 390), fill=colour, outline=(184, 204, 228), width=2)
        pen.text((left + 183, 345), text, fill="white", font_size=40, anchor="mm")
    data = png(page)
    document = picture.read(Source("x.png", data, "", len(data)), Limits())
    (grid,) = [b for b in document.blocks if isinstance(b, Grid)]
    assert [[c.text for c in grid.cells if c.row == r] for r in range(3)] == [
        ["ITEM", "2021", "2022"],
        ["B", "12", "57"],
        ["C", "4096", "3"],
    ]


@needs_ocr
@pytest.mark.parametrize("shape", ["none", "disc", "rim"])
def test_what_is_no_fill_is_none(shape: str) -> None:
    import numpy
    from PIL import ImageDraw

    from gongkai.extract.ocr.fill import find_fills

    page = table(box=(366, 90))
    pen = ImageDraw.Draw(page)
    if shape == "disc":  # a punched hole
        pen.ellipse((40, 500, 90, 550), fill="black")
    if shape == "rim":  # the lid of a copier stood open
        pen.rectangle((0, 0, 70, 1200), fill="black")
    assert find_fills(numpy.asarray(page.convert("L"))) is None
