"""The temporary folder of a pool: held by a lock while the pool lives, and removed by the next where it was killed."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from gongkai.run.child.processes import kill_all, marked

if sys.platform != "win32":
    import fcntl

#: how the folders are called, and the file in them whose lock tells that they are in use
_PREFIX, _HELD = "gongkai-", "held"


class TemporaryFolder:
    """A folder of our own in the system's temporary folder."""

    def __init__(self) -> None:
        sweep()
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX))
        # locked before it has its name: else another process may sweep the folder between the two
        unnamed = self.path / f"{_HELD}.new"
        self.file = os.open(unnamed, os.O_RDWR | os.O_CREAT, 0o600)
        _take(self.file)
        unnamed.rename(self.path / _HELD)

    def remove(self) -> None:
        """Remove it with all that lies in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self.file)


def sweep() -> None:
    """Remove what killed runs left: folders whose lock nobody holds, and the processes that still work there."""
    for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
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
