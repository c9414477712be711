"""One bad answer costs its own address, and no order of addresses keeps another one from its turn."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import hashlib
import json
import sqlite3
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

pytest.importorskip("protego", reason="the extra gongkai[crawl] is not installed")

from gongkai.crawl.document_store import Archive
from gongkai.crawl.http.fetcher import Fetcher
from gongkai.crawl.http.response import FetchError, HttpResponse, NightEnded
from gongkai.crawl.site import Manners, Site
from gongkai.crawl.site_crawl import SiteCrawl
from gongkai.crawl.site_stats import SiteStats
from gongkai.crawl.state import CrawlState
from gongkai.crawl.web_page.page_charset import decode

TITLE = "临江市{}年政府信息公开工作年度报告"
BASE = "http://www.linjiang.gov.cn"
DAY = 86_400.0


def report(year: int) -> str:
    return f"<h1>{TITLE.format(year)}</h1><p>一、总体情况</p><p>二、主动公开政府信息情况</p>"


def link(href: str, year: int) -> str:
    return f'<li><a href="{href}">{TITLE.format(year)}</a></li>'


# Answers that are broken -----------------------------------------------------------------------

GOOD = report(2001).encode()
BROKEN = {
    "br": b"\xff" * 40,
    "deflate": b"\xff" * 40,
    "zstd": b"\x28\xb5\x2f\xfd" + b"\xff" * 40,
    "gzip": b"\x1f\x8b\x08\x00" + b"\xff" * 40,
    "x-gzip": b"no gzip at all",
    "gzip, deflate": zlib.compress(b"no gzip inside"),
    " GZIP": gzip.compress(GOOD * 300)[:-60],
    "Deflate": zlib.compress(GOOD * 300)[:-30],
}


@pytest.fixture
def packed(web: Any, reply: Any) -> Any:
    """A list of pages whose compression is broken, each in its own way, with a sound one at its end."""
    for number, (name, body) in enumerate(BROKEN.items()):
        web.routes[f"/nb/{number}.html"] = reply(body, headers={"Content-Encoding": name}, tag=False)
    web.page("/nb/19.html", report(2019))
    web.page("/nb/", "".join(link(f"{n}.html", 2000 + n) for n in (*range(len(BROKEN)), 19)))
    return web


def test_a_body_whose_compression_is_broken_costs_its_address(packed: Any, desk: Any, site: Any) -> None:
    desk.table(site(packed.url + "/nb/"))
    one = desk.night()["sites"][0]
    assert one["reasons"] == {"undecodable": len(BROKEN)}
    assert (one["complete"], one["documents"]) == (True, 1)


def test_a_body_that_does_not_unpack_is_requested_without_compression(
    web: Any, desk: Any, site: Any, reply: Any
) -> None:
    bad = reply(BROKEN["br"], headers={"Content-Encoding": "br"}, tag=False)
    tries = iter([bad])
    web.routes["/nb/1.html"] = lambda: next(tries, reply(GOOD))
    web.page("/nb/", link("1.html", 2001))
    desk.table(site(web.url + "/nb/"))
    assert desk.night()["sites"][0]["documents"] == 1
    accepted = [a.headers["Accept-Encoding"] for a in web.asked if a.path == "/nb/1.html"]
    assert [a == "identity" for a in accepted] == [False, True]


def test_a_list_with_half_a_character_in_it_is_read(web: Any, desk: Any, site: Any) -> None:
    rows = [
        {"title": TITLE.format(2001) + "\ud800", "url": "/nb/1.html"},
        {"title": TITLE.format(2002), "url": "/nb/2.html?x=\udfff"},
        {"title": TITLE.format(2003), "url": "/nb/3\ud912.html"},
        {"title": TITLE.format(2004), "url": "/nb/4.html"},
    ]
    web.page("/api", json.dumps({"data": rows}), headers={"Content-Type": "application/json"})
    for year in (1, 4):
        web.page(f"/nb/{year}.html", report(2000 + year))
    desk.table(site(web.url + "/api"))
    one = desk.night()["sites"][0]
    assert (one["documents"], one["reasons"]) == (2, {"not-found": 2})


@pytest.mark.parametrize(
    "charset", ["utf-7", "unicode_escape", "idna", "undefined", "punycode", "hex", "no-such"]
)
def test_an_encoding_that_no_browser_knows_is_passed_over(charset: str) -> None:
    text = f'<meta charset="{charset}">\\ud800 +2AA- {TITLE.format(2001)}'
    assert decode(text.encode("gb18030")) == (text, "gb18030")
    assert decode(text.encode(), f"text/html; charset={charset}") == (text, "utf-8")


def test_a_page_with_a_mark_of_its_encoding_has_the_same_links(web: Any, desk: Any, site: Any) -> None:
    web.page("/nb/", "\ufeff" + link("1.html", 2001))
    web.page("/nb/1.html", report(2001))
    desk.table(site(web.url + "/nb/"))
    assert desk.night()["sites"][0]["documents"] == 1
    assert web.paths() == ["/nb/", "/nb/1.html"]


# Sites over days ---------------------------------------------------------------------------------

Page = bytes | int | FetchError


class Country:
    """Sites on hosts of their own, whose answers are made up in this process, and nights at any time."""

    def __init__(self, folder: Path, **manners: Any) -> None:
        self.pages: dict[str, Page] = {}
        self.asked: list[str] = []
        self.archive = Archive(folder)
        self.archive.open()
        self.state = CrawlState(folder / "state.sqlite")
        self.manners = Manners("a@example.com", delay=0.0, backoff=0.0, tries=2, **manners)
        self.site = Site("linjiang", "临江市人民政府", (BASE + "/nb/",))

    def reports(self, *names: str, at: str = "/nb/") -> None:
        """A list of reports that answer."""
        self.pages[at] = "".join(link(name, 2000) for name in names).encode()
        for name in names:
            self.pages[f"/nb/{name}"] = f"%PDF-1.4\n{name}\n".encode()

    async def _answer(self, url: str, conditions: Mapping[str, str], method: str) -> HttpResponse:
        path = url.removeprefix(BASE)
        found = self.pages.get(path, 404)
        if path != "/robots.txt":
            self.asked.append(path.removeprefix("/nb/"))
        if isinstance(found, FetchError):
            raise found
        if isinstance(found, int):
            return HttpResponse(url, found, {}, b"")
        tag = hashlib.sha256(found).hexdigest()
        status = 304 if conditions.get("If-None-Match") == tag else 200
        return HttpResponse(url, status, {"etag": tag}, b"" if status == 304 else found)

    def night(self, now: float, crawl: type[SiteCrawl] = SiteCrawl) -> SiteStats:
        """A night at this time, also one that ends early."""
        self.asked.clear()
        fetcher = Fetcher(self._answer, self.manners, self.state, lambda *_: None)
        visit = crawl(self.site, self.manners, fetcher, self.state, self.archive, now + DAY, False)
        with contextlib.suppress(NightEnded):
            asyncio.run(visit.run())
        return visit.stats

    def held(self) -> set[str]:
        return {d.url.rpartition("/")[2] for d in self.state.current_documents("linjiang")}


DEAD = FetchError("timeout", "no whole answer in time", True)


def test_dead_addresses_at_the_top_do_not_hide_those_below(tmp_path: Path) -> None:
    country = Country(tmp_path / "archive")
    names = [f"{n}.pdf" for n in range(12)]
    country.reports(*names)
    for name in names[:5]:
        country.pages[f"/nb/{name}"] = DEAD
    stats = country.night(0)
    assert country.held() == set(names[5:])
    assert {f["reason"] for f in stats.failed} == {"timeout"}
    assert [country.asked.count(n) for n in names[:5]] == [
        2,
        2,
        2,
        1,
        1,
    ]  # several tries are not worth it any more


def test_a_host_that_answers_nothing_is_left_for_the_night(tmp_path: Path) -> None:
    country = Country(tmp_path / "archive")
    names = [f"{n}.pdf" for n in range(12)]
    country.reports(*names)
    country.state.store_robots("www.linjiang.gov.cn", "", "", "", 4e9)  # taken today
    for path in (*(f"/nb/{name}" for name in names), "/robots.txt"):
        country.pages[path] = DEAD
    stats = country.night(0)
    assert [f["reason"] for f in stats.failed] == ["timeout"] * 3 + ["host-down"] * 9
    assert not stats.complete  # nine were not tried
    country.reports(*names)
    country.night(DAY)
    assert country.held() == set(names)


def test_the_next_night_begins_with_what_was_not_tried(tmp_path: Path) -> None:
    country = Country(tmp_path / "archive")
    names = [f"{n:02}.pdf" for n in range(60)]
    country.reports(*names)
    country.pages["/robots.txt"] = 404
    for name in names[:50]:
        country.pages[f"/nb/{name}"] = DEAD
    first = country.night(0)
    assert not first.complete and "host-down" in {f["reason"] for f in first.failed}
    tried = set(country.asked)
    country.night(DAY)
    asked = [n for n in dict.fromkeys(country.asked) if n]
    assert not set(asked[:20]) & tried
    country.night(2 * DAY)
    assert country.held() == set(names[50:])


def test_a_budget_that_is_too_small_reaches_everything_in_some_nights(tmp_path: Path) -> None:
    country = Country(tmp_path / "archive", site_budget=6)
    names = [f"{n:02}.pdf" for n in range(10)]
    country.reports(*names)
    for name in names[:4]:
        country.pages[f"/nb/{name}"] = 500  # tried again every night
    stats = [country.night(night * DAY) for night in range(3)]
    assert country.held() == set(names[4:])
    assert not stats[0].complete and "5 links are left" in stats[0].failed[-1]["message"]


def test_lists_leave_requests_for_documents(tmp_path: Path) -> None:
    country = Country(tmp_path / "archive", site_budget=8)
    years = [f"/nb/{year}/" for year in range(2001, 2021)]
    top = "".join(f'<a href="{path}">{path[4:8]}年</a>' for path in years)
    country.pages["/nb/"] = top.encode()
    for number, path in enumerate(years):
        country.reports(f"{number}.pdf", at=path)
    country.pages |= {f"{path}{n}.pdf": f"%PDF-1.4\n{n}".encode() for n, path in enumerate(years)}
    for night in range(12):
        country.night(night * DAY)
    assert len(country.held()) == 20


def test_lists_beyond_the_most_have_their_turn(tmp_path: Path) -> None:
    country = Country(tmp_path / "archive")
    country.site = replace(country.site, pages_most=4)
    years = [f"/nb/{year}/" for year in range(2001, 2011)]
    country.pages["/nb/"] = "".join(f'<a href="{path}">{path[4:8]}年</a>' for path in years).encode()
    for number, path in enumerate(years):
        country.pages[path] = link(f"{number}.pdf", 2000).encode()
        country.pages[f"{path}{number}.pdf"] = f"%PDF-1.4\n{number}".encode()
    stats = [country.night(night * DAY) for night in range(4)]
    assert len(country.held()) == 10
    assert not any(one.complete for one in stats)


def test_a_bug_costs_the_address_that_triggers_it(tmp_path: Path) -> None:
    class Buggy(SiteCrawl):
        def _store(self, request: Any, response: HttpResponse, found: Any) -> None:
            if request.url.endswith("1.pdf"):
                raise ZeroDivisionError("a bug of ours")
            super()._store(request, response, found)

    country = Country(tmp_path / "archive")
    country.reports("1.pdf", "2.pdf", "3.pdf")
    first = country.night(0, Buggy)
    assert country.held() == {"2.pdf", "3.pdf"}
    assert [(f["reason"], f["known"]) for f in first.failed] == [("bug", False)]
    assert "a bug of ours" in first.bugs[0][1]
    second = country.night(DAY, Buggy)
    assert [(f["reason"], f["known"]) for f in second.failed] == [("bug", False)]  # it stays news
    country.night(2 * DAY)
    assert country.held() == {"1.pdf", "2.pdf", "3.pdf"}


def test_a_full_disk_ends_the_night_and_is_no_bug_of_each_site(tmp_path: Path) -> None:
    class Full(SiteCrawl):
        def _store(self, request: Any, response: HttpResponse, found: Any) -> None:
            raise sqlite3.OperationalError("database or disk is full")

    country = Country(tmp_path / "archive")
    country.reports("1.pdf")
    with pytest.raises(sqlite3.OperationalError):
        country.night(0, Full)


def test_sites_that_never_end_well_do_not_come_first_every_night(
    web: Any, desk: Any, site: Any, reply: Any
) -> None:
    for name in ("a", "b", "c"):
        web.routes[f"/{name}/"] = reply(b"", 500)
    web.page("/d/", link("1.html", 2001))
    web.page("/d/1.html", report(2001))
    sites = [site(f"{web.url}/{name}/", id=name) for name in ("a", "b", "c", "d")]
    desk.table(*sites, budget=3, sites_at_once=1, tries=1)
    nights = [desk.night() for _ in range(3)]
    assert [n["sites"][3]["documents"] for n in nights] == [0, 1, 1]


def test_sound_bodies_of_every_compression_are_read(web: Any, desk: Any, site: Any, reply: Any) -> None:
    brotli = pytest.importorskip("brotli")
    bodies = {
        "gzip": gzip.compress(GOOD),
        "deflate": zlib.compress(GOOD),
        "br": brotli.compress(GOOD),
        "gzip, br": brotli.compress(gzip.compress(GOOD)),
        "x-gzip": gzip.compress(GOOD)[:-8],  # some servers leave out the check sum
        "Deflate": zlib.compress(GOOD, wbits=-15),
        "GZip": gzip.compress(GOOD[:50]) + gzip.compress(GOOD[50:]),
        "none": GOOD,
        "identity": GOOD,
    }
    for number, (name, body) in enumerate(bodies.items()):
        web.routes[f"/nb/{number}.html"] = reply(body, headers={"Content-Encoding": name}, tag=False)
    web.page("/nb/", "".join(link(f"{n}.html", 2000 + n) for n in range(len(bodies))))
    desk.table(site(web.url + "/nb/"))
    assert desk.night()["sites"][0]["documents"] == len(bodies)
