"""One page → what a crawl would take from it, why, and the table to paste into sites.toml."""

from __future__ import annotations

import contextlib
import re
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from msgspec.structs import replace

from gongkai.crawl.http import spider
from gongkai.crawl.http.fetcher import Fetcher
from gongkai.crawl.http.response import FetchError, HttpResponse, NightEnded, Transport
from gongkai.crawl.http.url import clean, domain, looks_public, place
from gongkai.crawl.page_request import PageRequest
from gongkai.crawl.site import BadAddress, Manners, Site, load
from gongkai.crawl.state import CrawlState
from gongkai.crawl.web_page import link_title, listing, sniff
from gongkai.crawl.web_page.classify import classify
from gongkai.crawl.web_page.listing import Child, ListPage
from gongkai.crawl.web_page.markup import TooDeep
from gongkai.crawl.web_page.page_charset import decode

#: Rejected links of similar titles that the preview shows.
MOST_NEAR = 30
#: Links to reports that the preview requests, to see what is behind them.
MOST_TRIED = 10


def preview(order: dict[str, Any]) -> dict[str, Any]:
    """Request one page and describe it. Raises BadAddress."""
    url = clean(order["url"])
    if url is None:
        raise BadAddress(f"{order['url']!r} is no address of http or https")
    manners, site = _choose_rules(url, order)
    found: dict[str, Any] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.closing(CrawlState(Path(folder) / "state.sqlite")) as state,
    ):

        async def work(transport: Transport) -> None:
            fetcher = Fetcher(transport, manners, state, lambda *_: None)
            try:
                response = await fetcher.get(site, url, "list", {})
            except FetchError as error:
                found.update(url=url, reason=error.reason, message=str(error))
            except NightEnded as ended:
                found.update(url=url, reason="not-reached", message=f"not asked: {ended}")
            else:
                found.update(await _describe_with_reports(fetcher, response, url, site))

        spider.run(work, spider.settings(manners, order["version"], order["allow_private"]))
    return found


def _choose_rules(url: str, order: dict[str, Any]) -> tuple[Manners, Site]:
    """The manners, and the rules of the site with this host, or the default rules."""
    own = Site(_id(url), "", (url,))
    if order["sites"] is None:
        manners = Manners(order["contact"] or "one page, asked for by a person", tries=1, delay=1.0)
        return manners, own
    sites = load(Path(order["sites"]))
    same = [s for s in sites.sites if place(url) in {place(clean(start) or start) for start in s.starts}]
    return replace(sites.manners, tries=1, window=""), same[0] if same else own


async def _describe_with_reports(
    fetcher: Fetcher, response: HttpResponse, url: str, site: Site
) -> dict[str, Any]:
    """What a crawl would take from a page, and what is behind the first links to reports on it."""
    found = describe_page(response, url, site)
    taken = found.get("taken", [])
    read = 0
    for line in taken[:MOST_TRIED]:
        request = PageRequest(line["leads"], line["url"], line["title"], url, line["url"])
        try:
            answer = await fetcher.get(site, request.url, request.leads, {}, url)
            made = classify(site, request, answer, False, 0.0)
        except (FetchError, NightEnded) as error:
            line["found"] = f"no report: {error}"
        else:
            read += 1
            files = sum(child.leads == "file" for child in made.children)
            line["found"] = "a report" if made.document is not None else f"a page with {files} files"
    if taken:
        tried = min(len(taken), MOST_TRIED)
        told = f"# {len(taken)} links to reports on this page; {read} of the first {tried} led to one"
        # in place of the number of links, which stands last
        above = found["table"].rpartition("least = ")[0]
        found["table"] = f"{above}{told}\nleast = {read}\n"
    return found


def describe_page(response: HttpResponse, url: str, site: Site) -> dict[str, Any]:
    """What a crawl would take from a response, for people and for programs."""
    suffix = sniff.suffix(response.body, listing.ending(url))
    found: dict[str, Any] = {"url": url, "final": response.url, "bytes": len(response.body), "kind": suffix}
    if suffix not in sniff.PAGES:
        return found | {"message": f"a document ({suffix or 'of no known kind'}), not a page with links"}
    text, charset = decode(response.body, response.headers.get("content-type", ""))
    try:
        listed = listing.read(text, response.url, site, charset=charset)
        alone = listing.read(text, response.url, site, entitled="report", charset=charset)
    except TooDeep as error:
        return found | {"reason": "too-deep", "message": str(error)}
    taken = [c for c in listed.children if c.leads in ("page", "file")]
    is_report = listed.report and not taken
    near = [c for c in listed.children if c.leads == "none"][:MOST_NEAR]
    return found | {
        "charset": charset,
        "title": listed.title,
        "is_report": is_report,
        "taken": _lines(taken),
        "lists": _lines([c for c in listed.children if c.leads == "list"]),
        "attached": _lines(list(alone.attached)) if is_report or not taken else [],
        "left": _lines(near),
        "flagged": _lines(list(listed.foreign)),
        "table": table(response.url, url, site, listed, is_report, len(taken)),
    }


def _lines(children: list[Child]) -> list[dict[str, str]]:
    return [{"leads": c.leads, "url": c.url, "title": c.title, "why": c.why} for c in children]


def table(final: str, url: str, site: Site, page: ListPage, is_report: bool, count: int) -> str:
    """The table for sites.toml."""
    text = re.split(r"\s*[-_|–—]\s*", page.title)[-1].strip() or "临江市人民政府"
    lines = [
        "[crawl]  # once, at the top of the file",
        'contact = "you@example.org"',
        "",
        "[[site]]",
        f"id = {_quoted(site.id)}",
        f"body = {_quoted(site.body or text)}",
        f"division_code = {_quoted(site.division_code)}",
        f"start = [{_quoted(url)}]",
    ]
    if is_report:
        lines.append('kind = "report"')
    if place(final) != place(url):
        lines.append(f"hosts = [{_quoted(place(final))}]")
    host = urlsplit(final).hostname or ""
    if not domain(host):
        lines.append(f"# {host} is not below .gov.cn{': it looks like a copy' if looks_public(host) else ''}")
    if link_title.find_betting_word(page.title) or link_title.find_betting_word(page.prose[:300]):
        lines.append("# words of the betting trade stand in it: a copy on a hijacked host?")
    lines.append(f"least = {max(count, int(is_report))}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c for c in escaped if c.isprintable()) + '"'


def _id(url: str) -> str:
    host = (urlsplit(url).hostname or "site").removeprefix("www.").removesuffix(".gov.cn")
    return re.sub(r"[^a-z0-9]+", "-", host.lower()).strip("-")[:64] or "site"
