"""What a night did → one HTML file for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from gongkai.model import Address
from gongkai.review.changes_page import heads, listed
from gongkai.review.html_file import html

Site = Mapping[str, Any]

_STATUS = {
    "published": ("ok", "已发布新版本 published"),
    "unchanged": ("ok", "无变化 nothing new"),
    "held": ("failed", "未发布：数据明显减少 held back, it shrank"),
    "failed": ("failed", "未完成 failed"),
}
_STAGES = {
    "begin": "准备 preparing", "crawl": "抓取 fetching", "run": "读取 reading", "check": "核对 checking",
    "assemble": "汇总 assembling", "compare": "比较 comparing", "publish": "发布 publishing",
}  # fmt: skip
_LOOKS = {
    "sites-not-fetched": "未抓取好的站点", "sites-short": "报告少于预期的站点", "crawl-not-well": "抓取未正常结束",
    "reports-unreadable": "不再能读取的报告", "files-without-source": "没有对应网址的文件",
    "nights-untold": "已发布而未通知", "notification-failed": "通知未送达",
}  # fmt: skip
#: what a person does next
_NEXT = {
    "held": "请核对下列减少；无误后运行 Look at what was lost; where it is right: gongkai nightly CONFIG --no-crawl --force",
    "failed": "已发布的版本不变，下一晚自动补做 What is published stays; the next night makes up for it.",
}
#: Sites in a table, and reports in a list: what a browser shows without pause. All stand in report.json.
_MOST_SITES = 2_000
_MOST_REPORTS = 200

_CHANGES = (
    ("new", "新增", "new"), ("replaced", "替换", "replaced"), ("gone", "消失", "gone"),
    ("newly_failing", "新不符", "newly failing"), ("newly_passing", "已消除", "newly passing"),
    ("unreadable", "不能读", "unreadable"),
)  # fmt: skip
_COUNTS = (("reports", "报告", "reports"), ("facts", "数据", "facts"))
_PLACE = (*_COUNTS, *_CHANGES)


def night(summary: Mapping[str, Any], lists: Mapping[str, str]) -> str:
    """The page; `summary` is the night's report.json, `lists` the kinds of reports with their titles."""
    look = "".join(f"<li>{escape(_LOOKS[o['code']])}: {escape(o['text'])}</li>" for o in summary["look"])
    kind, title = _STATUS[summary["status"]]
    body = (
        '<header class="top"><div class="who"><h1>每晚任务 <small>What the night brought</small></h1>'
        f'<p><span class="status {kind}">{title}</span> {escape(summary["night"])} · '
        f"{escape(summary['started'])} – {escape(summary['ended'])}</p>{_versions(summary)}</div>"
        '<div class="tools"><button type="button" name="theme" title="深色/浅色 dark or light">◐</button></div></header>'
        '<main class="index changes night">'
        f"{_why(summary)}{f'<h2>请查看 <small>Wants a look</small></h2><ul>{look}</ul>' if look else ''}"
        f"{_totals(summary)}{_problems(summary['sites'])}{_years(summary['years'])}{_sites(summary['sites'])}"
        f"{_reports(summary['diff'], lists)}{_rest(summary)}</main>"
    )
    return html(f"{summary['night']} {title}", body, "changes.js")


def _versions(summary: Mapping[str, Any]) -> str:
    before, now = summary["compared_with"], summary["version"]
    if now is None:
        return "<p>尚无已发布的版本 nothing is published yet</p>"
    return f"<p>当前版本 current version: {escape(now)}" + (
        f" · 上一版本 before: {escape(before)}</p>" if before not in (None, now) else "</p>"
    )


def _why(summary: Mapping[str, Any]) -> str:
    if not summary["why"]:
        return ""
    stage = (
        _STAGES[summary["stage"]]
        if summary["status"] == "failed"
        else "与上一版本相比 against the version before"
    )
    then = _NEXT[summary["status"]]
    return f'<p class="notice"><b>{stage}</b>: {escape(summary["why"])}<br>{then}</p>'


def _totals(summary: Mapping[str, Any]) -> str:
    counts = summary["counts"]
    if not any(counts.values()):  # it ended before anything was counted
        return ""
    cells = "".join(
        f'<tr><td>{zh} <small>{en}</small></td><td class="number{_bad(counts, name)}">{_pair(counts, name)}</td></tr>'
        for name, zh, en in (("files", "文件", "files"), *_COUNTS)
    )
    crawl = summary["crawl"] or {}
    totals = crawl.get("totals", {})
    for name, zh, en in (
        ("new", "抓取：新文件", "fetched: new"), ("replaced", "抓取：已替换", "fetched: replaced"),
        ("withdrawn", "抓取：已撤下", "fetched: withdrawn"), ("failed", "抓取：失败网址", "fetched: addresses failed"),
    ):  # fmt: skip
        if name in totals:
            cells += f'<tr><td>{zh} <small>{en}</small></td><td class="number">{escape(f"{totals[name]:,}")}</td></tr>'
    return f'<h2>合计 <small>All in all</small></h2><table class="totals"><tbody>{cells}</tbody></table>'


