"""A Report to the rows of the datasets; pure. No other file lists the columns of these datasets.

Each `…_row` function gives the columns of one part of a Report, in their order, with values as the Report has them.
`rows` adds which report it is and makes of every value what a file can hold. The JSON of `gongkai show`, DataFrames
and the datasets of `gongkai check` take their columns from here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from gongkai.emit.schema import Column, Dataset, datasets
from gongkai.model import Body, Check, Evidence, Fact, Finding, Mention, Place, Proposal, Report, Section

Value = str | int | float | bool | Decimal | None
#: one line of a dataset, ready for a file: its columns in their order
Row = dict[str, Value]
#: lines of a dataset by column, in the order of the columns; {} where there is no line
Columns = dict[str, list[Value]]
#: columns with the Report's own values: texts as printed, numbers not rounded, lists as tuples of texts
RawRow = dict[str, Any]

#: the columns of a fact that hold the four edges of its box
EDGES = ("x0", "top", "x1", "bottom")

# What no text file can hold: NUL, which R and Stata stop at, and half of a surrogate pair, which
# damaged PDF fonts and file names outside UTF-8 give.
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")

#: decimal places of a column of kind "number"
_PLACES = {"confidence": 4, "org_confidence": 4, "year_confidence": 4}
_OTHER_PLACES = 2


def rows(report: Report, id: str, version: str) -> dict[str, list[Row]]:
    """Every row of a Report, by dataset; a row's keys stand in the order of the columns."""
    found = columns(report, id, version)
    return {
        name: [dict(zip(own, line, strict=True)) for line in zip(*own.values(), strict=True)]
        for name, own in found.items()
    }


def columns(report: Report, id: str, version: str) -> dict[str, Columns]:
    """What every dataset holds of a Report, by column: a text that stands in many lines is looked at once.

    `id` is its report_id, `version` that of the program.
    """
    which: Row = {"report_id": id, "source_file": clean(report.source.path)}
    whose: Row = {**which, "org": None if report.org is None else clean(report.org), "year": report.year}
    return {
        "facts": _columns("facts", whose, (fact_row(fact, report.body) for fact in report.facts)),
        "reports": _columns("reports", {"report_id": id}, [report_row(report, version)]),
        "sections": _columns("sections", whose, map(section_row, report.sections)),
        "mentions": _columns("mentions", whose, map(mention_row, report.mentions)),
        "checks": _columns("checks", which, map(check_row, report.checks)),
        "findings": _columns("findings", which, map(finding_row, report.findings)),
        "proposals": _columns("proposals", which, map(proposal_row, report.proposals)),
    }


def report_id(report: Report) -> str:
    """First 16 hex digits of SHA-256 of the source's path, a zero byte and its own SHA-256."""
    text = f"{clean(report.source.path)}\0{report.source.sha256}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


# The columns ---------------------------------------------------------------------------------


def fact_row(fact: Fact, body: Body | None = None) -> RawRow:
    """The own columns of a line of `facts`, and the id of the body whose fact it is."""
    return {
        "template": fact.field.template,
        "table": fact.field.table,
        "row": fact.field.row.id,
        "column": fact.field.column.id,
        "value": fact.value,
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
        **place_row(fact.place),
        "body_id": None if body is None else body.id,
    }


def place_row(place: Place) -> RawRow:
    """The columns of a place; blocks, rows and columns count from 1, as people do."""
    x0, top, x1, bottom = place.bbox or (None, None, None, None)
    return {
        "page": place.page,
        "block": None if place.block is None else place.block + 1,
        "cell_row": None if place.row is None else place.row + 1,
        "cell_column": None if place.column is None else place.column + 1,
        "x0": x0,
        "top": top,
        "x1": x1,
        "bottom": bottom,
    }


def report_row(report: Report, version: str) -> RawRow:
    """The columns of the line of `reports` but for its id."""
    return {
        "source_file": report.source.path,
        "sha256": report.source.sha256,
        "bytes": report.source.size,
        "format": report.format,
        "reader": report.reader,
        "org": report.org,
        "year": report.year,
        "title": report.title,
        "published": report.published,
        "template": report.template,
        "pages": report.pages,
        "facts": len(report.facts),
        "blanks": sum(fact.blank for fact in report.facts),
        "findings": len(report.findings),
        "checks_failed": sum(check.outcome == "fail" for check in report.checks),
        "status": report.status,
        "reason": report.reason,
        "version": version,
        **_body_row(report.body),
        **_evidence_row("org", report.org_evidence),
        **_evidence_row("year", report.year_evidence),
        "sums": report.sums,
    }


def _body_row(body: Body | None) -> RawRow:
    division = None if body is None else body.division
    return {
        "level": None if body is None else body.level,
        "division_code": None if division is None else division.code,
        "division_evidence": None if body is None or division is None else body.evidence,
        "body_id": None if body is None else body.id,
    }


