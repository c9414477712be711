"""A table of WordprocessingML → its boxes with their spans and texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gongkai.extract.left_out import CROSSED_OUT
from gongkai.extract.office.docx_numbering import SIGNS, W, read_integer
from gongkai.extract.office.docx_style import find_ground
from gongkai.extract.office.docx_text import (
    BREAKS,
    TBL,
    TC,
    TR,
    DocxBody,
    Ground,
    P,
    T,
    find_blocks,
    read_text,
    value_of,
)
from gongkai.extract.office.shown_color import WHITE
from gongkai.extract.office.symbol_font import translate_symbols
from gongkai.model import Cell, Limits, Place, TooLarge, drop_unread, mark_unread
from gongkai.record import replace

#: A row of exactly so many twips (2 points) is too low for anybody to see it.
_LOWEST = 40
_DELETED = f"{W}tcPr/{W}cellDel"
_ROW_DELETED, _ROW_HIDDEN, _ROW_HEIGHT = W + "del", W + "hidden", W + "trHeight"


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

    In a `simple` table no box holds a table, and its boxes are read in one walk but for those that are odd or numbered.
    """
    drawn: list[_DrawnCell] = []
    above: dict[int, _DrawnCell] = {}  # by grid column, the boxes that may go on below
    boxes = _read_boxes(table, body) if simple else {}
    row = columns = 0
    ground = _ground_of(table, body, block)
    for tr in find_blocks(table, TR):
        properties = tr.find(W + "trPr")
        if _is_gone(tr, properties, body):
            continue
        column = _count(properties, "gridBefore", 0, body.limits)
        merged: dict[int, _DrawnCell] = {}
        for tc in find_blocks(tr, TC):
            text: str | None
            box = boxes.get(tc)
            if box is not None:
                span, merge, follows, text = box
            else:
                if not body.is_plain(tc) and tc.find(_DELETED) is not None:
                    body.left_out.add("deleted", _all_text(tc), Place(block=block, row=row, column=column))
                    continue
                span, merge, follows = _read_spans(tc.find(W + "tcPr"), body.limits)
                text = None
            if follows and drawn:
                drawn[-1].colspan += span
            elif merge == "continue" and column in above:
                above[column].rowspan += 1
                merged[column] = above[column]
            else:
                if text is None:
                    at = replace(ground, place=Place(block=block, row=row, column=column))
                    text = read_cell_text(tc, body, at)
                drawn.append(_DrawnCell(row, column, span, text))
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


def _ground_of(table: Any, body: DocxBody, block: int) -> Ground:
    """What stands under the boxes of a table; a style that paints some of them leaves the colour unknown."""
    properties = table.find(W + "tblPr")
    style = value_of(properties, "tblStyle")
    own = find_ground(properties, body.styles.theme)
    grounds = body.styles.painted.get(style, (WHITE,)) if own is None else (own,)
    floats = properties is not None and properties.find(W + "tblpPr") is not None
    return Ground(grounds, style, Place(block=block), marks=True, floats=floats)


def _is_gone(tr: Any, properties: Any | None, body: DocxBody) -> bool:
    """Whether nobody sees a row: it is deleted, hidden or too low."""
    if properties is None:
        return False
    found = {item.tag: item for item in reversed(properties)}  # of several the first counts
    if _ROW_DELETED in found:
        return True
    hidden, height = found.get(_ROW_HIDDEN), found.get(_ROW_HEIGHT)
    is_hidden = hidden is not None and (hidden.get(VAL) or "1") not in ("0", "false", "off")
    if height is not None and height.get(W + "hRule") == "exact":
        is_hidden = is_hidden or read_integer(height.get(VAL), _LOWEST) < _LOWEST
    if is_hidden:
        body.left_out.add("hidden rows", _all_text(tr))
    return is_hidden


def _all_text(element: Any) -> str:
    return "".join(t.text or "" for t in element.iter(T)) or " "


def _read_spans(properties: Any | None, limits: Limits) -> tuple[int, str, bool]:
    """A cell's columns, its vertical merge ("", "restart" or "continue"), and whether it continues the cell before it."""
    found = () if properties is None else properties
    return _merge_of({item.tag: item.get(VAL) for item in found if item.tag in _SPANS}, limits)


def _merge_of(found: dict[str, str | None], limits: Limits) -> tuple[int, str, bool]:
    """What `_read_spans` gives, from the properties by tag."""
    span, merge, follows = 1, "", False
    if SPAN in found:
        span = max(1, min(read_integer(found[SPAN], 1), limits.colspan))
    if MERGE in found:
        merge = found[MERGE] or "continue"
    if FOLLOWS in found:
        follows = (found[FOLLOWS] or "continue") == "continue"
    return span, merge, follows


_CHANGED = W + "tcPrChange"
#: Where a paragraph says at which places its tabs stop.
_TABS = W + "tabs"
_BOX = (P, T, *BREAKS, *_SPANS, _CHANGED)
#: What may number a paragraph.
_NUMBER, _STYLE = W + "numPr", W + "pStyle"

