"""What is broken on our side has an exit code of its own, and no state of ours stops the nights."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gongkai import emit
from gongkai.nightly import summary_line
from gongkai.nightly.handover import Handover

SAMPLES = Path(__file__).parents[2] / "samples"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="open files cannot be moved there")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "7",
        "\x00" * 50,
        '{"untold": 7}',
        '{"gathered": []}',
        '{"switching": 1}',
        "[" * 5000,
    ],
)
def test_a_damaged_note_is_moved_aside(text: str, tmp_path: Path) -> None:
    path = tmp_path / "note.json"
    path.write_text(text)
    note = Handover(path)
    assert note.damage.startswith("note.json is damaged") and "\n" not in note.damage
    note.put(switching="x")
    assert Handover(path).damage == "" and (tmp_path / "note.json.damaged").read_text() == text


def test_a_night_over_damaged_states_publishes_and_says_what_was_broken(house: Any) -> None:
    house.night()
    work = house.datasets / ".nightly"
    (work / "note.json").write_text("{")
    for path in (work / ".next.state").glob("*.sqlite*"):
        path.write_bytes(b"\xa5" * 9_000)
    house.publish({"qingxi": {"http://b/2021": "清溪镇人民政府|2021|8"}})
    night = house.night()
    assert (night.status, night.code) == ("published", 4)
    assert [look.code for look in night.looks] == ["state-damaged"] * 2
    assert "note.json is damaged" in summary_line(night) and ".next.state.damaged" in summary_line(night)
    again = house.night()
    assert (again.status, again.code) == ("unchanged", 0)


@pytest.mark.parametrize(
    ("name", "left"), [("reports.parquet", 0), ("facts.parquet", -100), ("facts.csv", -100)]
)
@pytest.mark.parametrize("changes", [True, False])
def test_a_night_over_a_damaged_published_version_makes_it_anew(
    name: str, left: int, changes: bool, house: Any
) -> None:
    house.night()
    house.publish({"qingxi": {"http://b/2021": "清溪镇人民政府|2021|8"}})
    whole = house.night()
    path = house.current / name
    data = path.read_bytes()
    path.write_bytes(data[:left])  # in its place: the copy that the run goes on from is the same file
    if changes:
        house.publish({"qingxi": {"http://b/2021": "清溪镇人民政府|2021|9"}})
    night = house.night()
    readable = whole.id if name.endswith(".csv") else house.versions()[0]
    assert (night.status, night.code, night.before) == ("published", 4, readable)
    assert [look.code for look in night.looks if look.code == "state-damaged"] == ["state-damaged"]
    assert f"{whole.id} is not as it was published ({name})" in summary_line(night)
    assert not emit.altered_files(house.current)
    again = house.night()
    assert (again.status, again.code) == ("unchanged", 0)


def test_a_bug_of_the_crawl_is_published_and_is_no_mere_look(house: Any) -> None:
    house.publish(code=1, said={"qingxi": {"ok": False, "complete": True, "reasons": {"bug": 1}}})
    night = house.night()
    assert (night.status, night.code) == ("published", 4)
    assert "1 link at which the crawl has a bug" in [look.text for look in night.looks]


def test_the_command_ends_with_the_code_of_a_bug(tmp_path: Path) -> None:
    (tmp_path / "gongkai.toml").write_text('archive = "archive"\ndatasets = "datasets"\n')
    (tmp_path / "archive").mkdir()
    code = (
        "import sys; from gongkai import nightly; from gongkai.commands import main\n"
        "def bug(*_, **__): raise KeyError('no such thing')\n"
        "nightly.run = bug\n"
        "sys.exit(main(['nightly', 'gongkai.toml']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 4 and "KeyError: 'no such thing'" in done.stderr


@pytest.mark.parametrize("closed", ["2>&-", "0<&-", "1>&- 2>&-", "0<&- 1>&- 2>&-"])
def test_closed_standard_streams_are_no_fault(closed: str, tmp_path: Path) -> None:
    shutil.copy(SAMPLES / "2021_city.docx", tmp_path / "a.docx")
    command = f"exec {sys.executable} -P -m gongkai run a.docx --to out {closed}"
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, (tmp_path / "out" / "facts.csv").is_file()) == (0, True), done.stderr
    assert {p.name for p in tmp_path.iterdir()} == {"a.docx", "out", ".out.state"}
