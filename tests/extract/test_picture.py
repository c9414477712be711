"""The pages of a picture, to be shown."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from gongkai.extract.picture import open_frames, render
from gongkai.model import Limits, Unreadable


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


def test_a_picture_is_opened_as_a_viewer_shows_it() -> None:
    grey = Image.new("L", (40, 20), 255)
    grey.putpixel((3, 4), 90)
    deep = Image.new("I;16", grey.size, 255 * 257)
    deep.putpixel((3, 4), 90 * 257)
    clear = Image.merge("LA", (Image.new("L", grey.size, 90), grey.point(lambda v: 255 if v == 90 else 0)))
    turned = Image.Exif()
    turned[0x112] = 6
    files = [
        _saved(deep, "PNG"),
        _saved(clear, "PNG"),
        _saved(grey.rotate(90, expand=True), "PNG", exif=turned),
    ]
    for data in files:
        (frame,) = open_frames(data, Limits())
        assert (frame.mode, frame.size) == ("RGB", (40, 20))
        assert (frame.getpixel((3, 4)), frame.getpixel((9, 9))) == ((90, 90, 90), (255, 255, 255))


def _saved(image: Image.Image, kind: str, **how: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()
