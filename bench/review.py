"""The server of `gongkai review --serve` on a large dataset: how long each page takes, how much memory, how many keys.

    python bench/review.py [COUNT] [--keep FOLDER]       default: 20000 reports
    python bench/review.py --pictures [FOLDER]           docs/review-*.png, in both languages (wants Chromium)

The dataset is made of the reports of samples/ under other names and years. The server runs in this process's own
child; times are those of its requests by the clock, and of computing beside them, because a machine at work on other
things makes the first meaningless. Peak memory is that of the server.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from builders import chromium  # noqa: E402
from builders.review_server import SAMPLES, ReviewServer, dataset, sign_in, wait_for_paper  # noqa: E402
from gongkai import pipeline  # noqa: E402
from gongkai.emit import emit  # noqa: E402
from gongkai.model import Report  # noqa: E402
from gongkai.normalize import templates  # noqa: E402

#: samples of which the dataset is made: all forms, sums that hold and fail, paper with pages and without
SAMPLE_NAMES = ("2021_sums_fail.pdf", "2021_city.pdf", "2021_city.docx", "2019_township.docx", "2019_bureau.pdf", "2021_sums_fail.docx")  # fmt: skip
BODIES = 2_500
YEARS = range(2017, 2025)
#: requests of each kind, the first of which is left out: it warms what all others share
TIMES = 25
#: what the reviewers ask for: milliseconds
LIMITS = {"list": 200, "report": 150, "picture": 400}


def made(count: int) -> Iterator[Report]:
    """So many reports: those of the samples as other bodies and years have them."""
    base = [r for name in SAMPLE_NAMES for r in pipeline.read_source(pipeline.source_of(SAMPLES / name))]
    for n in range(count):
        report = base[n % len(base)]
        body, year = f"青石县第{n % BODIES}局", YEARS[n // BODIES % len(YEARS)]
        path = f"site{n % 40}/{body}{year}_{Path(report.source.path).name}"
        yield replace(report, source=replace(report.source, path=path), org=body, year=year)


def make_dataset(count: int, to: Path) -> Path:
    """The dataset, and a folder with the documents under the names that its reports have, as links."""
    reports = sorted(made(count), key=lambda r: r.source.path)
    documents = to / "documents"
    for report in reports:
        path = documents / report.source.path
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            os.link(SAMPLES / path.name.partition("_")[2], path)
    out = to / "out"
    emit(iter(reports), out, templates=templates(), run_facts={"inputs": [str(documents)]})
    return out


def computing(process: int) -> float:
    """Seconds of computing of a process and of its children that have ended or run."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text("ascii", "replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(stat.parent.name) == process or int(fields[1]) == process:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def memory(process: int) -> float:
    """MiB that a process has in memory now."""
    found = re.search(r"VmRSS:\s*(\d+)", Path(f"/proc/{process}/status").read_text("ascii"))
    assert found is not None
    return int(found[1]) / 1024


def measure(server: ReviewServer, kind: str, paths: Sequence[str], line: Callable[[str], None]) -> None:
    """Ask for each address once; the first is left out."""
    server.ask(paths[0])
    seconds = []
    before = computing(server.process.pid)
    for path in paths[1:]:
        begun = time.perf_counter()
        status, _, _ = server.ask(path)
        seconds.append(time.perf_counter() - begun)
        assert status == 200, (path, status)
    own = (computing(server.process.pid) - before) / len(seconds) * 1000
    limit = f"  (at most {LIMITS[kind]})" if kind in LIMITS else ""
    line(
        f"{kind:<10} median {statistics.median(seconds) * 1000:6.0f} ms   slowest {max(seconds) * 1000:6.0f} ms   "
        f"computing {own:6.0f} ms{limit}"
    )


def filters() -> list[str]:
    """Addresses of the list with one and several filters, texts and orders."""
    single = [
        "",
        "status=ok",
        "sums=fail",
        "form=2019",
        "code=sum-differs",
        "rule=R3",
        "table=requests",
        "source=site7",
        "state=open",
    ]
    several = [
        "year=2021&year=2022&sums=fail",
        "q=" + quote("第77局"),
        "sort=body",
        "sort=year&page=90",
        f"body={quote('青石县第5局')}",
    ]
    return ["/?" + f for f in (single + several) * 2]


