"""A workbook of Excel 97 and before (.xls) → what each of its sheets shows, box by box.

xlrd gives the values with their formats, fonts and runs; what it leaves out comes from the records themselves.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import xlrd
from xlrd.biffh import XLRDError
from xlrd.compdoc import CompDoc, CompDocError

from gongkai.extract.left_out import LeftOut
from gongkai.extract.office.shown_color import WHITE
from gongkai.extract.office.symbol_font import translate_symbols
from gongkai.extract.spreadsheet.biff_records import (
    SheetRecords,
    has_calculation_version,
    read_sheet_records,
)
from gongkai.extract.spreadsheet.sheet_cells import SheetCells
from gongkai.extract.spreadsheet.shown_box import (
    BoxStyle,
    find_unseen,
    format_text,
    hide_unseen,
    join_runs,
    show_value,
)
from gongkai.model import Encrypted, Limits, Place, TooLarge, Unreadable, mark_unread

#: What xlrd raises for a damaged file; its documentation names the first only.
_DAMAGED = (
    XLRDError,
    CompDocError,
    struct.error,
    AssertionError,
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    OSError,
)
#: Ranges with conditions, at the most.
_MOST_RANGES = 1_000
#: Twentieths of a point, and 256ths of a character: what is lower or narrower cannot be seen.
_LOWEST, _NARROWEST = 20, 52
_BLACK = "000000"
_TWENTIETHS = 20.0
#: The alignment that repeats a text until its box is full.
_FILLS = 4
_LEVELS = {1: 1, 2: -1}


@dataclass(frozen=True, slots=True)
class _XlsBook:
    """What the sheets of a workbook share."""

    book: Any
    left_out: LeftOut
    limits: Limits
    styles: Mapping[int, BoxStyle]
    #: Formulas have results: a program that computes wrote them.
    is_computed: bool

    def font(self, index: int) -> Any | None:
        return self.book.font_list[index] if 0 <= index < len(self.book.font_list) else None


def read_xls(data: bytes, limits: Limits) -> tuple[list[SheetCells], LeftOut]:
    """The sheets that are seen, in order, and what was left out.

    Raises Encrypted, Unreadable, TooLarge.
    """
    left_out = LeftOut()
    try:
        book = xlrd.open_workbook(
            file_contents=data,
            logfile=io.StringIO(),
            formatting_info=True,
            ragged_rows=True,
            ignore_workbook_corruption=True,
        )
        stream = _find_stream(data)
    except _DAMAGED as error:
        if "encrypted" in str(error).lower():
            raise Encrypted("the file asks for a password; save it without one") from error
        raise Unreadable(f"the workbook cannot be opened ({error})") from error
    records = read_sheet_records(stream)
    if (
        len(records) != book.nsheets
    ):  # of a version before Excel 97, or damaged: nothing is known of its formulas
        records = [SheetRecords() for _ in range(book.nsheets)]
    has_results = any(result for sheet in records for result in sheet.formulas.values())
    is_computed = has_results or has_calculation_version(stream)
    styles = {n: _read_style(book, xf) for n, xf in enumerate(book.xf_list)}
    opened = _XlsBook(book, left_out, limits, styles, is_computed)
    return [
        _read_sheet(sheet, found, opened)
        for sheet, found in zip(book.sheets(), records, strict=True)
        if _is_shown(sheet, left_out)
    ], left_out


def _find_stream(data: bytes) -> bytes:
    """The stream of records in the file, which is a small file system of its own."""
    files = CompDoc(data, logfile=io.StringIO(), ignore_workbook_corruption=True)
    return files.get_named_stream("Workbook") or files.get_named_stream("Book") or b""


def _is_shown(sheet: Any, left_out: LeftOut) -> bool:
    if sheet.visibility:
        left_out.add("hidden sheet", sheet.name)
    return not sheet.visibility


# Styles --------------------------------------------------------------------------------------


def _color(book: Any, index: int, usual: str | None) -> str | None:
    """A colour as RRGGBB by its number; `usual` for the one that a user's system has."""
    rgb = book.colour_map.get(index)
    return usual if rgb is None else "".join(f"{part:02X}" for part in rgb)


def _read_style(book: Any, xf: Any) -> BoxStyle:
    ground: str | None = WHITE
    if xf.background.fill_pattern:
        is_solid = xf.background.fill_pattern == 1
        ground = _color(book, xf.background.pattern_colour_index, None) if is_solid else None
    font = book.font_list[xf.font_index] if xf.font_index < len(book.font_list) else None
    format = book.format_map.get(xf.format_key)
    return BoxStyle(
        None if format is None else format.format_str,
        _why_unseen(book, font, ground),
        "" if font is None else font.name,
        ground,
        xf.alignment.hor_align == _FILLS,
    )


