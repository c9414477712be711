"""Pictures of pages: seals out, lines level, rules found."""

from __future__ import annotations

from typing import Any

import pytest

from builders.drawn_tables import needs_ocr

pytestmark = needs_ocr


def page(seal: bool, turn: float = 0.0) -> Any:
    """Six thin grey rules, as 150 dpi leaves them, and a seal over them."""
    import numpy
    from PIL import Image, ImageChops, ImageDraw

    paper = Image.new("RGB", (1200, 900), (236, 236, 236))
    pen = ImageDraw.Draw(paper)
    for n in range(6):
        pen.line((100, 150 + 100 * n, 1100, 150 + 100 * n), fill=(125, 125, 125), width=2)
    if seal:
        ink = Image.new("RGB", paper.size, "white")
        ImageDraw.Draw(ink).ellipse((450, 200, 850, 600), outline=(210, 70, 80), width=14)
        paper = ImageChops.multiply(paper, ink)
    turned = paper.rotate(turn, fillcolor=(236, 236, 236), resample=Image.Resampling.BICUBIC)
    return numpy.asarray(turned)


def test_thin_grey_rules_under_a_seal_stay_whole() -> None:
    from gongkai.extract.ocr.deskew import find_rules, remove_seal

    across = [r for r in find_rules(remove_seal(page(seal=True))[0]) if r[1] == r[3]]
    assert [(round(r[0], -1), round(r[2], -1)) for r in sorted(across, key=lambda r: r[1])] == [
        (100.0, 1100.0)
    ] * 6


@pytest.mark.parametrize("turn", [-2.6, 0.0, 1.35])
def test_a_tilted_page_is_turned_back_to_a_twentieth_of_a_degree(turn: float) -> None:
    from gongkai.extract.ocr.deskew import measure_tilt, remove_seal

    assert measure_tilt(remove_seal(page(seal=False, turn=turn))[0]) == pytest.approx(-turn, abs=0.06)


@pytest.mark.parametrize(("mark", "period"), [(3, 6), (9, 15)])
def test_lines_of_dots_and_of_dashes_are_rules(mark: int, period: int) -> None:
    import numpy

    from gongkai.extract.ocr.deskew import find_rules

    grey = numpy.full((400, 900), 240, numpy.uint8)
    drawn = numpy.arange(900) % period < mark
    for y in (100, 150, 200):
        grey[y : y + 3, 100:800][:, drawn[100:800]] = 90
    for x in (100, 450, 797):
        grey[100:203, x : x + 3][drawn[100:203]] = 90
    rules = find_rules(grey)
    across, down = sorted(r[1] for r in rules if r[1] == r[3]), sorted(r[0] for r in rules if r[0] == r[2])
    assert across == pytest.approx([101, 151, 201], abs=1.5)
    assert down == pytest.approx([101, 451, 798], abs=1.5)


@pytest.mark.parametrize("grain", ["dots", "noise"])
def test_the_grain_of_a_grey_has_no_rules(grain: str) -> None:
    import numpy

    from gongkai.extract.ocr.deskew import find_rules

    grey = numpy.full((400, 900), 240, numpy.uint8)
    if grain == "dots":
        grey[100:300:4, 100:800:4] = 40
    else:
        grey[numpy.random.default_rng(1).random(grey.shape) < 0.02] = 200
    assert find_rules(grey) == []
