"""Fetcher, host and robots.txt, with answers made up in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

pytest.importorskip("protego", reason="the extra gongkai[crawl] is not installed")

from gongkai.crawl.http.fetcher import Fetcher, is_within_window
from gongkai.crawl.http.http_headers import conditional_headers, retry_after
from gongkai.crawl.http.response import FetchError, HttpResponse, NightEnded
from gongkai.crawl.http.robots import Robots
from gongkai.crawl.http.site_host import Host
from gongkai.crawl.site import Manners, Site
from gongkai.crawl.state import CrawlState

MANNERS = Manners("a@example.com", delay=0.0, backoff=0.0)
SITE = Site("a", "b", ("http://a.gov.cn/",), hosts=("b.example.com",))


class Wire:
    """Answers by address; what has none is a 404."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.asked: list[str] = []
        self.now: dict[str, int] = {}
        self.most: dict[str, int] = {}
        self.together = 0

    async def __call__(self, url: str, conditions: Mapping[str, str], method: str) -> HttpResponse:
        host = url.split("/")[2]
        self.asked.append(url)
        self.now[host] = self.now.get(host, 0) + 1
        self.most[host] = max(self.most.get(host, 0), self.now[host])
        self.together = max(self.together, sum(self.now.values()))
        await asyncio.sleep(0.001)
        self.now[host] -= 1
        found = self.answers.get(url, 404)
        if isinstance(found, FetchError):
            raise found
        if isinstance(found, HttpResponse):
            return found
        return (
            HttpResponse(url, found, {}, b"x")
            if isinstance(found, int)
            else HttpResponse(url, 200, {}, found)
        )


@pytest.fixture
def fetcher(tmp_path: Path) -> Callable[..., tuple[Fetcher, Wire, list[Any]]]:
    def make(answers: dict[str, Any], **manners: Any) -> tuple[Fetcher, Wire, list[Any]]:
        wire = Wire(answers)
        told: list[Any] = []
        state = CrawlState(tmp_path / "state.sqlite")
        return Fetcher(wire, replace(MANNERS, **manners), state, lambda *what: told.append(what)), wire, told

    return make


def get(fetcher: Fetcher, *urls: str, site: Site = SITE) -> list[Any]:
    """What becomes of some addresses asked at once."""

    async def all_of_them() -> list[Any]:
        return await asyncio.gather(
            *(fetcher.get(site, url, "page", {}) for url in urls), return_exceptions=True
        )

    return asyncio.run(all_of_them())


def test_a_host_has_one_request_at_a_time_and_several_hosts_have_several(fetcher: Any) -> None:
    urls = [f"http://{host}/{n}" for host in ("a.gov.cn", "b.example.com") for n in range(5)]
    asking, wire, told = fetcher(dict.fromkeys(urls, b"x"))
    assert all(isinstance(a, HttpResponse) for a in get(asking, *urls))
    assert (wire.most, wire.together) == ({"a.gov.cn": 1, "b.example.com": 1}, 2)
    assert len(wire.asked) == len(told) == asking.spent == 12  # robots.txt once a host


def test_robots_txt_is_obeyed_and_asked_once_a_day(fetcher: Any) -> None:
    rules = b"User-agent: Gongkai\nDisallow: /private\nCrawl-delay: 0.001\n"
    answers = {"http://a.gov.cn/robots.txt": rules, "http://a.gov.cn/1": b"x"}
    asking, wire, _ = fetcher(answers)
    refused, taken = get(asking, "http://a.gov.cn/private/1", "http://a.gov.cn/1")
    assert (refused.reason, taken.status) == ("robots", 200)
    again, wire, _ = fetcher(answers)
    assert get(again, "http://a.gov.cn/private/1")[0].reason == "robots"
    assert wire.asked == []


@pytest.mark.parametrize(
    ("robots", "reason"),
    [
        (404, None), (403, None), (410, None), (500, "robots-unavailable"), (503, "robots-unavailable"),
        (429, "robots-unavailable"), (FetchError("timeout", "", True), "timeout"),
        (FetchError("address-private", ""), "address-private"),
    ],
)  # fmt: skip
def test_robots_txt_that_is_not_there_allows_and_one_that_cannot_be_had_does_not(
    fetcher: Any, robots: Any, reason: str | None
) -> None:
    asking, _, _ = fetcher({"http://a.gov.cn/robots.txt": robots, "http://a.gov.cn/1": b"x"})
    (came,) = get(asking, "http://a.gov.cn/1")
    assert (came.reason if isinstance(came, FetchError) else None) == reason


