"""What stands in one box of a scanned table."""

from __future__ import annotations

import pytest

from extract import scan

pytestmark = pytest.mark.skipif(not scan.available(), reason="the extra gongkai[ocr] is not installed")


@pytest.mark.parametrize(
    ("text", "marks"), [("82,904", ","), ("82.904", "."), ("1,234.56", ",."), ("590", "")]
)
def test_commas_hang_and_points_stand(text: str, marks: str) -> None:
    import numpy
    from PIL import Image, ImageDraw

    from extract.box import separators

    picture = Image.new("L", (320, 60), 235)
    ImageDraw.Draw(picture).text((20, 10), text, fill=20, font_size=30)
    assert separators(numpy.asarray(picture)) == marks


def test_a_line_over_two_boxes_is_cut_at_the_rule_and_not_at_a_letters_stroke() -> None:
    from extract.scan import _cut

    box = (10.0, 20.0, 90.0, 44.0)
    rule, stroke = (50.0, 0.0, 50.0, 100.0), (50.0, 22.0, 50.0, 43.0)
    assert _cut(box, [rule]) == [(10.0, 20.0, 48.0, 44.0), (52.0, 20.0, 90.0, 44.0)]
    assert _cut(box, [stroke]) == [box]
