from __future__ import annotations

import csv
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gongkai import extract
from gongkai.pipeline import Options
from gongkai.run import READER, Budget, DatasetCounts, Progress, run
from gongkai.run.child import processes
from gongkai.run.child.processes import descendants, inner_numbers
from gongkai.run.child.temporary_folder import TemporaryFolder

Folder = Callable[..., Path]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no limits and signals there")


def read(folder: Path, name: str = "reports") -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def go(
    top: Path, out: Path, workers: int = 2, timeout: float = 30.0, options: object = None, **more: Any
) -> DatasetCounts:
    """A run with fake_reader, which takes any options."""
    more = {"reader": "builders.fake_reader:read", "templates": (), "options": options, **more}
    return run([top], out, workers=workers, budget=Budget(timeout, 2**31), **more)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "results" / "out"


def test_every_file_gives_its_rows_sorted_by_name(folder: Folder, out: Path) -> None:
    tally = go(folder("b.docx", "sub/a.docx", "a.docx"), out)
    assert [line["source_file"] for line in read(out)] == ["a.docx", "b.docx", "sub/a.docx"]
    assert [line["value"] for line in read(out, "facts")] == ["6", "6", "10"]
    assert (tally.reports, tally.ok, tally.facts) == (3, 3, 3)


def test_the_number_of_workers_changes_nothing(folder: Folder, tmp_path: Path) -> None:
    top = folder(*(f"{'slow' if n == 3 else 'x'}_{n:02}.docx" for n in range(30)), "exit_.pdf", "bug_.pdf")
    for workers in (1, 3):
        go(top, tmp_path / str(workers), workers)
    a, b = ({p.name: p.read_bytes() for p in (tmp_path / n).iterdir()} for n in ("1", "3"))
    assert {name for name in a if a[name] != b[name]} == {"run.json"}


@pytest.mark.skipif(not extract.can_go_offline(), reason="the system lets no process give its network up")
def test_what_reads_has_no_network(folder: Folder, out: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        go(folder("connect_.pdf"), out, options=server.getsockname()[1])
    assert [line["title"] for line in read(out)] == ["OSError"]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="only Linux tells who started whom")
def test_a_process_that_ends_while_its_like_are_listed_is_passed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    listed = os.listdir("/proc")
    monkeypatch.setattr(os, "listdir", lambda path: ["999999999", *listed])
    with subprocess.Popen(["sleep", "60"]) as child:
        listed.append(str(child.pid))
        try:
            assert child.pid in processes.descendants(os.getpid())
        finally:
            child.kill()


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_files_that_are_given_together_are_each_read_once(workers: int, folder: Folder, out: Path) -> None:
    names = [
        f"{'once' if n == 7 else 'exit' if n == 20 else 'x'}_{n:02}.{'doc' if n % 3 else 'pdf'}"
        for n in range(40)
    ]
    told: list[str] = []
    tally = go(
        folder(*names),
        out,
        workers,
        options=str(out.parent / "killed"),
        progress=lambda p: told.append(p.source_file),
    )
    assert sorted(told) == sorted(names)
    assert (tally.reports, tally.failed) == (40, 1)


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("memory_.pdf", "memory", "needs more than 2048 MiB of memory"),
        ("killed_.pdf", "memory", "killed by the system three times"),
        ("segv_.pdf", "crashed", "stopped by SIGSEGV"),
        ("exit_.pdf", "crashed", "exit code 3"),
        ("quiet_.pdf", "crashed", "exit code 0"),
        (
            "bug_.pdf",
            "crashed",
            "KeyError: 'no such label, says <object object at 0x…>' (builders/fake_reader.py, line ",
        ),
        ("twice_.pdf", "crashed", "1 fields have two values, the first is requests.new_requests.total"),
        ("none_.pdf", "crashed", "no Report"),
    ],
)
@pytest.mark.parametrize("workers", [1, 2])
def test_a_bad_document_costs_only_itself(
    name: str, code: str, words: str, workers: int, folder: Folder, out: Path
) -> None:
    assert words in bad(name, code, go(folder("a.docx", name, "y.docx", "z.docx"), out, workers), out)


@pytest.mark.parametrize(("name", "workers"), [("hang_.pdf", 1), ("spin_.pdf", 2)])
def test_a_document_that_takes_too_long_costs_only_itself(
    name: str, workers: int, folder: Folder, out: Path
) -> None:
    tally = go(folder("a.docx", name, "y.docx", "z.docx"), out, workers, timeout=2.0)
    assert "not read after 2 seconds" in bad(name, "timeout", tally, out)


