"""The words of a scanned page, where no walls part them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from builders.drawn_tables import needs_ocr, png
from gongkai.extract import picture
from gongkai.model import Limits, Source

AT = (200, 620, 800, 1000, 1180)


def lined(rows: Sequence[Sequence[str]], turn: float = 0.0) -> Any:
    """A page whose rows stand between level lines only."""
    from PIL import Image, ImageDraw

    page = Image.new("RGB", (1654, 1200), "white")
    pen = ImageDraw.Draw(page)
    pen.line((180, 280, 1300, 280), fill="black", width=3)
    for n, row in enumerate(rows):
        for x, text in zip(AT, row, strict=True):
            pen.text((x, 320 + 80 * n), text, fill="black", font_size=32, anchor="lm")
        pen.line((180, 360 + 80 * n, 1300, 360 + 80 * n), fill="black", width=2)
    return page.rotate(turn, fillcolor="white", resample=Image.Resampling.BICUBIC)


@needs_ocr
@pytest.mark.parametrize("turn", [0.0, 1.4])
def test_numbers_between_level_lines_are_words_of_their_own(turn: float) -> None:
    rows = [
        ("ALPHA", "275", "15", "0", "312"),
        ("BETA", "1", "0", "7", "40"),
        ("GAMMA", "19", "1", "1", "21"),
    ]
    data = png(lined(rows, turn))
    document = picture.read(Source("x.png", data, "", len(data)), Limits())
    (layout,) = document.layouts()
    found: dict[int, list[tuple[float, str]]] = {}
    for w in layout.words:
        found.setdefault(round(w.y / 20), []).append((w.x0, w.text))
    assert [tuple(text for _, text in sorted(line)) for _, line in sorted(found.items())] == rows


@needs_ocr
def test_ink_that_nothing_reads_is_a_word_that_says_so() -> None:
    from PIL import ImageDraw

    page = lined([("ALPHA", "275", "15", "", "312")])
    pen = ImageDraw.Draw(page)
    for x in range(1000, 1030, 6):  # a scribble
        pen.line((x, 305, 1030 - (x - 1000), 335), fill="black", width=3)
    data = png(page)
    document = picture.read(Source("x.png", data, "", len(data)), Limits())
    (layout,) = document.layouts()
    (word,) = [w for w in layout.words if 490 < w.x0 < 540]
    assert not word.text.isdecimal() or word.cell.confidence < 0.9