def _evidence_row(name: str, evidence: Evidence | None) -> RawRow:
    """How sure the body or the year is, and what spoke for it."""
    return {
        f"{name}_confidence": None if evidence is None else evidence.confidence,
        f"{name}_evidence": None if evidence is None else "; ".join(evidence.sources),
    }


def section_row(section: Section) -> RawRow:
    """The own columns of a line of `sections`."""
    return {
        "section": section.id,
        "path": section.path,
        "level": section.level,
        "number": section.number,
        "heading": section.heading,
        "text": section.text,
    }


def mention_row(mention: Mention) -> RawRow:
    """The own columns of a line of `mentions`."""
    place = place_row(mention.place)
    return {
        "section": mention.section,
        "path": mention.path,
        "counts": mention.counts,
        "value": mention.value,
        "unit": mention.unit,
        "printed": mention.printed,
        "approximate": mention.approximate,
        "worded": mention.worded,
        "fields": tuple(".".join(address) for address in mention.fields),
        "rule": mention.rule,
        "sentence": mention.sentence,
        "page": place["page"],
        "block": place["block"],
    }


def check_row(check: Check) -> RawRow:
    """The own columns of a line of `checks`."""
    return {
        "rule": check.rule,
        "table": check.table,
        "row": check.row,
        "column": check.column,
        "left": check.left,
        "right": check.right,
        "difference": check.difference,
        "outcome": check.outcome,
        "facts": tuple(".".join(address) for address in check.facts),
    }


def finding_row(finding: Finding) -> RawRow:
    """The own columns of a line of `findings`."""
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


def proposal_row(proposal: Proposal) -> RawRow:
    """The own columns of a line of `proposals`."""
    table, row, column = proposal.address
    return {
        "group": proposal.group,
        "rank": proposal.rank,
        "table": table,
        "row": row,
        "column": column,
        "printed": proposal.printed,
        "value": proposal.value,
        "needed": proposal.needed,
        "cause": proposal.cause,
        "unique": proposal.unique,
        "verdict": proposal.verdict,
        "sums": proposal.sums,
        "page": proposal.place.page,
    }


# What a file can hold ------------------------------------------------------------------------


def file_row(dataset: Dataset, values: Mapping[str, Any]) -> Row:
    """A line of a dataset, its columns taken from `values` in their order, each as a file can hold it.

    Raises KeyError where a column has no value.
    """
    return {c.name: _convert(values[c.name], _converter(c)) for c in dataset.columns}


def clean(text: str) -> str:
    """The text with what cannot be written replaced by U+FFFD.

    >>> clean("a\\x00b")
    'a\ufffdb'
    """
    return _UNWRITABLE.sub("\ufffd", text)


Converter = Callable[[Any], Value]


def _columns(name: str, head: Row, parts: Iterable[RawRow]) -> Columns:
    """The columns of a dataset: `head`, which is ready for a file, in front of the own columns of each part."""
    lines = list(parts)
    if not lines:
        return {}
    own = zip(
        lines[0],
        zip(*(line.values() for line in lines), strict=True),
        _converters(name)[len(head) :],
        strict=True,
    )
    result: Columns = {column: [value] * len(lines) for column, value in head.items()}
    for column, values, convert in own:
        result[column] = list(values) if convert is None else convert_column(values, convert)
    return result


def convert_column(values: Sequence[Any], convert: Callable[[Any], Any], missing: Any = None) -> list[Any]:
    """All values of a column, converted, and `missing` in place of None: equal ones once, for most columns say few things.

    Equal decimals may be printed otherwise (1 and 1.0), so they are converted one by one.
    """
    first = values[0]
    if not isinstance(first, Decimal) and values.count(first) == len(values):  # of a whole report, or empty
        return [missing if first is None else convert(first)] * len(values)
    if Decimal in set(map(type, values)):
        return [missing if value is None else convert(value) for value in values]
    known = {value: missing if value is None else convert(value) for value in set(values)}
    return [known[value] for value in values]


def _convert(value: Any, convert: Converter | None) -> Any:
    return value if convert is None or value is None else convert(value)


@cache
def _converters(name: str) -> tuple[Converter | None, ...]:
    """How each column of a dataset of a Report becomes what a file can hold; None where it already is."""
    (dataset,) = (d for d in datasets() if d.name == name)
    return tuple(map(_converter, dataset.columns))


@cache
def _converter(column: Column) -> Converter | None:
    if column.kind == "text":
        return clean
    if column.kind == "id":
        return _join_or_none if column.empty else _join
    if column.kind == "decimal":
        return _without_negative_zero
    if column.kind == "number":
        places = _PLACES.get(column.name, _OTHER_PLACES)
        return lambda value: round(value, places) + 0.0  # + 0.0 turns -0.0 into 0.0
    return None


def _join(value: str | tuple[str, ...]) -> str:
    """Several ids in one cell, joined by `;`."""
    return value if isinstance(value, str) else ";".join(value)


def _join_or_none(value: str | tuple[str, ...]) -> str | None:
    return _join(value) or None


def _without_negative_zero(value: Decimal) -> Decimal:
    return abs(value) if value.is_zero() else value
