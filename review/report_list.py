"""Every report of a dataset → the list from which an auditor chooses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from gongkai.model import Report
from gongkai.review.html_file import html
from gongkai.review.report_page import STATUS

_HEADS = (
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

#: stands in every index that we wrote
INDEX = '<main class="index">'


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list. `page` says that the report has a page."""

    id: str
    page: bool
    org: str | None
    year: int | None
    title: str | None
    status: str
    reason: str
    file: str
    failed: int
    errors: int
    warnings: int
    notes: int
    corrected: int


def entry(id: str, report: Report, page: bool) -> Entry:
    """What the list says of a report."""
    severities = [f.severity for f in report.findings]
    return Entry(
        id,
        page,
        report.org,
        report.year,
        report.title,
        report.status,
        report.reason,
        report.source.path,
        sum(c.outcome == "fail" for c in report.checks),
        severities.count("error"),
        severities.count("warning"),
        severities.count("note"),
        sum(f.origin == "corrected" for f in report.facts),
    )


def index(entries: Sequence[Entry], dataset: str) -> str:
    """The list as an HTML file, in the order of the dataset; `dataset` is its folder as the user names it."""
    heads = "".join(
        f'<th scope="col" class="{kind}"><button type="button">{zh}<br><small>{en}</small></button></th>'
        for kind, zh, en in _HEADS
    )
    counts = " · ".join(f"{sum(e.status == s for e in entries)} {zh} {s}" for s, zh in STATUS.items())
    options = "".join(f'<option value="{s}">{zh} {s}</option>' for s, zh in STATUS.items())
    lines = "".join(map(_line, entries))
    body = (
        f'<header class="top"><div class="who"><h1>政府信息公开工作年度报告核对 <small>Review of annual reports</small></h1>'
        f"<p>{escape(dataset)} · {len(entries)} 份报告 reports · {counts}</p></div>"
        '<div class="tools"><button type="button" name="theme" title="深色/浅色 dark or light">◐</button></div></header>'
        '<main class="index"><div class="filter"><input type="search" placeholder="筛选：机关、年份、文件… filter ( / )" '
        'aria-label="filter"><select name="status" aria-label="status"><option value="">全部状态 any status</option>'
        f'{options}</select><label><input type="checkbox" name="doubtful"> 只看有疑问的 doubtful only</label>'
        f'<span class="shown" aria-live="polite"></span></div>'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></main>"
    )
    return html("核对 Review", body, "index.js")


def _line(e: Entry) -> str:
    name = escape(e.org or "机关不明 body unknown")
    link = f'<a href="{escape(e.id)}.html">{name}</a>' if e.page else name
    title = f"<br><small>{escape(e.title)}</small>" if e.title else ""
    reason = f" <small>{escape(e.reason)}</small>" if e.reason else ""
    doubtful = e.status in ("partial", "failed") or e.failed or e.errors or e.warnings
    numbers = ((e.failed, "bad"), (e.errors, "bad"), (e.warnings, "doubt"), (e.notes, ""), (e.corrected, ""))
    cells = "".join(f'<td class="number {kind if n else "zero"}">{n}</td>' for n, kind in numbers)
    return (
        f'<tr data-status="{escape(e.status)}" data-doubtful="{1 if doubtful else 0}"><td>{link}{title}</td>'
        f'<td class="number">{e.year or ""}</td><td><span class="status {escape(e.status)}">{STATUS[e.status]} '
        f"{escape(e.status)}</span>{reason}</td>{cells}<td>{escape(e.file)}</td></tr>"
    )
