"""What would have to stand where for sums to hold: named, never applied."""

from __future__ import annotations

from decimal import Decimal

import pytest

from builders import made_reports as build
from gongkai.audit import diagnose
from gongkai.audit.error_cause import Step, causes, orders
from gongkai.model import Address, Proposal
from gongkai.normalize.form.template import table, templates

NEW = {"natural_person": 130, "commercial_enterprise": 24}
GRANTED = {"natural_person": 120, "commercial_enterprise": 24}


def proposed(
    changes: dict[tuple[str, str], str], second: dict[Address, Decimal | None] | None = None, rest: str = "0"
) -> list[Proposal]:
    """What is proposed for a correct table three in which these boxes print something else."""
    cells = {**build.balanced(NEW, GRANTED), **changes}
    return list(diagnose(build.report(build.requests(cells, rest)), templates(), second or {})[0])


def told(proposals: list[Proposal]) -> list[tuple[str, str, int, str]]:
    """Row, column, value needed and cause of the likeliest set."""
    return [(*p.address[1:], int(p.needed), p.cause) for p in proposals if p.rank == 1]


def test_a_report_whose_sums_hold_needs_nothing() -> None:
    assert proposed({}) == []


@pytest.mark.parametrize(
    ("printed", "cause"),
    [
        ("12", "digit_dropped"),
        ("1220", "digit_added"),
        ("210", "digits_swapped"),
        ("128", "digit_changed"),
        ("55", "other"),
        ("", "left_out"),
    ],
)
def test_one_box_that_is_wrong_is_named_with_what_it_needs(printed: str, cause: str) -> None:
    found = proposed({("granted", "natural_person"): printed})
    assert told(found) == [("granted", "natural_person", 120, cause)]
    assert found[0].unique and found[0].value == Decimal(printed or 0)


def test_a_total_that_was_not_brought_up_to_date_is_told_from_a_digit() -> None:
    assert told(proposed({("granted", "total"): "24"})) == [("granted", "total", 144, "total_not_updated")]


def test_a_blank_total_is_filled_with_the_sum_of_its_row() -> None:
    assert told(proposed({("granted", "total"): ""})) == [("granted", "total", 144, "total_blank")]


def test_totals_that_were_all_left_at_zero_are_one_set() -> None:
    rows = ("new_requests", "granted", "outcomes_total", "carried_out")
    found = proposed({(r, "total"): "0" for r in rows})
    assert {p.address[1] for p in found} == set(rows)
    assert {(p.address[2], p.cause, p.rank) for p in found} == {("total", "total_not_updated", 1)}
    assert not found[0].unique


def test_a_value_in_the_neighbour_column_is_two_boxes() -> None:
    moved = {("granted", "commercial_enterprise"): "0", ("granted", "research_institution"): "24"}
    assert told(proposed(moved)) == [
        ("granted", "commercial_enterprise", 24, "neighbour_column"),
        ("granted", "research_institution", 0, "neighbour_column"),
    ]


def test_a_value_in_the_neighbour_row_is_two_boxes_and_the_sums_alone_do_not_tell() -> None:
    moved = {("granted", "commercial_enterprise"): "0", ("partially_granted", "commercial_enterprise"): "24"}
    found = proposed(moved)
    assert {(r, v, c) for r, _, v, c in told(found)} == {
        ("granted", 24, "neighbour_row"),
        ("partially_granted", 0, "neighbour_row"),
    }
    assert not found[0].unique


def test_a_number_cut_in_two_is_put_together() -> None:
    cut = {("granted", "natural_person"): "1", ("granted", "commercial_enterprise"): "20"}
    cells = build.balanced({"natural_person": 130}, {"natural_person": 120})
    found = diagnose(build.report(build.requests({**cells, **cut})), templates(), {})[0]
    assert told(list(found)) == [
        ("granted", "natural_person", 120, "digits_split"),
        ("granted", "commercial_enterprise", 0, "digits_split"),
    ]


