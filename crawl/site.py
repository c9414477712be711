"""sites.toml → what to crawl, and how to behave on the way."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import time
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

Kind = Literal["list", "sitemap", "report"]
KINDS = ("list", "sitemap", "report")

#: the start page of a page for each year: "…/list?year={2019..2024}"
_SPAN = re.compile(r"\{(\d{1,6})\.\.(\d{1,6})\}")
#: An id names a folder in the archive.
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
#: More start pages than this are a slip of the pen in a span.
MOST_STARTS = 1_000


class SitesError(ValueError):
    """sites.toml cannot be used; the message names the file, the place in it, and what to try."""


@dataclass(frozen=True, slots=True)
class Manners:
    """The table [crawl]: who we are and how we behave. Times in seconds unless the name says otherwise."""

    contact: str
    #: between the beginnings of two requests to one host, at the least and at the most
    delay: float = 2.0
    delay_most: float = 60.0
    #: for one answer, from the connection to its last byte
    timeout: float = 60.0
    #: of one answer, packed and unpacked
    mebibytes: float = 64.0
    #: requests of one night, and for one site of them
    budget: int = 20_000
    site_budget: int = 2_000
    #: "22:00-06:00", China's time; outside of it nothing is asked
    window: str = ""
    sites_at_once: int = 32
    #: for what may heal, with `backoff` doubled after each
    tries: int = 3
    backoff: float = 10.0
    #: a host that wants us to stay away longer is left for the night
    retry_after_most: float = 300.0
    #: a document that we hold is asked for again after so many days, so many of a site in a night
    recheck_days: float = 30.0
    recheck_most: int = 10
    #: a document that is gone is asked for once more, not earlier, before it counts as withdrawn
    confirm_hours: float = 12.0
    #: networks of private addresses that may be asked: ["10.1.0.0/16"]
    private: tuple[str, ...] = ()

    @property
    def hours(self) -> tuple[time, time] | None:
        """The window's two ends; None where there is none."""
        if not self.window:
            return None
        begin, _, end = self.window.partition("-")
        return time.fromisoformat(begin.strip()), time.fromisoformat(end.strip())


@dataclass(frozen=True, slots=True)
class Site:
    """A table [[site]]: where one body lists its reports. The patterns are regular expressions."""

    id: str
    body: str
    start: tuple[str, ...]
    division_code: str = ""
    kind: Kind = "list"
    #: titles of reports, instead of the usual ones; and titles that are none, besides the usual ones
    titles: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    #: addresses of reports, whatever the title
    urls: tuple[str, ...] = ()
    #: texts of links that lead to further lists
    follow: tuple[str, ...] = ()
    #: hosts that are this site's too, "name" or "name:port"
    hosts: tuple[str, ...] = ()
    least: int = 0
    most: int = 0
    #: list pages in a night, and links between the start page and a list
    pages_most: int = 100
    depth: int = 3


@dataclass(frozen=True, slots=True)
class Sites:
    """All of sites.toml."""

    manners: Manners
    sites: tuple[Site, ...]


