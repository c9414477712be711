"""The shapes of digits in pictures."""

from __future__ import annotations

import pytest

from gongkai.extract.pdfium.digit_shape import view

Image = pytest.importorskip("PIL.Image")
ImageDraw = pytest.importorskip("PIL.ImageDraw")
ImageOps = pytest.importorskip("PIL.ImageOps")


def test_a_light_figure_on_a_dark_ground_has_the_shape_of_a_dark_one_on_a_light_ground() -> None:
    picture = Image.new("L", (24, 40), 255)
    ImageDraw.Draw(picture).line([(4, 6), (18, 6), (10, 20), (18, 34), (4, 34)], fill=0, width=3)
    shape = view(picture)
    assert shape is not None
    assert view(ImageOps.invert(picture)) == shape
