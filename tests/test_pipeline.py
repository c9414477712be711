"""read() for users."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongkai import pipeline

SAMPLES = Path(__file__).parents[1] / "samples"


def test_a_table_is_a_frame_in_the_forms_order() -> None:
    frame = pipeline.read(SAMPLES / "2021_city.docx").table("requests")
    assert list(frame.index[:3]) == ["new_requests", "carried_in", "granted"]
    assert list(frame.columns)[-1] == "total"
    assert frame.attrs["columns_zh"]["natural_person"] == "申请人情况 / 自然人"


def test_a_notebook_shows_the_tables() -> None:
    html = pipeline.read(SAMPLES / "2021_sums_fail.docx")._repr_html_()
    assert "临江市人民政府" in html
    assert "<script" not in html


def test_a_file_that_is_not_there_is_a_failed_report() -> None:
    report = pipeline.read(SAMPLES / "nowhere.pdf")
    assert (report.status, report.reason) == ("failed", "unreadable")


def test_a_failed_sum_is_looked_at_twice_and_given_as_printed() -> None:
    report = pipeline.read(SAMPLES / "2021_sums_fail.pdf")
    fact = next(f for f in report.facts if f.field.address == ("requests", "granted", "total"))
    assert f"{fact.value}" == fact.printed
    assert 0.97 <= fact.confidence < 0.999
    assert {f.code for f in report.findings} >= {"sum-differs"}
    assert "readings-differ" not in {f.code for f in report.findings}


def test_what_would_mend_a_failed_sum_is_proposed_and_nothing_is_changed() -> None:
    report = pipeline.read(SAMPLES / "2021_sums_fail.pdf")
    (proposal,) = report.proposals
    assert proposal.address == ("requests", "granted", "total")
    assert (proposal.printed, proposal.needed, proposal.cause) == ("16", 6, "digit_added")
    assert (proposal.unique, proposal.verdict) == (True, "as_printed")
    fact = next(f for f in report.facts if f.field.address == proposal.address)
    assert (fact.value, fact.origin) == (16, "printed")
    assert [f.row for f in report.findings if f.code == "sum-diagnosis"] == ["granted"]


@pytest.mark.parametrize("name", ["2021_city.docx", "2021_city.pdf", "2019_township.docx"])
def test_a_clean_report_is_ok_and_sure(name: str) -> None:
    report = pipeline.read(SAMPLES / name)
    assert report.status == "ok"
    assert min(f.confidence for f in report.facts) >= 0.99
