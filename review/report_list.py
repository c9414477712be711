"""Every report of a dataset → the list from which an auditor chooses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gongkai.model import Report
from gongkai.review.html_file import Html, render_file
from gongkai.review.report_page import STATUS, SUMS

#: heads of the table: class of the column, zh, en
_COLUMNS = (
    ("words", "公开主体", "body"),
    ("number", "年度", "year"),
    ("words", "状态", "status"),
    ("number", "勾稽不符", "sums fail"),
    ("number", "错误", "errors"),
    ("number", "提醒", "warnings"),
    ("number", "说明", "notes"),
    ("number", "更正", "corrected"),
    ("words", "文件", "file"),
)

#: Stands in every index that `gongkai review` wrote: only such a file is replaced.
INDEX = '<main class="index">'


@dataclass(frozen=True, slots=True)
class ListedReport:
    """One line of the list. `page` says that the report has a page."""

    id: str
    page: bool
    org: str | None
    year: int | None
    title: str | None
    status: str
    reason: str
    sums: str
    file: str
    failed: int
    errors: int
    warnings: int
    notes: int
    corrected: int

    @property
    def doubtful(self) -> bool:
        """Whether a person should look at the report."""
        flagged = self.failed or self.errors or self.warnings
        return self.status in ("partial", "failed") or bool(flagged)


def list_report(id: str, report: Report, page: bool) -> ListedReport:
    """A report's line of the list."""
    severities = [f.severity for f in report.findings]
    return ListedReport(
        id,
        page,
        report.org,
        report.year,
        report.title,
        report.status,
        report.reason,
        report.sums,
        report.source.path,
        sum(c.outcome == "fail" for c in report.checks),
        severities.count("error"),
        severities.count("warning"),
        severities.count("note"),
        sum(f.origin == "corrected" for f in report.facts),
    )


def render_list(entries: Sequence[ListedReport], dataset: str) -> str:
    """The list as an HTML file, in the order of the dataset; `dataset` is its folder as the user names it."""
    return render_file(
        "report_list",
        "核对 Review",
        "index.js",
        entries=entries,
        dataset=dataset,
        columns=_COLUMNS,
        status=STATUS,
        sums=SUMS,
        marker=Html(INDEX),
    )
