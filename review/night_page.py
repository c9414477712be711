"""What a night did → one HTML file for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gongkai.review.changes_page import REPORT_COLUMNS
from gongkai.review.html_file import render_file
from gongkai.review.report_page import STATUS, SUMS

#: one site of report.json, with its counts before and after the night
SiteYears = Mapping[str, Any]

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
_COMPARED = "与上一版本相比 against the version before"
_LOOKS = {
    "sites-not-fetched": "未抓取好的站点", "sites-short": "报告少于预期的站点", "crawl-not-well": "抓取未正常结束",
    "reports-unreadable": "不再能读取的报告", "files-without-source": "没有对应网址的文件",
    "nights-untold": "已发布而未通知", "notification-failed": "通知未送达",
    "bugs": "抓取程序自身出错的网址", "state-damaged": "内部状态损坏，已移开并重新开始",
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
_LOSSES = ("gone", "newly_failing", "unreadable")
_COUNTS = (("reports", "报告", "reports"), ("facts", "数据", "facts"))
_FETCHED = (
    ("new", "抓取：新文件", "fetched: new"), ("replaced", "抓取：已替换", "fetched: replaced"),
    ("withdrawn", "抓取：已撤下", "fetched: withdrawn"), ("failed", "抓取：失败网址", "fetched: addresses failed"),
    ("untold", "抓取：无法得知是否被替换", "fetched: nobody said whether they were replaced"),
)  # fmt: skip

#: what the night read, by what it is and by whether its sums hold: key, class, zh, en
_READ = (
    *((status, status, zh, status) for status, zh in STATUS.items()),
    *((f"sums_{sums}", f"sums {sums}", zh, f"sums {sums}") for sums, zh in SUMS.items()),
    ("ok_sums_fail", "ok doubted", "完整而勾稽不符", "complete, but sums fail"),
)

_NUMBERS = tuple(("number", zh, en) for _, zh, en in (*_COUNTS, *_CHANGES))
#: heads of the tables: class of the column, zh, en
_COLUMNS = {
    "problems": (("words", "站点", "site"), ("words", "原因", "why")),
    "years": (("number", "年度", "year"), *_NUMBERS),
    "sites": (("words", "站点", "site"), *_NUMBERS),
    "reports": REPORT_COLUMNS,
}


def render_night(summary: Mapping[str, Any], kinds: Mapping[str, str]) -> str:
    """The page; `summary` is the night's report.json, `kinds` the kinds of reports with their titles."""
    status_class, status = _STATUS[summary["status"]]
    sites = summary["sites"]
    changed = [s for s in sites if any(s["changes"].values()) or s["old_reports"] != s["new_reports"]]
    return render_file(
        "night_page",
        f"{summary['night']} {status}",
        "changes.js",
        summary=summary,
        kinds=kinds,
        status_class=status_class,
        status=status,
        stage=_STAGES[summary["stage"]] if summary["status"] == "failed" else _COMPARED,
        next_step=_NEXT.get(summary["status"], ""),
        looks=_LOOKS,
        counted=any(summary["counts"].values()),  # a night may end before anything is counted
        totals=(("files", "文件", "files"), *_COUNTS),
        fetched=_fetched(summary["crawl"] or {}),
        read=_read(summary["read"] or {}),
        problems=[(site, reasons) for site in sites if (reasons := list(_problems(site)))],
        changed=changed,
        unchanged=len(sites) - len(changed),
        changes=_CHANGES,
        losses=_LOSSES,
        columns=_COLUMNS,
        most_sites=_MOST_SITES,
        most_reports=_MOST_REPORTS,
    )


def _fetched(crawl: Mapping[str, Any]) -> list[tuple[str, str, int]]:
    """What the crawl counted: zh, en, number."""
    totals = crawl.get("totals", {})
    return [(zh, en, totals[name]) for name, zh, en in _FETCHED if name in totals]


def _read(counts: Mapping[str, int]) -> list[tuple[str, str, str, int]]:
    """What the night read: class, zh, en, number; the kinds that there are."""
    return [(css, zh, en, counts[key]) for key, css, zh, en in _READ if counts.get(key)]


def _problems(site: SiteYears) -> Iterator[str]:
    """Why a site wants a look: it has too few reports, lost some, or was not fetched well."""
    if site["short"]:
        n, least = site["new_reports"], site["least"]
        yield f"{n} 份报告，应不少于 {least} 份 ({least} reports expected at least)"
    for name, zh, en in _COUNTS:
        if name in site["shrunk"]:
            yield f"{zh}减少 {en} lost: {_old_and_new(site[f'old_{name}'], site[f'new_{name}'])}"
    yield from _crawl_problems(site["crawl"] or {})


def _old_and_new(old: int, new: int) -> str:
    return f"{new:,}" if old == new else f"{old:,} → {new:,}"


def _crawl_problems(crawl: Mapping[str, Any]) -> Iterator[str]:
    """What went wrong while a site was fetched."""
    if not crawl.get("complete", True):
        yield "未抓取完 not gone through to its end"
    if crawl.get("over"):
        yield f"{crawl.get('reports')} 份报告，应不超过 {crawl.get('most')} 份 (at most expected)"
    failures: Sequence[Mapping[str, Any]] = crawl.get("failures", [])
    for f in failures:
        yield f"{f.get('reason', '')}: {f.get('url', '')} {f.get('message', '')}"
    more = crawl.get("failed", 0) - len(failures)
    if more > 0:
        yield f"… 另有 {more} 个网址 ({more} more addresses)"
