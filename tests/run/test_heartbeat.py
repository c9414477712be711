"""What a child tells of itself, and what its parent looks up."""

from __future__ import annotations

import time
from pathlib import Path

from gongkai.run.child.heartbeat import Heartbeat


def test_what_one_tells_the_other_looks_up(tmp_path: Path) -> None:
    ours, theirs = Heartbeat(tmp_path), Heartbeat(tmp_path)
    before = time.monotonic()
    theirs.begin()
    begun, first, computed = ours.read()
    assert begun == 1 and before <= first <= time.monotonic()
    theirs.beat()
    assert ours.read() > (1, first, 0.0) and 0 < computed <= ours.read()[2]
    theirs.begin()
    assert ours.read()[0] == 2
    for heartbeat in (ours, theirs):
        heartbeat.close()


def test_it_never_grows_once_something_was_told(tmp_path: Path) -> None:
    heartbeat = Heartbeat(tmp_path)
    sizes = []
    for _ in range(3):
        heartbeat.begin()
        sizes.append((tmp_path / "clock").stat().st_size)
    heartbeat.close()
    assert len(set(sizes)) == 1


def test_a_file_that_was_cut_tells_nothing(tmp_path: Path) -> None:
    heartbeat = Heartbeat(tmp_path)
    heartbeat.begin()
    (tmp_path / "clock").write_bytes(b"\1")
    assert heartbeat.read() == (0, 0.0, 0.0)
    heartbeat.close()
