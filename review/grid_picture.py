"""A Document of a format without pages (DOCX, HTML, Excel) and its Report → a picture of its grids, as SVG.

The grids are drawn as they stand in the file, each box framed in the colour of its kind. The picture holds its
texts as text: no typeface is needed to make it, and it can be searched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from gongkai.model import OWN_OUTPUT, Cell, Document, Grid, Report
from gongkai.review.draw import COLOURS, box_kinds
from gongkai.review.html_file import render_part

#: Pixels of a full-width character and of a line, and of the space within a box and around a grid.
_EM, _LINE, _INSIDE, _AROUND = 12, 17, 5, 16
#: The fewest and the most full-width characters of a column.
_NARROWEST, _WIDEST = 3, 14
#: Height of a line above a grid and of the legend, and the width of each kind in it.
_HEADING, _LEGEND = 24, 90


class _Box(NamedTuple):
    """A rectangle in pixels; one that is not `framed` is filled with its colour."""

    x: float
    y: float
    width: float
    height: float
    colour: str
    framed: bool


class _Text(NamedTuple):
    """A line of text; `y` is its foot."""

    x: float
    y: float
    text: str


def grids_as_svg(document: Document, report: Report) -> bytes:
    """Every grid of a document, one below the other, with a legend. Without a grid the picture says so."""
    kind_of = box_kinds(document, report)
    boxes: list[_Box] = []
    texts: list[_Text] = []
    width, y = float(_LEGEND * len(COLOURS)), float(_AROUND)
    for n, (kind, colour) in enumerate(COLOURS.items()):
        x = _AROUND + _LEGEND * n
        boxes.append(_Box(x, y, _EM, _EM, _rgb(colour), framed=False))
        texts.append(_Text(x + 1.5 * _EM, y + _EM - 1, kind))
    y += _HEADING
    grids = [(n, block) for n, block in enumerate(document.blocks, 1) if isinstance(block, Grid)]
    if not grids:
        texts.append(_Text(_AROUND, y + _LINE, "没有表格 no grid was found"))
        y += _HEADING
    for n, grid in grids:
        texts.append(_Text(_AROUND, y + _LINE, f"block {n}, {grid.rows} × {grid.columns}"))
        right, y = _draw(grid, kind_of, y + _HEADING, boxes, texts)
        width = max(width, right)
        y += _AROUND
    svg = render_part(
        "grid_picture",
        width=width + _AROUND,
        height=y + _AROUND,
        boxes=boxes,
        texts=texts,
        em=_EM,
        own_output=OWN_OUTPUT,
    )
    return f"{svg}\n".encode()


def _draw(
    grid: Grid, kind_of: Callable[[Cell], str], top: float, boxes: list[_Box], texts: list[_Text]
) -> tuple[float, float]:
    """Add the boxes and the texts of a grid; its right and its lower edge."""
    widths = _widths(grid)
    heights = [_LINE + 2.0 * _INSIDE] * grid.rows
    for cell in grid.cells:
        need = len(_lines(cell, widths)) * _LINE + 2.0 * _INSIDE
        last = min(cell.row + cell.rowspan, grid.rows) - 1
        heights[last] += max(0.0, need - sum(heights[cell.row : last + 1]))
    lefts, tops = list(_edges(_AROUND, widths)), list(_edges(top, heights))
    for cell in grid.cells:
        x, y = lefts[cell.column], tops[cell.row]
        right = lefts[min(cell.column + cell.colspan, grid.columns)]
        foot = tops[min(cell.row + cell.rowspan, grid.rows)]
        boxes.append(_Box(x, y, right - x, foot - y, _rgb(COLOURS[kind_of(cell)]), framed=True))
        texts += [
            _Text(x + _INSIDE, y + _INSIDE + _LINE * (n + 1) - 4, _printable(line))
            for n, line in enumerate(_lines(cell, widths))
        ]
    return lefts[-1], tops[-1]


def _widths(grid: Grid) -> list[float]:
    """The width of each column in pixels: that of its longest text in one column, within bounds."""
    longest = [_NARROWEST] * grid.columns
    for cell in grid.cells:
        if cell.colspan == 1:
            needed = max(map(_halves, cell.text.split("\n")))
            longest[cell.column] = min(max(longest[cell.column], -(-needed // 2)), _WIDEST)
    return [_EM * n + 2.0 * _INSIDE for n in longest]


def _lines(cell: Cell, widths: Sequence[float]) -> list[str]:
    """The text of a box in lines that fit its columns; of figures and Latin letters two take a full character."""
    room = int((sum(widths[cell.column : cell.column + cell.colspan]) - 2 * _INSIDE) // (_EM / 2))
    lines: list[str] = []
    for printed in cell.text.strip().split("\n"):
        line = ""
        for character in printed:
            if line and _halves(line + character) > room:
                lines.append(line)
                line = ""
            line += character
        lines.append(line)
    return lines


def _halves(text: str) -> int:
    """The width of a text in halves of a full-width character."""
    return sum(1 if ord(c) < 0x2E80 else 2 for c in text)


def _edges(start: float, sizes: Sequence[float]) -> Iterator[float]:
    yield start
    for size in sizes:
        start += size
        yield start


def _printable(text: str) -> str:
    """A text without the characters that XML cannot hold: controls, halves of a character, two that are none."""
    return "".join(
        "\ufffd" if (c < " " and c != "\t") or "\ud800" <= c <= "\udfff" or c in "\ufffe\uffff" else c
        for c in text
    )


def _rgb(colour: tuple[int, int, int]) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
