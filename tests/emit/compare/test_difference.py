"""Two datasets, and every way in which one report may differ between them."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

import pytest

from gongkai import emit
from gongkai.emit.compare.changes import write_changes
from gongkai.emit.compare.difference import Change, ComparisonCounts, find_differences
from gongkai.model import Check, Finding, Place, Report, Section, Source, Template

Made = Callable[..., Report]
Compare = Callable[..., tuple[list[Change], ComparisonCounts]]
PERSON, TOTAL = ("new", "person"), ("new", "total")


@pytest.fixture
def compared(tmp_path: Path, form: Template) -> Compare:
    """Write both sides as datasets and compare them."""

    def compare(
        old: list[Report], new: list[Report], renamed: Mapping[str, str] = MappingProxyType({})
    ) -> tuple[list[Change], ComparisonCounts]:
        for name, reports in (("old", old), ("new", new)):
            emit.emit(reports, tmp_path / name, templates=(form,), run_facts={})
        told = ComparisonCounts()
        return list(find_differences(tmp_path / "old", tmp_path / "new", told, renamed)), told

    return compare


def bytes_of(report: Report, text: str) -> Report:
    """The report from a file of other bytes."""
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return replace(report, source=replace(report.source, sha256=sha256))


def told(changes: list[Change]) -> list[tuple[str, str | None, str | None, str | None, str | None]]:
    return [(c.kind, c.cause, c.field, c.old, c.new) for c in changes]


def test_equal_datasets_have_no_changes(made: Made, compared: Compare) -> None:
    changes, counts = compared([made("a.docx"), made("b.docx")], [made("a.docx"), made("b.docx")])
    assert changes == []
    assert counts.same == 2
    assert [(y, n.old_reports, n.new_facts) for y, n in counts.years.items()] == [(2023, 2, 4)]


def test_a_value_read_otherwise_is_one_change_with_both_texts(made: Made, compared: Compare) -> None:
    new = made("a.docx", {PERSON: ("8", "８"), TOTAL: ("0", "0")})
    (change,) = compared([made("a.docx")], [new])[0]
    assert (change.kind, change.cause, change.field) == ("fact-value", "other", "requests.new.person")
    assert (change.old, change.new, change.old_printed, change.new_printed) == ("3", "8", "3", "８")


def test_another_text_of_the_same_value_and_a_blank_are_changes_of_their_own(
    made: Made, compared: Compare
) -> None:
    new = made("a.docx", {PERSON: ("3", "3件"), TOTAL: ("0", "")}, frozenset({TOTAL}))
    assert told(compared([made("a.docx")], [new])[0]) == [
        ("fact-printed", "other", "requests.new.person", "3", "3件"),
        ("fact-blank", "other", "requests.new.total", "false", "true"),
        ("fact-printed", "other", "requests.new.total", "0", ""),
    ]


def test_facts_that_come_and_go(made: Made, compared: Compare) -> None:
    old = made("a.docx", {PERSON: ("3", "3")})
    new = made("a.docx", {TOTAL: ("5", "5")})
    assert told(compared([old], [new])[0]) == [
        ("fact-new", "other", "requests.new.total", None, "5"),
        ("fact-gone", "other", "requests.new.person", "3", None),
    ]


def test_an_empty_value_is_not_a_zero(made: Made, compared: Compare) -> None:
    new = made("a.docx", {PERSON: ("3", "3"), TOTAL: (None, "o")})
    assert told(compared([made("a.docx")], [new])[0]) == [
        ("fact-value", "other", "requests.new.total", "0", "")
    ]


def test_a_correction_is_a_persons_doing(made: Made, compared: Compare) -> None:
    old = made("a.docx")
    first = replace(old.facts[0], value=Decimal(5), origin="corrected")
    assert told(compared([old], [replace(old, facts=(first, old.facts[1]))])[0]) == [
        ("fact-value", "person", "requests.new.person", "3", "5"),
        ("fact-origin", "person", "requests.new.person", "printed", "corrected"),
    ]


def test_a_file_of_other_bytes_is_replaced(made: Made, compared: Compare) -> None:
    new = bytes_of(made("a.docx", {PERSON: ("4", "4"), TOTAL: ("0", "0")}), "other bytes")
    changes = compared([made("a.docx")], [new])[0]
    assert [(c.kind, c.cause) for c in changes] == [
        ("report-replaced", "document"),
        ("fact-value", "document"),
    ]


def test_a_file_of_another_name_is_known_by_its_bytes(made: Made, compared: Compare) -> None:
    old = made("a.docx")
    new = replace(old, source=replace(old.source, path="2023/a.docx"))
    assert told(compared([old], [new])[0]) == [("report-moved", None, "source_file", "a.docx", "2023/a.docx")]


def test_another_file_of_the_same_body_and_year_is_held_against_the_one_that_went(
    made: Made, compared: Compare
) -> None:
    changes = compared([made("a.docx")], [made("b.pdf", {PERSON: ("4", "4"), TOTAL: ("0", "0")})])[0]
    assert [c.kind for c in changes] == ["report-replaced", "report-moved", "fact-value"]


def test_two_files_of_one_body_and_year_are_not_guessed_at(made: Made, compared: Compare) -> None:
    changes = compared([made("a.docx"), made("b.docx")], [made("c.docx")])[0]
    assert [c.kind for c in changes] == ["report-new", "report-gone", "report-gone"]


@pytest.mark.parametrize(("old", "new"), [("a.docx", "c.docx"), ("a.zip!/1.docx", "c.zip!/1.docx")])
def test_a_file_that_is_known_to_have_taken_anothers_place_is_held_against_it(
    old: str, new: str, made: Made, compared: Compare
) -> None:
    before = [made(old), made("b.docx")]
    other = bytes_of(made(new, year=2020), "other bytes")
    renamed = {new.partition("!/")[0]: old.partition("!/")[0]}
    changes = compared(before, [made("b.docx"), other], renamed)[0]
    assert [c.kind for c in changes[:2]] == ["report-replaced", "report-moved"]
    assert "report-gone" not in {c.kind for c in changes}
    assert changes[0].before is not None and changes[0].before.file == old


def test_the_reports_of_one_file_are_held_against_each_other_by_their_number(
    made: Made, compared: Compare
) -> None:
    first, second = made("a.docx"), made("a.docx", year=2022)
    other = replace(second, facts=second.facts[:1])
    changes = compared([first, second], [first, other])[0]
    assert [(c.kind, c.after and c.after.id[-2:]) for c in changes] == [("fact-gone", "-2")]


def test_sums_that_fail_now_and_no_longer(made: Made, compared: Compare) -> None:
    good = Check("R1", "requests", None, "total", Decimal(1), Decimal(1), "pass", ())
    bad = replace(good, right=Decimal(2), outcome="fail")
    unsure = replace(good, row="new", column=None, outcome="uncertain")
    old = made("a.docx", checks=(good, unsure))
    new = made("a.docx", checks=(bad,))
    assert told(compared([old], [new])[0]) == [
        ("check-failing", "other", "R1.requests.total", "pass", "fail")
    ]
    assert told(compared([new], [old])[0])[0] == (
        "check-passing",
        "other",
        "R1.requests.total",
        "fail",
        "pass",
    )


def test_narrative_shows_the_part_that_differs(made: Made, compared: Compare) -> None:
    text = "甲" * 500
    old, new = (
        made("a.docx", sections=(Section("overview", "1", 1, "一、", "总体情况", text + end, Place()),))
        for end in ("全年收到申请3件。", "全年收到申请5件。")
    )
    (change,) = compared([old], [new])[0]
    assert (change.kind, change.field) == ("section-changed", "overview.1")
    assert (change.old or "").endswith("全年收到申请3件。") and len(change.old or "") < 60


def test_findings_are_counted(made: Made, compared: Compare) -> None:
    one = Finding("row-missing", "warning", "…", table="requests", row="new")
    old, new = made("a.docx", findings=(one,)), made("a.docx", findings=(one, one))
    assert told(compared([old], [new])[0]) == [
        ("finding-new", "other", "row-missing.requests.new", None, None)
    ]


def test_a_dataset_of_an_earlier_version_is_compared_in_what_both_have(
    made: Made, form: Template, tmp_path: Path
) -> None:
    for name in ("old", "new"):
        emit.emit([made("a.docx")], tmp_path / name, templates=(form,), run_facts={})
    for parquet in (tmp_path / "old").glob("*.parquet"):
        parquet.unlink()
    facts = tmp_path / "old" / "facts.csv"
    with facts.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    with facts.open("w", encoding="utf-8-sig", newline="") as file:
        names = [n for n in lines[0] if n not in ("unit", "confidence")]
        writer = csv.DictWriter(file, names, extrasaction="ignore", lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(lines)
    assert list(find_differences(tmp_path / "old", tmp_path / "new", ComparisonCounts())) == []


def test_a_comparison_stands_whole_or_not_at_all(made: Made, tmp_path: Path) -> None:
    def broken() -> str:
        raise RuntimeError("the page could not be made")

    with pytest.raises(RuntimeError):
        write_changes([], tmp_path / "out", dict, broken)
    assert list(tmp_path.iterdir()) == []
    write_changes([], tmp_path / "out", lambda: {"n": 1}, lambda: "first")
    write_changes([], tmp_path / "out", lambda: {"n": 2}, lambda: "second")
    assert json.loads((tmp_path / "out" / "diff.json").read_text("utf-8")) == {"n": 2}
    assert (tmp_path / "out" / "changes.csv").read_text("utf-8-sig").startswith("change,cause,org")
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(FileExistsError, match=r"mine\.txt"):
        write_changes([], tmp_path / "out", dict, str)


def test_a_source_without_bytes_has_no_partner_by_bytes(made: Made, compared: Compare) -> None:
    lost = [
        replace(
            made(name, {}), source=Source(name, b"", "", 0), status="failed", reason="unreadable", org=None
        )
        for name in ("a.docx", "b.docx")
    ]
    changes = compared(lost[:1], lost[1:])[0]
    assert [c.kind for c in changes] == ["report-new", "report-gone"]
