"""A Report's columns are listed once, in `emit/write/rows.py`: what each of the others leaves out stands here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from gongkai.commands.output import as_json
from gongkai.emit import emit
from gongkai.emit.compare import difference
from gongkai.emit.read import filing
from gongkai.emit.read.restore import restore
from gongkai.emit.schema import datasets
from gongkai.emit.write.rows import EDGES, Row, rows
from gongkai.model import Body, Check, Division, Mention, Place, Proposal, Report, Template

Made = Callable[..., Report]

NAMES: Mapping[str, tuple[str, ...]] = {d.name: d.names for d in datasets()}
NEW = ("requests", "new", "person")

#: how many of the things in a report there are: the JSON has the things themselves
COUNTS = {"facts", "blanks", "findings", "checks_failed"}
#: what a dataset says of a report's body: the JSON has the body itself
OF_THE_BODY = {"level", "division_code", "division_evidence", "body_id"}
#: which report it is
WHICH = {"report_id", "source_file", "org", "year"}

#: columns that a comparison of two datasets leaves out: what follows from others, and where something stands
NOT_COMPARED = {
    "reports": {"bytes", "format", "reader", "pages", "facts", "blanks", "findings", "division_evidence"}
    | {"org_confidence", "org_evidence", "year_confidence", "year_evidence", "sums"},
    "facts": {
        *("row_label", "row_rule", "row_score", "column_label", "column_rule", "column_score"),
        *("page", "block", "cell_row", "cell_column", *EDGES),
        "body_id",
    },
    "sections": {"level"},
    "checks": {"left", "right", "difference", "facts"},
    "findings": {"severity", "message", "page", "printed"},
}


@pytest.fixture
def whole(made: Made) -> Report:
    """A Report with a part of every kind."""
    check = Check("row_total", *NEW[:2], None, Decimal(3), Decimal(0), "fail", (NEW,))
    mention = Mention(
        Decimal(3), "件", "3", "申请", "收到申请3件。", "overview", Place(1, 2), (NEW,), "new", "1"
    )
    proposal = Proposal(
        1, 1, NEW, Place(2), "3", Decimal(3), Decimal(30), "digit_dropped", True, "misread", ("row_total",)
    )
    division = Division("320000", "江苏省", "province", ())
    body = Body("江苏省人民政府", "人民政府", "province", division, evidence=("full_name", "short_name"))
    return made(checks=(check,), mentions=(mention,), proposals=(proposal,), body=body, pages=3)


def test_every_line_has_the_columns_of_its_dataset_in_order(whole: Report) -> None:
    assert {name: tuple(lines[0]) for name, lines in rows(whole, "id", "1").items()} == NAMES


def test_several_ids_of_one_cell_are_joined(whole: Report) -> None:
    every = rows(whole, "id", "1")
    assert every["reports"][0]["division_evidence"] == "full_name;short_name"
    assert (every["mentions"][0]["fields"], every["checks"][0]["facts"]) == (".".join(NEW), ".".join(NEW))


@pytest.mark.parametrize("dataset", ["facts", "sections", "mentions", "checks", "findings", "proposals"])
def test_the_json_of_a_part_has_the_columns_of_its_dataset(whole: Report, dataset: str) -> None:
    (part, *_) = as_json.report_as_json(whole)[dataset]
    wanted = set(NAMES[dataset]) - WHICH - set(EDGES)
    assert wanted - set(part) == set()


def test_the_json_of_a_report_has_the_columns_of_reports(whole: Report) -> None:
    missing = set(NAMES["reports"]) - set(as_json.report_as_json(whole))
    assert missing == {"report_id", "version", "blanks", "checks_failed", *OF_THE_BODY}
    assert set(NAMES["reports"]) - set(as_json.HEAD) == {"report_id", "version", *COUNTS, *OF_THE_BODY}


def test_a_report_that_is_read_back_gives_the_same_lines(
    whole: Report, form: Template, tmp_path: Path
) -> None:
    emit([whole], tmp_path / "out", templates=(form,), run_facts={})
    ((id, again),) = restore(tmp_path / "out", (form,))
    before, after = rows(replace(whole, body=None), id, "1"), rows(again, id, "1")
    for name in ("facts", "reports", "checks", "findings", "proposals"):
        assert [_rounded(line) for line in after[name]] == [_rounded(line) for line in before[name]], name


def _rounded(line: Row) -> Row:
    """A line without the edges of its box, which are rounded twice."""
    return {name: value for name, value in line.items() if name not in EDGES}


@pytest.mark.parametrize("dataset", NOT_COMPARED)
def test_a_comparison_takes_every_column_or_leaves_it_out_on_purpose(dataset: str) -> None:
    compared = set(difference.HEAD) if dataset == "reports" else {"report_id"}
    names, values = difference.PARTS.get(dataset, ((), ()))
    compared |= {*names, *values}
    assert set(NAMES[dataset]) - compared - WHICH == NOT_COMPARED[dataset]
    assert compared <= set(NAMES[dataset])


def test_rules_over_several_reports_read_columns_that_there_are() -> None:
    for dataset, wanted in filing.COLUMNS.items():
        assert set(wanted) <= set(NAMES[dataset])
