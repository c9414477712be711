"""Pages whose lines are bent."""

from __future__ import annotations

from typing import Any

import pytest

from builders.drawn_tables import needs_ocr, png, table
from gongkai.extract import picture
from gongkai.model import Grid, Limits, Source

ROWS = [["A", "128", "0"], ["B", "", "57"], ["C", "4096", "3"], ["D", "1", "12"], ["E", "0", "7"]]


def bent(page: Any, sag: float, spread: float) -> Any:
    """A page whose lines hang down in the middle, and run apart to the right."""
    import cv2
    import numpy

    sheet = numpy.asarray(page)
    high, wide = sheet.shape[:2]
    y, x = (v.astype(numpy.float32) for v in numpy.mgrid[0:high, 0:wide])
    from_y = y - sag * numpy.sin(numpy.pi * x / wide) - spread * (x / wide) * (y / high - 0.5)
    return cv2.remap(sheet, x, from_y.astype(numpy.float32), cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


@needs_ocr
@pytest.mark.parametrize(("sag", "spread"), [(28.0, 0.0), (0.0, 70.0), (-20.0, 50.0)])
def test_a_table_with_bent_lines_is_read(sag: float, spread: float) -> None:
    from PIL import Image

    data = png(Image.fromarray(bent(table(ROWS, box=(366, 90)), sag, spread)))
    document = picture.read(Source("x.png", data, "", len(data)), Limits())
    (grid,) = [b for b in document.blocks if isinstance(b, Grid)]
    assert [[c.text for c in grid.cells if c.row == r] for r in range(len(ROWS))] == ROWS


@needs_ocr
def test_a_page_with_straight_lines_stays_as_it_is() -> None:
    import numpy

    from gongkai.extract.ocr.dewarp import unbend

    page = numpy.asarray(table(ROWS, box=(366, 90)).convert("L"))
    same, mask = unbend(page, None)
    assert same is page
    assert mask is None


@needs_ocr
def test_a_page_whose_lines_are_not_level_has_no_words() -> None:
    import numpy
    from PIL import Image, ImageDraw

    from gongkai.extract.ocr.cell import ScannedPage
    from gongkai.extract.ocr.ppocr import OcrText
    from gongkai.extract.ocr.word import find_words

    page = Image.new("L", (1000, 600), 255)
    lines = []
    for n in range(5):
        for x in range(0, 800, 40):
            ImageDraw.Draw(page).text((60 + x, 60 + 100 * n + x // 12), "X", fill=0, font_size=30)
        lines.append(((50.0, 50.0 + 100 * n, 900.0, 160.0 + 100 * n), OcrText("X" * 20, 0.9, "", 0.0)))
    assert find_words(ScannedPage(numpy.asarray(page), 0.5, [], None), 1) is not None
    flat = [((x0, y0, x1, y0 + 60), text) for (x0, y0, x1, _), text in lines]
    assert find_words(ScannedPage(numpy.asarray(page), 0.5, flat, None), 1) is None
