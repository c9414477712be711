"""Filings on disk, read back body by body: memory does not grow with their number."""

from __future__ import annotations

import pickle
import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import fields
from itertools import groupby
from operator import attrgetter, itemgetter
from pathlib import Path
from types import TracebackType

from gongkai.model import Filing

#: The most reports of one fingerprint that are compared with each other: if there are more, it is a blank form.
MOST_TWINS = 50

_values = attrgetter(*(f.name for f in fields(Filing)))


class FilingStore:
    """A file of Filings in a temporary folder: written once, then read once or twice."""

    def __init__(self, folder: Path) -> None:
        self._file = sqlite3.connect(folder / "filings.sqlite")
        self._file.execute("pragma journal_mode = off")
        self._file.execute("pragma synchronous = off")
        self._file.execute("create table filing (n integer primary key, body, year, file, same, data blob)")

    def put(self, filing: Filing, fingerprint: str) -> None:
        """Store a Filing. Reports with the same numbers share a `fingerprint`; it is "" where there are too few numbers."""
        data = zlib.compress(pickle.dumps(_values(filing), pickle.HIGHEST_PROTOCOL), 1)
        row = (filing.body, filing.year, filing.source_file, fingerprint or None, data)
        self._file.execute("insert into filing (body, year, file, same, data) values (?, ?, ?, ?, ?)", row)

    def bodies(self) -> Iterator[list[Filing]]:
        """The Filings of each body, by year and file.

        Bodies of one name in different divisions are different bodies. Where the division of some
        reports is known and that of others is not, the others are a body of their own.
        """
        # By an index: a sort of its own would take all the data along, in memory or on disk.
        self._file.execute("create index if not exists own on filing (body, year, file, n)")
        rows = self._file.execute("select body, data from filing indexed by own order by body, year, file, n")
        for _, found in groupby(rows, itemgetter(0)):
            filings = [_filing(data) for _, data in found]
            divisions = sorted({f.division for f in filings})
            if len([d for d in divisions if d]) < 2:
                yield filings
            else:
                yield from ([f for f in filings if f.division == d] for d in divisions)

    def groups_alike(self) -> Iterator[list[Filing]]:
        """The Filings of several bodies that have one fingerprint, by body and year."""
        self._file.execute("create index if not exists same on filing (same)")
        groups = self._file.execute(
            "select same from filing where same is not null group by same "
            "having count(distinct body) > 1 order by min(body), min(year), same"
        )
        for (same,) in groups.fetchall():
            rows = self._file.execute(
                "select data from filing where same = ? order by body, year, file, n limit ?",
                (same, MOST_TWINS),
            )
            yield [_filing(data) for (data,) in rows]

    def __enter__(self) -> FilingStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def _filing(data: bytes) -> Filing:
    # the bytes come from this very run
    return Filing(*pickle.loads(zlib.decompress(data)))
