"""Web addresses in one canonical form, and which of them belong to a site."""

from __future__ import annotations

import ipaddress
import re
from typing import Literal
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from gongkai.crawl.site import Site, is_web

#: a session id in a path
_SESSION = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
_SAFE = "%/:=&?~+!$,;'@()*[]|"
_PORTS = {"http": 80, "https": 443}
#: Longer addresses are crawler traps or data, not pages.
LONGEST = 2_000

Relation = Literal["own", "public", "look-alike", "foreign"]


def resolve(page: str, link: str, charset: str = "utf-8") -> str | None:
    """The canonical address that a link on a page leads to; None where it is no web address.

    >>> resolve("http://A.gov.cn:80/x/list.html", "../y/1.html#top")
    'http://a.gov.cn/y/1.html'
    """
    link = _as_browsers_read(page, re.sub(r"[\t\r\n]", "", link).strip())
    if not link or link.lower().startswith(("javascript:", "mailto:", "tel:", "data:", "#", "about:")):
        return None
    try:
        joined = urljoin(page, link)
    except ValueError:
        return None
    return clean(joined, charset)


def _as_browsers_read(page: str, link: str) -> str:
    """A link with the slashes that it means: a backslash before the query is one, http:x is http://x or lies on this page's host.

    >>> _as_browsers_read("http://a.gov.cn/x/", "..\\y\\1.html"), _as_browsers_read("http://a.gov.cn/", "http:/2.html")
    ('../y/1.html', '/2.html')
    """
    end = re.search(r"[?#]|$", link)
    assert end is not None  # there is always an end
    path = link[: end.start()]
    scheme = re.match(r"(https?):", path, re.IGNORECASE)
    if scheme is None and re.match(r"[a-zA-Z][\w+.-]*:", path):
        return link  # mailto:, javascript:
    path = path.replace("\\", "/")
    if scheme is not None:
        rest = path[scheme.end() :]
        own = not rest.startswith("//") and urlsplit(page).scheme == scheme[1].lower()
        path = rest if own else f"{scheme[1]}://{rest.lstrip('/')}"
    return path + link[end.start() :]


def clean(url: str, charset: str = "utf-8") -> str | None:
    """An absolute address in canonical form: no fragment, no session, no default port, in ASCII."""
    if not is_web(url) or len(url) > LONGEST:
        return None
    parts = urlsplit(url)
    try:
        host = (parts.hostname or "").rstrip(".").encode("idna").decode("ascii")
        query = quote(parts.query.encode(_query_charset(charset), "replace"), safe=_SAFE)
    except (UnicodeError, LookupError):
        return None
    if not host or parts.username is not None:
        return None
    host = f"[{host}]" if ":" in host else host
    port = parts.port
    place = host if port is None or port == _PORTS[parts.scheme] else f"{host}:{port}"
    path = quote(_SESSION.sub("", parts.path) or "/", safe=_SAFE, errors="replace")
    return urlunsplit((parts.scheme, place, path, query, ""))


def _query_charset(charset: str) -> str:
    """The encoding of an address's query on a page: that of the page, but UTF-8 for UTF-16 and where it has a mark."""
    return "utf-8" if charset.startswith(("utf-8", "utf-16", "utf_16")) else charset


def place(url: str) -> str:
    """Host and port of an address. Each may have one request at a time."""
    return urlsplit(url).netloc


def domain(host: str) -> str:
    """The part of a host below .gov.cn that a government registers; "" for any other host.

    >>> domain("xxgk.linjiang.gov.cn"), domain("linjiang.gov.cn.example.com")
    ('linjiang.gov.cn', '')
    """
    labels = host.lower().split(".")
    return ".".join(labels[-3:]) if labels[-2:] == ["gov", "cn"] and len(labels) >= 3 else ""


def relation(site: Site, url: str) -> Relation:
    """What a host is to a site.

    "own" (its start pages' hosts, their neighbours below .gov.cn, those that its table names) is
    crawled; of a "public" host below .gov.cn only linked reports are taken; "look-alike" and
    "foreign" hosts are reported and get no requests.
    """
    parts = urlsplit(url)
    host, here = (parts.hostname or ""), parts.netloc
    starts = [urlsplit(clean(start) or start) for start in site.starts]
    if here in {s.netloc for s in starts} or here in site.hosts:
        return "own"
    usual = parts.port in (None, 80, 443)
    if usual and host in site.hosts:
        return "own"
    if usual and domain(host):
        mine = {domain(s.hostname or "") for s in starts}
        return "own" if domain(host) in mine else "public"
    return "look-alike" if looks_public(host) else "foreign"


def looks_public(host: str) -> bool:
    """Whether a host outside .gov.cn has a name that imitates it.

    >>> [looks_public(h) for h in ("www.linjiang.gov.cn.example.com", "linjiang-gov.cn", "example.com")]
    [True, True, False]
    """
    try:
        ipaddress.ip_address(host.strip("[]"))
        return False
    except ValueError:
        pass
    return not domain(host) and (re.search(r"gov|xn--", host.lower()) is not None)
