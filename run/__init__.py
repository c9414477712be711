"""Many documents → datasets: worker processes read them, and the results wait on disk for their turn."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from gongkai import emit
from gongkai.emit import DatasetCounts, Rendered
from gongkai.model import CORRECTIONS, Correction, Report, Template
from gongkai.pipeline import Options
from gongkai.run.corrections import read_with_places
from gongkai.run.corrections import replay as replaying
from gongkai.run.discover import Input, PassedOver, find
from gongkai.run.fingerprint import fingerprint
from gongkai.run.lock import Busy, locked
from gongkai.run.pool import Pool
from gongkai.run.results.run_cache import RunCache
from gongkai.run.results.state_folder import Damaged
from gongkai.run.run_metadata import facts as run_facts
from gongkai.run.schedule import OrderedReads, Progress
from gongkai.run.signals import stoppable
from gongkai.run.worker import Budget

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gongkai.run.cluster import run_cluster
    from gongkai.run.cluster.cluster_worker import ClusterError
    from gongkai.run.review_pages import ReviewCounts, review

#: What a run on one machine does without is imported when it is used: it would be a tenth of its start.
_PLACES = {
    "cluster": ("run_cluster",),
    "cluster.cluster_worker": ("ClusterError",),
    "review_pages": ("ReviewCounts", "review"),
}

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

#: the limits of one file: seconds of wall-clock time, bytes of address space (some 300 MiB of which the
#: program itself takes)
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
    tell: Callable[[str], None] | None = None,
) -> DatasetCounts:
    """Read every document in `inputs` (files and folders) and write the datasets to `folder`.

    Each file is read in a child process. One that takes more than the `budget`, or that ends its
    process, gives a Report of status "failed" (`timeout`,
    `memory`, `crashed`) and costs nothing but itself. Rows are sorted by source_file whatever
    the number of workers.

    The results are kept in a hidden folder next to `folder`. A run that is stopped, in whatever way,
    leaves `folder` as it was, and the next run goes on from there: the same program with the same
    options does not read an unchanged file again, unless `fresh`. Where the kept results are damaged they are
    moved aside, `tell` gets a line about it, and every file is read.

    `by_year` writes everything a second time, as Parquet in a folder for each year.

    Corrections are replayed: those in the file `corrections`, or else in the file of that name in
    `folder`, as it is when the run begins. The file in `folder` stays there.

    A script that calls this does so under `if __name__ == "__main__":`, because children import it.

    Raises FileNotFoundError where an input does not exist or holds no document, FileExistsError
    where `folder` holds what we did not write, Busy where another run writes there, RuntimeError
    where no child can be started, BadCorrection where a line of the corrections is none, OSError
    where the disk takes no more.
    """

    def attempt(damage: str) -> DatasetCounts:
        emit.check_writable(folder)
        found = find(inputs, emit.is_dataset)
        started = datetime.now(UTC).isoformat(timespec="seconds")
        cache_folder = _cache_folder(folder)
        key = hashlib.sha256(f"{reader}\0{fingerprint(options)}".encode()).hexdigest()
        with (
            stoppable() as stop,
            locked(cache_folder / "lock", started),
            RunCache(cache_folder, key, fresh=fresh, damage=damage, tell=tell) as cache,
        ):
            emit.clear_leftovers(folder)
            replayed = _read_corrections(folder, corrections)
            planned, skipped, ours = _plan(cache, found, inputs)
            plan = {"files": planned, "skipped": skipped, "own_output": ours, "workers": workers}
            facts = {**run_facts(inputs, started, budget), **plan}
            reads = OrderedReads(cache, planned, budget)
            counts = _read_current_counts(cache, replayed, by_year, folder) if reads.first > planned else None
            if counts is None:
                with Pool(workers, reader, options, budget, stop.check) as pool:
                    reports = _replay(reads, pool, progress, replayed, facts)
                    counts = emit.emit(reports, folder, templates=templates, run_facts=facts, by_year=by_year)
                cache.prune()
                cache.note("written", f"{_contents(cache, replayed, by_year)} {emit.stamp(folder)}")
            return replace(counts, unchanged=reads.unchanged, own_output=ours)

    try:
        return attempt("")
    except Damaged as error:  # found only when the results were read back
        return attempt(str(error))


def _cache_folder(folder: Path) -> Path:
    """The hidden folder of the results, on the same disk as the datasets."""
    target = folder.resolve()
    path = target.parent / f".{target.name}.state"
    if path.exists() and not path.is_dir():
        path.rename(path.with_name(f"{path.name}.damaged"))
    path.mkdir(parents=True, exist_ok=True)
    return path


def _plan(
    cache: RunCache, found: Iterable[Input | PassedOver], inputs: Sequence[Path]
) -> tuple[int, int, int]:
    """Enter the files to read in `cache`; returns their number, how many were passed over, and how many of these are
    our own pages and workbooks."""
    passed: list[PassedOver] = []

    def documents() -> Iterator[Input]:
        for input in found:
            if isinstance(input, Input):
                yield input
            else:
                passed.append(input)

    planned = cache.plan(documents())
    if not planned:
        names = ", ".join(str(path) for path in inputs)
        own = f", {ours} of them made by gongkai" if (ours := passed.count(PassedOver.OURS)) else ""
        raise FileNotFoundError(f"{names}: no documents ({len(passed)} files passed over{own})")
    return planned, len(passed), passed.count(PassedOver.OURS)


def _read_corrections(folder: Path, corrections: Path | None) -> tuple[Correction, ...]:
    """The corrections in the file that was named, or else in that of the dataset, if it has one; with places."""
    own = folder / CORRECTIONS
    if corrections is None and not own.exists():
        return ()
    return read_with_places(corrections or own)


def _replay(
    reads: OrderedReads,
    pool: Pool,
    progress: Callable[[Progress], None] | None,
    corrections: Sequence[Correction],
    facts: dict[str, object],
) -> Iterator[Report | Rendered]:
    """The reports with their corrections; `facts` gets the counts of what was applied."""
    replay = replaying(corrections)
    for report in reads.reports(pool, progress, facts, lambda r: replay.concerns(r.path, r.sha256)):
        yield replay(report) if isinstance(report, Report) else report
    if not corrections:
        return
    unmet = dict.fromkeys((c.source_file, c.sha256) for c in replay.unmet())
    facts["corrections"] = {
        "lines": len(corrections),
        **asdict(replay.tally),
        "without_document": [f"{file} ({sha256})" for file, sha256 in unmet],
    }


def _contents(cache: RunCache, replayed: Sequence[Correction], by_year: bool) -> str:
    """A text that changes with the results, the corrections or the layout of the datasets."""
    return f"{cache.contents()} {by_year} {hashlib.sha256(repr(tuple(replayed)).encode()).hexdigest()}"


def _read_current_counts(
    cache: RunCache, replayed: Sequence[Correction], by_year: bool, folder: Path
) -> DatasetCounts | None:
    """The counts of the existing datasets, if they hold just these results; else None."""
    stamp = emit.stamp(folder)
    if not stamp or cache.noted("written") != f"{_contents(cache, replayed, by_year)} {stamp}":
        return None
    return emit.read_counts(folder)


def __getattr__(name: str) -> object:
    """A public name, imported now."""
    for module, names in _PLACES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
