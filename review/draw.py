"""The page with what we found painted over it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from model import Cell, Document, Grid, Report

if TYPE_CHECKING:
    from PIL.Image import Image

#: Pixels a point.
SCALE = 2.0
#: What became of a box, and its colour.
COLOURS = {
    "value": (30, 130, 60),
    "label": (40, 90, 200),
    "finding": (210, 40, 40),
    "unclaimed": (230, 140, 20),
}


def draw(document: Document, report: Report, page: int, render: Callable[[int, float], Image]) -> bytes:
    """A page (from 1) as PNG: each box framed in the colour of what became of it, with a legend.

    Works from the Document and the Report alone; `render` gives the bare page.
    """
    from PIL import Image, ImageDraw

    picture = render(page, SCALE).convert("RGB")
    layer = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(layer)
    for cell, kind in boxes(document, report, page):
        assert cell.place.bbox is not None  # `boxes` gives none without
        corners = [SCALE * x for x in cell.place.bbox]
        pen.rectangle(corners, fill=(*COLOURS[kind], 40), outline=(*COLOURS[kind], 255), width=2)
    for i, (kind, colour) in enumerate(COLOURS.items()):
        left = 10 + 130 * i
        pen.rectangle((left, 6, left + 14, 20), fill=(*colour, 255))
        pen.text((left + 20, 6), kind, fill=(*colour, 255))
    out = io.BytesIO()
    Image.alpha_composite(picture.convert("RGBA"), layer).convert("RGB").save(out, "PNG")
    return out.getvalue()


def flagged_places(report: Report) -> Iterator[tuple[int | None, int | None, int | None]]:
    """The boxes that a finding speaks of, notes aside."""
    for f in report.findings:
        if f.place is not None and f.severity != "note" and f.place.column is not None:
            yield f.place.block, f.place.row, f.place.column


def boxes(document: Document, report: Report, page: int) -> Iterator[tuple[Cell, str]]:
    """Every box on a page and what became of it: "value", "label", "finding" or "unclaimed"."""
    values = {(f.place.block, f.place.row, f.place.column) for f in report.facts if f.value is not None}
    flagged: set[tuple[int | None, int | None, int | None]] = set(flagged_places(report))
    broken = {a for c in report.checks if c.outcome == "fail" for a in c.facts}
    flagged |= {
        (f.place.block, f.place.row, f.place.column) for f in report.facts if f.field.address in broken
    }
    for block in document.blocks:
        if not isinstance(block, Grid):
            continue
        for cell in block.cells:
            if cell.place.page != page or cell.place.bbox is None:
                continue
            at = (cell.place.block, cell.place.row, cell.place.column)
            if at in flagged:
                yield cell, "finding"
            elif at in values:
                yield cell, "value"
            elif any(c.isdigit() for c in cell.text) and not any("一" <= c <= "鿿" for c in cell.text):
                yield cell, "unclaimed"
            elif cell.text.strip():
                yield cell, "label"
