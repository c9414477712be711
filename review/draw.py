"""A page and the boxes read from it → a picture with every box painted in the colour of its kind."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from gongkai.model import OWN_OUTPUT, Cell, Document, Grid, Place, Report

#: Pixels a point.
SCALE = 2.0
#: Kind of a box → its colour.
COLOURS = {
    "value": (30, 130, 60),
    "label": (40, 90, 200),
    "finding": (210, 40, 40),
    "unclaimed": (230, 140, 20),
}
#: Height of the legend and width of each kind in it, in pixels.
_LEGEND = (26, 130)

#: (block, row, column) of a box
BoxAddress = tuple[int | None, int | None, int | None]


def draw(document: Document, report: Report, page: int, render: Callable[[int, float], Image.Image]) -> bytes:
    """A page (from 1) as PNG: each box framed in the colour of its kind, with a legend.

    It needs the Document and the Report alone. `render` paints the bare page from its number and
    the pixels a point.
    """
    picture = render(page, SCALE).convert("RGBA")
    layer = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(layer)
    for cell, kind in boxes(document, report, page):
        assert cell.place.bbox is not None  # `boxes` leaves out cells without one
        x0, top, x1, bottom = (SCALE * x for x in cell.place.bbox)
        corners = (min(x0, x1), min(top, bottom), max(x0, x1), max(top, bottom))
        pen.rectangle(corners, fill=(*COLOURS[kind], 40), outline=(*COLOURS[kind], 255), width=2)
    _paint_legend(pen)
    out = io.BytesIO()
    mark = PngInfo()
    mark.add_text("Software", OWN_OUTPUT)
    Image.alpha_composite(picture, layer).convert("RGB").save(out, "PNG", pnginfo=mark)
    return out.getvalue()


def grids_as_text(document: Document) -> str:
    """Every grid as text, for a format without pages; `·` is a box covered by a span."""
    grids = [(i, b) for i, b in enumerate(document.blocks) if isinstance(b, Grid)]
    if not grids:
        return "no grid was found\n"
    return "\n".join(f"block {i + 1}, {g.rows} × {g.columns}\n{g}\n" for i, g in grids)


def boxes(document: Document, report: Report, page: int) -> Iterator[tuple[Cell, str]]:
    """Every box on a page that has a place there, and its kind."""
    kind_of = box_kinds(document, report)
    for block in document.blocks:
        if isinstance(block, Grid):
            for cell in block.cells:
                if cell.place.page == page and cell.place.bbox is not None:
                    yield cell, kind_of(cell)


def box_kinds(document: Document, report: Report) -> Callable[[Cell], str]:
    """What tells the kind of a box: "value", "label", "finding" or "unclaimed".

    A label is text in a grid with values. A grid without values is unclaimed as a whole: a frame behind a
    paragraph that was taken for a table shows at once.
    """
    values = {_box(f.place) for f in report.facts if f.value is not None}
    flagged = set(_flagged(report))
    with_values = {f.place.block for f in report.facts}

    def kind(cell: Cell) -> str:
        if _box(cell.place) in flagged:
            return "finding"
        if _box(cell.place) in values:
            return "value"
        return "label" if cell.place.block in with_values and _is_label(cell.text) else "unclaimed"

    return kind


def _flagged(report: Report) -> Iterator[BoxAddress]:
    """The boxes of a finding (notes aside) or of a failed sum, and those that could not be read."""
    failed = {a for c in report.checks if c.outcome == "fail" for a in c.facts}
    named = set()
    for finding in report.findings:
        if finding.severity == "note":
            continue
        named.add((finding.table, finding.row, finding.column))
        if finding.place is not None and finding.place.column is not None:
            yield _box(finding.place)
    for fact in report.facts:
        if fact.value is None or fact.field.address in failed or fact.field.address in named:
            yield _box(fact.place)


def _box(place: Place) -> BoxAddress:
    return place.block, place.row, place.column


def _is_label(text: str) -> bool:
    """Whether a box holds words: a letter of any script. Figures and signs alone are no label."""
    return any(c.isalpha() for c in text)


def _paint_legend(pen: ImageDraw.ImageDraw) -> None:
    """Paint the four colours with the kinds that they stand for, at the top left."""
    height, width = _LEGEND
    pen.rectangle((0, 0, width * len(COLOURS), height), fill=(255, 255, 255, 255))
    for i, (kind, colour) in enumerate(COLOURS.items()):
        left = 10 + width * i
        pen.rectangle((left, 6, left + 14, 20), fill=(*colour, 255))
        pen.text((left + 20, 6), kind, fill=(*colour, 255))