def test_every_page_read_by_ocr_has_the_time_again(folder: Folder, out: Path) -> None:
    tally = go(folder("scan_.pdf"), out, timeout=3.0, options=Options())
    assert (tally.ok, tally.failed) == (1, 0)  # 4.5 seconds in all


def bad(name: str, code: str, tally: DatasetCounts, out: Path) -> str:
    """What is said of the one bad file of a run in which all others are well."""
    assert [(line["source_file"], line["status"], line["reason"]) for line in read(out)] == sorted(
        [("a.docx", "ok", ""), (name, "failed", code), ("y.docx", "ok", ""), ("z.docx", "ok", "")]
    )
    finding = next(line for line in read(out, "findings") if line["source_file"] == name)
    assert (finding["code"], finding["severity"], tally.errors) == (code, "error", 1)
    return finding["message"]


@pytest.mark.parametrize("name", ["once_.docx", "thrice_.docx"])
def test_a_process_that_is_killed_from_outside_costs_nothing(
    folder: Folder, out: Path, tmp_path: Path, name: str
) -> None:
    """Once it is read again, the second time alone at the end: what is read beside it may need the memory."""
    tally = go(folder("a.docx", name, "z.docx"), out, options=tmp_path / "mark")
    assert ((tmp_path / "mark").exists(), tally.ok) == (True, 3)


def test_a_failed_file_still_has_its_hash_and_size(folder: Folder, out: Path) -> None:
    go(folder("exit_.pdf"), out)
    line = read(out)[0]
    assert (len(line["sha256"]), line["bytes"]) == (64, "9")


def test_many_bad_documents_in_a_row_do_not_stop_the_run(folder: Folder, out: Path) -> None:
    tally = go(folder(*(f"exit_{n}.pdf" for n in range(8)), "z.docx"), out)
    assert (tally.failed, tally.ok) == (8, 1)


def test_what_cannot_be_opened_is_told_by_the_real_reader(folder: Folder, out: Path) -> None:
    top = folder()
    top.mkdir()
    (top / "gone.pdf").symlink_to("nowhere")
    (top / "loop.pdf").symlink_to("loop.pdf")
    go(top, out, reader=READER, options=Options())
    assert [(line["source_file"], line["status"], line["sha256"]) for line in read(out)] == [
        ("gone.pdf", "failed", ""),
        ("loop.pdf", "failed", ""),
    ]


def test_members_of_an_archive_and_further_reports_are_lines_of_their_own(folder: Folder, out: Path) -> None:
    go(folder("archive_.zip", "same_.docx"), out)
    assert [line["source_file"] for line in read(out)[:2]] == ["archive_.zip!/a.docx", "archive_.zip!/b.docx"]
    ids = [line["report_id"] for line in read(out)[2:]]
    assert ids == [ids[0], f"{ids[0]}-2", f"{ids[0]}-3"]


def test_a_child_needs_no_pandas(folder: Folder, out: Path) -> None:
    go(folder("modules_.docx"), out)
    assert {"pandas", "pyarrow", "numpy", "typer"} & set(read(out)[0]["title"].split()) == set()


