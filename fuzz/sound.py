"""What is true of every Report, whatever was read."""

from __future__ import annotations

from collections import Counter

from gongkai.model import Place, Report


def assert_sound(report: Report) -> None:
    """No fact without a place, none twice, no value that is not a number; a status that says why."""
    twice = [a for a, n in Counter(f.field.address for f in report.facts).items() if n > 1]
    assert not twice, f"two facts of {twice[0]}"
    for fact in report.facts:
        assert fact.place != Place(), f"{fact.field.address} has no place"
        assert fact.value is None or fact.value.is_finite(), f"{fact.field.address} is {fact.value}"
        assert 0 <= fact.confidence <= 1, f"{fact.field.address}: confidence {fact.confidence}"
    assert report.status in ("ok", "partial", "narrative", "empty", "failed")
    assert report.status in ("ok", "narrative") or report.reason, f"{report.status} without a reason"
