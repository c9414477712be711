"""Elements that a style puts into rows and columns → where each stands: a CSS grid, or boxes at fixed places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from gongkai.extract.web.css import Styles
from gongkai.extract.web.dom import children
from gongkai.extract.web.length import read_length
from gongkai.record import dataclass

#: Fewer boxes, or one column, are no table.
_FEWEST = 6
#: A box with more characters is a part of the page, not of a table.
_LONGEST = 400
#: A table of more rows or columns is none.
_MOST = 1_000
#: Edges that are no further apart are one, in pixels.
_NEAR = 3.0
#: What a hundred per cent of the page are taken for, in pixels.
_WHOLE = 1000.0
_REPEAT = re.compile(r"repeat\(\s*(\d{1,3})\s*,\s*([^()]*(?:\([^()]*\)[^()]*)*)\)")
_FUNCTION = re.compile(r"[\w-]+\([^()]*\)|\[[^\]]*\]")
_LINE = re.compile(r"-?\d{1,4}")
_SPAN = re.compile(r"span\s+(\d{1,4})")


@dataclass(frozen=True, slots=True)
class Placed:
    """An element and the box that it fills, counted from 0."""

    element: Any
    row: int
    column: int
    rowspan: int
    colspan: int


def place(node: Any, styles: Styles) -> list[Placed] | None:
    """The boxes of an element that is drawn as a table by their places; None where it is not."""
    if styles.of(node) in ("grid", "inline-grid"):
        placed = _place_grid(node, styles)
    else:
        placed = _place_fixed(node, styles) or _place_rows(node, styles)
    if (
        placed is None
        or len(placed) < _FEWEST
        or len({p.column for p in placed}) < 2
        or len({p.row for p in placed}) < 2
    ):
        return None
    if any(
        len(p.element.text() or "") > _LONGEST or p.element.css_first("table") is not None for p in placed
    ):
        return None
    return sorted(placed, key=lambda p: (p.row, p.column))


def _list_items(node: Any, styles: Styles) -> Iterable[Any]:
    """The elements in a grid; one that is drawn as its contents is not one itself."""
    for child in children(node):
        if child.tag.startswith("-") or child.tag in ("script", "style") or styles.hides(child):
            continue
        if styles.of(child) == "contents":
            yield from _list_items(child, styles)
        else:
            yield child


# A grid --------------------------------------------------------------------------------------


def _count_columns(text: str) -> int | None:
    """How many columns a grid has; None where it depends on the width of the page."""
    if "auto-fill" in text or "auto-fit" in text or "subgrid" in text:
        return None
    tracks = 0
    for count, inner in _REPEAT.findall(text):
        tracks += int(count) * _count_tracks(inner)
    return tracks + _count_tracks(_REPEAT.sub(" ", text))


def _count_tracks(text: str) -> int:
    plain = _FUNCTION.sub(lambda hit: " " if hit[0].startswith("[") else " f ", text)
    return len(plain.split())


def _place_grid(node: Any, styles: Styles) -> list[Placed] | None:
    text = styles.declares(node, "grid-template-columns")
    if not text and "/" in styles.declares(node, "grid-template"):
        text = styles.declares(node, "grid-template").rpartition("/")[2]
    columns = _count_columns(text)
    if columns is None or not 2 <= columns <= 64 or "column" in styles.declares(node, "grid-auto-flow"):
        return None
    taken: set[tuple[int, int]] = set()
    placed: list[Placed] = []
    row = column = 0
    for item in _list_items(node, styles):
        lines = _read_lines(item, styles, columns)
        if lines is None:
            return None
        (r, high), (c, wide) = lines
        wide = min(wide, columns)
        spot = _find_spot(taken, (row, column), (r, high), (c, wide), columns)
        if spot is None:
            return None
        if r is None:
            row, column = spot[0], spot[1] + wide
        taken |= {(spot[0] + i, spot[1] + k) for i in range(high) for k in range(wide)}
        placed.append(Placed(item, *spot, high, wide))
    return placed


def _find_spot(
    taken: set[tuple[int, int]],
    cursor: tuple[int, int],
    rows: tuple[int | None, int],
    across: tuple[int | None, int],
    columns: int,
) -> tuple[int, int] | None:
    """Where an element comes to stand: at its own lines, else at the next free place."""
    (r, high), (c, wide) = rows, across

    def is_free(at: int, left: int) -> bool:
        return not any((at + i, left + k) in taken for i in range(high) for k in range(wide))

    if r is not None:
        options = [c] if c is not None else list(range(columns - wide + 1))
        return next(((r, left) for left in options if c is not None or is_free(r, left)), None)
    row, column = cursor
    if c is not None:
        row += c < column
        return next(((at, c) for at in range(row, _MOST) if is_free(at, c)), None)
    for at in range(row, _MOST):
        for left in range(column if at == row else 0, columns - wide + 1):
            if is_free(at, left):
                return at, left
    return None


def _read_lines(
    item: Any, styles: Styles, columns: int
) -> tuple[tuple[int | None, int], tuple[int | None, int]] | None:
    """Row and rowspan, column and colspan of an element of a grid; None where a line has a name."""
    area = [part.strip() for part in styles.declares(item, "grid-area").split("/")]
    area += [""] * (4 - len(area))
    found = []
    for axis, first, last in (("row", area[0], area[2]), ("column", area[1], area[3])):
        start, _, end = styles.declares(item, f"grid-{axis}").partition("/")
        start = styles.declares(item, f"grid-{axis}-start") or start or first
        end = styles.declares(item, f"grid-{axis}-end") or end or last
        read = _read_axis(start.strip(), end.strip(), columns if axis == "column" else None)
        if read is None:
            return None
        found.append(read)
    return found[0], found[1]


def _read_axis(start: str, end: str, tracks: int | None) -> tuple[int | None, int] | None:
    """Where an element starts, None where it comes as it comes, and how many tracks it takes."""
    spans = [_SPAN.fullmatch(part) for part in (start, end)]
    lines: list[int | None] = []
    for part, span in zip((start, end), spans, strict=True):
        if part in ("", "auto") or span is not None:
            lines.append(None)
        elif _LINE.fullmatch(part) is not None and int(part) != 0:
            number = int(part)
            if number < 0 and tracks is None:
                return None
            lines.append(number - 1 if number > 0 else (tracks or 0) + 1 + number)
        else:
            return None
    wide = next((int(span[1]) for span in spans if span is not None), 1)
    if lines[0] is not None and lines[1] is not None:
        low, high = sorted((lines[0], lines[1]))
        return (low, high - low) if 0 <= low < high <= _MOST else None
    if lines[1] is not None:
        return (lines[1] - wide, wide) if lines[1] >= wide else None
    return (lines[0], wide) if wide <= _MOST else None


# Fixed places --------------------------------------------------------------------------------


def _place_fixed(node: Any, styles: Styles) -> list[Placed] | None:
    """Boxes with a place and a size of their own, whose edges are those of a table."""
    boxes: list[tuple[Any, float, float, float, float]] = []
    for item in _list_items(node, styles):
        if styles.declares(item, "position").lower() != "absolute":
            if (item.text() or "").strip():
                return None
            continue
        lengths = [
            read_length(styles.declares(item, name), 16.0, _WHOLE)
            for name in ("left", "top", "width", "height")
        ]
        left, top, width, height = lengths
        if left is None or top is None or width is None or height is None or width <= 1 or height <= 1:
            return None
        boxes.append((item, left, top, left + width, top + height))
    if len(boxes) < _FEWEST:
        return None
    across = _merge([edge for _, left, _, right, _ in boxes for edge in (left, right)])
    down = _merge([edge for _, _, top, _, bottom in boxes for edge in (top, bottom)])
    placed = []
    taken: set[tuple[int, int]] = set()
    for item, left, top, right, bottom in boxes:
        c, r = _index(across, left), _index(down, top)
        wide, high = max(1, _index(across, right) - c), max(1, _index(down, bottom) - r)
        filled = {(r + i, c + k) for i in range(high) for k in range(wide)}
        if filled & taken or len(across) > 65:
            return None
        taken |= filled
        placed.append(Placed(item, r, c, high, wide))
    return placed


# Rows --------------------------------------------------------------------------------------------

#: Fewer rows of boxes are no table.
_FEWEST_ROWS = 3
#: Rows of one table end within so many pixels of each other.
_EVEN = 20.0


def _place_rows(node: Any, styles: Styles) -> list[Placed] | None:
    """Boxes side by side in rows (flex, float, inline-block), each as wide as its style says."""
    rows = []
    for child in children(node):
        if child.tag.startswith("-") or child.tag in ("script", "style") or styles.hides(child):
            if child.tag == "-text" and (child.text_content or "").strip():
                return None
            continue
        row = _measure_row(child, styles)
        if row is None:
            return None
        rows.append(row)
    if len(rows) < _FEWEST_ROWS:
        return None
    right = max(row[-1][2] for row in rows)
    if any(right - row[-1][2] > _EVEN for row in rows):
        return None
    edges = _merge([edge for row in rows for _, left, end in row for edge in (left, end)])
    placed = []
    for r, row in enumerate(rows):
        for item, left, end in row:
            c = _index(edges, left)
            placed.append(Placed(item, r, c, 1, max(1, _index(edges, end) - c)))
    return placed if len(edges) <= 65 else None


def _measure_row(row: Any, styles: Styles) -> list[tuple[Any, float, float]] | None:
    """The boxes of a row, each with its left and its right edge in pixels; None where it is no row of boxes."""
    is_flex = styles.of(row) in ("flex", "inline-flex")
    if is_flex and "column" in styles.declares(row, "flex-direction"):
        return None
    items = list(_list_items(row, styles))
    texts = [c for c in children(row) if c.tag == "-text" and (c.text_content or "").strip(" \t\r\n")]
    if not items or texts or not (is_flex or all(_is_beside(item, styles) for item in items)):
        return None
    shares = [_read_share(item, styles) for item in items] if is_flex else []
    if shares and None not in shares:
        whole = sum(share or 0.0 for share in shares)
        widths: list[float | None] = [(share or 0.0) / whole * _WHOLE for share in shares] if whole else []
    else:
        widths = [read_length(styles.declares(item, "width"), 16.0, _WHOLE) for item in items]
    if not widths or any(width is None or width <= 0 for width in widths):
        return None
    found, left = [], 0.0
    for item, width in zip(items, widths, strict=True):
        found.append((item, left, left + (width or 0.0)))
        left = found[-1][2]
    return None if "reverse" in styles.declares(row, "flex-direction") else found


def _is_beside(item: Any, styles: Styles) -> bool:
    is_floating = styles.declares(item, "float").lower() == "left"
    return is_floating or styles.of(item) == "inline-block"


def _read_share(item: Any, styles: Styles) -> float | None:
    """The part of its row that an element takes (flex: 2); None where it has a width of its own."""
    text = styles.declares(item, "flex-grow") or styles.declares(item, "flex").partition(" ")[0]
    has_basis = styles.declares(item, "width") or styles.declares(item, "flex-basis") not in (
        "",
        "0",
        "0px",
        "0%",
    )
    return None if has_basis or not _SHARE.fullmatch(text) else float(text)


_SHARE = re.compile(r"\d{1,4}(?:\.\d{1,4})?")


def _merge(edges: Iterable[float]) -> list[float]:
    """Edges in their order, those that are close together as one."""
    merged: list[float] = []
    for edge in sorted(edges):
        if not merged or edge - merged[-1] > _NEAR:
            merged.append(edge)
    return merged


def _index(merged: Sequence[float], edge: float) -> int:
    """Which of the edges this one is."""
    return min(range(len(merged)), key=lambda i: abs(merged[i] - edge))
