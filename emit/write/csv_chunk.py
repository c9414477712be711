"""Lines of a dataset to their CSV text, and what of them the text does not say."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from gongkai.emit.schema import Dataset, Kind
from gongkai.emit.write.rows import Row, Value, convert_column
from gongkai.model import guard
from gongkai.record import dataclass


@dataclass(frozen=True, slots=True)
class CsvChunk:
    """Some lines of one dataset as CSV: `text` in UTF-8, without a header.

    `characters` counts those of its long texts. CSV cannot tell an empty text from no value:
    `empties` are, by column, the lines whose value is an empty text where there might be none.
    """

    lines: int
    characters: int
    text: bytes
    empties: Mapping[str, Sequence[int]]


def print_chunk(dataset: Dataset, rows: Sequence[Row]) -> CsvChunk:
    """Lines of a dataset as text; the keys of each stand in the order of the columns."""
    return print_columns(dataset, list(zip(*(row.values() for row in rows), strict=True)))


def print_columns(dataset: Dataset, columns: Sequence[Sequence[Value]]) -> CsvChunk:
    """Lines of a dataset as text, from all of its columns in their order; there is at least one line."""
    shape = _SHAPES.get(dataset.name) or _shape(dataset)
    cells = [
        convert_column(values, convert, missing="")
        for convert, values in zip(shape.converters, columns, strict=True)
    ]
    # as `line_writer` prints it, in a third of the time: a value that stands in many lines is quoted once
    text = "".join([",".join(line) + _LINE_END for line in zip(*cells, strict=True)])
    empties = {
        name: [n for n, value in enumerate(columns[i]) if value == ""]
        for i, name in shape.optional
        if "" in columns[i]
    }
    characters = sum(len(str(value)) for i in shape.long for value in columns[i])
    return CsvChunk(len(columns[0]), characters, text.encode(), empties)


def line_writer(file: io.TextIOBase) -> Any:
    """RFC 4180; and Python quotes a lone "\\r" in a text only where it is part of the line's end."""
    return csv.writer(file, lineterminator=_LINE_END)


_LINE_END = "\r\n"
#: A text with one of these stands in quotation marks.
_QUOTED = re.compile('[,"\r\n]')


def _quote(text: str) -> str:
    return text if _QUOTED.search(text) is None else '"' + text.replace('"', '""') + '"'


def printed_number(value: float) -> str:
    """A float without an exponent and without zeros at the end.

    >>> printed_number(100.0), printed_number(90.25), printed_number(0.00001)
    ('100', '90.25', '0.00001')
    """
    text = repr(value)
    return text.removesuffix(".0") if "e" not in text else format(Decimal(text), "f")


# How a value is printed in CSV.
_CSV: dict[Kind, Callable[[Any], str]] = {
    "id": _quote,
    "text": lambda value: _quote(guard(value)),
    "integer": str,
    "decimal": lambda value: format(value, "f"),
    "number": printed_number,
    "boolean": lambda value: "true" if value else "false",
}


@dataclass(frozen=True, slots=True)
class _Shape:
    """What writing needs to know of a dataset's columns: printers, columns that may be empty, long texts."""

    converters: tuple[Callable[[Any], str], ...]
    optional: tuple[tuple[int, str], ...]
    long: tuple[int, ...]


#: by the dataset's name; there is one of each
_SHAPES: dict[str, _Shape] = {}


def _shape(dataset: Dataset) -> _Shape:
    columns = list(enumerate(dataset.columns))
    shape = _Shape(
        tuple(_CSV[column.kind] for _, column in columns),
        tuple((i, c.name) for i, c in columns if c.empty and c.kind in ("text", "id")),
        tuple(i for i, column in columns if column.long),
    )
    return _SHAPES.setdefault(dataset.name, shape)
