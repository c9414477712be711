"""What changed between two datasets → one HTML file for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gongkai.review.html_file import render_file

#: heads of the table of reports: class of the column, zh, en
REPORT_COLUMNS = (
    ("words", "机关", "body"),
    ("number", "年度", "year"),
    ("words", "文件", "file"),
    ("words", "原文件", "old file"),
    ("number", "勾稽不符", "sums fail"),
)
_COLUMNS = {
    "reports": REPORT_COLUMNS,
    "years": (("number", "年度", "year"), ("number", "报告", "reports"), ("number", "数据", "facts")),
    "kinds": (("words", "变化", "change"), ("number", "数量", "count"), ("words", "原因", "causes")),
}


def render_changes(summary: Mapping[str, Any], kinds: Mapping[str, str]) -> str:
    """The page; `summary` is what the comparison counted, `kinds` its kinds of reports with their titles."""
    return render_file(
        "changes_page", "变化 Changes", "changes.js", summary=summary, kinds=kinds, columns=_COLUMNS
    )
