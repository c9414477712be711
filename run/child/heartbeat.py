"""Heartbeat file that a worker writes and the pool polls: no message wakes the pool before there is a result."""

from __future__ import annotations

import os
import struct
import time
from pathlib import Path

# Documents begun, the time of the last beat in seconds of `time.monotonic`, which all processes of a
# system share, and the seconds that the writer had computed by then.
_RECORD = struct.Struct("=qdd")


class Heartbeat:
    """A small file in `folder` that one process writes and another reads.

    It does not grow after the first beat, so that a full disk stops no worker.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / "clock"
        path.touch()
        self._file = path.open("r+b", buffering=0)
        self._begun = 0

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def begin(self) -> None:
        """Record that the next document is begun."""
        self._begun += 1
        self.beat()

    def beat(self) -> None:
        """Record that the work makes progress: the time of its document starts again."""
        self._file.seek(0)
        self._file.write(_RECORD.pack(self._begun, time.monotonic(), _computed()))

    def read(self) -> tuple[int, float, float]:
        """Documents begun by the other process, its last beat, its computing until then; zeros where the file was tampered with."""
        self._file.seek(0)
        found = self._file.read(_RECORD.size)
        return _RECORD.unpack(found) if len(found) == _RECORD.size else (0, 0.0, 0.0)


def _computed() -> float:
    """Seconds that this process and those that it started and that have ended have computed."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
