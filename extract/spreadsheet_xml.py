"""Excel's XML of 2003 (also under the name .xls) → Document: each sheet as it is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from gongkai.extract.left_out import CROSSED_OUT, LeftOut
from gongkai.extract.office.docx_numbering import read_integer
from gongkai.extract.office.shown_color import WHITE, color_of, is_invisible
from gongkai.extract.office.xml_part import parse_xml
from gongkai.extract.page.superscript import join_levels
from gongkai.extract.spreadsheet.number_format import NotShown, is_date_format, show_number
from gongkai.extract.spreadsheet.sheet_cells import SheetCells, lay_out_sheet
from gongkai.model import Block, Document, Limits, Source, TooLarge, Unreadable, mark_unread

_NAME = "urn:schemas-microsoft-com:office:spreadsheet"
SS = f"{{{_NAME}}}"
_EXCEL = "{urn:schemas-microsoft-com:office:excel}"
_HTML = "{http://www.w3.org/TR/REC-html40}"
_HEAD = 4096
#: The last row and column that a sheet may have.
_ROWS, _COLUMNS = 1_048_576, 16_384
#: Formats that Excel names instead of writing them out.
_NAMED = {
    "Fixed": "0.00",
    "Standard": "#,##0.00",
    "Percent": "0.00%",
    "Currency": "#,##0.00",
    "General Number": "General",
    "": "General",
}
#: Digits that no number of a sheet has.
_DIGITS = 40


def sniff(data: bytes) -> bool:
    """Whether the bytes are XML with a workbook in it."""
    head = data[:_HEAD].replace(b"\x00", b"")
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t")
    return start.startswith(b"<") and _NAME.encode() in head and b"<html" not in head.lower()


@dataclass(slots=True)
class _XmlBook:
    """What the sheets of a workbook share."""

    limits: Limits
    styles: Mapping[str, Any]
    left_out: LeftOut = field(default_factory=LeftOut)


def read(source: Source, limits: Limits) -> Document:
    """The sheets that are seen, in their order. Raises Unreadable, TooLarge."""
    root = parse_xml(source.data, "the workbook")
    styles = {s.get(SS + "ID") or "": s for s in root.iterfind(f"{SS}Styles/{SS}Style")}
    book = _XmlBook(limits, styles)
    blocks: list[Block] = []
    found = list(root.iterchildren(SS + "Worksheet"))
    if not found:
        raise Unreadable("the workbook has no sheet")
    for sheet in found:
        if sheet.findtext(f"{_EXCEL}WorksheetOptions/{_EXCEL}Visible", "SheetVisible") != "SheetVisible":
            book.left_out.add("hidden sheet", sheet.get(SS + "Name") or "a sheet")
        else:
            blocks += lay_out_sheet(_read_sheet(sheet, book), len(blocks), limits)
    return Document(
        source, "spreadsheet-xml", "xlsx", tuple(blocks), findings=tuple(book.left_out.findings())
    )


def _read_sheet(sheet: Any, book: _XmlBook) -> SheetCells:
    cells = SheetCells()
    for table in sheet.iterchildren(SS + "Table"):
        for first, last, item in _number(table.iterchildren(SS + "Column"), _COLUMNS):
            if _is_hidden(item, "Width"):
                cells.hidden_columns |= set(range(first, last + 1))
        for first, last, item in _number(table.iterchildren(SS + "Row"), _ROWS):
            if _is_hidden(item, "Height"):
                cells.hidden_rows |= set(range(first, min(last, first + book.limits.cells) + 1))
            _read_row(item, first, cells, book)
    return cells


def _number(items: Iterator[Any], most: int) -> Iterator[tuple[int, int, Any]]:
    """Rows, columns or boxes with the first and the last number that each stands for, from 0."""
    at = 0
    for item in items:
        at = read_integer(item.get(SS + "Index"), at + 1) - 1
        span = max(read_integer(item.get(SS + "Span"), 0), 0)
        if not 0 <= at <= at + span < most:
            raise TooLarge(f"a sheet has a box at {at + 1}")
        yield at, at + span, item
        at += span + 1


def _is_hidden(item: Any, size: str) -> bool:
    return item.get(SS + "Hidden") == "1" or (item.get(SS + size) or "1") in ("0", "0.0")


def _read_row(item: Any, row: int, cells: SheetCells, book: _XmlBook) -> None:
    column = 0
    for cell in item.iterchildren(SS + "Cell"):
        column = read_integer(cell.get(SS + "Index"), column + 1) - 1
        wide = max(read_integer(cell.get(SS + "MergeAcross"), 0), 0)
        high = max(read_integer(cell.get(SS + "MergeDown"), 0), 0)
        if not (0 <= column <= column + wide < _COLUMNS and row + high < _ROWS):
            raise TooLarge(f"a sheet has a box in row {row + 1}, column {column + 1}")
        if wide or high:
            cells.merges.append((row, column, row + high, column + wide))
        text = _show(cell, item, book)
        if text:
            cells.texts[row, column] = text
        if len(cells.texts) > book.limits.cells:
            raise TooLarge(f"a sheet of more than {book.limits.cells:,} boxes")
        column += wide + 1


@dataclass(frozen=True, slots=True)
class _Style:
    """A style by its id; what it lacks is that of its parent."""

    styles: Mapping[str, Any]
    id: str

    def find(self, name: str) -> Any | None:
        """The element of a style that says something ("Font"); None where neither it nor a parent does."""
        id, seen = self.id, set[str]()
        while id in self.styles and id not in seen:
            seen.add(id)
            item = self.styles[id].find(SS + name)
            if item is not None:
                return item
            id = self.styles[id].get(SS + "Parent") or "Default"
        return None


# What a box shows ----------------------------------------------------------------------------


def _show(cell: Any, row: Any, book: _XmlBook) -> str:
    data = next((d for d in cell.iterchildren() if d.tag.rpartition("}")[2] == "Data"), None)
    if data is None:
        return mark_unread("formula without a result") if cell.get(SS + "Formula") else ""
    style = _Style(book.styles, cell.get(SS + "StyleID") or row.get(SS + "StyleID") or "Default")
    kind, text = data.get(SS + "Type") or "String", "".join(data.itertext())
    if kind == "Error":
        return mark_unread(f"error {text}")
    shown = _show_number(text, style) if kind == "Number" else _join_text(data, book)
    unseen = _find_unseen(style)
    if unseen:
        book.left_out.add(unseen, shown)
        return ""
    if not shown.strip():
        book.left_out.add("hidden by its format", text)
    return shown


def _show_number(text: str, style: _Style) -> str:
    item = style.find("NumberFormat")
    format = "" if item is None else item.get(SS + "Format") or ""
    try:
        number = Decimal(text.strip())
        if not number.is_finite() or abs(number.adjusted()) > _DIGITS:
            return mark_unread(f"value {text[:20]}")
        written = _NAMED.get(format, format)
        if is_date_format(written):
            return mark_unread("number in a format of dates")
        return show_number(number, written)
    except InvalidOperation:
        return mark_unread(f"value {text[:20]}")
    except NotShown:
        return mark_unread(f"number in the format {format}")


def _join_text(data: Any, book: _XmlBook) -> str:
    """The text of a box; struck pieces are left out, figures raised or lowered are none of a number."""
    pieces: list[tuple[str, int]] = []

    def collect(element: Any, level: int) -> None:
        pieces.append((element.text or "", level))
        for child in element.iterchildren():
            if child.tag in (_HTML + "S", _HTML + "Strike"):
                book.left_out.add(CROSSED_OUT, "".join(child.itertext()))
            else:
                collect(child, {_HTML + "Sup": 1, _HTML + "Sub": -1}.get(child.tag, level))
            pieces.append((child.tail or "", level))

    collect(data, 0)
    return join_levels(pieces)


def _find_unseen(style: _Style) -> str:
    """Why the text of a style cannot be seen, "" where it can."""
    font = style.find("Font")
    if font is None:
        return ""
    if font.get(SS + "StrikeThrough") == "1":
        return CROSSED_OUT
    interior = style.find("Interior")
    ground: str | None = WHITE
    if interior is not None and (interior.get(SS + "Pattern") or "None") != "None":
        ground = color_of(interior.get(SS + "Color"))
    return "in the colour of the ground" if is_invisible(color_of(font.get(SS + "Color")), ground) else ""


#: See `gongkai.model.Reader`.
render = as_pdf = None
