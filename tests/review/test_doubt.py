"""Which boxes a person is led to, and in which order."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from gongkai.model import Check, Finding, Place, Proposal, Report
from gongkai.review.doubt import doubts

BOX = ("requests", "granted", "total")


def names(report: Report) -> list[str]:
    return [d.field for d in doubts(report)]


def proposal(rank: int, column: str, verdict: str, unique: bool) -> Proposal:
    at = ("requests", "granted", column)
    return Proposal(1, rank, at, Place(), "", None, Decimal(1), "other", unique, verdict, ("R1",))  # type: ignore[arg-type]


def test_the_likeliest_box_of_the_diagnosis_stands_first(report: Report) -> None:
    proposals = (
        proposal(2, "natural_person", "not_read_twice", False),
        proposal(1, "total", "misread", True),
    )
    found = doubts(replace(report, proposals=proposals, findings=(), checks=()))
    assert [d.field for d in found][:2] == ["requests.granted.total", "requests.granted.natural_person"]
    assert found[0].likelihood > found[1].likelihood


def test_a_sum_that_fails_leads_to_one_box_and_not_to_its_column(report: Report) -> None:
    column = tuple(f.field.address for f in report.facts)
    failed = Check("R1", "requests", None, "total", Decimal(1), Decimal(2), "fail", column)
    sure = tuple(replace(f, confidence=1.0) for f in report.facts if f.value is not None)
    bare = replace(report, facts=sure, proposals=(), findings=(), checks=(failed,))
    assert names(bare) == [".".join(column[0])]
    assert (
        ".".join(column[0])
        not in names(replace(bare, proposals=(proposal(1, "total", "misread", True),)))[1:]
    )


def test_an_unsure_value_that_makes_a_sum_hold_needs_no_look(report: Report) -> None:
    fact = next(f for f in report.facts if f.value is not None)
    unsure = replace(report, facts=(replace(fact, confidence=0.8),), proposals=(), findings=(), checks=())
    name = ".".join(fact.field.address)
    assert names(unsure) == [name]
    held = Check("R1", "requests", None, "total", Decimal(1), Decimal(1), "pass", (fact.field.address,))
    assert names(replace(unsure, checks=(held,))) == []


def test_a_finding_leads_to_its_box_and_a_note_to_none(report: Report) -> None:
    finding = Finding("label-fuzzy", "warning", "m", table=BOX[0], row=BOX[1], column=BOX[2])
    bare = replace(report, facts=(), proposals=(), checks=(), findings=(finding,))
    assert names(bare) == [".".join(BOX)]
    assert names(replace(bare, findings=(replace(finding, severity="note"),))) == []


def test_a_report_without_body_or_year_is_led_to_these(report: Report) -> None:
    bare = replace(report, facts=(), proposals=(), checks=(), findings=(), org=None, year=None)
    assert names(bare) == ["org", "year"]
    assert names(replace(bare, status="failed")) == []
