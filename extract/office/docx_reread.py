"""Boxes of a DOCX read a second time, through python-docx's own tables."""

from __future__ import annotations

import io
from collections.abc import Sequence

import docx
from docx.exceptions import PythonDocxError
from docx.opc.exceptions import OpcError
from docx.oxml.exceptions import XmlchemyError
from lxml import etree

from gongkai.extract.office.zip_package import DAMAGED
from gongkai.model import Place

# python-docx fails where a merge is drawn wrong (a cell that continues no cell above). It also reads
# parts that we do not, which may be damaged (a relation without a target is joined to a path).
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
_Rows = list[list[str]]


def reread_boxes(data: bytes, blocks: Sequence[int], places: Sequence[Place]) -> tuple[str | None, ...]:
    """The texts of some boxes; None where python-docx sees other tables or a table otherwise.

    `blocks` are the numbers of the document's tables, as `gongkai.extract.docx.read` counts blocks.
    """
    tables = _read_tables(data, blocks)
    return tuple(_text_at(tables, place) for place in places)


def _read_tables(data: bytes, blocks: Sequence[int]) -> dict[int, _Rows]:
    try:
        tables = docx.Document(io.BytesIO(data)).tables
    except _REFUSED:
        return {}
    if len(blocks) != len(tables):
        return {}
    read: dict[int, _Rows] = {}
    for block, table in zip(blocks, tables, strict=True):
        try:
            read[block] = [[cell.text for cell in row.cells] for row in table.rows]
        except _REFUSED:
            continue
    return read


def _text_at(tables: dict[int, _Rows], place: Place) -> str | None:
    """The text of a box by its table, row and column."""
    if place.block is None or place.row is None or place.column is None:
        return None
    rows = tables.get(place.block, [])
    row = rows[place.row] if place.row < len(rows) else []
    return row[place.column] if place.column < len(row) else None