@pytest.mark.parametrize("answers", [False, True])
def test_a_host_whose_robots_txt_does_not_answer_either_is_left_after_three_addresses(
    fetcher: Any, answers: bool
) -> None:
    urls = [f"http://a.gov.cn/{n}" for n in range(5)]
    refused = FetchError("connection", "refused", True)
    asking, wire, _ = fetcher(dict.fromkeys(urls, refused), tries=2)

    async def one_by_one() -> list[str]:
        reasons = []
        for number, url in enumerate(urls):
            if number == 2 and not answers:
                wire.answers["http://a.gov.cn/robots.txt"] = refused
            try:
                await asking.get(SITE, url, "page", {})
            except FetchError as refusal:
                reasons.append(refusal.reason)
        return reasons

    expected = ["connection"] * 5 if answers else ["connection"] * 3 + ["host-down"] * 2
    assert asyncio.run(one_by_one()) == expected
    assert len(wire.asked) == 2 + 3 * 2 + 2 * answers  # robots.txt twice


def test_the_budget_ends_the_night_for_all(fetcher: Any) -> None:
    asking, _, _ = fetcher({"http://a.gov.cn/1": b"x"}, budget=2)
    first, second = get(asking, "http://a.gov.cn/1", "http://a.gov.cn/2")
    assert isinstance(first, HttpResponse) and isinstance(second, NightEnded)
    assert asking.ended == "budget"


def test_a_redirect_to_another_public_host_is_followed_for_a_report_and_not_for_a_list(fetcher: Any) -> None:
    sent = HttpResponse("http://a.gov.cn/1", 302, {"location": "http://www.qingxi.gov.cn/1"}, b"")
    asking, wire, _ = fetcher({"http://a.gov.cn/1": sent, "http://www.qingxi.gov.cn/1": b"x"})
    assert get(asking, "http://a.gov.cn/1")[0].url == "http://www.qingxi.gov.cn/1"
    assert "http://www.qingxi.gov.cn/robots.txt" in wire.asked
    with pytest.raises(FetchError, match="not on the site's hosts"):
        asyncio.run(asking.get(SITE, "http://a.gov.cn/1", "list", {}))


def test_a_304_that_nobody_asked_for_is_no_answer(fetcher: Any) -> None:
    asking, _, _ = fetcher({"http://a.gov.cn/1": 304})
    assert get(asking, "http://a.gov.cn/1")[0].reason == "http-status"


def test_retry_after_is_seconds_or_a_date_and_never_forever() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert retry_after("90", now) == 90
    assert retry_after("Thu, 01 Jan 2026 00:02:00 GMT", now) == 120
    assert retry_after("Wed, 31 Dec 2025 00:00:00 GMT", now) == 0
    assert retry_after("soon", now) == retry_after("", now) == retry_after("-5", now) == 0
    assert retry_after("9" * 30, now) == retry_after("Fri, 01 Jan 2100 00:00:00 GMT", now) == 2 * 24 * 3600


def test_a_window_may_pass_midnight_and_is_chinas() -> None:
    night = replace(MANNERS, window="22:00-06:00")
    noon_in_china = datetime(2026, 1, 1, 4, 0, tzinfo=UTC)
    assert not is_within_window(night, noon_in_china)
    assert is_within_window(night, noon_in_china + timedelta(hours=10)) and is_within_window(
        night, noon_in_china + timedelta(hours=17)
    )
    assert not is_within_window(night, noon_in_china + timedelta(hours=18))
    assert is_within_window(MANNERS, noon_in_china)


def test_a_host_that_says_it_is_too_much_is_asked_more_slowly_and_forgiven() -> None:
    host = Host("a.gov.cn")
    host.last, host.pace = 100.0, 2.0
    assert host.wait(101.0) == 1.0
    host.slow_down(2.0, 5.0)
    host.slow_down(2.0, 5.0)
    assert (host.pace, host.wait(101.0)) == (5.0, 4.0)
    host.least_pace = 1.0
    for _ in range(20):
        host.speed_up()
    assert host.pace == 1.0
    host.ready = 200.0
    assert host.wait(101.0) == 99.0


def test_rules_and_delays_are_those_for_us() -> None:
    robots = Robots(
        "User-agent: *\nDisallow: /\n\nUser-agent: gongkai\nAllow: /nb/\nDisallow: /\nCrawl-delay: 7\n"
    )
    assert (robots.allows("http://a.gov.cn/nb/1"), robots.allows("http://a.gov.cn/x"), robots.delay()) == (
        True,
        False,
        7,
    )
    assert Robots("").allows("http://a.gov.cn/x") and Robots("<html>404</html>").allows("http://a.gov.cn/x")


def test_what_has_no_validator_is_asked_for_whole() -> None:
    assert conditional_headers("", "") == {}
    assert conditional_headers('"1"', "Thu") == {"If-None-Match": '"1"', "If-Modified-Since": "Thu"}
