"""The wheel, installed outside the tree, runs the command."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = (
    "extract", "normalize", "audit", "correct", "emit", "review", "run", "crawl", "nightly", "commands"
)  # fmt: skip


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the sources: building leaves nothing in the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    sources = folder / "sources"
    left = shutil.ignore_patterns(
        ".*", "__pycache__", "out", "samples", "tests", "bench", "fuzz", "*.egg-info"
    )
    shutil.copytree(ROOT, sources, ignore=left)
    code = "import sys; from setuptools.build_meta import build_wheel; print(build_wheel(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", code, str(folder)], cwd=sources, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_one_package_with_its_data_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {n.partition("/")[0] for n in names if ".dist-info" not in n} == {"gongkai"}
    wanted = {
        f"gongkai/{path.relative_to(ROOT).as_posix()}"
        for path in ROOT.rglob("*")
        if path.suffix in {".py", ".toml", ".txt", ".gz", ".html", ".css", ".js", ".j2"}
        and path.relative_to(ROOT).parts[0] in ROOMS
    }
    assert {n for n in names if ".dist-info" not in n} == wanted | {
        "gongkai/__init__.py",
        "gongkai/findings.toml",
        "gongkai/__main__.py",
        "gongkai/model.py",
        "gongkai/pipeline.py",
    }


def test_the_installed_command_reads_a_sample(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    offline = ["--no-deps", "--no-index", "--disable-pip-version-check"]
    pip = [sys.executable, "-m", "pip", "install", "--quiet", *offline, "--target", str(site), str(wheel)]
    subprocess.run(pip, check=True, capture_output=True)
    code = "import sys; sys.path.insert(0, sys.argv.pop(1)); import gongkai.commands; assert gongkai.__file__.startswith(sys.path[0]); sys.exit(gongkai.commands.main(sys.argv[1:]))"
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
