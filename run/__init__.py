"""Many documents → datasets: each is read in a process that may be killed, and waits on disk for its turn."""

from __future__ import annotations

import os
import platform
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path
from types import FrameType

import emit
import pipeline
from emit import Tally
from model import CORRECTIONS, Correction, Report, Template
from pipeline import Options
from run.child import Budget
from run.input import Found, find
from run.pages import Made, review
from run.pool import Pool
from run.shard import Shards

__all__ = ["MEMORY", "SECONDS", "Made", "Progress", "Tally", "processors", "review", "run"]

#: seconds by the clock that one file may take
SECONDS = 60.0

#: bytes of address space that one file may take, the programs themselves (some 300 MiB) included
MEMORY = 2 * 1024**3

#: what reads a file, as "module:function"
READER = "pipeline:read_file"


@dataclass(frozen=True, slots=True)
class Progress:
    """A file was read: the how manyth of how many, which, and the statuses of its Reports."""

    done: int
    total: int
    source_file: str
    statuses: tuple[str, ...]


def processors() -> int:
    """How many processors this process may use: a good number of workers."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(
    inputs: Sequence[Path],
    folder: Path,
    *,
    workers: int,
    options: Options,
    templates: Sequence[Template],
    timeout: float = SECONDS,
    memory: int = MEMORY,
    progress: Callable[[Progress], None] | None = None,
    reader: str = READER,
    corrections: Path | None = None,
) -> Tally:
    """Read every document in `inputs` (files and folders) and write the datasets to `folder`.

    Each file is read in a child process. One that takes longer than `timeout` seconds or more
    than `memory` bytes, or that ends its process, gives a Report of status "failed" (`timeout`,
    `memory`, `crashed`) and costs nothing but itself. Rows are sorted by source_file whatever
    the number of workers. Stopped on the way (Ctrl-C, SIGTERM, an exception of `progress`),
    the run ends its children and leaves `folder` as it was.

    What people said of the values is replayed: the lines that stand in `corrections`, or else in
    the file of that name in `folder`, when the run begins. That of `folder` stays in it.

    A script that calls this does so under `if __name__ == "__main__":`, because children import it.

    Raises FileNotFoundError where an input does not exist or holds no document, FileExistsError
    where `folder` holds what we did not write, RuntimeError where no child can be started,
    BadCorrection where a line of the corrections is none.
    """
    emit.writable(folder)
    said = _said(folder, corrections)
    found = find(inputs, emit.ours)
    if not found.inputs:
        names = ", ".join(str(path) for path in inputs)
        raise FileNotFoundError(f"{names}: no documents ({found.skipped} files passed over)")
    facts = _facts(inputs, found, workers, timeout, memory)
    with (
        _stoppable(),
        _spool(folder) as spool,
        Shards(spool) as shards,
        Pool(workers, reader, options, Budget(timeout, memory)) as pool,
    ):
        reports = _reports(found, pool, shards, progress, facts)
        return emit.emit(_replayed(reports, said, facts), folder, templates=templates, run_facts=facts)


def _said(folder: Path, corrections: Path | None) -> tuple[Correction, ...]:
    """What people said of the values: the file that was named, or that of the dataset if it has one."""
    own = folder / CORRECTIONS
    if corrections is None and not own.exists():
        return ()
    return pipeline.corrections(corrections or own)


def _replayed(
    reports: Iterable[Report], said: Sequence[Correction], facts: dict[str, object]
) -> Iterator[Report]:
    """The reports with what people said; `facts` is told what became of it."""
    if not said:
        yield from reports
        return
    replay = pipeline.replay(said)
    yield from map(replay, reports)
    unmet = dict.fromkeys((c.source_file, c.sha256) for c in replay.unmet())
    facts["corrections"] = {
        "lines": len(said),
        **asdict(replay.tally),
        "without_document": [f"{file} ({sha256})" for file, sha256 in unmet],
    }


def _reports(
    found: Found,
    pool: Pool,
    shards: Shards,
    progress: Callable[[Progress], None] | None,
    facts: dict[str, object],
) -> Iterator[Report]:
    """Every Report in the order of the inputs, each as soon as it and all before it are read.

    `facts` is told how long it took when the last one is taken.
    """
    begun = time.monotonic()
    results = pool.results(found.inputs)
    done = 0
    for index in range(len(found.inputs)):
        while index not in shards:
            result = next(results)
            shards.put(result.index, result.packed)
            done += 1
            if progress is not None:
                name = found.inputs[result.index].name
                progress(Progress(done, len(found.inputs), name, result.statuses))
        yield from shards.get(index)
    facts["seconds"] = round(time.monotonic() - begun, 3)


def _facts(
    inputs: Sequence[Path], found: Found, workers: int, timeout: float, memory: int
) -> dict[str, object]:
    """What run.json says besides the counts: the only facts of a run that a second run does not share."""
    return {
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "folder": str(Path.cwd()),
        "inputs": [str(path) for path in inputs],
        "files": len(found.inputs),
        "skipped": found.skipped,
        "workers": workers,
        "timeout": timeout,
        "memory": memory,
        "host": platform.node(),
        "system": platform.platform(),
        "python": sys.version.split()[0],
        "packages": dict(sorted((d.name, d.version) for d in distributions())),
    }


@contextmanager
def _spool(folder: Path) -> Iterator[Path]:
    """A folder for the shards, on the disk that the datasets go to; gone when the run ends."""
    target = folder.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    path = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".reading", dir=target.parent))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _stoppable() -> Iterator[None]:
    """SIGTERM and SIGHUP end the run like an exception, so that everything is cleared away.

    Python lets only the main thread do so; elsewhere they stay what they are.
    """
    names = ("SIGTERM", "SIGHUP")
    signals = [getattr(signal, name) for name in names if hasattr(signal, name)]
    if threading.current_thread() is not threading.main_thread():
        signals = []
    before = [(number, signal.signal(number, _stop)) for number in signals]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