#: What `_read_spans` gives for a cell, and its text.
_Box = tuple[int, str, bool, str]


def _read_boxes(table: Any, body: DocxBody) -> dict[Any, _Box]:
    """The cells of a simple table that are neither odd nor numbered, in one walk.

    A walk for every cell would take twice as long: lxml compiles the wanted names anew each time.
    """
    boxes: dict[Any, tuple[dict[str, str | None], list[list[str]]]] = {}
    numbered: set[Any] = set()
    tc: Any = None
    found: dict[str, str | None] = {}
    lines: list[list[str]] = []
    line: list[str] = []
    numbers = (_NUMBER, _STYLE) if body.counter.lists else ()
    for item in table.iter(TC, *_BOX, *numbers):
        tag = item.tag
        if tag == T:
            line.append(item.text or "")
        elif tag == P:
            line = []
            lines.append(line)
        elif tag == TC:
            found, lines, line = {}, [], []
            tc = item
            boxes[tc] = found, lines
        elif tag in BREAKS:
            if item.getparent().tag != _TABS:
                line.append(BREAKS[tag])
        elif tag in numbers:
            if tag == _NUMBER or item.get(VAL) in body.counter.styles:
                numbered.add(tc)
        else:
            found[tag] = item.get(VAL)
    odd = numbered if body.odd is None else numbered | body.odd
    return {tc: _close_box(tc, *box, body.limits) for tc, box in boxes.items() if tc not in odd}


def _close_box(tc: Any, found: dict[str, str | None], lines: list[list[str]], limits: Limits) -> _Box:
    """What was met of a cell as one box."""
    is_short = len(lines) == 1 and len(lines[0]) == 1
    text = lines[0][0] if is_short else "\n".join(["".join(line) for line in lines])
    if not text.isascii():
        text = translate_symbols(text, None)
    if not found:
        return 1, "", False, text
    if _CHANGED in found:  # the element holds the earlier properties, too
        return (*_read_spans(tc.find(W + "tcPr"), limits), text)
    return (*_merge_of(found, limits), text)


def _count(properties: Any | None, tag: str, default: int, limits: Limits) -> int:
    return max(0, min(read_integer(value_of(properties, tag), default), limits.colspan))


_ALT_CHUNK = W + "altChunk"
_NOTES = (W + "footnoteReference", W + "endnoteReference")


def read_cell_text(tc: Any, body: DocxBody, ground: Ground) -> str:
    """A box's text, a line a paragraph, with the automatic numbers of labels.

    A table of one box in it is part of its text; what else is drawn in it leaves a mark.
    """
    own = find_ground(tc.find(W + "tcPr"), body.styles.theme)
    ground = ground if own is None else replace(ground, grounds=(own,))
    struck = body.left_out.counts.get(CROSSED_OUT, 0)
    lines: list[str] = []
    for block in find_blocks(tc, P, TBL, _ALT_CHUNK):
        if block.tag == P:
            lines += _read_lines(block, body, ground)
        elif block.tag == _ALT_CHUNK:
            lines.append(mark_unread("inserted document"))
        else:
            only = only_box(block)
            lines.append(mark_unread("table") if only is None else read_cell_text(only, body, ground))
    text = "\n".join(lines)
    if text.strip():
        return text
    # of a box with nothing but a struck figure, or the mark of a note, nobody knows what counts
    if body.left_out.counts.get(CROSSED_OUT, 0) > struck:
        return mark_unread(CROSSED_OUT)
    is_noted = not body.is_plain(tc) and next(tc.iter(*_NOTES), None) is not None
    return mark_unread("mark of a note") if is_noted else text


def only_box(table: Any) -> Any | None:
    """The box of a table that has no other; None where it has several or none."""
    found = find_blocks(table, TR)
    boxes = [tc for tr in found for tc in find_blocks(tr, TC)]
    return boxes[0] if len(boxes) == 1 else None


def _read_lines(p: Any, body: DocxBody, ground: Ground) -> list[str]:
    """The lines of text boxes anchored in a paragraph of a box, and its own."""
    properties = p.find(W + "pPr")
    own = body.styles.ground_of(properties, value_of(properties, "pStyle"))
    text, boxes = read_text(p, body, ground if own is None else replace(ground, grounds=(own,)))
    lines = [read_text(inner, body, ground)[0] for box in boxes for inner in box.iter(P)]
    if body.counter.lists:
        number = body.counter.number(properties, value_of(properties, "pStyle"))
        text = put_number(number, text, ground.place)
    return [*lines, text]


def put_number(number: str, text: str, place: Place | None) -> str:
    """A paragraph of a box with its automatic number: part of a label and of no value.

    A number that stands alone counts the rows in the first column; elsewhere nobody knows whether it is a value.
    """
    if not number:
        return text
    if number in SIGNS:
        return text + mark_unread("sign of a list") if any(c.isdigit() for c in text) else text
    if not text.strip():
        first = place is not None and place.column == 0
        return number if first else mark_unread("list number")
    return number + text if any(c.isalpha() for c in drop_unread(text)) else text
