"""Values that one night leaves for the next, in a small JSON file that is written atomically."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class Handover:
    """Keys and values that one night leaves for the next. A change is on the disk when `put` returns."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._values: dict[str, Any] = _read(path)

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
    except ValueError as error:
        raise OSError(f"{path}: is damaged ({error}); remove it, the next night only takes longer") from error
    if not isinstance(found, Mapping):
        raise OSError(f"{path}: is damaged; remove it, the next night only takes longer")
    return dict(found)


def write(path: Path, text: str) -> None:
    """Write a file atomically; it is on the disk when this returns."""
    half = path.with_name(f".{path.name}.half")
    with half.open("w", encoding="utf-8", errors="replace", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
