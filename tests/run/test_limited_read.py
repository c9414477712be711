"""`gongkai.read` reads in a limited child: a file made to harm costs itself only."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import gongkai
from gongkai.run import Budget, limited_read
from gongkai.run.discover import Input
from gongkai.run.pool import Pool

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no limits there")

ROOT = Path(__file__).parents[2]
Folder = Callable[..., Path]


@pytest.fixture
def harmed(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], str]]:
    """`harmed(name)` is the code of the finding that fake_reader's file of this name gives."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "tests"))
    monkeypatch.setattr(limited_read, "READER", "builders.fake_reader:read")
    monkeypatch.setattr(limited_read, "BUDGET", Budget(2.0, 2**31))
    limited_read.CHILD.close()

    def read(name: str) -> str:
        report = gongkai.read(folder(name) / name)
        return report.findings[0].code if report.status == "failed" else report.status

    yield read
    limited_read.CHILD.close()


def test_a_file_that_takes_too_much_is_a_failed_report_and_the_next_one_is_read(
    harmed: Callable[[str], str],
) -> None:
    names = (
        "a.docx",
        "hang_.pdf",
        "memory_.pdf",
        "segv_.pdf",
        "exit_.pdf",
        "bug_.pdf",
        "killed_.pdf",
        "b.docx",
    )
    found = {name: harmed(name) for name in names}
    assert found == {
        "a.docx": "ok", "hang_.pdf": "timeout", "memory_.pdf": "memory", "segv_.pdf": "crashed",
        "exit_.pdf": "crashed", "bug_.pdf": "crashed", "killed_.pdf": "memory", "b.docx": "ok",
    }  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who started whom")
@pytest.mark.parametrize("name", ["stray_.pdf", "straykilled_.pdf"])
def test_what_was_started_twice_over_ends_with_the_child(
    name: str, folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the child is late, and where it dies by itself."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "tests"))
    limits, told = Budget(3.0, 2**31), tmp_path / "pid"
    with Pool(
        1, "builders.fake_reader:read", told, limits, lambda: None, launch=limited_read.ScriptProcess
    ) as pool:
        (result,) = pool.results([(1, Input(folder(name) / name, name))])
        assert result.statuses == ("failed",)
        started, deadline = Path("/proc", told.read_text()), time.monotonic() + 5
        while started.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not started.exists()


def test_it_can_be_turned_off_and_gives_the_same() -> None:
    path = ROOT / "samples" / "2021_city.docx"
    assert gongkai.read(path) == gongkai.read(path, limited=False)


def test_what_lies_beside_a_checkout_is_not_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkout is a folder of any name; its parent may hold scripts that are called as modules of Python are."""
    (tmp_path / "re.py").write_text("raise SystemExit('this is no module of Python')\n", "utf-8")
    path = ROOT / "samples" / "2021_city.docx"
    for name in ("checkout", "gongkai"):
        monkeypatch.setattr(gongkai, "__path__", [str(tmp_path / name), *gongkai.__path__])
        limited_read.CHILD.close()
        assert gongkai.read(path).year == 2023
    limited_read.CHILD.close()


def test_a_script_need_not_guard_its_call_and_leaves_nothing_behind(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        f"import gongkai\nprint(gongkai.read({str(ROOT / 'samples' / '2021_city.docx')!r}).year)\n"
    )
    (tmp_path / "temporary").mkdir()
    env = {name: value for name, value in os.environ.items() if name == "PYTHONPATH"}
    env |= {"TMPDIR": str(tmp_path / "temporary")}
    done = subprocess.run([sys.executable, str(script)], env=env, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("2023\n", "")
    assert list((tmp_path / "temporary").iterdir()) == []