def test_a_row_of_table_four_does_not_determine_its_box() -> None:
    row = {"upheld": "10", "corrected": "1", "other_result": "0", "pending": "0", "total": "0"}
    cells = {("review", "reconsideration", c): v for c, v in row.items()}
    proposals, _ = diagnose(build.report(cells), templates(), {})
    assert [(p.address[2], p.needed, p.cause) for p in proposals] == [("total", 11, "total_not_updated")]
    row["total"] = "12"
    found = diagnose(
        build.report({("review", "reconsideration", c): v for c, v in row.items()}), templates(), {}
    )[0]
    assert len(found) == 5 and not found[0].unique


@pytest.mark.parametrize(
    ("again", "verdict"),
    [("120", "misread"), ("12", "as_printed"), ("17", "unsettled"), (None, "not_read_twice")],
)
def test_a_second_reading_says_whose_error_it_is(again: str | None, verdict: str) -> None:
    at = ("requests", "granted", "natural_person")
    second = {} if again is None else {at: Decimal(again)}
    assert proposed({("granted", "natural_person"): "12"}, second)[0].verdict == verdict


def test_what_a_second_reading_gives_comes_before_what_is_likely() -> None:
    row = {"upheld": "10", "corrected": "1", "other_result": "3", "pending": "0", "total": "11"}
    cells = {("review", "reconsideration", c): v for c, v in row.items()}
    likely = diagnose(build.report(cells), templates(), {})[0][0]
    assert likely.address[2] == "total"
    second: dict[Address, Decimal | None] = {("review", "reconsideration", "other_result"): Decimal(0)}
    first = diagnose(build.report(cells), templates(), second)[0][0]
    assert (first.address[2], first.verdict) == ("other_result", "misread")


def test_a_table_beyond_mending_is_said_to_be() -> None:
    cells = {
        (r, c): str(7 + i * 3 + j) for i, r in enumerate(build.ROWS) for j, c in enumerate(build.COLUMNS)
    }
    proposals, findings = diagnose(build.report(build.requests(cells)), templates(), {})
    assert proposals == ()
    assert "no change of up to 3 boxes" in findings[0].message


def test_the_finding_stands_at_the_box_and_says_that_nothing_was_changed() -> None:
    cells = {**build.balanced(NEW, GRANTED), ("granted", "natural_person"): "12"}
    (finding,) = diagnose(build.report(build.requests(cells)), templates(), {})[1]
    assert (finding.code, finding.severity) == ("sum-diagnosis", "note")
    assert (finding.row, finding.column, finding.printed) == ("granted", "natural_person", "12")
    assert "120 is needed" in finding.message and "nothing was changed" in finding.message
    assert "no other single box would do" in finding.message


def test_a_row_that_only_the_older_form_has_changes_places_with_another() -> None:
    form = table("2019", "requests")
    cells = {("requests", r.id, c.id): "0" for r in form.rows for c in form.columns}
    for row, column in (("new_requests", "natural_person"), ("outcomes_total", "natural_person")):
        cells["requests", row, column] = cells["requests", row, "total"] = "5"
    cells["requests", "granted", "total"] = "5"
    cells["requests", "other_handling", "natural_person"] = "5"  # it stands in the wrong row
    found = list(diagnose(build.report(cells, "2019"), templates(), {})[0])
    assert ("granted", "natural_person", 5, "neighbour_row") in told(found)
    assert ("other_handling", "natural_person", 0, "neighbour_row") in told(found)


@pytest.mark.parametrize("second", ["-3", "0.5"])
def test_what_is_no_row_of_digits_is_no_second_half_of_a_number(second: str) -> None:
    place = ("requests", "granted", "natural_person"), ("requests", "granted", "commercial_enterprise")
    steps = [
        Step(place[0], Decimal(1), Decimal(12), False, None),
        Step(place[1], Decimal(second), Decimal(0), False, None),
    ]
    found, _ = causes(steps, orders(templates())["requests"])
    assert "digits_split" not in found
