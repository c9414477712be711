"""A Panel → CSV, Parquet, DuckDB and SQLite: missing values are empty, and a table of reasons says why."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.csv  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from gongkai.model import guard
from gongkai.panel.missing import BLANK, NO_REPORT, NOT_IN_FORM, PRESENT, REASONS
from gongkai.panel.panel_table import Panel
from gongkai.panel.variables import Variable

#: lines of the panel that are turned into a batch at a time, and rows of a batch that are Python objects at a time
BATCH, ROWS = 5_000, 500
#: one thread: each has buffers of its own, and the panel is written in a second
DUCKDB: dict[str, str | bool | int | float | list[str]] = {"threads": 1}
_REASONS = pa.schema(
    [
        ("body_id", pa.string()),
        ("year", pa.int32()),
        ("variable", pa.string()),
        ("code", pa.string()),
        ("reason", pa.string()),
    ]
)


def read_lines(panel: Panel) -> pa.RecordBatchReader:
    """The panel batch by batch: text, nullable whole numbers, doubles; labels in the fields' metadata."""
    types = [_type(panel, v) for v in panel.variables]
    schema = pa.schema(
        [
            pa.field(v.name, t, metadata={"zh": v.zh, "en": v.en, "unit": v.unit})
            for v, t in zip(panel.variables, types, strict=True)
        ]
    )
    batches = (
        pa.record_batch(
            [_array(panel, v, t, part) for v, t in zip(panel.variables, types, strict=True)], schema=schema
        )
        for part in _parts(len(panel))
    )
    return pa.RecordBatchReader.from_batches(schema, batches)


def _parts(lines: int) -> Iterator[slice]:
    return (slice(start, min(start + BATCH, lines)) for start in range(0, lines, BATCH))


def _type(panel: Panel, v: Variable) -> pa.DataType:
    """Text, or 32 or 64 bits for a count; a double for a rate, and for a count that has fractions."""
    if v.content == "text":
        return pa.string()
    if v.content not in ("count", "code"):
        return pa.float64()
    column = panel.columns[v.name]
    if column.kept is None or column.kept.dtype == np.int32:
        return pa.int32()
    known = column.kept[column.codes == PRESENT]
    return pa.float64() if (known != np.floor(known)).any() else pa.int64()


def _array(panel: Panel, v: Variable, kind: pa.DataType, part: slice) -> pa.Array:
    if v.content == "text":
        return pa.array(panel.texts[v.name][part].tolist(), kind)
    values = panel.columns[v.name].values(part)
    gaps = np.isnan(values)
    if pa.types.is_integer(kind):
        return pa.array(np.where(gaps, 0, values).astype(np.int64), mask=gaps).cast(kind)
    return pa.array(values, kind, mask=gaps)


def read_reasons(panel: Panel) -> pa.RecordBatchReader:
    """Why values are missing: body_id, year, variable, code, word; a batch a variable.

    What the form lacks and lines without a report are not listed: `form_pa` to `form_st` and `present` say so.
    """
    return pa.RecordBatchReader.from_batches(_REASONS, _reasons(panel))


def _reasons(panel: Panel) -> Iterator[pa.RecordBatch]:
    bodies = pa.array(panel.texts["body_id"].tolist(), pa.string())
    years = pa.array(panel.numbers["year"].astype(np.int32))
    letters = pa.array(["", *(f".{r.letter}" for r in REASONS)])
    words = pa.array(["", *(r.word for r in REASONS)])
    not_listed = (PRESENT, NOT_IN_FORM.number, NO_REPORT.number)
    for v in panel.variables:
        if v.content == "text":
            continue
        codes = panel.columns[v.name].codes
        at = np.flatnonzero(~np.isin(codes, not_listed))
        found = pa.array(codes[at])
        names = pa.array([v.name]).take(pa.array(np.zeros(len(at), dtype=np.int32)))
        yield pa.record_batch(
            [
                bodies.take(pa.array(at)),
                years.take(pa.array(at)),
                names,
                letters.take(found),
                words.take(found),
            ],
            schema=_REASONS,
        )


def read_mask(panel: Panel) -> pa.RecordBatchReader:
    """One letter a cell of the panel, empty where the value is there; the 0 of a blank box is .f."""
    names = [v.name for v in panel.variables if v.content != "text" and v.name != "year"]
    schema = pa.schema(
        [("body_id", pa.string()), ("year", pa.int32()), *((name, pa.string()) for name in names)]
    )
    letters = pa.array(["", *(f".{r.letter}" for r in REASONS)])
    years = panel.numbers["year"].astype(np.int32)

    def batches() -> Iterator[pa.RecordBatch]:
        for part in _parts(len(panel)):
            arrays = [pa.array(panel.texts["body_id"][part].tolist(), pa.string()), pa.array(years[part])]
            for name in names:
                column = panel.columns[name]
                codes = np.where(column.flags(part), BLANK.number, column.codes[part])
                arrays.append(letters.take(pa.array(codes)))
            yield pa.record_batch(arrays, schema=schema)

    return pa.RecordBatchReader.from_batches(schema, batches())


