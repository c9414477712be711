"""Pictures of what a page shows in boxes, which a damaged font makes of any size."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import pytest

from gongkai.extract.pdfium.camera import Camera
from gongkai.extract.pdfium.paths import make_placer

SAMPLE = Path(__file__).parents[3] / "samples" / "2021_city.pdf"
#: left, top, right, bottom in the page's own space, whose y grows upwards
CHARACTER = (100.0, 712.0, 110.0, 700.0)
#: of a file that fuzzing made: 140,000 pixels high at this scale
DAMAGED = (564.9, 35058.9, 1121.7, 540.1)


@pytest.fixture
def camera() -> Iterator[Camera]:
    raw: Any = pypdfium2.raw
    data = SAMPLE.read_bytes()
    document = raw.FPDF_LoadMemDocument64(data, len(data), None)
    page = raw.FPDF_LoadPage(document, 0)
    yield Camera(raw, page, make_placer(raw, page), 4.0)
    raw.FPDF_ClosePage(page)
    raw.FPDF_CloseDocument(document)


def test_a_box_of_a_damaged_font_is_cut_off_a_page_beyond_the_page(camera: Camera) -> None:
    wide, high = camera.size
    left, top, right, bottom = camera.pixels(DAMAGED)
    assert -wide <= left < right <= 2 * wide and -high <= top < bottom <= 2 * high
    assert camera.pixels((1e7, 2e7, 2e7, 1e7))[0] < 2 * wide


def test_what_is_as_large_as_the_page_shows_nothing(camera: Camera) -> None:
    damaged, character = camera.cut_out([(-5000.0, 9000.0, 9000.0, -5000.0), CHARACTER])
    assert damaged.getextrema() == (255, 255)
    left, top, right, bottom = camera.pixels(CHARACTER)
    assert character.size == (right - left, bottom - top)


def test_a_part_that_is_looked_at_alone_is_that_of_the_page(camera: Camera) -> None:
    left, top, right, bottom = camera.pixels(CHARACTER)
    whole = camera.whole().crop((left, top, right, bottom))
    camera.look_near([CHARACTER])
    assert camera.size == (right - left, bottom - top)
    assert camera.pixels(CHARACTER) == (0, 0, *camera.size)
    assert camera.away and camera.whole().tobytes() == whole.tobytes()
