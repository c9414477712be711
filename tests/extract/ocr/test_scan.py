"""Pictures of pages, read by OCR."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders.drawn_tables import needs_ocr, png, table
from gongkai.extract import pdf, picture
from gongkai.model import Grid, Limits, MissingTool, Source, Unreadable

SAMPLES = Path(__file__).parents[3] / "samples"
FONT = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")


def seen(turn: float = 0.0, seal: bool = False) -> bytes:
    """A page with a small table, as a scanner sees it."""
    from PIL import Image, ImageChops, ImageDraw

    page = table([["A", "128", "0"], ["B", "", "57"], ["C", "4096", "3"]], box=(366, 90))
    if seal:
        ink = Image.new("RGB", page.size, "white")  # over print, red ink and black stay black
        ImageDraw.Draw(ink).ellipse((900, 350, 1250, 620), outline=(230, 60, 70), width=12)
        page = ImageChops.multiply(page, ink)
    return png(page.rotate(turn, fillcolor="white", resample=Image.Resampling.BICUBIC))


@needs_ocr
@pytest.mark.parametrize(("turn", "seal"), [(0.0, False), (1.1, True)])
def test_numbers_and_blanks_of_a_scanned_table_are_read(turn: float, seal: bool) -> None:
    data = seen(turn, seal)
    document = picture.read(Source("x.png", data, "", len(data)), Limits())
    (grid,) = [b for b in document.blocks if isinstance(b, Grid)]
    assert [[c.text for c in grid.cells if c.row == r and c.column] for r in range(3)] == [
        ["128", "0"],
        ["", "57"],
        ["4096", "3"],
    ]
    assert {c.origin for c in grid.cells} == {"ocr"}
    assert max(c.confidence for c in grid.cells) < 0.99


@needs_ocr
@pytest.mark.skipif(not FONT.exists(), reason="the font that draws the words, NotoSerifCJK, is not installed")
@pytest.mark.parametrize("turn", [90, 270])
def test_a_page_on_its_side_with_words_of_two_characters_alone_is_turned(turn: int) -> None:
    """Lying they are 1.8 times as high as broad: no more than half of what a line is."""
    from PIL import Image, ImageDraw, ImageFont

    page = Image.new("RGB", (1654, 1000), "white")
    font = ImageFont.truetype(FONT, 44)
    for n, word in enumerate(
        ("结果", "维持", "纠正", "其他", "尚未", "审结", "总计", "结果", "其他", "总计")
    ):
        ImageDraw.Draw(page).text((120 + 140 * n, 200), word, fill="black", font=font)
        ImageDraw.Draw(page).text((120 + 140 * n, 300), "结果", fill="black", font=font)
    data = png(page.transpose({90: Image.Transpose.ROTATE_90, 270: Image.Transpose.ROTATE_270}[turn]))
    document = picture.read(Source("x.png", data, "", len(data)), Limits())
    assert [f.code for f in document.findings].count("page-turned") == 1


def test_without_the_extra_a_picture_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "is_available", lambda: False)
    data = seen()
    with pytest.raises(MissingTool, match="gongkai\\[ocr\\]"):
        picture.read(Source("x.png", data, "", len(data)), Limits())


def test_a_damaged_picture_is_unreadable() -> None:
    data = seen()[:400]
    with pytest.raises((Unreadable, MissingTool)):
        picture.read(Source("x.png", data, "", len(data)), Limits())


def test_only_pictures_are_taken_for_pictures() -> None:
    assert picture.sniff(seen())
    assert not picture.sniff((SAMPLES / "2021_city.pdf").read_bytes())
    assert pdf.sniff((SAMPLES / "2021_city.pdf").read_bytes())


@needs_ocr
def test_numbers_beside_each_other_without_walls_are_no_boxes_that_were_read_twice() -> None:
    from PIL import Image, ImageDraw

    page = Image.new("RGB", (1654, 2339), "white")
    draw = ImageDraw.Draw(page)
    for row, y in enumerate((400, 480, 560)):
        for column, x in enumerate((200, 600, 1000, 1400)):
            draw.text((x, y), str(1000 * (row + 1) + column), fill="black", font_size=36)
    data = png(page)
    document = picture.read(Source("x.png", data, "", len(data)), Limits())
    assert not any(isinstance(b, Grid) for b in document.blocks)
    (layout, *_) = document.layouts()
    assert {w.cell.origin for w in layout.words} == {"ocr"}


@needs_ocr
def test_the_side_of_a_table_of_one_row_is_no_stroke_of_its_label() -> None:
    from gongkai.extract.ocr.scan import drop_strokes

    label = (170.0, 172.0, 380.0, 222.0)  # a line of text as the detector sees it, from before the wall on
    across = [(173.0, 175.0, 1485.0, 175.0), (173.0, 220.0, 1485.0, 220.0)]
    side, stroke = (175.0, 174.0, 175.0, 221.0), (300.0, 180.0, 300.0, 216.0)
    assert drop_strokes([*across, side, stroke], [label]) == [*across, side]
    assert drop_strokes([across[0], side], [label]) == [across[0]]
