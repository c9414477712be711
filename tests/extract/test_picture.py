"""The pages of a picture, to be shown."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from gongkai.extract.picture import render
from gongkai.model import Unreadable


def tiff() -> bytes:
    """A logo and two pages, white and black."""
    out = io.BytesIO()
    logo, white, black = (
        Image.new("RGB", (100, 100)),
        Image.new("RGB", (1000, 1400), "white"),
        Image.new("RGB", (1000, 1400)),
    )
    logo.save(out, "TIFF", save_all=True, append_images=[white, black])
    return out.getvalue()


def test_a_page_of_a_picture_is_595_points_wide() -> None:
    assert render(tiff(), 1, 2.0).size == (1190, 1666)


def test_pages_are_counted_without_logos() -> None:
    assert [render(tiff(), n, 1.0).getpixel((9, 9)) for n in (1, 2)] == [(255, 255, 255), (0, 0, 0)]
    with pytest.raises(Unreadable, match="no page 3; the file has 2"):
        render(tiff(), 3, 1.0)
