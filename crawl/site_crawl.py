"""One site in one night: its lists, the reports they link to, their files, and withdrawn reports."""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
import traceback
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from gongkai.crawl.document_store import Archive
from gongkai.crawl.http.fetcher import Fetcher
from gongkai.crawl.http.http_headers import conditional_headers
from gongkai.crawl.http.response import FetchError, HttpResponse, NightEnded
from gongkai.crawl.http.url import clean, domain, looks_public
from gongkai.crawl.page_request import PageRequest
from gongkai.crawl.recheck_policy import TRANSIENT, RecheckPolicy
from gongkai.crawl.replacement_check import ReplacementCheck
from gongkai.crawl.request_queue import RequestQueue
from gongkai.crawl.site import Manners, Site
from gongkai.crawl.site_stats import SiteStats
from gongkai.crawl.state import CrawlState
from gongkai.crawl.state_tables import PageRow
from gongkai.crawl.web_page import link_title
from gongkai.crawl.web_page.classify import Classified, classify
from gongkai.crawl.web_page.listing import BY_SCRIPT, Child, Leads

#: Levels of frames in a report's page that the crawl follows.
_FRAMES = 3
#: The share of a site's requests that lists may take while documents wait.
_LISTS_SHARE = 0.5
#: What ends a crawl: the night is over, or the disk takes no more. Anything else costs one address.
_ENDS = (NightEnded, OSError, sqlite3.Error)


