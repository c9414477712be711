"""A Document whose format nobody renders (OFD) → its pages, drawn again from its own text and boxes, as HTML."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from html import escape

from gongkai.model import BBox, Document, Grid, Paragraph, Place, Report
from gongkai.review.highlights import marks
from gongkai.review.page_images import MOST, frames

#: Points of an A4 page, and of the margin where something stands beyond it.
A4, MARGIN = (595.28, 841.89), 20.0
#: Sizes of print in points that a text is set in until it fits its box, and the height of a line.
SIZES, LEADING = (12.0, 10.5, 9.0, 8.0, 7.0, 6.0, 5.0, 4.0), 1.25
#: Where the letters of a line stand above its foot, as a share of the size.
_BASELINE = 0.88


def redrawn(report: Report, document: Document) -> str:
    """The pages with values, each with its texts and boxes where they stand; "" where nothing has a place on paper."""
    wanted = sorted(
        {f.place.page for f in report.facts if f.place.page is not None and f.place.bbox is not None}
    )
    seen = marks(report)
    parts = []
    for page in wanted[:MOST]:
        texts = list(_texts(document, page))
        right = max((box[2] for box, *_ in texts), default=0.0) + MARGIN
        foot = max((box[3] for box, *_ in texts), default=0.0) + MARGIN
        width, height = max(A4[0], right), max(A4[1], foot)
        drawn = "".join(_drawn(box, text, boxed, size) for box, text, boxed, size in texts)
        parts.append(
            f'<figure class="paper" id="page-{page}"><figcaption>第 {page} 页，按文件中的文字和表格重绘，没有印章和图片 '
            f"page {page}, drawn again from the file's own text and boxes; seals and pictures are not shown</figcaption>"
            f'<svg viewBox="0 0 {width:.2f} {height:.2f}" role="img" aria-label="page {page}">'
            f"{drawn}{frames(report, page, seen)}</svg></figure>"
        )
    return "".join(parts)


def _texts(document: Document, page: int) -> Iterator[tuple[BBox, str, bool, float | None]]:
    """What stands on a page: its box, its text, whether the box is drawn, the size of its print where known."""
    for block in document.blocks:
        match block:
            case Paragraph(text=text, place=Place(page=p, bbox=bbox)) if p == page and bbox is not None:
                yield _upright(bbox), block.number + text, False, block.size
            case Grid(cells=cells):
                for cell in cells:
                    if cell.place.page == page and cell.place.bbox is not None:
                        yield _upright(cell.place.bbox), cell.text, True, None


def _upright(bbox: BBox) -> BBox:
    return min(bbox[::2]), min(bbox[1::2]), max(bbox[::2]), max(bbox[1::2])


def _drawn(box: BBox, text: str, boxed: bool, size: float | None) -> str:
    """One text set into its box: in the middle of a box of a table, from the left in a paragraph."""
    x0, top, x1, bottom = box
    width, height = x1 - x0, bottom - top
    rule = (
        f'<rect class="rule" x="{x0:.2f}" y="{top:.2f}" width="{width:.2f}" height="{height:.2f}"/>'
        if boxed
        else ""
    )
    text = text.strip()
    if not text:
        return rule
    size, lines = _set(text, width, height, size)
    step = size * LEADING if boxed else height / len(lines)
    first = top + (height - step * len(lines)) / 2 + (step - size) / 2 + size * _BASELINE
    x, anchor = ((x0 + x1) / 2, ' text-anchor="middle"') if boxed else (x0, "")
    spans = "".join(
        f'<tspan x="{x:.2f}" y="{first + n * step:.2f}">{escape(line)}</tspan>'
        for n, line in enumerate(lines)
    )
    return f'{rule}<text class="print" font-size="{size:g}"{anchor}>{spans}</text>'


def _set(text: str, width: float, height: float, size: float | None) -> tuple[float, list[str]]:
    """The largest size in which a text fits its box, and its lines."""
    for points in (size,) if size is not None else SIZES:
        lines = [line for part in text.split("\n") for line in _broken(part, width / points)]
        if size is not None or len(lines) * points * LEADING <= height:
            return points, lines
    return SIZES[-1], lines


def _broken(text: str, most: float) -> list[str]:
    """A text in lines of so many full-width characters."""
    lines, line, used = [], "", 0.0
    for c in text.strip():
        wide = 1.0 if unicodedata.east_asian_width(c) in "WF" else 0.55
        if line and used + wide > most + 0.5:
            lines.append(line)
            line, used = "", 0.0
        line, used = line + c, used + wide
    return [*lines, line]
