"""The folder of a run's results: what is damaged in it, and how it is moved aside."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

#: what stays where it is: the lock is held while the rest is moved
LOCK = "lock"
#: SQLite's codes for a file that is damaged, is none of its own, has other tables, or is a folder
_DAMAGE = frozenset(
    {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CANTOPEN}
)


class Damaged(OSError):
    """The results of earlier runs cannot be used; the message says why."""


def is_damage(error: sqlite3.Error) -> bool:
    """Whether an error says that the file is damaged, and not that the disk is full or that it is locked."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:  # Python's own: a text that is no UTF-8
        return isinstance(error, sqlite3.OperationalError)
    return (code & 0xFF) in _DAMAGE  # the other bits say more than is needed here


def find_damage(database: sqlite3.Connection, schema: str) -> str:
    """What is wrong with a database; "" where it is sound.

    Raises sqlite3.DatabaseError where it lacks a table of the schema, or a column: another program's may have
    tables of these names.
    """
    with closing(sqlite3.connect(":memory:")) as fresh:
        fresh.executescript(schema)
        tables = fresh.execute("select name from sqlite_master where type = 'table'").fetchall()
        for (table,) in tables:
            columns = ", ".join(column for _, column, *_ in fresh.execute(f"pragma table_info({table})"))
            database.execute(f"select {columns} from {table} limit 0")
    found = database.execute("pragma quick_check(1)").fetchone()
    return "" if found == ("ok",) else " ".join(str(found[0]).split())[:200]


def find_stray(folder: Path) -> str:
    """What has the name of one of our files and is none; "" where there is no such thing."""
    for path in sorted(folder.glob("*.shard")):
        if not path.is_file() or path.is_symlink() or not path.stem.isascii() or not path.stem.isdigit():
            return f"{path.name} is none of its files"
    return ""


def move_aside(folder: Path) -> Path:
    """Move what is in a folder to one beside it, in place of what was moved there before. The lock stays."""
    aside = folder.with_name(f"{folder.name}.damaged")
    remove(aside)
    aside.mkdir()
    for path in sorted(folder.iterdir()):
        if path.name != LOCK:
            path.rename(aside / path.name)
    return aside


def clear(folder: Path) -> None:
    """Remove the results from a folder, without looking into them."""
    for path in (*folder.glob("*.shard"), *folder.glob("state.sqlite*")):
        remove(path)


def remove(path: Path) -> None:
    """Remove a file, a link or a folder, if there is one."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
