"""A Report → the boxes that a person should look at, the likeliest to be wrong first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gongkai.model import NARRATIVE, Address, Finding, Report, Reread
from gongkai.review.highlights import LOW

#: How likely the program misread a box that the diagnosis names, by what a second reading of it showed. Estimates:
#: they order the work and decide nothing.
BY_VERDICT: Mapping[Reread, float] = {
    "misread": 0.95,
    "unsettled": 0.6,
    "not_read_twice": 0.5,
    "as_printed": 0.15,
}
#: a box that is there and could not be read, or a column of the report that should hold something
UNREAD = 0.9
#: a finding that names the box, by severity; one that names its row or column alone is worth half of it
BY_SEVERITY = {"error": 0.6, "warning": 0.35}
#: the box of a sum that fails where the diagnosis has nothing to propose
FAILED_SUM = 0.3
#: how much worse a wrong body or year is than a wrong value: every value stands under it
WHOLE_REPORT = 2.0


@dataclass(frozen=True, slots=True)
class Doubt:
    """A field ("table.row.column", or a column of `reports`) and how likely it is wrong, 0 to 1."""

    field: str
    likelihood: float


def doubts(report: Report) -> list[Doubt]:
    """The fields that the diagnosis, a finding, a low confidence or a failed sum mean, the likeliest first.

    A sum that fails gives one box, not all of its column: those that the diagnosis names, or else its first. A value
    that is unsure and makes a sum hold needs no look: a scan would have some two hundred.
    """
    worst: dict[str, float] = {}
    for name, likelihood in (*_of_report(report), *_of_boxes(report)):
        worst[name] = max(worst.get(name, 0.0), likelihood)
    order = {name: n for n, name in enumerate(worst)}
    return [Doubt(n, worst[n]) for n in sorted(worst, key=lambda n: (-worst[n], order[n]))]


def _of_report(report: Report) -> Iterator[tuple[str, float]]:
    if report.status in ("failed", "empty"):
        return
    for name, value in (("org", report.org), ("year", report.year)):
        if value is None:
            yield name, UNREAD


def _of_boxes(report: Report) -> Iterator[tuple[str, float]]:
    facts = {f.field.address: f for f in report.facts}
    named = {p.address for p in report.proposals}
    held = {a for c in report.checks if c.outcome == "pass" and c.rule != NARRATIVE for a in c.facts}
    for p in report.proposals:
        yield _name(p.address), BY_VERDICT[p.verdict] * (1.0 if p.unique else 1 / (p.rank + 1))
    for fact in report.facts:
        if fact.value is None:
            yield _name(fact.field.address), UNREAD
        elif fact.confidence < LOW and fact.field.address not in held:
            yield _name(fact.field.address), 1 - fact.confidence
    for finding in report.findings:
        yield from _of_finding(finding, tuple(facts))
    for check in report.checks:
        if check.outcome == "fail" and check.rule != NARRATIVE and not named & set(check.facts):
            yield from ((_name(a), FAILED_SUM) for a in check.facts[:1])


def _of_finding(finding: Finding, read: tuple[Address, ...]) -> Iterator[tuple[str, float]]:
    """The box that a finding names; of a whole row or column the first that was read."""
    likelihood = BY_SEVERITY.get(finding.severity)
    if likelihood is None or finding.table is None or finding.code == "sum-differs":
        return
    at = (finding.table, finding.row, finding.column)
    if finding.row is not None and finding.column is not None:
        yield _name((finding.table, finding.row, finding.column)), likelihood
    elif finding.row is not None or finding.column is not None:
        fits = (a for a in read if all(w in (None, x) for w, x in zip(at, a, strict=True)))
        first = next(fits, None)
        if first is not None:
            yield _name(first), likelihood / 2


def _name(address: Address) -> str:
    return ".".join(address)
