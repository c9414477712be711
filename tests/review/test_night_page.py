"""The page of a night: what names and addresses say is text, and nothing in it is run."""

from __future__ import annotations

from typing import Any

from gongkai.emit.write.dataset_counts import DatasetCounts
from gongkai.nightly.counts import Count, Counts
from gongkai.nightly.crawler import Crawled
from gongkai.nightly.night_report import Night, as_dict
from gongkai.review.night_page import render_night
from gongkai.run.diff import LISTS

EVIL = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


def made(**more: Any) -> Night:
    found = Night("20260101T000000Z", "2026-01-01T00:00:00Z", ended="2026-01-01T01:00:00Z", **more)
    found.new = Counts(Count(3, 3, 30), {("a", 2021): Count(2, 2, 20), (EVIL, None): Count(1, 1, 10)})
    return found


def test_what_others_wrote_is_escaped() -> None:
    site = {
        "site": EVIL, "body": EVIL, "ok": False, "complete": False, "failed": 9, "over": True, "most": 1,
        "failures": [{"reason": EVIL, "url": f"javascript:{EVIL}", "message": EVIL}], "reports": 2,
    }  # fmt: skip
    found = made(status="failed", why=EVIL, problems=[EVIL])
    found.crawled = Crawled({"sites": [site], "totals": {"failed": 9, "untold": 17}}, False)
    text = render_night(as_dict(found), LISTS)
    assert "<script>alert" not in text and "<img" not in text and "&lt;script&gt;alert(1)" in text
    assert "href" not in text.partition("</style>")[2] and "default-src 'none'" in text
    assert "… 另有 8 个网址 (8 more addresses)" in text
    assert (
        '<small>fetched: nobody said whether they were replaced</small></td><td class="number">17</td>'
        in text
    )


def test_a_night_that_was_held_back_says_why_in_both_languages() -> None:
    found = made(status="held", why="3 reports became 1; 5 % may be lost", version="old", before="old")
    found.old = Counts(Count(9, 9, 90), {("a", 2021): Count(9, 9, 90)})
    text = render_night(as_dict(found), LISTS)
    assert "未发布：数据明显减少 held back, it shrank" in text and "3 reports became 1" in text
    assert "报告减少 reports lost: 9 → 2" in text
    assert '<td class="number bad">9 → 2</td><td class="number bad">90 → 20</td>' in text


def test_sites_where_nothing_changed_are_counted_and_not_listed() -> None:
    found = made(status="published", version="new", before="old")
    found.old = Counts(Count(2, 2, 20), {("a", 2021): Count(2, 2, 20)})
    text = render_night(as_dict(found), LISTS)
    by_site = text.partition("按站点")[2].partition("</table>")[0]
    assert "无变化 1 unchanged" in by_site and ">a</td>" not in by_site


def test_a_report_leads_to_its_address_and_to_nothing_else() -> None:
    from gongkai.run.diff import Difference

    found = made(status="published", version="new", before="old")
    found.found = Difference("old", "new")
    for url in ("https://a/1?x=1&y=2", "javascript:alert(1)", None):
        report = {"org": "甲", "year": 2021, "source_file": "a/1", "old_source_file": None, "url": url}
        found.found.named["new"].append({**report, "sums_failed": 0, "old_sums_failed": None})
    found.found.reports["new"] = 3
    text = render_night(as_dict(found), LISTS)
    assert '<a href="https://a/1?x=1&amp;y=2" rel="noreferrer">a/1</a>' in text
    assert "javascript" not in text and text.count("<td>a/1</td>") == 2


def test_complete_never_stands_without_the_sums_that_fail() -> None:
    found = made(status="published", version="new")
    found.tally = DatasetCounts(reports=9, ok=7, partial=2, sums_hold=4, sums_fail=3, ok_sums_fail=2)
    text = render_night(as_dict(found), LISTS)
    rows = text.partition("读到的报告")[2].partition("</table>")[0]
    assert [row.partition("</td></tr>")[0] for row in rows.split('number">')[1:]] == ["7", "2", "4", "3", "2"]
    assert "完整 ok" in rows and "勾稽不符 sums fail" in rows and "完整而勾稽不符" in rows
    assert "uncertain" not in rows