def load(path: Path) -> Sites:
    """The sites of a file. Raises SitesError."""
    try:
        data = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise SitesError(f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise SitesError(f"{path}: is not UTF-8; save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise SitesError(f"{path}: {error}") from error
    try:
        return read(data)
    except SitesError as error:
        raise SitesError(f"{path}: {error}") from error


def read(data: Mapping[str, Any]) -> Sites:
    """The sites of a TOML document. Raises SitesError."""
    _known("the file", data, {"crawl", "site"})
    manners = _manners(data.get("crawl"))
    tables = data.get("site")
    if not isinstance(tables, list) or not tables:
        raise SitesError("no [[site]] in it; `gongkai crawl --try URL` prints one to paste")
    sites = tuple(_site(table, number) for number, table in enumerate(tables, 1))
    seen: set[str] = set()
    for site in sites:
        if site.id in seen:
            raise SitesError(f'two sites have the id "{site.id}"')
        seen.add(site.id)
    return Sites(manners, sites)


def _manners(table: object) -> Manners:
    if not isinstance(table, dict) or not str(table.get("contact", "")).strip():
        raise SitesError('[crawl] contact = "…" is missing: an address at which publishers can reach you')
    manners: Manners = _filled(Manners, table, "[crawl]")
    if not manners.contact.isascii() or not manners.contact.isprintable():
        raise SitesError("[crawl] contact goes into a header: an e-mail or web address in ASCII")
    try:
        hours = manners.hours
    except ValueError as error:
        raise SitesError(f'[crawl] window "{manners.window}" is no window; "22:00-06:00" is one') from error
    if hours is not None and hours[0] == hours[1]:
        raise SitesError(f'[crawl] window "{manners.window}" is empty')
    if (
        min(manners.budget, manners.site_budget, manners.sites_at_once, manners.tries) < 1
        or manners.mebibytes <= 0
    ):
        raise SitesError("[crawl] budget, site_budget, sites_at_once, tries and mebibytes are at least 1")
    if manners.timeout <= 0 or min(manners.delay, manners.backoff, manners.recheck_days) < 0:
        raise SitesError("[crawl] times are positive numbers")
    from gongkai.crawl.http.address import network

    for text in manners.private:
        try:
            network(text)
        except ValueError as error:
            raise SitesError(f'[crawl] private: {error}; "10.1.0.0/16" is a network') from error
    return manners


def _site(table: object, number: int) -> Site:
    where = f"site {number}"
    if not isinstance(table, dict):
        raise SitesError(f"{where} is no table; write [[site]]")
    if isinstance(table.get("id"), str):
        where += f" ({table['id']})"
    if isinstance(table.get("start"), str):
        table = table | {"start": [table["start"]]}
    site: Site = _filled(Site, table, where)
    if _ID.fullmatch(site.id) is None:
        raise SitesError(f'{where}: id "{site.id}" names a folder: a-z, 0-9, "_" and "-", 64 at the most')
    if site.kind not in KINDS:
        raise SitesError(f'{where}: kind "{site.kind}" is none of {", ".join(KINDS)}')
    if not site.start:
        raise SitesError(f"{where}: start has no address")
    for name in ("titles", "skip", "urls", "follow"):
        for pattern in getattr(site, name):
            try:
                re.compile(pattern)
            except re.error as error:
                raise SitesError(f"{where}: {name}: {pattern!r} is no pattern: {error}") from error
    if site.kind == "sitemap" and not site.urls:
        raise SitesError(f"{where}: a sitemap has no titles; urls = […] says which addresses are reports")
    starts = tuple(url for text in site.start for url in _spans(text, where))
    for url in starts:
        if not is_web(url):
            raise SitesError(f"{where}: start {url!r} is no address of http or https")
    return Site(**{f.name: getattr(site, f.name) for f in fields(Site)} | {"start": starts})


def is_web(url: str) -> bool:
    """Whether this is an absolute address of http or https with a host and a sane port."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _spans(text: str, where: str) -> list[str]:
    """An address with {a..b} written out."""
    found = [text]
    while (span := _SPAN.search(found[0])) is not None:
        numbers = range(int(span[1]), int(span[2]) + 1)
        if len(numbers) * len(found) > MOST_STARTS or not numbers:
            raise SitesError(f"{where}: start {text!r} gives {len(numbers) * len(found)} addresses")
        found = [_SPAN.sub(str(n), url, count=1) for url in found for n in numbers]
    return found


def _known(where: str, table: Mapping[str, Any], names: set[str]) -> None:
    for key in table:
        if key not in names:
            near = difflib.get_close_matches(key, names, 1)
            hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(sorted(names))}"
            raise SitesError(f"{where}: unknown key {key!r}{hint}")


def _filled(cls: Any, table: Mapping[str, Any], where: str) -> Any:
    """A dataclass from a table: every key known, every value of its kind, nothing missing."""
    _known(where, table, {f.name for f in fields(cls)})
    values = {}
    for f in fields(cls):
        if f.name not in table:
            if f.default is MISSING:
                raise SitesError(f"{where}: {f.name} is missing")
            continue
        values[f.name] = _value(f"{where}: {f.name}", str(f.type), table[f.name])
    return cls(**values)


def _value(where: str, kind: str, value: object) -> object:
    if kind.startswith("tuple"):
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise SitesError(f'{where} is a list of texts: ["…", "…"]')
        return tuple(value)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if kind == "float" and number:
        return float(value)  # type: ignore[arg-type]
    if kind == "int" and isinstance(value, int) and number and value >= 0:
        return value
    if kind in ("str", "Kind") and isinstance(value, str):
        return value.strip()
    wanted = {"float": "a number", "int": "a whole number", "str": "a text", "Kind": "a text"}[kind]
    raise SitesError(f"{where} is {wanted}, not {value!r}")
