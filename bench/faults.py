"""Runs that are killed at random moments beside one that is not: is the dataset the same, byte for byte?

    python bench/faults.py [DOCUMENTS] [KILLS] [DAMAGES]      default: 300 documents, 12 kills of the run, all damages

Documents are copies of small samples, one in twenty is hostile. After each random pause either the run
is killed (kill -9) and started again, or a random worker (or the process that stands for all of them) is killed and the
run goes on. A run that ends before all kills were made is made again, over its own dataset; each dataset is compared.
Now and then a worker is stopped (SIGSTOP) until the run ends or is killed, and every second time a program beside it takes
the processors.

Then every file of the kept results of a run over a few documents is damaged at every 4 KiB in turn, by 64 bytes or by its
end, and the run is made again over it: the dataset is compared each time, and the line that says what was moved aside is
counted. DAMAGES is the most that are tried, spread over all.
"""

from __future__ import annotations

import csv
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ("*.docx", "*.txt", "*.html")
SMALL = 60_000  # bytes: the reading of a large sample is not what is measured
HOSTILE = 20  # one in so many
SEED = 20260101
EACH = 4  # kills of the run over one dataset at the most: some are made with, some without a load
FEW = 10  # documents whose kept results are damaged: each damage is a run of seconds


def hostile(folder: Path, number: int) -> None:
    """A small file that no reader can make a report of."""
    path = folder / f"{number:06d}_hostile"
    match number % 5:
        case 0:
            with zipfile.ZipFile(path.with_suffix(".docx"), "w", zipfile.ZIP_DEFLATED) as bomb:
                bomb.writestr("[Content_Types].xml", b"")
                bomb.writestr("word/document.xml", bytes(300_000_000))
        case 1:
            path.with_suffix(".pdf").write_bytes(b"%PDF-1.7\n" + random.Random(number).randbytes(5_000))
        case 2:
            path.with_suffix(".html").write_bytes(b"<html><body>" + b"<div>" * 100_000)
        case 3:
            path.with_suffix(".docx").write_bytes((ROOT / "samples" / "2021_city.docx").read_bytes()[:3_000])
        case _:
            path.with_suffix(".txt").write_bytes(b"")


def documents(folder: Path, count: int) -> None:
    """`count` files in `folder`."""
    samples = [p for e in SAMPLES for p in sorted((ROOT / "samples").glob(e)) if p.stat().st_size < SMALL]
    for number in range(count):
        if number % HOSTILE == HOSTILE - 1:
            hostile(folder, number)
        else:
            sample = samples[number % len(samples)]
            shutil.copy(sample, folder / f"{number:06d}_{sample.name}")


