"""The results of earlier runs into a folder: a stopped run goes on from there, and unchanged files are not read again."""

from __future__ import annotations

import errno
import hashlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from gongkai.emit import Rendered
from gongkai.model import Report
from gongkai.record import dataclass
from gongkai.run.discover import Input, content, signature
from gongkai.run.results import state_folder
from gongkai.run.results.result_store import ResultStore, Stored, checksum
from gongkai.run.results.state_folder import Damaged

# Results are committed after so many files or seconds, whichever comes first. A power cut loses what
# was not committed, which is then read again; a commit takes some milliseconds.
BATCH_FILES = 200
BATCH_SECONDS = 2.0

# Files are looked up so many at a time.
WINDOW = 256

# The shards are rewritten when less than this share of their bytes is still needed.
NEEDED_SHARE = 0.5

# The version of the tables below; a cache of another version is emptied.
LAYOUT = 3

_TABLES = """
create table if not exists meta (key text primary key, value text not null);
create table if not exists input (number integer primary key, name text not null, path blob not null);
create table if not exists result (
    name text not null, path blob not null, signature text not null, sha256 text not null,
    budget text not null, shard integer not null, start integer not null, size integer not null,
    lengths text not null, checksum text not null, primary key (name, path)
) without rowid;
"""


@dataclass(frozen=True, slots=True)
class FileResult:
    """The result of one file, as `result_store.pack_reports` packed it. `budget` is set if more time or memory may change it."""

    packed: tuple[bytes, ...]
    sha256: str = ""
    signature: str = ""
    budget: str = ""


@dataclass(frozen=True, slots=True)
class CachedResult:
    """The result of one file. `shares_its_name`: a neighbouring file has the same name, not counting members of archives."""

    _store: ResultStore
    _place: Stored
    shares_its_name: bool

    def reports(self) -> Iterator[Report]:
        """Its Reports, one by one."""
        return self._store.get(self._place)

    def rendered(self) -> Iterator[Rendered]:
        """Its Reports as lines of the datasets."""
        return self._store.rendered(self._place)


