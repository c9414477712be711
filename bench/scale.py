"""Memory and speed of a run by the number of documents, and the time of a second run with nothing new.

    python bench/scale.py [COUNT ...]        default: 1000 10000

Documents are copies of one small Word report: what is measured is the run, not the reading of a
format; the bare reading stands beside it. Each run is a process of its own. Peak memory is that
of the parent, whose part must not grow.

The first count is run by one worker on one core, by one worker on two cores, and by two on two.
Efficiency is told both ways: by cores, all that the run has doubled; and by workers, where the
parent of the one worker had a core for itself, which on two cores those of two workers must share.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "samples" / "2019_township.docx"
PR_SET_CHILD_SUBREAPER = 36  # prctl(2)
BARE = 50  # readings for the bare limit


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run took: seconds by the clock, of computing by the parent and by all its children; peak MiB of the parent."""

    seconds: float
    parent: float
    children: float
    peak: float


def adopt() -> None:
    """Be told of processes whose parent has ended, so that their computing can be counted (Linux only)."""
    if ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise SystemExit("this system does not hand over orphans")


def run(folder: Path, out: Path, workers: int, cores: int) -> Cost:
    """One run, in a process of its own, on so many cores of those that there are."""
    command = [sys.executable, "-P", "-m", "gongkai", "run", str(folder), "--to", str(out)]
    every = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(every)[:cores])  # inherited
    process = subprocess.Popen([*command, "--workers", str(workers), "--quiet"])
    os.sched_setaffinity(0, every)
    begun = time.monotonic()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - begun
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit(f"the run ended with {os.waitstatus_to_exitcode(status)}")
    children = 0.0
    while True:  # the fork server, whose own children are counted with it
        try:
            _, _, theirs = os.wait4(-1, 0)
        except ChildProcessError:
            break
        children += theirs.ru_utime + theirs.ru_stime
    return Cost(seconds, usage.ru_utime + usage.ru_stime, children, usage.ru_maxrss / 1024)


def bare() -> float:
    """Seconds that one reading takes in this process, once it is warm."""
    from gongkai import pipeline

    pipeline.read_file(SAMPLE, SAMPLE.name, pipeline.Options())
    begun = time.process_time()
    for _ in range(BARE):
        pipeline.read_file(SAMPLE, SAMPLE.name, pipeline.Options())
    return (time.process_time() - begun) / BARE


def main() -> None:
    """Print the table."""
    counts = [int(a) for a in sys.argv[1:]] or [1_000, 10_000]
    limit = bare()
    print(f"bare reading: {1000 * limit:.1f} ms a document, {1 / limit:.1f} documents a second and core\n")
    print(
        "| documents | workers | cores | seconds | documents a second | parent, ms of computing a document | children |"
        " peak MiB | second run, ms a file |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    adopt()
    rates: dict[tuple[int, int], float] = {}
    for count in counts:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "in"
            for n in range(count):
                path = folder / f"{n // 1000:04d}" / f"{n:07d}{SAMPLE.suffix}"
                path.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(SAMPLE, path)
            time.sleep(2.5)  # until the times of the files tell them apart
            for workers, cores in ((1, 1), (1, 2), (2, 2)) if count == counts[0] else ((2, 2),):
                out = Path(place) / f"out{workers}{cores}"
                cost = run(folder, out, workers, cores)
                again = run(folder, out, workers, cores)
                rates.setdefault((workers, cores), count / cost.seconds)
                print(
                    f"| {count:,} | {workers} | {cores} | {cost.seconds:.1f} | {count / cost.seconds:.1f} "
                    f"| {1000 * cost.parent / count:.2f} | {1000 * cost.children / count:.2f} "
                    f"| {cost.peak:.0f} | {1000 * again.seconds / count:.2f} |",
                    flush=True,
                )
    most = rates[2, 2] / 2
    print(
        f"\nefficiency at {counts[0]:,}: by cores {most / rates[1, 1]:.3f}, by workers {most / rates[1, 2]:.3f}"
    )


if __name__ == "__main__":
    main()
