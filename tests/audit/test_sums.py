"""The form's own sums, tried on facts made by hand."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from audit import audit
from model import Report
from normalize.template import templates

_spec = importlib.util.spec_from_file_location("build", Path(__file__).with_name("build.py"))
assert _spec is not None and _spec.loader is not None
build = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(build)


def report(values: dict[str, str], column: str = "total") -> Report:
    """A report whose table three has these rows in one column, and 0 in every other row of it."""
    return build.report({("requests", row, column): values.get(row, "0") for row in build.ROWS})


def whole(cells: dict[tuple[str, str], str]) -> Report:
    """A report whose table three has these boxes, and 0 in every other."""
    return build.report(build.requests(cells))


def outcomes(r: Report) -> dict[tuple[str, str | None], str]:
    return {(c.rule, c.column): c.outcome for c in audit(r, templates())[0]}


def test_a_balance_that_holds_passes() -> None:
    got = outcomes(
        report(
            {
                "new_requests": "5",
                "carried_in": "1",
                "granted": "4",
                "outcomes_total": "4",
                "carried_out": "2",
            }
        )
    )
    assert (got["R1", "total"], got["R2", "total"]) == ("pass", "pass")


def test_a_balance_that_does_not_hold_fails_and_is_a_finding() -> None:
    r = report({"new_requests": "5", "granted": "4", "outcomes_total": "4"})
    checks, findings = audit(r, templates())
    failed = [c for c in checks if c.outcome == "fail"]
    assert [(c.rule, c.left, c.right, c.difference) for c in failed] == [("R1", 5, 4, 1)]
    assert [f.code for f in findings] == ["sum-differs"]


def test_a_blank_total_states_nothing() -> None:
    got = outcomes(report({"new_requests": "5", "granted": "5", "outcomes_total": ""}))
    assert got["R2", "total"] == "uncertain"


def test_a_blank_part_that_could_make_up_the_difference_is_uncertain() -> None:
    got = outcomes(
        report({"new_requests": "5", "granted": "4", "partially_granted": "", "outcomes_total": "5"})
    )
    assert got["R2", "total"] == "uncertain"
    told = audit(
        report({"new_requests": "5", "granted": "4", "partially_granted": "", "outcomes_total": "5"}),
        templates(),
    )[1]
    assert [(f.code, f.severity) for f in told] == [("sum-uncertain", "note")]


def test_a_blank_part_on_the_side_that_is_too_large_cannot_help() -> None:
    got = outcomes(
        report(
            {
                "new_requests": "6",
                "granted": "6",
                "partially_granted": "",
                "outcomes_total": "5",
                "carried_out": "1",
            }
        )
    )
    assert got["R2", "total"] == "fail"


def test_a_blank_part_that_another_sum_shows_to_be_zero_decides_nothing() -> None:
    cells = {("partially_granted", c): "" for c in build.COLUMNS} | {
        ("granted", "natural_person"): "4",
        ("granted", "total"): "4",
    }
    cells |= {
        ("new_requests", "natural_person"): "4",
        ("new_requests", "total"): "4",
        ("outcomes_total", "natural_person"): "4",
    }
    got = outcomes(whole(cells | {("outcomes_total", "total"): "5"}))
    assert (got["R2", "total"], got["R1", "total"]) == ("fail", "fail")


def test_a_placeholder_states_that_there_is_nothing() -> None:
    got = outcomes(
        report({"new_requests": "5", "granted": "4", "partially_granted": "/", "outcomes_total": "5"})
    )
    assert got["R2", "total"] == "fail"


def test_the_finding_says_how_many_blank_boxes_counted_as_zero() -> None:
    r = report(
        {
            "new_requests": "6",
            "granted": "6",
            "partially_granted": "",
            "outcomes_total": "5",
            "carried_out": "1",
        }
    )
    assert "(1 blank box counted as 0)" in audit(r, templates())[1][0].message


def test_a_missing_box_makes_its_sum_not_assessable() -> None:
    assert {c.outcome for c in audit(report({}), templates())[0] if c.rule == "R3"} == {"not_assessable"}
