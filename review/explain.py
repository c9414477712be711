"""A Report and the address of a value → where the value comes from, as text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal

from gongkai.model import Address, Check, Fact, Finding, Match, Place, Report

#: Rules of a match that is not certain: a similar wording, or the place in the table. An alias makes it certain.
_UNCERTAIN = ("fuzzy", "sequence")


def explain(report: Report, address: Address) -> str:
    """The value, its printed text and place, its labels with their scores, its sums and findings.

    Raises KeyError where the report has no such fact.
    """
    fact = next((f for f in report.facts if f.field.address == address), None)
    if fact is None:
        raise KeyError(address)
    value = "unread" if fact.value is None else _number(fact.value) + (" (blank)" if fact.blank else "")
    stated = f"{fact.unit}, as stated" if fact.unit else f"{fact.field.unit or 'none'}, by the form"
    own = [c for c in report.checks if address in c.facts]
    lines = [
        f"field   {'.'.join(address)}   {fact.field.row.zh} × {fact.field.column.zh}",
        f"value   {value}   printed “{fact.printed}”   {_place(fact.place)}",
        f"unit    {stated}",
        f"origin  {fact.origin}   confidence {fact.confidence:g}   form {fact.field.template}",
        *_describe_label("row", fact.row_match, address[0]),
        *_describe_label("column", fact.column_match, address[0]),
        *(_describe_sum(c) for c in own),
        *(f"finding {f.severity} {f.code}: {f.message}" for f in _findings_about(report, fact, own)),
    ]
    return "\n".join(lines) + "\n"


def _number(value: Decimal | None) -> str:
    return "unread" if value is None else f"{value:f}"


def _place(place: Place) -> str:
    """A Place for readers; everything counts from 1."""
    parts = [f"page {place.page}"] if place.page is not None else []
    if place.block is not None:
        parts.append(f"block {place.block + 1}")
    if place.row is not None and place.column is not None:
        parts.append(f"row {place.row + 1}, column {place.column + 1}")
    if place.bbox is not None:
        parts.append("box " + " ".join(f"{x:.6g}" for x in place.bbox))
    return ", ".join(parts) or "place not known"


def _describe_label(kind: str, match: Match, table: str) -> list[str]:
    """One label: what is printed, what it means, by which rule, and the next best candidates."""
    printed = f"“{match.printed}”" if match.printed else "nothing printed"
    lines = [f"{kind:<8}{printed} = {match.id}   {match.rule} {match.score:g}"]
    lines += [f"           {score:5.1f}  {id}" for id, score in match.candidates]
    if match.rule in _UNCERTAIN and match.printed:
        leaf = match.printed.rpartition(" / ")[2]
        wording = json.dumps([leaf], ensure_ascii=False)  # a string of JSON is one of TOML
        lines.append(
            f"        to settle it, under [{table}.{kind}s] of an alias file:  {match.id} = {wording}"
        )
    return lines


def _describe_sum(check: Check) -> str:
    """A sum that the value is part of, with both sides where it fails."""
    line = f"check   {check.rule} {check.row or check.column}: {check.outcome}"
    if check.outcome == "pass":
        return line
    sides = f"{_number(check.left)} against {_number(check.right)}"
    return (
        f"{line} ({sides})"
        if check.difference is None
        else f"{line} ({sides}, difference {check.difference:f})"
    )


def _findings_about(report: Report, fact: Fact, own: list[Check]) -> Iterator[Finding]:
    """The findings about a value: those that name its field, its row or its column, or the place of its box.

    A failed sum is about its own parts only, not about every value of its column.
    """
    table, row, column = fact.field.address
    failed = [(c.rule, (c.table, c.row, c.column)) for c in own if c.outcome == "fail"]
    for f in report.findings:
        names_field = f.row is not None or f.column is not None
        if f.code == "sum-differs":
            if any(at == (f.table, f.row, f.column) and f" {rule} " in f.message for rule, at in failed):
                yield f
        elif (f.place is not None and f.place == fact.place) or (
            names_field and f.table == table and f.row in (None, row) and f.column in (None, column)
        ):
            yield f
