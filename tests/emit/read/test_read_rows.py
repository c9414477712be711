"""A dataset folder read back: the same from CSV as from Parquet, report by report."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from gongkai.emit import emit
from gongkai.emit.read.read_rows import Groups, columns, decimal, lines
from gongkai.emit.schema import datasets
from gongkai.model import Report, Template

Made = Callable[..., Report]


@pytest.fixture
def folder(tmp_path: Path, made: Made, form: Template) -> Path:
    """Two reports: a value with decimals, one that could not be read, a blank, a formula for a name."""
    cells = {("new", "person"): ("8.0618", "80618元"), ("new", "total"): (None, "若干")}
    reports = [
        made("=a.docx", cells, year=2021),
        made("b.docx", {("granted", "total"): ("0", "")}, frozenset({("granted", "total")}), year=None),
    ]
    emit(reports, tmp_path / "out", templates=(form,), run_facts={})
    return tmp_path / "out"


def test_both_formats_give_the_same_values(folder: Path) -> None:
    from_parquet = {d.name: list(lines(folder, d.name, d.names)) for d in datasets()}
    for path in folder.glob("*.parquet"):
        path.unlink()
    assert {d.name: list(lines(folder, d.name, d.names)) for d in datasets()} == from_parquet
    assert [list(columns(folder, d.name)) for d in datasets()] == [list(d.names) for d in datasets()]
    asked = ("source_file", "year", "value", "blank", "confidence")
    assert list(lines(folder, "facts", asked)) == [
        ("=a.docx", 2021, Decimal("8.0618"), False, 0.9877),
        ("=a.docx", 2021, None, False, 0.9877),
        ("b.docx", None, Decimal(0), True, 0.9877),
    ]


@pytest.mark.parametrize("without", [".csv", ".parquet"])
def test_some_reports_alone_are_read(folder: Path, without: str) -> None:
    for path in folder.glob(f"*{without}"):
        path.unlink()
    second = [id for id, name in lines(folder, "reports", ("report_id", "source_file")) if name == "b.docx"]
    found = list(lines(folder, "facts", ("report_id", "value"), frozenset(second)))
    assert found == [(second[0], Decimal(0))]


def test_a_report_without_lines_has_none_and_the_next_keeps_its_own() -> None:
    groups = Groups(iter([("a", 1), ("a", 2), ("c", 3)]))
    assert [groups.of(id) for id in "abc"] == [[("a", 1), ("a", 2)], [], [("c", 3)]]


def test_a_float_is_the_number_that_was_printed() -> None:
    assert [str(decimal(v)) for v in (3.0, 0.1, 1e-05, "12.50", None)] == [
        "3",
        "0.1",
        "0.00001",
        "12.50",
        "None",
    ]
