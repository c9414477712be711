"""A response → the document in it and the links that matter."""

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
    """The document and the links of a response. Links that lead to "none" are only reported."""

    children: tuple[Child, ...] = ()
    document: DocumentRow | None = None


def classify(
    site: Site, request: PageRequest, response: HttpResponse, had_reports: bool, now: float
) -> Classified:
    """The document and the links of a response. `had_reports`: of this list, before. Raises FetchError."""
    if not response.body:
        raise FetchError("empty", "an empty response")
    named = disposition_name(response.headers.get("content-disposition", ""))
    suffix = sniff.suffix(response.body, listing.ending(request.url) or listing.ending(f"http://x/{named}"))
    if not suffix:
        raise FetchError("not-a-document", "the bytes are no document of a known kind")
    if suffix in sniff.PAGES:
        return _page(site, request, response, suffix, had_reports, now)
    if request.leads == "list":
        raise FetchError("not-a-document", f"a {suffix} where a list page was expected")
    return Classified((), _make_document(request, response, suffix, "", now))


def _page(
    site: Site, request: PageRequest, response: HttpResponse, suffix: str, had_reports: bool, now: float
) -> Classified:
    """A web page: a list, a report's page, or a report saved as HTML under another name."""
    text, charset = decode(response.body, response.headers.get("content-type", ""))
    entitled = "" if request.leads == "list" else request.title or "report"
    try:
        page = listing.read(text, response.url, site, entitled=entitled, charset=charset)
    except TooDeep as error:
        raise FetchError("too-deep", str(error)) from error
    by_script = [c for c in page.children if c.why == listing.BY_SCRIPT]
    flagged = (*page.foreign, *_find_suspicious(page, response.url), *by_script)
    report = page.report or (suffix == ".txt" and link_title.reads_as_report(text, True))
    if request.leads == "list" and not (report and request.depth):
        return Classified((*_list_links(site, request, page, had_reports), *flagged))
    if not report:
        return Classified((*_report_links(request, page), *flagged))
    files = [c for c in page.attached if c.leads == "file"]
    words = hashlib.sha256(link_title.strip_counters(page.prose or text).encode()).hexdigest()
    named = replace(request, title=page.title)
    return Classified((*files, *flagged), _make_document(named, response, suffix, words, now))


def _report_links(request: PageRequest, page: ListPage) -> Sequence[Child]:
    """The links of a report's page that does not hold the report's text itself. Raises FetchError."""
    if request.leads == "file":
        expected = listing.ending(request.url) or "file"
        raise FetchError("not-a-document", f"a web page where a {expected} was expected")
    links = page.attached or [c for c in page.children if c.leads in ("page", "file")]
    if not links:
        message = f"no text of a report and no file; {page.pictures} pictures stand in it"
        raise FetchError("page-empty", message)
    return links


def _list_links(site: Site, request: PageRequest, page: ListPage, had_reports: bool) -> Sequence[Child]:
    """A list's links. Raises FetchError where it has none but had some before: then the old links count."""
    deeper = request.depth < site.depth
    found = [c for c in page.children if c.leads in ("page", "file") or (c.leads == "list" and deeper)]
    if not found and (had_reports or not request.depth):
        scripts = [c.title for c in page.children if c.why == listing.BY_SCRIPT]
        why = f"; {len(scripts)} that only a script opens, as “{scripts[0]}”" if scripts else ""
        message = f"no link to a report{why}; `gongkai crawl --try` tells what stands there"
        raise FetchError("list-empty", message)
    return found


def _make_document(
    request: PageRequest, response: HttpResponse, suffix: str, words: str, now: float
) -> DocumentRow:
    """A document for the archive; the state gives it its version."""
    named = disposition_name(response.headers.get("content-disposition", ""))
    own = named or unquote(urlsplit(request.url).path.rpartition("/")[2])
    name = request.title or strip_unsafe(own.rpartition(".")[0] or own)
    digest = hashlib.sha256(response.body).hexdigest()
    report = request.report or request.url
    size = len(response.body)
    return DocumentRow(
        request.url, 0, digest, size, suffix, name, named, request.found_on, report, words, now, now
    )


def _find_suspicious(page: ListPage, url: str) -> list[Child]:
    """A flag where words of the betting trade stand in a page's title or at its top."""
    word = link_title.find_betting_word(page.title) or link_title.find_betting_word(page.prose[:300])
    why = f"a copy on a hijacked host? “{word}” stands in it"
    return [Child("none", url, page.title, why)] if word else []
