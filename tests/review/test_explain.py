"""Where a value comes from, as text."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest

from gongkai.model import Fact, Place, Report
from gongkai.review.explain import explain

NEW = ("requests", "new_requests", "natural_person")
GRANTED = ("requests", "granted", "total")


def with_fact(report: Report, fact: Fact) -> Report:
    """The report with this fact in the place of the one of the same field."""
    others = tuple(fact if f.field.address == fact.field.address else f for f in report.facts)
    return replace(report, facts=others)


def test_a_plain_value_is_explained_completely(report: Report) -> None:
    assert explain(report, NEW).splitlines() == [
        "field   requests.new_requests.natural_person   一、本年新收政府信息公开申请数量 × 申请人情况 / 自然人",
        "value   3   printed “3”   page 2, block 2, row 2, column 2, box 150 120 250 140",
        "unit    件, by the form",
        "origin  printed   confidence 1   form 2021",
        "row     “一、本年新收政府信息公开申请数量” = new_requests   exact 100",
        "column  “申请人情况 / 自然人” = natural_person   exact 100",
        "check   R3 new_requests: pass",
        "finding note grid-joined: two halves",
    ]


def test_a_near_label_has_its_candidates_and_the_line_to_paste(report: Report) -> None:
    lines = explain(report, GRANTED).splitlines()
    at = lines.index("row     “办理结果 / 予以“公开” = granted   fuzzy 88.9")
    assert lines[at + 1].split() == ["88.9", "granted"]
    assert lines[at + 2].split() == ["61.5", "partially_granted"]
    assert "[requests.rows]" in lines[at + 3]
    pasted = lines[at + 3].partition(":  ")[2]
    assert tomllib.loads(pasted) == {"granted": ["予以“公开"]}


def test_a_wording_with_quotation_marks_gives_a_line_of_toml(report: Report) -> None:
    near = replace(report.facts[3].row_match, printed='3.危及"三安全\\一稳定"')
    result = explain(with_fact(report, replace(report.facts[3], row_match=near)), GRANTED)
    line = next(x for x in result.splitlines() if "to settle it" in x)
    assert tomllib.loads(line.partition(":  ")[2]) == {"granted": ['3.危及"三安全\\一稳定"']}


def test_a_sum_that_fails_shows_both_sides(report: Report) -> None:
    lines = explain(report, GRANTED).splitlines()
    assert "check   R3 granted: fail (2 against 0, difference 2)" in lines
    assert "check   R1 total: fail (3 against 2, difference 1)" in lines


def test_only_findings_about_the_value_are_listed(report: Report) -> None:
    result = [line for line in explain(report, GRANTED).splitlines() if line.startswith("finding")]
    assert [line.split()[2] for line in result] == ["label-fuzzy:", "sum-differs:"]
    # The sum of the column does not have this box, so its finding is about other boxes.
    assert "sum-differs" not in explain(report, ("requests", "new_requests", "total"))


def test_a_blank_box_is_described_as_blank(report: Report) -> None:
    assert "value   0 (blank)   printed “”" in explain(report, ("requests", "granted", "natural_person"))


def test_an_unread_box_has_no_value_and_keeps_its_print(report: Report) -> None:
    unread = replace(report.facts[0], value=None, printed="若干")
    assert "value   unread   printed “若干”" in explain(with_fact(report, unread), NEW)


def test_a_stated_unit_is_distinguished_from_that_of_the_form(report: Report) -> None:
    assert "unit    元, as stated" in explain(with_fact(report, replace(report.facts[0], unit="元")), NEW)


def test_a_value_of_a_file_without_pages_is_explained_without_a_page(report: Report) -> None:
    result = explain(with_fact(report, replace(report.facts[0], place=Place(None, 3, 1, 1))), NEW)
    assert "printed “3”   block 4, row 2, column 2\n" in result


def test_a_field_that_was_not_read_is_a_key_error(report: Report) -> None:
    with pytest.raises(KeyError):
        explain(report, ("requests", "carried_in", "total"))
