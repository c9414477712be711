"""Folders of files whose names tell fake_reader.py what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _importable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Children import fake_reader by name, as they import pipeline."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """A folder with files of these names, each holding its own name."""

    def make(*names: str) -> Path:
        for name in names:
            path = tmp_path / "in" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(name, "utf-8")
        return tmp_path / "in"

    return make
