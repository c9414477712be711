"""A house with an archive, and nights over it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from builders.nightly_house import House


@pytest.fixture
def house(tmp_path: Path) -> Any:
    """A House whose sites publish what FIRST says."""
    return House(tmp_path)
