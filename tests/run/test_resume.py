"""A run that was stopped goes on; what is unchanged is not read again; two runs exclude each other."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gongkai.run import Budget, Busy, DatasetCounts, Progress, pool, run
from gongkai.run import discover as inputs
from gongkai.run.lock import locked

Folder = Callable[..., Path]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no signals there")


@pytest.fixture(autouse=True)
def _settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files count as settled as soon as they are written, or every test would wait for seconds."""
    monkeypatch.setattr(inputs, "SETTLED_SECONDS", -1.0)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "results" / "out"


def go(top: Path, out: Path, **more: Any) -> tuple[DatasetCounts, list[str]]:
    """A run with fake_reader, and the files that it read."""
    told: list[Progress] = []
    timeout = more.pop("timeout", 30.0)
    more = {
        "workers": 2,
        "options": None,
        "budget": Budget(timeout, 2**31),
        "progress": told.append,
        **more,
    }
    tally = run([top], out, templates=(), reader="builders.fake_reader:read", **more)
    return tally, sorted(progress.source_file for progress in told)


def files(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.iterdir() if path.name != "run.json"}


def test_nothing_new_is_not_read_and_not_written_again(folder: Folder, out: Path) -> None:
    top = folder("a.docx", "b.docx", "archive_.zip")
    first, _ = go(top, out)
    times = {path.name: path.stat().st_mtime_ns for path in out.iterdir()}
    second, read = go(top, out)
    assert (read, second.unchanged, second.reports) == ([], 3, first.reports)
    assert {path.name: path.stat().st_mtime_ns for path in out.iterdir()} == times


@pytest.mark.parametrize("change", ["content", "added", "gone", "touched", "fresh", "options", "dataset"])
def test_only_what_changed_is_read_and_the_datasets_are_those_of_a_first_run(
    change: str, folder: Folder, out: Path, tmp_path: Path
) -> None:
    top = folder("a.docx", "b.docx", "c.docx")
    go(top, out)
    more: dict[str, Any] = {}
    match change:
        case "content":
            (top / "b.docx").write_text("another")
        case "added":
            folder("aa.docx")
        case "gone":
            (top / "b.docx").unlink()
        case "touched":
            (top / "b.docx").touch()
        case "fresh":
            more = {"fresh": True}
        case "options":
            more = {"options": "others"}
        case "dataset":
            (out / "facts.csv").write_text("spoilt")
    _, read = go(top, out, **more)
    every = ["a.docx", "b.docx", "c.docx"]
    expected = {"content": ["b.docx"], "added": ["aa.docx"], "fresh": every, "options": every}
    assert read == expected.get(change, [])
    go(top, tmp_path / "again", **more)
    assert files(out) == files(tmp_path / "again")


def test_a_file_that_ran_out_of_time_is_read_again_with_more_of_it(
    folder: Folder, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "LITTLE", 0.05)  # other tests compute beside it
    top = folder("a.docx", "busy_.docx")
    tally, _ = go(top, out, timeout=0.5)
    assert tally.failed == 1
    assert go(top, out, timeout=0.5)[1] == []
    tally, read = go(top, out, timeout=30.0)
    assert (tally.failed, read) == (0, ["busy_.docx"])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how much a process computed")
def test_a_file_that_was_late_and_hardly_computed_is_tried_again_alone_at_the_end(
    folder: Folder, out: Path, tmp_path: Path
) -> None:
    names: list[str] = []
    top = folder("a_loaded.docx", "loaded_.docx", *(f"{n}.docx" for n in range(5)))
    tally, _ = go(
        top, out, timeout=2.0, options=str(tmp_path / "mark"), progress=lambda p: names.append(p.source_file)
    )
    assert (tally.failed, names[-1]) == (0, "loaded_.docx")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how much a process computed")
def test_a_file_that_was_late_may_be_killed_once_when_it_is_read_alone(
    folder: Folder, out: Path, tmp_path: Path
) -> None:
    tally, _ = go(folder("a.docx", "unlucky_.docx"), out, timeout=2.0, options=str(tmp_path / "mark"))
    assert (tally.failed, (tmp_path / "mark").read_text()) == (0, "xxx")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how much a process computed")
