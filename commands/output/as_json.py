"""Reports as plain data, for --json. Names are those of the datasets' columns; people's counts, from 1."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from gongkai.model import Body, Check, Division, Fact, Finding, Mention, Place, Proposal, Report, Section


def dumps(reports: Sequence[Report]) -> str:
    """JSON of a file's report: an object, or a list of them where the file holds several."""
    found = [plain(report) for report in reports]
    return json.dumps(found[0] if len(found) == 1 else found, ensure_ascii=False, indent=1) + "\n"


def plain(report: Report) -> dict[str, Any]:
    """The report as dicts and lists; values are decimal text, exact."""
    return {
        "source_file": report.source.path,
        "sha256": report.source.sha256,
        "bytes": report.source.size,
        "format": report.format,
        "reader": report.reader,
        "pages": report.pages,
        "status": report.status,
        "reason": report.reason,
        "org": report.org,
        "year": report.year,
        "title": report.title,
        "published": report.published,
        "template": report.template,
        "body": None if report.body is None else body(report.body),
        "facts": [_fact(f) for f in report.facts],
        "sections": [_section(s) for s in report.sections],
        "mentions": [_mention(m) for m in report.mentions],
        "checks": [_check(c) for c in report.checks],
        "findings": [_finding(f) for f in report.findings],
        "proposals": [_proposal(p) for p in report.proposals],
    }


def body(found: Body) -> dict[str, Any]:
    """A body with its division, what spoke for it, and the candidates that its name allows."""
    return {
        "name": found.name,
        "organ": found.organ,
        "level": found.level,
        "division_code": None if found.division is None else found.division.code,
        "division": None if found.division is None else _division(found.division),
        "evidence": list(found.evidence),
        "reason": found.reason,
        "candidates": [_division(d) for d in found.candidates],
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


def _fact(fact: Fact) -> dict[str, Any]:
    table, row, column = fact.field.address
    return {
        "template": fact.field.template,
        "table": table,
        "row": row,
        "column": column,
        "value": number(fact.value),
        "unit": fact.unit,
        "blank": fact.blank,
        "printed": fact.printed,
        "origin": fact.origin,
        "confidence": fact.confidence,
        "row_label": fact.row_match.printed,
        "row_rule": fact.row_match.rule,
        "row_score": fact.row_match.score,
        "column_label": fact.column_match.printed,
        "column_rule": fact.column_match.rule,
        "column_score": fact.column_match.score,
        **_place(fact.place),
    }


def _place(place: Place) -> dict[str, Any]:
    return {
        "page": place.page,
        "block": None if place.block is None else place.block + 1,
        "cell_row": None if place.row is None else place.row + 1,
        "cell_column": None if place.column is None else place.column + 1,
        "bbox": place.bbox,
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "section": section.id,
        "path": section.path,
        "level": section.level,
        "number": section.number,
        "heading": section.heading,
        "text": section.text,
    }


def _mention(mention: Mention) -> dict[str, Any]:
    return {
        "section": mention.section,
        "path": mention.path,
        "counts": mention.counts,
        "value": number(mention.value),
        "unit": mention.unit,
        "printed": mention.printed,
        "approximate": mention.approximate,
        "worded": mention.worded,
        "fields": [".".join(address) for address in mention.fields],
        "rule": mention.rule,
        "sentence": mention.sentence,
        **_place(mention.place),
    }


def _check(check: Check) -> dict[str, Any]:
    return {
        "rule": check.rule,
        "table": check.table,
        "row": check.row,
        "column": check.column,
        "left": number(check.left),
        "right": number(check.right),
        "difference": number(check.difference),
        "outcome": check.outcome,
        "facts": [".".join(address) for address in check.facts],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "table": finding.table,
        "row": finding.row,
        "column": finding.column,
        "page": None if finding.place is None else finding.place.page,
        "printed": finding.printed,
    }


def _proposal(proposal: Proposal) -> dict[str, Any]:
    table, row, column = proposal.address
    return {
        "group": proposal.group,
        "rank": proposal.rank,
        "table": table,
        "row": row,
        "column": column,
        "printed": proposal.printed,
        "value": number(proposal.value),
        "needed": number(proposal.needed),
        "cause": proposal.cause,
        "unique": proposal.unique,
        "verdict": proposal.verdict,
        "sums": list(proposal.sums),
        "page": proposal.place.page,
    }