def test_options_reach_the_reader_and_noise_reaches_nobody(
    folder: Folder, out: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    go(folder("options_.docx", "noise_.docx"), out, options="these")
    assert read(out)[1]["title"] == "these"
    assert capfd.readouterr() == ("", "")


def test_a_child_is_replaced_after_a_large_document(folder: Folder, out: Path) -> None:
    go(folder("a/pid_.docx", "b/pid_.docx", "c/large_.docx", "d/pid_.docx"), out, workers=1)
    pids = [line["title"] for line in read(out) if "pid" in line["source_file"]]
    assert pids[0] == pids[1] != pids[2]


def test_what_a_document_left_in_the_temporary_folder_is_removed(folder: Folder, out: Path) -> None:
    go(folder("litter_.docx"), out)
    place = Path(read(out)[0]["title"])
    assert place.name == "0"
    assert place.parent.parent == Path(tempfile.gettempdir())
    assert not place.parent.exists()


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits to be noticed does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def ended(pid: int) -> bool:
    """Whether a process ends within a few seconds: a kill takes its time."""
    deadline = time.monotonic() + 10
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not alive(pid)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who started whom")
def test_what_a_late_child_started_is_ended_with_it(folder: Folder, out: Path, tmp_path: Path) -> None:
    go(folder("brood_.pdf"), out, timeout=1.0, options=tmp_path / "pid")
    assert ended(int((tmp_path / "pid").read_text()))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who started whom")
def test_what_was_started_twice_over_is_ended_too(folder: Folder, out: Path, tmp_path: Path) -> None:
    go(folder("orphan_.pdf"), out, timeout=3.0, options=tmp_path / "pid")
    assert ended(int((tmp_path / "pid").read_text()))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process adopt others")
@pytest.mark.parametrize("name", ["stray_.pdf", "straykilled_.pdf", "strayread_.pdf"])
def test_what_was_started_twice_over_without_a_trace_is_ended_too(
    name: str, folder: Folder, out: Path, tmp_path: Path
) -> None:
    """Where its worker is late, dies, or goes on to the end."""
    go(folder(name, "x.docx"), out, timeout=4.0, options=tmp_path / "pid")
    assert ended(int((tmp_path / "pid").read_text()))


@pytest.mark.skipif(not extract.can_hold_children(), reason="no process namespaces here")
def test_what_was_started_twice_over_ends_with_a_run_that_is_killed(
    folder: Folder, out: Path, tmp_path: Path
) -> None:
    """Nobody is left who would kill it: the system does, with the namespace."""
    with start_script(folder("stray_.pdf"), out, tmp_path) as process:
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
            assert process.poll() is None
            time.sleep(0.1)
        assert alive(int((tmp_path / "pid").read_text()))
        process.kill()
    assert ended(int((tmp_path / "pid").read_text()))


@pytest.mark.skipif(not extract.can_hold_children(), reason="no process namespaces here")
def test_the_run_goes_on_where_the_first_process_of_its_namespace_is_killed(
    folder: Folder, out: Path, tmp_path: Path
) -> None:
    top = folder("options_.docx", *(f"slow_{n}.docx" for n in range(12)))
    with start_script(top, out, tmp_path) as process:
        firsts: list[int] = []
        while not firsts:
            time.sleep(0.1)
            assert process.poll() is None
            inside = {n: inner_numbers(n) for n in descendants(process.pid)}
            firsts = [n for n, numbers in inside.items() if len(numbers) == 2 and numbers[1] == 1]
        (first,) = firsts
        os.kill(first, signal.SIGKILL)
        assert process.wait(60) == 0
        assert process.stderr is not None and process.stderr.read() == b""
    assert {line["status"] for line in read(out)} == {"ok"}


@pytest.mark.skipif(not extract.can_hold_children(), reason="no process namespaces here")
def test_a_worker_whose_number_is_that_of_its_server_starts_processes_too() -> None:
    """Numbers begin anew in a namespace: some day a worker has the one that the server has outside."""
    script = """
import os
server = os.getpid()
from gongkai.run.child import last_preload
worker = os.fork()
if worker == 0:
    os.getpid = lambda: server
    child = os.fork()
    if child == 0:
        os._exit(0)
    os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]))
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def start_script(top: Path, out: Path, tmp_path: Path) -> subprocess.Popen[bytes]:
    """A run in a process of its own."""
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent(f"""
            from pathlib import Path
            from gongkai.run import run
            if __name__ == "__main__":
                run([Path({str(top)!r})], Path({str(out)!r}), workers=1, options={str(tmp_path / "pid")!r},
                    templates=(), reader="builders.fake_reader:read")
        """)
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen([sys.executable, str(script)], env=env, stderr=subprocess.PIPE)


@pytest.mark.skipif(sys.platform == "win32", reason="sockets have no path there")
def test_the_temporary_folder_may_have_any_length(
    folder: Folder, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("d" * 90) / ("e" * 90)
    deep.mkdir(parents=True)
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent(f"""
            from pathlib import Path
            from gongkai.run import run
            if __name__ == "__main__":
                run([Path({str(folder("a.docx"))!r})], Path({str(out)!r}), workers=1, options=None,
                    templates=(), reader="builders.fake_reader:read")
        """)
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(deep)}
    subprocess.run([sys.executable, str(script)], env=env, check=True)
    assert (out / "facts.csv").exists() and list(deep.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="no locks of this kind there")
def test_what_a_killed_run_left_in_the_temporary_folder_goes_with_the_next(
    folder: Folder, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    left = TemporaryFolder()
    orphan = subprocess.Popen(["sleep", "600"], env={**os.environ, "TMPDIR": str(left.path)})
    go(folder("a.docx"), out)
    assert left.path.exists()  # its run lives
    os.close(left.file)  # as the system does it where it is killed
    mine = place / "gongkai-somebody's"
    mine.mkdir()
    go(folder("b.docx"), out)
    assert list(place.iterdir()) == [mine]
    assert orphan.wait(10) == -signal.SIGKILL


@pytest.mark.skipif(sys.platform == "win32", reason="no locks of this kind there")
def test_a_run_that_is_killed_leaves_nothing_after_the_next(
    folder: Folder, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setenv("TMPDIR", str(place))
    with start_script(
        folder("options_.docx", *(f"slow_{n}.docx" for n in range(12))), out, tmp_path
    ) as first:
        while not any(place.glob("*/0")):
            assert first.poll() is None
            time.sleep(0.05)
        servers = descendants(first.pid)
        first.kill()
    assert all(ended(server) for server in servers)
    assert list(place.iterdir())
    with start_script(folder("a.docx"), out, tmp_path) as second:
        assert second.wait(60) == 0
    assert list(place.iterdir()) == []


def test_progress_tells_of_every_file_once(folder: Folder, out: Path) -> None:
    told: list[Progress] = []
    go(folder("a.docx", "exit_.pdf", "archive_.zip"), out, progress=told.append)
    assert [(p.done, p.total) for p in told] == [(1, 3), (2, 3), (3, 3)]
    assert {p.source_file: p.statuses for p in told} == {
        "a.docx": ("ok",),
        "exit_.pdf": ("failed",),
        "archive_.zip": ("ok", "ok"),
    }


def test_the_run_is_told_in_one_file_only(folder: Folder, out: Path) -> None:
    go(folder("a.docx", "b.json"), out)
    told = json.loads((out / "run.json").read_text("utf-8"))
    assert (told["files"], told["skipped"], told["workers"], told["tally"]["reports"]) == (1, 1, 2, 1)
    assert {"started", "seconds", "host", "python", "packages"} <= set(told)


def test_nothing_to_read_is_an_error_and_leaves_the_old_dataset(folder: Folder, out: Path) -> None:
    top = folder("a.docx")
    go(top, out)
    (top / "a.docx").rename(top / "a.json")
    with pytest.raises(FileNotFoundError, match=r"no documents \(1 files passed over\)"):
        go(top, out)
    assert len(read(out)) == 1


def test_a_folder_of_somebody_else_is_refused_before_anything_is_read(folder: Folder, out: Path) -> None:
    out.mkdir(parents=True)
    (out / "mine.txt").write_text("mine")
    with pytest.raises(FileExistsError):
        go(folder("hang_.docx"), out)


def test_the_datasets_may_lie_in_the_folder_that_is_read(folder: Folder) -> None:
    top = folder("a.docx")
    for _ in range(2):
        go(top, top / "out")
        assert [line["source_file"] for line in read(top / "out")] == ["a.docx"]


def test_a_reader_that_cannot_be_imported_ends_the_run(folder: Folder, out: Path) -> None:
    with pytest.raises(RuntimeError, match="No module named 'no_such_reader'"):
        go(folder("a.docx", "b.docx", "c.docx"), out, reader="no_such_reader:read")
    assert [path.name for path in out.parent.iterdir()] == [".out.state"]


def test_an_exception_on_the_way_leaves_nothing(folder: Folder, out: Path) -> None:
    def stop(progress: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        go(folder("a.docx", "hang_.docx"), out, progress=stop)
    assert [path.name for path in out.parent.iterdir()] == [".out.state"]


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_run_and_its_children(
    number: int, folder: Folder, out: Path, tmp_path: Path
) -> None:
    top = folder("a.docx", "brood_.pdf")
    go(top / "a.docx", out)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent(f"""
            import signal
            from pathlib import Path
            from gongkai.run import run
            if __name__ == "__main__":
                # a shell starts what runs in its background with Ctrl-C ignored
                signal.signal(signal.SIGINT, signal.default_int_handler)
                run([Path({str(top)!r})], Path({str(out)!r}), workers=2, options={str(tmp_path / "pid")!r},
                    templates=(), reader="builders.fake_reader:read")
        """)
    )
    process = subprocess.Popen(
        [sys.executable, str(script)], env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    )
    deadline = time.monotonic() + 60
    while (
        not ((tmp_path / "pid").exists() and (tmp_path / "pid").read_text()) and time.monotonic() < deadline
    ):
        time.sleep(0.05)
    process.send_signal(number)
    assert process.wait(60) in (-signal.SIGINT, 128 + signal.SIGTERM)
    assert ended(int((tmp_path / "pid").read_text()))
    assert sorted(path.name for path in out.parent.iterdir()) == [".out.state", "out"]
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
