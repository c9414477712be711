"""Nothing from the folder one stands in is ever run, whatever its files are called."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import gongkai
import house
from builders import website
from gongkai.commands import COMMANDS

ROOT = Path(__file__).parents[1]
SAMPLE = "in/2021_city.docx"
FIELD = "requests.new_requests.total"
#: a port at which nothing listens
REFUSED = "http://127.0.0.1:9/index.html"

#: commands and the codes they end with, in a folder that holds reports, their datasets, and files of options
CALLS = (
    ("run in --to again --workers 2", 0),
    ("crawl sites.toml --to archive --allow-private", 0),
    (f"crawl --try {REFUSED} --allow-private --contact a@example.com", 1),
    (f"show {SAMPLE}", 0),
    (f"show {SAMPLE} --json", 0),
    (f"explain {SAMPLE} {FIELD}", 0),
    ("explain --label 本年新收公开申请数", 0),
    ("draw in/2021_city.pdf --to page.png", 0),
    ("check datasets", 0),
    (f"correct datasets {FIELD} 5 --file 2021_city.docx --by 王", 0),
    (f"confirm datasets {FIELD} --file 2021_city.pdf --by 王", 0),
    ("review datasets in --to pages --workers 2", 0),
    ("fields", 0),
    ("labels datasets", 0),
    ("export datasets --to export.xlsx --to export.sqlite", 0),
    ("plots datasets --to plots", 0),
    ("bodies datasets --to register.csv", 0),
    ("panel datasets --to panel.dta --to panel.csv --to panel.sqlite", 0),
    ("body 临江市人民政府", 0),
    ("coverage datasets --bodies bodies.csv --to coverage", 0),
    ("diff datasets again --to diff", 0),
    ("nightly gongkai.toml", 0),
    ("doctor", 0),
    (f"extract {SAMPLE}", 0),
    (f"normalize {SAMPLE}", 0),
)
CRAWLS = ("crawl", "nightly")
#: commands that start processes of every kind: called as `python -P -m gongkai` too
STARTERS = ("run", "nightly")

SITES = """
[crawl]
contact = "a@example.com"
delay = 0.1

[[site]]
id = "nobody"
body = "临江市人民政府"
start = ["{url}/nb/"]
least = 1
"""
NIGHT = """
archive = "fetched"
datasets = "nights"
run = {workers = 2}
crawl = {sites = "sites.toml", options = ["--allow-private"]}
"""


def names() -> set[str]:
    """What our own modules, Python's and those of every installed library are called."""
    own = {part for module in house.modules(ROOT) for part in module.split(".")}
    return {*own, *sys.stdlib_module_names, *packages_distributions(), "sitecustomize", "usercustomize"}