def write_csv(table: pa.RecordBatchReader, path: Path) -> None:
    """A table as CSV in UTF-8 with a byte order mark, so that Excel opens it; no cell is taken for a formula."""
    options = pyarrow.csv.WriteOptions(include_header=True, quoting_style="needed")
    with path.open("wb") as file:
        file.write(b"\xef\xbb\xbf")
        with pyarrow.csv.CSVWriter(file, table.schema, write_options=options) as writer:
            for batch in table:
                writer.write_batch(_guard(batch))


def _guard(batch: pa.RecordBatch) -> pa.RecordBatch:
    arrays = [
        pa.array([None if t is None else guard(t) for t in column.to_pylist()], pa.string())
        if pa.types.is_string(column.type)
        else column
        for column in batch.columns
    ]
    return pa.record_batch(arrays, schema=batch.schema)


def write_parquet(table: pa.RecordBatchReader, path: Path) -> None:
    """A table as Parquet, compressed with Zstandard; batches that are small share a group of rows."""
    with pq.ParquetWriter(path, table.schema, compression="zstd") as writer:
        held: list[pa.RecordBatch] = []
        for batch in table:
            held.append(batch)
            if sum(len(b) for b in held) >= BATCH:
                writer.write_table(pa.Table.from_batches(held, table.schema))
                held = []
        if held:
            writer.write_table(pa.Table.from_batches(held, table.schema))


def write_duckdb(
    tables: dict[str, pa.RecordBatchReader], path: Path, keys: Mapping[str, Sequence[str]]
) -> None:
    """Tables as a DuckDB database, with keys and comments."""
    import duckdb  # the extra gongkai[stats]

    path.unlink(missing_ok=True)
    with duckdb.connect(str(path), config=DUCKDB) as connection:
        for name, table in tables.items():
            connection.register("given", table)
            connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM given')
            connection.unregister("given")
            if keys.get(name):
                columns = ", ".join(f'"{key}"' for key in keys[name])
                connection.execute(f'ALTER TABLE "{name}" ADD PRIMARY KEY ({columns})')
            for column, text in comments(table):
                quoted = text.replace("'", "''")
                connection.execute(f'COMMENT ON COLUMN "{name}"."{column}" IS \'{quoted}\'')


def comments(table: pa.RecordBatchReader) -> Iterator[tuple[str, str]]:
    """The columns that say what they are, with their label in both languages."""
    for field in table.schema:
        metadata = field.metadata or {}
        if b"zh" in metadata:
            yield field.name, f"{metadata[b'zh'].decode()} / {metadata[b'en'].decode()}"


def write_sqlite(
    tables: dict[str, pa.RecordBatchReader], path: Path, keys: Mapping[str, Sequence[str]]
) -> None:
    """Tables as a SQLite database with keys; labels of columns stand in the table `columns`."""
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    try:
        with connection:
            connection.execute("CREATE TABLE columns (table_name TEXT, column_name TEXT, comment TEXT)")
            for name, table in tables.items():
                create_table(connection, name, table.schema, table, keys.get(name, ()))
                connection.executemany(
                    "INSERT INTO columns VALUES (?, ?, ?)", [(name, c, text) for c, text in comments(table)]
                )
    finally:
        connection.close()


def create_table(
    connection: sqlite3.Connection, name: str, schema: pa.Schema, batches: Iterable[Any], key: Sequence[str]
) -> None:
    """A table of SQLite with all rows of some batches."""
    kinds = [
        f'"{f.name}" '
        + (
            "INTEGER"
            if pa.types.is_integer(f.type) or pa.types.is_boolean(f.type)
            else "REAL"
            if pa.types.is_floating(f.type)
            else "TEXT"
        )
        for f in schema
    ]
    primary = ", PRIMARY KEY ({})".format(", ".join(f'"{k}"' for k in key)) if key else ""
    connection.execute(f'CREATE TABLE "{name}" ({", ".join(kinds)}{primary})')
    marks = ", ".join("?" * len(schema))
    for batch in batches:
        for start in range(0, len(batch), ROWS):
            rows = zip(*(column.to_pylist() for column in batch.slice(start, ROWS).columns), strict=True)
            connection.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)
