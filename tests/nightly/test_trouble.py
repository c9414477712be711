"""Nights that go wrong: yesterday's datasets stay, and the next night makes up for it."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gongkai import nightly
from gongkai.nightly import Busy, night_report, version
from gongkai.run.lock import locked
from gongkai.run.results.result_store import ResultStore

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no signals there")

TESTS = Path(__file__).parents[1]
CHANGES: dict[str, dict[str, str | None]] = {
    "linjiang": {"http://a/2021": "临江市人民政府|2021|77|fails", "http://a/2022": "临江市人民政府|2022|5"},
    "qingxi": {"http://b/2020": None},
}


def contents(folder: Path) -> dict[str, bytes]:
    """A dataset but for what tells of the run."""
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.name != "run.json"}


def start(house: Any, step: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "builders.killed_night", str(house.top), str(step)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def patient(night: Callable[[], Any]) -> Any:
    """A night, as soon as the crawl of one that was killed has ended."""
    for _ in range(100):
        try:
            return night()
        except Busy:
            time.sleep(0.1)
    raise AssertionError("the lock is never given up")


def another(house: Any, name: str) -> Any:
    top = house.top / name
    top.mkdir()
    return type(house)(top)


# Crawls --------------------------------------------------------------------------------------


def test_a_crawl_that_breaks_half_way_changes_nothing_and_is_made_up_for(house: Any) -> None:
    first = house.night()
    before = contents(house.current)
    house.publish(CHANGES, end="linjiang", code=7)
    night = house.night()
    assert (night.status, night.stage, night.code) == ("failed", "crawl", 3)
    assert nightly.summary_line(night).endswith(f"{night.id}/crawl.log; {first.id} stays published")
    assert "the crawl ended with 7: the line broke after linjiang" in nightly.summary_line(night)
    assert (contents(house.current), house.versions()) == (before, [first.id])
    assert house.report(night)["status"] == "failed"
    house.publish(CHANGES)
    assert house.night().status == "published"
    other = another(house, "undisturbed")
    other.publish(CHANGES)
    other.night()
    assert contents(house.current) == contents(other.current)


@pytest.mark.parametrize("code", [1, 2, 127])
def test_a_crawl_that_ends_with_an_error_and_no_summary_fails_the_night(house: Any, code: int) -> None:
    house.publish(end="linjiang", code=code)
    assert f"ended with {code}" in house.night().why
    assert not house.current.exists()


def test_a_crawl_of_which_some_sites_failed_is_published_and_wants_a_look(house: Any) -> None:
    house.publish(code=1, said={"qingxi": {"ok": False, "complete": False}})
    night = house.night()
    assert (night.status, night.code, [o.text for o in night.looks]) == (
        "published",
        1,
        ["1 site not fetched well"],
    )


def test_a_crawl_that_takes_too_long_is_asked_to_end(house: Any) -> None:
    house.publish(pause=600)
    command = [*house.config().crawl.command]
    night = house.night(crawl={"command": command, "hours": 0.0001})
    assert night.code == 3 and "was not done after 0.0001 hours" in night.why


def test_a_command_that_is_not_there_is_one_line(house: Any) -> None:
    night = house.night(crawl={"command": ["no-such-crawler"]})
    assert night.why == "no-such-crawler: cannot be started: No such file or directory"


def test_an_archive_whose_documents_are_away_is_not_read_otherwise(house: Any) -> None:
    house.night()
    current = house.top / "archive" / "current"
    current.rename(house.top / "away")
    night = house.night(fetch=False)  # the objects that lie in the archive are no documents
    assert (night.status, night.stage) == ("failed", "run") and str(current) in night.why


# Kills ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("nights", "kills"), [(1, 3), (2, 6)])
def test_a_night_killed_at_any_moment_is_made_up_for(house: Any, nights: int, kills: int) -> None:
    steady = another(house, "steady")
    for one in (house, steady):
        for _ in range(nights - 1):
            one.night()
            one.publish(CHANGES)
    before = contents(house.current) if nights > 1 else None
    steps = int(start(steady, 0).communicate()[0])
    after = contents(steady.current)
    chance = random.Random(20261126 + nights)
    for step in sorted(chance.sample(range(1, steps), kills)):
        process = patient(lambda step=step: killed(house, step))
        assert process.returncode in (-signal.SIGKILL, 0), (step, process)
        assert (contents(house.current) if house.current.exists() else None) in (before, after), step
    last = patient(house.night)
    assert last.status in ("published", "unchanged")
    assert contents(house.current) == after
    hidden = [p.name for p in (house.datasets / "versions").iterdir() if p.name.startswith(".")]
    assert hidden == [] and len(house.versions()) == nights
    # the changes stand in the report of the night that is published, whichever that was
    told = json.loads((house.datasets / "nights" / house.versions()[-1] / "report.json").read_text("utf-8"))
    assert told["counts"]["new_reports"] == 11 and (told["diff"] is None) == (nights == 1)


def killed(house: Any, step: int) -> subprocess.CompletedProcess[str]:
    """A night that is killed at a step. Raises Busy where the crawl of an earlier one lives on."""
    process = start(house, step)
    out, err = process.communicate()
    if "Busy" in err:
        raise Busy(err)
    return subprocess.CompletedProcess([], process.returncode, out, err)


def test_a_night_killed_after_the_switch_is_told_by_the_next(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def kill(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(nightly, "is_wanted", kill)
        house.night()
    (first,) = house.versions()
    night = house.night()
    assert (night.status, night.untold, night.code) == ("unchanged", (first,), 1)
    assert house.report(night)["untold"] == [first]
    assert house.night().untold == ()


def test_a_crawl_that_outlives_its_night_keeps_the_next_one_out(house: Any) -> None:
    house.publish(pause=0.5)
    process = start(house, 0)
    archive = house.top / "archive" / "state.sqlite"
    while not archive.exists():
        time.sleep(0.02)
    process.kill()
    process.communicate()
    with pytest.raises(Busy, match=r"another night is at work here .* or the crawl of one that was killed"):
        house.night()
    house.publish()
    assert patient(house.night).status == "published"


def test_two_nights_exclude_each_other(house: Any) -> None:
    house.night()
    with (
        locked(house.datasets / ".nightly" / "lock", "2026-01-01T00:00:00Z"),
        pytest.raises(Busy, match=rf"datasets: another night .*process {os.getpid()} on .*since 2026-01-01"),
    ):
        house.night()
    assert house.night().status == "unchanged"


def test_a_night_that_is_asked_to_end_says_so_and_ends_its_crawl(house: Any) -> None:
    house.publish(pause=600)
    process = start(house, 0)
    while not (house.top / "archive" / "state.sqlite").exists():
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    process.communicate()
    assert process.returncode == 128 + signal.SIGTERM
    events = [json.loads(line) for line in (house.datasets / "log.jsonl").read_text("utf-8").splitlines()]
    assert [e["event"] for e in events] == ["begin", "stage", "failed", "end"]
    house.publish()
    assert house.night().status == "published"  # the lock is free: the crawl has ended


# The disk ------------------------------------------------------------------------------------


def full(*_: object, **__: object) -> Any:
    raise OSError(28, "No space left on device")


PLACES = [
    (ResultStore, "sync", "run"),
    (version, "link_or_copy", "assemble"),
    (nightly, "diff", "compare"),
    (version, "sync_path", "publish"),
]


@pytest.mark.parametrize(("where", "name", "stage"), PLACES, ids=[p[2] for p in PLACES])
def test_a_full_disk_is_said_and_the_next_night_finishes(
    house: Any, monkeypatch: pytest.MonkeyPatch, where: Any, name: str, stage: str
) -> None:
    first = house.night()
    before = contents(house.current)
    house.publish(CHANGES)
    with monkeypatch.context() as patched:
        patched.setattr(where, name, full)
        night = house.night()
    assert (night.status, night.stage, night.code) == ("failed", stage, 3)
    assert "No space left" in night.why and nightly.summary_line(night).endswith(
        f"{first.id} stays published"
    )
    assert contents(house.current) == before
    assert [p.name for p in (house.datasets / "versions").iterdir()] == [first.id]
    assert house.night().status == "published"


def test_where_not_even_the_failure_can_be_written_down_the_line_still_says_it(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.night()
    house.publish(CHANGES)
    with monkeypatch.context() as patched:
        patched.setattr(ResultStore, "sync", full)
        patched.setattr(
            nightly.NightLog, "write", lambda self, event, **_: full() if event == "failed" else None
        )
        patched.setattr(nightly, "write", full)
        night = house.night()
    assert (
        night.code == 3
        and night.problems == ["could not be written down: [Errno 28] No space left on device"] * 2
    )
    assert house.night().status == "published"


def test_a_bug_is_told_and_shown(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def bug(*_: object) -> None:
        raise KeyError("no such thing")

    house.night()
    house.publish(CHANGES)
    with monkeypatch.context() as patched, pytest.raises(KeyError):
        patched.setattr(nightly, "counts", bug)
        house.night()
    events = [json.loads(line) for line in (house.datasets / "log.jsonl").read_text("utf-8").splitlines()]
    failed = next(e for e in events if e["event"] == "failed")
    assert failed["why"] == "a bug: KeyError: 'no such thing'" and "in bug" in failed["trace"]
    assert house.night().status == "published"


# What is held back, and what goes ------------------------------------------------------------


def test_a_dataset_that_shrank_is_held_back_until_it_is_forced(house: Any) -> None:
    first = house.night()
    house.publish({"yunshan": {"http://c/1": None}})
    night = house.night()
    assert (night.status, night.code) == ("held", night_report.STAYED)
    assert night.why == "11 reports became 10 and 11 facts became 10; 5 % may be lost"
    assert house.versions() == [first.id] and night.version == first.id
    told = house.report(night)
    assert told["diff"]["reports"]["gone"]["count"] == 1  # what was lost is shown
    assert house.night(shrink=0.1).status == "published"
    house.publish({"yunshan": {f"http://c/{n}": None for n in range(1, 6)}})
    assert house.night().status == "held"
    forced = house.night(force=True, fetch=False)
    assert (forced.status, forced.forced) == ("published", True)


def test_reports_that_cannot_be_read_any_more_count_as_lost(house: Any) -> None:
    house.night()
    house.publish({"yunshan": {"http://c/1": "x|2021|1|broken"}})
    night = house.night()
    assert night.status == "held" and night.kinds["unreadable"] == 1


@pytest.mark.parametrize("clock", [None, datetime(2026, 3, 1, tzinfo=UTC)])
def test_the_last_versions_are_kept_and_the_published_one_whatever_its_age(
    clock: datetime | None, house: Any
) -> None:
    house.clock = clock  # stopped: all nights in one second
    ids = []
    for n in range(4):
        house.publish({"qingxi": {"http://b/2021": f"清溪镇人民政府|2021|{n}"}})
        ids.append(house.night(keep=2, reports=3).id)
        assert house.versions() == ids[-2:]
    assert sorted(p.name for p in (house.datasets / "nights").iterdir()) == ids[-3:]
    # somebody goes back to the version before by hand, and a night publishes from there on
    (house.datasets / "other").symlink_to(f"versions/{ids[-2]}")
    (house.datasets / "other").replace(house.current)
    night = house.night(keep=1, reports=3)
    assert (night.status, night.before, house.versions()) == ("published", ids[-2], [night.id])


def test_a_folder_of_somebody_else_is_left_alone(house: Any) -> None:
    house.current.mkdir(parents=True)
    (house.current / "mine.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="is no link that we made"):
        house.night()
    assert [p.name for p in house.current.iterdir()] == ["mine.txt"]
