"""The log of the nights: JSON lines, one for each event."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

#: The clock; tests pass their own.
Now = Callable[[], datetime]


def stamp(time: datetime) -> str:
    """A time as a name that sorts: 20240131T023000Z."""
    return time.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def iso(time: datetime) -> str:
    """A time as the files have it: ISO 8601, UTC."""
    return time.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


class NightLog:
    """The file DATASETS/log.jsonl, for one night."""

    def __init__(self, path: Path, night: str, now: Now) -> None:
        self._path, self._night, self._now = path, night, now

    def write(self, event: str, **facts: object) -> None:
        """Append one event. Raises OSError where the disk is full."""
        line = {"at": iso(self._now()), "night": self._night, "event": event, **facts}
        # one write for one line, so that two processes do not mix their lines
        with self._path.open("a", encoding="utf-8", errors="replace") as file:
            file.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")