def start_run(folder: Path, out: Path, *more: str) -> subprocess.Popen[bytes]:
    """A run in a process of its own. A worker that is stopped is late after 10 seconds."""
    command = [
        sys.executable,
        "-P",
        "-m",
        "gongkai",
        "run",
        str(folder),
        "--to",
        str(out),
        "--timeout",
        "10",
        "--quiet",
    ]
    return subprocess.Popen([*command, *more], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def workers(pid: int) -> Iterator[int]:
    """The processes that read for a run, and the first of their namespace: the children of its fork server."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    for child, parent in parents.items():
        if parents.get(parent) == pid:
            yield child


def wait_for_workers(process: subprocess.Popen[bytes]) -> None:
    """Return when a run has workers, or has ended."""
    while process.poll() is None and not any(workers(process.pid)):
        time.sleep(0.05)


@contextmanager
def load() -> Iterator[None]:
    """Programs that take the processors."""
    command = [sys.executable, "-c", "while True: pass"]
    busy = [subprocess.Popen(command) for _ in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()


def damages(state: Path, most: int) -> list[tuple[Path, int, bool]]:
    """Every file at every 4 KiB, and whether it is cut off there; at most so many, spread over all."""
    found = [
        (path, start, cut)
        for path in sorted(state.iterdir())
        if path.is_file() and path.name != "lock"
        for start in range(0, path.stat().st_size, 4096)
        for cut in (False, True)
    ]
    step = max(1, -(-len(found) // most)) if most else 1
    return found[::step]


def damaged(place: Path, most: int) -> tuple[int, int, set[str]]:
    """Damage the kept results of a few documents, run over them, compare; (damages, runs that told of one, files that differ)."""
    folder, calm, out = place / "few", place / "few-calm", place / "few-wild"
    folder.mkdir()
    documents(folder, FEW)
    for to in (calm, out):
        start_run(folder, to).communicate()
    state, kept = place / f".{out.name}.state", place / "kept"
    shutil.copytree(state, kept)
    others: set[str] = set()
    told = 0
    wanted = damages(kept, most)
    for path, start, cut in wanted:
        shutil.rmtree(state)
        shutil.copytree(kept, state)
        with (state / path.name).open("r+b") as file:
            if cut:
                file.truncate(start)
            else:
                file.seek(start)
                file.write(b"\xa5" * 64)
        (out / "facts.csv").unlink()  # so that it is written anew, from the results
        process = start_run(folder, out)
        _, said = process.communicate()
        if process.returncode not in (0, 1):
            raise SystemExit(
                f"{path.name} at {start}: the run ended with {process.returncode}: {said.decode()}"
            )
        told += b"moved to" in said
        same = {p.name for p in calm.iterdir()} - {"run.json"}
        others |= {n for n in same if (calm / n).read_bytes() != (out / n).read_bytes()}
    return len(wanted), told, others


def disturbed(folder: Path, out: Path, kills: int, chance: random.Random) -> tuple[int, int, int]:
    """One dataset made by runs of which up to `kills` are killed, and workers between; (runs killed, workers killed or stopped, starts).

    Everything is read anew, over the dataset that may be there.
    """
    runs = hit = starts = 0
    while True:
        process = start_run(folder, out, *([] if starts else ["--fresh"]))
        starts += 1
        while runs < kills:
            if chance.random() < 0.8:  # else it is hit wherever it is, before a worker has started also
                wait_for_workers(process)
            time.sleep(chance.uniform(0.0, 3.0))
            if process.poll() is not None:
                break
            victims = sorted(workers(process.pid))
            if victims and chance.random() < 0.7:
                number = signal.SIGKILL if chance.random() < 0.7 else signal.SIGSTOP
                try:
                    os.kill(chance.choice(victims), number)
                    hit += 1
                except ProcessLookupError:
                    pass
                continue
            process.send_signal(signal.SIGKILL)
            runs += 1
            break
        _, said = process.communicate()
        if process.returncode in (0, 1):
            return runs, hit, starts
        if process.returncode != -signal.SIGKILL:
            raise SystemExit(f"the run ended with {process.returncode}: {said.decode()}")


def rows(out: Path, name: str) -> list[tuple[str, ...]]:
    """The lines of a dataset."""
    with (out / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return [tuple(line) for line in csv.reader(file)]


def reasons(calm: Path, wild: Path) -> list[str]:
    """The reports that a disturbed run has otherwise, and why."""
    before = {line[1]: line for line in rows(calm, "reports")}
    head = {name: n for n, name in enumerate(rows(wild, "reports")[0])}
    changed = [line for line in rows(wild, "reports")[1:] if before.get(line[1]) != line]
    return [f"{line[1]}: {line[head['status']]} {line[head['reason']]}" for line in changed]


def main() -> None:
    """Print the table."""
    count, kills, most = (int(a) for a in [*sys.argv[1:], *("300", "12", "0")[len(sys.argv) - 1 :]])
    with tempfile.TemporaryDirectory() as place:
        folder, calm, wild = Path(place) / "in", Path(place) / "calm", Path(place) / "wild"
        folder.mkdir()
        documents(folder, count)
        begun = time.monotonic()
        start_run(folder, calm).communicate()
        seconds = time.monotonic() - begun
        before = rows(calm, "facts")
        chance = random.Random(SEED)
        begun = time.monotonic()
        rounds = runs = hit = starts = lost = doubled = 0
        same, others = {p.name for p in calm.iterdir()} - {"run.json"}, set[str]()
        while runs < kills:
            with load() if rounds % 2 else nullcontext():
                killed, workers_killed, started = disturbed(folder, wild, min(EACH, kills - runs), chance)
            rounds, runs, hit, starts = rounds + 1, runs + killed, hit + workers_killed, starts + started
            others |= {n for n in same if (calm / n).read_bytes() != (wild / n).read_bytes()}
            same -= others
            for line in reasons(calm, wild):
                print(line, file=sys.stderr)
            after = rows(wild, "facts")
            lost += len(set(before) - set(after))
            doubled += len(after) - len(set(after))
        longer = time.monotonic() - begun
        tried, told, differ = damaged(Path(place), most)
        others |= differ
        print(
            "| documents | hostile | datasets made | runs killed | workers killed or stopped | starts | seconds calm | seconds killed |"
        )
        print("| --- | --- | --- | --- | --- | --- | --- | --- |")
        print(
            f"| {count} | {count // HOSTILE} | {rounds} | {runs} | {hit} | {starts} | {seconds:.0f} | {longer:.0f} |\n"
        )
        print("| facts | lost | doubled | files that are byte for byte the same | files that differ |")
        print("| --- | --- | --- | --- | --- |")
        named = ", ".join(sorted(others)) or "none"
        print(f"| {len(before) - 1} | {lost} | {doubled} | {len(same)} | {named} |\n")
        print("| damages of the kept results | runs that told of one | runs whose files differ |")
        print("| --- | --- | --- |")
        print(f"| {tried} | {told} | {len(differ)} |")
        if others or lost or doubled:
            raise SystemExit(1)


if __name__ == "__main__":
    main()