def _problems(sites: Sequence[Site]) -> str:
    """Sites that were not fetched well, are short of reports, or lost some."""
    lines = [
        f"<tr>{_name(site)}<td>{'<br>'.join(map(escape, why))}</td></tr>"
        for site in sites
        if (why := _whys(site))
    ]
    heading = "<h2>有问题的站点 <small>Sites that want a look</small></h2>"
    columns = (("words", "站点", "site"), ("words", "原因", "why"))
    return _cut(heading, columns, lines)


def _whys(site: Site) -> list[str]:
    found = []
    if site["short"]:
        found.append(
            f"{site['new_reports']} 份报告，应不少于 {site['least']} 份 ({site['least']} reports expected at least)"
        )
    for name, zh, en in _COUNTS:
        if name in site["shrunk"]:
            found.append(f"{zh}减少 {en} lost: {_pair(site, name)}")
    crawl = site["crawl"] or {}
    if not crawl.get("complete", True):
        found.append("未抓取完 not gone through to its end")
    if crawl.get("over"):
        found.append(f"{crawl.get('reports')} 份报告，应不超过 {crawl.get('most')} 份 (at most expected)")
    failures = crawl.get("failures", [])
    found += [f"{f.get('reason', '')}: {f.get('url', '')} {f.get('message', '')}" for f in failures]
    more = crawl.get("failed", 0) - len(failures)
    if more > 0:
        found.append(f"… 另有 {more} 个网址 ({more} more addresses)")
    return found


def _years(years: Sequence[Mapping[str, Any]]) -> str:
    """All sites together by year."""
    lines = [
        f'<tr><td class="number">{year["year"] or "–"}</td>{_cells(year, year["changes"])}</tr>'
        for year in years
    ]
    return _cut("<h2>按年度 <small>By year</small></h2>", (("number", "年度", "year"), *_numbers()), lines)


def _sites(sites: Sequence[Site]) -> str:
    """The sites where something changed."""
    moved = [s for s in sites if any(s["changes"].values()) or s["old_reports"] != s["new_reports"]]
    lines = [f"<tr>{_name(site)}{_cells(site, site['changes'])}</tr>" for site in moved]
    still = f" · 无变化 {len(sites) - len(moved)} unchanged" if len(sites) > len(moved) else ""
    heading = f"<h2>按站点 <small>By site{still}</small></h2>"
    return _cut(heading, (("words", "站点", "site"), *_numbers()), lines)


def _numbers() -> tuple[Address, ...]:
    return tuple(("number", zh, en) for _, zh, en in _PLACE)


def _cells(counts: Mapping[str, Any], changes: Mapping[str, int]) -> str:
    cells = "".join(f'<td class="number{_bad(counts, n)}">{_pair(counts, n)}</td>' for n, _, _ in _COUNTS)
    for name, _, _ in _CHANGES:
        n = changes.get(name, 0)
        kind = " zero" if not n else " bad" if name in ("gone", "newly_failing", "unreadable") else ""
        cells += f'<td class="number{kind}">{n:,}</td>'
    return cells


def _name(site: Site) -> str:
    name, body = site["site"] or "–", site["body"]
    return (
        f'<td class="name">{escape(body)} <small>{escape(name)}</small></td>'
        if body
        else f'<td class="name">{escape(name)}</td>'
    )


def _pair(counts: Mapping[str, Any], name: str) -> str:
    old, new = counts[f"old_{name}"], counts[f"new_{name}"]
    return f"{new:,}" if old == new else f"{old:,} → {new:,}"


def _bad(counts: Mapping[str, Any], name: str) -> str:
    return " bad" if counts[f"new_{name}"] < counts[f"old_{name}"] else ""


def _cut(heading: str, columns: Sequence[Address], lines: Sequence[str]) -> str:
    if not lines:
        return ""
    more = len(lines) - _MOST_SITES
    rest = f"<p>… 另有 {more} 行，见 report.json ({more} more there)</p>" if more > 0 else ""
    return f"{heading}{heads(columns, ''.join(lines[:_MOST_SITES]))}{rest}"


def _reports(diff: Mapping[str, Any] | None, lists: Mapping[str, str]) -> str:
    if diff is None:
        return ""
    found = ""
    for kind, title in lists.items():
        told = diff["reports"][kind]
        found += listed(title, {**told, "reports": told["reports"][:_MOST_REPORTS]})
    return found


def _rest(summary: Mapping[str, Any]) -> str:
    """What else there is to read."""
    lines = []
    if summary["diff"] is not None:
        lines.append(
            '逐项变化 every change: <a href="changes/diff.html">changes/diff.html</a>, changes/changes.csv'
        )
    unknown = summary["files_without_source"]["count"]
    if unknown:
        lines.append(f"{unknown} 个文件没有对应网址 files without an address in the archive's state")
    if summary["corrections_taken_over"]:
        n = summary["corrections_taken_over"]
        lines.append(f"{n} 条更正已并入 corrections taken over from published versions")
    if summary["rules_failed"]:
        n = summary["rules_failed"]
        lines.append(
            f"{n} 处规则不符（程度 error）rules of severity error fail: series_findings.csv, findings.csv"
        )
    items = "".join(f"<li>{line}</li>" for line in lines)
    return f"<h2>其他 <small>Besides</small></h2><ul>{items}</ul>" if items else ""
