"""The hostile tier of the open corpus, where it lies beside the checkout: each file costs itself only."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CORPUS = ROOT.parent / "shared" / "corpus"
HEALTHY = "healthy.docx"

#: why a file of the tier is refused, as the datasets say it; of the others only that they are or are not read
REASONS = {
    "zipbomb": "bomb",
    "xxe": "unreadable",
    "lol": "unreadable",
    "truncated": "truncated",
    "empty": "unreadable",
    "encrypted": "encrypted",
    "deep": "too-large",
    "junk": "unknown-format",
    "loop": "unreadable",
}

Row = dict[str, str]


@dataclass(frozen=True)
class Tier:
    """The tier as it was read, with a healthy report beside it: what is due, and the datasets."""

    expected: dict[str, dict[str, str]]
    reports: list[Row]
    facts: list[Row]
    output: bytes

    def of(self, name: str, rows: list[Row]) -> list[Row]:
        """The rows of a file, or of a folder and the files in it."""
        return [r for r in rows if r["source_file"].split("/")[0] == name]


def _healthy(folder: Path) -> None:
    shutil.copy(min((CORPUS / "clean").glob("*.docx")), folder / HEALTHY)


def _read(folder: Path, out: Path) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-P", "-m", "gongkai", "run", str(folder), "--to", str(out), "--quiet"]
    return subprocess.run(command, capture_output=True, check=False, timeout=300)


def _rows(path: Path) -> list[Row]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def tier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tier]:
    packed = CORPUS / "hostile.tar.gz"
    if not packed.is_file():
        pytest.skip("the open corpus does not lie beside this checkout")
    folder = tmp_path_factory.mktemp("hostile")
    with tarfile.open(packed) as archive:
        archive.extractall(folder, filter="fully_trusted")  # the links in it are what is tried
    expected = json.loads((folder / "hostile" / "expected.json").read_text("utf-8"))["files"]
    for name in {p.name for p in (folder / "hostile").iterdir()} - set(expected):
        path = folder / "hostile" / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    _healthy(folder / "hostile")
    done = _read(folder / "hostile", folder / "out")
    assert done.returncode in (0, 1), done.stderr.decode()
    out = folder / "out"
    written = b"".join(p.read_bytes() for p in sorted(out.iterdir()) if p.suffix in (".csv", ".json", ".md"))
    yield Tier(expected, _rows(out / "reports.csv"), _rows(out / "facts.csv"), written)


def test_every_file_is_in_the_dataset(tier: Tier) -> None:
    assert {r["source_file"].split("/")[0] for r in tier.reports} == {*tier.expected, HEALTHY}


def test_nothing_is_read_where_nothing_is_due(tier: Tier) -> None:
    due = {n for n, e in tier.expected.items() if e["expect"] in ("failed_or_empty", "no_cells")}
    assert due
    for name in due:
        statuses = {r["status"] for r in tier.of(name, tier.reports)}
        assert (statuses <= {"failed", "empty"}, tier.of(name, tier.facts)) == (True, []), name


def test_a_healthy_file_of_an_odd_name_is_read(tier: Tier) -> None:
    fine = [n for n, e in tier.expected.items() if e["expect"] == "ok"]
    assert fine and all(tier.of(name, tier.facts) for name in fine)


def test_the_reason_is_the_right_one(tier: Tier) -> None:
    for word, reason in REASONS.items():
        names = [n for n in tier.expected if word in n]
        assert names, word
        for name in names:
            told = {r["reason"] for r in tier.of(name, tier.reports)}
            assert told == {reason}, name


def test_nothing_of_this_machine_is_in_the_output(tier: Tier) -> None:
    assert b"root:x:0" not in tier.output


def test_the_report_beside_them_is_read_as_if_alone(tier: Tier, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    _healthy(tmp_path / "in")
    assert _read(tmp_path / "in", tmp_path / "out").returncode in (0, 1)
    beside = tier.of(HEALTHY, tier.facts)
    assert beside and beside == _rows(tmp_path / "out" / "facts.csv")
