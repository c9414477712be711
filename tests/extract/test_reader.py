"""Which reader reads which bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongkai.extract import find_reader, load_readers

SAMPLES = Path(__file__).parents[2] / "samples"
FILES = sorted(
    p for p in SAMPLES.iterdir() if p.suffix not in (".py", ".json", ".zip", ".md") and p.is_file()
)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_a_reader_that_is_not_asked_would_have_said_no(path: Path) -> None:
    data = path.read_bytes()
    wanted = [module for module in load_readers() if module.sniff(data)]
    assert len(wanted) == 1
    assert find_reader(data) is wanted[0]
