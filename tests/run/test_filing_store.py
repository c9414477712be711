"""Filings on disk, body by body."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from gongkai.model import Filing
from gongkai.run.filing_store import FilingStore


def filing(org: str, year: int, division: str = "", value: str = "1") -> Filing:
    at = ("requests", "granted", "total")
    name = f"{org}{division}{year}"
    values = {at: Decimal(value)}
    return Filing(name, name, name, org, org, year, {"requests": "2021"}, values, frozenset(), (), division)


def bodies(folder: Path, *filings: Filing) -> list[list[str]]:
    with FilingStore(folder) as spool:
        for f in filings:
            spool.put(f, "")
        return [[f.source_file for f in body] for body in spool.bodies()]


def test_a_body_has_its_years_in_order(tmp_path: Path) -> None:
    found = bodies(tmp_path, filing("乙", 2022), filing("甲", 2021), filing("乙", 2021))
    assert found == [["乙2021", "乙2022"], ["甲2021"]]


def test_bodies_of_one_name_in_two_divisions_are_two(tmp_path: Path) -> None:
    found = bodies(
        tmp_path,
        filing("城关镇", 2021, "1"),
        filing("城关镇", 2022, "2"),
        filing("城关镇", 2022, "1"),
        filing("城关镇", 2023),
    )
    assert found == [["城关镇2023"], ["城关镇12021", "城关镇12022"], ["城关镇22022"]]


def test_a_year_whose_division_is_not_known_goes_with_the_only_one_that_is(tmp_path: Path) -> None:
    assert bodies(tmp_path, filing("甲", 2021, "1"), filing("甲", 2022)) == [["甲12021", "甲2022"]]


def test_what_comes_back_is_what_was_put(tmp_path: Path) -> None:
    given = filing("甲", 2021, "1", "12.50")
    with FilingStore(tmp_path) as spool:
        spool.put(given, "")
        assert list(spool.bodies()) == [[given]]


def test_reports_of_one_fingerprint_come_together_where_bodies_differ(tmp_path: Path) -> None:
    with FilingStore(tmp_path) as spool:
        for f, mark in (
            (filing("甲", 2021), "x"),
            (filing("甲", 2022), "y"),
            (filing("乙", 2021), "x"),
            (filing("丙", 2021), ""),
        ):
            spool.put(f, mark)
        spool.put(filing("甲", 2023), "y")
        assert [[f.source_file for f in group] for group in spool.groups_alike()] == [["乙2021", "甲2021"]]
