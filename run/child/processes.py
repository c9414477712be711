"""What a child has started, directly or not: found to be ended with it, or asked how much it computed. Linux only."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Protocol

_PROC = Path("/proc")
#: From Linux's prctl.h.
_SET_CHILD_SUBREAPER = 36
#: How often what a stopped child started is looked for: each look may find what the one before was about to start.
_LOOKS = 100


class ChildProcess(Protocol):
    """What is asked of a child process."""

    @property
    def pid(self) -> int | None: ...

    @property
    def exitcode(self) -> int | None: ...

    def kill(self) -> None: ...

    def join(self, timeout: float | None = None) -> None: ...


def end(child: ChildProcess, folder: Path) -> None:
    """Kill a child that leads its process group and works in a folder, and everything that it started.

    Returns when it is gone.
    """
    if child.pid is not None and hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.kill(child.pid, signal.SIGSTOP)  # it starts nothing more, and adopts what its children leave
        _kill_descendants(child.pid)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    child.kill()
    child.join()
    kill_all(marked(folder))  # what lost its parent on purpose


def adopt_orphans() -> bool:
    """From now on what its descendants leave behind is a child of this process, not of the system's first; whether that works.

    A process that was started twice over, in a group of its own and with nothing in its environment, is then still found.
    """
    if sys.platform != "linux":
        return False
    return bool(ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0)


def kill_orphans(parent: int, known: Collection[int]) -> None:
    """Kill the children of a process that are not among the known ones, and all that they started.

    The first process of a namespace stays, which adopts what others leave in it.
    """
    for number in _children(parent):
        fields = _fields(number)
        if fields and number not in known and fields[0] != "Z":
            if len(inner_numbers(number)) < 2 or inner_numbers(number)[-1] != 1:
                kill_all([number])
            _kill_descendants(number)


def own_number() -> int:
    """The number of this process as /proc lists it: in a namespace of processes its own is another."""
    return int(os.readlink(_PROC / "self")) if sys.platform == "linux" else os.getpid()


def parent_of(pid: int) -> int | None:
    """The process that started another, or that adopted it; None where the system does not tell."""
    fields = _fields(pid)
    return int(fields[1]) if fields else None


def _kill_descendants(pid: int) -> None:
    """Kill all that a process started, until nothing is left but what waits to be buried."""
    for _ in range(_LOOKS):
        living = [number for number in descendants(pid) if _fields(number)[:1] not in ([], ["Z"])]
        if not living:
            return
        kill_all(living)


def descendants(pid: int) -> list[int]:
    """All processes that a process started, directly or not, in whatever process group.

    Only Linux lists them (in /proc); elsewhere there are none.
    """
    children: dict[int, list[int]] = {}
    for number in _numbers():
        fields = _fields(number)
        if fields:
            children.setdefault(int(fields[1]), []).append(number)
    result: list[int] = []
    pending = [pid]
    while pending:
        found = children.get(pending.pop(), [])
        result += found
        pending += found
    return result


def _children(parent: int) -> list[int]:
    return [number for number in _numbers() if _fields(number)[1:2] == [str(parent)]]


def inner_numbers(pid: int) -> list[int]:
    """The number of a process as /proc tells it, then in each namespace inside of that; none where it has ended."""
    try:
        status = (_PROC / str(pid) / "status").read_text("utf-8", "replace")
    except OSError:
        return []
    return [int(n) for line in status.splitlines() if line.startswith("NSpid:") for n in line.split()[1:]]


def marked(folder: Path) -> list[int]:
    """All processes whose environment names a folder: what works there, though its parents are gone.

    A process that was started twice over, to lose its parent, keeps the TMPDIR or HOME that it was given.
    """
    mark = os.fsencode(folder)
    found = []
    for number in _numbers():
        with suppress(OSError):  # ended meanwhile, or another user's
            if mark in (_PROC / str(number) / "environ").read_bytes():
                found.append(number)
    return found


def computing_seconds(pid: int) -> float | None:
    """Seconds that a process and those that it started have computed; None where the system does not tell."""
    if sys.platform != "linux":
        return None
    ticks = 0
    for number in (pid, *descendants(pid)):
        fields = _fields(number)
        # user and system time, and of two of those that have ended (proc(5): fields 14 to 17 of the whole line)
        ticks += sum(map(int, fields[11:15])) if fields else 0
    return ticks / os.sysconf("SC_CLK_TCK")


def kill_all(pids: list[int]) -> None:
    """Kill processes, those that are there and ours; never this one."""
    for pid in pids:
        if pid != os.getpid():
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)


def _numbers() -> list[int]:
    # listed by name: `glob` looks at each by itself, and raises where one has ended meanwhile
    return [int(name) for name in os.listdir(_PROC) if name.isdecimal()] if _PROC.is_dir() else []


def _fields(pid: int) -> list[str]:
    """The fields of a process's line behind its name, which may hold anything; none where it has ended."""
    try:
        return (_PROC / str(pid) / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return []
