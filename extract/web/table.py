"""A table of a web page, or elements that are drawn as one → boxes, their spans resolved."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from gongkai.extract.web.cell_text import CellReader
from gongkai.extract.web.css import Styles
from gongkai.extract.web.dom import children
from gongkai.extract.web.placed import place
from gongkai.model import Cell, Limits, Place, TooLarge

#: A nested table of one box with no more characters is only that box's text.
_SHORT = 120
_ROWS = {"table-row"}
_GROUPS = {"table-header-group": 0, "table-row-group": 1, "table-footer-group": 2}
_TAGS = {"thead": 0, "tbody": 1, "tfoot": 2}
#: What an element says it is to those who do not see the page (ARIA).
_TABLE_ROLES = frozenset({"table", "grid", "treegrid"})
_CELL_ROLES = frozenset({"cell", "gridcell", "columnheader", "rowheader"})
#: Browsers read the digits that a span begins with.
_DIGITS = re.compile(r"\s*\+?(\d+)", re.ASCII)


def is_table(node: Any, styles: Styles) -> bool:
    """Whether an element is a table: by its tag, by how it is displayed, or by what it says it is."""
    if node.tag == "table" or _has_aria_rows(node):
        return True
    if styles.of(node) in ("table", "inline-table"):
        return node.tag in ("div", "ul", "section", "dl") or bool(_list_rows(node, styles))
    return is_placed(node, styles)


def is_placed(node: Any, styles: Styles) -> bool:
    """Whether an element's children are put into rows and columns by a style."""
    return place(node, styles) is not None


def _role(node: Any) -> str:
    return (node.attributes.get("role") or "").strip().lower()


def _has_aria_rows(node: Any) -> bool:
    return _role(node) in _TABLE_ROLES and node.css_first("[role=row i]") is not None


def is_layout(table: Any) -> bool:
    """Whether a table holds other tables: it only says where they stand."""
    for inner in table.css("table"):
        if inner.mem_id == table.mem_id:
            continue
        if len(inner.css("td, th")) > 1 or len(inner.text() or "") > _SHORT:
            return True
    return False


def rows(table: Any, styles: Styles) -> Iterator[Any]:
    """The rows that are seen, as a browser draws them: the head first and the foot last."""
    return (row for _, row in _list_rows(table, styles))


def _list_rows(table: Any, styles: Styles) -> list[tuple[int, Any]]:
    """The rows that are seen, each with the number of its group: no box reaches out of its group."""
    if table.tag != "table" and _has_aria_rows(table):
        return [(0, row) for row in table.css("[role=row i]") if not _is_gone(row, styles)]
    found: list[tuple[int, int, Any]] = []
    for number, child in enumerate(children(table)):
        group = _group(child, styles)
        if _is_row(child, styles):
            found.append((1, -1, child))
        elif group is not None:
            found += [(group, number, c) for c in children(child) if _is_row(c, styles)]
    found.sort(key=lambda f: f[0])
    return [(number, row) for _, number, row in found]


def _is_gone(row: Any, styles: Styles) -> bool:
    """Whether a row takes no place: it is not displayed, or folded away."""
    return styles.hides(row) or styles.declares(row, "visibility").lower() == "collapse"


def _group(node: Any, styles: Styles) -> int | None:
    if node.tag in _TAGS:
        return None if _is_gone(node, styles) else _TAGS[node.tag]
    return None if node.tag.startswith("-") else _GROUPS.get(styles.of(node))


def _is_row(node: Any, styles: Styles) -> bool:
    if node.tag == "tr":
        return not _is_gone(node, styles)
    return not node.tag.startswith("-") and styles.of(node) in _ROWS


def boxes(row: Any, styles: Styles) -> Iterator[Any]:
    """The boxes of a row that take a place."""
    is_aria = row.tag != "tr" and _role(row) == "row"
    for child in children(row):
        if child.tag.startswith("-"):
            continue
        if child.tag in ("td", "th") or (is_aria and _role(child) in _CELL_ROLES):
            if not styles.hides(child):
                yield child
        elif row.tag != "tr" and styles.of(child) == "table-cell":
            yield child


def _span(attributes: Mapping[str, str | None], name: str, most: int) -> int:
    """A span as browsers read it: 3.0 and 3px are 3."""
    value = attributes.get(name) or attributes.get(f"aria-{name}")
    if not value:
        return 1
    digits = _DIGITS.match(value)
    return 1 if digits is None else min(int(digits[1][:9]), most)


def cells(table: Any, block: int, reader: CellReader, limits: Limits) -> tuple[list[Cell], int, int]:
    """The boxes of a table, its rows and columns. A span ends with its group; a box never covers another.

    Raises TooLarge past the limit of boxes.
    """
    placed = None if table.tag == "table" else place(table, reader.styles)
    if placed is not None:
        found = [
            Cell(p.row, p.column, p.rowspan, p.colspan, reader.read(p.element, at), at)
            for p in placed
            for at in (Place(block=block, row=p.row, column=p.column),)
        ]
        high = max(p.row + p.rowspan for p in placed)
        return found, high, max(p.column + p.colspan for p in placed)
    lines = _list_rows(table, reader.styles)
    ends = {group: r + 1 for r, (group, _) in enumerate(lines)}
    taken: set[tuple[int, int]] = set()
    found = []
    for r, (group, row) in enumerate(lines):
        c = 0
        for cell in boxes(row, reader.styles):
            while (r, c) in taken:
                c += 1
            attributes = cell.attributes
            wide = max(1, _span(attributes, "colspan", limits.colspan))
            while wide > 1 and any((r, c + k) in taken for k in range(wide)):
                wide -= 1
            high = min(_span(attributes, "rowspan", limits.rowspan) or limits.rowspan, ends[group] - r)
            taken |= {(r + i, c + k) for i in range(high) for k in range(wide)}
            at = Place(block=block, row=r, column=c)
            found.append(Cell(r, c, high, wide, reader.read(cell, at), at))
            c += wide
            if len(found) > limits.cells or len(taken) > 8 * limits.cells:
                raise TooLarge(f"a table of more than {limits.cells:,} boxes")
    columns = max((c.column + c.colspan for c in found), default=0)
    return found, len(lines), columns
