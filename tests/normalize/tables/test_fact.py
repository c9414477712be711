"""A box and its labels to a Fact."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gongkai.model import Cell, Match, Place, mark_unread
from gongkai.normalize.tables.fact import CellReading, TableReading, make_facts


def fact_of(row: str, column: str, text: str, alternative: str | None) -> tuple[Decimal | None, list[str]]:
    cell = Cell(0, 0, 1, 1, text, Place(page=1), "ocr", 0.97, alternative)
    reading = CellReading(Match(row, row, 100, "exact"), Match(column, column, 100, "exact"), cell, "both")
    table = "requests" if row == "new_requests" else "proactive"
    (fact,), findings = make_facts(TableReading(table, "2021", (reading,), ()), "2021")
    return fact.value, [f.code for f in findings]


@pytest.mark.parametrize("text", ["2.638", "2,638"])
def test_a_count_of_a_picture_has_thousands_and_no_decimals(text: str) -> None:
    assert fact_of("new_requests", "total", text, text) == (Decimal(2638), [])
    assert fact_of("new_requests", "total", "1.994,763", None) == (Decimal(1994763), [])


def test_what_two_readings_differ_in_is_no_separator_unless_it_looks_like_one() -> None:
    assert fact_of("new_requests", "total", "16", "16.") == (Decimal(16), [])
    assert fact_of("new_requests", "total", "16", "16)") == (None, ["readings-differ"])


def test_money_of_a_picture_is_taken_where_its_point_was_seen_twice_and_else_not() -> None:
    assert fact_of("administrative_fees", "fees_collected", "82.904", "82.904") == (Decimal("82.904"), [])
    assert fact_of("administrative_fees", "fees_collected", "82.904", None) == (None, ["readings-differ"])
    assert fact_of("administrative_fees", "fees_collected", "82,904", "82.904") == (None, ["readings-differ"])


def test_a_box_with_a_picture_has_no_value_and_an_error_that_says_so() -> None:
    cell = Cell(0, 0, 1, 1, "2" + mark_unread("picture"), Place(page=1))
    exact = (Match("new_requests", "new_requests", 100, "exact"), Match("total", "total", 100, "exact"))
    table = TableReading("requests", "2021", (CellReading(*exact, cell, "both"),), ())
    (fact,), (finding,) = make_facts(table, "2021")
    assert (fact.value, fact.blank) == (None, False)
    assert (finding.code, finding.severity) == ("number-unreadable", "error")
    assert "not read here (picture) beside “2”" in finding.message


@pytest.mark.parametrize(
    ("printed", "value", "sure"),
    [
        ("24", "24", True),
        ("24件", "24", True),
        ("24万元", None, False),
        ("12.5", "12.5", False),
        ("9" * 16, None, False),
    ],
)
def test_a_count_with_money_or_too_many_digits_is_not_taken_and_a_fraction_is_doubtful(
    printed: str, value: str | None, sure: bool
) -> None:
    cell = Cell(0, 0, 1, 1, printed, Place(page=1))
    exact = (Match("new_requests", "new_requests", 100, "exact"), Match("total", "total", 100, "exact"))
    (fact,), _ = make_facts(
        TableReading("requests", "2021", (CellReading(*exact, cell, "both"),), ()), "2021"
    )
    assert fact.value == (None if value is None else Decimal(value))
    assert (fact.confidence >= 0.99) is sure


def test_a_negative_count_is_given_with_a_doubt() -> None:
    labels = (Match("new_requests", "new_requests", 100, "exact"), Match("total", "total", 100, "exact"))
    reading = CellReading(*labels, Cell(0, 0, 1, 1, "-3", Place(page=1)), "both")
    (fact,), findings = make_facts(TableReading("requests", "2021", (reading,), ()), "2021")
    assert (fact.value, [f.code for f in findings]) == (Decimal(-3), ["value-negative"])


def test_a_table_that_the_form_has_not_gives_nothing_and_says_so() -> None:
    """The list of 2014 beside a box of table two, whose own form nothing tells."""
    labels = (Match("rules", "rules", 100, "exact"), Match("issued", "issued", 100, "exact"))
    reading = CellReading(*labels, Cell(0, 0, 1, 1, "3", Place(page=1), "ocr", 0.5, "8"), "both")
    facts, findings = make_facts(TableReading("proactive", "2014", (reading,), ()), "2014")
    assert (facts, [f.code for f in findings]) == ([], ["label-foreign"])
    assert make_facts(TableReading("proactive", None, (), ()), "2014") == ([], [])


def test_a_box_of_a_field_that_the_form_has_not_is_left_out_and_told() -> None:
    labels = (Match("new_requests", "new_requests", 100, "exact"), Match("fees", "fees", 100, "exact"))
    reading = CellReading(*labels, Cell(0, 0, 1, 1, "3", Place(page=1)), "both")
    facts, findings = make_facts(TableReading("requests", "2021", (reading,), ()), "2021")
    assert (facts, [f.code for f in findings]) == ([], ["label-foreign"])
