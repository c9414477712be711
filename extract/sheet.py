"""Spreadsheets (XLSX, XLS) → Document: each sheet's lines of text and its table, merged boxes whole."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any

import python_calamine

from gongkai.extract.office.zip_package import open_package
from gongkai.model import (
    Block,
    Cell,
    Document,
    Encrypted,
    Grid,
    Limits,
    Paragraph,
    Place,
    Source,
    TooLarge,
    Unreadable,
)

#: The library allocates every box up to the last one, blank ones included: so many are allowed.
MOST_ROOM = 1_000_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def sniff(data: bytes) -> bool:
    """Whether this is a workbook: a zip with xl/workbook, or an OLE file with a Workbook stream."""
    if data.startswith(b"PK"):
        return b"xl/workbook" in data and b"word/document" not in data
    if not data.startswith(_OLE) or "WordDocument".encode("utf-16-le") in data:
        return False
    return any(name.encode("utf-16-le") in data for name in ("Workbook", "Book\0"))


def read(source: Source, limits: Limits) -> Document:
    """The sheets in their order. Raises Encrypted, Truncated, Unreadable, TooLarge."""
    zipped = source.data.startswith(b"PK")
    if zipped:
        package = open_package(source.data, limits)
        for name in package.names():
            part = package.part(name)  # raises where the part passes a limit
            if name.startswith("xl/worksheets/"):
                _check_extent(part, limits)
    try:
        book = python_calamine.load_workbook(io.BytesIO(source.data))
        sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
        tables = [(s.to_python(skip_empty_area=False), s.merged_cell_ranges or []) for s in sheets]
    except python_calamine.PasswordError as error:
        raise Encrypted("the file asks for a password; save it without one") from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise Unreadable(f"the workbook cannot be opened ({error})") from error
    blocks: list[Block] = []
    for values, merged in tables:
        blocks += _read_sheet(values, merged, len(blocks), limits)
    return Document(source, "xlsx" if zipped else "xls", "calamine", tuple(blocks))


#: A box with a value, and its address (B12).
_FILLED = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Za-z]+)(\d+)["'][^>]*(?<!/)>""")


def _check_extent(part: bytes, limits: Limits) -> None:
    """Raises TooLarge where the boxes of a sheet stand so far apart that it would not fit into memory.

    The library allocates everything between them before it reads the first box.
    """
    rows = columns = 0
    for letters, digits in _FILLED.findall(part):
        if len(letters) > 3 or len(digits) > 7:
            raise TooLarge(f"a sheet has a box {letters[:8].decode()}{digits[:8].decode()}")
        column = 0
        for letter in letters.upper():
            column = 26 * column + letter - 64
        rows, columns = max(rows, int(digits)), max(columns, column)
    if rows * columns > MOST_ROOM:
        raise TooLarge(f"a sheet of {rows:,} × {columns:,} boxes; the limit is {limits.cells:,}")


def _print_value(value: Any) -> str:
    """A cell's value as it is shown: whole numbers without a point."""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float) and value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _read_sheet(
    values: Sequence[Sequence[Any]], merged: Sequence[Any], first: int, limits: Limits
) -> list[Block]:
    """The table of a sheet as one Grid; lines with one filled box before and after it are paragraphs."""
    rows = [[_print_value(v) for v in row] for row in values]
    if sum(map(len, rows)) > limits.cells:
        raise TooLarge(f"a sheet of more than {limits.cells:,} boxes")
    wide = [i for i, row in enumerate(rows) if sum(bool(t.strip()) for t in row) >= 2]
    if not wide:
        begin = end = len(rows)
    else:
        begin, end = wide[0], wide[-1] + 1
    blocks: list[Block] = []

    def add_paragraphs(part: Sequence[Sequence[str]]) -> None:
        for row in part:
            text = "".join(t for t in row if t.strip())
            if text.strip():
                blocks.append(Paragraph(text, Place(block=first + len(blocks))))

    add_paragraphs(rows[:begin])
    if begin < end:
        blocks.append(_build_grid(rows, merged, begin, end, first + len(blocks)))
    add_paragraphs(rows[end:])
    return blocks


def _build_grid(
    rows: Sequence[Sequence[str]], merged: Sequence[Any], begin: int, end: int, block: int
) -> Grid:
    columns = max(len(row) for row in rows[begin:end])
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    covered: set[tuple[int, int]] = set()
    for (r0, c0), (r1, c1) in merged:
        if begin <= r0 < end:
            high, wide = min(r1, end - 1) - r0 + 1, min(c1, columns - 1) - c0 + 1
            spans[r0, c0] = (high, wide)
            covered |= {(r0 + i, c0 + k) for i in range(high) for k in range(wide) if i or k}
    cells = []
    for r in range(begin, end):
        for c, text in enumerate(rows[r]):
            if (r, c) not in covered:
                high, wide = spans.get((r, c), (1, 1))
                place = Place(block=block, row=r - begin, column=c)
                cells.append(Cell(r - begin, c, high, wide, text, place))
    return Grid(tuple(cells), end - begin, columns, Place(block=block))


#: See `gongkai.model.Reader`.
reread = render = as_pdf = None
