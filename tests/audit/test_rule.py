"""Rules as data: terms, cases, and what comes of them on reports made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from builders.made_filings import filed
from gongkai.audit.peer_outlier import Peers
from gongkai.audit.rule import explain_failure, prepare, try_rule
from gongkai.audit.rule_term import cases, parse
from gongkai.audit.series import check_series
from gongkai.model import Filing, Rule, SeriesCheck
from gongkai.normalize.form.template import templates

OWN = [rule for form in templates() for rule in form.rules]
IN, OUT = "requests.carried_in.total", "requests.carried_out.total"


def rule(left: Sequence[str], right: Sequence[str], **more: object) -> Rule:
    given: dict[str, object] = {"relation": "=", "severity": "error", "zh": "某规则", "en": "a rule"}
    return Rule("U1", tuple(left), tuple(right), **{**given, **more})  # type: ignore[arg-type]


def outcomes(rules: Sequence[Rule], this: Filing, before: Filing | None = None) -> list[tuple[str, str, str]]:
    """Rule, row.column and outcome of every case tried."""
    found = [c for p in prepare(rules, templates()) for c in try_rule(p, this, before)]
    return [(c.check.rule, f"{c.check.row}.{c.check.column}", c.check.outcome) for c in found]


# Terms ---------------------------------------------------------------------------------------


def test_a_term_is_read_with_its_sign_factor_and_year() -> None:
    term = parse("-0.5*requests.carried_out.*@-1")
    assert (term.factor, term.address, term.before) == (
        Decimal("-0.5"),
        ("requests", "carried_out", "*"),
        True,
    )
    assert parse("10000").factor == 10_000 and parse("10000").address is None


@pytest.mark.parametrize("text", ["requests.total", "requests.*.*", "requests.a.b@-2", "", "a+b", "新收"])
def test_what_is_no_term_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"term|two stars"):
        parse(text)


def test_a_star_stands_for_every_row_that_all_terms_have() -> None:
    found = cases(next(r for r in OWN if r.code == "R6"), templates())
    assert [c.left[0].address for c in found] == [
        ("proactive", "regulations", "in_force"),
        ("proactive", "normative_documents", "in_force"),
    ]


def test_a_rule_of_a_box_that_no_form_has_is_refused() -> None:
    with pytest.raises(ValueError, match=r"U1: no form has 'requests.grated.total'"):
        prepare([rule(["requests.grated.total"], ["0"])], templates())


def test_a_rule_of_numbers_alone_is_refused() -> None:
    with pytest.raises(ValueError, match="wants a box on the left"):
        prepare([rule(["1"], ["requests.granted.total"])], templates())


# Over the years ------------------------------------------------------------------------------


def test_what_is_carried_in_is_what_the_year_before_carried_out() -> None:
    assert outcomes(OWN, filed(2022, {IN: 3}), filed(2021, {OUT: 3})) == [("R5", "carried_in.total", "pass")]
    assert outcomes(OWN, filed(2022, {IN: 4}), filed(2021, {OUT: 3})) == [("R5", "carried_in.total", "fail")]


def test_the_forms_may_change_between_the_years() -> None:
    before = filed(2020, {OUT: 3}, form="2019")
    assert outcomes(OWN, filed(2021, {IN: 4}), before) == [("R5", "carried_in.total", "fail")]


def test_a_column_is_tried_for_itself() -> None:
    this = filed(2022, {IN: 3, "requests.carried_in.natural_person": 2})
    before = filed(2021, {OUT: 3, "requests.carried_out.natural_person": 3})
    assert outcomes(OWN, this, before) == [
        ("R5", "carried_in.natural_person", "fail"),
        ("R5", "carried_in.total", "pass"),
    ]


def test_no_rule_over_years_is_tried_where_there_is_no_year_before() -> None:
    assert outcomes(OWN, filed(2022, {IN: 4})) == []


def test_a_blank_box_that_could_make_up_the_difference_is_uncertain() -> None:
    assert outcomes(OWN, filed(2022, {}, empty=(IN,)), filed(2021, {OUT: 3}))[0][2] == "uncertain"
    assert outcomes(OWN, filed(2022, {IN: 3}), filed(2021, {}, empty=(OUT,)))[0][2] == "uncertain"


def test_a_box_that_was_not_read_makes_the_rule_not_assessable() -> None:
    assert outcomes(OWN, filed(2022, {IN: None}), filed(2021, {OUT: 3}))[0][2] == "not_assessable"


def test_what_is_in_force_follows_from_the_year_before() -> None:
    p = "proactive.normative_documents."
    this = filed(2022, {f"{p}in_force": 420, f"{p}issued": 50, f"{p}repealed": 227})
    assert outcomes(OWN, this, filed(2021, {f"{p}in_force": 597}))[0][2] == "pass"
    assert outcomes(OWN, this, filed(2021, {f"{p}in_force": 600}))[0][2] == "fail"


def test_in_the_form_of_2019_nothing_was_in_force() -> None:
    this = filed(2021, {"proactive.normative_documents.in_force": 5})
    assert outcomes(OWN, this, filed(2020, {"proactive.normative_documents.made": 5}, form="2019")) == []


def test_the_items_of_2020_begin_where_those_of_2019_ended() -> None:
    p = "proactive.administrative_licensing."
    before = filed(2019, {f"{p}prior_year_items": 8, f"{p}change": -3}, form="2019")
    good = filed(2020, {f"{p}prior_year_items": 5}, form="2019")
    bad = filed(2020, {f"{p}prior_year_items": 8}, form="2019")
    assert outcomes(OWN, good, before) == [("R6.items", "administrative_licensing.prior_year_items", "pass")]
    assert outcomes(OWN, bad, before)[0][2] == "fail"


def test_the_finding_names_both_files_and_the_rule_in_two_languages() -> None:
    this, before = filed(2022, {IN: 4}, name="b.pdf"), filed(2021, {OUT: 3}, name="a.pdf")
    (prepared,) = prepare([r for r in OWN if r.code == "R5" and r.templates == ("2021",)], templates())
    told = explain_failure(prepared.rule, next(try_rule(prepared, this, before)))
    assert told is not None and told.finding.code == "years-differ"
    assert "4 is not 3, difference 1; b.pdf and a.pdf" in told.finding.message
    assert "上年结转" in told.finding.message and "carried in" in told.finding.message


# A user's own --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("relation", "value", "outcome"),
    [
        ("=", 5, "pass"),
        ("=", 6, "fail"),
        ("<=", 5, "pass"),
        ("<=", 6, "fail"),
        (">=", 4, "fail"),
        (">=", 6, "pass"),
    ],
)
def test_a_rule_may_ask_for_equal_at_most_and_at_least(relation: str, value: int, outcome: str) -> None:
    own = rule(["requests.granted.total"], ["5"], relation=relation)
    assert outcomes([own], filed(2022, {"requests.granted.total": value}))[0][2] == outcome


def test_a_rule_may_leave_some_room() -> None:
    own = rule(["requests.granted.total"], ["5"], tolerance=Decimal(1))
    assert outcomes([own], filed(2022, {"requests.granted.total": 6}))[0][2] == "pass"
    assert outcomes([own], filed(2022, {"requests.granted.total": 7}))[0][2] == "fail"


def test_a_rule_of_one_form_is_not_tried_on_another() -> None:
    own = rule(["requests.granted.total"], ["5"], templates=("2019",))
    assert outcomes([own], filed(2022, {"requests.granted.total": 6})) == []


def test_a_factor_compares_with_the_year_before() -> None:
    own = rule(["requests.new_requests.total"], ["3*requests.new_requests.total@-1"], relation="<=")
    n = "requests.new_requests.total"
    assert outcomes([own], filed(2022, {n: 30}), filed(2021, {n: 10}))[0][2] == "pass"
    assert outcomes([own], filed(2022, {n: 31}), filed(2021, {n: 10}))[0][2] == "fail"


# Years of one body ---------------------------------------------------------------------------


def checks(filings: Sequence[Filing]) -> list[tuple[int, str, str]]:
    found = check_series(filings, prepare(OWN, templates()), Peers())
    return [(r.filing.year, r.check.rule, r.check.outcome) for r in found if isinstance(r, SeriesCheck)]


def test_years_are_compared_with_the_one_before_and_over_no_gap() -> None:
    filings = [filed(2019, {OUT: 1}, form="2019"), filed(2021, {IN: 9, OUT: 2}), filed(2022, {IN: 2})]
    assert checks(filings) == [(2022, "R5", "pass")]


def test_two_reports_of_a_year_that_contradict_each_other_are_compared_with_nothing() -> None:
    filings = [filed(2021, {OUT: 1}, name="a"), filed(2021, {OUT: 2}, name="b"), filed(2022, {IN: 2})]
    assert checks(filings) == [(2022, "R5", "not_assessable")]
    told = [r.finding.code for r in check_series(filings, (), Peers()) if not isinstance(r, SeriesCheck)]
    assert told == ["year-twice", "year-twice"]


def test_the_same_report_in_two_files_is_one_report() -> None:
    filings = [filed(2021, {OUT: 2}, name="a"), filed(2021, {OUT: 2}, name="b"), filed(2022, {IN: 2})]
    assert checks(filings) == [(2022, "R5", "pass")]


def test_of_two_files_of_one_report_what_they_dispute_is_left_aside_and_the_rest_is_tried() -> None:
    row = "requests.carried_out"
    columns = (
        "natural_person",
        "commercial_enterprise",
        "research_institution",
        "legal_service_org",
        "other",
        "total",
    )
    word = {f"{row}.{c}": 12 for c in columns}
    filings = [
        filed(2021, word, name="a.docx"),
        filed(2021, {**word, f"{row}.total": 72}, name="a.pdf"),
        filed(2022, {f"requests.carried_in.{c}": 12 for c in ("natural_person", "total")}),
    ]
    found = list(check_series(filings, prepare(OWN, templates()), Peers()))
    tried = {r.check.column: r.check.outcome for r in found if isinstance(r, SeriesCheck)}
    assert tried == {"natural_person": "pass", "total": "not_assessable"}
    codes = [r.finding.code for r in found if not isinstance(r, SeriesCheck)]
    assert codes == ["editions-differ"]
