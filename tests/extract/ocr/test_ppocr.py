"""Where lines of text stand on a page, and which crops are read together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from builders.drawn_tables import needs_ocr
from gongkai.extract import ocr

pytestmark = needs_ocr
if ocr.is_available():
    import numpy
    from PIL import Image, ImageDraw

    from gongkai.extract.ocr import ppocr


def test_lines_far_from_the_margins_are_found_where_they_stand() -> None:
    page = Image.new("L", (600, 700), 250)
    ImageDraw.Draw(page).text((310, 420), "20260", fill=20, font_size=24)
    ((x0, y0, x1, y1),) = ppocr.detect(numpy.asarray(page))
    assert x0 < 315 and 370 < x1 < 400 and y0 < 426 and 440 < y1 < 470


def test_a_page_without_ink_has_no_lines() -> None:
    assert ppocr.detect(numpy.full((200, 300), 250, numpy.uint8)) == []


def test_crops_that_differ_in_width_are_not_read_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """The network reads what is added to the narrow ones as well."""
    groups: list[list[int]] = []

    def read(sized: Sequence[Any]) -> list[Any]:
        groups.append([s.shape[1] for s in sized])
        return [ppocr.OcrText(str(s.shape[1]), 1.0, "", 1.0) for s in sized]

    monkeypatch.setattr(ppocr, "_recognise_batch", read)
    crops = [numpy.zeros((48, wide), numpy.uint8) for wide in (180, 20, 100, 38, 104, 30)]
    texts = ppocr.recognise(crops)
    assert groups == [[20, 30, 38], [100, 104], [180]]
    assert [t.text for t in texts] == ["180", "20", "100", "38", "104", "30"]
