"""Commands that read one file have the limits of a run: the file costs itself only."""

from __future__ import annotations

import ctypes
import mmap
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gongkai.commands import limited_call
from gongkai.run import BUDGET

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")

SAMPLES = Path(__file__).parents[2] / "samples"
Run = Callable[..., tuple[int, str, str]]
READS = ["pipeline.read_file", "pipeline.document", "pipeline.normalized"]


def ended(pid: int) -> bool:
    """Whether a process is gone, or waits for its end to be noticed."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False


def hang(*_: object) -> None:
    time.sleep(600)


def fill(*_: object) -> None:
    bytearray(8 * 1024**3)


def crash(*_: object) -> None:
    ctypes.string_at(0)


def test_the_limits_are_those_of_a_run() -> None:
    ours = (limited_call.SECONDS, limited_call.COMPUTING, limited_call.MEMORY, limited_call.WRITTEN)
    assert ours == (BUDGET.seconds, BUDGET.cpu, BUDGET.memory, BUDGET.written)


@pytest.mark.parametrize("command", limited_call.COMMANDS)
@pytest.mark.parametrize(("harm", "said"), [(hang, "timeout"), (fill, "memory"), (crash, "crashed")])
def test_a_file_that_takes_too_much_is_one_line(
    command: str, harm: Callable[..., None], said: str, gongkai: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limited_call, "SECONDS", 1.5 if harm is hang else 60.0)
    for name in READS:
        monkeypatch.setattr(f"gongkai.{name}", harm)
    more = ["requests.new_requests.total"] if command == "explain" else []
    code, out, err = gongkai(command, SAMPLES / "2021_city.docx", *more)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert err.startswith(f"gongkai {command}: {said}")


def test_show_as_json_is_limited_too(gongkai: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gongkai.pipeline.read_file", fill)
    code, _, err = gongkai("show", "--json", SAMPLES / "2021_city.docx")
    assert code == 1 and err.startswith("gongkai show: memory")


def test_what_a_command_writes_comes_whole(gongkai: Run) -> None:
    code, out, _ = gongkai("show", "--json", SAMPLES / "2021_city.docx")
    assert code == 0 and out.rstrip().endswith("}")
    direct = subprocess.run(
        [sys.executable, "-P", "-m", "gongkai", "show", "--json", str(SAMPLES / "2021_city.docx")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert direct.stdout == out


def test_pages_read_by_ocr_start_the_time_again(gongkai: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from gongkai.model import Report, Source

    def slowly(path: Path, name: str, options: object) -> tuple[Report, ...]:
        for _ in range(4):
            time.sleep(0.8)
            options.limits.after_page()  # type: ignore[attr-defined]
        return (Report.failed(Source(name, b"", "", 0), "unreadable", "at its end"),)

    monkeypatch.setattr(limited_call, "SECONDS", 2.0)
    monkeypatch.setattr("gongkai.pipeline.read_file", slowly)
    assert "at its end" in gongkai("show", SAMPLES / "2021_city.docx")[1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_nothing_outlives_a_command_that_is_ended(number: int, tmp_path: Path) -> None:
    code = (
        "import os, subprocess, sys, time; from gongkai import pipeline; from gongkai.commands import main\n"
        "def hang(*_):\n"
        "    child = subprocess.Popen(['sleep', '600'], start_new_session=True)\n"
        f"    open({str(tmp_path / 'pids')!r}, 'w').write(f'{{os.getpid()}} {{child.pid}} ')\n"
        "    time.sleep(600)\n"
        "pipeline.read_file = hang\n"
        f"sys.exit(main(['show', {str(SAMPLES / '2021_city.docx')!r}]))"
    )
    env = os.environ | {"TMPDIR": str(tmp_path)}
    process = subprocess.Popen([sys.executable, "-c", code], env=env, stderr=subprocess.PIPE)
    while not (tmp_path / "pids").exists() or not (tmp_path / "pids").read_text().endswith(" "):
        time.sleep(0.05)
    process.send_signal(number)
    process.communicate(timeout=30)
    assert process.returncode == (128 + number if number == signal.SIGTERM else 1)
    for pid in map(int, (tmp_path / "pids").read_text().split()):
        assert ended(pid)
    assert [p.name for p in tmp_path.iterdir()] == ["pids"]


def test_what_the_parent_has_in_memory_is_not_counted(gongkai: Run) -> None:
    with mmap.mmap(-1, limited_call.MEMORY):
        assert gongkai("show", SAMPLES / "2021_city.docx")[0] == 0
