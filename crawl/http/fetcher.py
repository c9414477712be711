"""An address → its response, under robots.txt and all limits, with redirects and retries."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone

from gongkai.crawl.http.http_headers import REDIRECTS, check_status, conditional_headers, is_conditional
from gongkai.crawl.http.response import FetchError, HttpResponse, NightEnded, Transport
from gongkai.crawl.http.robots import FRESH_SECONDS, Robots
from gongkai.crawl.http.site_host import MOST_FAILURES, MOST_OF_A_KIND, Host
from gongkai.crawl.http.url import place, relation, resolve
from gongkai.crawl.site import Manners, Site
from gongkai.crawl.state import CrawlState

#: redirects of one request: RFC 9309 wants five for robots.txt
MOST_HOPS = 5
CHINA = timezone(timedelta(hours=8))
#: the kind of requests for headers alone
HEAD = "head"
#: reasons that concern the host, not the address
_OF_HOST = ("timeout", "connection", "name-unknown")

#: (site, address, kind, where it was found, begun, the answer or the refusal)
Record = Callable[[str, str, str, str, float, HttpResponse | FetchError], None]


class Fetcher:
    """Sends the requests of one night, for all sites together."""

    def __init__(self, transport: Transport, manners: Manners, state: CrawlState, record: Record) -> None:
        self._transport = transport
        self._manners = manners
        self._state = state
        self._record = record
        self._hosts: dict[str, Host] = {}
        self._stopped = asyncio.Event()
        #: requests made
        self.spent = 0
        #: why the night ended early: "budget", "window", "stopped"
        self.ended = ""

    def stop(self) -> None:
        """End the night: requests on their way are completed, no new ones are sent."""
        self._stopped.set()

    async def get(
        self, site: Site, url: str, kind: str, headers: Mapping[str, str], found_on: str = ""
    ) -> HttpResponse:
        """The response of an address, 200 or 304, after redirects. Raises FetchError, NightEnded."""
        host = self._host(url)
        if host.silent[kind] >= MOST_OF_A_KIND:
            message = f"{host.silent[kind]} addresses of the kind “{kind}” in a row did not answer"
            raise FetchError("host-down", message, tried=False)
        for attempt in range(self._manners.tries):
            try:
                response = await self._follow_redirects(site, url, kind, headers, found_on)
            except FetchError as error:
                # what keeps failing while its host answers others is not worth several tries
                last = attempt == self._manners.tries - 1 or host.silent[kind] >= MOST_FAILURES
                if not error.temporary or last or host.blocked is not None:
                    await self._count_failure(site, url, kind, error)
                    raise
                if error.reason == "undecodable":
                    headers = {**headers, "Accept-Encoding": "identity"}
                    continue
                backoff = self._manners.backoff * 2**attempt * random.uniform(0.75, 1.25)
                await self._pause(max(error.after, backoff))
            else:
                del host.silent[kind]
                return response
        raise AssertionError("tries is at least 1")

    @property
    def spare(self) -> int:
        """Requests that are left of the night's budget; 0 where the night is over."""
        return 0 if self._end() else self._manners.budget - self.spent

    async def head(self, site: Site, url: str, found_on: str = "") -> HttpResponse:
        """The headers of an address after redirects, asked for once. Raises FetchError, and NightEnded where it was stopped."""
        host = self._host(url)
        if host.silent[HEAD] >= MOST_FAILURES:
            raise FetchError("host-down", f"{host.silent[HEAD]} requests by HEAD had no answer", tried=False)
        try:
            self._check_night(HEAD)  # before robots.txt is asked for
            response = await self._follow_redirects(
                site, url, HEAD, {"Accept-Encoding": "identity"}, found_on
            )
        except FetchError as error:
            await self._count_failure(site, url, HEAD, error)
            raise
        del host.silent[HEAD]
        return response

    async def _follow_redirects(
        self, site: Site, url: str, kind: str, headers: Mapping[str, str], found_on: str
    ) -> HttpResponse:
        passed = [url]
        while True:
            await self._check_robots(site, url)
            response = await self._send(site, url, kind, headers, found_on)
            if response.status not in REDIRECTS:
                return response
            url = self._resolve_redirect(site, url, kind, response)
            if url in passed or len(passed) > MOST_HOPS:
                raise FetchError("redirect-loop", f"{len(passed)} times sent on, last to {url}")
            passed.append(url)

    def _resolve_redirect(self, site: Site, url: str, kind: str, response: HttpResponse) -> str:
        """The address that a redirect leads to. Raises FetchError where it leaves the site."""
        target = resolve(url, _as_sent(response.headers.get("location", "")))
        if target is None:
            raise FetchError(
                "bad-redirect", f"{response.status} without an address to go to", status=response.status
            )
        host = relation(site, target)
        if host in ("look-alike", "foreign") or (host == "public" and kind == "list"):
            raise FetchError(
                "redirect-away", f"sent on to {target}, which is not on the site's hosts ({host})"
            )
        return target

    async def _check_robots(self, site: Site, url: str) -> None:
        """Return if robots.txt allows the request. Raises FetchError."""
        host = self._host(url)
        async with host.robots_lock:
            if host.robots is None and host.blocked is None:
                await self._load_robots(site, host, url)
        if host.blocked is not None:
            raise FetchError(*host.blocked, tried=False)
        if host.robots is None or not host.robots.allows(url):
            raise FetchError("robots", "robots.txt asks crawlers not to go there")

    async def _load_robots(self, site: Site, host: Host, url: str) -> None:
        text, etag, modified, asked, not_before = self._state.host(host.place)
        now = time.time()
        if not_before > now:
            host.blocked = ("busy", f"the host asked to be left alone until {_clock(not_before)}")
            return
        if now - asked > FRESH_SECONDS:
            try:
                text, etag, modified = await self._fetch_robots(site, url, text, etag, modified)
            except FetchError as error:
                mine = error.reason in (*_OF_HOST, "address-private")
                message = str(error) if mine else f"robots.txt: {error}"
                host.blocked = (error.reason if mine else "robots-unavailable", message)
                return
            self._state.store_robots(host.place, text, etag, modified, now)
        host.robots = Robots(text)
        host.pace = host.least_pace = min(host.robots.delay(), self._manners.delay_most)

    async def _fetch_robots(
        self, site: Site, url: str, text: str, etag: str, modified: str
    ) -> tuple[str, str, str]:
        """robots.txt with its validators: no rules where the server has none (RFC 9309, 2.3.1.3)."""
        address = resolve(url, "/robots.txt") or url
        headers = conditional_headers(etag, modified)
        for attempt in range(self._manners.tries):
            try:
                response = await self._fetch_following(site, address, headers)
            except FetchError as error:
                if error.reason in ("not-found", "gone", "forbidden", "http-status", "redirect-loop"):
                    return "", "", ""
                if not error.temporary or attempt == self._manners.tries - 1:
                    raise
                if error.reason == "undecodable":
                    headers = {**headers, "Accept-Encoding": "identity"}
                    continue
                await self._pause(max(error.after, self._manners.backoff * 2**attempt))
                continue
            if response.status == 304:
                return text, etag, modified
            validators = response.headers.get("etag", ""), response.headers.get("last-modified", "")
            return response.body.decode("utf-8", "replace"), *validators
        raise AssertionError("tries is at least 1")

    async def _fetch_following(self, site: Site, address: str, headers: Mapping[str, str]) -> HttpResponse:
        for _ in range(MOST_HOPS + 1):
            response = await self._send(site, address, "robots", headers, "")
            if response.status not in REDIRECTS:
                return response
            address = self._resolve_redirect(site, address, "robots", response)
        raise FetchError("redirect-loop", "robots.txt is sent on in a circle")

    async def _send(
        self, site: Site, url: str, kind: str, headers: Mapping[str, str], found_on: str
    ) -> HttpResponse:
        """Send one request when the host's pace allows it."""
        host = self._host(url)
        async with host.lock:
            if host.blocked is not None:
                raise FetchError(*host.blocked, tried=False)
            await self._pause(host.wait(asyncio.get_running_loop().time()))
            self._check_night(kind)
            self.spent += 1
            host.last = asyncio.get_running_loop().time()
            started = time.time()
            try:
                method = "HEAD" if kind == HEAD else "GET"
                response = check_status(await self._transport(url, headers, method), is_conditional(headers))
            except FetchError as error:
                self._record(site.id, url, kind, found_on, started, error)
                self._slow_down(host, error)
                raise
            host.speed_up()
            self._record(site.id, url, kind, found_on, started, response)
            return response

    def _slow_down(self, host: Host, error: FetchError) -> None:
        """Slow down, or block a host for the night, where it says that it is busy."""
        if error.reason != "busy":
            return
        if error.status == 429:
            host.slow_down(self._manners.delay, self._manners.delay_most)
        if error.after > self._manners.retry_after_most:
            until = time.time() + error.after
            self._state.leave_host(host.place, until)
            host.blocked = ("busy", f"{error}; the host asked to be left alone until {_clock(until)}")
        else:
            host.ready = asyncio.get_running_loop().time() + error.after

    async def _count_failure(self, site: Site, url: str, kind: str, error: FetchError) -> None:
        """Count failures of a host in a row. After some of them robots.txt, an address of another kind, decides.

        Three dead files at the top of a list say nothing about the host.
        """
        host = self._host(url)
        if error.reason not in _OF_HOST:
            host.failures = 0
            return
        host.failures += 1
        host.silent[kind] += 1
        count = host.failures
        if count < MOST_FAILURES or host.blocked is not None:
            return
        if await self._answers(site, url):
            host.failures = 0
        else:
            host.blocked = (
                "host-down",
                f"{count} addresses in a row and robots.txt failed, the last: {error}",
            )

    async def _answers(self, site: Site, url: str) -> bool:
        """Whether a host answers a request for its robots.txt, with whatever status."""
        try:
            await self._send(site, resolve(url, "/robots.txt") or url, "robots", {}, "")
        except FetchError as error:
            return error.reason not in _OF_HOST
        return True

    def _check_night(self, kind: str = "") -> None:
        """Raises NightEnded where no more requests may be sent tonight.

        A question by HEAD is extra: where the budget or the window is over it fails alone, and the night ends well.
        """
        end = self._end()
        if end in ("budget", "window") and kind == HEAD:
            raise FetchError("not-reached", f"the night ended first: {end}", tried=False)
        self.ended = end
        if end:
            raise NightEnded(end)

    def _end(self) -> str:
        """Why no more requests may be sent tonight; "" where they may."""
        if self.ended:
            return self.ended
        if self._stopped.is_set():
            return "stopped"
        if self.spent >= self._manners.budget:
            return "budget"
        return "" if is_within_window(self._manners, datetime.now(UTC)) else "window"

    async def _pause(self, seconds: float) -> None:
        """Wait, but not beyond the end of the night."""
        if seconds <= 0:
            return
        try:
            await asyncio.wait_for(self._stopped.wait(), seconds)
        except TimeoutError:
            return
        self._check_night()

    def _host(self, url: str) -> Host:
        here = place(url)
        return self._hosts.setdefault(here, Host(here))


def _as_sent(location: str) -> str:
    """A Location whose bytes were taken for Latin-1: UTF-8 where they are, else each byte as it came, as browsers do it."""
    raw = location.encode("latin-1", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return "".join(chr(byte) if byte < 128 else f"%{byte:02X}" for byte in raw)


def _clock(seconds: float) -> str:
    """A time in China, for people."""
    return datetime.fromtimestamp(seconds, CHINA).isoformat(timespec="minutes")


def is_within_window(manners: Manners, now: datetime) -> bool:
    """Whether requests may be made at this time."""
    hours = manners.hours
    if hours is None:
        return True
    begin, end = hours
    clock = now.astimezone(CHINA).time()
    return begin <= clock < end if begin < end else clock >= begin or clock < end
