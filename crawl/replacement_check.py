"""Stored documents that no request of a night was due for → those that their servers say were replaced, by HEAD."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Literal, Protocol

from gongkai.crawl.http.fetcher import Fetcher
from gongkai.crawl.http.response import FetchError
from gongkai.crawl.http.validators import same_etag
from gongkai.crawl.page_request import PageRequest
from gongkai.crawl.recheck_policy import DAY, HOUR
from gongkai.crawl.site import Manners, Site
from gongkai.crawl.site_stats import SiteStats
from gongkai.crawl.state import CrawlState
from gongkai.crawl.state_tables import DocumentRow, PageRow
from gongkai.crawl.web_page.listing import Leads

#: An address whose server says that there is nothing is requested, which counts the miss.
_GONE = frozenset({"not-found", "gone"})
#: Reasons that will be the same tomorrow: the next question waits for `recheck_days`.
_LASTING = frozenset(
    {"no-validators", "head-refused", "forbidden", "robots", "address-private", "redirect-away"}
)
#: Status codes of servers that do not know HEAD.
_UNKNOWN_METHOD = frozenset({400, 405, 501})
#: A Last-Modified that is no older than its own response, in seconds, is made with it and says nothing.
_MADE_NOW = 2.0

Verdict = Literal["same", "changed", "untold"]


class Visit(Protocol):
    """What is asked of the crawl of the site."""

    stats: SiteStats

    @property
    def spare(self) -> int: ...

    def spend(self) -> None: ...

    async def refetch(self, request: PageRequest) -> None: ...


class ReplacementCheck:
    """One site's stored documents, those that were asked after longest ago first."""

    def __init__(
        self, site: Site, manners: Manners, fetcher: Fetcher, state: CrawlState, visit: Visit, now: float
    ) -> None:
        self._site, self._fetcher, self._state, self._visit, self._now = site, fetcher, state, visit, now
        heads = state.heads(site.id)
        self._waiting: deque[PageRow] = deque()
        rows = state.stored_pages(site.id)
        for row in sorted(rows, key=lambda row: (max(row.asked, heads.get(row.url, (0.0, ""))[0]), row.url)):
            if (
                max(row.asked, row.failed or 0.0) >= now
                or row.unlinked is not None
                or row.missing is not None
            ):
                continue  # requested tonight, or on its way out
            at, reason = heads.get(row.url, (0.0, ""))
            if reason in _LASTING and now - at < manners.recheck_days * DAY - HOUR:
                visit.stats.add_untold(row.url, reason)
            else:
                self._waiting.append(row)
        self._left = manners.head_most

    @property
    def waiting(self) -> int:
        """How many wait to be asked after."""
        return min(len(self._waiting), self._left)

    async def run(self, most: int) -> None:
        """Ask after at most so many. Raises NightEnded, OSError, sqlite3.Error."""
        for _ in range(min(most, self.waiting)):
            if self._visit.spare < 2:  # one for the question, one for what was replaced
                self._left = 0
                return
            self._left -= 1
            self._visit.spend()
            await self._ask(self._waiting.popleft())

    def give_up(self) -> None:
        """Count those that were not asked after."""
        for row in self._waiting:
            self._visit.stats.add_untold(row.url, "not-reached")
        self._waiting.clear()

    async def _ask(self, row: PageRow) -> None:
        request = PageRequest(_leads(row), row.url, row.title, row.found_on, row.report, always=True)
        verdict, reason = await self._verdict(row)
        if reason != "not-reached":
            self._visit.stats.asked_after += 1
        if verdict == "changed":
            self._state.store_head(self._site.id, row.url, self._now, "")
            await self._visit.refetch(request)
        elif verdict == "same":
            self._state.mark_unchanged(self._site.id, row.url, row.title, self._now)
        else:
            if reason != "not-reached":
                self._state.store_head(self._site.id, row.url, self._now, reason)
            self._visit.stats.add_untold(row.url, reason)

    async def _verdict(self, row: PageRow) -> tuple[Verdict, str]:
        """What the server says, and why it could not be told."""
        try:
            response = await self._fetcher.head(self._site, row.url, row.found_on)
        except FetchError as error:
            if error.reason in _GONE:
                return "changed", ""
            return "untold", "head-refused" if error.status in _UNKNOWN_METHOD else error.reason
        document = self._state.current_document(self._site.id, row.url)
        verdict = compare(row, document, response.headers)
        return verdict, "no-validators" if verdict == "untold" else ""


def compare(row: PageRow, document: DocumentRow | None, headers: Mapping[str, str]) -> Verdict:
    """Whether the headers of an address are those of what is stored.

    An ETag, a Last-Modified or the length of a file that differs says that it was replaced. That it was not, only an equal
    ETag or Last-Modified says: a figure that was corrected may leave the length as it was.
    """
    etag, modified = headers.get("etag", ""), headers.get("last-modified", "")
    signs = []
    if etag and row.etag:
        signs.append(same_etag(etag, row.etag))
    if modified and row.last_modified and not _is_made_now(modified, headers.get("date", "")):
        signs.append(modified == row.last_modified)
    if not all(signs) or _other_length(document, headers):
        return "changed"
    return "same" if signs else "untold"


def _other_length(document: DocumentRow | None, headers: Mapping[str, str]) -> bool:
    """Whether a file has another length than the stored one. Pages have: they count their visitors."""
    length = headers.get("content-length", "")
    if document is None or document.words or not length.isascii() or not length.isdigit():
        return False
    # some servers answer HEAD with the length of what they send: nothing
    return not headers.get("content-encoding") and int(length) not in (0, document.bytes)


def _is_made_now(modified: str, date: str) -> bool:
    """Whether a Last-Modified is the time of the response."""
    try:
        return (parsedate_to_datetime(date) - parsedate_to_datetime(modified)).total_seconds() <= _MADE_NOW
    except (ValueError, TypeError):  # no date, or one with a time zone and one without
        return False


def _leads(row: PageRow) -> Leads:
    return "file" if row.kind == "file" else "page"
