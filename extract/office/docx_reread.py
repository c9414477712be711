"""Boxes of a DOCX read a second time, through python-docx's own tables."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from docx.exceptions import PythonDocxError
from docx.opc.exceptions import OpcError
from docx.oxml.exceptions import XmlchemyError
from docx.oxml.parser import parse_xml
from docx.table import Table, _Cell
from lxml import etree

from gongkai.extract.office.docx_numbering import W, read_integer
from gongkai.extract.office.zip_package import DAMAGED
from gongkai.model import Limits, Place, Unreadable

# python-docx fails where a merge is drawn wrong (a cell that continues no cell above).
_REFUSED = (
    *DAMAGED,
    LookupError,
    AttributeError,
    TypeError,
    ValueError,
    PythonDocxError,
    OpcError,
    XmlchemyError,
    etree.XMLSyntaxError,
)
#: (block, row) → the row's boxes.
_Rows = dict[tuple[int, int], Sequence[_Cell]]


def reread_boxes(part: bytes, blocks: Sequence[int], places: Sequence[Place]) -> tuple[str | None, ...]:
    """The texts of some boxes of a document's main part; None where python-docx sees other tables or a row otherwise.

    `blocks` are the numbers of the document's tables, as `gongkai.extract.docx.read` counts blocks. Other parts of the
    package may be damaged: they say nothing about the text of boxes.
    """
    wanted = {(p.block, p.row) for p in places if p.block is not None and p.row is not None}
    rows = _read_rows(part, blocks, wanted)
    return tuple(_text_at(rows, place) for place in places)


def _read_rows(part: bytes, blocks: Sequence[int], wanted: Collection[tuple[int, int]]) -> _Rows:
    """The wanted rows. Only these: for a merged box python-docx goes up the column, a search of the XML a row."""
    try:
        document: Any = parse_xml(part)
        tables = [Table(table, document) for table in document.body.tbl_lst]
        # python-docx repeats a box once a column that it spans: one of millions takes hours
        spans = [read_integer(item.get(W + "val"), 1) for item in document.iter(W + "gridSpan")]
    except (*_REFUSED, Unreadable):
        return {}
    if any(span > Limits().colspan for span in spans) or len(blocks) != len(tables):
        return {}
    read: _Rows = {}
    for block, table in zip(blocks, tables, strict=True):
        own = {row for of, row in wanted if of == block}
        for n, row in enumerate(table.rows if own else ()):
            if n in own:
                try:
                    read[block, n] = row.cells
                except _REFUSED:
                    continue
    return read


def _text_at(rows: _Rows, place: Place) -> str | None:
    """The text of a box by its table, row and column."""
    if place.block is None or place.row is None or place.column is None:
        return None
    row = rows.get((place.block, place.row), ())
    if place.column >= len(row):
        return None
    try:
        return row[place.column].text
    except _REFUSED:
        return None
