"""Boxes of a DOCX read a second time, through python-docx's own tables."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from docx.exceptions import PythonDocxError
from docx.opc.exceptions import OpcError
from docx.oxml.exceptions import XmlchemyError
from docx.oxml.parser import parse_xml
from docx.table import Table, _Cell, _Row
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


class _RowBoxes:
    """A row of python-docx's, and what it was asked for: several boxes of a row are read, and it finds each by a walk."""

    def __init__(self, row: _Row, table: Table) -> None:
        self._row, self._table = row, table
        self._boxes = row._tr.tc_lst
        self._spans: list[int] = []
        self._cells: tuple[_Cell, ...] | None = None

    def find(self, column: int) -> _Cell | None:
        """The box in a column, None where it has none there.

        `row.cells` is asked for a box that continues one above only: for every such box it goes up the column.
        """
        at = 0
        for n, tc in enumerate(self._boxes):
            if at == column and tc.vMerge != "continue":
                return _Cell(tc, self._table)
            if n == len(self._spans):
                self._spans.append(tc.grid_span)
            at += self._spans[n]
            if at > column:
                break
        if self._cells is None:
            self._cells = self._row.cells
        return self._cells[column] if column < len(self._cells) else None


#: By block and row.
_Rows = dict[tuple[int, int], _RowBoxes]


def reread_boxes(part: bytes, blocks: Sequence[int], places: Sequence[Place]) -> tuple[str | None, ...]:
    """The texts of some boxes of a document's main part; None where python-docx sees other tables or a row otherwise.

    `blocks` are the numbers of the document's tables, as `gongkai.extract.docx.read` counts blocks. Other parts of the
    package may be damaged: they say nothing about the text of boxes.
    """
    wanted = {(p.block, p.row) for p in places if p.block is not None and p.row is not None}
    rows = _read_rows(part, blocks, wanted)
    return tuple(_text_at(rows, place) for place in places)


def _read_rows(part: bytes, blocks: Sequence[int], wanted: Collection[tuple[int, int]]) -> _Rows:
    """The wanted rows."""
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
        read |= {
            (block, n): _RowBoxes(row, table) for n, row in enumerate(table.rows if own else ()) if n in own
        }
    return read


def _text_at(rows: _Rows, place: Place) -> str | None:
    """The text of a box by its table, row and column."""
    if place.block is None or place.row is None or place.column is None:
        return None
    found = rows.get((place.block, place.row))
    try:
        cell = None if found is None else found.find(place.column)
        return None if cell is None else cell.text
    except _REFUSED:
        return None
