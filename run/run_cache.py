"""The results of earlier runs into a folder: a stopped run goes on from there, and unchanged files are not read again."""

from __future__ import annotations

import errno
import hashlib
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from gongkai.emit import Rendered
from gongkai.model import Report
from gongkai.run.discover import Input, content, signature
from gongkai.run.result_store import ResultStore

# Results are committed after so many files or seconds, whichever comes first. A power cut loses what
# was not committed, which is then read again; a commit takes some milliseconds.
BATCH_FILES = 200
BATCH_SECONDS = 2.0

# Files are looked up so many at a time.
WINDOW = 256

# The shards are rewritten when less than this share of their bytes is still needed.
NEEDED_SHARE = 0.5

# The version of the tables below; a cache of another version is emptied.
LAYOUT = 2

_TABLES = """
create table if not exists meta (key text primary key, value text not null);
create table if not exists input (number integer primary key, name text not null, path blob not null);
create table if not exists result (
    name text not null, path blob not null, signature text not null, sha256 text not null,
    budget text not null, shard integer not null, start integer not null, size integer not null,
    lengths text not null, primary key (name, path)
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
    _place: tuple[int, int, list[int]]
    shares_its_name: bool

    def reports(self) -> Iterator[Report]:
        """Its Reports, one by one."""
        return self._store.get(*self._place)

    def rendered(self) -> Iterator[Rendered]:
        """Its Reports as lines of the datasets."""
        return self._store.rendered(*self._place)


class RunCache:
    """Inputs and results of a run on disk, by number, so that memory does not grow with them.

    Results lie in shards, and an SQLite file says where. A result is entered after its bytes are
    safe on disk: a kill or a power cut at any moment loses no more than the last few results.
    """

    def __init__(self, folder: Path, fingerprint: str, fresh: bool = False) -> None:
        self._folder, self._fingerprint, self._fresh = folder, fingerprint, fresh
        self._pending = 0
        self._committed_at = time.monotonic()

    def __enter__(self) -> RunCache:
        self._open()
        ours = self.noted("layout") == str(LAYOUT) and self.noted("fingerprint") == self._fingerprint
        if self._fresh or not ours or not self._is_whole():
            self._begin()
        self._store = ResultStore(self._folder)
        return self

    def _is_whole(self) -> bool:
        """Whether all shards exist and are long enough."""
        ends = self._db.execute("select shard, max(start + size) from result group by shard")
        paths = ((ResultStore.path(self._folder, shard), end) for shard, end in ends)
        return all(path.is_file() and path.stat().st_size >= end for path, end in paths)

    def _open(self) -> None:
        with _as_os_errors():
            self._db = sqlite3.connect(self._folder / "state.sqlite", isolation_level=None)
            self._db.execute("pragma journal_mode = wal")
            self._db.execute("pragma synchronous = full")
            self._db.execute("pragma cache_size = -2000")  # KiB; files are taken in order
            self._db.executescript(_TABLES)

    def _begin(self) -> None:
        """Empty the cache: another program filled it, or other options."""
        self._db.close()
        for path in (*self._folder.glob("*.shard"), *self._folder.glob("state.sqlite*")):
            path.unlink()
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
        while rows := self._db.execute(
            "select number, i.name, i.path, r.signature, r.sha256, r.budget "
            "from input i left join result r using (name, path) where number >= ? order by number limit ?",
            (first, WINDOW),
        ).fetchall():
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
            "select name, path, ?, ?, ?, ?, ?, ?, ? from input where number = ?",
            (
                read.signature,
                read.sha256,
                read.budget,
                *self._store.put(read.packed),
                sum(lengths),
                " ".join(map(str, lengths)),
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
        rows = self._db.execute(
            "select number, name, shard, start, lengths from input left join result using (name, path) "
            "where number between ? and ?",
            (number - 1, number + 1),
        ).fetchall()
        names = [name.partition("!/")[0] for _, name, *_ in rows]
        _, name, shard, start, lengths = next(row for row in rows if row[0] == number)
        place = shard, start, [int(length) for length in lengths.split()]
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
        for row in rows:
            digest.update(repr(row).encode())
        return digest.hexdigest()

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
        while rows := self._db.execute(
            "select number, shard, start, lengths from input join result using (name, path) "
            "where number > ? order by number limit 1000",
            (last,),
        ).fetchall():
            for number, shard, start, lengths in rows:
                packed = old.raw(shard, start, [int(n) for n in lengths.split()])
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


@contextmanager
def _as_os_errors() -> Iterator[None]:
    """Turn SQLite's errors into OSError: they mean that the disk is full or broken."""
    try:
        yield
    except sqlite3.OperationalError as error:
        full = "full" in str(error)
        raise OSError(
            errno.ENOSPC if full else errno.EIO, f"the results cannot be stored: {error}"
        ) from error