def _why_unseen(book: Any, font: Any | None, ground: str | None) -> str:
    if font is None:
        return ""
    color = _color(book, font.colour_index, _BLACK)
    return find_unseen(bool(font.struck_out), font.height / _TWENTIETHS, color, ground)


# A sheet -------------------------------------------------------------------------------------


def _read_sheet(sheet: Any, records: SheetRecords, book: _XlsBook) -> SheetCells:
    cells = SheetCells(merges=[(r0, c0, r1 - 1, c1 - 1) for r0, r1, c0, c1 in sheet.merged_cells])
    _find_hidden(sheet, cells)
    if len(records.conditions) > _MOST_RANGES:
        raise TooLarge(f"a sheet of {len(records.conditions):,} ranges with conditional formats")
    for row in range(sheet.nrows):
        for column in range(sheet.row_len(row)):
            text = _show(sheet, records, book, row, column)
            if text:
                cells.texts[row, column] = text
            if len(cells.texts) > book.limits.cells:
                raise TooLarge(f"a sheet of more than {book.limits.cells:,} boxes")
    for what, boxes in records.drawings:
        cells.mark_covered(boxes, what)
    _report_hidden(cells, book.left_out)
    return cells


def _find_hidden(sheet: Any, cells: SheetCells) -> None:
    for row, info in sheet.rowinfo_map.items():
        if info.hidden or (info.height is not None and info.height < _LOWEST):
            cells.hidden_rows.add(row)
    for column, info in sheet.colinfo_map.items():
        if info.hidden or info.width < _NARROWEST:
            cells.hidden_columns.add(column)
    if sheet.default_row_hidden:
        cells.hidden_rows |= {row for row in range(sheet.nrows) if row not in sheet.rowinfo_map}


def _report_hidden(cells: SheetCells, left_out: LeftOut) -> None:
    for (row, column), text in cells.texts.items():
        if row in cells.hidden_rows:
            left_out.add("hidden row", text, Place(row=row, column=column))
        elif column in cells.hidden_columns:
            left_out.add("hidden column", text, Place(row=row, column=column))


# A box ---------------------------------------------------------------------------------------


def _show(sheet: Any, records: SheetRecords, book: _XlsBook, row: int, column: int) -> str:
    """The text that a box shows; a mark where it shows something that is not known here."""
    kind, value = sheet.cell_type(row, column), sheet.cell_value(row, column)
    if (row, column) in records.formulas and (sheet.show_formulas or not book.is_computed):
        return mark_unread("formula" if sheet.show_formulas else "formula without a result")
    if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return ""
    style, place = book.styles[sheet.cell_xf_index(row, column)], Place(row=row, column=column)
    if kind == xlrd.XL_CELL_ERROR:
        return mark_unread(f"error {xlrd.error_text_from_code.get(value, value)}")
    if kind == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if value else "FALSE"
    if kind == xlrd.XL_CELL_TEXT:
        runs = sheet.rich_text_runlist_map.get((row, column))
        text = _read_text(str(value), runs, style, book, place)
    elif value == 0 and not sheet.show_zero_values:
        return ""
    else:
        shown = show_value(repr(value), style, book.left_out, bool(book.book.datemode))
        text = hide_unseen(shown, style, book.left_out, place)
    if text and any(r0 <= row <= r1 and c0 <= column <= c1 for r0, c0, r1, c1 in records.conditions):
        # what a condition hides or changes is not read here; a label stays what it is
        return text if kind == xlrd.XL_CELL_TEXT else mark_unread("conditional format")
    return text


def _read_text(
    value: str, runs: Sequence[tuple[int, int]] | None, style: BoxStyle, book: _XlsBook, place: Place
) -> str:
    """The text of a box, of which a run in a font of its own has that font's look."""
    if not runs:
        written = translate_symbols(value, style.font or None)
        return hide_unseen(format_text(written, style, book.left_out), style, book.left_out, place)
    starts = [0, *(start for start, _ in runs)]
    fonts = [None, *(book.font(index) for _, index in runs)]
    read: list[tuple[str, str, str, int]] = []
    for start, end, font in zip(starts, [*starts[1:], len(value)], fonts, strict=True):
        if font is None:
            look = style.unseen, style.font, 0
        else:
            unseen = _why_unseen(book.book, font, style.ground)
            look = unseen, font.name, _LEVELS.get(font.escapement, 0)
        read.append((value[start:end], *look))
    return join_runs(read, book.left_out, place)
