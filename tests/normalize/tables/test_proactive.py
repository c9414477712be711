"""Table two, from Grids built by hand."""

from __future__ import annotations

from typing import Any

from builders import made_grids as build


def read(heads: list[str], values: str) -> Any:
    from gongkai.normalize import normalize

    grid = build.grid([["第二十条第（一）项", "·", "·", "·"], ["信息内容", *heads], ["规章", *values]])
    (report,) = normalize(build.document("二、主动公开政府信息情况", grid))
    return report


def test_a_head_that_stands_twice_is_taken_by_its_position_and_reported() -> None:
    report = read(["本年制发件数", "本年制发件数", "现行有效件数"], "123")
    assert {f.field.column.id: f.value for f in report.facts} == {"issued": 1, "repealed": 2, "in_force": 3}
    assert max(f.confidence for f in report.facts) <= 0.9
    assert "label-contradicts" in [f.code for f in report.findings]


def test_a_head_that_stands_twice_among_heads_in_another_order_is_not_taken() -> None:
    report = read(["本年废止件数", "本年制发件数", "本年制发件数"], "123")
    assert report.facts == ()
    assert "row-unaligned" in [f.code for f in report.findings]
