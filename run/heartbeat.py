"""What a child is at, where its parent looks it up: no message wakes the parent before there is a result."""

from __future__ import annotations

import struct
import time
from pathlib import Path

# Documents begun, and when that or their last page was told, in seconds of `time.monotonic`, which
# all processes of a system share.
_TOLD = struct.Struct("=qd")


class Heartbeat:
    """A small file in `folder` that one process writes and another reads.

    It never grows once something was told, so that a full disk stops nobody.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / "clock"
        path.touch()
        self._file = path.open("r+b", buffering=0)
        self._begun = 0

    def close(self) -> None:
        """Nothing is told or looked up any more."""
        self._file.close()

    def begin(self) -> None:
        """The next document is begun."""
        self._begun += 1
        self.tell()

    def tell(self) -> None:
        """What is being done gets on: its time begins anew."""
        self._file.seek(0)
        self._file.write(_TOLD.pack(self._begun, time.monotonic()))

    def look(self) -> tuple[int, float]:
        """Documents begun by the other process, and when it last told something; zeros where the file was tampered with."""
        self._file.seek(0)
        found = self._file.read(_TOLD.size)
        return _TOLD.unpack(found) if len(found) == _TOLD.size else (0, 0.0)
