"""The form's own sums, tried on facts made by hand."""

from __future__ import annotations

from decimal import Decimal

from audit import audit
from model import Fact, Match, Place, Report, Source
from normalize.template import field, table, templates


def report(values: dict[str, str], column: str = "total") -> Report:
    """A report whose table three has these rows in one column, and 0 in every other row of it."""
    rows = [r.id for r in table("2021", "requests").rows]
    facts = []
    for row in rows:
        printed = values.get(row, "0")
        match = Match(row, row, 100.0, "exact")
        slot = field("2021", "requests", row, column)
        facts.append(Fact(slot, Decimal(printed or 0), printed == "", printed, Place(), match, match))
    return Report(
        Source("x", b"", "", 0), "docx", "docx", None, "2021", None, None, None, None, tuple(facts), (), ()
    )


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


def test_a_missing_box_makes_its_sum_not_assessable() -> None:
    assert {c.outcome for c in audit(report({}), templates())[0] if c.rule == "R3"} == {"not_assessable"}
