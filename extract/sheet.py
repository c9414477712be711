"""Spreadsheets (XLSX, XLS, XLSB, ODS) → Document: each sheet's lines of text and its table, merged boxes whole."""

from __future__ import annotations

import io
import math
from decimal import Decimal
from typing import Any

import python_calamine

from gongkai.extract.left_out import LeftOut
from gongkai.extract.office.conversion import convert
from gongkai.extract.office.relationships import is_office_package
from gongkai.extract.office.zip_package import Package, open_package
from gongkai.extract.spreadsheet.number_format import show_number
from gongkai.extract.spreadsheet.sheet_cells import SheetCells, lay_out_sheet
from gongkai.extract.spreadsheet.xls_book import read_xls
from gongkai.extract.spreadsheet.xlsx_book import read_book
from gongkai.model import Block, Document, Encrypted, Limits, Source, Unreadable, mark_unread

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BINARY = "xl/workbook.bin"
#: What an OpenDocument spreadsheet says of itself in its first part, which is not packed.
_OPEN = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
_MANIFEST = "META-INF/manifest.xml"


def sniff(data: bytes) -> bool:
    """Whether this is a workbook: a package with sheets, or an OLE file with a Workbook stream."""
    if data.startswith(b"PK"):
        return _is_open(data) or is_office_package(data, "xl", b"spreadsheetml.", b"ms-excel.")
    if not data.startswith(_OLE) or "WordDocument".encode("utf-16-le") in data:
        return False
    return any(name.encode("utf-16-le") in data for name in ("Workbook", "Book\0"))


def read(source: Source, limits: Limits) -> Document:
    """The sheets that are seen, in their order.

    Raises Encrypted, Truncated, Unreadable, TooLarge; MissingTool for .xlsb and .ods where LibreOffice is not
    installed.
    """
    if source.data.startswith(b"PK"):
        package = open_package(source.data, limits)
        if _is_open(source.data):
            return _read_converted(source, package, "ods", limits)
        if _BINARY not in package.names():
            sheets, left_out = read_book(package, limits)
            return _document(source, "xlsx", "xlsx", sheets, left_out, limits)
        # no library tells the formats of .xlsb, and without these a number may be another one than the page shows
        return _read_converted(source, package, "xlsb", limits)
    sheets, left_out = read_xls(source.data, limits)
    return _document(source, "xls", "xlrd", sheets, left_out, limits)


def _is_open(data: bytes) -> bool:
    return _OPEN in data[:200]


def _read_converted(source: Source, package: Package, format: str, limits: Limits) -> Document:
    """The sheets of a workbook that LibreOffice reads.

    Raises Encrypted, Unreadable, TooLarge, MissingTool.
    """
    for name in package.names():
        part = package.part(name)  # raises where the part passes a limit
        if name == _MANIFEST and b"encryption-data" in part:
            raise Encrypted("the file asks for a password; save it without one")
    sheets, left_out = read_book(open_package(convert(source.data, "xlsx", format), limits), limits)
    return _document(source, format, "libreoffice", sheets, left_out, limits)


def _document(
    source: Source, format: str, reader: str, sheets: list[SheetCells], left_out: LeftOut, limits: Limits
) -> Document:
    blocks: list[Block] = []
    for sheet in sheets:
        blocks += lay_out_sheet(sheet, len(blocks), limits)
    return Document(source, format, reader, tuple(blocks), findings=tuple(left_out.findings()))


def first_sheet(data: bytes) -> list[list[str]]:
    """The boxes of a workbook's first sheet as texts, row by row, without what its formats make of them.

    Raises Unreadable.
    """
    try:
        sheet = python_calamine.load_workbook(io.BytesIO(data)).get_sheet_by_index(0)
        return [[_print_value(value).strip() for value in row] for row in sheet.to_python()]
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise Unreadable(f"the workbook cannot be opened ({error})") from error


_ERRORS = frozenset(["#REF!", "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#VALUE!", "#GETTING_DATA"])


def _print_value(value: Any) -> str:
    """A box's value as it is shown: whole numbers without a point; a mark for an error and for no number."""
    if isinstance(value, str):
        return mark_unread(f"error {value}") if value in _ERRORS else value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        if not math.isfinite(value):
            return mark_unread(f"value {value}")
        return show_number(Decimal(repr(value)), "General")
    return str(value)


#: See `gongkai.model.Reader`.
render = as_pdf = None
