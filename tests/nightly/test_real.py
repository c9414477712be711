"""Whole nights as cron runs them: the real crawler over a site on 127.0.0.1, the real reader, a version published."""

from __future__ import annotations

import csv
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from builders import website
from builders.old_formats import needs_office, saved

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
TITLE = "{}{}年政府信息公开工作年度报告"


@pytest.fixture
def web() -> Iterator[Any]:
    """A site on 127.0.0.1, as the tests of crawling make it."""
    pytest.importorskip("scrapy", reason="the extra gongkai[crawl] is not installed")
    with website.serving() as site:
        yield site


def publish(web: Any, documents: dict[str, bytes]) -> None:
    """A list page of two, the second in GBK and found by a script, with these documents by their names."""
    links = [f'<li><a href="{name}">{TITLE.format("临江市", name[:4])}</a></li>' for name in documents]
    script = '<script>createPageHTML(2, 0, "index", "html");</script>'
    web.page("/nb/index.html", "".join(links[::2]) + script)
    web.page("/nb/index_1.html", "".join(links[1::2]), "gbk")
    for path in [p for p in web.routes if p.startswith("/nb/2")]:
        del web.routes[path]
    for name, data in documents.items():
        web.file(f"/nb/{name}", data)


@pytest.fixture
def town(web: Any, tmp_path: Path) -> Path:
    """A folder with gongkai.toml and sites.toml; four reports are published in it."""
    publish(web, first())
    (tmp_path / "sites.toml").write_text(
        '[crawl]\ncontact = "tests@example.com"\ndelay = 0.0\nbackoff = 0.01\nconfirm_hours = 0.0\nrecheck_days = 0.0\n'
        f'[[site]]\nid = "linjiang"\nbody = "临江市人民政府"\nstart = ["{web.url}/nb/index.html"]\nleast = 3\n',
        "utf-8",
    )
    (tmp_path / "gongkai.toml").write_text(
        'archive = "archive"\ndatasets = "datasets"\nshrink = 0.9\n'
        '[crawl]\nsites = "sites.toml"\noptions = ["--allow-private", "--recheck"]\n[run]\nworkers = 1\n',
        "utf-8",
    )
    return tmp_path


def first() -> dict[str, bytes]:
    names = {"2023.docx": "2021_city.docx", "2022.html": "2022_gbk.html", "2021.pdf": "2021_city.pdf"}
    return {name: (SAMPLES / sample).read_bytes() for name, sample in names.items()} | {
        "2020.pdf": b"%PDF-1.4\n%%EOF\n"  # begins and ends like one
    }


def start(town: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-P", "-m", "gongkai", "nightly", str(town / "gongkai.toml")]
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )


def night(town: Path) -> tuple[int, str, dict[str, Any]]:
    """One night: exit code, the line, and report.json."""
    process = start(town)
    line, errors = process.communicate(timeout=120)
    assert "Traceback" not in errors, errors
    newest = max((town / "datasets" / "nights").iterdir())
    return process.returncode, line.strip(), json.loads((newest / "report.json").read_text("utf-8"))


def rows(town: Path, name: str) -> list[dict[str, str]]:
    with (town / "datasets" / "current" / f"{name}.csv").open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def changes(told: dict[str, Any]) -> dict[str, int]:
    return {kind: n["count"] for kind, n in told["diff"]["reports"].items() if n["count"]}


def test_nights_over_a_site_that_changes(web: Any, town: Path) -> None:
    code, line, _ = night(town)
    assert (code, "published: 3 reports" in line) == (0, True)  # what cannot be read is told in reports
    assert {r["status"] for r in rows(town, "reports")} == {"ok", "failed"}
    sources = {r["url"].rpartition("/")[2]: r["source_file"] for r in rows(town, "sources")}
    assert sorted(sources) == ["2020.pdf", "2021.pdf", "2022.html", "2023.docx"]
    published = os.readlink(town / "datasets" / "current")

    web.forget()
    code, line, _ = night(town)
    assert (code, "no change" in line) == (0, True)
    assert os.readlink(town / "datasets" / "current") == published
    # what is held is asked for with its ETag and not sent again
    assert set(web.paths()) == set(web.paths(304))

    # a report is replaced by one whose sums fail, one is withdrawn, one is new
    failing = (SAMPLES / "2021_sums_fail.docx").read_bytes()
    documents = {**first(), "2023.docx": failing, "2019.docx": (SAMPLES / "2019_township.docx").read_bytes()}
    del documents["2021.pdf"]
    publish(web, documents)
    _, line, told = night(town)
    assert changes(told) == {"replaced": 1, "new": 1, "newly_failing": 1} and "1 newly failing" in line
    assert os.readlink(town / "datasets" / "current") != published
    _, _, told = night(town)  # gone a second time, it was withdrawn
    assert changes(told) == {"gone": 1}
    assert {r["url"].rpartition("/")[2] for r in rows(town, "sources")} == set(documents)

    # the site is down: yesterday's datasets stay what they were
    before = rows(town, "facts")
    web.routes = {path: type(reply)(b"", 503) for path, reply in web.routes.items()}
    code, _, _ = night(town)
    assert code == 1 and rows(town, "facts") == before


