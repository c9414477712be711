"""The status of a document: a complete report, a part of one, a report in words, or none."""

from __future__ import annotations

from gongkai.model import Report, Status

#: the tables that a report of the forms since 2019 has
_TABLES = ("proactive", "requests", "review")


def status(report: Report) -> tuple[Status, str]:
    """The status of a report that was read, and why it is not "ok"."""
    kind = next((f.printed for f in report.findings if f.code == "not-a-report"), None)
    if kind is not None:
        return "empty", kind
    errors = [f.code for f in report.findings if f.severity == "error"]
    if not report.facts:
        return _without_values(report, errors)
    missing = _missing_tables(report)
    if missing:
        return "partial", f"no-table-{missing[0]}"
    gaps = [f.code for f in report.findings if f.code in ("row-missing", "cell-missing")]
    return ("partial", (errors + gaps)[0]) if errors or gaps else ("ok", "")


#: Findings of pages that are seen and that nobody can read without OCR.
_UNREAD = ("font-no-unicode", "page-without-text")


def _without_values(report: Report, errors: list[str]) -> tuple[Status, str]:
    """The status of a document without a value: a narrative, a report whose tables were not read, or none."""
    unread = next((f.code for f in report.findings if f.code in _UNREAD), None)
    if unread is not None and report.template is None:
        return "failed", unread
    if report.template is None and not report.sections:
        return "empty", errors[0] if errors else "not-a-report"
    if errors:
        return "partial", errors[0]
    codes = {f.code for f in report.findings}
    if "tables-elsewhere" in codes:
        return "partial", "pictures" if "pictures" in codes else "tables-elsewhere"
    return ("narrative", "") if report.template == "free" else ("partial", "no-tables")


def _missing_tables(report: Report) -> list[str]:
    """The tables of the form that a report does not have; the form of 2014 has one table alone."""
    tables = {f.field.table for f in report.facts}
    return [] if tables == {"statistics"} else [t for t in _TABLES if t not in tables]
