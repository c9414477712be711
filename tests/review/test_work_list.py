"""The list that people work through: the likeliest errors first, filters and their counts, what comes next."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gongkai.review.work_list import WorkItem, WorkList, rate

ITEM = WorkItem(
    "a", "a", 1, "甲局", "甲", "county", "2021", "2021", "ok", "", "hold", "x/a.pdf", "", "x", 0, 0, 0, 0, 0, 0, (), (), (), 0.1
)  # fmt: skip
LINE: dict[str, Any] = {"checks_failed": 0, "status": "ok", "sums": "hold", "org": "甲", "year": 2021, "org_confidence": 1.0, "year_confidence": 1.0}  # fmt: skip


def item(id: str, doubt: float, **changes: Any) -> WorkItem:
    return replace(ITEM, **{"id": id, "sha256": id, "file": f"{id}.pdf", "doubt": doubt, **changes})


@pytest.fixture
def work() -> WorkList:
    return WorkList(
        [
            item("a", 0.1, year="2021"),
            item("b", 3.0, year="2022", status="partial", codes=("row-missing",), org="乙局", body="乙"),
            item("c", 1.0, year="2022", sums="fail", rules=("R1", "R2")),
        ]
    )


def ids(items: list[WorkItem]) -> str:
    return "".join(i.id for i in items)


def test_the_likeliest_error_stands_first(work: WorkList) -> None:
    assert ids(work.in_order(work.all)) == "bca"
    assert ids(work.in_order(work.all, "file")) == "abc"
    assert ids(work.in_order(work.all, "body")) == "bac"


def test_filters_narrow_the_list_and_their_values_widen_it(work: WorkList) -> None:
    assert ids(work.in_order(work.select({"year": ["2022"]}))) == "bc"
    assert ids(work.in_order(work.select({"year": ["2022"], "sums": ["fail"]}))) == "c"
    assert ids(work.in_order(work.select({"year": ["2021", "2022"]}))) == "bca"
    assert work.select({"rule": ["no such rule"]}) == 0
    assert ids(work.in_order(work.select({}, "乙局 ２０２２"))) == "b"


def test_a_filter_counts_what_it_would_leave_with_the_others_set(work: WorkList) -> None:
    counts = work.counts({"year": ["2022"], "status": ["partial"]})
    assert counts["status"] == [("ok", 1), ("partial", 1)]
    assert counts["year"] == [("2022", 1)]
    assert counts["rule"] == []


def test_the_state_of_a_report_is_a_filter_that_changes(work: WorkList) -> None:
    place = work.places["c"]
    work.set_live(place, "seen", frozenset({"王"}))
    assert ids(work.in_order(work.select({"state": ["open"]}))) == "ba"
    assert ids(work.in_order(work.select({"state": ["seen"], "person": ["王"]}))) == "c"
    work.set_live(place, "open", frozenset())
    assert ids(work.in_order(work.select({"state": ["open"]}))) == "bca"
    assert work.select({"person": ["王"]}) == 0


def test_next_goes_on_behind_a_report_and_then_from_the_beginning(work: WorkList) -> None:
    assert ids(work.after(work.all, "c")) == "ab"
    assert ids(work.after(work.all, "a")) == "bc"
    assert ids(work.after(work.select({"year": ["2022"]}), "a")) == "bc"
    assert ids(work.after(work.all, "gone")) == "bca"


def test_bodies_and_years_make_a_grid(work: WorkList) -> None:
    bodies, years, cells, count = work.grid(work.all, 0, 1)
    assert (bodies, years, count) == (["乙"], ["2021", "2022"], 2)
    assert ids(cells["甲", "2022"]) == "c"


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        ({"proposals": [("misread", True)]}, {"proposals": [("as_printed", True)]}),
        ({"line": LINE | {"org": None}}, {"unread": 1}),
        ({"line": LINE | {"checks_failed": 1}}, {}),
        ({"severities": {"error": 1}}, {"severities": {"warning": 1}}),
        ({"doubt": 2.0, "line": LINE | {"sums": "fail"}}, {"doubt": 2.0}),
    ],
)
def test_what_is_likelier_wrong_or_matters_more_counts_more(
    worse: dict[str, Any], better: dict[str, Any]
) -> None:
    def rated(**given: Any) -> float:
        of = {"line": LINE, "proposals": (), "severities": {}, "unread": 0, "doubt": 0.0} | given
        return rate(of["line"], of["proposals"], of["severities"], of["unread"], of["doubt"])

    assert rated(**worse) > rated(**better)
