"""Photographs of pages: what lies around the paper goes, its sides are straight again, and shadows are even."""

from __future__ import annotations

from typing import Any

import pytest

from builders.drawn_tables import needs_ocr, png, table
from gongkai.extract import picture
from gongkai.model import Grid, Limits, Source

ROWS = [["A", "128", "0"], ["B", "", "57"], ["C", "4096", "3"]]
#: Where the corners of a page come to stand in a photograph, from the top left clockwise.
CORNERS = [(150, 90), (1760, 190), (1690, 1330), (110, 1290)]


def photographed(page: Any, desk: tuple[int, int, int], light: float) -> Any:
    """A page on a desk, seen aslant; the light falls off to the right, by a shadow that begins softly."""
    import cv2
    import numpy

    sheet = numpy.asarray(page)
    high, wide = sheet.shape[:2]
    from_ = numpy.array([(0, 0), (wide, 0), (wide, high), (0, high)], numpy.float32)
    matrix = cv2.getPerspectiveTransform(from_, numpy.array(CORNERS, numpy.float32))
    seen = cv2.warpPerspective(sheet, matrix, (1850, 1420), flags=cv2.INTER_CUBIC, borderValue=desk)
    across = numpy.linspace(-6, 6, 1850)
    fall = 1 - (1 - light) / (1 + numpy.exp(-across))
    return (seen * fall[None, :, None]).clip(0, 255).astype(numpy.uint8)


@needs_ocr
@pytest.mark.parametrize("light", [1.0, 0.55])
@pytest.mark.parametrize("desk", [(92, 84, 76), (40, 60, 110)])
def test_a_photographed_table_is_read_and_its_boxes_are_shown_in_the_photograph(
    desk: tuple[int, int, int], light: float
) -> None:
    from PIL import Image

    data = png(Image.fromarray(photographed(table(ROWS, box=(366, 90)), desk, light)))
    document = picture.read(Source("x.png", data, "", len(data)), Limits())
    (grid,) = [b for b in document.blocks if isinstance(b, Grid)]
    assert [[c.text for c in grid.cells if c.row == r] for r in range(3)] == ROWS
    assert grid.place.bbox is not None
    # the table's corner is at (200, 300) of the page, which is 1654 wide; the photograph is 842 points wide
    x0, top, *_ = (v * 1850 / 842 for v in grid.place.bbox)
    assert 310 < x0 < 370
    assert 340 < top < 430


@needs_ocr
def test_a_page_that_is_no_photograph_stays_as_it_is() -> None:
    import numpy

    from gongkai.extract.ocr.photo import take_paper

    page = numpy.asarray(table(ROWS, box=(366, 90)))
    same, back = take_paper(page)
    assert same is page
    assert back is None
