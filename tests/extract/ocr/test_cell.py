"""The text of one box of a scanned table, read from its ink."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from builders.drawn_tables import needs_ocr
from gongkai.extract import ocr
from gongkai.model import Cell, Place

pytestmark = needs_ocr
if ocr.is_available():
    import numpy
    from PIL import Image, ImageDraw

    from gongkai.extract.ocr import cell as cells
    from gongkai.extract.ocr import ink
    from gongkai.extract.ocr.ppocr import OcrText
    from gongkai.extract.ocr.scan import cut_at_walls


def drawn(text: str, size: tuple[int, int], corner: tuple[int, int], height: int) -> Any:
    """A text as a grey picture of this size."""
    picture = Image.new("L", size, 235)
    ImageDraw.Draw(picture).text(corner, text, fill=20, font_size=height)
    return numpy.asarray(picture)


@pytest.mark.parametrize(
    ("text", "marks"), [("82,904", ","), ("82.904", "."), ("1,234.56", ",."), ("590", "")]
)
def test_commas_hang_and_points_stand(text: str, marks: str) -> None:
    assert ink.read_separators(drawn(text, (320, 60), (20, 10), 30)) == marks


def test_a_line_over_two_boxes_is_cut_at_the_rule_and_not_at_a_letters_stroke() -> None:
    box = (10.0, 20.0, 90.0, 44.0)
    rule, stroke = (50.0, 0.0, 50.0, 100.0), (50.0, 22.0, 50.0, 43.0)
    assert cut_at_walls(box, [rule]) == [(10.0, 20.0, 48.0, 44.0), (52.0, 20.0, 90.0, 44.0)]
    assert cut_at_walls(box, [stroke]) == [box]


@pytest.mark.parametrize(
    ("mark", "size", "rise", "raised"),
    [("2", 24, 8, True), ("2", 30, 10, True), ("2", 15, 14, True), ("27", 30, 0, False)],
)
def test_a_raised_figure_behind_a_number_is_seen_in_its_ink(
    mark: str, size: int, rise: int, raised: bool
) -> None:
    """The network reads 131 and a raised 2 surely as 1312."""
    picture = Image.new("L", (200, 80), 250)
    draw = ImageDraw.Draw(picture)
    draw.text((20, 60), "131", fill=20, font_size=30, anchor="ls")
    end = 21 + draw.textlength("131", font_size=30)
    draw.text((end, 60 - rise), mark, fill=20, font_size=size, anchor="ls")
    crop, _ = ink.crop_ink(numpy.asarray(picture), (0.0, 0.0, 200.0, 80.0))
    assert crop is not None and ink.has_raised_end(crop) is raised


def test_the_foot_of_a_worn_digit_is_its_own() -> None:
    """Of a 2 whose neck is worn away the flat stroke at its foot is a piece by itself."""
    picture = Image.new("L", (200, 80), 250)
    draw = ImageDraw.Draw(picture)
    draw.text((20, 60), "42", fill=20, font_size=40, anchor="ls")
    worn = numpy.asarray(picture).copy()
    worn[52:55, 44:] = 250
    crop, _ = ink.crop_ink(worn, (0.0, 0.0, 200.0, 80.0))
    assert crop is not None and not ink.has_raised_end(crop)


@pytest.mark.parametrize(
    ("text", "seen"), [("4657.67", True), ("465767", False), ("1,110", True), ("7", False)]
)
def test_a_point_of_nine_pixels_is_no_speck(text: str, seen: bool) -> None:
    """At 200 dpi a point is as small as a speck; without it an amount is a hundred times too large."""
    crop, _ = ink.crop_ink(drawn(text, (400, 120), (60, 40), 26), (0.0, 0.0, 400.0, 120.0))
    assert crop is not None and ink.has_point(crop) is seen


def test_an_amount_whose_point_one_reading_lost_has_both_readings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        cells, "recognise", lambda crops: [OcrText("465767", 0.95, "465767", 0.95) for _ in crops]
    )
    cell = Cell(0, 0, 1, 1, "4657.67", Place(page=1))
    crop = numpy.full((40, 90), 235, numpy.uint8)
    (read,) = cells.read_together([cells.read_again(cell, "4657.67", crop)])
    assert (read.text, read.alternative) == ("4657.67", "465767")


@pytest.mark.parametrize(("grey", "alternative", "confidence"), [(150, "", 0.5), (40, None, 0.85)])
def test_pale_ink_where_a_seal_was_is_no_number(
    grey: int, alternative: str | None, confidence: float
) -> None:
    picture = numpy.full((60, 60), 235, numpy.uint8)
    picture[20:45, 28:33] = grey
    cell, where = Cell(0, 0, 1, 1, "1", Place(page=1), "ocr", 0.97), (28.0, 20.0, 32.0, 44.0)
    under = cells.ScannedPage(picture, 1.0, (), numpy.ones_like(picture), 235.0)
    read = cells.lower_under_seal(cell, where, under)
    assert (read.alternative, read.confidence) == (alternative, confidence)
    clean = cells.ScannedPage(picture, 1.0, (), numpy.zeros_like(picture), 235.0)
    assert cells.lower_under_seal(cell, where, clean) == cell


@pytest.mark.parametrize(
    ("text", "stroke"), [("/", "/"), ("\\", "\\"), ("1", ""), ("7", ""), ("4", ""), ("0", "")]
)
def test_a_slash_is_no_one_and_no_seven(text: str, stroke: str) -> None:
    assert ink.read_slash(drawn(text, (60, 60), (20, 12), 28))[0] == stroke


@pytest.mark.parametrize(
    ("text", "apart"), [("260     509", True), ("260509", False), ("1 1", False), ("8,293", False)]
)
def test_two_numbers_without_a_wall_between_them_are_not_one(text: str, apart: bool) -> None:
    assert ink.is_two_numbers(drawn(text, (360, 60), (20, 10), 30)) is apart


@pytest.mark.parametrize(("below", "apart"), [(60, True), (30, False)])
def test_numbers_of_two_rows_without_a_wall_between_them_are_not_one(below: int, apart: bool) -> None:
    upper, lower = (drawn("12", (80, 120), (20, y), 30) for y in (10, 10 + below))
    assert ink.is_two_numbers(numpy.minimum(upper, lower)) is apart


@pytest.mark.parametrize(
    ("digits", "places", "explained"),
    [("31", (0.3, 0.7), True), ("3", (0.4,), False), ("1", (0.8,), False), ("", (), False)],
)
def test_every_piece_of_ink_has_a_digit(digits: str, places: tuple[float, ...], explained: bool) -> None:
    crop = drawn("31", (50, 44), (6, 4), 30)
    assert ink.explains(crop, digits, places) is explained


def test_a_digit_that_is_too_broad_may_be_two_that_touch() -> None:
    crop = numpy.full((40, 40), 250, numpy.uint8)
    crop[6:34, 8:12] = crop[6:34, 28:32] = crop[30:34, 8:32] = 20  # a stroke, a foot and a stroke
    assert not ink.explains(crop, "2", (0.5,))
    assert not ink.explains(crop, "2", (0.5,), agreed=True)
    assert ink.explains(crop, "21", (0.3, 0.7))


def test_the_two_arcs_of_a_worn_zero_are_one_digit() -> None:
    crop = numpy.full((32, 24), 250, numpy.uint8)
    crop[8:24, 6:10] = crop[8:24, 14:18] = 20
    assert ink.explains(crop, "0", (0.5,))
    assert not ink.explains(crop, "1", (0.3,))


def test_thousands_under_a_grey_seal_are_undecided_though_their_comma_was_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    picture = drawn("1,234", (200, 60), (20, 12), 28)
    place = Place(page=1, bbox=(0.0, 0.0, 200.0, 60.0))
    read = Cell(0, 0, 1, 1, "1,234", place, "ocr", 0.97, alternative="1,234")

    def read_ink(*_: object) -> Iterator[Any]:
        yield []
        return read

    monkeypatch.setattr(cells, "_read_ink", read_ink)
    under = cells.ScannedPage(picture, 1.0, (), numpy.full_like(picture, cells.COVERED), 235.0)
    assert cells.check_cells([read], under)[0].alternative == cells.UNSURE
    assert cells.check_cells([read], cells.ScannedPage(picture, 1.0, (), None, 235.0)) == [read]


def test_boxes_that_are_read_again_are_read_together(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def read(crops: Sequence[Any]) -> list[OcrText]:
        calls.append(len(crops))
        return [OcrText(str(crop.shape[1]), 0.99, str(crop.shape[1]), 0.99, (0.5,)) for crop in crops]

    def box(*widths: int) -> Any:
        text = ""
        for wide in widths:
            (seen,) = yield [numpy.zeros((20, wide))]
            text += f"{seen.text} "
        return Cell(0, 0, 1, 1, text, Place(page=1))

    monkeypatch.setattr(cells, "recognise", read)
    boxes = cells.read_together([box(7), box(), box(8, 9), box(3)])
    assert [cell.text for cell in boxes] == ["7 ", "", "8 9 ", "3 "]
    assert calls == [3, 1]


def test_a_number_by_hand_that_is_read_as_letters_stays_a_number_in_doubt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With a letter in it the box would be a label, and its row lost."""
    letters = OcrText("1CCC", 0.99, "1000", 0.99, (0.1, 0.3, 0.6, 0.8))
    monkeypatch.setattr(cells, "recognise", lambda crops: [letters] * len(crops))
    page = cells.ScannedPage(drawn("1000", (200, 80), (60, 20), 36), 1.0, ())
    place = Place(bbox=(0.0, 0.0, 200.0, 80.0))
    label, number = cells.check_cells([Cell(0, column, 1, 1, "1CCC", place) for column in (0, 1)], page)
    assert label.text == "1CCC"
    assert (number.text, number.alternative, number.confidence) == ("1000", "1CCC", 0.5)
