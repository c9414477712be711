"""Numbers in the narrative against the tables."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from builders import made_reports as build
from gongkai.audit import audit
from gongkai.model import Mention, Place, Report
from gongkai.normalize.form.template import templates

NEW = ("requests", "new_requests", "total")
IN = ("requests", "carried_in", "total")
DIRECT = ("review", "litigation_direct", "total")
AFTER = ("review", "litigation_after_reconsideration", "total")
CELLS = {NEW: "713", IN: "36", DIRECT: "2", AFTER: "3", ("requests", "granted", "total"): ""}


def says(value: int, *fields: tuple[str, str, str]) -> Report:
    """A report whose narrative says a number of these slots."""
    mention = Mention(
        Decimal(value), "件", str(value), "申请", f"收到申请{value}件。", "overview", Place(1), fields
    )
    return replace(build.report(CELLS), mentions=(mention,))


def outcome(report: Report) -> tuple[str, int | None]:
    (check,) = [c for c in audit(report, templates())[0] if c.rule == "R7"]
    return check.outcome, None if check.right is None else int(check.right)


@pytest.mark.parametrize(("value", "right"), [(713, 713), (749, 749)])
def test_received_may_be_what_is_new_or_that_with_what_was_carried_in(value: int, right: int) -> None:
    assert outcome(says(value, NEW)) == ("pass", right)


def test_a_number_that_no_reading_gives_fails_and_its_sentence_is_told() -> None:
    report = says(731, NEW)
    assert outcome(report) == ("fail", 713)
    (finding,) = [f for f in audit(report, templates())[1] if f.code == "narrative-differs"]
    assert "says 731件 and the table 713" in finding.message and "收到申请731件。" in finding.message
    assert (finding.table, finding.row, finding.printed) == ("requests", "new_requests", "731")


def test_litigation_is_direct_and_after_reconsideration() -> None:
    assert outcome(says(5, DIRECT, AFTER)) == ("pass", 5)
    assert outcome(says(2, DIRECT, AFTER)) == ("fail", 5)


def test_what_was_carried_in_has_one_reading() -> None:
    assert outcome(says(749, IN)) == ("fail", 36)


def test_a_blank_box_states_nothing_that_the_narrative_could_contradict() -> None:
    assert outcome(says(4, ("requests", "granted", "total"))) == ("uncertain", 0)


def test_a_box_that_the_report_lacks_is_not_assessable() -> None:
    assert outcome(says(4, NEW, ("requests", "outcomes_total", "total"))) == ("not_assessable", None)


def test_a_number_whose_wording_names_no_slot_is_left_alone() -> None:
    assert [c for c in audit(says(4), templates())[0] if c.rule == "R7"] == []
    fee = says(4, ("proactive", "administrative_fees", "fees_collected"))
    assert [c for c in audit(fee, templates())[0] if c.rule == "R7"] == []
