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
from gongkai.panel.missing import BLANK, BY_NUMBER, NO_REPORT, NOT_IN_FORM, PRESENT
from gongkai.panel.panel_table import Panel
from gongkai.panel.variables import Variable

#: a column that holds larger whole numbers is of 64 bits
_MOST = 2**31 - 1


def arrow(panel: Panel) -> pa.Table:
    """The panel as an Arrow table: text, nullable whole numbers, doubles; labels in the fields' metadata."""
    arrays, fields = [], []
    for v in panel.variables:
        array = _array(panel, v)
        arrays.append(array)
        fields.append(pa.field(v.name, array.type, metadata={"zh": v.zh, "en": v.en, "unit": v.unit}))
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def _array(panel: Panel, v: Variable) -> pa.Array:
    if v.content == "text":
        return pa.array(panel.texts[v.name].tolist(), pa.string())
    values, gaps = panel.numbers[v.name], panel.codes[v.name] != PRESENT
    known = values[~gaps]
    if v.content in ("count", "code") and not (known != np.floor(known)).any():
        wide = len(known) and np.abs(known).max() > _MOST
        whole = np.where(gaps, 0, values).astype(np.int64)
        return pa.array(whole, pa.int64() if wide else pa.int32(), mask=gaps)
    return pa.array(values, pa.float64(), mask=gaps)


def reasons(panel: Panel) -> pa.Table:
    """Why values are missing: body_id, year, variable, code, word. What the form lacks and lines without a report
    are not listed: `form_pa` to `form_st` and `present` say so."""
    body, year, names, letters, words = [], [], [], [], []
    years = panel.numbers["year"]
    not_listed = (PRESENT, NOT_IN_FORM.number, NO_REPORT.number)
    for v in panel.variables:
        if v.content == "text":
            continue
        codes = panel.codes[v.name]
        for i in np.flatnonzero(~np.isin(codes, not_listed)).tolist():
            reason = BY_NUMBER[int(codes[i])]
            body.append(panel.texts["body_id"][i])
            year.append(int(years[i]))
            names.append(v.name)
            letters.append(f".{reason.letter}")
            words.append(reason.word)
    return pa.table(
        {
            "body_id": pa.array(body, pa.string()),
            "year": pa.array(year, pa.int32()),
            "variable": pa.array(names, pa.string()),
            "code": pa.array(letters, pa.string()),
            "reason": pa.array(words, pa.string()),
        }
    )


def mask(panel: Panel) -> pa.Table:
    """A table of the panel's shape: one letter a cell, empty where the value is there; the 0 of a blank box is .f."""
    letters = np.array(["", *(f".{BY_NUMBER[n].letter}" for n in range(1, len(BY_NUMBER) + 1))], dtype=object)
    columns: dict[str, Any] = {
        "body_id": pa.array(panel.texts["body_id"].tolist(), pa.string()),
        "year": pa.array(panel.numbers["year"].astype(np.int32)),
    }
    for v in panel.variables:
        if v.content != "text" and v.name != "year":
            told = letters[panel.codes[v.name]]
            if v.name in panel.blanks:
                told[panel.blanks[v.name]] = f".{BLANK.letter}"
            columns[v.name] = pa.array(told.tolist(), pa.string())
    return pa.table(columns)


def write_csv(table: pa.Table, path: Path) -> None:
    """A table as CSV in UTF-8 with a byte order mark, so that Excel opens it; no cell is taken for a formula."""
    safe = pa.table(
        {
            name: pa.array([None if t is None else guard(t) for t in column.to_pylist()], pa.string())
            if pa.types.is_string(column.type)
            else column
            for name, column in zip(table.column_names, table.columns, strict=True)
        }
    )
    with path.open("wb") as file:
        file.write(b"\xef\xbb\xbf")
        options = pyarrow.csv.WriteOptions(include_header=True, quoting_style="needed")
        pyarrow.csv.write_csv(safe, file, options)


def write_parquet(table: pa.Table, path: Path) -> None:
    """A table as Parquet, compressed with Zstandard."""
    pq.write_table(table, path, compression="zstd")


def write_duckdb(tables: dict[str, pa.Table], path: Path, keys: Mapping[str, Sequence[str]]) -> None:
    """Tables as a DuckDB database, with keys and comments."""
    import duckdb  # the extra gongkai[stats]

    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
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


def comments(table: pa.Table) -> Iterator[tuple[str, str]]:
    """The columns that say what they are, with their label in both languages."""
    for field in table.schema:
        metadata = field.metadata or {}
        if b"zh" in metadata:
            yield field.name, f"{metadata[b'zh'].decode()} / {metadata[b'en'].decode()}"


def write_sqlite(tables: dict[str, pa.Table], path: Path, keys: Mapping[str, Sequence[str]]) -> None:
    """Tables as a SQLite database with keys; labels of columns stand in the table `columns`."""
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    try:
        with connection:
            connection.execute("CREATE TABLE columns (table_name TEXT, column_name TEXT, comment TEXT)")
            for name, table in tables.items():
                create_table(connection, name, table.schema, table.to_batches(2_000), keys.get(name, ()))
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
        rows = zip(*(column.to_pylist() for column in batch.columns), strict=True)
        connection.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)
