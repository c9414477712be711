"""The text of a web page → its links, scripts and words."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from gongkai.crawl.web_page import click
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
#: Links of a page whose scripts are held against its functions.
_MOST_CALLS = 1_000
#: Elements of a row; what has more is no row.
_MOST_BOXES = 20
#: A page that only sends on by a script has at most so many links and characters.
_MOVED_LINKS, _MOVED_TEXT = 3, 200
#: What a click may open; of other elements than links, those that open something themselves.
_CLICKABLE = ", ".join(
    ("a", "area", "option[value]", *(f"[{name}]" for name in (*click.EVENTS[:4], *click.DATA)))
)
_LINKS = ("a", "area", "option")


@dataclass(frozen=True, slots=True)
class Link:
    """What a click opens: an <a>, or another element. `row` is the short text of the row around a nameless link (下载).

    `href` is "javascript:…" where only a browser can tell what opens.
    """

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
    links = _links(tree, click.find_functions(scripts))
    refresh, pictures = _refresh(tree), len(tree.css("img"))
    onload = (tree.body.attributes.get("onload") or "") if tree.body is not None else ""
    prose = _prose(tree)
    if not refresh and len(links) <= _MOVED_LINKS and len(prose) <= _MOVED_TEXT:
        refresh = click.redirect((onload, *scripts))
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
        links=links,
        frames=tuple(src for src in frames if src),
        options=tuple(v for node in tree.css("option[value]") if (v := node.attributes.get("value"))),
        scripts=scripts,
        base=(base.attributes.get("href") or "") if base is not None else "",
        refresh=refresh,
        pictures=pictures,
        prose=prose,
    )


def _check_depth(text: str) -> None:
    """Raise TooDeep. A closing tag without an open one of its name closes nothing."""
    depth = 0
    open_tags: Counter[str] = Counter()
    for closing, name in _TAG.findall(text.lower()):
        if name in _FLAT:
            continue
        if not closing:
            open_tags[name] += 1
            depth += 1
            if depth > DEEPEST:
                raise TooDeep(f"more than {DEEPEST} tags inside each other")
        elif open_tags[name]:
            open_tags[name] -= 1
            depth -= 1


def _links(tree: LexborHTMLParser, functions: click.Functions) -> tuple[Link, ...]:
    rows = 0
    found = []
    # an element that fits several parts of the selector comes several times
    nodes = {node.mem_id: node for node in tree.css(_CLICKABLE)[:MOST_LINKS]}
    for number, node in enumerate(nodes.values()):
        href = _href(node, functions if number < _MOST_CALLS else {})
        if not href:
            continue
        text = _text(node)[:_TEXT_LONGEST]
        named = _squeeze(node.attributes.get("title") or node.attributes.get("alt") or "")[:_TEXT_LONGEST]
        row = ""
        if is_blank(named or text) and rows < _MOST_ROWS:
            rows += 1
            row = _row(node)
        found.append(Link(href, text, named, row))
    return tuple(found)


def _text(node: LexborNode) -> str:
    """The text of what a click opens; of a row or a box its longest piece, without number and date."""
    if node.tag in _LINKS:
        return _squeeze(node.text(deep=True))
    pieces = [_squeeze(piece) for piece in node.text(deep=True, separator="\0").split("\0")]
    return max((*pieces, node.attributes.get("value") or ""), key=len)


def _href(node: LexborNode, functions: click.Functions) -> str:
    """The address that a click on an element opens; "" where it is none, or that of a link inside."""
    if node.tag == "option":
        value = (node.attributes.get("value") or "").strip()
        return value if click.is_address(value) else ""
    if node.tag == "select":
        return ""
    href = click.address(node.attributes, functions)
    if not href or node.tag in _LINKS:
        return href
    if len(node.text(deep=True)) > _TEXT_LONGEST:  # a whole list, whose entries open something each
        return ""
    inner = (click.address(link.attributes, {}) for link in node.css("a") if link.mem_id != node.mem_id)
    return "" if any(one and not click.is_script(one) and one[0] != "#" for one in inner) else href


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
