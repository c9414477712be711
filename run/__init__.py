"""Many documents → datasets: each is read in a process that may be killed, and waits on disk for its turn."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

from gongkai import emit
from gongkai.emit import DatasetCounts, Rendered
from gongkai.model import CORRECTIONS, Correction, Report, Template
from gongkai.pipeline import Options
from gongkai.run.cluster import run_cluster
from gongkai.run.cluster.cluster_worker import ClusterError
from gongkai.run.corrections import read as read_corrections
from gongkai.run.corrections import replay as replaying
from gongkai.run.discover import Input, find
from gongkai.run.fingerprint import fingerprint
from gongkai.run.lock import Busy, locked
from gongkai.run.pool import Pool
from gongkai.run.review_pages import ReviewCounts, review
from gongkai.run.run_cache import State
from gongkai.run.run_metadata import facts as run_facts
from gongkai.run.schedule import OrderedReads, Progress
from gongkai.run.signals import stoppable
from gongkai.run.worker import Budget

__all__ = [
    "BUDGET",
    "Budget",
    "Busy",
    "ClusterError",
    "DatasetCounts",
    "Progress",
    "ReviewCounts",
    "processors",
    "review",
    "run",
    "run_cluster",
]

#: what one file may take: seconds by the clock, bytes of address space (the programs themselves,
#: some 300 MiB, included)
BUDGET = Budget(60.0, 2 * 1024**3)

#: what reads a file, as "module:function"
READER = "gongkai.pipeline:read_file"


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
    budget: Budget = BUDGET,
    progress: Callable[[Progress], None] | None = None,
    reader: str = READER,
    fresh: bool = False,
    corrections: Path | None = None,
    by_year: bool = False,
) -> DatasetCounts:
    """Read every document in `inputs` (files and folders) and write the datasets to `folder`.

    Each file is read in a child process. One that takes more than the `budget`, or that ends its
    process, gives a Report of status "failed" (`timeout`,
    `memory`, `crashed`) and costs nothing but itself. Rows are sorted by source_file whatever
    the number of workers.

    What was read is kept in a hidden folder beside `folder`. Stopped on the way, however that
    comes, the run leaves `folder` as it was, and the next run goes on from there: a file that
    is unchanged is not read again by the same program with the same options, unless `fresh`.

    `by_year` writes everything a second time, as Parquet in a folder for each year.

    What people said of the values is replayed: the lines that stand in `corrections`, or else in
    the file of that name in `folder`, when the run begins. That of `folder` stays in it.

    A script that calls this does so under `if __name__ == "__main__":`, because children import it.

    Raises FileNotFoundError where an input does not exist or holds no document, FileExistsError
    where `folder` holds what we did not write, Busy where another run writes there, RuntimeError
    where no child can be started, BadCorrection where a line of the corrections is none, OSError
    where the disk takes no more.
    """
    emit.check_writable(folder)
    found = find(inputs, emit.is_dataset)
    started = datetime.now(UTC).isoformat(timespec="seconds")
    beside = _beside(folder)
    with (
        stoppable() as stop,
        locked(beside / "lock", started),
        _kept(beside, options, reader, fresh) as state,
    ):
        emit.clear_leftovers(folder)
        said = _said(folder, corrections)
        planned, skipped = _plan(state, found, inputs)
        told = {"files": planned, "skipped": skipped, "workers": workers}
        facts = {**run_facts(inputs, started, budget), **told}
        reading = OrderedReads(state, planned, budget)
        tally = _written(state, said, by_year, folder) if reading.first > planned else None
        if tally is None:
            with Pool(workers, reader, options, budget, stop.check) as pool:
                reports = _replayed(reading, pool, progress, said, facts)
                tally = emit.emit(reports, folder, templates=templates, run_facts=facts, by_year=by_year)
            state.tidy()
            state.tell("written", f"{_contents(state, said, by_year)} {emit.stamp(folder)}")
        return replace(tally, unchanged=reading.unchanged)


def _beside(folder: Path) -> Path:
    """Where what was read is kept: hidden, and on the disk that the datasets go to."""
    target = folder.resolve()
    path = target.parent / f".{target.name}.state"
    path.mkdir(parents=True, exist_ok=True)
    return path


def _kept(folder: Path, options: Options, reader: str, fresh: bool) -> State:
    """What earlier runs read in the same way; nothing where everything is to be read `fresh`."""
    key = hashlib.sha256(f"{reader}\0{fingerprint(options)}".encode()).hexdigest()
    return State(folder, key, fresh=fresh)


def _plan(state: State, found: Iterable[Input | None], inputs: Sequence[Path]) -> tuple[int, int]:
    """The files to read, noted in `state`: their number, and how many were passed over."""
    skipped = 0

    def documents() -> Iterator[Input]:
        nonlocal skipped
        for input in found:
            if input is None:
                skipped += 1
            else:
                yield input

    planned = state.plan(documents())
    if not planned:
        names = ", ".join(str(path) for path in inputs)
        raise FileNotFoundError(f"{names}: no documents ({skipped} files passed over)")
    return planned, skipped


def _said(folder: Path, corrections: Path | None) -> tuple[Correction, ...]:
    """What people said of the values: the file that was named, or that of the dataset if it has one."""
    own = folder / CORRECTIONS
    if corrections is None and not own.exists():
        return ()
    return read_corrections(corrections or own)


def _replayed(
    reading: OrderedReads,
    pool: Pool,
    progress: Callable[[Progress], None] | None,
    said: Sequence[Correction],
    facts: dict[str, object],
) -> Iterator[Report | Rendered]:
    """The reports with what people said; `facts` is told what became of it."""
    replay = replaying(said)
    for report in reading.reports(pool, progress, facts, lambda r: replay.concerns(r.path, r.sha256)):
        yield replay(report) if isinstance(report, Report) else report
    if not said:
        return
    unmet = dict.fromkeys((c.source_file, c.sha256) for c in replay.unmet())
    facts["corrections"] = {
        "lines": len(said),
        **asdict(replay.tally),
        "without_document": [f"{file} ({sha256})" for file, sha256 in unmet],
    }


def _contents(state: State, said: Sequence[Correction], by_year: bool) -> str:
    """What the datasets are made of: what was read, what people said of it, and how they are laid out."""
    return f"{state.contents()} {by_year} {hashlib.sha256(repr(tuple(said)).encode()).hexdigest()}"


def _written(state: State, said: Sequence[Correction], by_year: bool, folder: Path) -> DatasetCounts | None:
    """The counts of the datasets that are there, if they hold just what was read; else None."""
    stamp = emit.stamp(folder)
    if not stamp or state.told("written") != f"{_contents(state, said, by_year)} {stamp}":
        return None
    return emit.read_counts(folder)
