"""A Report to the rows of the datasets; pure. `frame` and `html` are the views for people."""

from __future__ import annotations

import hashlib
import re
from decimal import Decimal

from gongkai.emit.write.frame import frame as frame
from gongkai.emit.write.frame import html as html
from gongkai.model import Body, Check, Fact, Finding, Mention, Proposal, Report, Section

Value = str | int | float | bool | Decimal | None
Row = dict[str, Value]

# What no text file can hold: NUL, which R and Stata stop at, and half of a surrogate pair, which
# damaged PDF fonts and file names outside UTF-8 give.
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")


def rows(report: Report, id: str, version: str) -> dict[str, list[Row]]:
    """Every row of a Report, by dataset; a row's keys stand in the order of the columns.

    `id` is its report_id, `version` that of the program.
    """
    name, org = clean(report.source.path), _clean(report.org)
    return {
        "facts": [_fact(f, id, name, org, report.year) for f in report.facts],
        "reports": [_report(report, id, version)],
        "sections": [_section(s, id, name, org, report.year) for s in report.sections],
        "mentions": [_mention(m, id, name, org, report.year) for m in report.mentions],
        "checks": [_check(c, id, name) for c in report.checks],
        "findings": [_finding(f, id, name) for f in report.findings],
        "proposals": [_proposal(p, id, name) for p in report.proposals],
    }


def report_id(report: Report) -> str:
    """First 16 hex digits of SHA-256 of the source's path, a zero byte and its own SHA-256."""
    text = f"{clean(report.source.path)}\0{report.source.sha256}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def clean(text: str) -> str:
    """The text with what cannot be written replaced by U+FFFD.

    >>> clean("a\\x00b")
    'a\ufffdb'
    """
    return _UNWRITABLE.sub("\ufffd", text)


def _clean(text: str | None) -> str | None:
    return None if text is None else clean(text)


def _number(value: Decimal | None) -> Decimal | None:
    """The same number with an exponent of 0 or less, and without a negative zero."""
    if value is None:
        return None
    return abs(value) if value.is_zero() else value


def _round(value: float, digits: int) -> float:
    return round(value, digits) + 0.0  # + 0.0 turns -0.0 into 0.0


def _people(index: int | None) -> int | None:
    """A count from 0 as people count."""
    return None if index is None else index + 1


def _fact(fact: Fact, id: str, name: str, org: str | None, year: int | None) -> Row:
    place = fact.place
    x0, top, x1, bottom = (None,) * 4 if place.bbox is None else (_round(v, 2) for v in place.bbox)
    return {
        "report_id": id,
        "source_file": name,
        "org": org,
        "year": year,
        "template": fact.field.template,
        "table": fact.field.table,
        "row": fact.field.row.id,
        "column": fact.field.column.id,
        "value": _number(fact.value),
        "unit": clean(fact.unit),
        "blank": fact.blank,
        "printed": clean(fact.printed),
        "origin": fact.origin,
        "confidence": _round(fact.confidence, 4),
        "row_label": clean(fact.row_match.printed),
        "row_rule": fact.row_match.rule,
        "row_score": _round(fact.row_match.score, 2),
        "column_label": clean(fact.column_match.printed),
        "column_rule": fact.column_match.rule,
        "column_score": _round(fact.column_match.score, 2),
        "page": place.page,
        "block": _people(place.block),
        "cell_row": _people(place.row),
        "cell_column": _people(place.column),
        "x0": x0,
        "top": top,
        "x1": x1,
        "bottom": bottom,
    }


def _report(report: Report, id: str, version: str) -> Row:
    return {
        "report_id": id,
        "source_file": clean(report.source.path),
        "sha256": report.source.sha256,
        "bytes": report.source.size,
        "format": report.format,
        "reader": report.reader,
        "org": _clean(report.org),
        "year": report.year,
        "title": _clean(report.title),
        "published": _clean(report.published),
        "template": report.template,
        "pages": report.pages,
        "facts": len(report.facts),
        "blanks": sum(fact.blank for fact in report.facts),
        "findings": len(report.findings),
        "checks_failed": sum(check.outcome == "fail" for check in report.checks),
        "status": report.status,
        "reason": clean(report.reason),
        "version": version,
        **_body(report.body),
    }


def _body(body: Body | None) -> Row:
    division = None if body is None else body.division
    return {
        "level": None if body is None else body.level,
        "division_code": None if division is None else division.code,
        "division_evidence": None if body is None or division is None else ";".join(body.evidence),
    }


def _section(section: Section, id: str, name: str, org: str | None, year: int | None) -> Row:
    return {
        "report_id": id,
        "source_file": name,
        "org": org,
        "year": year,
        "section": section.id,
        "path": section.path,
        "level": section.level,
        "number": clean(section.number),
        "heading": clean(section.heading),
        "text": clean(section.text),
    }


def _mention(mention: Mention, id: str, name: str, org: str | None, year: int | None) -> Row:
    return {
        "report_id": id,
        "source_file": name,
        "org": org,
        "year": year,
        "section": mention.section or None,
        "path": mention.path or None,
        "counts": clean(mention.counts),
        "value": _number(mention.value),
        "unit": clean(mention.unit),
        "printed": clean(mention.printed),
        "approximate": mention.approximate,
        "worded": mention.worded,
        "fields": ";".join(".".join(address) for address in mention.fields) or None,
        "rule": mention.rule or None,
        "sentence": clean(mention.sentence),
        "page": mention.place.page,
        "block": _people(mention.place.block),
    }


def _check(check: Check, id: str, name: str) -> Row:
    return {
        "report_id": id,
        "source_file": name,
        "rule": check.rule,
        "table": check.table,
        "row": check.row,
        "column": check.column,
        "left": _number(check.left),
        "right": _number(check.right),
        "difference": _number(check.difference),
        "outcome": check.outcome,
        "facts": ";".join(".".join(address) for address in check.facts),
    }


def _finding(finding: Finding, id: str, name: str) -> Row:
    return {
        "report_id": id,
        "source_file": name,
        "code": finding.code,
        "severity": finding.severity,
        "message": clean(finding.message),
        "table": finding.table,
        "row": finding.row,
        "column": finding.column,
        "page": None if finding.place is None else finding.place.page,
        "printed": _clean(finding.printed),
    }


def _proposal(proposal: Proposal, id: str, name: str) -> Row:
    table, row, column = proposal.address
    return {
        "report_id": id,
        "source_file": name,
        "group": proposal.group,
        "rank": proposal.rank,
        "table": table,
        "row": row,
        "column": column,
        "printed": clean(proposal.printed),
        "value": _number(proposal.value),
        "needed": _number(proposal.needed),
        "cause": proposal.cause,
        "unique": proposal.unique,
        "verdict": proposal.verdict,
        "sums": ";".join(proposal.sums),
        "page": proposal.place.page,
    }
