"""The paper a Report was read from → HTML: its pages with a frame round each value, or its Grids."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from gongkai.model import BBox, Document, Fact, Grid, Report
from gongkai.review.highlights import Marks, marks

if TYPE_CHECKING:
    from PIL.Image import Image

#: Pixels a point: the smallest print of a form (7 points) is legible, and a page has some 80 kB.
SCALE = 1.7
#: Colours of a page that is no photograph.
_COLOURS = 24
_QUALITY = 60
#: Pages and Grids that are shown at the most.
MOST = 60
#: A rendered page is not taken above this number of pixels.
_PIXELS = 12_000_000

#: gives a page (from 1) at some pixels a point
Render = Callable[[int, float], "Image"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as a picture: `width` and `height` in points, `url` a data: URL."""

    page: int
    width: float
    height: float
    url: str


def pages(report: Report, render: Render, whole: bool) -> list[Picture]:
    """The pages that hold values, all pages where `whole`; none where the report has no places on paper."""
    wanted = {f.place.page for f in report.facts if f.place.page is not None}
    if whole and report.pages is not None:
        wanted |= set(range(1, report.pages + 1))
    return [_picture(page, render) for page in sorted(wanted)[:MOST]]


def _picture(page: int, render: Render) -> Picture:
    image = render(page, SCALE).convert("RGB")
    width, height = image.width / SCALE, image.height / SCALE
    if image.width * image.height > _PIXELS:
        image.thumbnail((4_000, 3_000))
    return Picture(page, width, height, _url(image))


def _url(image: Image) -> str:
    """The smaller of a PNG of few colours and a JPEG: print is the one, a photograph the other."""
    from PIL import Image as pillow

    png, jpeg = io.BytesIO(), io.BytesIO()
    image.quantize(_COLOURS, dither=pillow.Dither.NONE).save(png, "PNG", optimize=True)
    image.save(jpeg, "JPEG", quality=_QUALITY, optimize=True)
    kind, data = min(("png", png.getvalue()), ("jpeg", jpeg.getvalue()), key=lambda k: len(k[1]))
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


def notice(text: str) -> str:
    """Something to be said above the paper."""
    return f'<p class="notice">{escape(text)}</p>'


def framed(report: Report, pictures: Sequence[Picture], told: str = "") -> str:
    """Pages with a frame round each value. Coordinates are points, as those of the places.

    `told` is what is to be said of how the pictures came about.
    """
    seen = marks(report)
    return "".join(_page(report, picture, seen, told) for picture in pictures)


def frames(report: Report, page: int, seen: Marks) -> str:
    """The frames of the values on a page."""
    return "".join(
        _frame(fact, fact.place.bbox, seen)
        for fact in report.facts
        if fact.place.page == page and fact.place.bbox is not None
    )


def _page(report: Report, picture: Picture, seen: Marks, told: str) -> str:
    w, h = f"{picture.width:.2f}", f"{picture.height:.2f}"
    return (
        f'<figure class="paper" id="page-{picture.page}"><figcaption>第 {picture.page} 页 '
        f"page {picture.page}{escape(told)}</figcaption>"
        f'<svg viewBox="0 0 {w} {h}" role="img" aria-label="page {picture.page}">'
        f'<image href="{picture.url}" width="{w}" height="{h}" preserveAspectRatio="none"/>{frames(report, picture.page, seen)}</svg></figure>'
    )


def _frame(fact: Fact, bbox: BBox, seen: Marks) -> str:
    x0, top, x1, bottom = min(bbox[0], bbox[2]), min(bbox[1::2]), max(bbox[0], bbox[2]), max(bbox[1::2])
    field = escape(".".join(fact.field.address))
    return (
        f'<rect class="{" ".join(("frame", *seen.of(fact)))}" data-field="{field}" x="{x0:.2f}" y="{top:.2f}" '
        f'width="{x1 - x0:.2f}" height="{bottom - top:.2f}"><title>{field}</title></rect>'
    )


def grids(report: Report, document: Document) -> str:
    """The Grids of a file without pages, as they stand in it, each value's box marked."""
    seen = marks(report)
    at = {(f.place.block, f.place.row, f.place.column): f for f in report.facts}
    giving = {f.place.block for f in report.facts}
    found = [(i, block) for i, block in enumerate(document.blocks) if isinstance(block, Grid)]
    # A file of many tables that are no report's: those that gave values come first.
    found.sort(key=lambda g: (g[0] not in giving, g[0]))
    return "".join(_grid(grid, i, at, seen) for i, grid in sorted(found[:MOST], key=lambda g: g[0]))


def _grid(
    grid: Grid, number: int, at: dict[tuple[int | None, int | None, int | None], Fact], seen: Marks
) -> str:
    covered: set[tuple[int, int]] = set()
    boxes = {(c.row, c.column): c for c in grid.cells}
    lines = []
    for r in range(grid.rows):
        line = []
        for c in range(grid.columns):
            cell = boxes.get((r, c))
            if cell is None:
                line.append("" if (r, c) in covered else '<td class="gap"></td>')
                continue
            covered |= {(r + i, c + j) for i in range(cell.rowspan) for j in range(cell.colspan)}
            fact = at.get((cell.place.block, cell.place.row, cell.place.column))
            marked = "" if fact is None else f' class="{" ".join(("frame", *seen.of(fact)))}" tabindex="-1"'
            field = "" if fact is None else f' data-field="{escape(".".join(fact.field.address))}"'
            spans = "".join(
                f' {name}="{n}"'
                for name, n in (("colspan", cell.colspan), ("rowspan", cell.rowspan))
                if n > 1
            )
            line.append(f"<td{marked}{field}{spans}>{escape(cell.text.strip())}</td>")
        lines.append(f"<tr>{''.join(line)}</tr>")
    page = "" if grid.place.page is None else f"，第 {grid.place.page} 页 page {grid.place.page}"
    return (
        f'<figure class="paper grid"><figcaption>文件中的表格，块 {number + 1} · table as it stands in the file, '
        f"block {number + 1}{page}</figcaption><table>{''.join(lines)}</table></figure>"
    )
