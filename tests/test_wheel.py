"""The wheel, installed outside the tree, runs the command."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("hatchling", reason="hatchling builds the wheel")
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_the_data_and_neither_samples_nor_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    folders = {n.partition("/")[0] for n in names if n.endswith(".py")} - {"model.py", "pipeline.py"}
    data = {p.relative_to(ROOT).as_posix() for f in folders for p in (ROOT / f).rglob("*.toml")}
    assert {"normalize/templates/2019.toml", "normalize/aliases.toml", "emit/datasets.toml"} <= data
    pages = {f"review/{name}" for name in ("page.html", "page.css", "page.js", "index.js")}
    divisions = {"normalize/divisions.txt.gz"}
    assert data | pages | divisions | {"model.py", "pipeline.py"} <= set(names)
    assert folders == {
        "extract",
        "normalize",
        "audit",
        "emit",
        "run",
        "commands",
        "crawl",
        "nightly",
        "review",
    }
    assert not [n for n in names if n.startswith(("samples", "tests", "bench")) or n.endswith(".pyc")]


def test_the_installed_command_reads_a_sample(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    offline = ["--no-deps", "--no-index", "--disable-pip-version-check"]
    pip = [sys.executable, "-m", "pip", "install", "--quiet", *offline, "--target", str(site), str(wheel)]
    subprocess.run(pip, check=True, capture_output=True)
    code = "import sys; sys.path.insert(0, sys.argv.pop(1)); import pipeline; assert pipeline.__file__.startswith(sys.path[0]); sys.exit(pipeline.main(sys.argv[1:]))"
    sample = ROOT / "samples" / "2021_city.docx"
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | {"PYTHONUTF8": "1"}
    shown = subprocess.run(
        [sys.executable, "-c", code, str(site), "show", str(sample), "--json"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert shown.returncode == 0, shown.stderr
    assert '"org": "临江市人民政府"' in shown.stdout
