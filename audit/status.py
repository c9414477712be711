"""What became of a document: a complete report, a part of one, none."""

from __future__ import annotations

from gongkai.model import Report, Status

#: the tables that a report of the forms since 2019 has
_TABLES = ("proactive", "requests", "review")


def status(report: Report) -> tuple[Status, str]:
    """The status of a report that was read, and why it is not "ok"."""
    errors = [f.code for f in report.findings if f.severity == "error"]
    kind = next((f.printed for f in report.findings if f.code == "not-a-report"), None)
    if kind is not None:
        return "empty", kind
    if not report.facts:
        return "empty", errors[0] if errors else "no-tables" if report.sections else "not-a-report"
    have = {f.field.table for f in report.facts}
    absent = [] if have == {"statistics"} else [t for t in _TABLES if t not in have]
    if absent:
        return "partial", f"no-table-{absent[0]}"
    gaps = [f.code for f in report.findings if f.code in ("row-missing", "cell-missing")]
    if errors or gaps:
        return "partial", (errors + gaps)[0]
    return "ok", ""
