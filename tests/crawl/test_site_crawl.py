"""A site over days and weeks: what is asked again, and when. Answers are made up in this process."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

pytest.importorskip("protego", reason="the extra gongkai[crawl] is not installed")

from gongkai.crawl.document_store import Archive
from gongkai.crawl.http.fetcher import Fetcher
from gongkai.crawl.http.response import HttpResponse
from gongkai.crawl.site import Manners, Site
from gongkai.crawl.site_crawl import SiteCrawl
from gongkai.crawl.site_stats import SiteStats
from gongkai.crawl.state import CrawlState

BASE = "http://www.linjiang.gov.cn"
TITLE = "临江市{}年政府信息公开工作年度报告"
HOUR, DAY = 3600.0, 86400.0


class Calendar:
    """A site whose pages change, and nights at any time."""

    def __init__(self, folder: Path) -> None:
        self.pages: dict[str, bytes | int] = {"/robots.txt": 404}
        self.asked: list[str] = []
        self.archive = Archive(folder)
        self.archive.open()
        self.state = CrawlState(folder / "state.sqlite")
        self.site = Site("linjiang", "临江市人民政府", (BASE + "/nb/",))
        self.manners = Manners("a@example.com", delay=0.0, backoff=0.0, tries=2)

    def list(self, *links: tuple[str, int | str]) -> None:
        """What stands on the list page."""
        titles = [(href, t if isinstance(t, str) else TITLE.format(t)) for href, t in links]
        self.pages["/nb/"] = "".join(f'<li><a href="{href}">{t}</a></li>' for href, t in titles).encode()

    def file(self, name: str, text: str = "") -> None:
        """A file beside it."""
        self.pages[f"/nb/{name}"] = f"%PDF-1.4\n{name}{text}\n".encode()

    async def _answer(self, url: str, conditions: Mapping[str, str], method: str) -> HttpResponse:
        path = url.removeprefix(BASE)
        found = self.pages.get(path, 404)
        if path != "/robots.txt":
            self.asked.append(path.removeprefix("/nb/"))
        if isinstance(found, int):
            return HttpResponse(url, found, {}, b"")
        tag = hashlib.sha256(found).hexdigest()
        if conditions.get("If-None-Match") == tag:
            return HttpResponse(url, 304, {"etag": tag}, b"")
        return HttpResponse(url, 200, {"etag": tag}, found)

    def night(self, now: float) -> SiteStats:
        """A night at this time."""
        self.asked.clear()
        fetcher = Fetcher(self._answer, self.manners, self.state, lambda *_: None)
        visit = SiteCrawl(self.site, self.manners, fetcher, self.state, self.archive, now, False)
        return asyncio.run(visit.run())

    def held(self) -> list[str]:
        return [d.url.rpartition("/")[2] for d in self.state.current_documents("linjiang")]


@pytest.fixture
def calendar(tmp_path: Path) -> Calendar:
    return Calendar(tmp_path / "archive")


def test_a_dead_link_is_asked_ever_more_rarely(calendar: Calendar) -> None:
    calendar.list(("1.pdf", 2001))
    asked = [day for day in range(20) if calendar.night(day * DAY) and "1.pdf" in calendar.asked]
    assert asked == [0, 1, 3, 7, 15]
    calendar.file("1.pdf")
    assert [day for day in range(20, 40) if calendar.night(day * DAY).new] == [31]


def test_a_dead_link_is_news_once(calendar: Calendar) -> None:
    calendar.list(("1.pdf", 2001), ("2.pdf", 2002))
    calendar.file("2.pdf")
    first, second = calendar.night(0), calendar.night(DAY)
    assert [f["known"] for f in first.failed + second.failed] == [False, True]
    documents = calendar.state.current_documents("linjiang")
    assert (first.summary(documents, {})["ok"], second.summary(documents, {})["ok"]) == (False, True)


def test_what_is_held_is_asked_again_after_a_month_a_few_a_night(calendar: Calendar) -> None:
    calendar.manners = replace(calendar.manners, recheck_most=2)
    names = [f"{n}.pdf" for n in range(5)]
    calendar.list(*((name, 2000 + n) for n, name in enumerate(names)))
    for name in names:
        calendar.file(name)
    assert len(calendar.night(0).new) == 5
    calendar.file("1.pdf", "corrected")
    assert [len(calendar.night(day * DAY).replaced) for day in (29, 30, 31, 32, 33)] == [0, 1, 0, 0, 0]
    for day, count in ((59, 0), (60, 2), (61, 2), (62, 1), (63, 0)):
        calendar.night(day * DAY)
        assert len(calendar.asked) == 1 + count


def test_a_title_that_changes_is_asked_for_once(calendar: Calendar) -> None:
    calendar.list(("1.pdf", 2001))
    calendar.file("1.pdf")
    calendar.night(0)
    calendar.list(("1.pdf", TITLE.format(2001) + "（更正）"))
    calendar.night(DAY)
    assert calendar.asked == ["", "1.pdf"]
    calendar.night(2 * DAY)
    assert calendar.asked == [""]


def test_gone_once_is_not_withdrawn_and_twice_is(calendar: Calendar) -> None:
    calendar.list(("1.pdf", 2001), ("2.pdf", 2002))
    calendar.file("1.pdf")
    calendar.file("2.pdf")
    calendar.night(0)
    calendar.list(("2.pdf", 2002))
    calendar.pages["/nb/1.pdf"] = 410
    assert (len(calendar.night(DAY).missing), calendar.held()) == (1, ["1.pdf", "2.pdf"])
    # an hour later, as after a night that was made up for
    assert (len(calendar.night(DAY + HOUR).withdrawn), calendar.asked) == (0, [""])
    assert (len(calendar.night(DAY + 13 * HOUR).withdrawn), calendar.held()) == (1, ["2.pdf"])
    calendar.night(3 * DAY)
    assert calendar.asked == [""]
    # published again
    calendar.list(("1.pdf", 2001), ("2.pdf", 2002))
    calendar.file("1.pdf")
    assert (len(calendar.night(4 * DAY).new), calendar.held()) == (1, ["2.pdf", "1.pdf"])


def test_gone_for_one_night_only_is_nothing(calendar: Calendar) -> None:
    calendar.list(("1.pdf", 2001), ("2.pdf", 2002))
    calendar.file("1.pdf")
    calendar.file("2.pdf")
    calendar.night(0)
    calendar.list(("2.pdf", 2002))
    calendar.pages["/nb/1.pdf"] = 404
    calendar.night(DAY)
    calendar.file("1.pdf")
    assert (calendar.night(2 * DAY).withdrawn, calendar.held()) == ([], ["1.pdf", "2.pdf"])
    # unlinked and there still, as what a list of the last twenty no longer shows
    calendar.night(3 * DAY)
    assert (calendar.asked, calendar.held()) == ([""], ["1.pdf", "2.pdf"])


def test_a_list_that_cannot_be_had_withdraws_nothing_and_its_reports_are_looked_after(
    calendar: Calendar,
) -> None:
    calendar.list(("1.pdf", 2001), ("2.pdf", 2002))
    calendar.file("1.pdf")
    calendar.pages["/nb/2.pdf"] = 503
    calendar.night(0)
    calendar.pages["/nb/"] = 500
    calendar.file("2.pdf")
    stats = calendar.night(DAY)
    assert (stats.complete, len(stats.new), calendar.held()) == (False, 1, ["1.pdf", "2.pdf"])


def test_more_list_pages_than_wanted_are_told(calendar: Calendar) -> None:
    calendar.site = replace(calendar.site, pages_most=2)
    calendar.pages["/nb/"] = (
        f'<a href="1.pdf">{TITLE.format(2001)}</a><script>createPageHTML(4,0,"index","html")</script>'.encode()
    )
    for n in (1, 2, 3):
        calendar.pages[f"/nb/index_{n}.html"] = f'<a href="{n}1.pdf">{TITLE.format(2001)}</a>'.encode()
    stats = calendar.night(0)
    assert [f["reason"] for f in stats.failed if f["kind"] == "list"] == ["not-reached"] * 2
    assert not stats.complete


def test_the_archive_is_asked_for_and_not_the_summary(calendar: Calendar) -> None:
    calendar.list(("1.pdf", 2001))
    calendar.file("1.pdf")
    calendar.night(0)
    (document,) = calendar.state.current_documents("linjiang")
    calendar.archive.path(document.sha256).unlink()
    calendar.night(HOUR)
    assert calendar.asked == ["", "1.pdf"]
    assert calendar.archive.has(document.sha256, document.bytes)


def test_words_of_the_betting_trade_are_told_every_night(calendar: Calendar) -> None:
    calendar.list(("1.html", 2001))
    page: Any = (
        f"<title>明升体育 {TITLE.format(2001)}</title><p>一、总体情况</p><p>二、主动公开政府信息情况</p>"
    )
    calendar.pages["/nb/1.html"] = page.encode()
    for day in (0, 1):
        flags = calendar.night(day * DAY).flags
        assert [why for _, why in flags] == ["a copy on a hijacked host? “明升体育” stands in it"]
