"""Many documents → datasets in parts, read by the hosts of a Dask cluster."""

from __future__ import annotations

import hashlib
import json
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from gongkai import emit
from gongkai.emit import FOLDERS, DatasetCounts, PartFile
from gongkai.emit.schema import datasets
from gongkai.model import PEOPLES_FILES, Correction, Template
from gongkai.pipeline import Options
from gongkai.run.cluster import cluster_corrections
from gongkai.run.cluster.cluster_inputs import Shard, entries, file_system, is_url, shards
from gongkai.run.cluster.cluster_worker import STATE, ClusterError, Task, read, upload
from gongkai.run.fingerprint import fingerprint
from gongkai.run.run_metadata import facts
from gongkai.run.schedule import Progress
from gongkai.run.worker import Budget

# ResultStore in the scheduler's hands at a time, for each thread of the cluster: one to read, one to go on with.
AHEAD = 2

# Files that are put in their place at a time: each waits for the file system, not for us.
HANDS = 16

# In the folder of the state: what is deleted below `to` was written by a run of ours.
MARKER = "gongkai"

# The files that a run of ours writes in parts: those of a shard, its note, and what a lost host left half written.
_OURS = re.compile(
    rf"""
    (?: {re.escape(STATE)}/ (?: [0-9a-f]{{16,64}} (?:/ (?=.) | \.json) | (?:corrections|marks)-[0-9a-f]{{16}}\.csv ) )?
    (?: (?:{"|".join(FOLDERS.values())}) / \w+ / (?:year=\w+/)? part-[0-9a-f]{{16}} [\w.-]* \.parquet )?
    (?: \. [\w.-]+ \. \d+ \.partial )?
    """,
    re.VERBOSE,
)

# What a cluster that cannot be reached is given.
CONNECT_SECONDS = 30

Note = dict[str, Any]
# What a note has besides its parts and its tally; one of an earlier version lacks some of it.
_NOTED = {"files", "failed", "budget", "sources", "corrections", "replayed"}

# What lies in the dataset folder beside the parts: `gongkai check` and the join of the parts wrote it, people the corrections.
_BESIDE = frozenset(
    f"{d.name}{end}" for d in (*datasets(), *datasets("check")) for end in (".parquet", ".csv")
)


def run_cluster(
    inputs: Sequence[str],
    to: str,
    *,
    scheduler: str,
    options: Options,
    templates: Sequence[Template],
    budget: Budget,
    by_year: bool,
    progress: Callable[[Progress], None] | None = None,
    fresh: bool = False,
    reader: str = "gongkai.pipeline:read_file",
    corrections: Path | None = None,
) -> DatasetCounts:
    """Read every document in `inputs` on the cluster of `scheduler` and write the datasets to `to`.

    Both may be on any file system that fsspec knows and every host reaches. The datasets are
    Parquet files, at least one a shard, in `to`/parts or `to`/by_year; run.json is written last.
    Corrections are replayed: those in the file `corrections`, or else in the file of that name in `to`; a shard of which
    they change is read again. A shard whose host is lost is read by another one. What was read is kept: a shard of which no
    file has changed is not read again by the same program with the same options.

    Raises BadCorrection where a line of the corrections is none, ClusterError where the extra is not installed, a host runs another gongkai or every host
    is lost; OSError where no cluster answers or a file system refuses, FileNotFoundError where
    there is nothing to read, FileExistsError where `to` holds what we did not write.
    """
    if not is_url(to):
        to = str(Path(to).resolve())
    try:
        distributed: Any = import_module("distributed")  # it has no types
        fs, top = file_system(to)
    except ImportError as error:
        raise ClusterError(
            f"--engine dask needs {error.name}; install it: pip install 'gongkai[cluster]'"
        ) from error
    top = top.rstrip("/")
    _take(fs, top, to)
    data, marks, said = cluster_corrections.load(fs, top, corrections)
    known = {} if fresh else _known(fs, top, budget, said)
    salt = f"{reader}\0{fingerprint(options)}\0{by_year}"
    aliases = None if options.aliases is None else options.aliases.read_bytes()
    task = Task(
        Shard("", ()),
        fingerprint(options),
        replace(options, aliases=None),
        aliases,
        budget,
        reader,
        to,
        by_year,
        _share(fs, top, to, "corrections", data),
        _share(fs, top, to, "marks", marks),
    )
    begun = datetime.now(UTC)
    counted = _Counted(progress)
    with distributed.Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False) as client:
        wanted = counted.passed(shards(counted.files(entries(inputs, emit.is_dataset)), salt))
        notes = dict(_notes(client, task, wanted, known, counted))
    if not notes:
        names = ", ".join(inputs)
        raise FileNotFoundError(f"{names}: no documents ({counted.skipped} files passed over)")
    files = [PartFile(**part) for note in notes.values() for part in note["parts"]]
    _publish(fs, top, notes)
    tally = DatasetCounts(unchanged=counted.unchanged)
    for note in notes.values():
        tally.add(DatasetCounts(**note["tally"]))
    seconds = round((datetime.now(UTC) - begun).total_seconds(), 3)
    own = {"engine": "dask", "files": counted.total, "skipped": counted.skipped, "shards": len(notes)}
    described = {
        **facts(inputs, begun.isoformat(timespec="seconds"), budget),
        **own,
        "unchanged": tally.unchanged,
        "seconds": seconds,
        "tally": asdict(tally),
    }
    if said:
        described["corrections"] = cluster_corrections.count(said, notes.values())
    upload(fs, emit.codebook(templates).encode(), f"{top}/codebook.md")
    upload(fs, emit.parts_package(files).encode(), f"{top}/datapackage.json")
    upload(fs, emit.run_json(described).encode(), f"{top}/run.json")
    return tally


