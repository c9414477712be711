"""Dataset folders of made-up reports: values by the row's total, whole tables, with body, year and status."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from gongkai.audit import audit
from gongkai.emit import emit
from gongkai.model import Address, Body, Evidence, Fact, Match, Place, Report, Source
from gongkai.normalize import templates
from gongkai.normalize.form.template import table

#: tables of a form that a report has
TABLES = {
    "2014": ("statistics",),
    "2019": ("proactive", "requests", "review"),
    "2021": ("proactive", "requests", "review"),
}


def report(
    body_id: str,
    year: int,
    form: str,
    values: Mapping[str, float | None] = {},
    *,
    file: str = "",
    blanks: Sequence[str] = (),
    left_out: Sequence[str] = (),
    tables: Sequence[str] | None = None,
    units: Mapping[str, str] = {},
    **more: Any,
) -> Report:
    """A report in which every box of the form's tables is 0 but those named.

    `values` and `blanks` name boxes as "granted" (column total of table three), "new_requests.natural_person" or
    "review.reconsideration.upheld"; None is a box that could not be read. `left_out` boxes are not there.
    """
    given = {address(name, form): value for name, value in values.items()}
    empty = {address(name, form) for name in blanks}
    gone = {address(name, form) for name in left_out}
    facts = []
    for name in TABLES.get(form, ()) if tables is None else tables:
        for field in table(form, name).fields:
            if field.address in gone or field.column.id == "cumulative":
                continue
            value = given.get(field.address, 0)
            facts.append(_fact(field, value, field.address in empty, units.get(field.row.id, "")))
    path = file or f"{body_id.replace('/', '_')}_{year}.docx"
    org = str(more.pop("org", body_id.rpartition("/")[2]))
    made = Report(
        source=Source(path, b"", more.pop("sha256", hashlib.sha256(path.encode()).hexdigest()), 1),
        format=more.pop("format", "docx"),
        reader="docx",
        pages=None,
        template=form,
        org=org,
        year=year,
        title=f"{org}{year}年政府信息公开工作年度报告",
        published=more.pop("published", None),
        facts=tuple(facts),
        sections=tuple(more.pop("sections", ())),
        findings=(),
        body=Body(org, org, more.pop("level", "county"), None, id=body_id or None),
        org_evidence=Evidence(0.95, ("title",)),
        year_evidence=Evidence(0.99, ("title",)),
        status=more.pop("status", "ok"),
        reason=more.pop("reason", ""),
    )
    assert not more, more
    return replace(made, checks=audit(made, templates())[0])


def address(name: str, form: str) -> Address:
    """A short name of a box as its address."""
    parts = name.split(".")
    if form == "2014":
        return ("statistics", name, "value")
    return {
        1: ("requests", parts[0], "total"),
        2: ("requests", parts[0], parts[-1]),
        3: (parts[0], parts[1 % len(parts)], parts[-1]),
    }[len(parts)]


def _fact(field: Any, value: float | None, blank: bool, unit: str) -> Fact:
    printed = "" if blank else "?" if value is None else f"{value:.15g}"
    row, column = (
        Match(field.row.zh, field.row.id, 100.0, "exact"),
        Match(field.column.zh, field.column.id, 100.0, "exact"),
    )
    number = None if value is None else Decimal(0) if blank else Decimal(f"{value:.15g}")
    return Fact(field, number, blank, printed, Place(block=1, row=1), row, column, unit, "printed", 0.998)


def folder(to: Path, reports: Sequence[Report]) -> Path:
    """A dataset folder of some reports."""
    emit(sorted(reports, key=lambda r: r.source.path), to, templates=templates(), run_facts={"inputs": []})
    return to
