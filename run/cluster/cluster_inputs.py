"""What the user named, on any file system → the files to read in order, and shards of them."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gongkai.run.child.temporary_folder import TemporaryFolder
from gongkai.run.discover import FOREIGN, Input, find

# How many documents a shard has on average, and at the most: some ten seconds of reading each, so
# that a lost host costs little and a part is some hundred kilobytes.
SHARD = 256
LARGEST = 4 * SHARD


@dataclass(frozen=True, slots=True)
class Entry:
    """A file to read: where it is, its name in the datasets, its size, and what tells that it is the same."""

    url: str
    name: str
    size: int
    key: str


@dataclass(frozen=True, slots=True)
class Shard:
    """Files that are read together. `id` stands for all that decides what comes of them."""

    id: str
    entries: tuple[Entry, ...]


def is_url(named: str) -> bool:
    """Whether a name is one of another file system: `s3://bucket/folder`."""
    return "://" in named


def file_system(url: str) -> tuple[Any, str]:
    """The file system of an address or a path, and the path in it. Raises ImportError without the extra "cluster"."""
    from fsspec.core import url_to_fs  # type: ignore[import-untyped]  # only the extra "cluster" installs it

    fs, path = url_to_fs(url)
    return fs, path


def entries(named: Sequence[str], is_dataset: Callable[[Path], bool]) -> Iterator[Entry | None]:
    """Every file named, and every document in the folders named, in no order; None for each passed over.

    Raises FileNotFoundError where something named is not there.
    """
    for top in named:
        if is_url(top):
            yield from _remote(top)
        else:
            for input in find([Path(top)], is_dataset):
                yield _local(input.path, input.name) if isinstance(input, Input) else None


def _local(path: Path, name: str) -> Entry:
    try:
        found = path.stat()
    except OSError:
        return Entry(os.path.abspath(path), name, 0, "")
    return Entry(os.path.abspath(path), name, found.st_size, f"{found.st_mtime_ns}.{found.st_ino}")


def _remote(url: str) -> Iterator[Entry | None]:
    fs, top = file_system(url)
    if not fs.exists(top):
        raise FileNotFoundError(f"{url}: no such file or folder")
    if not fs.isdir(top):
        yield _entry(url, fs.info(top), top.rpartition("/")[2])
        return
    for folder, _, files in fs.walk(top, detail=True):
        inside = folder[len(top) :].strip("/")
        for name, info in files.items():
            path = f"{inside}/{name}" if inside else name
            # below the user's own address: it alone has the host and what else leads there
            yield _entry(f"{url.rstrip('/')}/{path}", info, path) if wanted(path) else None


def _entry(url: str, info: dict[str, Any], name: str) -> Entry:
    marks = [info.get(k) for k in ("ETag", "etag", "mtime", "LastModified", "modification_time", "created")]
    key = hashlib.sha256(repr((info["size"], [t for t in marks if t is not None])).encode()).hexdigest()
    return Entry(url, name, int(info["size"] or 0), key)


def wanted(path: str) -> bool:
    """Whether a file in a folder may be a document, by its path: the rules of `input.find`."""
    *folders, name = path.split("/")
    hidden = any(part.startswith(".") for part in (*folders, name)) or name.startswith("~$")
    return not hidden and os.path.splitext(name)[1].lower() not in FOREIGN


def shards(found: Iterable[Entry], salt: str) -> Iterator[Shard]:
    """Files in the order of their names, each once, cut into shards.

    Where a shard ends depends on the names alone: a file that comes or goes changes one shard, not
    all that follow. Files of one name are never parted. `salt` is what else decides what is read.
    Files wait on disk: memory does not grow with their number.
    """
    with TemporaryFolder() as folder:
        database = sqlite3.connect(folder / "manifest.sqlite")
        database.execute("create table entry (name text, url blob, size integer, key text)")
        rows = ((e.name, os.fsencode(e.url), e.size, e.key) for e in found)
        database.executemany("insert into entry values (?, ?, ?, ?)", rows)
        ordered = database.execute("select distinct name, url, size, key from entry order by name, url")
        waiting: list[Entry] = []
        for name, url, size, key in ordered:
            if waiting and waiting[-1].name.partition("!/")[0] != name.partition("!/")[0] and _full(waiting):
                yield _shard(waiting, salt)
                waiting = []
            waiting.append(Entry(os.fsdecode(url), name, size, key))
        if waiting:
            yield _shard(waiting, salt)
        database.close()


def _full(waiting: Sequence[Entry]) -> bool:
    last = hashlib.sha256(waiting[-1].name.encode()).digest()
    return len(waiting) >= LARGEST or int.from_bytes(last[:8], "big") % SHARD == 0


def _shard(waiting: Sequence[Entry], salt: str) -> Shard:
    digest = hashlib.sha256(salt.encode())
    for e in waiting:
        digest.update(repr((e.name, e.size, e.key)).encode())
    return Shard(digest.hexdigest()[:32], tuple(waiting))
