"""Any Document gives a Report or a DocumentError, and no fact without a place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from fuzz.documents import documents, tried
from fuzz.sound import assert_sound
from gongkai.model import Document, Place
from gongkai.pipeline import DEFAULTS, read_file

SAMPLE = Path(__file__).parents[1] / "samples" / "2021_city.docx"


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(documents())
def test_any_document_gives_reports_or_says_why_not(document: Document) -> None:
    tried(document)


def test_a_fact_without_a_place_and_one_told_twice_are_noticed() -> None:
    (report,) = read_file(SAMPLE, SAMPLE.name, DEFAULTS)
    assert_sound(report)
    lost = replace(report, facts=(replace(report.facts[0], place=Place()), *report.facts[1:]))
    with pytest.raises(AssertionError, match="has no place"):
        assert_sound(lost)
    with pytest.raises(AssertionError, match="two facts of"):
        assert_sound(replace(report, facts=report.facts[:1] * 2))
