"""Results of earlier runs that are damaged: they are moved aside, one line says so, and the datasets are right."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gongkai.run import Budget, run
from gongkai.run import discover as inputs

Folder = Callable[..., Path]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="open files cannot be moved there")


@pytest.fixture(autouse=True)
def _settled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "SETTLED_SECONDS", -1.0)


class House:
    """Datasets with the results behind them."""

    def __init__(self, folder: Path, top: Path) -> None:
        self.top, self.out, self.state = top, folder / "results" / "out", folder / "results" / ".out.state"
        self.lines: list[str] = []

    def run(self, **more: Any) -> dict[str, bytes]:
        """A run; the datasets, and what it told in `lines`."""
        self.lines.clear()
        budget = Budget(30.0, 2**31)
        run([self.top], self.out, workers=1, options=None, budget=budget, templates=(),
            reader="builders.fake_reader:read", tell=self.lines.append, **more)  # fmt: skip
        return {p.name: p.read_bytes() for p in self.out.iterdir() if p.name != "run.json"}

    def force(self) -> None:
        """Let the next run write the datasets anew, from the results."""
        (self.out / "facts.csv").write_text("spoilt")


@pytest.fixture
def house(folder: Folder, tmp_path: Path) -> House:
    made = House(tmp_path, folder(*(f"{n:02}.docx" for n in range(12)), "archive_.zip"))
    made.run()
    return made


def garbage(path: Path) -> None:
    path.write_bytes(b"\xa5" * path.stat().st_size)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip(path: Path) -> None:
    """One byte in the middle."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x55
    path.write_bytes(data)


def folder_of_its_name(path: Path) -> None:
    path.unlink()
    (path / "in it").mkdir(parents=True)


def other_tables(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as db:
        db.execute("create table meta (something text)")
        db.execute("create table result (a, b)")
    db.close()


def wrong_place(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("update result set start = start + 1")
    db.close()


def no_numbers(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("update result set lengths = 'many', shard = 'x'")
    db.close()


def no_text(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("update result set lengths = cast(x'ff31' as text)")
    db.close()


CASES = [
    ("state.sqlite", garbage), ("state.sqlite", half), ("state.sqlite", folder_of_its_name),
    ("state.sqlite", other_tables), ("state.sqlite", wrong_place), ("state.sqlite", no_numbers),
    ("state.sqlite", no_text), ("00000.shard", garbage), ("00000.shard", empty), ("00000.shard", half),
    ("00000.shard", flip), ("00000.shard", folder_of_its_name), ("00000.shard", Path.unlink),
]  # fmt: skip


@pytest.mark.parametrize(("name", "damage"), CASES, ids=[f"{n} {d.__name__}" for n, d in CASES])
def test_damaged_results_are_moved_aside_and_the_datasets_are_right(
    name: str, damage: Callable[[Path], None], house: House
) -> None:
    before = house.run()
    damage(house.state / name)
    house.force()
    assert house.run() == before
    assert len(house.lines) == 1 and "moved to" in house.lines[0] and "\n" not in house.lines[0]
    assert (house.out.parent / ".out.state.damaged").is_dir()


def test_after_that_all_is_as_before(house: House) -> None:
    before = house.run()
    garbage(house.state / "state.sqlite")
    house.run()
    house.force()
    assert (house.run(), house.lines) == (before, [])


def test_an_empty_database_is_a_beginning(house: House) -> None:
    before = house.run()
    empty(house.state / "state.sqlite")
    house.force()
    assert house.run() == before


@pytest.mark.parametrize("name", ["notes.shard", "00007.shard/x", "-1.shard", "٣.shard"])
def test_stray_files_do_not_stop_a_run(name: str, house: House) -> None:
    before = house.run()
    stray = house.state / name
    stray.parent.mkdir(exist_ok=True)
    stray.write_text("stray")
    house.force()
    assert house.run() == before
    assert "none of its files" in house.lines[0]


def test_what_is_not_ours_in_the_folder_stays(house: House) -> None:
    (house.state / "notes.txt").write_text("mine")
    house.run()
    house.run(fresh=True)
    assert (house.state / "notes.txt").read_text() == "mine" and house.lines == []


@pytest.mark.parametrize("damage", [garbage, folder_of_its_name, other_tables])
def test_a_fresh_run_never_looks_at_what_is_there(damage: Callable[[Path], None], house: House) -> None:
    before = house.run()
    damage(house.state / "state.sqlite")
    (house.state / "notes.shard").mkdir()
    assert house.run(fresh=True) == before
    assert house.lines == []


def test_a_file_in_place_of_the_folder_is_moved_aside(tmp_path: Path, folder: Folder) -> None:
    made = House(tmp_path, folder("a.docx"))
    made.state.parent.mkdir()
    made.state.write_text("a file")
    made.run()
    assert (made.out.parent / ".out.state.damaged").read_text() == "a file"


def test_every_page_of_the_database_may_be_damaged(house: House) -> None:
    before = house.run()
    whole = (house.state / "state.sqlite").read_bytes()
    for start in range(0, len(whole), 4096):
        data = bytearray(whole)
        data[start : start + 64] = b"\xff" * 64
        (house.state / "state.sqlite").write_bytes(data)
        house.force()
        assert house.run() == before, start
