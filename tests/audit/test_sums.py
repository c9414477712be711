"""The form's own sums, tried on facts made by hand."""

from __future__ import annotations

from dataclasses import replace

from builders import made_reports as build
from gongkai.audit import audit
from gongkai.model import Finding, Report
from gongkai.normalize.form.template import templates


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
    assert [f.code for f in findings if f.code != "sum-unchecked"] == ["sum-differs"]


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
    assert ("sum-uncertain", "note") in [(f.code, f.severity) for f in told]
    assert "sum-differs" not in [f.code for f in told]


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


def lacking(row: str, **values: str) -> Report:
    """A report whose table three is whole but for one box of the column of totals."""
    cells = build.requests({(r, "total"): v for r, v in values.items()})
    return build.report({a: v for a, v in cells.items() if a != ("requests", row, "total")})


def unread(r: Report, row: str) -> Report:
    """The report with a finding that boxes of this row are there and were not read."""
    return replace(r, findings=(Finding("row-unaligned", "error", "", table="requests", row=row),))


def test_a_balance_that_lacks_an_unread_box_is_told() -> None:
    r = unread(lacking("carried_out", new_requests="5", granted="3", outcomes_total="3"), "carried_out")
    checks, findings = audit(r, templates())
    balance = next(c for c in checks if (c.rule, c.column) == ("R1", "total"))
    assert (balance.outcome, balance.left, balance.right) == ("not_assessable", 5, None)
    told = next(f for f in findings if f.code == "sum-unchecked" and (f.row, f.column) == (None, "total"))
    assert told.severity == "warning"
    assert "requests.total lacks requests.carried_out.total" in told.message


def test_a_balance_that_no_number_in_the_unread_box_could_mend_fails() -> None:
    r = unread(lacking("carried_out", new_requests="2", granted="3", outcomes_total="3"), "carried_out")
    checks, findings = audit(r, templates())
    balance = next(c for c in checks if (c.rule, c.column) == ("R1", "total"))
    assert (balance.outcome, balance.left, balance.right, balance.difference) == ("fail", 2, 3, -1)
    told = next(f for f in findings if f.code == "sum-differs" and f.column == "total")
    assert "whatever requests.carried_out.total would hold, which is missing or unread" in told.message


def test_a_balance_without_a_box_that_the_document_does_not_have_fails_as_printed() -> None:
    r = lacking("carried_out", new_requests="5", granted="3", outcomes_total="3")
    checks, findings = audit(r, templates())
    balance = next(c for c in checks if (c.rule, c.column) == ("R1", "total"))
    assert (balance.outcome, balance.left, balance.right, balance.difference) == ("fail", 5, 3, 2)
    told = next(f for f in findings if f.code == "sum-differs" and f.column == "total")
    assert "the document has no box requests.carried_out.total" in told.message


def test_a_balance_that_holds_without_a_box_is_not_tried() -> None:
    r = lacking("carried_out", new_requests="3", granted="3", outcomes_total="3")
    assert outcomes(r)["R1", "total"] == "not_assessable"


def test_a_whole_column_that_is_not_there_is_told() -> None:
    cells = {a: v for a, v in build.requests({}).items() if a[2] != "total"}
    checks, findings = audit(build.report(cells), templates())
    assert [c.outcome for c in checks if (c.rule, c.column) == ("R1", "total")] == ["not_assessable"]
    assert ("requests", None, "total") in [
        (f.table, f.row, f.column) for f in findings if f.code == "sum-unchecked"
    ]


def test_a_table_that_is_not_there_has_no_sums() -> None:
    assert {c.table for c in audit(report({}), templates())[0]} == {"requests"}
