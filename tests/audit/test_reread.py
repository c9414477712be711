"""What sums and second readings do to the confidence of a value."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from gongkai.audit.reread import weigh
from gongkai.model import Check, Fact, Match, Outcome, Place, Report, Source
from gongkai.normalize.form.number import value_of
from gongkai.normalize.form.template import field

ADDRESS = ("requests", "granted", "total")
EXACT = Match("（一）予以公开", "granted", 100.0, "exact")
TOTAL = Match("总计", "total", 100.0, "exact")


def report(fact: Fact) -> Report:
    source = Source("a.docx", b"", "", 1)
    return Report(source, "docx", "docx", None, "2021", None, None, None, None, (fact,), (), ())


def fact(confidence: float = 0.995) -> Fact:
    return Fact(field("2021", *ADDRESS), Decimal(5), False, "5", Place(), EXACT, TOTAL, confidence=confidence)


def check(outcome: Outcome) -> Check:
    return Check("R2", "requests", "granted", None, Decimal(5), Decimal(5), outcome, (ADDRESS,))


def confidence(given: Fact, outcome: Outcome, second: str | None = None) -> float:
    facts, _ = weigh(report(given), [check(outcome)], {ADDRESS: second}, value_of)
    return facts[0].confidence


def test_a_sum_that_holds_is_a_witness() -> None:
    assert confidence(fact(), "pass") == 0.9995


@pytest.mark.parametrize("rule", ["fuzzy", "sequence", "position", "local"])
def test_a_sum_along_the_row_does_not_tell_which_row_it_is(rule: str) -> None:
    assert confidence(replace(fact(), row_match=replace(EXACT, rule=rule)), "pass") == 0.995


def test_a_broken_sum_lowers_and_a_second_reading_that_agrees_lifts_again() -> None:
    assert confidence(fact(), "fail") == 0.97
    assert confidence(fact(), "fail", "5") == 0.985


def test_a_second_reading_that_differs_is_told() -> None:
    facts, findings = weigh(report(fact()), [check("fail")], {ADDRESS: "6"}, value_of)
    assert facts[0].confidence == 0.5
    assert [f.code for f in findings] == ["readings-differ"]