@dataclass(frozen=True)
class Trap:
    """A folder in which every file of Python leaves its name in `marks` when it is run."""

    folder: Path
    marks: Path

    def environment(self, **more: str) -> dict[str, str]:
        """What a user has whose Python finds the package, and nothing of this folder."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COV"))}
        paths = {"PYTHONPATH": _parent()} if _parent() else {}
        return {**inherited, "PYTHONUTF8": "1", **paths, **more}

    def call(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        """What a command ends with that is called there."""
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment(),
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    def has_caught(self) -> set[str]:
        return set(self.marks.read_text("utf-8").split()) if self.marks.exists() else set()


def _parent() -> str:
    """The folder that holds the package `gongkai` of these tests; none where it is installed."""
    package = Path(gongkai.__file__ or "").parent
    return str(package.parent.absolute()) if package.name == "gongkai" else ""


def _script() -> str:
    script = shutil.which("gongkai", path=sysconfig.get_path("scripts"))
    if script is None:
        pytest.skip("the command gongkai is not installed")
    return script


@pytest.fixture(scope="module")
def publisher() -> Iterator[str]:
    """The address of a site with one report."""
    with website.serving() as web:
        web.page("/nb/", '<a href="1.docx">临江市2023年政府信息公开工作年度报告</a>')
        web.file("/nb/1.docx", (ROOT / "samples" / "2021_city.docx").read_bytes())
        yield web.url


@pytest.fixture(scope="module")
def filled(publisher: str, tmp_path_factory: pytest.TempPathFactory) -> Trap:
    """A trap with everything that the commands need; the datasets were made there."""
    top = tmp_path_factory.mktemp("stand")
    trap = Trap(top / "here", top / "marks")
    (trap.folder / "in").mkdir(parents=True)
    for name in names():
        mark = f"with open({str(trap.marks)!r}, 'a') as f:\n    f.write({name!r} + '\\n')\n"
        (trap.folder / f"{name}.py").write_text(mark, "utf-8")
    (trap.folder / "scrapy.cfg").write_text("[settings]\ndefault = settings\n", "utf-8")
    for name in ("2021_city.docx", "2021_city.pdf"):
        shutil.copy(ROOT / "samples" / name, trap.folder / "in")
    (trap.folder / "sites.toml").write_text(SITES.format(url=publisher), "utf-8")
    (trap.folder / "gongkai.toml").write_text(NIGHT, "utf-8")
    with (trap.folder / "bodies.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("org", "years"), ("临江市人民政府", "2021")])
    for folder in ("datasets", "again"):
        done = trap.call([_script(), "run", "in", "--to", folder, "--workers", "2"])
        assert (done.returncode, trap.has_caught()) == (0, set()), done.stderr
    return trap


@pytest.fixture
def trap(filled: Trap) -> Trap:
    filled.marks.unlink(missing_ok=True)
    return filled


def test_every_command_is_called_here() -> None:
    assert {call.split()[0] for call, _ in CALLS} == {command[0] for command in COMMANDS}


def test_a_file_that_is_run_leaves_a_mark(trap: Trap) -> None:
    trap.call([sys.executable, "-c", "import lxml, model, csv"])
    assert trap.has_caught() >= {"lxml", "model", "csv"}


def hold(trap: Trap, command: list[str], code: int) -> str:
    """What a command says; it ends with a code and has run no file of the folder."""
    if CRAWLS[0] in command or CRAWLS[1] in command:
        pytest.importorskip("scrapy", reason="the extra gongkai[crawl] is not installed")
    done = trap.call(command)
    assert trap.has_caught() == set()
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize(("call", "code"), CALLS)
def test_a_command_runs_nothing_of_the_folder_it_is_called_in(call: str, code: int, trap: Trap) -> None:
    said = hold(trap, [_script(), *call.split()], code)
    assert "without their paper" not in said


@pytest.mark.parametrize(("call", "code"), [c for c in CALLS if c[0].split()[0] in STARTERS])
def test_neither_does_the_package_called_with_a_safe_path(call: str, code: int, trap: Trap) -> None:
    hold(trap, [sys.executable, "-P", "-m", "gongkai", *call.split()], code)


def test_a_worker_of_a_cluster_runs_nothing_of_the_folder_it_was_started_in(trap: Trap) -> None:
    pytest.importorskip("distributed", reason="the extra gongkai[cluster] is not installed")
    dask = [shutil.which("dask", path=sysconfig.get_path("scripts")) or "dask"]
    parts = (
        ["scheduler", "--port", "0", "--scheduler-file", "scheduler.json", "--no-dashboard"],
        ["worker", "--scheduler-file", "scheduler.json", "--no-dashboard", "--nthreads", "1"],
    )
    with ExitStack() as stack:
        for part in parts:
            process = subprocess.Popen(
                [*dask, *part],
                cwd=trap.folder,
                env=trap.environment(PYTHONSAFEPATH="1"),  # Dask's own children: docs/scale.md
                start_new_session=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            stack.callback(process.wait)
            stack.callback(os.killpg, process.pid, signal.SIGTERM)
        path = trap.folder / "scheduler.json"
        deadline = time.monotonic() + 60
        while not path.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        address = json.loads(path.read_text("utf-8"))["address"]
        hold(trap, [_script(), *f"run in --to far --engine dask --scheduler {address}".split()], 0)
