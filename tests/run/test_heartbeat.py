"""What a child tells of itself, and what its parent looks up."""

from __future__ import annotations

import time
from pathlib import Path

from gongkai.run.heartbeat import Heartbeat


def test_what_one_tells_the_other_looks_up(tmp_path: Path) -> None:
    ours, theirs = Heartbeat(tmp_path), Heartbeat(tmp_path)
    before = time.monotonic()
    theirs.begin()
    begun, first = ours.look()
    assert begun == 1 and before <= first <= time.monotonic()
    theirs.tell()
    assert ours.look() > (1, first)
    theirs.begin()
    assert ours.look()[0] == 2
    for clock in (ours, theirs):
        clock.close()


def test_it_never_grows_once_something_was_told(tmp_path: Path) -> None:
    clock = Heartbeat(tmp_path)
    sizes = []
    for _ in range(3):
        clock.begin()
        sizes.append((tmp_path / "clock").stat().st_size)
    clock.close()
    assert len(set(sizes)) == 1


def test_a_file_that_was_cut_tells_nothing(tmp_path: Path) -> None:
    clock = Heartbeat(tmp_path)
    clock.begin()
    (tmp_path / "clock").write_bytes(b"\1")
    assert clock.look() == (0, 0.0)
    clock.close()
