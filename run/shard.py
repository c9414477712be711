"""Reports to bytes and back, and the files that hold them until all are read."""

from __future__ import annotations

import copyreg
import io
import pickle
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import fields
from decimal import Decimal
from operator import attrgetter
from pathlib import Path
from types import TracebackType
from typing import Any

from model import (
    Body,
    Cell,
    Check,
    Division,
    Fact,
    Field,
    Finding,
    Label,
    Match,
    Mention,
    Place,
    Report,
    Section,
    Source,
)

_CLASSES = (
    Body,
    Cell,
    Check,
    Division,
    Fact,
    Field,
    Finding,
    Label,
    Match,
    Mention,
    Place,
    Report,
    Section,
    Source,
)

# A shard is closed at this size: small enough to copy about, large enough to be few.
SHARD_BYTES = 256 * 1024 * 1024


def _reducers() -> dict[type, Any]:
    """How to pickle each class: as a call with its fields, a third of the time that slots take otherwise."""
    table: dict[type, Any] = dict(copyreg.dispatch_table)
    for cls in _CLASSES:
        values = attrgetter(*(f.name for f in fields(cls)))
        table[cls] = lambda o, cls=cls, values=values: (cls, values(o))
    return table


_REDUCERS = _reducers()
_KNOWN: dict[tuple[str, str], type] = {(c.__module__, c.__name__): c for c in (*_CLASSES, Decimal)}
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


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> type:
        if (module, name) not in _KNOWN:
            raise pickle.UnpicklingError(f"{module}.{name} is not of the vocabulary")
        return _KNOWN[module, name]


class Shards:
    """Packed Reports on disk by key, so that memory does not grow with their number.

    What stays in memory is where each one lies. A later run that takes up where this one
    stopped needs no more than these files and a list of (sha256, key).
    """

    def __init__(self, folder: Path, shard_bytes: int = SHARD_BYTES) -> None:
        self._folder, self._shard_bytes = folder, shard_bytes
        self._where: dict[int, tuple[int, int, tuple[int, ...]]] = {}
        self._files = [self._open(0)]

    def __enter__(self) -> Shards:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        for file in self._files:
            file.close()

    def __contains__(self, key: int) -> bool:
        return key in self._where

    def put(self, key: int, packed: Sequence[bytes]) -> None:
        """Keep the packed Reports of one file."""
        if self._files[-1].seek(0, io.SEEK_END) >= self._shard_bytes:
            self._files.append(self._open(len(self._files)))
        file = self._files[-1]
        start = file.seek(0, io.SEEK_END)
        for data in packed:
            file.write(data)
        self._where[key] = (len(self._files) - 1, start, tuple(len(data) for data in packed))

    def get(self, key: int) -> Iterator[Report]:
        """The Reports of one file, one by one."""
        shard, start, lengths = self._where[key]
        for length in lengths:
            self._files[shard].seek(start)
            yield unpack(self._files[shard].read(length))
            start += length

    def _open(self, number: int) -> io.BufferedRandom:
        return (self._folder / f"{number:05d}.shard").open("w+b")
