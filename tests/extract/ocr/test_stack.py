"""Characters below each other in a narrow box."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from builders.drawn_tables import needs_ocr

FONT = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")
pytestmark = [
    needs_ocr,
    pytest.mark.skipif(
        not FONT.exists(), reason="the font that draws the words, NotoSerifCJK, is not installed"
    ),
]


def head(lines: str, walls: bool = False) -> Any:
    """A narrow head with one character a line, 26 pixels high, 33 apart."""
    import numpy
    from PIL import Image, ImageDraw, ImageFont

    high = 22 + 33 * len(lines)
    picture = Image.new("L", (52, high), 245)
    pen = ImageDraw.Draw(picture)
    font = ImageFont.truetype(FONT, 26, index=2)
    for n, character in enumerate(lines):
        pen.text((26, 25 + 33 * n), character, fill=30, font=font, anchor="mm")
    if walls:
        pen.line((2, 0, 2, high), fill=0, width=3)
        pen.line((0, high - 3, 52, high - 3), fill=0, width=3)
    return numpy.asarray(picture)


@pytest.mark.parametrize(
    ("lines", "walls", "count"),
    [("总计", False, 2), ("其他", True, 2), ("自然人", True, 3), ("合", False, 1), ("1", False, 1)],
)
def test_a_stack_of_characters_is_cut_between_them(lines: str, walls: bool, count: int) -> None:
    from gongkai.extract.ocr.stack import cut_stack

    grey = head(lines, walls)
    boxes = cut_stack(grey, (0.0, 0.0, float(grey.shape[1]), float(grey.shape[0])))
    assert len(boxes) == count
    assert [round(b[1], -1) for b in boxes[1:]] == pytest.approx(
        [41 + 33 * n for n in range(count - 1)], abs=6
    )


def test_a_stack_is_read_character_by_character_where_each_is_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    from gongkai.extract.ocr import scan
    from gongkai.extract.ocr.ppocr import OcrText

    grey = head("总计")
    whole = ((0.0, 0.0, float(grey.shape[1]), float(grey.shape[0])), OcrText("4", 0.5, "4", 0.5))
    for score, texts in ((0.99, ["总", "计"]), (0.5, ["4"])):
        read = [OcrText(t, score, "", 0.0) for t in "总计"]
        monkeypatch.setattr(scan, "recognise", lambda crops, read=read: read[: len(crops)])
        assert [text.text for _, text in scan.split_stacked(grey, [whole])] == texts
