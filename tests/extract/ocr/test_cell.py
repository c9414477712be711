"""What stands in one box of a scanned table."""

from __future__ import annotations

import pytest

from builders.drawn_tables import needs_ocr
from gongkai.model import Cell, Place

pytestmark = needs_ocr


@pytest.mark.parametrize(
    ("text", "marks"), [("82,904", ","), ("82.904", "."), ("1,234.56", ",."), ("590", "")]
)
def test_commas_hang_and_points_stand(text: str, marks: str) -> None:
    import numpy
    from PIL import Image, ImageDraw

    from gongkai.extract.ocr.cell import separators

    picture = Image.new("L", (320, 60), 235)
    ImageDraw.Draw(picture).text((20, 10), text, fill=20, font_size=30)
    assert separators(numpy.asarray(picture)) == marks


def test_a_line_over_two_boxes_is_cut_at_the_rule_and_not_at_a_letters_stroke() -> None:
    from gongkai.extract.ocr.scan import _cut

    box = (10.0, 20.0, 90.0, 44.0)
    rule, stroke = (50.0, 0.0, 50.0, 100.0), (50.0, 22.0, 50.0, 43.0)
    assert _cut(box, [rule]) == [(10.0, 20.0, 48.0, 44.0), (52.0, 20.0, 90.0, 44.0)]
    assert _cut(box, [stroke]) == [box]


@pytest.mark.parametrize(
    ("text", "seen"), [("4657.67", True), ("465767", False), ("1,110", True), ("7", False)]
)
def test_a_point_of_nine_pixels_is_no_speck(text: str, seen: bool) -> None:
    """At 200 dpi a point is as small as a speck; without it an amount is a hundred times too large."""
    import numpy
    from PIL import Image, ImageDraw

    from gongkai.extract.ocr.cell import ScannedPage, _ink, _points_between

    picture = Image.new("L", (400, 120), 235)
    ImageDraw.Draw(picture).text((60, 40), text, fill=20, font_size=26)
    cell = Cell(0, 0, 1, 1, text, Place(page=1, bbox=(0.0, 0.0, 400.0, 120.0)))
    crop, _ = _ink(cell, ScannedPage(numpy.asarray(picture), 1.0, ()))
    assert crop is not None and _points_between(crop) is seen


def test_an_amount_whose_point_one_reading_lost_has_both_readings(monkeypatch: pytest.MonkeyPatch) -> None:
    import numpy

    from gongkai.extract.ocr import cell as box
    from gongkai.extract.ocr.ppocr import OcrText

    monkeypatch.setattr(box, "recognise", lambda crops: [OcrText("465767", 0.95, "465767", 0.95)])
    cell = Cell(0, 0, 1, 1, "4657.67", Place(page=1))
    read = box._second(cell, "4657.67", numpy.full((40, 90), 235, numpy.uint8))
    assert (read.text, read.alternative) == ("4657.67", "465767")


@pytest.mark.parametrize(("grey", "alternative", "confidence"), [(150, "", 0.5), (40, None, 0.85)])
def test_pale_ink_where_a_seal_was_is_no_number(
    grey: int, alternative: str | None, confidence: float
) -> None:
    import numpy

    from gongkai.extract.ocr.cell import ScannedPage, _doubted

    picture = numpy.full((60, 60), 235, numpy.uint8)
    picture[20:45, 28:33] = grey
    cell = Cell(0, 0, 1, 1, "1", Place(page=1), "ocr", 0.97)
    read = _doubted(cell, (28.0, 20.0, 32.0, 44.0), ScannedPage(picture, 1.0, (), numpy.ones_like(picture)))
    assert (read.alternative, read.confidence) == (alternative, confidence)
    clean = _doubted(cell, (28.0, 20.0, 32.0, 44.0), ScannedPage(picture, 1.0, (), numpy.zeros_like(picture)))
    assert clean == cell


@pytest.mark.parametrize(
    ("text", "stroke"), [("/", "/"), ("\\", "\\"), ("1", ""), ("7", ""), ("4", ""), ("0", "")]
)
def test_a_slash_is_no_one_and_no_seven(text: str, stroke: str) -> None:
    import numpy
    from PIL import Image, ImageDraw

    from gongkai.extract.ocr.cell import slanted

    picture = Image.new("L", (60, 60), 235)
    ImageDraw.Draw(picture).text((20, 12), text, fill=20, font_size=28)
    assert slanted(numpy.asarray(picture)) == stroke


@pytest.mark.parametrize(
    ("text", "apart"), [("260     509", True), ("260509", False), ("1 1", False), ("8,293", False)]
)
def test_two_numbers_without_a_wall_between_them_are_not_one(text: str, apart: bool) -> None:
    import numpy
    from PIL import Image, ImageDraw

    from gongkai.extract.ocr.cell import _parted

    picture = Image.new("L", (360, 60), 235)
    ImageDraw.Draw(picture).text((20, 10), text, fill=20, font_size=30)
    assert _parted(numpy.asarray(picture)) is apart
