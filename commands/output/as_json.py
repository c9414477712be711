"""Reports as plain data, for --json, with the columns of the datasets (`emit/write/rows.py`)."""

from __future__ import annotations

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
from gongkai.model import Block, Body, Division, Document, Fact, Match, Paragraph, Place, Report


def reports_as_json(reports: Sequence[Report]) -> dict[str, Any] | list[dict[str, Any]]:
    """A file's report, or a list of them where the file holds several."""
    plain = [report_as_json(report) for report in reports]
    return plain[0] if len(plain) == 1 else plain


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


def document_as_json(document: Document) -> dict[str, Any]:
    """A document as laid out: its metadata, its blocks in reading order with every box, and its findings."""
    return {
        "source_file": document.source.path,
        "sha256": document.source.sha256,
        "format": document.format,
        "metadata": [[name, value] for name, value in document.metadata],
        "blocks": [_block(block) for block in document.blocks],
        "findings": [_plain(finding_row(f)) for f in document.findings],
    }


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "number": block.number, "text": block.text, **_place(block.place)}
    boxes = [
        {
            "row": cell.row,
            "column": cell.column,
            "rowspan": cell.rowspan,
            "colspan": cell.colspan,
            "text": cell.text,
            **_place(cell.place),
        }
        for cell in block.cells
    ]
    return {
        "kind": "grid",
        "rows": block.rows,
        "columns": block.columns,
        "boxes": boxes,
        **_place(block.place),
    }


def _place(place: Place) -> dict[str, Any]:
    return {"page": place.page, "bbox": place.bbox}


def explained_as_json(report: Report, fact: Fact) -> dict[str, Any]:
    """A value with its place, labels and scores, the sums it takes part in and the findings that name it."""
    address = fact.field.address
    named = [f for f in report.findings if (f.table, f.row, f.column) == address]
    return {
        "source_file": report.source.path,
        "org": report.org,
        "year": report.year,
        **_placed(fact_row(fact, report.body), fact.place),
        "row_candidates": _candidates(fact.row_match),
        "column_candidates": _candidates(fact.column_match),
        "checks": [_plain(check_row(c)) for c in report.checks if address in c.facts],
        "findings": [_plain(finding_row(f)) for f in named],
    }


def _candidates(match: Match) -> list[list[Any]]:
    """The ids that a label was compared with and their scores (0 to 100), the best first."""
    return [[id, score] for id, score in match.candidates]


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
