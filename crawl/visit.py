"""One site in one night: its lists, the reports they link to, their files, and what is no longer there."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit

from . import kind as kinds
from . import listing, title
from .answer import Answer, Refusal
from .archive import Archive
from .charset import decode
from .courier import Courier, conditional
from .listing import Child, Leads, Page
from .markup import TooDeep
from .name import disposition, harmless
from .site import Manners, Site
from .state import Row, State, Stored
from .tally import Tally
from .url import clean, domain, looks_public

#: Pages inside a report's page, one in the other, that are followed.
_FRAMES = 3
DAY = 24 * 3600.0
HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Job:
    """An address to ask. `report` is the link of the report that it belongs to; `depth` counts lists."""

    leads: Leads
    url: str
    title: str = ""
    found_on: str = ""
    report: str = ""
    depth: int = 0
    #: a further page of a list, not a list of its own
    further: bool = False
    #: asked whatever is held: a start page, or because its title changed
    always: bool = False


class Visit:
    """Goes through one site."""

    def __init__(
        self,
        site: Site,
        manners: Manners,
        courier: Courier,
        state: State,
        archive: Archive,
        now: float,
        recheck: bool,
    ) -> None:
        self._site = site
        self._manners = manners
        self._courier = courier
        self._state = state
        self._archive = archive
        self._now = now
        self._recheck = recheck
        self._rechecks = manners.recheck_most
        self._seen: set[str] = set()
        self._lists = 0
        self._broken = False
        self._asked = 0
        self.tally = Tally(site)

    async def run(self) -> Tally:
        """Ask what has to be asked. Raises Ended."""
        waiting = deque(self._starts())
        while waiting:
            if self._asked >= self._manners.site_budget:
                self._broken = True
                message = f"site_budget = {self._asked} requests are spent; {len(waiting)} links are left"
                self.tally.fail(waiting[0].url, waiting[0].leads, "not-reached", message, False)
                break
            job = waiting.popleft()
            if job.url in self._seen:
                continue
            self._seen.add(job.url)
            # Lists first: a title that changed there decides whether a report is asked for.
            for child in await self._do(job):
                waiting.appendleft(child) if child.leads == "list" else waiting.append(child)
        if not self._broken:
            await self._look_for_the_unlinked()
            self._state.complete(self._site.id, self._now)
            self.tally.complete = True
        return self.tally

    def _starts(self) -> list[Job]:
        leads: Leads = "page" if self._site.kind == "report" else "list"
        starts = []
        for start in self._site.start:
            url = clean(start) or start
            host = urlsplit(url).hostname or ""
            if not domain(host):
                self.tally.flag(
                    host, "look-alike" if looks_public(host) else "off .gov.cn, as the table says", url
                )
            starts.append(Job(leads, url, report=url, always=True))
        return starts

    async def _do(self, job: Job) -> list[Job]:
        """Ask one address, if it has to be; the addresses that follow from it."""
        row = self._state.page(self._site.id, job.url)
        held = row is not None and row.held and self._is_here(row)
        if row is not None and not self._wanted(job, row, held):
            self.tally.not_asked += 1
            if not held:
                self.tally.fail(job.url, job.leads, row.reason, row.message, known=True)
                return []
            self._state.linked(self._site.id, job.url, self._now)
            return self._following(job, self._state.children(self._site.id, job.url))
        if job.leads == "list":
            self._lists += 1
            if self._lists > self._site.pages_most:
                return self._failed(
                    job,
                    row,
                    Refusal("not-reached", f"more than pages_most = {self._site.pages_most} list pages"),
                )
        self._asked += 1
        conditions = conditional(row.etag, row.last_modified) if row is not None and held else {}
        try:
            answer = await self._courier.get(self._site, job.url, job.leads, conditions, job.found_on)
            if answer.status == 304:
                self.tally.unchanged += 1
                self.tally.pages += job.leads != "file"
                self._state.unchanged(self._site.id, job.url, self._now)
                return self._following(job, self._state.children(self._site.id, job.url))
            children = self._taken(job, row, answer)
            self.tally.pages += job.leads != "file"
            return self._following(job, children)
        except Refusal as refusal:
            return self._failed(job, row, refusal)

    def _is_here(self, row: Row) -> bool:
        """Whether the bytes of what we hold are in the archive still."""
        document = self._state.current(self._site.id, row.url)
        return document is None or self._archive.has(document.sha256, document.bytes)

    def _wanted(self, job: Job, row: Row, held: bool) -> bool:
        """Whether an address that was asked before is asked again."""
        if job.leads == "list" or job.always:
            return True
        if not held:
            # What will not heal is asked again ever more rarely; what was interrupted, at once.
            if not row.reason or row.unlinked is not None or row.failed is None or self._recheck:
                return True
            if row.reason in _PASSING:
                return True
            days = min(2.0 ** (row.tries - 1), self._manners.recheck_days)
            return self._now - row.failed >= days * DAY - HOUR
        if self._recheck or row.unlinked is not None or (job.title and row.title and job.title != row.title):
            return True
        if row.missing is not None:
            return self._confirmed(row)
        if self._now - row.asked < self._manners.recheck_days * DAY or self._rechecks <= 0:
            return False
        self._rechecks -= 1
        return True

    def _confirmed(self, row: Row) -> bool:
        return row.missing is not None and self._now - row.missing >= self._manners.confirm_hours * HOUR

    def _taken(self, job: Job, row: Row | None, answer: Answer) -> Sequence[Child]:
        """Keep an answer: its children, and its bytes where they are a document. Raises Refusal."""
        if not answer.body:
            raise Refusal("empty", "an answer without a byte")
        named = disposition(answer.headers.get("content-disposition", ""))
        suffix = kinds.suffix(answer.body, listing.ending(job.url) or listing.ending(f"http://x/{named}"))
        if not suffix:
            raise Refusal("not-a-document", "the bytes are no document of a known kind")
        if suffix in kinds.PAGES:
            return self._page(job, row, answer, suffix, named)
        if job.leads == "list":
            raise Refusal("not-a-document", f"a {suffix} where a list page was expected")
        self._keep(job, answer, (), self._stored(job, answer, suffix, named, ""))
        return ()

    def _page(self, job: Job, row: Row | None, answer: Answer, suffix: str, named: str) -> Sequence[Child]:
        """A web page: a list, a report's page, or a report saved as HTML under another name."""
        text, charset = decode(answer.body, answer.headers.get("content-type", ""))
        try:
            page = listing.read(text, answer.url, self._site, entitled=_entitled(job), charset=charset)
        except TooDeep as error:
            raise Refusal("too-deep", str(error)) from error
        report = page.report or (suffix == ".txt" and title.reads_as_report(text, True))
        if job.leads == "file" and not report:
            raise Refusal(
                "not-a-document", f"a web page where a {listing.ending(job.url) or 'file'} was expected"
            )
        is_list = job.leads == "list" and not (report and job.depth)
        attached = [c for c in page.attached if c.leads == "file" or not report]
        children = self._listed(job, row, page) if is_list else attached
        if job.leads == "page" and not report and not children:
            children = [c for c in page.children if c.leads in ("page", "file")]
            if not children:
                raise Refusal(
                    "page-empty", f"no text of a report and no file; {page.pictures} pictures stand in it"
                )
        document = None
        if report and not is_list:
            words = hashlib.sha256(title.said(page.prose or text).encode()).hexdigest()
            document = self._stored(replace(job, title=page.title), answer, suffix, named, words)
        told = [*children, *page.foreign, *_suspicious(page, answer.url)]
        self._keep(job, answer, told, document)
        return told

    def _listed(self, job: Job, row: Row | None, page: Page) -> Sequence[Child]:
        """A list's links. One without any that had some is broken, and the old ones count. Raises Refusal."""
        found = [
            c
            for c in page.children
            if c.leads != "none" and (c.leads != "list" or job.depth < self._site.depth)
        ]
        had = row is not None and any(c.leads != "list" for c in self._state.children(self._site.id, job.url))
        if not found and (had or not job.depth):
            raise Refusal("list-empty", "no link to a report; `gongkai crawl --try` tells what stands there")
        return found

    def _stored(self, job: Job, answer: Answer, suffix: str, named: str, words: str) -> Stored:
        """A document for the archive."""
        own = named or unquote(urlsplit(job.url).path.rpartition("/")[2])
        name = job.title or harmless(own.rpartition(".")[0] or own)
        report = job.report or job.url
        digest = hashlib.sha256(answer.body).hexdigest()
        return Stored(
            job.url,
            0,
            digest,
            len(answer.body),
            suffix,
            name,
            named,
            job.found_on,
            report,
            words,
            self._now,
            self._now,
        )

    def _keep(self, job: Job, answer: Answer, children: Sequence[Child], document: Stored | None) -> None:
        """Bytes first, then what is known of them: a crash between leaves bytes that nothing names."""
        old = self._state.current(self._site.id, job.url) if document is not None else None
        if document is not None and not (old is not None and document.words and old.words == document.words):
            self._archive.put(answer.body)
        row = Row(
            url=job.url,
            kind=job.leads,
            held=True,
            etag=answer.headers.get("etag", ""),
            last_modified=answer.headers.get("last-modified", ""),
            sha256=hashlib.sha256(answer.body).hexdigest(),
            title=job.title,
            found_on=job.found_on,
            report=job.report,
            asked=self._now,
            reason="",
            message="",
            failed=None,
            tries=0,
            missing=None,
            unlinked=None,
        )
        became = self._state.take(self._site.id, row, children, document, self._now)
        self._drop(job)
        if document is None or became == "same":
            self.tally.unchanged += document is not None
            return
        line = {
            "url": document.url,
            "title": document.title,
            "sha256": document.sha256,
            "found_on": job.found_on,
        }
        if old is not None:
            line["was"] = old.sha256
        (self.tally.new if became == "new" else self.tally.replaced).append(line)

    def _drop(self, job: Job) -> None:
        """Files that a report's page links to no more, as when another took their place, are published no more."""
        for file in self._state.dropped(self._site.id, job.url):
            self._state.withdraw(self._site.id, file.url, "withdrawn", self._now)
            self.tally.withdrawn.append(
                {"url": file.url, "title": file.title, "found_on": file.found_on, "reason": "dropped"}
            )

    def _failed(self, job: Job, row: Row | None, refusal: Refusal) -> list[Job]:
        """Note a failure; what is held stays, and what it links to is asked as before."""
        held = row is not None and row.held
        if refusal.reason in ("not-found", "gone") and held and row is not None and job.leads != "list":
            return self._gone(job, row, refusal)
        dead = refusal.reason in ("not-found", "gone") and not held and job.depth > 0 and not job.further
        if (job.leads == "list" and not dead) or (self._site.kind == "report" and job.url == job.report):
            self._broken = True  # a list that was never there, though linked, is no hole in what we know
        known = (
            row is not None and row.reason == refusal.reason and not held and refusal.reason not in _PASSING
        )
        self.tally.fail(job.url, job.leads, refusal.reason, str(refusal), known)
        failure = Row(
            job.url, job.leads, False, "", "", "", job.title, job.found_on, job.report, 0.0,
            refusal.reason, str(refusal), self._now, 1, None, None,
        )  # fmt: skip
        self._state.failure(self._site.id, failure)
        return self._following(job, self._state.children(self._site.id, job.url)) if held else []

    def _gone(self, job: Job, row: Row, refusal: Refusal) -> list[Job]:
        """A report that was there and is not: once is noted, twice with time between is withdrawn."""
        line = {"url": job.url, "title": row.title, "found_on": row.found_on, "reason": refusal.reason}
        children = self._state.children(self._site.id, job.url)
        if self._confirmed(row):
            if self._state.withdraw(self._site.id, job.url, "withdrawn", self._now):
                self.tally.withdrawn.append(line)
        elif row.missing is None:
            self._state.missing(self._site.id, job.url, self._now)
            self.tally.missing.append(line)
        else:
            self.tally.missing.append(line)
        return [replace(child, always=True) for child in self._following(job, children)]

    def _following(self, job: Job, children: Sequence[Child]) -> list[Job]:
        """What the links of a page mean for the night."""
        jobs = []
        for child in children:
            if child.leads == "none":
                self.tally.flag(urlsplit(child.url).hostname or "", child.why, child.url)
            elif child.leads == "list":
                further = child.why.startswith("a further page")
                depth = job.depth if further else job.depth + 1
                if depth <= self._site.depth:
                    jobs.append(Job("list", child.url, child.title, job.url, depth=depth, further=further))
            elif job.leads == "page":
                if job.depth <= self._site.depth + _FRAMES:
                    jobs.append(self._inside(job, child))
            else:
                jobs.append(Job(child.leads, child.url, child.title, job.url, child.url, job.depth))
        return jobs

    def _inside(self, job: Job, child: Child) -> Job:
        """A file or a frame of a report's page; its own name alone says little: 附件1."""
        entitled, _ = title.judge(child.title, child.url, self._site)
        name = child.title if entitled else f"{job.title} {child.title}".strip()
        return Job(child.leads, child.url, name, job.url, job.report or job.url, job.depth + 1)

    async def _look_for_the_unlinked(self) -> None:
        """What we hold and no list names any more: asked when that is new, or to make sure that it is gone."""
        for row in self._state.held(self._site.id):
            if row.url in self._seen:
                continue
            job = Job("file" if row.kind == "file" else "page", row.url, row.title, row.found_on, row.report)
            due = self._now - row.asked >= self._manners.recheck_days * DAY
            if row.unlinked is not None and not (self._confirmed(row) or (due and row.missing is None)):
                continue
            self._seen.add(row.url)
            await self._do(replace(job, always=True))
            self._state.unlinked(self._site.id, row.url, self._now)


#: reasons that another night may cure
_PASSING = frozenset(
    {"busy", "server-error", "timeout", "connection", "name-unknown", "truncated", "host-down",
     "robots-unavailable", "not-reached", "address-private", "redirect-away", "robots"}
)  # fmt: skip


def _suspicious(page: Page, url: str) -> list[Child]:
    """A line where words of the betting trade stand in a page's title or at its top."""
    word = title.clone(page.title) or title.clone(page.prose[:300])
    return (
        [Child("none", url, page.title, f"a copy on a hijacked host? “{word}” stands in it")] if word else []
    )


def _entitled(job: Job) -> str:
    """The title under which a page was linked; "" for a list."""
    return "" if job.leads == "list" else job.title or "report"
