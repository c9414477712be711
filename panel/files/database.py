"""Datasets and the panel → a DuckDB or SQLite database with keys, views and comments."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq  # type: ignore[import-untyped]

from gongkai.panel.files.tables import DUCKDB, comments, create_table

#: keys of the panel's tables
_KEYS = {"panel_lines": ("body_id", "year"), "panel_missing": ("body_id", "year", "variable")}
#: view → what it selects, and what it is
VIEWS: Mapping[str, tuple[str, str]] = {
    "panel": ("SELECT * FROM panel_lines", "一个机关一年一行 / one line a body and year"),
    "latest": (
        "SELECT * FROM panel_lines AS p WHERE present = 1 AND year = "
        "(SELECT max(q.year) FROM panel_lines AS q WHERE q.body_id = p.body_id AND q.present = 1)",
        "每个机关最近一年的报告 / the latest report of each body",
    ),
    "failing": (
        "SELECT r.org, r.year, r.body_id, c.* FROM checks AS c JOIN reports AS r ON r.report_id = c.report_id "
        "WHERE c.outcome = 'fail'",
        "不成立的核对及其机关、年度 / checks that fail, with body and year",
    ),
}


@dataclass(frozen=True, slots=True)
class Contents:
    """A dataset to put into a database: its Parquet file, key, and what it and its columns are."""

    name: str
    path: Path
    key: tuple[str, ...]
    zh: str
    en: str
    columns: Mapping[str, str]


def write_duckdb(contents: Sequence[Contents], panel: Mapping[str, Any], path: Path) -> None:
    """Every dataset as a table, the panel, and the views. `panel` are readers of its tables by name."""
    import duckdb  # the extra "stats" installs it

    path.unlink(missing_ok=True)
    with duckdb.connect(str(path), config=DUCKDB) as connection:
        for c in contents:
            file = str(c.path).replace("'", "''")
            connection.execute(f"CREATE TABLE \"{c.name}\" AS SELECT * FROM read_parquet('{file}')")
            if c.key:
                connection.execute(f'ALTER TABLE "{c.name}" ADD PRIMARY KEY ({_quote(c.key)})')
            _comment(connection, "TABLE", f'"{c.name}"', f"{c.zh} / {c.en}")
            for column, text in c.columns.items():
                _comment(connection, "COLUMN", f'"{c.name}"."{column}"', text)
        for name, table in panel.items():
            connection.register("given", table)
            connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM given')
            connection.unregister("given")
            connection.execute(f'ALTER TABLE "{name}" ADD PRIMARY KEY ({_quote(_KEYS[name])})')
            for column, text in comments(table):
                _comment(connection, "COLUMN", f'"{name}"."{column}"', text)
        for view, (query, text) in VIEWS.items():
            connection.execute(f'CREATE VIEW "{view}" AS {query}')
            _comment(connection, "VIEW", f'"{view}"', text)


def _quote(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _comment(connection: Any, kind: str, what: str, text: str) -> None:
    quoted = text.replace("'", "''")
    connection.execute(f"COMMENT ON {kind} {what} IS '{quoted}'")


def write_sqlite(contents: Sequence[Contents], panel: Mapping[str, Any], path: Path) -> None:
    """The same as SQLite, which has no comments: they stand in the tables `tables` and `columns`."""
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    try:
        with connection:
            connection.execute("CREATE TABLE tables (table_name TEXT PRIMARY KEY, comment TEXT)")
            connection.execute("CREATE TABLE columns (table_name TEXT, column_name TEXT, comment TEXT)")
            for c in contents:
                file = pq.ParquetFile(c.path)
                create_table(connection, c.name, file.schema_arrow, file.iter_batches(2_000), c.key)
                if "report_id" in c.columns and c.key != ("report_id",):
                    connection.execute(f'CREATE INDEX "{c.name}_report" ON "{c.name}" (report_id)')
                _describe(connection, c.name, f"{c.zh} / {c.en}", c.columns)
            for name, table in panel.items():
                create_table(connection, name, table.schema, table, _KEYS[name])
                _describe(connection, name, "", dict(comments(table)))
            for view, (query, text) in VIEWS.items():
                connection.execute(f'CREATE VIEW "{view}" AS {query}')
                _describe(connection, view, text, {})
    finally:
        connection.close()


def _describe(connection: sqlite3.Connection, name: str, text: str, columns: Mapping[str, str]) -> None:
    connection.execute("INSERT INTO tables VALUES (?, ?)", (name, text))
    connection.executemany(
        "INSERT INTO columns VALUES (?, ?, ?)", [(name, column, told) for column, told in columns.items()]
    )
