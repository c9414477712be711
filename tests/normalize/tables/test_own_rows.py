"""Rows that the form does not have, from Grids built by hand."""

from __future__ import annotations

import pytest

from builders import made_grids as build
from gongkai.audit import audit
from gongkai.model import Fact, Report
from gongkai.normalize import normalize, templates
from gongkai.normalize.form.template import table

ZEROS = ["0"] * 7
PATHS = {r.id: r.path for r in table("2021", "requests").rows}


def line(row: str, numbers: list[str]) -> list[str | None]:
    """A row of the form of 2021, its labels in three columns."""
    path = [*PATHS[row], "·", "·"][:3]
    return [*path, *numbers]


def read(*extra: tuple[str, list[str | None]], without: str = "") -> Report:
    """Table three with rows of its own, each behind a row of the form."""
    lines: list[list[str | None]] = []
    for row in PATHS:
        if row != without:
            lines.append(
                line(row, ["2", "0", "0", "0", "0", "0", "2"] if row == "denied_state_secret" else ZEROS)
            )
        lines += [own for after, own in extra if after == row]
    (report,) = normalize(build.document(build.grid([*build.HEAD, *lines])))
    return report


def own(report: Report) -> list[Fact]:
    return [f for f in report.facts if f.row_match.rule == "local"]


SUBTOTAL: list[str | None] = [
    "三、本年度办理结果",
    "（三）不予公开",
    "小计",
    "2",
    "0",
    "0",
    "0",
    "0",
    "0",
    "2",
]
ONLINE: list[str | None] = ["其中：网上申请", "·", "·", "0", "0", "0", "0", "0", "0", "0"]


def test_a_subtotal_is_a_fact_of_its_group() -> None:
    report = read(("denied_administrative_inquiry", SUBTOTAL))
    assert {f.field.row.id for f in own(report)} == {"denied_subtotal"}
    assert own(report)[0].row_match.printed.endswith("（三）不予公开 / 小计")
    assert not [f for f in report.findings if f.code in ("label-unknown", "row-missing")]


def test_a_subtotal_is_never_the_total_that_is_missing() -> None:
    """The last 小计 stands where （七）总计 is due, and is like it; that row stands behind a page's end."""
    last = ["三、本年度办理结果", "（六）其他处理", "小计", "5", "0", "0", "0", "0", "0", "5"]
    report = read(("other_misc", last), without="outcomes_total")
    assert {f.field.row.id for f in own(report)} == {"other_subtotal"}
    assert not [f for f in report.facts if f.field.row.id == "outcomes_total" and f.value is not None]
    whole = read(("other_misc", last))
    assert {f.value for f in whole.facts if f.field.row.id == "outcomes_total"} == {0}


@pytest.mark.parametrize(
    ("above", "ids"),
    [("denied_administrative_inquiry", {"denied_subtotal"}), ("denied_enforcement_files", set())],
)
def test_a_subtotal_that_names_no_group_is_that_of_the_group_that_ends_above_it(
    above: str, ids: set[str]
) -> None:
    """Rows between may be lost, and with them the group whose sum it is."""
    nameless = ["三、本年度办理结果", "小计", "·", *SUBTOTAL[3:]]
    report = read((above, nameless), without="denied_administrative_inquiry" if not ids else "")
    assert {f.field.row.id for f in own(report)} == ids


@pytest.mark.parametrize(("total", "outcome"), [("2", "pass"), ("3", "fail")])
def test_a_subtotal_is_checked_against_its_rows(total: str, outcome: str) -> None:
    report = read(("denied_administrative_inquiry", [*SUBTOTAL[:3], total, *SUBTOTAL[4:]]))
    checks, _ = audit(report, templates())
    assert [c.outcome for c in checks if c.rule == "R2.denied" and c.column == "natural_person"] == [outcome]


def test_without_a_subtotal_it_is_not_tried() -> None:
    checks, _ = audit(read(), templates())
    assert not [c for c in checks if c.rule.startswith("R2.")]


def test_a_row_of_its_own_is_a_fact_with_its_label() -> None:
    report = read(("new_requests", ONLINE))
    assert {(f.field.row.id, f.row_match.printed) for f in own(report)} == {("local_002", "其中：网上申请")}
    assert len(own(report)) == 7


def test_where_a_row_of_the_form_is_missing_the_other_label_may_be_it() -> None:
    report = read(("carried_in", ONLINE), without="granted")
    assert own(report) == []
    assert "label-unknown" in {f.code for f in report.findings}


def test_a_piece_of_a_label_of_the_form_is_no_row_of_its_own() -> None:
    report = read(("carried_in", ["三、本年度", "·", "·", *ZEROS]))
    assert own(report) == []