class SiteCrawl:
    """The crawl of one site."""

    def __init__(
        self,
        site: Site,
        manners: Manners,
        fetcher: Fetcher,
        state: CrawlState,
        archive: Archive,
        now: float,
        recheck: bool,
    ) -> None:
        self.site = site
        self._manners = manners
        self._fetcher = fetcher
        self._state = state
        self._archive = archive
        self._now = now
        self._policy = RecheckPolicy(manners, now, recheck)
        self._seen: set[str] = set()
        self._waiting = RequestQueue()
        self._lists = 0
        self._asked = 0
        #: a list could not be read, so that nobody knows what it links to
        self._hole = False
        #: addresses that were due and got no request
        self._untried: list[PageRequest] = []
        self.stats = SiteStats(site)

    async def run(self) -> SiteStats:
        """Send all requests that are due. Raises NightEnded, OSError, sqlite3.Error."""
        self._put(self._start_requests())
        await self._visit_waiting()
        if not self._hole:
            await self._visit_unlinked()
        if self._untried and self._asked >= self._manners.site_budget:
            first = self._untried[0]
            message = f"site_budget = {self._asked} requests are spent; {len(self._untried)} links are left"
            self.stats.add_failure(first.url, first.leads, "not-reached", message, False)
        if not self._hole and not self._untried:
            self._state.mark_complete(self.site.id, self._now)
            self.stats.complete = True
        return self.stats

    async def _visit_waiting(self) -> None:
        """Visit what waits, and what that leads to, until nothing is left."""
        share = max(1, int(self._manners.site_budget * _LISTS_SHARE))
        while self._waiting:
            # Lists first: a title that changed there decides whether a report is requested.
            request = self._waiting.take(lists_first=self._lists < share)
            if request.url not in self._seen:
                self._seen.add(request.url)
                self._put(await self._visit(request))

    @property
    def spare(self) -> int:
        """Requests that the site has left tonight."""
        return self._manners.site_budget - self._asked

    def spend(self) -> None:
        """Count a request that is made beside this crawl."""
        self._asked += 1

    def replacement_check(self) -> ReplacementCheck:
        """What asks after the stored documents that were not due tonight."""
        return ReplacementCheck(self.site, self._manners, self._fetcher, self._state, self, self._now)

    async def refetch(self, request: PageRequest) -> None:
        """Request an address again, and what it newly leads to. Raises as `run` does."""
        self._seen.add(request.url)
        self._put(await self._visit(request))
        await self._visit_waiting()

    def _put(self, requests: Sequence[PageRequest]) -> None:
        """Let requests wait for their turn."""
        for request in requests:
            row = self._state.page(self.site.id, request.url)
            tried = 0.0 if row is None else max(row.asked, row.failed or 0.0)
            start = request.leads == "list" and request.always
            self._waiting.put(request, -1.0 if start else tried)

    def _start_requests(self) -> list[PageRequest]:
        leads: Leads = "page" if self.site.kind == "report" else "list"
        starts = []
        for start in self.site.starts:
            url = clean(start) or start
            host = urlsplit(url).hostname or ""
            if not domain(host):
                self.stats.add_flag(
                    host, "look-alike" if looks_public(host) else "off .gov.cn, as the table says", url
                )
            starts.append(PageRequest(leads, url, report=url, always=True))
        return starts

    async def _visit(self, request: PageRequest) -> list[PageRequest]:
        """Request one address if it is due; the requests that follow from it. A bug costs this address only."""
        (found,) = await asyncio.gather(self._request(request), return_exceptions=True)
        if not isinstance(found, BaseException):
            return found
        if isinstance(found, _ENDS) or not isinstance(found, Exception):
            raise found
        self.stats.bugs.append((request.url, "".join(traceback.format_exception(found))))
        error = FetchError("bug", f"{type(found).__name__}: {found}")
        return self._note_failure(request, self._state.page(self.site.id, request.url), error)

    async def _request(self, request: PageRequest) -> list[PageRequest]:
        row = self._state.page(self.site.id, request.url)
        held = row is not None and row.held and self._has_bytes(row)
        if row is not None and not self._policy.is_due(request, row, held):
            self.stats.not_asked += 1
            if not held:
                self.stats.add_failure(request.url, request.leads, row.reason, row.message, known=True)
                return []
            self._state.mark_linked(self.site.id, request.url, self._now)
            return self._requests_for(request, self._state.children(self.site.id, request.url))
        if request.leads == "list":
            self._lists += 1
            if self._lists > self.site.pages_most:
                return self._note_failure(
                    request,
                    row,
                    FetchError(
                        "not-reached",
                        f"more than pages_most = {self.site.pages_most} list pages",
                        tried=False,
                    ),
                )
        if self._asked >= self._manners.site_budget:
            self._untried.append(request)
            held_links = self._state.children(self.site.id, request.url) if held else []
            return self._requests_for(request, held_links)
        self._asked += 1
        if self._asked == 1:
            self._state.mark_begun(self.site.id, self._now)
        conditions = conditional_headers(row.etag, row.last_modified) if row is not None and held else {}
        try:
            response = await self._fetcher.get(
                self.site, request.url, request.leads, conditions, request.found_on
            )
            if response.status == 304:
                self.stats.unchanged += 1
                self.stats.pages += request.leads != "file"
                self._state.mark_unchanged(self.site.id, request.url, request.title, self._now)
                return self._requests_for(request, self._state.children(self.site.id, request.url))
            before = self._state.children(self.site.id, request.url)
            had_reports = any(child.leads in ("page", "file") for child in before)
            found = classify(self.site, request, response, had_reports, self._now)
            self._store(request, response, found)
            self.stats.pages += request.leads != "file"
            return self._requests_for(request, found.children)
        except FetchError as error:
            return self._note_failure(request, row, error)

    def _has_bytes(self, row: PageRow) -> bool:
        """Whether the archive still has the bytes of a page's document."""
        document = self._state.current_document(self.site.id, row.url)
        return document is None or self._archive.has(document.sha256, document.bytes)

    def _store(self, request: PageRequest, response: HttpResponse, found: Classified) -> None:
        """Store the bytes first, then their row: a crash between the two leaves only unused bytes."""
        document = found.document
        old = self._state.current_document(self.site.id, request.url)
        if document is not None and not (old is not None and document.words and old.words == document.words):
            self._archive.put(response.body)
        row = PageRow(
            url=request.url,
            kind=request.leads,
            held=True,
            etag=response.headers.get("etag", ""),
            last_modified=response.headers.get("last-modified", ""),
            sha256=hashlib.sha256(response.body).hexdigest(),
            title=request.title,
            found_on=request.found_on,
            report=request.report,
            asked=self._now,
        )
        became, dropped = self._state.store_page(self.site.id, row, found.children, document, self._now)
        for file in dropped:
            gone = {"url": file.url, "title": file.title, "found_on": file.found_on, "reason": "dropped"}
            self.stats.withdrawn.append(gone)
        if document is None or became == "same":
            self.stats.unchanged += document is not None
            return
        line = {
            "url": request.url,
            "title": document.title,
            "sha256": document.sha256,
            "found_on": request.found_on,
        }
        if old is not None:
            line["was"] = old.sha256
        (self.stats.new if became == "new" else self.stats.replaced).append(line)

    def _note_failure(
        self, request: PageRequest, row: PageRow | None, error: FetchError
    ) -> list[PageRequest]:
        """Record a failure. Stored content stays, and its links are followed as before."""
        held = row is not None and row.held
        gone = error.reason in ("not-found", "gone")
        if row is not None and row.held and gone and request.leads != "list":
            return self._note_gone(request, row, error)
        if not error.tried:
            self._untried.append(request)
        if self._leaves_a_hole(request, gone and not held):
            self._hole = True
        lasting = error.reason not in TRANSIENT and not held
        known = lasting and row is not None and row.reason == error.reason
        self.stats.add_failure(request.url, request.leads, error.reason, str(error), known)
        failure = PageRow(
            url=request.url,
            kind=request.leads,
            title=request.title,
            found_on=request.found_on,
            report=request.report,
            reason=error.reason,
            message=str(error),
            failed=self._now if error.tried else None,
        )
        self._state.add_failure(self.site.id, failure)
        return self._requests_for(request, self._state.children(self.site.id, request.url)) if held else []

    def _leaves_a_hole(self, request: PageRequest, never_there: bool) -> bool:
        """Whether a failure hides reports. A linked list that was never there hides none."""
        if request.leads == "list":
            return not (never_there and request.depth > 0 and not request.further)
        return self.site.kind == "report" and request.url == request.report

    def _note_gone(self, request: PageRequest, row: PageRow, error: FetchError) -> list[PageRequest]:
        """A stored report is missing: the first miss is recorded, a later second one withdraws it."""
        line = {"url": request.url, "title": row.title, "found_on": row.found_on, "reason": error.reason}
        children = self._state.children(self.site.id, request.url)
        if self._policy.is_confirmed(row):
            if self._state.withdraw(self.site.id, request.url, "withdrawn", self._now):
                self.stats.withdrawn.append(line)
        elif row.missing is None:
            self._state.mark_missing(self.site.id, request.url, self._now)
            self.stats.missing.append(line)
        else:
            self.stats.missing.append(line)
        return [replace(child, always=True) for child in self._requests_for(request, children)]

    def _requests_for(self, request: PageRequest, children: Sequence[Child]) -> list[PageRequest]:
        """The requests that the links of a page lead to."""
        requests = []
        for child in children:
            if child.why == BY_SCRIPT:
                line = {"title": child.title, "url": child.url, "found_on": request.url}
                self.stats.not_followed.append(line)
            elif child.leads == "none":
                self.stats.add_flag(urlsplit(child.url).hostname or "", child.why, child.url)
            elif child.leads == "list":
                further = child.why.startswith("a further page")
                depth = request.depth if further else request.depth + 1
                if depth <= self.site.depth:
                    requests.append(
                        PageRequest("list", child.url, child.title, request.url, depth=depth, further=further)
                    )
            elif request.leads == "page":
                if request.depth <= self.site.depth + _FRAMES:
                    requests.append(self._attachment_request(request, child))
            else:
                requests.append(
                    PageRequest(child.leads, child.url, child.title, request.url, child.url, request.depth)
                )
        return requests

    def _attachment_request(self, request: PageRequest, child: Child) -> PageRequest:
        """The request of a file or frame of a report's page; 附件1 is no title, so the page's is added."""
        entitled, _ = link_title.judge_title(child.title, child.url, self.site)
        name = child.title if entitled else f"{request.title} {child.title}".strip()
        return PageRequest(
            child.leads, child.url, name, request.url, request.report or request.url, request.depth + 1
        )

    async def _visit_unlinked(self) -> None:
        """Request stored reports that no list links to any more, at first and to confirm that they are gone."""
        for row in self._state.stored_pages(self.site.id):
            if row.url in self._seen:
                continue
            request = PageRequest(
                "file" if row.kind == "file" else "page", row.url, row.title, row.found_on, row.report
            )
            again = self._policy.is_confirmed(row) or (row.missing is None and self._policy.is_old(row))
            if row.unlinked is not None and not again:
                continue
            self._seen.add(row.url)
            untried = len(self._untried)
            await self._visit(replace(request, always=True))
            if len(self._untried) == untried:
                self._state.mark_unlinked(self.site.id, row.url, self._now)