def bench(count: int, folder: Path) -> None:
    """Measure, and print."""
    out = folder / "out"
    if not out.exists():
        make_dataset(count, folder)
    begun = time.perf_counter()
    server = ReviewServer(out)
    try:
        text = server.ask("/?sort=file")[2]
        print(
            f"{count:,} reports; the server starts in {time.perf_counter() - begun:.1f} s, {memory(server.process.pid):.0f} MiB"
        )
        ids = re.findall(r'href="/reports/([0-9a-f]{16}(?:-\d+)?)', text)
        for page in random.Random(1).sample(range(1, count // 100), 3):
            ids += re.findall(
                r'href="/reports/([0-9a-f]{16}(?:-\d+)?)', server.ask(f"/?sort=file&page={page}")[2]
            )
        random.Random(2).shuffle(ids)
        pdfs = re.findall(
            r'href="/reports/([0-9a-f]{16})[^"]*"(?:(?!</tr>).)*?\.pdf<', server.ask("/?q=.pdf")[2], re.DOTALL
        )
        measure(server, "list", filters(), print)
        measure(server, "report", [f"/reports/{id}" for id in ids[:TIMES]], print)
        measure(server, "paper", [f"/reports/{id}/paper" for id in ids[:TIMES]], print)
        measure(server, "picture", [f"/reports/{id}/pages/1" for id in pdfs[:TIMES]], print)
        measure(server, "years", [f"/reports/{id}/years" for id in ids[:TIMES]], print)
        measure(server, "dashboard", ["/dashboard"] * 4, print)
        first = memory(server.process.pid)
        for id in ids * 2:
            server.ask(f"/reports/{id}")
        print(
            f"memory     {first:.0f} MiB, and {memory(server.process.pid):.0f} MiB after {2 * len(ids)} reports more"
        )
    finally:
        server.stop()


def keys() -> None:
    """Keys that a person presses, counted in a browser on a report whose diagnosis is right, and on one that is right."""
    print(
        "keys       2 to correct a digit that the diagnosis found (Enter, Enter); its digits and Enter for any other;"
    )
    print("           1 to pass a right report (s): counted by tests/review/test_review_session.py")


# Pictures for the documentation ----------------------------------------------------------------


def pictures(to: Path) -> None:
    """List, report and dashboard at 1280 × 720, in both languages."""
    names = [
        p
        for p in sorted(SAMPLES.iterdir())
        if re.match(r"(2019_b|2020_h|2021_(city|sums)|2022_b)", p.name) and p.suffix in (".pdf", ".docx")
    ]
    with tempfile.TemporaryDirectory() as folder:
        server = ReviewServer(dataset(Path(folder) / "out", names))
        window = chromium.Chromium(Path(folder) / "profile", 1280, 720)
        try:
            report = re.findall(r'href="/reports/([0-9a-f]{16})', server.ask("/?q=2021_sums_fail.pdf")[2])[0]
            city = re.findall(r'href="/reports/([0-9a-f]{16})', server.ask("/?q=2021_city")[2])[0]
            server.act(city, "李", 0, action="seen")
            for language in ("zh", "en"):
                sign_in(window, server, "王审计", language)
                window.open(f"{server.address}/reports/{report}")
                wait_for_paper(window)
                window.picture().quantize(128).save(to / f"review-report.{language}.png", optimize=True)
                for name, path in (("list", "/"), ("dashboard", "/dashboard")):
                    window.open(server.address + path)
                    window.picture().quantize(128).save(to / f"review-{name}.{language}.png", optimize=True)
        finally:
            window.close()
            server.stop()


def main() -> None:
    """Measure, or make the pictures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("count", nargs="?", type=int, default=20_000)
    parser.add_argument("--keep", type=Path, help="folder for the dataset, which is made once")
    parser.add_argument(
        "--pictures", type=Path, nargs="?", const=ROOT / "docs", help="make the pictures of docs/ instead"
    )
    given = parser.parse_args()
    if given.pictures is not None:
        pictures(given.pictures)
    elif given.keep is not None:
        bench(given.count, given.keep)
        keys()
    else:
        with tempfile.TemporaryDirectory() as folder:
            bench(given.count, Path(folder))
        keys()


if __name__ == "__main__":
    main()
