"""The parts of an XLSX → what each of its sheets shows, box by box.

The XML itself is read: a library that gives values hides what the sheet shows of them (a format that
scales or rounds, a formula without a result, a struck or raised figure, a hidden row).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from gongkai.extract.left_out import LeftOut
from gongkai.extract.office.docx_numbering import read_integer
from gongkai.extract.office.relationships import find_main_part, read_relationships
from gongkai.extract.office.symbol_font import translate_symbols
from gongkai.extract.office.xml_part import parse_xml
from gongkai.extract.office.zip_package import Package
from gongkai.extract.spreadsheet.number_format import NotShown, is_date_format, show_number, show_text
from gongkai.extract.spreadsheet.sheet_cells import Merge, SheetCells
from gongkai.extract.spreadsheet.xlsx_drawing import mark_drawings
from gongkai.extract.spreadsheet.xlsx_styles import USUAL, BoxStyle, X, read_box_styles
from gongkai.extract.spreadsheet.xlsx_text import read_rich_text
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
    styles: Sequence[BoxStyle]
    from_1904: bool
    left_out: LeftOut = field(default_factory=LeftOut)


def read_book(package: Package, limits: Limits) -> tuple[list[SheetCells], LeftOut]:
    """The sheets that are seen, in order, and what was left out.

    Raises Encrypted, Unreadable, TooLarge.
    """
    name = find_main_part(package, "xl/workbook.xml")
    root = _parse(package, name)
    relations = read_relationships(package, name)
    parts = {relation.kind: relation.target for relation in relations.values()}
    texts = _parse(package, parts["sharedStrings"]) if "sharedStrings" in parts else None
    styles = _parse(package, parts["styles"]) if "styles" in parts else None
    properties = root.find(X + "workbookPr")
    book = _Book(
        limits,
        [] if texts is None else list(texts.iterchildren(X + "si")),
        read_box_styles(styles),
        properties is not None and properties.get("date1904") in ("1", "true"),
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
    view = root.find(f"{X}sheetViews/{X}sheetView")
    shows_zeros = view is None or view.get("showZeros") not in ("0", "false")
    _find_hidden_columns(root, sheet)
    data = root.find(X + "sheetData")
    row = -1
    for item in () if data is None else data.iterchildren(X + "row"):
        row = read_integer(item.get("r"), row + 2) - 1
        if _is_hidden_row(item):
            sheet.hidden_rows.add(row)
        _read_row(item, row, sheet, book, shows_zeros)
    _find_unlisted_rows(root, sheet)
    _report_hidden(sheet, book.left_out)
    mark_drawings(package, part, sheet.texts)
    return sheet


def _read_row(item: Any, row: int, sheet: SheetCells, book: _Book, shows_zeros: bool) -> None:
    column = -1
    for box in item.iterchildren(X + "c"):
        reference = box.get("r") or ""
        at = _address(reference)
        row, column = at if at is not None else (row, column + 1)
        if (at is None and reference) or not (0 <= row < _ROWS and 0 <= column < _COLUMNS):
            raise TooLarge(f"a sheet has a box {reference[:16]}")
        text = _show(box, book, shows_zeros, Place(row=row, column=column))
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


def _show(box: Any, book: _Book, shows_zeros: bool, place: Place) -> str:
    """The text that a box shows; a mark where it shows something that is not known here."""
    number = read_integer(box.get("s"), 0)
    style = book.styles[number] if 0 <= number < len(book.styles) else USUAL
    text = _read_content(box, book, style)
    if text is None:
        text = _show_value(box, book, style, shows_zeros)
    if style.unseen and text.strip():
        book.left_out.add(style.unseen, text, place)
        return ""
    return text


def _read_content(box: Any, book: _Book, style: BoxStyle) -> str | None:
    """The text of a box that holds no number; None where it holds one."""
    kind = box.get("t") or "n"
    inline, value = box.find(X + "is"), box.findtext(X + "v")
    if kind == "inlineStr" or (value is None and inline is not None):
        return "" if inline is None else _format_text(_rich(inline, book, style), book, style)
    if value is None or (value == "" and kind != "str"):
        return mark_unread("formula without a result") if box.find(X + "f") is not None else ""
    if kind == "s":
        at = read_integer(value, -1)
        if not 0 <= at < len(book.texts):
            return mark_unread("text that is missing")
        return _format_text(_rich(book.texts[at], book, style), book, style)
    if kind == "e":
        return mark_unread(f"error {value}")
    if kind == "b":
        return "TRUE" if value.strip() == "1" else "FALSE"
    if kind == "str":
        return _format_text(translate_symbols(value, style.font or None), book, style)
    return value if kind == "d" else None


def _rich(element: Any, book: _Book, style: BoxStyle) -> str:
    return read_rich_text(element, book.left_out, style.ground, style.font)


def _format_text(text: str, book: _Book, style: BoxStyle) -> str:
    """What the format makes of text: one of three semicolons hides it."""
    if not text or style.format in (None, "General", "@"):
        return text
    shown = show_text(text, style.format or "")
    if not shown.strip():
        book.left_out.add("hidden by its format", text)
    return shown


def _show_value(box: Any, book: _Book, style: BoxStyle, shows_zeros: bool) -> str:
    value = (box.findtext(X + "v") or "").strip()
    try:
        number = Decimal(value)
    except InvalidOperation:
        return mark_unread(f"value {value[:20]}")
    if not number.is_finite() or abs(number.adjusted()) > _DIGITS:
        return mark_unread(f"value {value[:20]}")
    if number == 0 and not shows_zeros:
        return ""
    if style.format is None:
        return mark_unread("number format that the file does not tell")
    if is_date_format(style.format):
        return _show_date(number, book.from_1904)
    try:
        shown = show_number(number, style.format)
    except NotShown:
        return mark_unread(f"number in the format {style.format}")
    if not shown.strip():
        book.left_out.add("hidden by its format", value)
    return translate_symbols(shown, style.font or None)


#: Numbers of more digits are no numbers of a sheet, and take long to write out.
_DIGITS = 40


def _show_date(number: Decimal, from_1904: bool) -> str:
    """A day as 2023-01-14, with its time where it has one; days are counted from 1899-12-30 or from 1904."""
    first = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)
    try:
        moment = first + timedelta(days=float(number))
    except OverflowError:
        return mark_unread("date")
    return str(moment.date()) if number == int(number) else str(moment.replace(microsecond=0))
