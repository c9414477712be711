"""sites.toml → what to crawl, and how to behave on the way."""

from __future__ import annotations

import re
from datetime import time
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta
from msgspec.structs import force_setattr

from gongkai.crawl.http.address import network
from gongkai.user_toml import (
    FromOne,
    FromZero,
    NotNegative,
    Positive,
    Texts,
    TomlTable,
)
from gongkai.user_toml import load as load_toml

Kind = Literal["list", "sitemap", "report"]

#: the start page of a page for each year: "…/list?year={2019..2024}"
_SPAN = re.compile(r"\{(?P<first>\d{1,6})\.\.(?P<last>\d{1,6})\}")
#: An id names a folder in the archive.
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
#: More start pages than this are a typing error in a span.
MOST_STARTS = 1_000


class BadAddress(ValueError):
    """A text is not the address of a web page."""


class Manners(TomlTable, frozen=True):
    """The table [crawl]: who we are and how we behave. Times in seconds unless the name says otherwise."""

    contact: Annotated[str, Meta(description="an e-mail or web address at which publishers can reach you")]
    #: between the beginnings of two requests to one host, at the least and at the most
    delay: NotNegative = 2.0
    delay_most: NotNegative = 60.0
    #: for one answer, from the connection to its last byte
    timeout: Positive = 60.0
    #: of one answer, compressed and decompressed
    mebibytes: Positive = 64.0
    #: requests of one night, and for one site of them
    budget: FromOne = 20_000
    site_budget: FromOne = 2_000
    #: "22:00-06:00" in China's time; the crawl sends no request outside of it
    window: Annotated[str, Meta(description='hours, "22:00-06:00"')] = ""
    sites_at_once: FromOne = 32
    #: for a failure that may be temporary; `backoff` doubles after each try
    tries: FromOne = 3
    backoff: NotNegative = 10.0
    #: a host that asks us to wait longer is left alone for the night
    retry_after_most: NotNegative = 300.0
    #: a document in the archive is requested again after this many days, at most so many of a site a night
    recheck_days: NotNegative = 30.0
    recheck_most: FromZero = 10
    #: other stored documents of a site that are asked after by HEAD in a night, after all else; 0 asks after none
    head_most: FromZero = 500
    #: a missing document is requested once more after this time before it counts as withdrawn
    confirm_hours: NotNegative = 12.0
    #: private networks that the crawl may connect to: ["10.1.0.0/16"]
    private: Texts = ()

    def __post_init__(self) -> None:
        _strip(self, "contact", "window")
        if not self.contact or not self.contact.isascii() or not self.contact.isprintable():
            raise ValueError("contact goes into a header: an e-mail or web address in ASCII")
        try:
            hours = self.hours
        except ValueError as error:
            raise ValueError(f'window "{self.window}" is no window; "22:00-06:00" is one') from error
        if hours is not None and hours[0] == hours[1]:
            raise ValueError(f'window "{self.window}" is empty')
        for text in self.private:
            try:
                network(text)
            except ValueError as error:
                raise ValueError(f'private: {error}; "10.1.0.0/16" is a network') from error

    @property
    def hours(self) -> tuple[time, time] | None:
        """The window's two ends; None where there is none."""
        if not self.window:
            return None
        begin, _, end = self.window.partition("-")
        return time.fromisoformat(begin.strip()), time.fromisoformat(end.strip())


class Site(TomlTable, frozen=True, dict=True):
    """A table [[site]]: where one body lists its reports. The patterns are regular expressions."""

    id: Annotated[str, Meta(description='a name for its folder, "linjiang"')]
    body: Annotated[str, Meta(description='the name of the public body, "临江市人民政府"')]
    #: as it is written; `starts` are the addresses
    start: Annotated[
        str | Annotated[tuple[str, ...], Meta(min_length=1)],
        Meta(description='the address of the list of reports, "http://…", or a list of addresses'),
    ]
    division_code: Annotated[str, Meta(description='the code of its administrative division, "320800"')] = ""
    kind: Annotated[Kind, Meta(description="one of list, sitemap, report")] = "list"
    #: titles of reports, instead of the usual ones; and titles that are none, besides the usual ones
    titles: Texts = ()
    skip: Texts = ()
    #: addresses of reports, whatever the title
    urls: Texts = ()
    #: texts of links that lead to further lists
    follow: Texts = ()
    #: hosts that are this site's too, "name" or "name:port"
    hosts: Texts = ()
    least: FromZero = 0
    most: FromZero = 0
    #: list pages in a night, and links between the start page and a list
    pages_most: FromZero = 100
    depth: FromZero = 3

    def __post_init__(self) -> None:
        _strip(self, "id", "body", "division_code")
        if _ID.fullmatch(self.id) is None:
            raise ValueError(f'id "{self.id}" names a folder: a-z, 0-9, "_" and "-", 64 at the most')
        patterns = {"titles": self.titles, "skip": self.skip, "urls": self.urls, "follow": self.follow}
        for name, texts in patterns.items():
            for pattern in texts:
                try:
                    re.compile(pattern)
                except re.error as error:
                    raise ValueError(f"{name}: {pattern!r} is no pattern: {error}") from error
        if self.kind == "sitemap" and not self.urls:
            raise ValueError("a sitemap has no titles; urls = […] says which addresses are reports")
        for url in self.starts:
            if not is_web(url):
                raise ValueError(f"start {url!r} is no address of http or https")

    @cached_property
    def starts(self) -> tuple[str, ...]:
        """The addresses at which the crawl begins, with {a..b} expanded. Raises ValueError."""
        written = (self.start,) if isinstance(self.start, str) else self.start
        return tuple(url for text in written for url in _expand(text))


class Sites(TomlTable, frozen=True):
    """All of sites.toml."""

    manners: Annotated[Manners, Meta(description='a table [crawl] with contact = "…"')] = msgspec.field(
        name="crawl"
    )
    sites: Annotated[
        tuple[Site, ...],
        Meta(min_length=1, description="tables [[site]]; `gongkai crawl --try URL` prints one to paste"),
    ] = msgspec.field(name="site")

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for site in self.sites:
            if site.id in seen:
                raise ValueError(f'two sites have the id "{site.id}"')
            seen.add(site.id)


def load(path: Path) -> Sites:
    """The sites of a file. Raises BadToml."""
    return load_toml(path, Sites, "docs/crawl.md explains the file")


def is_web(url: str) -> bool:
    """Whether this is an absolute address of http or https with a host and a sane port."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _expand(text: str) -> list[str]:
    """An address with {a..b} as one address for each number. Raises ValueError."""
    urls = [text]
    while (span := _SPAN.search(urls[0])) is not None:
        numbers = range(int(span["first"]), int(span["last"]) + 1)
        count = len(numbers) * len(urls)
        if count > MOST_STARTS or not numbers:
            raise ValueError(f"start {text!r} gives {count} addresses; 1 to {MOST_STARTS} are possible")
        urls = [_SPAN.sub(str(n), url, count=1) for url in urls for n in numbers]
    return urls


def _strip(table: TomlTable, *names: str) -> None:
    """Take away the white space around texts."""
    for name in names:
        force_setattr(table, name, getattr(table, name).strip())
