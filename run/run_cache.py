"""What runs into one folder have read, kept beside it: a run that was stopped goes on, and what is unchanged is not read again."""

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
from gongkai.run.result_store import Shards

# Results are made certain after so many files or seconds, whichever comes first: what a power
# cut costs is read again, and making certain costs some milliseconds.
BATCH_FILES = 200
BATCH_SECONDS = 2.0

# Files are looked up so many at a time.
WINDOW = 256

# Shards are written anew when less than this share of their bytes is still wanted.
WANTED_SHARE = 0.5

# The layout of the tables below; another one is begun afresh.
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
class Read:
    """What became of one file: what `shard.kept` gave. `budget` is set where more time or memory may change it."""

    packed: tuple[bytes, ...]
    sha256: str = ""
    signature: str = ""
    budget: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """What was read of one file. `shares_its_name`: another file, which stands beside it, has the same name (what is in an archive apart)."""

    _shards: Shards
    _place: tuple[int, int, list[int]]
    shares_its_name: bool

    def reports(self) -> Iterator[Report]:
        """Its Reports, one by one."""
        return self._shards.get(*self._place)

    def rendered(self) -> Iterator[Rendered]:
        """Its Reports as lines of the datasets."""
        return self._shards.rendered(*self._place)


class State:
    """Inputs and results by their number, on disk, so that memory does not grow with them.

    Results lie in shards; an SQLite file says where. A result is entered after its bytes are
    safe on disk, so a kill or a power cut at any moment costs the last few results at most.
    """

    def __init__(self, folder: Path, fingerprint: str, fresh: bool = False) -> None:
        self._folder, self._fingerprint, self._fresh = folder, fingerprint, fresh
        self._pending = 0
        self._certain = time.monotonic()

    def __enter__(self) -> State:
        self._open()
        ours = self.told("layout") == str(LAYOUT) and self.told("fingerprint") == self._fingerprint
        if self._fresh or not ours or not self._whole():
            self._begin()
        self._shards = Shards(self._folder)
        return self

    def _whole(self) -> bool:
        """Whether the shards are there and as long as they must be."""
        ends = self._db.execute("select shard, max(start + size) from result group by shard")
        paths = ((Shards.path(self._folder, shard), end) for shard, end in ends)
        return all(path.is_file() and path.stat().st_size >= end for path, end in paths)

    def _open(self) -> None:
        with _disk():
            self._db = sqlite3.connect(self._folder / "state.sqlite", isolation_level=None)
            self._db.execute("pragma journal_mode = wal")
            self._db.execute("pragma synchronous = full")
            self._db.execute("pragma cache_size = -2000")  # KiB; files are taken in order
            self._db.executescript(_TABLES)

    def _begin(self) -> None:
        """Forget everything: it was read by another program or with other options."""
        self._db.close()
        for path in (*self._folder.glob("*.shard"), *self._folder.glob("state.sqlite*")):
            path.unlink()
        self._open()
        self.tell("layout", str(LAYOUT))
        self.tell("fingerprint", self._fingerprint)

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        with suppress(OSError):  # a full disk: what is certain stays so
            self.settle()
        self._shards.close()
        self._db.close()

    # What is to be read ----------------------------------------------------------------------

    def plan(self, inputs: Iterable[Input]) -> int:
        """Take note of the files of this run; their number. They are numbered from 1 in the order of their names."""
        with _disk():
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
        """The files from this number on; and whether each was read as it is now, and need not be read again.

        A result that more time or memory may change counts for the same budget only. Files are
        looked at as they are taken.
        """
        while rows := self._db.execute(
            "select number, i.name, i.path, r.signature, r.sha256, r.budget "
            "from input i left join result r using (name, path) where number >= ? order by number limit ?",
            (first, WINDOW),
        ).fetchall():
            for number, name, path, *read in rows:
                input = Input(Path(os.fsdecode(path)), name)
                yield number, input, self._known(number, input.path, budget, *read)
            first = rows[-1][0] + 1

    def _known(self, number: int, path: Path, budget: str, then: str | None, sha256: str, needs: str) -> bool:
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

    def put(self, number: int, read: Read) -> None:
        """Keep what became of a file."""
        lengths = [len(data) for data in read.packed]
        self._change(
            "insert or replace into result "
            "select name, path, ?, ?, ?, ?, ?, ?, ? from input where number = ?",
            (
                read.signature,
                read.sha256,
                read.budget,
                *self._shards.put(read.packed),
                sum(lengths),
                " ".join(map(str, lengths)),
                number,
            ),
        )

    def _change(self, statement: str, values: tuple[str | int, ...]) -> None:
        with _disk():
            if not self._db.in_transaction:
                self._db.execute("begin")
            self._db.execute(statement, values)
        self._pending += 1
        if self._pending >= BATCH_FILES or time.monotonic() - self._certain > BATCH_SECONDS:
            self.settle()

    def settle(self) -> None:
        """Make certain what was put: first the bytes, then where they lie."""
        with _disk():
            self._shards.sync()
            if self._db.in_transaction:
                self._db.execute("commit")
        self._pending, self._certain = 0, time.monotonic()

    def kept(self, number: int) -> Kept:
        """What was read of a file."""
        rows = self._db.execute(
            "select number, name, shard, start, lengths from input left join result using (name, path) "
            "where number between ? and ?",
            (number - 1, number + 1),
        ).fetchall()
        names = [name.partition("!/")[0] for _, name, *_ in rows]
        _, name, shard, start, lengths = next(row for row in rows if row[0] == number)
        place = shard, start, [int(length) for length in lengths.split()]
        return Kept(self._shards, place, names.count(name.partition("!/")[0]) > 1)

    # Afterwards ------------------------------------------------------------------------------

    def tell(self, key: str, value: str) -> None:
        """Note something for later runs."""
        with _disk():
            self._db.execute("insert or replace into meta values (?, ?)", (key, value))

    def told(self, key: str) -> str | None:
        """What was noted; None where nothing was."""
        row = self._db.execute("select value from meta where key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def contents(self) -> str:
        """64 hex digits that stand for the files of this run and what was read in them."""
        digest = hashlib.sha256(self._fingerprint.encode())
        rows = self._db.execute(
            "select name, path, sha256, shard, start, lengths from input join result using (name, path) "
            "order by number"
        )
        for row in rows:
            digest.update(repr(row).encode())
        return digest.hexdigest()

    def tidy(self) -> None:
        """Forget files that this run was not given, and give back the disk that they took."""
        with _disk():
            self.settle()
            # "in", not "exists": that would go through all inputs for each result
            self._db.execute("delete from result where (name, path) not in (select name, path from input)")
            wanted = self._db.execute("select ifnull(sum(size), 0) from result").fetchone()[0]
            if wanted < WANTED_SHARE * self._shards.size():
                self._compact()

    def _compact(self) -> None:
        """Copy what is wanted to new shards. The old ones go once that is certain."""
        old, fresh = self._shards, Shards(self._folder, first=self._shards.next_number())
        self._db.execute("begin")
        # By number, a few at a time: a table must not change under the question that reads it.
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
        self._shards = fresh


@contextmanager
def _disk() -> Iterator[None]:
    """SQLite's complaints as those of the system, which they are: a full or a broken disk."""
    try:
        yield
    except sqlite3.OperationalError as error:
        full = "full" in str(error)
        raise OSError(
            errno.ENOSPC if full else errno.EIO, f"what was read cannot be kept: {error}"
        ) from error
