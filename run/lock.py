"""One run at a time for a folder of datasets: a lock that ends with the process that holds it."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class Busy(OSError):
    """Another run holds the lock."""


#: the message for a process that finds the lock taken: the folder beside it, and the process that has it
BUSY = "{folder}: another run is writing there ({who}); wait for it, or name another folder"


@contextmanager
def locked(path: Path, now: str, busy: str = BUSY) -> Iterator[int]:
    """Hold the lock in the file `path`, which is made where it is missing; gives its descriptor.

    The system gives it up when the process ends, however it ends, so no stale lock is ever
    left; where a child was given the descriptor, when that ends too. `now` is written into it for
    processes that find it taken. Raises Busy with the process that has it.
    """
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if not _take(file):
            raise Busy(_describe_holder(path, busy))
        holder = json.dumps({"pid": os.getpid(), "host": platform.node(), "since": now})
        os.ftruncate(file, 0)
        os.pwrite(file, holder.encode(), 0) if hasattr(os, "pwrite") else os.write(file, holder.encode())
        yield file
    finally:
        os.close(file)


def _take(file: int) -> bool:
    """Whether the lock is now ours."""
    try:
        if sys.platform == "win32":
            # Far behind what is written there: a locked byte cannot be read by others.
            os.lseek(file, 1 << 20, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
            os.lseek(file, 0, os.SEEK_SET)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _describe_holder(path: Path, busy: str) -> str:
    """Who holds it, as far as the file tells."""
    folder = path.parent.name.removeprefix(".").removesuffix(".state")
    try:
        holder = json.loads(path.read_text("utf-8"))
        who = f"process {holder['pid']} on {holder['host']}, since {holder['since']}"
    except (ValueError, KeyError, TypeError):  # taken a moment ago, and not signed yet
        who = "another process"
    return busy.format(folder=folder, who=who)
