"""A page → its links to reports, files and further lists, each with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from gongkai.crawl.http.url import relation, resolve
from gongkai.crawl.site import Site
from gongkai.crawl.web_page import click, feeds, pagination
from gongkai.crawl.web_page import link_title as title
from gongkai.crawl.web_page.markup import Link, Markup, parse

Leads = Literal["list", "page", "file", "none"]

ENDINGS = (".doc", ".docx", ".pdf", ".wps", ".ofd", ".xls", ".xlsx", ".et", ".odt", ".rtf", ".zip", ".rar")
#: Names of files on many pages that are no reports: forms to fill in, guides.
_NO_REPORT = re.compile(r"申请表|申请书|指南|流程图|须知|授权委托|说明书|操作手册|模板|使用手册|浏览器|控件")
#: a file's address in a script or in the address of a viewer
_QUOTED = re.compile(r"""["']([^"'<>\s]{1,500}\.(?:docx?|pdf|wps|ofd|xlsx?))["']""", re.IGNORECASE)
#: Titles like a report's: --try lists them, so that people see what a pattern leaves out.
_NEAR = re.compile(r"信息公开|政务公开|年报|年度报告")
#: why a link that looks like one to a report, or to more of the list, is not followed
BY_SCRIPT = "only a script opens it, and its address cannot be told"


@dataclass(frozen=True, slots=True)
class Child:
    """A link of a page. `leads` "none": the crawl does not follow it, but reports it."""

    leads: Leads
    url: str
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class ListPage:
    """The links and the text of a page; `report`: its own text is a report's.

    `children` are its links to reports, `attached` the files that belong to it if it is a report's page.
    """

    children: tuple[Child, ...]
    attached: tuple[Child, ...]
    title: str
    prose: str
    report: bool
    pictures: int
    foreign: tuple[Child, ...]


def read(text: str, url: str, site: Site, *, entitled: str = "", charset: str = "utf-8") -> ListPage:
    """Read a page. `entitled` is the title of the link that led to it, "" for a list.

    Raises TooDeep.
    """
    sitemap = feeds.from_sitemap(text)
    if sitemap is not None:
        return _sitemap(sitemap, url, site)
    links = feeds.from_json(text)
    page = parse(text) if links is None else Markup("", (), tuple(links), (), (), (), "", "", 0, "")
    base = resolve(url, page.base) or url if page.base else url
    written = [link for script in page.scripts for link in feeds.from_script(script)]
    found = [
        *_select_links((*page.links, *written), base, url, site, charset),
        *_pages(url, base, page, site, charset),
    ]
    if not entitled and not any(child.leads in ("page", "file", "list") for child in found):
        found += _framed_lists(page, base, charset)
    attached = list(_find_attachments(page, base, charset)) if entitled else []
    if page.refresh and (target := resolve(base, page.refresh, charset)) is not None:
        onwards = Child("page" if entitled else "list", target, entitled, "the page redirects to it")
        (attached if entitled else found).append(onwards)
    taken = [child.title for child in found if child.leads in ("page", "file")]
    found = [c for c in found if c.why != BY_SCRIPT or not any(c.title in name for name in taken)]
    kept, foreign = _split_by_host(found, url, site)
    files, strangers = _split_by_host(attached, url, site)
    own = _own_title(page, entitled)
    report = title.reads_as_report(page.prose, bool(entitled))
    return ListPage(kept, files, own, page.prose, report, page.pictures, strangers if entitled else foreign)


def _own_title(page: Markup, entitled: str) -> str:
    """The best title of a page: its heading or <title> that is a report's, else the link's."""
    for text in (*page.headings, page.title):
        if title.judge_title(text, "", _ANY)[0]:
            return re.split(r"\s*[_|]\s*|\s+-+\s+", text)[0]
    return entitled or page.title


#: a site without rules of its own
_ANY = Site("any", "", ())


def _sitemap(found: tuple[list[str], list[str]], url: str, site: Site) -> ListPage:
    pages, maps = found
    children = [Child("list", u, "", "a further sitemap") for m in maps if (u := resolve(url, m))]
    for one in pages:
        target = resolve(url, one)
        if target is not None and any(re.search(p, target) for p in site.urls):
            children.append(Child(_leads(target), target, "", "its address fits urls"))
    kept, foreign = _split_by_host(children, url, site)
    return ListPage(kept, (), "", "", False, 0, foreign)


def _select_links(links: tuple[Link, ...], base: str, url: str, site: Site, charset: str) -> Iterator[Child]:
    for link in links:
        target = resolve(base, link.href, charset)
        name = _name(link)
        if target is None:
            if click.is_script(link.href) and _wants_following(name, link.href, site):
                yield Child("none", _marked(url, link.href), name, BY_SCRIPT)
            continue
        taken, why = title.judge_title(name, target, site)
        category = title.heads_list(name, site)
        if (
            category
            and _leads(target) != "file"
            and (category.startswith("follow") or _is_below(site, url, target))
        ):
            yield Child("list", target, name, category)
        elif category and _leads(target) != "file" and title.fold(name)[:2] != "20":
            yield Child("none", target, name, "a list elsewhere on the site; follow = […] would take it")
        elif taken:
            yield Child(_leads(target), target, name, why)
        elif _NEAR.search(name):
            yield Child("none", target, name, why)


def _wants_following(name: str, script: str, site: Site) -> bool:
    """Whether a link that only a script opens looks like one to a report. A heading that opens nothing does not."""
    return title.judge_title(name, "", site)[0] and (click.does_something(script) or title.has_year(name))


def _marked(url: str, script: str) -> str:
    """The address of a page with the script of a link behind it, to tell such links apart."""
    return f"{urlsplit(url)._replace(fragment='').geturl()}#{quote(script[:200], safe='')}"


def _name(link: Link) -> str:
    """The title of a link: its own, or its row's where the link only says 下载."""
    text = link.title if len(link.title) > len(link.text) or link.text.endswith(("…", "...")) else link.text
    text = text or link.text
    return link.row if title.is_blank(text) and link.row else text


