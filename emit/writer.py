"""Columns of values to files: one writer a format. It holds an open file and at most one batch of values."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

from emit.dataset import Dataset, Kind
from emit.tidy import Row, Value

# Excel and LibreOffice take such a cell for a formula (OWASP, "CSV Injection"; also in full
# width). An apostrophe in front makes it text; one that stands there already is doubled, so
# that taking one away gives the text back.
GUARDED = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_FIRST = frozenset("'=+-@\t\r\n＝＋－＠")

# A batch of Parquet is written at this many rows or characters of long text, whichever comes
# first: it bounds the memory (16,384 rows of facts are some 60 MiB), and readers want batches
# of more than a few thousand rows.
BATCH_ROWS = 16_384
BATCH_CHARACTERS = 8_000_000


#: values of one dataset by column, in the order of its columns; all of one length
Columns = Sequence[Sequence[Value]]


class Writer(Protocol):
    """What a format must offer."""

    suffix: str

    def __init__(self, dataset: Dataset, path: Path) -> None: ...
    def write(self, columns: Columns) -> None: ...
    def close(self) -> None: ...


def guard(text: str) -> str:
    """The text for a CSV cell: an apostrophe in front of what a spreadsheet would calculate.

    >>> guard("-8"), guard("8"), guard("'-8")
    ("'-8", '8', "''-8")
    """
    return f"'{text}" if text[:1] in _FIRST and GUARDED.match(text) else text


def unguard(text: str) -> str:
    """What `guard` was given."""
    return text[1:] if text.startswith("'") and GUARDED.match(text) else text


def printed_number(value: float) -> str:
    """A float without an exponent and without zeros at the end.

    >>> printed_number(100.0), printed_number(90.25), printed_number(0.00001)
    ('100', '90.25', '0.00001')
    """
    text = repr(value)
    return text.removesuffix(".0") if "e" not in text else format(Decimal(text), "f")


# How a value is printed in CSV. Kinds that are not here are written as they are.
_CSV: dict[Kind, Callable[[Any], str]] = {
    "text": guard,
    "decimal": lambda value: format(value, "f"),
    "number": printed_number,
    "boolean": lambda value: "true" if value else "false",
}


class CsvWriter:
    """CSV for everyone: UTF-8 with a byte order mark, so that Excel reads Chinese."""

    suffix = ".csv"

    def __init__(self, dataset: Dataset, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        # RFC 4180; and Python quotes a lone "\r" in a text only where it is part of the line's end.
        self._csv = csv.writer(self._file, lineterminator="\r\n")
        self._csv.writerow(dataset.names)
        self._convert = tuple(_CSV.get(column.kind) for column in dataset.columns)

    def write(self, columns: Columns) -> None:
        cells = (
            values if convert is None else [None if v is None else convert(v) for v in values]
            for convert, values in zip(self._convert, columns, strict=True)
        )
        self._csv.writerows(zip(*cells, strict=True))

    def close(self) -> None:
        self._file.close()


class ParquetWriter:
    """Parquet with real types, in batches.

    A decimal is a float64 here: pandas, R, Stata and DuckDB calculate with it as it comes,
    while decimal128 turns into Python objects in pandas and is converted by R. Numbers of up
    to 15 digits come back as printed; the CSV file is exact whatever their length.
    """

    suffix = ".parquet"

    def __init__(self, dataset: Dataset, path: Path) -> None:
        import pyarrow as pa  # type: ignore[import-untyped]
        import pyarrow.parquet as pq  # type: ignore[import-untyped]

        types = {
            "text": pa.string(),
            "id": pa.string(),
            "integer": pa.int64(),
            "decimal": pa.float64(),
            "number": pa.float64(),
            "boolean": pa.bool_(),
        }
        self._schema = pa.schema([pa.field(c.name, types[c.kind], nullable=c.empty) for c in dataset.columns])
        self._long = tuple(i for i, c in enumerate(dataset.columns) if c.long)
        self._decimals = {i for i, c in enumerate(dataset.columns) if c.kind == "decimal"}
        self._writer = pq.ParquetWriter(
            path, self._schema, compression="zstd", compression_level=3, version="2.6"
        )
        self._columns: list[list[Value]] = [[] for _ in dataset.columns]
        self._characters = 0

    def write(self, columns: Columns) -> None:
        for i, values in enumerate(columns):
            self._columns[i].extend(values)
        self._characters += sum(len(str(value)) for i in self._long for value in columns[i])
        if len(self._columns[0]) >= BATCH_ROWS or self._characters >= BATCH_CHARACTERS:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        import pyarrow as pa

        if not self._columns[0]:
            return
        arrays = []
        for i, (column, field) in enumerate(zip(self._columns, self._schema, strict=True)):
            values = [None if v is None else float(v) for v in column] if i in self._decimals else column
            arrays.append(pa.array(values, type=field.type))
            column.clear()
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema))
        self._characters = 0


WRITERS: tuple[type[Writer], ...] = (CsvWriter, ParquetWriter)


@contextmanager
def writing(datasets: Iterable[Dataset], folder: Path) -> Iterator[Callable[[str, Sequence[Row]], None]]:
    """New files for some datasets in every format: give it a dataset's name and its next lines."""
    with ExitStack() as stack:
        files = {
            d.name: [stack.enter_context(closing(w(d, folder / f"{d.name}{w.suffix}"))) for w in WRITERS]
            for d in datasets
        }

        def put(name: str, lines: Sequence[Row]) -> None:
            if lines:
                columns = list(zip(*(line.values() for line in lines), strict=True))
                for file in files[name]:
                    file.write(columns)

        yield put
