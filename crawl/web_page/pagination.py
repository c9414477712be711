"""A list page → its further pages, also those that a script generates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from gongkai.crawl.http.url import resolve
from gongkai.crawl.web_page.link_title import fold
from gongkai.crawl.web_page.markup import Markup

# createPageHTML(20, 0, "index", "shtml") of TRS WCM: pages, this page from 0, name, ending; the
# further pages are index_1.shtml to index_19.shtml. Another system puts an element's id before
# them and counts from 1: createPageHTML('page_div', 20, 1, 'index', 'shtml', 300), with
# index_2.shtml to index_20.shtml.
_COMMA = r"\s*,\s*"
_ELEMENT = r"""["'][\w-]*["']"""
_CALL = re.compile(
    rf"""
    create(?:Page|Paging)?HTML \s*\(\s*
    (?:{_ELEMENT} {_COMMA})?
    ["']? (?P<pages>\d{{1,4}}) ["']? {_COMMA}
    ["']? (?P<current>\d{{1,4}}) ["']? {_COMMA}
    ["'] (?P<name>[\w./-]{{1,80}}) ["'] {_COMMA}
    ["'] (?P<ending>\w{{1,6}}) ["']
    """,
    re.IGNORECASE | re.VERBOSE,
)
# The older template writes the loop into the page: var currentPage = 0; var countPage = 5;
_COUNT = re.compile(
    r"var\s+(?:countPage|pageCount|totalPages?)\s*=\s*[\"']?(\d{1,4})[\"']?\s*[;,/\n]", re.IGNORECASE
)
_CURRENT = re.compile(
    r"var\s+(?:currentPage|curPage|pageIndex)\s*=\s*[\"']?(\d{1,4})[\"']?\s*[;,/\n]", re.IGNORECASE
)
# 大汉 jpage: records in XML inside the page; a proxy gives the rest by range.
_PROXY = re.compile(r"""["'](/[\w./-]*dataproxy\.jsp)["']""", re.IGNORECASE)
_PARAMETER_NAMES = "appid|webid|path|columnid|sourceContentType|unitid|webname|permissiontype"
_PARAMETER = re.compile(
    rf"""
    ["']? (?P<name>{_PARAMETER_NAMES}) ["']?
    \s*:\s*
    ["']? (?P<value>[^"',}}\s]*) ["']?
    """,
    re.IGNORECASE | re.VERBOSE,
)
_TOTAL = re.compile(r"""(?:<totalrecord>|["']?totalRecord["']?\s*:\s*["']?)(\d{1,6})""", re.IGNORECASE)
_PER = re.compile(r"""(?:<perpage>|["']?perPage["']?\s*:\s*["']?)(\d{1,4})""", re.IGNORECASE)
#: pages of records in one request to the proxy, as the script does it
_GROUP = 3

_NEXT = re.compile(r"下一?页|下页|后一?页|next(?:page)?|[>›»]+", re.IGNORECASE)
_NUMBER = re.compile(r"[\[(]?(?:第)?(\d{1,3})(?:页)?[\])]?")
_ENDINGS = ("尾页", "末页", "最后一页", "最后页")

#: Pages that one script may generate, and characters of it that are read.
MOST = 500
LONGEST = 500_000


def further_pages(url: str, page: Markup) -> Iterator[tuple[str, str]]:
    """(link, rule) of each further page of the list at `url`, in order; a link may appear twice."""
    for script in (text[:LONGEST] for text in page.scripts):
        yield from _pages_of_call(script)
        yield from _pages_of_count(url, script)
        yield from _pages_of_proxy(script)
    for link in page.links:
        text = fold(link.text) or fold(link.title)
        number = _NUMBER.fullmatch(text)
        if _NEXT.fullmatch(text) or text in _ENDINGS:
            yield link.href, f"“{text}”"
        elif number is not None and _is_alike(url, link.href):
            yield link.href, f"page {number[1]}"
    for value in page.options:
        if _is_alike(url, value) and not value.isdigit():
            yield value, "a choice of pages"


def _pages_of_call(script: str) -> Iterator[tuple[str, str]]:
    for total, current, name, ending in _CALL.findall(script):
        first = 1 if current == "0" or not _from_one(script) else 2
        last = int(total) - 1 if first == 1 else int(total)
        for number in range(first, min(last, MOST) + 1):
            yield f"{name}_{number}.{ending}", "createPageHTML"


def _from_one(script: str) -> bool:
    """Whether a call counts pages from 1: the variant with an element's id before the numbers does."""
    hit = re.search(r"HTML\s*\(\s*[\"'][A-Za-z_][\w-]*[\"']\s*,\s*[\"']?\d+[\"']?\s*,\s*[\"']?\d", script)
    return hit is not None


def _pages_of_count(url: str, script: str) -> Iterator[tuple[str, str]]:
    count, current = _COUNT.search(script), _CURRENT.search(script)
    if count is None or current is None or _CALL.search(script) is not None:
        return
    name = urlsplit(url).path.rpartition("/")[2]
    stem, dot, ending = name.rpartition(".")
    if not dot:
        written = re.search(
            r"[\"'](\w{1,40})[\"']?\s{0,9}\+?\s{0,9}[\"']?_[\"'].{0,60}?[\"']?\.(s?html?|jsp|aspx?)[\"']",
            script,
        )
        stem, ending = (written[1], written[2]) if written is not None else ("index", "html")
    stem = re.sub(r"_\d+$", "", stem)
    for number in range(1, min(int(count[1]), MOST)):
        yield f"{stem}_{number}.{ending}", "a count of pages in a script"


def _pages_of_proxy(script: str) -> Iterator[tuple[str, str]]:
    proxy, total, per = _PROXY.search(script), _TOTAL.search(script), _PER.search(script)
    group = re.search(r"<nextgroup>\s{0,99}<!\[CDATA\[\s{0,99}<a[^>]{1,300}href=[\"']([^\"']+)", script)
    if group is not None:
        yield group[1].replace("&amp;", "&"), "jpage, the next group"
    if proxy is None or total is None or per is None or int(per[1]) == 0:
        return
    size = int(per[1])
    given = dict(_PARAMETER.findall(script))
    for start in range(1, min(int(total[1]), MOST * size) + 1, size * _GROUP):
        asked = {
            "startrecord": start,
            "endrecord": min(start + size * _GROUP - 1, int(total[1])),
            "perpage": size,
        }
        yield f"{proxy[1]}?{urlencode(given | {k: str(v) for k, v in asked.items()})}", "jpage"


def _is_alike(url: str, link: str) -> bool:
    """Whether a link differs from this page's address by numbers only: page=2, index_2.html."""
    if not link or link.lower().startswith(("javascript:", "#")):
        return False
    found = resolve(url, link)
    return found is not None and _shape(found) == _shape(url)


def _shape(url: str) -> str:
    parts = urlsplit(url)
    path = re.sub(r"[_-]?\d+(?=\.\w+$)", "", parts.path)
    path = re.sub(r"/(?:index|list|default)?(?:\.\w+)?$", "/", path)
    names = sorted({k for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _pages(k)})
    return urlunsplit((parts.scheme, parts.netloc, path, "&".join(names), ""))


def _pages(name: str) -> bool:
    return re.search(r"page|^p$|^pn$|start|offset|index", name, re.IGNORECASE) is not None