class _Counted:
    """Counts files and shards as they pass, and reports the progress."""

    def __init__(self, progress: Callable[[Progress], None] | None) -> None:
        self._progress = progress
        self.total = self.skipped = self.unchanged = self.done = 0

    def files(self, found: Iterator[Any]) -> Iterator[Any]:
        for entry in found:
            if entry is None:
                self.skipped += 1
            else:
                yield entry

    def passed(self, found: Iterator[Shard]) -> Iterator[Shard]:
        for shard in found:
            self.total += len(shard.entries)
            yield shard

    def read(self, note: Note) -> None:
        """A shard was read: each failed file is a step of the progress, the others are one step."""
        self.done += note["files"]
        if self._progress is not None:
            for name in note["failed"]:
                self._progress(Progress(self.done, self.total, name, ("failed",)))
            self._progress(Progress(self.done, self.total, "", ()))


def _share(fs: Any, top: str, to: str, what: str, data: bytes) -> str:
    """Put what people say where every host reads it; the address, "" where there is nothing."""
    if not data:
        return ""
    name = f"{what}-{hashlib.sha256(data).hexdigest()[:16]}.csv"
    upload(fs, data, f"{top}/{STATE}/{name}")
    return f"{to.rstrip('/')}/{STATE}/{name}"


def _known(fs: Any, top: str, budget: Budget, said: Sequence[Correction]) -> dict[str, Note]:
    """The notes of shards that were read before, as far as their files are there and nobody said anything new of them."""
    if not fs.isdir(f"{top}/{STATE}"):
        return {}
    fs.invalidate_cache()
    there = {_inside(path, top) for path in fs.find(top)}
    found = {}
    for path in fs.glob(f"{top}/{STATE}/*.json"):
        id = path.rpartition("/")[2].removesuffix(".json")
        note = _read_note(fs.cat_file(path))
        if note is None:  # damaged: the shard is read again
            continue
        places = [(p["path"], f"{STATE}/{id}/{p['path']}") for p in note["parts"]]
        whole = all(final in there or staged in there for final, staged in places)
        replayed = cluster_corrections.digest(said, [tuple(source) for source in note["sources"]])
        if whole and replayed == note["corrections"] and note["budget"] in ("", str(budget)):
            found[id] = note
    return found


def _read_note(data: bytes) -> Note | None:
    """The note of a shard; None where it is none."""
    try:
        note = json.loads(data)
        [PartFile(**part) for part in note["parts"]]
        DatasetCounts(**note["tally"])
        return note if note.keys() >= _NOTED else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _inside(path: str, top: str) -> str:
    return path[len(top) :].lstrip("/")


