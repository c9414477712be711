"""The paper a Report was read from → HTML: its pages with a frame round each value, or its Grids."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gongkai.model import BBox, Cell, Document, Fact, Grid, Report
from gongkai.review.highlights import Marks, collect_marks
from gongkai.review.html_file import Html, Language, dotted, render_part

if TYPE_CHECKING:
    from PIL.Image import Image

#: Pixels a point: the smallest print of a form (7 points) is legible, and a page has some 80 kB.
SCALE = 1.7
#: Colours of a page that is no photograph.
_COLOURS = 24
_QUALITY = 60
#: A sample of a page's pixels has fewer colours than this where it is print, more where it is a photograph.
_PRINT = 600
#: The most pages or Grids that a page shows.
MOST = 60
#: A rendered page with more pixels than this is made smaller.
_PIXELS = 12_000_000

#: renders a page (from 1) at some pixels a point
Render = Callable[[int, float], "Image"]
#: (block, row, column) → the value that stands there
Places = Mapping[tuple[int | None, int | None, int | None], Fact]


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page as a picture: `width` and `height` in points, `url` a data: URL."""

    page: int
    width: float
    height: float
    url: str


@dataclass(frozen=True, slots=True)
class Frame:
    """The rectangle round a value on its page, in points from the top left."""

    field: str
    marks: tuple[str, ...]
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class GridBox:
    """A box of a Grid; `field` is the name of the value that was read from it, None where there is none."""

    cell: Cell
    field: str | None
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GridTable:
    """A Grid as rows of boxes: covered boxes are left out, and None is a gap. `number` counts blocks from 1."""

    number: int
    page: int | None
    rows: tuple[tuple[GridBox | None, ...], ...]


def render_pages(
    report: Report, render: Render, whole: bool, address: Callable[[int], str] | None = None
) -> list[PageImage]:
    """The pages that hold values, all pages where `whole`; none where the report has no places on paper.

    With `address` the pictures are not made: a page's picture is at the address of its number.
    """
    wanted = {f.place.page for f in report.facts if f.place.page is not None}
    if whole and report.pages is not None:
        wanted |= set(range(1, report.pages + 1))
    return [_page_image(page, render, address) for page in sorted(wanted)[:MOST]]


def _page_image(page: int, render: Render, address: Callable[[int], str] | None) -> PageImage:
    image = render(page, SCALE)
    width, height = image.width / SCALE, image.height / SCALE
    if address is not None:
        return PageImage(page, width, height, address(page))
    return PageImage(page, width, height, _data_url(_fit(image.convert("RGB"))))


def _fit(image: Image) -> Image:
    if image.width * image.height > _PIXELS:
        image.thumbnail((4_000, 3_000))
    return image


def page_picture(page: int, render: Render, scale: float = SCALE) -> tuple[bytes, str]:
    """One page as a picture for a server, quickly made: its bytes and their media type."""
    pillow = _pillow()
    image, out = _fit(render(page, scale).convert("RGB")), io.BytesIO()
    print_on_white = len(image.resize((200, 200), pillow.Resampling.NEAREST).getcolors(40_000) or ()) < _PRINT
    if print_on_white:
        image.quantize(_COLOURS, pillow.Quantize.FASTOCTREE, dither=pillow.Dither.NONE).save(
            out, "PNG", compress_level=3
        )
        return out.getvalue(), "image/png"
    image.save(out, "JPEG", quality=_QUALITY + 10)
    return out.getvalue(), "image/jpeg"


def _data_url(image: Image) -> str:
    """The smaller of a PNG of few colours, which suits print, and a JPEG, which suits photographs."""
    pillow = _pillow()
    png, jpeg = io.BytesIO(), io.BytesIO()
    image.quantize(_COLOURS, dither=pillow.Dither.NONE).save(png, "PNG", optimize=True)
    image.save(jpeg, "JPEG", quality=_QUALITY, optimize=True)
    kind, data = min(("png", png.getvalue()), ("jpeg", jpeg.getvalue()), key=lambda k: len(k[1]))
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


def _pillow() -> Any:
    # Imported here: pages without pictures (spreadsheets, web pages) do without Pillow.
    from PIL import Image as pillow

    return pillow


def render_notice(text: str, language: Language | None = None) -> Html:
    """A remark above the paper."""
    return render_part("notice", language, text=text)


def frame_values(
    report: Report, images: Sequence[PageImage], remark: str = "", language: Language | None = None
) -> Html:
    """Pages with a frame round each value; `remark` tells how the pictures were made."""
    marks = collect_marks(report)
    pages = [(image, frames(report, image.page, marks)) for image in images]
    return render_part("page_images", language, pages=pages, remark=remark)


def frames(report: Report, page: int, marks: Marks) -> list[Frame]:
    """The frames of the values on a page."""
    return [
        _frame(fact, fact.place.bbox, marks)
        for fact in report.facts
        if fact.place.page == page and fact.place.bbox is not None
    ]


def _frame(fact: Fact, bbox: BBox, marks: Marks) -> Frame:
    x0, top, x1, bottom = set_upright(bbox)
    return Frame(dotted(fact.field.address), marks.of(fact), x0, top, x1 - x0, bottom - top)


def set_upright(bbox: BBox) -> BBox:
    """A box with its left before its right and its top before its bottom."""
    return min(bbox[::2]), min(bbox[1::2]), max(bbox[::2]), max(bbox[1::2])


def render_grids(report: Report, document: Document, language: Language | None = None) -> Html:
    """The Grids of a file without pages, as they stand in it, each value's box marked."""
    marks = collect_marks(report)
    places = {(f.place.block, f.place.row, f.place.column): f for f in report.facts}
    with_values = {f.place.block for f in report.facts}
    grids = [(i, block) for i, block in enumerate(document.blocks) if isinstance(block, Grid)]
    # A file may have many tables that are no report's: those with values come first.
    grids.sort(key=lambda g: (g[0] not in with_values, g[0]))
    shown = sorted(grids[:MOST], key=lambda g: g[0])
    return render_part("grids", language, grids=[_grid_table(grid, i, places, marks) for i, grid in shown])


def _grid_table(grid: Grid, block: int, places: Places, marks: Marks) -> GridTable:
    boxes = {(c.row, c.column): c for c in grid.cells}
    covered = {
        (c.row + i, c.column + j) for c in grid.cells for i in range(c.rowspan) for j in range(c.colspan)
    } - boxes.keys()
    rows = []
    for r in range(grid.rows):
        at = [(r, c) for c in range(grid.columns) if (r, c) not in covered]
        rows.append(tuple(_grid_box(boxes[a], places, marks) if a in boxes else None for a in at))
    return GridTable(block + 1, grid.place.page, tuple(rows))


def _grid_box(cell: Cell, places: Places, marks: Marks) -> GridBox:
    fact = places.get((cell.place.block, cell.place.row, cell.place.column))
    if fact is None:
        return GridBox(cell, None, ())
    return GridBox(cell, dotted(fact.field.address), marks.of(fact))
