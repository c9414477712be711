"""A Document whose format nobody renders (OFD) → its pages, drawn again from its own text and boxes, as HTML."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from gongkai.model import BBox, Document, Grid, Paragraph, Place, Report
from gongkai.review.highlights import Marks, collect_marks
from gongkai.review.html_file import Html, Language, render_part
from gongkai.review.page_images import MOST, Frame, frames, set_upright

#: Points of an A4 page, and of the margin where something stands beyond it.
A4, MARGIN = (595.28, 841.89), 20.0
#: Sizes of print in points that a text is set in until it fits its box, and the height of a line.
SIZES, LEADING = (12.0, 10.5, 9.0, 8.0, 7.0, 6.0, 5.0, 4.0), 1.25
#: How far below the top of its line a letter's foot stands, as a share of the size.
_BASELINE = 0.88


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A text of the file in its box; `boxed` says that the box is drawn, `size` is None where it is not known."""

    box: BBox
    text: str
    boxed: bool
    size: float | None


@dataclass(frozen=True, slots=True)
class DrawnText:
    """A text as it is drawn: each line with the height of its foot, all at one `x`. Without lines the box is empty."""

    box: BBox
    boxed: bool
    size: float
    x: float
    lines: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A page: its size in points, its texts and the frames of its values."""

    number: int
    width: float
    height: float
    texts: tuple[DrawnText, ...]
    frames: tuple[Frame, ...]


def redraw(report: Report, document: Document, language: Language | None = None) -> Html:
    """The pages with values, each with its texts and boxes where they stand; nothing where no value has a place on paper."""
    wanted = {f.place.page for f in report.facts if f.place.page is not None and f.place.bbox is not None}
    marks = collect_marks(report)
    pages = [_page(report, document, page, marks) for page in sorted(wanted)[:MOST]]
    return render_part("redraw", language, pages=pages)


def _page(report: Report, document: Document, page: int, marks: Marks) -> DrawnPage:
    texts = list(_texts(document, page))
    right = max((text.box[2] for text in texts), default=0.0) + MARGIN
    foot = max((text.box[3] for text in texts), default=0.0) + MARGIN
    width, height = max(A4[0], right), max(A4[1], foot)
    return DrawnPage(page, width, height, tuple(map(_draw, texts)), tuple(frames(report, page, marks)))


def _texts(document: Document, page: int) -> Iterator[PlacedText]:
    """The texts on a page, in reading order."""
    for block in document.blocks:
        match block:
            case Paragraph(text=text, place=Place(page=p, bbox=bbox)) if p == page and bbox is not None:
                yield PlacedText(set_upright(bbox), block.number + text, False, block.size)
            case Grid(cells=cells):
                for cell in cells:
                    if cell.place.page == page and cell.place.bbox is not None:
                        yield PlacedText(set_upright(cell.place.bbox), cell.text, True, None)


def _draw(placed: PlacedText) -> DrawnText:
    """One text set into its box: in the middle of a box of a table, from the left in a paragraph."""
    x0, top, x1, bottom = placed.box
    text = placed.text.strip()
    if not text:
        return DrawnText(placed.box, placed.boxed, 0.0, x0, ())
    height = bottom - top
    size, lines = _fit(text, x1 - x0, height, placed.size)
    step = size * LEADING if placed.boxed else height / len(lines)
    first = top + (height - step * len(lines)) / 2 + (step - size) / 2 + size * _BASELINE
    x = (x0 + x1) / 2 if placed.boxed else x0
    at = tuple((line, first + n * step) for n, line in enumerate(lines))
    return DrawnText(placed.box, placed.boxed, size, x, at)


def _fit(text: str, width: float, height: float, size: float | None) -> tuple[float, list[str]]:
    """The largest size in which a text fits its box, and its lines."""
    for points in (size,) if size is not None else SIZES:
        lines = [line for part in text.split("\n") for line in _break(part, width / points)]
        if size is not None or len(lines) * points * LEADING <= height:
            return points, lines
    return SIZES[-1], lines


def _break(text: str, most: float) -> list[str]:
    """A text in lines of at most so many full-width characters."""
    lines, line, used = [], "", 0.0
    for c in text.strip():
        wide = 1.0 if unicodedata.east_asian_width(c) in "WF" else 0.55
        if line and used + wide > most + 0.5:
            lines.append(line)
            line, used = "", 0.0
        line, used = line + c, used + wide
    return [*lines, line]