def _leads(url: str) -> Leads:
    return "file" if ending(url) else "page"


def ending(url: str) -> str:
    """The ending of a document in an address's path or in one of its parameters; "" where there is none.

    >>> ending("http://a.gov.cn/down.jsp?file=2023.docx&id=1")
    '.docx'
    """
    parts = urlsplit(url)
    for text in (parts.path, *(value for _, value in parse_qsl(parts.query))):
        suffix = re.search(r"\.[a-z]{2,4}$", unquote(text).strip().lower())
        if suffix is not None and suffix[0] in ENDINGS:
            return suffix[0]
    return ""


def _is_below(site: Site, url: str, target: str) -> bool:
    """Whether a list lies at or below the folder of this page or of a start page, on the same host."""
    for start in (url, *site.starts):
        here, there = urlsplit(start), urlsplit(target)
        folder = here.path.rpartition("/")[0] + "/"
        if here.netloc == there.netloc and there.path.startswith(folder):
            return True
    return False


def _pages(url: str, base: str, page: Markup, site: Site, charset: str) -> Iterator[Child]:
    pages = list(pagination.further_pages(url, page))
    by_script = next((link for link, _ in pages if click.is_script(link) and click.does_something(link)), "")
    if by_script and all(resolve(base, link, charset) in (None, url) for link, _ in pages):
        yield Child("none", _marked(url, by_script), "further pages", BY_SCRIPT)
    for link, rule in pages:
        target = resolve(base, link, charset)
        if (
            target is not None
            and target != url
            and (rule.startswith("jpage") or _is_below(site, url, target))
        ):
            yield Child("list", target, "", f"a further page: {rule}")


def _find_attachments(page: Markup, base: str, charset: str) -> Iterator[Child]:
    """The files that belong to a report's page: linked, shown in it, or named in a script."""
    linked = list(_linked_files(page, base, charset))
    shown = list(_files_behind(page.frames, "shown in the page", base, charset))
    if linked or shown:
        yield from (*linked, *shown)
        return
    quoted = [text for script in page.scripts for text in _QUOTED.findall(script)]
    named = list(_files_behind(quoted, "named in a script of the page", base, charset))
    yield from named or _inner_pages(page, base, charset)


def _linked_files(page: Markup, base: str, charset: str) -> Iterator[Child]:
    for link in page.links:
        target = resolve(base, link.href, charset)
        if target is None:
            continue
        kind = ending(target) or ending(f"http://x/{link.text}") or ending(f"http://x/{link.title}")
        if kind and not _NO_REPORT.search(link.text + link.title):
            yield Child("file", target, _name(link), f"attached ({kind})")


def _files_behind(addresses: Iterable[str], why: str, base: str, charset: str) -> Iterator[Child]:
    """The documents at addresses or shown by the viewers there."""
    for address in addresses:
        target = _viewer_target(base, address, charset)
        if target is not None:
            yield Child("file", target, "", why)


def _inner_pages(page: Markup, base: str, charset: str) -> Iterator[Child]:
    """The frames of a page that lie on its own host."""
    for frame in page.frames:
        target = resolve(base, frame, charset)
        if target is not None and urlsplit(target).netloc == urlsplit(base).netloc:
            yield Child("page", target, "", "a frame of the page")


def _framed_lists(page: Markup, base: str, charset: str) -> Iterator[Child]:
    """The frames of a page without links to reports: its list may stand in one of them."""
    for child in _inner_pages(page, base, charset):
        yield replace(child, leads="list")


def _viewer_target(base: str, frame: str, charset: str) -> str | None:
    """The document behind a frame: the frame itself, or the parameter of a viewer."""
    target = resolve(base, frame, charset)
    if target is None or not ending(target):
        return None
    if ending(urlsplit(target)._replace(query="").geturl()):
        return target
    for name, value in parse_qsl(urlsplit(target).query):
        if name.lower() in ("file", "url", "src", "pdf") and ending(f"http://x/?v={value}"):
            return resolve(target, value, charset)
    return target


def _split_by_host(found: list[Child], url: str, site: Site) -> tuple[tuple[Child, ...], tuple[Child, ...]]:
    """One link for each address, the most specific; and apart those on foreign hosts."""
    strength = {"file": 3, "page": 2, "list": 1, "none": 0}
    kept: dict[str, Child] = {}
    foreign: dict[str, Child] = {}
    for child in found:
        if child.url == url:
            continue
        host = relation(site, child.url)
        if host in ("look-alike", "foreign"):
            if child.leads != "none":
                foreign.setdefault(child.url, Child("none", child.url, child.title, host))
            continue
        if host == "public" and child.leads == "list":
            child = Child("none", child.url, child.title, "a list on another host; hosts = […] would take it")
        old = kept.get(child.url)
        if old is None or strength[child.leads] > strength[old.leads]:
            kept[child.url] = child
    return tuple(kept.values()), tuple(foreign.values())
