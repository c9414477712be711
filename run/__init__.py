"""Many documents → datasets: each is read in a process that may be killed, and waits on disk for its turn."""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import emit
import pipeline
from emit import Tally
from model import CORRECTIONS, Correction, Report, Template
from pipeline import Options
from run.child import Budget
from run.fingerprint import fingerprint, installed
from run.input import Input, find
from run.lock import Busy, locked
from run.pages import Made, review
from run.pool import Pool
from run.reading import Progress, Reading
from run.state import State
from run.stop import stoppable

__all__ = ["MEMORY", "SECONDS", "Busy", "Made", "Progress", "Tally", "processors", "review", "run"]

#: seconds by the clock that one file may take
SECONDS = 60.0

#: bytes of address space that one file may take, the programs themselves (some 300 MiB) included
MEMORY = 2 * 1024**3

#: what reads a file, as "module:function"
READER = "pipeline:read_file"


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
    fresh: bool = False,
    corrections: Path | None = None,
) -> Tally:
    """Read every document in `inputs` (files and folders) and write the datasets to `folder`.

    Each file is read in a child process. One that takes longer than `timeout` seconds or more
    than `memory` bytes, or that ends its process, gives a Report of status "failed" (`timeout`,
    `memory`, `crashed`) and costs nothing but itself. Rows are sorted by source_file whatever
    the number of workers.

    What was read is kept in a hidden folder beside `folder`. Stopped on the way, however that
    comes, the run leaves `folder` as it was, and the next run goes on from there: a file that
    is unchanged is not read again by the same program with the same options, unless `fresh`.

    What people said of the values is replayed: the lines that stand in `corrections`, or else in
    the file of that name in `folder`, when the run begins. That of `folder` stays in it.

    A script that calls this does so under `if __name__ == "__main__":`, because children import it.

    Raises FileNotFoundError where an input does not exist or holds no document, FileExistsError
    where `folder` holds what we did not write, Busy where another run writes there, RuntimeError
    where no child can be started, BadCorrection where a line of the corrections is none, OSError
    where the disk takes no more.
    """
    emit.writable(folder)
    found = find(inputs, emit.ours)
    started = datetime.now(UTC).isoformat(timespec="seconds")
    budget = Budget(timeout, memory)
    beside = _beside(folder)
    with (
        stoppable() as stop,
        locked(beside / "lock", started),
        _kept(beside, options, reader, fresh) as state,
    ):
        emit.clear(folder)
        said = _said(folder, corrections)
        planned, skipped = _plan(state, found, inputs)
        facts = _facts(inputs, started, planned, skipped, workers, budget)
        reading = Reading(state, planned, budget)
        tally = _written(state, said, folder) if reading.first > planned else None
        if tally is None:
            with Pool(workers, reader, options, budget, stop.check) as pool:
                reports = _replayed(reading.reports(pool, progress, facts), said, facts)
                tally = emit.emit(reports, folder, templates=templates, run_facts=facts)
            state.tidy()
            state.tell("written", f"{_contents(state, said)} {emit.stamp(folder)}")
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


def _contents(state: State, said: Sequence[Correction]) -> str:
    """What the datasets are made of: what was read, and what people said of it."""
    return f"{state.contents()} {hashlib.sha256(repr(tuple(said)).encode()).hexdigest()}"


def _written(state: State, said: Sequence[Correction], folder: Path) -> Tally | None:
    """The counts of the datasets that are there, if they hold just what was read; else None."""
    stamp = emit.stamp(folder)
    if not stamp or state.told("written") != f"{_contents(state, said)} {stamp}":
        return None
    return emit.counted(folder)


def _facts(
    inputs: Sequence[Path], started: str, planned: int, skipped: int, workers: int, budget: Budget
) -> dict[str, object]:
    """What run.json says besides the counts: the only facts of a run that a second run does not share."""
    return {
        "started": started,
        "folder": str(Path.cwd()),
        "inputs": [str(path) for path in inputs],
        "files": planned,
        "skipped": skipped,
        "workers": workers,
        "timeout": budget.seconds,
        "memory": budget.memory,
        "host": platform.node(),
        "system": platform.platform(),
        "python": sys.version.split()[0],
        "packages": dict(installed()),
    }
