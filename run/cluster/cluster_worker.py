"""What one host of a cluster does: a shard → Parquet files and a note of what is in them, on the shared file system."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import platform
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from gongkai.correct import Replay
from gongkai.emit import Rendered, emit_parts, unpack_rendered
from gongkai.model import Report
from gongkai.pipeline import Options
from gongkai.run.child.temporary_folder import TemporaryFolder
from gongkai.run.cluster import cluster_corrections
from gongkai.run.cluster.cluster_inputs import Entry, Shard, file_system, is_url
from gongkai.run.corrections import replay as replaying
from gongkai.run.discover import Input
from gongkai.run.fingerprint import fingerprint
from gongkai.run.pool import Pool
from gongkai.run.results.result_store import unpack
from gongkai.run.worker import Budget

#: the folder of notes and of files that are not in their place yet, in the dataset folder
STATE = ".state"


# File systems on which others see a file while it is being written.
_GROWING = {"file", "hdfs", "arrow_hdfs", "webhdfs", "sftp", "ssh", "smb", "dbfs"}


class ClusterError(Exception):
    """Why a cluster cannot read what it was given, in one line."""


@dataclass(frozen=True, slots=True)
class Task:
    """A shard to read, and how. `aliases` is the content of the user's file of wordings, `corrections` and `marks`
    the addresses of what they say."""

    shard: Shard
    fingerprint: str
    options: Options
    aliases: bytes | None
    budget: Budget
    reader: str
    to: str
    by_year: bool
    corrections: str = ""
    marks: str = ""


def read(task: Task) -> dict[str, Any]:
    """Read a shard and write its files; the note of it, which is also written, last.

    The same shard gives the same bytes under the same names wherever and however often it is read.
    Raises ClusterError where this host has another gongkai, or other libraries, than the one that asks.
    """
    # A worker under Dask's nanny is marked as one that may have no children; ours are killed with it.
    multiprocessing.current_process().daemon = False
    with TemporaryFolder() as here:
        options = _options(task, here)
        if fingerprint(options) != task.fingerprint:
            raise ClusterError(
                f"{platform.node()}: gongkai or its libraries are not those of the host that asks; "
                "install the same versions on every host"
            )
        (here / "in").mkdir()
        results = _results(task, options, here / "in")
        lost = sum(lost for _, lost in results.values())
        failed = [task.shard.entries[n].name for n, (packed, _) in results.items() if _failed(packed)]
        sources = _sources(results)
        said = cluster_corrections.fetch(task.corrections, task.marks)
        replayed = cluster_corrections.digest(said, sources)
        replay = replaying(said)
        # other corrections are other files: one name never has two contents
        token = (
            hashlib.sha256(f"{task.shard.id} {replayed}".encode()).hexdigest() if replayed else task.shard.id
        )
        tally, files = emit_parts(
            _reports(task.shard, results, replay), here / "out", token[:16], by_year=task.by_year
        )
        note = {
            "files": len(task.shard.entries),
            "failed": failed,
            "budget": str(task.budget) if lost else "",
            "tally": asdict(tally),
            "sources": sources,
            "corrections": replayed,
            "replayed": asdict(replay.tally),
            "parts": [asdict(file) for file in files],
        }
        fs, top = file_system(task.to)
        for file in files:
            local = here / "out" / file.path.partition("/")[2]
            upload(fs, local.read_bytes(), f"{top}/{STATE}/{task.shard.id}/{file.path}")
        upload(fs, json.dumps(note).encode(), f"{top}/{STATE}/{task.shard.id}.json")
        return note


def upload(fs: Any, data: bytes, path: str) -> None:
    """Write a file that is either whole or not there."""
    fs.makedirs(path.rpartition("/")[0], exist_ok=True)
    spoken = {fs.protocol} if isinstance(fs.protocol, str) else set(fs.protocol)
    if not spoken & _GROWING:
        fs.pipe_file(path, data)  # an object appears when it is whole
        return
    partial = f"{path}.{platform.node()}.{os.getpid()}.partial"
    fs.pipe_file(partial, data)
    fs.mv(partial, path)


def _options(task: Task, here: Path) -> Options:
    """The options, with the user's wordings in a file of this host."""
    if task.aliases is None:
        return task.options
    path = here / "aliases.toml"
    path.write_bytes(task.aliases)
    return replace(task.options, aliases=path)


Results = dict[int, tuple[tuple[bytes, ...], bool]]


def _results(task: Task, options: Options, place: Path) -> Results:
    """What was read of each file, by its number in the shard, and whether its process was ended."""
    found: Results = {}

    def work() -> Iterator[tuple[int, Input]]:
        for number, entry in enumerate(task.shard.entries):
            path = place / str(number) / entry.url.rpartition("/")[2][-60:].lstrip(".")
            yield number, Input(_fetched(entry, path, options.limits.bytes), entry.name)

    with Pool(1, task.reader, options, task.budget, lambda: None) as pool:
        for result in pool.results(work()):
            found[result.number] = (result.packed, result.lost)
            shutil.rmtree(place / str(result.number), ignore_errors=True)
    return dict(sorted(found.items()))


def _fetched(entry: Entry, path: Path, most: int) -> Path:
    """A file as a local one. One that is too large comes as a hole of its size, which is refused unread."""
    if not is_url(entry.url):
        return Path(entry.url)
    fs, remote = file_system(entry.url)
    path.parent.mkdir()
    if entry.size > most:
        with path.open("wb") as file:
            file.truncate(entry.size)
        return path
    try:
        fs.get_file(remote, str(path))
    except FileNotFoundError:  # gone since it was listed: reading it says so
        path.unlink(missing_ok=True)
    return path


def _sources(results: Results) -> list[tuple[str, str]]:
    """The documents of a shard, each once."""
    rendered = (unpack_rendered(data) for packed, _ in results.values() for data in packed[1::2])
    return list(dict.fromkeys((one.path, one.sha256) for one in rendered))


def _reports(shard: Shard, results: Results, replay: Replay) -> Iterator[Report | Rendered]:
    """The reports in order, with what people said of them.

    Those of files of one name come whole, as they are told apart by their order, and those of a file that people said something of.
    """
    names = [entry.name.partition("!/")[0] for entry in shard.entries]
    for number, (packed, _) in results.items():
        beside = names[max(0, number - 1) : number + 2]
        rendered = [unpack_rendered(data) for data in packed[1::2]]
        if beside.count(names[number]) > 1 or any(replay.concerns(one.path, one.sha256) for one in rendered):
            yield from map(replay, map(unpack, packed[0::2]))
        else:
            yield from rendered


def _failed(packed: tuple[bytes, ...]) -> bool:
    return any(unpack_rendered(data).counts.failed for data in packed[1::2])
