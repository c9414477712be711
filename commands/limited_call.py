"""A command in a child process with the limits that `gongkai run` has: a file from a stranger costs itself only.

This module imports nothing heavy when it is loaded: `gongkai show FILE --json` answers in the time that Python
needs to start. The child is a fork, which has what the parent has loaded.
"""

from __future__ import annotations

import mmap
import os
import select
import shutil
import signal
import struct
import sys
import tempfile
import time
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

from gongkai.commands.output.language import say
from gongkai.soft_limits import MEMORY_EXIT, limit_computing, limit_space

if sys.platform != "win32":
    import fcntl

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: commands that read one file
COMMANDS = ("show", "explain", "draw", "extract", "normalize")
#: What one file may take, as `gongkai.run.BUDGET` has it (a test says so): seconds by the clock and of computing,
#: bytes of address space and of a file that is written.
SECONDS, COMPUTING, MEMORY, WRITTEN = 60.0, 240, 2 * 1024**3, 256 * 1024**2

#: Seconds between two looks at the child's clock.
_LOOK = 0.5
#: Seconds that a child has to end by itself after Ctrl-C, which it receives too.
_GRACE = 2.0
_TIME = struct.Struct("=d")
#: The time of the child's last progress in seconds of time.monotonic, shared with the parent; empty outside of a call.
_clock: list[mmap.mmap] = []


def beat() -> None:
    """Start the time limits again: a page was read by OCR. Does nothing outside of a limited child."""
    for clock in _clock:
        _TIME.pack_into(clock, 0, time.monotonic())
        limit_computing(COMPUTING)


def call_limited(command: Callable[[], int], name: str) -> int:
    """The exit code of a command that is run in a limited child; where the child is ended, one line says why.

    Where the system has no fork (Windows), the command is run here, without limits.
    """
    if sys.platform == "win32":
        return command()
    folder = Path(tempfile.mkdtemp(prefix="gongkai-"))
    held = os.open(folder / "held", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(held, fcntl.LOCK_EX)  # where this is killed, the next run removes the folder
    clock = mmap.mmap(-1, _TIME.size)
    _TIME.pack_into(clock, 0, time.monotonic())
    _clock.append(clock)
    sys.stdout.flush()
    sys.stderr.flush()
    ours, theirs = os.pipe()
    try:
        child = os.fork()
        if child == 0:
            os.close(ours)
            _run(command, theirs, folder)
        os.close(theirs)
        return _wait(child, ours, name)
    finally:
        os.close(ours)
        os.close(held)
        _clock.remove(clock)
        clock.close()
        shutil.rmtree(folder, ignore_errors=True)


# The child -----------------------------------------------------------------------------------


def _run(command: Callable[[], int], answer: int, folder: Path) -> None:
    """Set the limits, run the command, send what it wrote where that is not the process's own output, and end."""
    code = 1
    try:
        # what a test or a notebook has in place of the streams belongs to the parent
        streams = [None if _is_shared(stream) else StringIO() for stream in (sys.stdout, sys.stderr)]
        sys.stdout, sys.stderr = streams[0] or sys.stdout, streams[1] or sys.stderr
        os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
        limit_space(MEMORY + _mapped(), WRITTEN)
        limit_computing(COMPUTING)
        code = _code_of(command)
        sys.stdout.flush()
        sys.stderr.flush()
        if any(streams):
            out, err = (("" if s is None else s.getvalue()).encode("utf-8", "replace") for s in streams)
            data = b"%d\n" % len(out) + out + err
            while data:
                data = data[os.write(answer, data) :]
    finally:
        os._exit(code)


def _code_of(command: Callable[[], int]) -> int:
    try:
        return command()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    except MemoryError:
        return MEMORY_EXIT


def _is_shared(stream: object) -> bool:
    """Whether a stream is the process's own, which a child shares."""
    try:
        return stream.fileno() in (1, 2)  # type: ignore[attr-defined]
    except (OSError, ValueError, AttributeError):
        return False


def _mapped() -> int:
    """Bytes of address space that the fork has from its parent: a notebook may have more than one file may take."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * mmap.PAGESIZE
    except (OSError, ValueError, IndexError):
        return 0


# The parent ----------------------------------------------------------------------------------


def _wait(child: int, answer: int, name: str) -> int:
    """The exit code of the child, when it has ended or its time is up."""
    data, late = b"", False
    stopped: list[float] = []
    try:
        with _signals(stopped):
            while not late:
                if select.select([answer], [], [], _LOOK)[0]:
                    part = os.read(answer, 65_536)
                    if not part:
                        break
                    data += part
                now = time.monotonic()
                late = now > _TIME.unpack_from(_clock[-1], 0)[0] + SECONDS or any(now > s for s in stopped)
    finally:
        kill = late or sys.exc_info()[0] is not None
        code = os.waitstatus_to_exitcode(_end(child) if kill else os.waitpid(child, 0)[1])
    if data:
        length, _, texts = data.partition(b"\n")
        sys.stdout.write(texts[: int(length)].decode())
        sys.stderr.write(texts[int(length) :].decode())
    why = say("stopped") if late and stopped else _why(code, late)
    if not why:
        return code
    sys.stderr.write(f"gongkai {name}: {why}\n")
    return 1


def _why(code: int, late: bool) -> str:
    """Why the limits ended a child; "" where they did not."""
    more = say("; `gongkai run FILE --to DIR` can give it more")
    if late:
        return say("timeout: not read after {n} seconds", n=f"{SECONDS:g}") + more
    if code == MEMORY_EXIT or code == -signal.SIGKILL:
        return say("memory: it takes more than {n} MiB", n=MEMORY // 2**20) + more
    if sys.platform != "win32" and code == -signal.SIGXCPU:
        return say("timeout: not read after {n} seconds of computing", n=COMPUTING) + more
    if code < 0:
        return say("crashed: the reader was stopped by {signal}", signal=signal.Signals(-code).name)
    return ""


def _end(child: int) -> int:
    """Kill the child and all that it started; how it ended."""
    # only where something is killed: it takes as long as reading
    from gongkai.run.child.processes import descendants, kill_all

    kill_all([*descendants(child), child])
    return os.waitpid(child, 0)[1]


@contextmanager
def _signals(stopped: list[float]) -> Iterator[None]:
    """SIGTERM and SIGHUP end what stands inside like an exception. After Ctrl-C the child has some time to end by itself."""

    def stop(number: int, frame: object) -> None:
        if number != signal.SIGINT:
            raise SystemExit(128 + number)
        stopped.append(time.monotonic() + _GRACE)

    numbers = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
    try:
        before = {number: signal.signal(number, stop) for number in numbers}
    except ValueError:  # not in the main thread, which alone may have handlers
        before = {}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
