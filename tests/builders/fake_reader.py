"""Reading functions that do what bad documents make real ones do, by the name of the file."""

import ctypes
import hashlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from gongkai.model import Fact, Field, Finding, Label, Match, Place, Report, Section, Source

FIELD = Field(
    "2021", "requests", Label("new_requests", ("新收",), "new"), Label("total", ("总计",), "total"), "件"
)


def read(path: Path, name: str, options: object) -> tuple[Report, ...]:
    """One report whose value is the file's length, unless the name says otherwise."""
    report = _report(path, name)
    match path.name.partition("_")[0]:
        case "hang":
            time.sleep(600)
        case "spin":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            while True:
                pass
        case "brood":
            child = subprocess.Popen(["sleep", "600"], start_new_session=True)
            Path(str(options)).write_text(str(listed(child.pid)))
            time.sleep(600)
        case "exit":
            os._exit(3)
        case "quiet":
            os._exit(0)
        case "segv":
            ctypes.string_at(0)
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "once":
            if not Path(str(options)).exists():
                Path(str(options)).touch()
                os.kill(os.getpid(), signal.SIGKILL)
        case "thrice":
            tries = Path(str(options))
            if not tries.exists() or tries.stat().st_size < 2:
                with tries.open("a") as file:
                    file.write("x")
                os.kill(os.getpid(), signal.SIGKILL)
        case "unlucky":  # late without computing, then killed when it is read alone
            tries = Path(str(options))
            count = tries.stat().st_size if tries.exists() else 0
            with tries.open("a") as file:
                file.write("x")
            if count == 0:
                time.sleep(600)
            if count == 1:
                os.kill(os.getpid(), signal.SIGKILL)
        case "memory":
            report = replace(report, title=str(len(bytearray(8 * 1024**3))))
        case "bug":
            raise KeyError(f"no such label, says {object()}")
        case "twice":
            report = replace(report, facts=report.facts * 2)
        case "noise":
            print("noise", flush=True)
            print("noise", file=sys.stderr, flush=True)
        case "large":
            len(bytearray(700 * 1024**2))
        case "pid":
            report = replace(report, title=str(os.getpid()))
        case "modules":
            report = replace(report, title=" ".join({m.partition(".")[0] for m in sys.modules}))
        case "litter":
            tempfile.mkdtemp()
            report = replace(report, title=tempfile.gettempdir())
        case "connect":
            try:
                socket.create_connection(("127.0.0.1", int(str(options))), 5).close()
                report = replace(report, title="connected")
            except OSError as error:
                report = replace(report, title=type(error).__name__)
        case "options":
            report = replace(report, title=str(options))
        case "archive":
            names = [f"{name}!/{member}.docx" for member in "ab"]
            return tuple(replace(report, source=replace(report.source, path=n)) for n in names)
        case "same":
            return (report, report, report)
        case "none":
            return ()
        case "scan":  # three pages of 1.5 seconds each
            for _ in range(3):
                time.sleep(1.5)
                options.limits.after_page()  # type: ignore[attr-defined]
        case "slow":
            time.sleep(0.5)
        case "busy":
            while time.process_time() < 3.0:
                pass
        case "orphan":
            # started twice over, so that nobody knows whose it is
            command = "import subprocess; p = subprocess.Popen(['sleep', '600'], start_new_session=True, stdout=-3, stderr=-3); print(p.pid)"
            made = subprocess.run([sys.executable, "-c", command], capture_output=True, check=True)
            Path(str(options)).write_text(str(listed(int(made.stdout))))
            time.sleep(600)
        case "stray" | "straykilled" | "strayread":
            # the same with nothing in its environment that tells where it worked
            command = "import subprocess; p = subprocess.Popen(['/bin/sleep', '600'], start_new_session=True, env={}, stdin=-3, stdout=-3, stderr=-3); print(p.pid)"
            made = subprocess.run([sys.executable, "-c", command], capture_output=True, check=True)
            Path(str(options)).write_text(str(listed(int(made.stdout))))
            if path.name.startswith("straykilled"):
                os._exit(3)
            if path.name.startswith("stray_"):
                time.sleep(600)
        case "loaded":
            # a machine that gives no time until the file is read alone
            if not Path(str(options)).exists():
                Path(str(options)).touch()
                time.sleep(600)
    return (report,)


def listed(number: int) -> int:
    """The number of a process of our namespace as those outside have it."""
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):
            told = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
            inside = os.readlink(status.parent / "ns" / "pid") == os.readlink("/proc/self/ns/pid")
            if inside and told["NSpid"].split()[-1] == str(number):
                return int(status.parent.name)
    raise ProcessLookupError(number)


def _report(path: Path, name: str) -> Report:
    data = path.read_bytes()
    match = Match("新收", "new_requests", 100.0, "exact")
    fact = Fact(FIELD, Decimal(len(data)), False, str(len(data)), Place(1, 0, 3, 4), match, match, "件")
    source = Source(name, b"", hashlib.sha256(data).hexdigest(), len(data))
    section = Section("overview", "1", 1, "一、", "总体情况", f"来自{name}", Place(1, 1))
    note = Finding("made", "note", "a made-up report", place=Place(1))
    facts, sections = (fact,), (section,)
    return Report(source, "fake", "fake", 1, "2021", "某市", 2023, "年报", None, facts, sections, (note,))
