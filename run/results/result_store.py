"""Reports and their rendered lines as bytes, and the files that store them until all documents are read."""

from __future__ import annotations

import copyreg
import hashlib
import io
import os
import pickle
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from decimal import Decimal
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeVar

from gongkai.emit import Ids, Rendered, pack_rendered, render, unpack_rendered
from gongkai.model import (
    Body,
    Cell,
    Check,
    Division,
    Evidence,
    Fact,
    Field,
    Finding,
    Label,
    Match,
    Mention,
    Place,
    Proposal,
    Report,
    Section,
    Source,
)
from gongkai.run.results.state_folder import Damaged

_CLASSES = (
    Body,
    Cell,
    Check,
    Division,
    Evidence,
    Fact,
    Field,
    Finding,
    Label,
    Match,
    Mention,
    Place,
    Proposal,
    Report,
    Section,
    Source,
)

_T = TypeVar("_T")

# A shard is closed at this size: small enough to copy about, large enough to be few.
SHARD_BYTES = 256 * 1024 * 1024


def _reducers() -> dict[type, Any]:
    """How to pickle each class: as a call with its fields, a third of the time that slots take otherwise."""
    table: dict[type, Any] = dict(copyreg.dispatch_table)
    for cls in _CLASSES:
        values = attrgetter(*(f.name for f in fields(cls) if f.init))
        call = _finding if cls is Finding else cls
        table[cls] = lambda o, call=call, values=values: (call, values(o))
    return table


def _finding(*values: Any) -> Finding:
    """A Finding from its fields in order, because a pickled call has no keywords."""
    return _by_name(Finding, values)


def _by_name(cls: Callable[..., _T], values: Iterable[Any]) -> _T:
    names = (f.name for f in fields(cls))  # type: ignore[arg-type]
    return cls(**dict(zip(names, values, strict=True)))


_REDUCERS = _reducers()
_KNOWN: dict[tuple[str, str], Callable[..., Any]] = {
    (c.__module__, c.__name__): c for c in (*_CLASSES, Decimal, _finding)
}
_values = attrgetter(*(f.name for f in fields(Report)))


def pack(report: Report) -> bytes:
    """A Report as bytes. A subclass is packed as the Report that it is."""
    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = _REDUCERS
    pickler.dump(Report(*_values(report)))
    return zlib.compress(buffer.getvalue(), 1)


def unpack(data: bytes) -> Report:
    """The Report that `pack` was given.

    Nothing but the vocabulary is ever built, whatever the bytes say: they come from a process
    that read a stranger's file. Raises pickle.UnpicklingError otherwise.
    """
    report = _Unpickler(io.BytesIO(zlib.decompress(data))).load()
    if type(report) is not Report:
        raise pickle.UnpicklingError(f"a {type(report).__name__} where a Report is due")
    return report


def pack_reports(reports: Iterable[Report]) -> Iterator[bytes]:
    """Pack the Reports of one file for the store: each one, and then its lines of the datasets."""
    ids = Ids()
    for report in reports:
        yield pack(report)
        yield pack_rendered(render(report, ids))


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Callable[..., Any]:
        if (module, name) not in _KNOWN:
            raise pickle.UnpicklingError(f"{module}.{name} is not of the vocabulary")
        return _KNOWN[module, name]


#: where the packed reports of a file lie: their shard, where they start in it, their lengths, their checksum
Stored = tuple[int, int, Sequence[int], str]


def checksum(packed: Iterable[bytes]) -> str:
    """32 hex digits that change with any byte of the packed reports."""
    digest = hashlib.blake2b(digest_size=16)
    for data in packed:
        digest.update(data)
    return digest.hexdigest()


class ResultStore:
    """Packed reports on disk, so that memory does not grow with their number.

    They lie in numbered files ("shards") in `folder`, filled one after the other; the caller remembers
    where each result lies. Existing shards are continued.
    """

    def __init__(self, folder: Path, shard_bytes: int = SHARD_BYTES, first: int = 0) -> None:
        self._folder, self._shard_bytes = folder, shard_bytes
        existing = [n for n in (int(p.stem) for p in folder.glob("*.shard")) if n >= first]
        self._files = {number: self._open(number) for number in sorted(existing) or [first]}
        self._last = max(self._files)

    def put(self, packed: Sequence[bytes]) -> tuple[int, int]:
        """Store the packed reports of one file; returns their shard and where they start in it."""
        file = self._files[self._last]
        start = file.seek(0, io.SEEK_END)
        if start >= self._shard_bytes:
            self.sync()
            self._last += 1
            file = self._files[self._last] = self._open(self._last)
            start = 0
        for data in packed:
            file.write(data)
        return self._last, start

    def raw(self, shard: int, start: int, lengths: Sequence[int], mark: str) -> list[bytes]:
        """The packed reports of one file, whose `checksum` is `mark`. Raises Damaged."""
        file = self._files.get(shard)
        if file is None:
            raise Damaged(f"{shard:05d}.shard is gone")
        file.seek(start)
        found = [file.read(length) for length in lengths]
        if [len(data) for data in found] != list(lengths):
            raise Damaged(f"{shard:05d}.shard is too short")
        if checksum(found) != mark:
            raise Damaged(f"{shard:05d}.shard is damaged at byte {start}")
        return found

    def get(self, place: Stored) -> Iterator[Report]:
        """The Reports of one file, one by one. Raises Damaged."""
        yield from self._each(place, 0, unpack)

    def rendered(self, place: Stored) -> Iterator[Rendered]:
        """The rendered lines of each Report of one file. Raises Damaged."""
        yield from self._each(place, 1, unpack_rendered)

    def _each(self, place: Stored, which: int, unpacked: Callable[[bytes], _T]) -> Iterator[_T]:
        shard = place[0]
        for data in self.raw(*place)[which::2]:
            try:
                yield unpacked(data)
            except (zlib.error, pickle.UnpicklingError) as error:
                raise Damaged(f"{shard:05d}.shard is damaged") from error

    def sync(self) -> None:
        """Wait until everything is on disk."""
        file = self._files[self._last]
        file.flush()
        os.fsync(file.fileno())

    def size(self) -> int:
        """Bytes in all shards."""
        return sum(file.seek(0, io.SEEK_END) for file in self._files.values())

    def next_number(self) -> int:
        """A number that no shard has."""
        return self._last + 1

    def remove(self) -> None:
        """Delete every shard."""
        self.close()
        for number in self._files:
            self.path(self._folder, number).unlink()

    def close(self) -> None:
        """Close the files."""
        for file in self._files.values():
            file.close()

    @staticmethod
    def path(folder: Path, number: int) -> Path:
        """Where a shard lies."""
        return folder / f"{number:05d}.shard"

    def _open(self, number: int) -> io.BufferedRandom:
        path = self.path(self._folder, number)
        return path.open("r+b" if path.exists() else "w+b")
