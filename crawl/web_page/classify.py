"""An answer → the document in it and the links that matter."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit

from gongkai.crawl.filename import disposition_name, strip_unsafe
from gongkai.crawl.http.response import FetchError, HttpResponse
from gongkai.crawl.page_request import PageRequest
from gongkai.crawl.site import Site
from gongkai.crawl.state_tables import DocumentRow
from gongkai.crawl.web_page import link_title, listing, sniff
from gongkai.crawl.web_page.listing import Child, ListPage
from gongkai.crawl.web_page.markup import TooDeep
from gongkai.crawl.web_page.page_charset import decode


@dataclass(frozen=True, slots=True)
class Classified:
    """What an answer gave. Children that lead to "none" are to be told."""

    children: tuple[Child, ...] = ()
    document: DocumentRow | None = None


def classify(site: Site, job: PageRequest, answer: HttpResponse, had: bool, now: float) -> Classified:
    """What to keep of an answer. `had`: this list had links to reports before. Raises FetchError."""
    if not answer.body:
        raise FetchError("empty", "an answer without a byte")
    named = disposition_name(answer.headers.get("content-disposition_name", ""))
    suffix = sniff.suffix(answer.body, listing.ending(job.url) or listing.ending(f"http://x/{named}"))
    if not suffix:
        raise FetchError("not-a-document", "the bytes are no document of a known kind")
    if suffix in sniff.PAGES:
        return _page(site, job, answer, suffix, had, now)
    if job.leads == "list":
        raise FetchError("not-a-document", f"a {suffix} where a list page was expected")
    return Classified((), _make_document(job, answer, suffix, "", now))


def _page(
    site: Site, job: PageRequest, answer: HttpResponse, suffix: str, had: bool, now: float
) -> Classified:
    """A web page: a list, a report's page, or a report saved as HTML under another name."""
    text, charset = decode(answer.body, answer.headers.get("content-type", ""))
    entitled = "" if job.leads == "list" else job.title or "report"
    try:
        page = listing.read(text, answer.url, site, entitled=entitled, charset=charset)
    except TooDeep as error:
        raise FetchError("too-deep", str(error)) from error
    told = (*page.foreign, *_find_suspicious(page, answer.url))
    report = page.report or (suffix == ".txt" and link_title.reads_as_report(text, True))
    if job.leads == "list" and not (report and job.depth):
        return Classified((*_list_links(site, job, page, had), *told))
    children = [c for c in page.attached if c.leads == "file" or not report]
    if report:
        words = hashlib.sha256(link_title.strip_counters(page.prose or text).encode()).hexdigest()
        named = replace(job, title=page.title)
        return Classified((*children, *told), _make_document(named, answer, suffix, words, now))
    if job.leads == "file":
        expected = listing.ending(job.url) or "file"
        raise FetchError("not-a-document", f"a web page where a {expected} was expected")
    children = children or [c for c in page.children if c.leads in ("page", "file")]
    if not children:
        said = f"no text of a report and no file; {page.pictures} pictures stand in it"
        raise FetchError("page-empty", said)
    return Classified((*children, *told))


def _list_links(site: Site, job: PageRequest, page: ListPage, had: bool) -> Sequence[Child]:
    """A list's links. One without any that had some is broken, and the old ones count. Raises FetchError."""
    deeper = job.depth < site.depth
    found = [c for c in page.children if c.leads in ("page", "file") or (c.leads == "list" and deeper)]
    if not found and (had or not job.depth):
        raise FetchError("list-empty", "no link to a report; `gongkai crawl --try` tells what stands there")
    return found


def _make_document(
    job: PageRequest, answer: HttpResponse, suffix: str, words: str, now: float
) -> DocumentRow:
    """A document for the archive; its version is the state's to say."""
    named = disposition_name(answer.headers.get("content-disposition_name", ""))
    own = named or unquote(urlsplit(job.url).path.rpartition("/")[2])
    name = job.title or strip_unsafe(own.rpartition(".")[0] or own)
    digest = hashlib.sha256(answer.body).hexdigest()
    report = job.report or job.url
    size = len(answer.body)
    return DocumentRow(job.url, 0, digest, size, suffix, name, named, job.found_on, report, words, now, now)


def _find_suspicious(page: ListPage, url: str) -> list[Child]:
    """A line where words of the betting trade stand in a page's title or at its top."""
    word = link_title.find_betting_word(page.title) or link_title.find_betting_word(page.prose[:300])
    why = f"a copy on a hijacked host? “{word}” stands in it"
    return [Child("none", url, page.title, why)] if word else []
