"""Where a value comes from, as text."""

from __future__ import annotations

from model import Fact, Match, Place, Report


def explain(report: Report, address: tuple[str, str, str]) -> str:
    """The value, its printed text and place, its labels with their scores, its sums and findings.

    Raises KeyError where the report has no such fact.
    """
    fact = next((f for f in report.facts if f.field.address == address), None)
    if fact is None:
        raise KeyError(address)
    value = "unread" if fact.value is None else f"{fact.value:f}" + (" (blank)" if fact.blank else "")
    unit = f" {fact.unit}" if fact.unit else ""
    lines = [
        f"field   {'.'.join(address)}   {fact.field.row.zh} × {fact.field.column.zh}",
        f"value   {value}{unit}   printed “{fact.printed}”   {_place(fact.place)}",
        f"origin  {fact.origin}   confidence {fact.confidence:g}   form {fact.field.template}",
        *_label("row", fact.row_match, address[0]),
        *_label("column", fact.column_match, address[0]),
        *_checks(report, fact),
    ]
    for f in report.findings:
        if (
            f.table == address[0]
            and f.row in (None, address[1])
            and f.column in (None, address[2])
            and (f.row or f.column)
        ):
            lines.append(f"finding {f.severity} {f.code}: {f.message}")
    return "\n".join(lines) + "\n"


def _place(place: Place) -> str:
    """A Place for readers; everything counts from 1."""
    parts = [f"page {place.page}"] if place.page is not None else []
    if place.block is not None:
        parts.append(f"block {place.block + 1}")
    if place.row is not None and place.column is not None:
        parts.append(f"row {place.row + 1}, column {place.column + 1}")
    if place.bbox is not None:
        parts.append("box " + " ".join(f"{x:g}" for x in place.bbox))
    return ", ".join(parts)


def _label(kind: str, match: Match, table: str) -> list[str]:
    """One label: what is printed, what it means, why, and what came next."""
    lines = [f"{kind:<8}“{match.printed}” = {match.id}   {match.rule} {match.score:g}"]
    lines += [f"           {score:5.1f}  {id}" for id, score in match.candidates]
    if match.rule in ("fuzzy", "sequence") and match.printed:
        leaf = match.printed.rpartition(" / ")[2]
        lines.append(f'           to settle it: [{table}.{kind}s]  {match.id} = ["{leaf}"]')
    return lines


def _checks(report: Report, fact: Fact) -> list[str]:
    """The sums that the value is part of."""
    own = [c for c in report.checks if fact.field.address in c.facts]
    return [
        f"check   {c.rule} {c.row or c.column}: {c.outcome}"
        + (f" ({c.left} against {c.right})" if c.outcome == "fail" else "")
        for c in own
    ]
