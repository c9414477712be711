"""A house with an archive, and nights over it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A House whose sites publish what FIRST says; modules of this folder can be imported, by children too."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    from house import House  # type: ignore[import-not-found]

    return House(tmp_path)