class RunCache:
    """Inputs and results of a run on disk, by number, so that memory does not grow with them.

    Results lie in shards, and an SQLite file says where. A result is entered after its bytes are
    safe on disk: a kill or a power cut at any moment loses no more than the last few results.
    """

    def __init__(
        self,
        folder: Path,
        fingerprint: str,
        fresh: bool = False,
        damage: str = "",
        tell: Callable[[str], None] | None = None,
    ) -> None:
        """`fresh` begins without looking at what is there, `damage` says why it cannot be used; `tell` gets a line about it."""
        self._folder, self._fingerprint, self._fresh = folder, fingerprint, fresh
        self._damage, self._tell = damage, tell
        self._pending = 0
        self._committed_at = time.monotonic()

    def __enter__(self) -> RunCache:
        usable = not self._fresh and not self._damage and self._reopen()
        if self._damage:
            aside = state_folder.move_aside(self._folder)
            if self._tell is not None:
                self._tell(
                    f"the results of earlier runs are damaged ({self._damage}); "
                    f"they were moved to {aside}, and every file is read again"
                )
        if not usable:
            self._begin()
        self._store = ResultStore(self._folder)
        return self

    def _reopen(self) -> bool:
        """Open what an earlier run left; whether it can be used. Sets the damage where there is any."""
        try:
            self._open()
        except sqlite3.DatabaseError as error:
            self._damage = _describe_damage(error)
            return False
        try:
            if self.noted("layout") == str(LAYOUT) and self.noted("fingerprint") == self._fingerprint:
                self._damage = self._find_damage()
                if not self._damage:
                    return True
        except sqlite3.DatabaseError as error:
            self._damage = _describe_damage(error)
        self._db.close()
        return False

    def _find_damage(self) -> str:
        wrong = state_folder.find_damage(self._db, _TABLES)
        return wrong or state_folder.find_stray(self._folder) or self._find_gap()

    def _find_gap(self) -> str:
        """A shard that is missing or too short; "" where all are there."""
        ends = self._db.execute("select shard, max(start + size) from result group by shard")
        for shard, end in ends:
            if not isinstance(shard, int) or not isinstance(end, int):
                return "a place of a result is none"
            path = ResultStore.path(self._folder, shard)
            if not path.is_file() or path.stat().st_size < end:
                return f"{path.name} is missing or too short"
        return ""

    def _open(self) -> None:
        database = sqlite3.connect(self._folder / "state.sqlite", isolation_level=None)
        try:
            database.execute("pragma journal_mode = wal")
            database.execute("pragma synchronous = full")
            database.execute("pragma cache_size = -2000")  # KiB; files are taken in order
            database.executescript(_TABLES)
        except sqlite3.DatabaseError:
            database.close()
            raise
        self._db = database

    def _begin(self) -> None:
        """Begin afresh: another program filled the cache, or with other options, or it is not wanted or damaged."""
        state_folder.clear(self._folder)
        with _as_os_errors():
            self._open()
        self.note("layout", str(LAYOUT))
        self.note("fingerprint", self._fingerprint)

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        with suppress(OSError):  # a full disk: what was committed stays
            self.commit()
        self._store.close()
        self._db.close()

    # What is to be read ----------------------------------------------------------------------

    def plan(self, inputs: Iterable[Input]) -> int:
        """Enter the files of this run, numbered from 1 in the order of their names; returns how many there are."""
        with _as_os_errors():
            self._db.execute("begin")
            self._db.execute("delete from input")
            self._db.execute("create temp table given (name text, path blob)")
            rows = ((i.name, os.fsencode(i.path)) for i in inputs)
            self._db.executemany("insert into given values (?, ?)", rows)
            self._db.execute(
                "insert into input (name, path) select name, path from given group by name, path order by name, min(rowid)"
            )
            self._db.execute("drop table given")
            self._db.execute("commit")
            return int(self._db.execute("select count(*) from input").fetchone()[0])

    def inputs(self, first: int, budget: str) -> Iterator[tuple[int, Input, bool]]:
        """The files from this number on, and whether the result of each is current, so that it need not be read again.

        A result that more time or memory may change is current for the same budget only. Each file is
        examined when it is taken.
        """
        while rows := self._rows(
            "select number, i.name, i.path, r.signature, r.sha256, r.budget "
            "from input i left join result r using (name, path) where number >= ? order by number limit ?",
            (first, WINDOW),
        ):
            for number, name, path, *read in rows:
                input = Input(Path(os.fsdecode(path)), name)
                yield number, input, self._is_current(number, input.path, budget, *read)
            first = rows[-1][0] + 1

    def _is_current(
        self, number: int, path: Path, budget: str, then: str | None, sha256: str, needs: str
    ) -> bool:
        if then is None or needs not in ("", budget):
            return False
        now = signature(path)
        if not (now and now == then):
            if not sha256 or content(path) != sha256:
                return False
            self._change(
                "update result set signature = ? where (name, path) = "
                "(select name, path from input where number = ?)",
                (now, number),
            )
        return True

    # Results ---------------------------------------------------------------------------------

    def put(self, number: int, read: FileResult) -> None:
        """Store the result of a file."""
        lengths = [len(data) for data in read.packed]
        self._change(
            "insert or replace into result "
            "select name, path, ?, ?, ?, ?, ?, ?, ?, ? from input where number = ?",
            (
                read.signature,
                read.sha256,
                read.budget,
                *self._store.put(read.packed),
                sum(lengths),
                " ".join(map(str, lengths)),
                checksum(read.packed),
                number,
            ),
        )

    def _change(self, statement: str, values: tuple[str | int, ...]) -> None:
        with _as_os_errors():
            if not self._db.in_transaction:
                self._db.execute("begin")
            self._db.execute(statement, values)
        self._pending += 1
        if self._pending >= BATCH_FILES or time.monotonic() - self._committed_at > BATCH_SECONDS:
            self.commit()

    def commit(self) -> None:
        """Make sure that the results are on disk: first their bytes, then where they lie."""
        with _as_os_errors():
            self._store.sync()
            if self._db.in_transaction:
                self._db.execute("commit")
        self._pending, self._committed_at = 0, time.monotonic()

    def result(self, number: int) -> CachedResult:
        """The stored result of a file."""
        rows = self._rows(
            "select number, name, shard, start, lengths, checksum "
            "from input left join result using (name, path) where number between ? and ?",
            (number - 1, number + 1),
        )
        names = [name.partition("!/")[0] for _, name, *_ in rows]
        _, name, *stored = next(row for row in rows if row[0] == number)
        place = _place(*stored)
        return CachedResult(self._store, place, names.count(name.partition("!/")[0]) > 1)

    # Afterwards ------------------------------------------------------------------------------

    def note(self, key: str, value: str) -> None:
        """Note something for later runs."""
        with _as_os_errors():
            self._db.execute("insert or replace into meta values (?, ?)", (key, value))

    def noted(self, key: str) -> str | None:
        """What an earlier run noted, None if nothing."""
        row = self._db.execute("select value from meta where key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def contents(self) -> str:
        """64 hex digits that change with the files of this run or with their results."""
        digest = hashlib.sha256(self._fingerprint.encode())
        rows = self._db.execute(
            "select name, path, sha256, shard, start, lengths from input join result using (name, path) "
            "order by number"
        )
        with _as_os_errors():
            for row in rows:
                digest.update(repr(row).encode())
        return digest.hexdigest()

    def _rows(self, query: str, values: tuple[int, ...]) -> list[tuple[Any, ...]]:
        """The lines of a query. Raises Damaged where the database is."""
        with _as_os_errors():
            return self._db.execute(query, values).fetchall()

    def prune(self) -> None:
        """Delete the results of files that are not in this run, and free their disk space."""
        with _as_os_errors():
            self.commit()
            # "in", not "exists": that would go through all inputs for each result
            self._db.execute("delete from result where (name, path) not in (select name, path from input)")
            needed = self._db.execute("select ifnull(sum(size), 0) from result").fetchone()[0]
            if needed < NEEDED_SHARE * self._store.size():
                self._compact()

    def _compact(self) -> None:
        """Copy what is needed to new shards, and delete the old ones when that is committed."""
        old, fresh = self._store, ResultStore(self._folder, first=self._store.next_number())
        self._db.execute("begin")
        # By number, some at a time: a table must not change while a query reads it.
        last = 0
        while rows := self._rows(
            "select number, shard, start, lengths, checksum from input join result using (name, path) "
            "where number > ? order by number limit 1000",
            (last,),
        ):
            for number, *stored in rows:
                packed = old.raw(*_place(*stored))
                self._db.execute(
                    "update result set shard = ?, start = ? where (name, path) = "
                    "(select name, path from input where number = ?)",
                    (*fresh.put(packed), number),
                )
            last = rows[-1][0]
        fresh.sync()
        self._db.execute("commit")
        old.remove()
        self._store = fresh


def _describe_damage(error: sqlite3.DatabaseError) -> str:
    """What is damaged. Raises OSError where the disk is full, or the like."""
    if not state_folder.is_damage(error):
        raise OSError(errno.EIO, f"the results cannot be stored: {error}") from error
    return str(error)


def _place(shard: object, start: object, lengths: object, checksum: object) -> Stored:
    """Where a result lies. Raises Damaged where its line in the database says nothing of the kind."""
    if not (isinstance(shard, int) and isinstance(start, int) and start >= 0):
        raise Damaged("a place of a result is none")
    numbers = lengths.split() if isinstance(lengths, str) else []
    if not numbers or not all(n.isascii() and n.isdigit() for n in numbers) or not isinstance(checksum, str):
        raise Damaged("the lengths of a result are none")
    return shard, start, [int(n) for n in numbers], checksum


@contextmanager
def _as_os_errors() -> Iterator[None]:
    """Turn SQLite's errors into OSError: they mean that the disk is full or broken."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if state_folder.is_damage(error):
            raise Damaged(str(error)) from error
        full = "full" in str(error)
        raise OSError(
            errno.ENOSPC if full else errno.EIO, f"the results cannot be stored: {error}"
        ) from error
