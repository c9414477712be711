"""What a dataset holds, counted while it is written."""

from __future__ import annotations

from dataclasses import dataclass

from model import Report


@dataclass(slots=True)
class Tally:
    """Counts: reports by status, facts, checks, findings by severity; `unchanged` files were not read again."""

    reports: int = 0
    ok: int = 0
    partial: int = 0
    empty: int = 0
    failed: int = 0
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

    def add(self, report: Report) -> None:
        """Count one report."""
        self.reports += 1
        self.ok += report.status == "ok"
        self.partial += report.status == "partial"
        self.empty += report.status == "empty"
        self.failed += report.status == "failed"
        self.facts += len(report.facts)
        self.blanks += sum(fact.blank for fact in report.facts)
        self.unread += sum(fact.value is None for fact in report.facts)
        self.sections += len(report.sections)
        self.mentions += len(report.mentions)
        self.checks += len(report.checks)
        self.checks_failed += sum(check.outcome == "fail" for check in report.checks)
        severities = [finding.severity for finding in report.findings]
        self.errors += severities.count("error")
        self.warnings += severities.count("warning")
        self.notes += severities.count("note")
