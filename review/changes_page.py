"""What changed between two datasets → one HTML file for people."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from gongkai.model import Address
from gongkai.review.html_file import html

#: what a link may lead to; an address of a site may begin with anything
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)

#: heads of the tables: class of the column, zh, en
_HEADS = (
    ("words", "机关", "body"),
    ("number", "年度", "year"),
    ("words", "文件", "file"),
    ("words", "原文件", "old file"),
    ("number", "勾稽不符", "sums fail"),
)
_YEARS = (("number", "年度", "year"), ("number", "报告", "reports"), ("number", "数据", "facts"))
_KINDS = (("words", "变化", "change"), ("number", "数量", "count"), ("words", "原因", "causes"))


def changes(summary: Mapping[str, Any], lists: Mapping[str, str]) -> str:
    """The page; `summary` is what the comparison counted, `lists` its kinds of reports with their titles."""
    counts = " · ".join(
        f"{summary['reports'][kind]['count']} {escape(title)}"
        for kind, title in lists.items()
        if summary["reports"][kind]["count"]
    )
    body = (
        '<header class="top"><div class="who"><h1>数据集变化 <small>What changed between two datasets</small></h1>'
        f"<p>{escape(summary['old'])} → {escape(summary['new'])}</p><p>{counts or '没有差异 no difference'} · "
        f"{summary['unchanged']} 无变化 unchanged</p></div>"
        '<div class="tools"><button type="button" name="theme" title="深色/浅色 dark or light">◐</button></div></header>'
        f'<main class="index changes">{_years(summary["years"])}{_kinds(summary["changes"])}'
        f"{''.join(listed(title, summary['reports'][kind]) for kind, title in lists.items())}</main>"
    )
    return html("变化 Changes", body, "changes.js")


def heads(columns: Sequence[Address], lines: str) -> str:
    """A table: class, Chinese and English name of each column; `lines` is HTML."""
    cells = "".join(
        f'<th scope="col" class="{kind}">{zh}<br><small>{en}</small></th>' for kind, zh, en in columns
    )
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{lines}</tbody></table>"


def _years(years: list[Mapping[str, Any]]) -> str:
    """Reports and facts by year; a count that shrank is marked."""
    lines = ""
    for y in years:
        cells = "".join(
            f'<td class="number{" bad" if y[f"new_{what}"] < y[f"old_{what}"] else ""}">'
            f"{y[f'old_{what}']} → {y[f'new_{what}']}</td>"
            for what in ("reports", "facts")
        )
        lines += f'<tr><td class="number">{y["year"] or "–"}</td>{cells}</tr>'
    return f"<h2>按年度 <small>By year</small></h2>{heads(_YEARS, lines)}"


def _kinds(kinds: Mapping[str, Mapping[str, Any]]) -> str:
    lines = "".join(
        f'<tr><td>{escape(kind)}</td><td class="number">{told["count"]}</td>'
        f"<td>{escape(', '.join(f'{cause} {n}' for cause, n in told['causes'].items()))}</td></tr>"
        for kind, told in kinds.items()
    )
    return f"<h2>变化 <small>Changes; each of them stands in changes.csv</small></h2>{heads(_KINDS, lines)}"


def listed(title: str, told: Mapping[str, Any]) -> str:
    """The reports of one kind, as a table; nothing where there are none."""
    if not told["count"]:
        return ""
    more = told["count"] - len(told["reports"])
    rest = f"<p>… 另有 {more} 份，见 changes.csv ({more} more there)</p>" if more else ""
    lines = "".join(map(_line, told["reports"]))
    return f"<h2>{escape(title)} <small>{told['count']}</small></h2>{heads(_HEADS, lines)}{rest}"


def _line(report: Mapping[str, Any]) -> str:
    was, now = (report[name] for name in ("old_sums_failed", "sums_failed"))
    fail = " → ".join(str(n) for n in (was, now) if n is not None)
    file, old = report["source_file"] or "", report["old_source_file"] or ""
    return (
        f"<tr><td>{escape(report['org'] or '机关不明 body unknown')}</td>"
        f'<td class="number">{report["year"] or ""}</td><td>{_linked(file, report)}</td>'
        f'<td>{_linked(old, report, not file) if old != file else ""}</td><td class="number{" bad" if now else ""}">{fail}</td></tr>'
    )


def _linked(file: str, report: Mapping[str, Any], wanted: bool = True) -> str:
    """A file's name, as a link where it is known where it was fetched."""
    url = report.get("url") or ""
    if not (file and wanted and _ADDRESS.match(url)):
        return escape(file)
    return f'<a href="{escape(url)}" rel="noreferrer">{escape(file)}</a>'
