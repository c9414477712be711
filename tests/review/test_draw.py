"""The page with what we found painted over it."""

from __future__ import annotations

import io
from dataclasses import replace

from PIL import Image

from gongkai.model import Document, Place, Report
from gongkai.review.draw import COLOURS, SCALE, boxes, draw, grids_as_text

WHITE = (255, 255, 255)


def painted(document: Document, report: Report, page: int = 2) -> Image.Image:
    """The picture of a page of 400 × 600 points."""

    def blank(page: int, scale: float) -> Image.Image:
        return Image.new("RGB", (int(400 * scale), int(600 * scale)), WHITE)

    return Image.open(io.BytesIO(draw(document, report, page, blank))).convert("RGB")


def kinds(document: Document, report: Report, page: int = 2) -> dict[tuple[int | None, int, int], str]:
    """What became of every box, by (block, row, column)."""
    return {(c.place.block, c.row, c.column): kind for c, kind in boxes(document, report, page)}


def test_every_box_has_what_became_of_it(document: Document, report: Report) -> None:
    assert kinds(document, report) == {
        (1, 0, 0): "unclaimed",  # the empty corner
        (1, 0, 1): "label",
        (1, 0, 2): "label",
        (1, 1, 0): "label",
        (1, 1, 1): "value",
        (1, 1, 2): "value",
        (1, 2, 0): "label",
        (1, 2, 1): "finding",  # part of a sum that fails
        (1, 2, 2): "finding",
        (1, 3, 0): "label",
        (1, 3, 1): "unclaimed",  # a figure that no Field claimed
        (1, 3, 2): "unclaimed",
        (2, 0, 0): "unclaimed",  # a frame behind a sentence
    }


def test_a_box_is_framed_in_its_colour_and_what_is_beside_it_stays(
    document: Document, report: Report
) -> None:
    picture = painted(document, report)
    for cell, kind in boxes(document, report, 2):
        assert cell.place.bbox is not None
        x0, top, x1, bottom = cell.place.bbox
        # Neighbours share their frame, so the colour is looked for inside of it.
        middle = picture.getpixel((int(SCALE * (x0 + x1) / 2), int(SCALE * (top + bottom) / 2)))
        red, green, blue = COLOURS[kind]
        mixed = tuple(round(255 + (c - 255) * 40 / 255) for c in (red, green, blue))
        assert isinstance(middle, tuple)
        assert all(abs(a - b) <= 1 for a, b in zip(middle, mixed, strict=True)), (kind, middle)
    # The last box of its grid has its right edge for itself.
    assert picture.getpixel((int(SCALE * 150), int(SCALE * 310))) == COLOURS["unclaimed"]
    assert picture.getpixel((int(SCALE * 390), int(SCALE * 590))) == WHITE


def test_the_page_is_rendered_at_the_scale_of_the_boxes(document: Document, report: Report) -> None:
    assert painted(document, report).size == (800, 1200)


def test_another_page_has_the_legend_only(document: Document, report: Report) -> None:
    picture = painted(document, report, page=1)
    assert kinds(document, report, 1) == {}
    below = picture.crop((0, 40, *picture.size)).getcolors()
    assert below == [(800 * 1160, WHITE)]
    above = {colour for _, colour in picture.crop((0, 0, 800, 40)).getcolors(1 << 16) or []}
    assert set(COLOURS.values()) <= above


def test_an_unread_value_is_a_finding_and_no_box_without_a_field(document: Document, report: Report) -> None:
    unread = replace(report.facts[0], value=None)
    assert kinds(document, replace(report, facts=(unread, *report.facts[1:])))[1, 1, 1] == "finding"


def test_a_finding_that_names_a_field_colours_its_box(document: Document, report: Report) -> None:
    named = replace(
        report.findings[0], table="requests", row="new_requests", column="natural_person", place=None
    )
    assert kinds(document, replace(report, findings=(named,)))[1, 1, 1] == "finding"


def test_a_note_colours_nothing(document: Document, report: Report) -> None:
    assert kinds(document, report)[1, 1, 1] == "value"  # grid-joined stands in this box


def test_a_box_without_a_place_on_paper_is_not_painted(document: Document, report: Report) -> None:
    grid = document.blocks[2]
    lost = replace(grid, cells=(replace(grid.cells[0], place=Place(2, 2, 0, 0)),))  # type: ignore[union-attr]
    assert (2, 0, 0) not in kinds(replace(document, blocks=(*document.blocks[:2], lost)), report)


def test_a_box_given_upside_down_is_painted_all_the_same(document: Document, report: Report) -> None:
    grid = document.blocks[2]
    turned = Place(2, 2, 0, 0, (150.0, 320.0, 50.0, 300.0))
    lost = replace(grid, cells=(replace(grid.cells[0], place=turned),))  # type: ignore[union-attr]
    picture = painted(replace(document, blocks=(*document.blocks[:2], lost)), report)
    assert picture.getpixel((int(SCALE * 150), int(SCALE * 310))) == COLOURS["unclaimed"]


def test_a_format_without_pages_has_its_grids_as_text(document: Document) -> None:
    assert grids_as_text(document) == (
        "block 2, 4 × 3\n | 自然人 | 总计\n新收 | 3 | 3\n予以“公开 |  | 2\n七 | 7 | \n\nblock 3, 1 × 1\n一句话\n"
    )
    assert grids_as_text(replace(document, blocks=document.blocks[:1])) == "no grid was found\n"
