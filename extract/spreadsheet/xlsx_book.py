"""The parts of an XLSX → what each of its sheets shows, box by box.

The XML itself is read: a library that gives values hides what the sheet shows of them (a format that
scales or rounds, a formula without a result, a struck or raised figure, a hidden row).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from gongkai.extract.left_out import LeftOut
from gongkai.extract.office.docx_numbering import read_integer
from gongkai.extract.office.relationships import find_main_part, read_relationships
from gongkai.extract.office.symbol_font import translate_symbols
from gongkai.extract.office.theme_colors import read_theme
from gongkai.extract.office.xml_part import parse_xml
from gongkai.extract.office.zip_package import Package
from gongkai.extract.spreadsheet.sheet_cells import Merge, SheetCells
from gongkai.extract.spreadsheet.shown_box import USUAL, BoxStyle, format_text, hide_unseen, show_value
from gongkai.extract.spreadsheet.xlsx_conditions import Conditions, read_conditions
from gongkai.extract.spreadsheet.xlsx_drawing import mark_drawings
from gongkai.extract.spreadsheet.xlsx_styles import WorkbookStyles, X, read_workbook_styles
from gongkai.extract.spreadsheet.xlsx_text import TextReader
from gongkai.model import Limits, Place, TooLarge, Unreadable, mark_unread

_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
_LOOSE = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
#: The last row and column that a sheet may have.
_ROWS, _COLUMNS = 1_048_576, 16_384
#: A row lower or a column narrower than this (in points, and in characters) cannot be seen.
_LOWEST = Decimal("1")
_NARROWEST = Decimal("0.2")


@dataclass(slots=True)
class _Book:
    """What the sheets of a workbook share."""

    limits: Limits
    texts: Sequence[Any]
    styles: WorkbookStyles
    from_1904: bool
    left_out: LeftOut
    reader: TextReader
    #: A program that computes nothing wrote the file: the results in it are not those that a reader sees.
    is_computed_anew: bool = False


@dataclass(frozen=True, slots=True)
class _View:
    """How a sheet is looked at."""

    shows_zeros: bool
    shows_formulas: bool
    conditions: Conditions


def read_book(package: Package, limits: Limits) -> tuple[list[SheetCells], LeftOut]:
    """The sheets that are seen, in order, and what was left out.

    Raises Encrypted, Unreadable, TooLarge.
    """
    name = find_main_part(package, "xl/workbook.xml")
    root = _parse(package, name)
    relations = read_relationships(package, name)
    parts = {relation.kind: relation.target for relation in relations.values()}
    texts = _parse(package, parts["sharedStrings"]) if "sharedStrings" in parts else None
    theme = read_theme(_parse(package, parts["theme"]) if "theme" in parts else None)
    styles = read_workbook_styles(_parse(package, parts["styles"]) if "styles" in parts else None, theme)
    properties, computing = root.find(X + "workbookPr"), root.find(X + "calcPr")
    left_out = LeftOut()
    book = _Book(
        limits,
        [] if texts is None else list(texts.iterchildren(X + "si")),
        styles,
        properties is not None and _is_on(properties.get("date1904")),
        left_out,
        TextReader(styles.colors, left_out),
        computing is not None and _is_on(computing.get("fullCalcOnLoad")),
    )
    sheets = []
    for item in root.iter(X + "sheet"):
        relation = relations.get(next((item.get(r) for r in _RELATIONS if item.get(r)), ""))
        if relation is None:
            raise Unreadable(f"{name}: the sheet {item.get('name') or ''} is not in the file")
        if relation.kind != "worksheet":
            continue
        if (item.get("state") or "visible") != "visible":
            book.left_out.add("hidden sheet", item.get("name") or "a sheet")
        else:
            sheets.append(_read_sheet(package, relation.target, book))
    return sheets, book.left_out


def _parse(package: Package, name: str) -> Any:
    data = package.part(name)
    return parse_xml(data.replace(_STRICT, _LOOSE) if _STRICT in data[:4096] else data, name)


def _read_sheet(package: Package, part: str, book: _Book) -> SheetCells:
    root = _parse(package, part)
    sheet = SheetCells(
        merges=[m for ref in root.iter(X + "mergeCell") if (m := _range(ref.get("ref") or ""))]
    )
    view = _read_view(root, book)
    _find_hidden_columns(root, sheet)
    data = root.find(X + "sheetData")
    row = -1
    for item in () if data is None else data.iterchildren(X + "row"):
        row = read_integer(item.get("r"), row + 2) - 1
        if _is_hidden_row(item):
            sheet.hidden_rows.add(row)
        _read_row(item, row, sheet, book, view)
    _find_unlisted_rows(root, sheet)
    _report_hidden(sheet, book.left_out)
    mark_drawings(package, part, sheet)
    return sheet


def _read_view(root: Any, book: _Book) -> _View:
    item = root.find(f"{X}sheetViews/{X}sheetView")
    conditions = read_conditions(root, book.styles, _range)
    if item is None:
        return _View(True, False, conditions)
    return _View(item.get("showZeros") not in ("0", "false"), _is_on(item.get("showFormulas")), conditions)


def _read_row(item: Any, row: int, sheet: SheetCells, book: _Book, view: _View) -> None:
    column = -1
    for box in item.iterchildren(X + "c"):
        reference = box.get("r") or ""
        at = _address(reference)
        row, column = at if at is not None else (row, column + 1)
        if (at is None and reference) or not (0 <= row < _ROWS and 0 <= column < _COLUMNS):
            raise TooLarge(f"a sheet has a box {reference[:16]}")
        text = _show(box, book, view, (row, column))
        if text != "":
            sheet.texts[row, column] = text
        if len(sheet.texts) > book.limits.cells:
            raise TooLarge(f"a sheet of more than {book.limits.cells:,} boxes")


def _address(reference: str) -> tuple[int, int] | None:
    """Row and column of B12, from 0; None where there is none."""
    match = _ADDRESS.fullmatch(reference)
    if match is None:
        return None
    column = 0
    for letter in match[1].upper():
        column = 26 * column + ord(letter) - 64
    return int(match[2]) - 1, column - 1


def _range(reference: str) -> Merge | None:
    """The corners of B2:D5; None where it is no range."""
    first, _, last = reference.partition(":")
    begin, end = _address(first), _address(last or first)
    if begin is None or end is None:
        return None
    return min(begin[0], end[0]), min(begin[1], end[1]), max(begin[0], end[0]), max(begin[1], end[1])


# What is hidden ------------------------------------------------------------------------------


def _is_on(value: str | None) -> bool:
    return value in ("1", "true", "on")


def _measure(value: str | None) -> Decimal | None:
    try:
        return None if value is None else Decimal(value)
    except InvalidOperation:
        return None


def _is_hidden_row(item: Any) -> bool:
    height = _measure(item.get("ht"))
    return _is_on(item.get("hidden")) or (height is not None and height < _LOWEST)


def _find_hidden_columns(root: Any, sheet: SheetCells) -> None:
    for item in root.iterfind(f"{X}cols/{X}col"):
        width = _measure(item.get("width"))
        if _is_on(item.get("hidden")) or (width is not None and width < _NARROWEST):
            first, last = read_integer(item.get("min"), 1), read_integer(item.get("max"), 1)
            sheet.hidden_columns |= set(range(max(first, 1) - 1, min(last, _COLUMNS)))


def _find_unlisted_rows(root: Any, sheet: SheetCells) -> None:
    """Rows are hidden unless they say otherwise where the sheet says so (zeroHeight)."""
    usual = root.find(X + "sheetFormatPr")
    if usual is None or not _is_on(usual.get("zeroHeight")):
        return
    listed = {
        read_integer(item.get("r"), 0) - 1 for item in root.iter(X + "row") if item.get("ht") is not None
    }
    sheet.hidden_rows |= {r for r, _ in sheet.texts if r not in listed}


def _report_hidden(sheet: SheetCells, left_out: LeftOut) -> None:
    rows = {r: text for (r, _), text in sheet.texts.items() if r in sheet.hidden_rows}
    columns = {c: text for (_, c), text in sheet.texts.items() if c in sheet.hidden_columns}
    for row, text in sorted(rows.items()):
        left_out.add("hidden row", text, Place(row=row))
    for column, text in sorted(columns.items()):
        left_out.add("hidden column", text, Place(column=column))


# What a box shows ----------------------------------------------------------------------------


def _show(box: Any, book: _Book, view: _View, at: tuple[int, int]) -> str:
    """The text that a box shows; a mark where it shows something that is not known here."""
    number = read_integer(box.get("s"), 0)
    style = book.styles.boxes[number] if 0 <= number < len(book.styles.boxes) else USUAL
    place = Place(row=at[0], column=at[1])
    value = (box.findtext(X + "v") or "").strip()
    if (view.shows_formulas or (book.is_computed_anew and value)) and box.find(X + "f") is not None:
        what = "formula" if view.shows_formulas else "formula that is computed when the file is opened"
        return mark_unread(what)
    text = _read_text(box, value, book, style, place)
    if text is None:
        is_zero = value.strip("0.") == "" and value != ""
        shown = (
            ""
            if is_zero and not view.shows_zeros
            else show_value(value, style, book.left_out, book.from_1904)
        )
        text = hide_unseen(shown, style, book.left_out, place)
    return view.conditions.apply(text, at, value, style, book.left_out)


def _read_text(box: Any, value: str, book: _Book, style: BoxStyle, place: Place) -> str | None:
    """The text of a box that holds no number, as far as it is seen; None where it holds one."""
    kind = box.get("t") or "n"
    inline, has_value = box.find(X + "is"), box.find(X + "v") is not None
    if kind == "inlineStr" or (not has_value and inline is not None):
        read = "" if inline is None else book.reader.read(inline, style, place)
        return format_text(read, style, book.left_out)
    if not has_value or (value == "" and kind != "str"):
        return mark_unread("formula without a result") if box.find(X + "f") is not None else ""
    if kind == "s":
        at = read_integer(value, -1)
        if not 0 <= at < len(book.texts):
            return mark_unread("text that is missing")
        return format_text(book.reader.read(book.texts[at], style, place), style, book.left_out)
    if kind == "e":
        return mark_unread(f"error {value}")
    if kind == "b":
        return "TRUE" if value == "1" else "FALSE"
    if kind == "str":
        written = translate_symbols(box.findtext(X + "v") or "", style.font or None)
        return hide_unseen(format_text(written, style, book.left_out), style, book.left_out, place)
    if kind == "d":
        return mark_unread("date") if value.isdigit() else value
    return None