def _take(fs: Any, top: str, to: str) -> None:
    """Make sure that `to` is new, empty, or one of ours, and mark it as ours before anything else is written."""
    marker = f"{top}/{STATE}/{MARKER}"
    if fs.exists(top):
        if not fs.isdir(top):
            raise FileExistsError(f"{to}: is a file; name a folder for the datasets")
        names = {path.rstrip("/").rpartition("/")[2] for path in fs.ls(top, detail=False)}
        ours = {STATE, *FOLDERS.values(), "codebook.md", "datapackage.json", "run.json", *_BESIDE}
        others = names - set(PEOPLES_FILES)
        # run.json: of a version that set no marker
        if fs.exists(marker) or _is_run(fs, f"{top}/run.json"):
            others -= ours
        if others:
            raise FileExistsError(
                f"{to}: holds {', '.join(sorted(others)[:3])}, which --engine dask did not write; "
                "name another or an empty folder"
            )
    upload(fs, b"gongkai run --engine dask writes and deletes below this folder\n", marker)


def _is_run(fs: Any, path: str) -> bool:
    """Whether a run.json says that a cluster wrote it."""
    if not fs.exists(path):
        return False
    try:
        found = json.loads(fs.cat_file(path))
    except ValueError:
        return False
    return isinstance(found, dict) and found.get("engine") == "dask"


def _notes(
    client: Any, task: Task, wanted: Iterator[Shard], known: Mapping[str, Note], counted: _Counted
) -> Iterator[tuple[str, Note]]:
    """The note of every shard, read only where it must be. So many shards at a time are given out."""
    distributed: Any = import_module("distributed")
    running = distributed.as_completed(loop=client.loop)
    waiting: deque[str] = deque()
    most = AHEAD * max(1, sum(client.nthreads().values()))

    def submit() -> bool:
        for shard in wanted:
            if shard.id in known:
                counted.unchanged += len(shard.entries)
                counted.done += len(shard.entries)
                waiting.append(shard.id)
                continue
            running.add(client.submit(read, replace(task, shard=shard), key=f"gongkai-{shard.id}"))
            return True
        return False

    while running.count() < most and submit():
        pass
    while running.count():
        future = next(running)
        try:
            note: Note = future.result()
        except distributed.KilledWorker as error:
            raise ClusterError(
                "a shard was given up: every host that read it was lost; look at the workers' logs"
            ) from error
        except (CancelledError, distributed.comm.CommClosedError) as error:
            raise ClusterError(
                "the scheduler of the cluster is lost; what was read is kept, and the same command goes on from there"
            ) from error
        counted.read(note)
        yield future.key.removeprefix("gongkai-"), note
        future.release()
        submit()
    yield from ((id, known[id]) for id in waiting)


def _publish(fs: Any, top: str, notes: Mapping[str, Note]) -> None:
    """Put every file in its place, and take away what earlier runs wrote and belongs to no shard of this one.

    Files are known as ours by their names; any other stays.
    """
    fs.invalidate_cache()
    if fs.exists(f"{top}/run.json"):
        fs.rm_file(f"{top}/run.json")  # until it is there again, the datasets are not whole
    there = {_inside(path, top) for path in fs.find(top)}
    staged = {
        f"{STATE}/{id}/{part['path']}": part["path"] for id, note in notes.items() for part in note["parts"]
    }

    def move(place: str) -> None:
        target = f"{top}/{staged[place]}"
        fs.makedirs(target.rpartition("/")[0], exist_ok=True)
        fs.mv(f"{top}/{place}", target)

    wanted = {*staged.values(), *(f"{STATE}/{id}.json" for id in notes)}
    ours = (p for p in there if p in _BESIDE or _OURS.fullmatch(p))
    stale = [p for p in ours if p not in wanted and p not in staged]
    with ThreadPoolExecutor(HANDS) as hands:
        list(hands.map(move, [place for place in staged if place in there]))
        list(hands.map(lambda path: fs.rm_file(f"{top}/{path}"), stale))
    _prune(fs, top)


def _prune(fs: Any, top: str) -> None:
    """Take away folders that were left empty, where the file system has such."""
    for folder in sorted((f for f, _, _ in fs.walk(top)), key=len, reverse=True):
        if folder.rstrip("/") != top and not fs.ls(folder):
            fs.rmdir(folder)
