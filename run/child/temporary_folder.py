"""Temporary folders that are held by a lock while they are used; the next run removes those of killed processes."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from functools import cache
from multiprocessing.util import Finalize
from pathlib import Path
from types import TracebackType

from gongkai.run.child.processes import kill_all, marked

if sys.platform != "win32":
    import fcntl

#: how the folders are called, and the file in them whose lock tells that they are in use
_PREFIX, _HELD = "gongkai-", "held"

#: multiprocessing removes its own folder, which lies in ours, with -100 at the end of the process: ours goes after it
_AFTER_MULTIPROCESSING = -200


class TemporaryFolder:
    """A folder of our own in the system's temporary folder, or in another one."""

    def __init__(self, within: str | None = None) -> None:
        sweep(within)
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=within))
        # locked before it has its name: else another process may sweep the folder between the two
        unnamed = self.path / f"{_HELD}.new"
        self.file = os.open(unnamed, os.O_RDWR | os.O_CREAT, 0o600)
        _take(self.file)
        unnamed.rename(self.path / _HELD)

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.remove()

    def remove(self) -> None:
        """Remove it with all that lies in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self.file)


@cache
def folder_of_process(within: str) -> str:
    """The path of a folder that lives as long as this process: the fork server's sockets lie there."""
    folder = TemporaryFolder(within)
    Finalize(None, folder.remove, exitpriority=_AFTER_MULTIPROCESSING)
    return str(folder.path)


def sweep(within: str | None = None) -> None:
    """Remove what killed runs left: folders whose lock nobody holds, and the processes that still work there."""
    for path in Path(within or tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        try:
            if path.is_symlink() or path.stat().st_uid != _user():
                continue
            file = os.open(path / _HELD, os.O_RDWR)
        except OSError:  # not one of these folders, or removed meanwhile
            continue
        try:
            if _take(file):
                kill_all(marked(path))
                shutil.rmtree(path, ignore_errors=True)
        finally:
            os.close(file)


def _take(file: int) -> bool:
    """Whether the lock is now ours; the system gives it up when the process ends, however it ends."""
    if sys.platform == "win32":
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _user() -> int:
    return os.getuid() if sys.platform != "win32" else 0