def test_a_file_that_shared_its_processor_has_as_much_more_time_when_it_is_read_alone(
    folder: Folder, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = folder("a.docx", "slow_.docx")  # half a second
    assert go(top, out, timeout=0.3)[0].failed == 1
    of_process = pool.computing_seconds
    monkeypatch.setattr(pool, "computing_seconds", lambda pid: (of_process(pid) or 0.0) + 0.06)
    assert go(top, out, timeout=0.3)[0].failed == 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how much a process computed")
def test_the_verdict_of_a_loaded_machine_is_not_kept(folder: Folder, out: Path) -> None:
    top = folder("a.docx", "slow_.docx")
    assert go(top, out, timeout=0.2)[0].failed == 1
    tally, read = go(top, out, timeout=0.2)
    assert (tally.failed, read) == (1, ["slow_.docx"])
    assert go(top, out, timeout=30.0)[0].failed == 0


def test_what_is_no_longer_wanted_gives_its_disk_back(folder: Folder, out: Path) -> None:
    top = folder(*(f"{n:02}.docx" for n in range(20)))
    go(top, out)
    kept = sum(path.stat().st_size for path in out.parent.glob(".out.state/*.shard"))
    for n in range(15):
        (top / f"{n:02}.docx").unlink()
    go(top, out)
    assert sum(path.stat().st_size for path in out.parent.glob(".out.state/*.shard")) < kept / 2
    assert go(top, out)[0].unchanged == 5


def test_what_was_kept_and_is_damaged_is_read_again(folder: Folder, out: Path) -> None:
    top = folder("a.docx", "b.docx")
    go(top, out)
    for path in out.parent.glob(".out.state/*.shard"):
        path.write_bytes(path.read_bytes()[:-5])
    assert go(top, out)[1] == ["a.docx", "b.docx"]


def script(top: Path, out: Path) -> str:
    return textwrap.dedent(f"""
        from pathlib import Path
        from gongkai.run import run
        if __name__ == "__main__":
            run([Path({str(top)!r})], Path({str(out)!r}), workers=2, options=None, templates=(),
                reader="builders.fake_reader:read")
    """)


def started(top: Path, out: Path, tmp_path: Path) -> subprocess.Popen[bytes]:
    """A run in a process of its own."""
    path = tmp_path / "script.py"
    path.write_text(script(top, out))
    return subprocess.Popen(
        [sys.executable, str(path)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stderr=subprocess.PIPE,
    )


def test_a_run_that_was_killed_goes_on_and_gives_the_same_bytes(
    folder: Folder, out: Path, tmp_path: Path
) -> None:
    top = folder(*(f"{'slow' if n % 9 == 0 else 'x'}_{n:02}.docx" for n in range(40)), "exit_.pdf")
    go(top, tmp_path / "undisturbed")
    for pause in (0.9, 1.3, 1.8, 2.2):
        process = started(top, out, tmp_path)
        time.sleep(pause)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    go(top, out)
    assert files(out) == files(tmp_path / "undisturbed")
    assert [path.name for path in out.parent.iterdir() if path.name.startswith(".")] == [".out.state"]


def test_a_kill_between_the_two_renames_of_a_dataset_is_made_good(folder: Folder, out: Path) -> None:
    top = folder("a.docx")
    go(top, out)
    before = files(out)
    out.rename(out.parent / ".out.0123456789ab.old")
    (out.parent / ".out.0123456789ab.partial").mkdir()
    go(top, out)
    assert files(out) == before
    assert sorted(path.name for path in out.parent.iterdir()) == [".out.state", "out"]


def test_two_runs_on_one_folder_exclude_each_other(folder: Folder, out: Path) -> None:
    top = folder("a.docx")
    (out.parent / ".out.state").mkdir(parents=True)
    with (
        locked(out.parent / ".out.state" / "lock", "2026-01-01T00:00:00+00:00"),
        pytest.raises(
            Busy, match=rf"^out: another run .*process {os.getpid()} on .*since 2026-01-01T00:00:00"
        ),
    ):
        go(top, out)
    go(top, out)


def test_a_full_disk_is_said_and_the_next_run_finishes(
    folder: Folder, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gongkai.run.results.result_store import ResultStore

    def full(self: ResultStore) -> None:
        raise OSError(28, "No space left on device")

    top = folder("a.docx", "b.docx")
    with monkeypatch.context() as patched, pytest.raises(OSError, match="No space left"):
        patched.setattr(ResultStore, "sync", full)
        go(top, out)
    assert go(top, out)[0].ok == 2


def test_files_of_one_name_and_content_have_ids_of_their_own(folder: Folder, out: Path) -> None:
    import csv

    top = folder("x/a.docx", "y/a.docx", "y/b.docx")
    for path in top.rglob("*.docx"):
        path.write_text("the same")
    run(
        [top / "x", top / "y"], out, workers=2, options=None, templates=(), reader="builders.fake_reader:read"
    )
    with (out / "reports.csv").open(encoding="utf-8-sig", newline="") as file:
        ids = [line["report_id"] for line in csv.DictReader(file)]
    assert ids[1] == f"{ids[0]}-2" and len(set(ids)) == 3
