"""The records of a workbook of Excel 97 → what no library tells of them: formulas, conditions, drawings.

[MS-XLS] 2.1.4: a stream is records of a number, a length and so many bytes; each sheet is a part of it between a
record that opens it and one that closes it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

#: Record numbers.
_BOUNDSHEET, _BOF, _EOF, _FORMULA, _DRAWING, _OBJECT = 0x85, 0x809, 0x0A, 0x06, 0xEC, 0x5D
_RANGES, _CONDITION, _RECALC = 0x1B0, 0x1B1, 0x1C1
#: What of a format a condition sets ([MS-XLS] 2.5.99): its number format, its font.
_SETS_NUMBER, _SETS_FONT = 1 << 25, 1 << 26
#: Where in the font of a condition its style and its colour stand; the bit of struck letters, and white by number.
_STYLE, _COLOR, _STRUCK, _WHITES = 68, 80, 0x80, (1, 9, 65)
#: An anchor of a drawing in a sheet: two corners, each a column and a row with what is left of them.
_ANCHOR = bytes.fromhex("000010f012000000")
#: What a drawing is, by its number; a note is shown when it is pointed at, a button of a filter is no part of the sheet.
_KINDS = {0x01: "line", 0x05: "chart", 0x06: "text box", 0x08: "picture"}
_COVERING = frozenset({0x02, 0x03, 0x04, 0x09, 0x1E})
_NUMBER_END = 6

#: Rows and columns of some boxes: the first of each and the last.
Boxes = tuple[int, int, int, int]


@dataclass(slots=True)
class SheetRecords:
    """What the records of one sheet say: formulas by box, whether each has a result; boxes under drawings, and under
    conditions that may hide a figure or show another one."""

    formulas: dict[tuple[int, int], bool] = field(default_factory=dict)
    conditions: list[Boxes] = field(default_factory=list)
    drawings: list[tuple[str, Boxes]] = field(default_factory=list)


def read_sheet_records(stream: bytes) -> list[SheetRecords]:
    """The sheets of a workbook in its order. A damaged stream gives what stands before the damage."""
    starts = [
        struct.unpack_from("<I", data)[0]
        for number, data in _walk(stream, 0)
        if number == _BOUNDSHEET and len(data) > 6 and data[5] == 0
    ]
    return [_read_sheet(stream, start) for start in starts]


def has_calculation_version(stream: bytes) -> bool:
    """Whether a program that computes wrote the workbook; a spreadsheet computes any other anew when it opens it."""
    return any(number == _RECALC for number, _ in _walk(stream, 0))


def _walk(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records from a place on, to the end of the part that begins there."""
    depth = 0
    while at + 4 <= len(stream):
        number, size = struct.unpack_from("<HH", stream, at)
        yield number, stream[at + 4 : at + 4 + size]
        depth += (number == _BOF) - (number == _EOF)
        at += 4 + size
        if depth <= 0 and number == _EOF:
            return


def _read_sheet(stream: bytes, start: int) -> SheetRecords:
    found = SheetRecords()
    corner: Boxes | None = None
    ranges: list[Boxes] = []
    for number, data in _walk(stream, start):
        if number == _FORMULA and len(data) >= 14:
            row, column = struct.unpack_from("<HH", data)
            found.formulas[row, column] = _has_result(data[6:14])
        elif number == _RANGES and len(data) >= 14:
            ranges = list(_read_ranges(data))
        elif number == _CONDITION and _may_conceal(data):
            found.conditions += ranges
        elif number == _DRAWING:
            at = data.rfind(_ANCHOR)
            corner = _read_anchor(data, at) if at >= 0 and len(data) >= at + 26 else corner
        elif number == _OBJECT and len(data) >= 6 and corner is not None:
            kind = struct.unpack_from("<H", data, 4)[0]
            if kind in _KINDS or kind in _COVERING:
                found.drawings.append(
                    (_KINDS.get(kind, "shape"), corner)
                )  # one in a group has the group's anchor
    return found


def _has_result(value: bytes) -> bool:
    """Whether a formula has a result: no number but 0, and no text, is what libraries write that compute nothing."""
    is_text = value[_NUMBER_END:] == b"\xff\xff"
    return value[0] not in (3,) if is_text else value != bytes(8)


def _may_conceal(data: bytes) -> bool:
    """Whether the format of a condition may hide a figure or show another one: a number format, struck or white letters."""
    if len(data) < 12:
        return False
    flags = struct.unpack_from("<I", data, 6)[0]
    if flags & _SETS_NUMBER:
        return True
    if not flags & _SETS_FONT or len(data) < 12 + _COLOR + 4:
        return False
    style, color = (struct.unpack_from("<i", data, 12 + at)[0] for at in (_STYLE, _COLOR))
    return bool(style & _STRUCK and style >= 0) or color in _WHITES


def _read_ranges(data: bytes) -> Iterator[Boxes]:
    """The ranges of a record of conditions: how many, then first and last row, first and last column of each."""
    count = struct.unpack_from("<H", data, 12)[0]
    for n in range(min(count, (len(data) - 14) // 8)):
        first, last, left, right = struct.unpack_from("<HHHH", data, 14 + 8 * n)
        yield first, left, last, right


def _read_anchor(data: bytes, at: int) -> Boxes:
    """The boxes under a drawing; one that ends where a box begins does not stand on it."""
    _, left, _, top, _, right, past, bottom, below = struct.unpack_from("<9H", data, at + 8)
    return top, left, max(top, bottom - (below == 0)), max(left, right - (past == 0))
