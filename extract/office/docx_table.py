"""A table of WordprocessingML → its boxes with their spans and texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gongkai.extract.office.docx_numbering import W
from gongkai.extract.office.docx_text import (
    BREAKS,
    CONTENT,
    SDT,
    TC,
    TR,
    WRAPS,
    DocxBody,
    P,
    T,
    read_text,
    value_of,
)
from gongkai.model import Cell, Limits, Place, TooLarge


def find_inside(parent: Any, tag: str) -> Iterator[Any]:
    """The rows of a table or the cells of a row, whatever wraps them."""
    for child in parent.iterchildren():
        if child.tag == tag:
            yield child
        elif child.tag == SDT:
            content = child.find(CONTENT)
            if content is not None:
                yield from find_inside(content, tag)
        elif child.tag in WRAPS:
            yield from find_inside(child, tag)


@dataclass(slots=True)
class _DrawnCell:
    """A box while its table is read: its spans grow as merged cells follow."""

    row: int
    column: int
    colspan: int
    text: str
    rowspan: int = 1


def read_cells(table: Any, block: int, body: DocxBody, simple: bool) -> tuple[list[Cell], int, int]:
    """The boxes of a table with their spans (gridSpan and vMerge, with and without a value), its rows and columns.

    In a `simple` table nothing hides or numbers text and no box holds a table.
    """
    drawn: list[_DrawnCell] = []
    above: dict[int, _DrawnCell] = {}  # by grid column, the boxes that may go on below
    boxes = _read_boxes(table) if simple else {}
    row = columns = 0
    for tr in find_inside(table, TR):
        properties = tr.find(W + "trPr")
        if properties is not None and properties.find(W + "del") is not None:
            continue
        column = _count(properties, "gridBefore", 0, body.limits)
        merged: dict[int, _DrawnCell] = {}
        for tc in find_inside(tr, TC):
            span, merge, follows, text = _read_cell(tc, boxes, body)
            if follows and drawn:
                drawn[-1].colspan += span
            elif merge == "continue" and column in above:
                above[column].rowspan += 1
                merged[column] = above[column]
            else:
                drawn.append(_DrawnCell(row, column, span, _cell_text(tc, body) if text is None else text))
                if merge:
                    merged[column] = drawn[-1]
            column += span
            if len(drawn) > body.limits.cells:
                raise TooLarge(f"a table of more than {body.limits.cells:,} boxes")
        above = merged
        columns = max(columns, column)
        row += 1
    cells = [
        Cell(d.row, d.column, d.rowspan, d.colspan, d.text, Place(None, block, d.row, d.column))
        for d in drawn
    ]
    return cells, row, columns


SPAN, MERGE, FOLLOWS, VAL = W + "gridSpan", W + "vMerge", W + "hMerge", W + "val"
_SPANS = (SPAN, MERGE, FOLLOWS)


def _read_spans(properties: Any | None, limits: Limits) -> tuple[int, str, bool]:
    """A cell's columns, its vertical merge ("", "restart" or "continue"), and whether it continues the cell before it."""
    found = () if properties is None else properties
    return _merge_of({item.tag: item.get(VAL) for item in found if item.tag in _SPANS}, limits)


def _merge_of(found: dict[str, str | None], limits: Limits) -> tuple[int, str, bool]:
    """What `_read_spans` gives, from the properties by tag."""
    span, merge, follows = 1, "", False
    if SPAN in found:
        value = found[SPAN] or ""
        span = max(1, min(int(value), limits.colspan)) if value.isdigit() else 1
    if MERGE in found:
        merge = found[MERGE] or "continue"
    if FOLLOWS in found:
        follows = (found[FOLLOWS] or "continue") == "continue"
    return span, merge, follows


_CHANGED = W + "tcPrChange"
_BOX = (P, T, *BREAKS, *_SPANS, _CHANGED)

#: The properties of a cell that merge it, by tag, and the pieces of its text, by line.
_Box = tuple[dict[str, str | None], list[list[str]]]


def _read_boxes(table: Any) -> dict[Any, _Box]:
    """All cells of a simple table, in one walk.

    A walk for every cell would take twice as long: lxml compiles the wanted names anew each time.
    """
    boxes: dict[Any, _Box] = {}
    found: dict[str, str | None] = {}
    lines: list[list[str]] = []
    line: list[str] = []
    for item in table.iter(TC, *_BOX):
        tag = item.tag
        if tag == T:
            line.append(item.text or "")
        elif tag == P:
            line = []
            lines.append(line)
        elif tag == TC:
            found, lines, line = {}, [], []
            boxes[item] = found, lines
        elif tag in BREAKS:
            line.append(BREAKS[tag])
        else:
            found[tag] = item.get(VAL)
    return boxes


def _read_cell(tc: Any, boxes: dict[Any, _Box], body: DocxBody) -> tuple[int, str, bool, str | None]:
    """What `_read_spans` gives for a cell, and its text if its table is simple."""
    if tc not in boxes:
        return (*_read_spans(tc.find(W + "tcPr"), body.limits), None)
    found, lines = boxes[tc]
    if _CHANGED in found:  # the element holds the earlier properties, too
        return (*_read_spans(tc.find(W + "tcPr"), body.limits), _cell_text(tc, body))
    return (*_merge_of(found, body.limits), "\n".join(map("".join, lines)))


def _count(properties: Any | None, tag: str, default: int, limits: Limits) -> int:
    value = value_of(properties, tag)
    return min(int(value), limits.colspan) if value.isdigit() else default


def _cell_text(tc: Any, body: DocxBody) -> str:
    """A box's text, a line a paragraph, with automatic numbers; nested tables are not part of it."""
    lines: list[str] = []
    for p in tc.iterchildren(P) if body.plain else find_inside(tc, P):
        if body.plain:
            text = "".join([t.text or "" if t.tag == T else BREAKS[t.tag] for t in p.iter(T, *BREAKS)])
        else:
            text, boxes, pictures = read_text(p)
            body.pictures += pictures
            lines += [read_text(inner)[0] for box in boxes for inner in box.iter(P)]
        if body.counter.lists and text.strip():
            properties = p.find(W + "pPr")
            text = body.counter.number(properties, value_of(properties, "pStyle")) + text
        lines.append(text)
    return "\n".join(lines)
