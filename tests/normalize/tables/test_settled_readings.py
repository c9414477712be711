"""Boxes that were read in two ways, and the sums of the form."""

from __future__ import annotations

from decimal import Decimal

from gongkai.normalize.form.template import table
from gongkai.normalize.tables.settled_readings import Candidates, Slot, settle_readings

FORM = table("2021", "review")
PARTS = ("upheld", "corrected", "other_result", "pending", "total")


def row(*values: int | tuple[int, ...], is_open: bool = False) -> dict[Slot, Candidates]:
    """The boxes of the review in one row; a tuple is what several readings say."""
    boxes: dict[Slot, Candidates] = {}
    for column, value in zip(PARTS, values, strict=True):
        several = value if isinstance(value, tuple) else (value,)
        doubtful = isinstance(value, tuple) and is_open
        boxes["reconsideration", column] = Candidates(tuple(map(Decimal, several)), doubtful)
    return boxes


def settled(boxes: dict[Slot, Candidates]) -> dict[str, int]:
    return {column: int(v) for (_, column), v in settle_readings(boxes, FORM).items()}


def test_the_one_reading_under_which_the_sum_holds_is_taken() -> None:
    assert settled(row((3, 31), 2, 0, 4, 37)) == {"upheld": 31}
    assert settled(row((3, 31), (2, 7), 0, 4, 42)) == {"upheld": 31, "corrected": 7}


def test_where_two_combinations_hold_none_is_taken() -> None:
    assert settled(row((3, 31), 0, 0, 0, (3, 31))) == {}
    assert settled(row((1, 2), (2, 1), 0, 4, 7)) == {}


def test_where_no_combination_holds_none_is_taken() -> None:
    assert settled(row((3, 31), 2, 0, 4, 50)) == {}


def test_a_reading_that_may_be_another_number_needs_a_sum_of_several_numbers() -> None:
    assert settled(row((3,), 0, 0, 0, (3,), is_open=True)) == {}  # both may be 31
    assert settled(row((4,), (2,), 8, 0, (14,), is_open=True)) == {"upheld": 4, "corrected": 2, "total": 14}


def test_a_row_of_the_form_that_the_report_leaves_out_is_no_part_of_a_sum() -> None:
    form = table("2021", "requests")
    (rule,) = [s for s in form.sums if s.name == "R2"]
    rows = [r for r in rule.right if r != "denied_process_information"]
    boxes: dict[Slot, Candidates] = {(r, "total"): Candidates((Decimal(1),)) for r in rows}
    boxes["granted", "total"] = Candidates((Decimal(1), Decimal(7)))
    boxes["outcomes_total", "total"] = Candidates((Decimal(len(rows) + 6),))
    assert settle_readings(boxes, form) == {("granted", "total"): Decimal(7)}