def made_up_for(town: Path) -> None:
    """A night, as soon as what killed ones started has ended."""
    deadline = time.monotonic() + 60
    code, line, _ = night(town)
    while code == 3 and time.monotonic() < deadline:
        code, line, _ = night(town)
    assert code in (0, 1), line


def kill_nights(town: Path, count: int, chance: random.Random) -> Iterator[None]:
    """Nights that are killed at random moments, the next when it is asked for."""
    for _ in range(count):
        process = start(town)
        time.sleep(chance.uniform(0.5, 3.0))
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        yield


def test_a_night_that_is_killed_is_made_up_for(web: Any, town: Path) -> None:
    for _ in kill_nights(town, 4, random.Random(7)):
        pass
    made_up_for(town)
    assert {r["url"].rpartition("/")[2] for r in rows(town, "sources")} == set(first())
    assert len(rows(town, "reports")) == 4


def test_a_later_night_that_is_killed_leaves_what_is_published_and_is_made_up_for(
    web: Any, town: Path, tmp_path: Path
) -> None:
    night(town)
    steady = tmp_path / "steady"
    for name in ("archive", "datasets"):
        shutil.copytree(town / name, steady / name, symlinks=True)
    for name in ("gongkai.toml", "sites.toml"):
        shutil.copy(town / name, steady / name)
    failing = (SAMPLES / "2021_sums_fail.docx").read_bytes()
    publish(
        web, {**first(), "2023.docx": failing, "2019.docx": (SAMPLES / "2019_township.docx").read_bytes()}
    )
    before = rows(town, "facts")
    night(steady)
    after = rows(steady, "facts")
    assert before != after
    for _ in kill_nights(town, 5, random.Random(11)):
        assert rows(town, "facts") in (before, after)
    made_up_for(town)
    assert rows(town, "facts") == after
    assert [r["sha256"] for r in rows(town, "reports")] == [r["sha256"] for r in rows(steady, "reports")]


def test_every_kind_of_file_goes_through_a_night(web: Any, town: Path) -> None:
    samples = [
        "2021_city.docx",
        "2021_city.pdf",
        "2022_gbk.html",
        "2022_pages.ofd",
        "2022_book.xlsx",
        "2023_saved.doc",
        "gbk_names.zip",
    ]
    documents = {
        f"{2023 - n}{Path(sample).suffix}": (SAMPLES / sample).read_bytes()
        for n, sample in enumerate(samples)
    }
    publish(web, documents)
    night(town)
    assert read(town) == set(documents)


@needs_office
def test_old_formats_go_through_a_night(web: Any, town: Path) -> None:
    (book,) = saved(town, "xls", SAMPLES / "2022_book.xlsx")
    (text,) = saved(town, "doc", SAMPLES / "2019_township.docx")
    if not book.exists() or not text.exists():
        pytest.skip("LibreOffice has no part here that saves .xls or .doc")
    publish(
        web, {**first(), "2022.xls": book.read_bytes(), "2019.wps": text.read_bytes()}
    )  # .wps holds what .doc does
    night(town)
    assert {"2022.xls", "2019.wps"} <= read(town)


def read(town: Path) -> set[str]:
    """The names, on the site, of files that gave values."""
    sources = {r["source_file"]: r["url"].rpartition("/")[2] for r in rows(town, "sources")}
    return {sources[r["source_file"].partition("!/")[0]] for r in rows(town, "facts")}
