"""Reports as plain data, for --json, with the columns of the datasets (`emit/write/rows.py`)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from gongkai.emit.write.rows import (
    EDGES,
    RawRow,
    check_row,
    fact_row,
    finding_row,
    mention_row,
    place_row,
    proposal_row,
    report_row,
    section_row,
)
from gongkai.model import Body, Division, Place, Report


def dumps(reports: Sequence[Report]) -> str:
    """JSON of a file's report: an object, or a list of them where the file holds several."""
    plain = [report_as_json(report) for report in reports]
    return json.dumps(plain[0] if len(plain) == 1 else plain, ensure_ascii=False, indent=1) + "\n"


#: columns of `reports` that the JSON of a report has, in its order
HEAD = (
    "source_file",
    "sha256",
    "bytes",
    "format",
    "reader",
    "pages",
    "status",
    "reason",
    "org",
    "year",
    "title",
    "published",
    "template",
    "org_confidence",
    "org_evidence",
    "year_confidence",
    "year_evidence",
    "sums",
)


def report_as_json(report: Report) -> dict[str, Any]:
    """The report as dicts and lists; values are decimal text, exact."""
    row = report_row(report, "")
    return {
        **{name: row[name] for name in HEAD},
        "body": None if report.body is None else body_as_json(report.body),
        "facts": [_placed(fact_row(f, report.body), f.place) for f in report.facts],
        "sections": [_plain(section_row(s)) for s in report.sections],
        "mentions": [_placed(mention_row(m), m.place) for m in report.mentions],
        "checks": [_plain(check_row(c)) for c in report.checks],
        "findings": [_plain(finding_row(f)) for f in report.findings],
        "proposals": [_plain(proposal_row(p)) for p in report.proposals],
    }


def _placed(row: RawRow, place: Place) -> dict[str, Any]:
    """A row with the whole place, the four edges of a box as one list."""
    whole = {name: value for name, value in {**row, **place_row(place)}.items() if name not in EDGES}
    return {**_plain(whole), "bbox": place.bbox}


def _plain(row: RawRow) -> dict[str, Any]:
    return {name: number(value) if isinstance(value, Decimal) else value for name, value in row.items()}


def body_as_json(body: Body) -> dict[str, Any]:
    """A body with its division, the evidence for it, and the divisions that its name may mean."""
    return {
        "name": body.name,
        "organ": body.organ,
        "level": body.level,
        "division_code": None if body.division is None else body.division.code,
        "division": None if body.division is None else _division(body.division),
        "evidence": list(body.evidence),
        "reason": body.reason,
        "id": body.id,
        "candidates": [_division(d) for d in body.candidates],
    }


def _division(division: Division) -> dict[str, Any]:
    return {
        "code": division.code,
        "name": division.name,
        "level": division.level,
        "parents": list(division.parents),
    }


def number(value: Decimal | None) -> str | None:
    """Decimal text without an exponent and without a negative zero.

    >>> number(Decimal("-0")), number(Decimal("1E+2"))
    ('0', '100')
    """
    if value is None:
        return None
    return f"{abs(value) if value.is_zero() else value:f}"
