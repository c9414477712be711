"""Values that one night leaves for the next, in a small JSON file that is written atomically."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gongkai.run.results.state_folder import remove

#: what the values of some keys are
_KINDS = {"switching": str, "untold": list, "checked": list, "gathered": dict}


class _Damaged(ValueError):
    """The file holds something else."""


class Handover:
    """Keys and values that one night leaves for the next. A change is on the disk when `put` returns."""

    def __init__(self, path: Path) -> None:
        self._path = path
        #: a line about the file, if it was damaged
        self.damage = ""
        try:
            self._values: dict[str, Any] = _read(path)
        except _Damaged as error:
            aside = path.with_name(f"{path.name}.damaged")
            remove(aside)
            path.rename(aside)
            self._values = {}
            self.damage = (
                f"{path.name} is damaged ({error}); it was moved to {aside}, and the night goes on without it"
            )

    def get(self, key: str) -> Any:
        """The value of a key; None where it has none."""
        return self._values.get(key)

    def put(self, **values: object) -> None:
        """Set keys; None removes one. Raises OSError, and the file on the disk stays as it was."""
        self._values |= values
        self._values = {key: value for key, value in self._values.items() if value is not None}
        write(self._path, json.dumps(self._values, ensure_ascii=False, indent=1) + "\n")


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (ValueError, RecursionError, IsADirectoryError) as error:
        raise _Damaged(str(error)) from error
    if not isinstance(found, Mapping):
        raise _Damaged("no table")
    for key, kind in _KINDS.items():
        if not isinstance(found.get(key), kind | None):
            raise _Damaged(f"{key} is of another kind")
    return dict(found)


def write(path: Path, text: str) -> None:
    """Write a file atomically; it is on the disk when this returns."""
    half = path.with_name(f".{path.name}.half")
    with half.open("w", encoding="utf-8", errors="replace", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
