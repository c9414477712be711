"""The text of a web page → its links, scripts and words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from gongkai.crawl.web_page.link_title import is_blank

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]*)")
_FLAT = frozenset(
    [
        "p",
        "li",
        "td",
        "tr",
        "th",
        "dt",
        "dd",
        "option",
        "br",
        "img",
        "input",
        "meta",
        "link",
        "hr",
        "area",
        "base",
        "col",
        "wbr",
        "source",
    ]
)
#: No real page nests tags deeper; 200,000 open tags keep any parser busy for minutes.
DEEPEST = 1_000
#: Characters of a page that are read; no list is longer.
LONGEST = 4_000_000
#: A row around a nameless link has at most this many links.
_ROW_LINKS = 3
#: Characters of a row, and of a link's text or a title.
_ROW_LONGEST = 200
_TEXT_LONGEST = 300
#: Links of a page that are read, and rows that are read for them: each row costs a walk.
MOST_LINKS = 20_000
_MOST_ROWS = 200
#: Elements of a row; what has more is no row.
_MOST_BOXES = 20


@dataclass(frozen=True, slots=True)
class Link:
    """An <a>. `row` is the short text of the row or paragraph around a nameless link (下载)."""

    href: str
    text: str
    title: str
    row: str


@dataclass(frozen=True, slots=True)
class Markup:
    """The parts of a page. `frames` are addresses of embedded documents, `prose` the text outside of links and menus."""

    title: str
    headings: tuple[str, ...]
    links: tuple[Link, ...]
    frames: tuple[str, ...]
    options: tuple[str, ...]
    scripts: tuple[str, ...]
    base: str
    refresh: str
    pictures: int
    prose: str


class TooDeep(ValueError):
    """A page nests tags deeper than any real page."""


def parse(text: str) -> Markup:
    """The links, scripts and words of a page. Raises TooDeep."""
    text = text[:LONGEST]
    _check_depth(text)
    tree = LexborHTMLParser(text)
    scripts = tuple(node.text(deep=True) for node in tree.css("script"))
    frames = [
        node.attributes.get(name)
        for node in tree.css("iframe, embed, object, frame")
        for name in ("src", "data")
    ]
    base = tree.css_first("base[href]")
    return Markup(
        title=_squeeze(node.text())[:_TEXT_LONGEST] if (node := tree.css_first("title")) is not None else "",
        headings=tuple(
            _squeeze(node.text(deep=True))[:_TEXT_LONGEST] for node in tree.css("h1, h2, h3")[:20]
        ),
        links=_links(tree),
        frames=tuple(src for src in frames if src),
        options=tuple(v for node in tree.css("option[value]") if (v := node.attributes.get("value"))),
        scripts=scripts,
        base=(base.attributes.get("href") or "") if base is not None else "",
        refresh=_refresh(tree),
        pictures=len(tree.css("img")),
        prose=_prose(tree),
    )


def _check_depth(text: str) -> None:
    depth = 0
    for closing, name in _TAG.findall(text):
        if name.lower() not in _FLAT:
            depth = max(0, depth - 1) if closing else depth + 1
            if depth > DEEPEST:
                raise TooDeep(f"more than {DEEPEST} tags inside each other")


def _links(tree: LexborHTMLParser) -> tuple[Link, ...]:
    rows = 0
    found = []
    for node in tree.css("a[href]")[:MOST_LINKS]:
        text = _squeeze(node.text(deep=True))[:_TEXT_LONGEST]
        named = _squeeze(node.attributes.get("title") or "")[:_TEXT_LONGEST]
        row = ""
        if is_blank(named or text) and rows < _MOST_ROWS:
            rows += 1
            row = _row(node)
        found.append(Link(node.attributes.get("href") or "", text, named, row))
    return tuple(found)


def _row(node: LexborNode) -> str:
    """The text of the nearest row around a link, without that of other rows."""
    around = node.parent
    while around is not None and around.tag not in ("tr", "li", "p", "dd", "div"):
        around = around.parent
    if around is None or len(list(islice(around.iter(), _MOST_BOXES))) == _MOST_BOXES:
        return ""
    if len(around.css("a[href]")) > _ROW_LINKS:
        return ""
    text = _squeeze(around.text(deep=True, separator=" "))
    return text if len(text) <= _ROW_LONGEST else ""


def _refresh(tree: LexborHTMLParser) -> str:
    for node in tree.css("meta[http-equiv]"):
        if (node.attributes.get("http-equiv") or "").lower() == "refresh":
            hit = re.search(r"url\s*=\s*['\"]?([^'\"]+)", node.attributes.get("content") or "", re.IGNORECASE)
            return hit[1].strip() if hit is not None else ""
    return ""


def _prose(tree: LexborHTMLParser) -> str:
    """The text without links and menus, which say 信息公开 on every page. This changes the tree."""
    for node in tree.css("script, style, noscript, template, a, nav, header, footer, select"):
        node.decompose()
    return _squeeze(tree.body.text(deep=True, separator=" ")) if tree.body is not None else ""


def _squeeze(text: str) -> str:
    return " ".join(text.split())
