"""The fuzzing sees which code its tries reach."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

TARGET = Path(__file__).parents[1] / "fuzz" / "target.py"


def test_what_fuzzing_instruments_are_packages_of_ours() -> None:
    """Names of no package are passed over in silence, and tries are then made without a look at what they reach."""
    (names,) = re.findall(r"instrument_imports\(include=\[(.*?)\]\)", TARGET.read_text("utf-8"))
    found = re.findall(r'"([\w.]+)"', names)
    assert found and all(name.startswith("gongkai.") and importlib.util.find_spec(name) for name in found)
