"""What a dataset holds, counted while it is written."""

from __future__ import annotations

from dataclasses import dataclass, fields
from operator import attrgetter

from gongkai.model import Report


@dataclass(slots=True)
class DatasetCounts:
    """Counts: reports by status and by whether their sums hold, facts, checks, findings by severity.

    `unchanged` files were not read again, `own_output` are pages and workbooks of ours that were passed over.
    """

    reports: int = 0
    ok: int = 0
    partial: int = 0
    narrative: int = 0
    empty: int = 0
    failed: int = 0
    sums_hold: int = 0
    sums_fail: int = 0
    sums_uncertain: int = 0
    ok_sums_fail: int = 0
    facts: int = 0
    blanks: int = 0
    unread: int = 0
    sections: int = 0
    mentions: int = 0
    checks: int = 0
    checks_failed: int = 0
    errors: int = 0
    warnings: int = 0
    notes: int = 0
    unchanged: int = 0
    own_output: int = 0

    @classmethod
    def of(cls, report: Report) -> DatasetCounts:
        """The counts of one report."""
        severities = [finding.severity for finding in report.findings]
        return cls(
            reports=1,
            ok=report.status == "ok",
            partial=report.status == "partial",
            narrative=report.status == "narrative",
            empty=report.status == "empty",
            failed=report.status == "failed",
            sums_hold=report.sums == "hold",
            sums_fail=report.sums == "fail",
            sums_uncertain=report.sums == "uncertain",
            ok_sums_fail=report.status == "ok" and report.sums == "fail",
            facts=len(report.facts),
            blanks=sum(fact.blank for fact in report.facts),
            unread=sum(fact.value is None for fact in report.facts),
            sections=len(report.sections),
            mentions=len(report.mentions),
            checks=len(report.checks),
            checks_failed=sum(check.outcome == "fail" for check in report.checks),
            errors=severities.count("error"),
            warnings=severities.count("warning"),
            notes=severities.count("note"),
        )

    def values(self) -> list[int]:
        """The counts in their order."""
        return list(_counts(self))

    def add(self, other: DatasetCounts) -> None:
        """Count those of another one as well."""
        for name, more in zip(_NAMES, _counts(other), strict=True):
            if more:
                setattr(self, name, getattr(self, name) + more)


_NAMES = tuple(field.name for field in fields(DatasetCounts))
_counts = attrgetter(*_NAMES)
