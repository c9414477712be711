"""The text of a web page → its links, scripts and words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

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
#: Open tags deeper than this are no page; 200,000 of them keep any parser for minutes.
DEEPEST = 1_000
#: Characters of a page that are looked at; no list is longer.
LONGEST = 4_000_000
#: Links around a link that says nothing itself: more are not its row.
_ROW_LINKS = 3
#: Characters of a row or a title.
_ROW_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Link:
    """An <a>. `row` is the text of the row, item or paragraph around it, where that is short."""

    href: str
    text: str
    title: str
    row: str


@dataclass(frozen=True, slots=True)
class Markup:
    """What a page holds. `frames` are addresses of what is shown inside it."""

    title: str
    headings: tuple[str, ...]
    links: tuple[Link, ...]
    frames: tuple[str, ...]
    options: tuple[str, ...]
    scripts: tuple[str, ...]
    base: str
    refresh: str
    pictures: int
    text: str


class TooDeep(ValueError):
    """The page is nested deeper than any page."""


def parse(text: str) -> Markup:
    """The links, scripts and words of a page. Raises TooDeep."""
    text = text[:LONGEST]
    _measure(text)
    tree = LexborHTMLParser(text)
    scripts = tuple(node.text(deep=True) for node in tree.css("script"))
    frames = [
        node.attributes.get(name)
        for node in tree.css("iframe, embed, object, frame")
        for name in ("src", "data")
    ]
    base = tree.css_first("base[href]")
    return Markup(
        title=_squeezed(node.text()) if (node := tree.css_first("title")) is not None else "",
        headings=tuple(_squeezed(node.text(deep=True)) for node in tree.css("h1, h2, h3"))[:20],
        links=tuple(_link(node) for node in tree.css("a[href]")),
        frames=tuple(src for src in frames if src),
        options=tuple(v for node in tree.css("option[value]") if (v := node.attributes.get("value"))),
        scripts=scripts,
        base=(base.attributes.get("href") or "") if base is not None else "",
        refresh=_refresh(tree),
        pictures=len(tree.css("img")),
        text=_words(tree),
    )


def _measure(text: str) -> None:
    depth = 0
    for closing, name in _TAG.findall(text):
        if name.lower() not in _FLAT:
            depth = max(0, depth - 1) if closing else depth + 1
            if depth > DEEPEST:
                raise TooDeep(f"more than {DEEPEST} tags inside each other")


def _link(node: LexborNode) -> Link:
    text = _squeezed(node.text(deep=True))
    return Link(
        node.attributes.get("href") or "", text, _squeezed(node.attributes.get("title") or ""), _row(node)
    )


def _row(node: LexborNode) -> str:
    """The text of the nearest row around a link, without that of other rows."""
    around = node.parent
    while around is not None and around.tag not in ("tr", "li", "p", "dd", "div"):
        around = around.parent
    if around is None or len(around.css("a[href]")) > _ROW_LINKS:
        return ""
    text = _squeezed(around.text(deep=True, separator=" "))
    return text if len(text) <= _ROW_LONGEST else ""


def _refresh(tree: LexborHTMLParser) -> str:
    for node in tree.css("meta[http-equiv]"):
        if (node.attributes.get("http-equiv") or "").lower() == "refresh":
            hit = re.search(r"url\s*=\s*['\"]?([^'\"]+)", node.attributes.get("content") or "", re.IGNORECASE)
            return hit[1].strip() if hit is not None else ""
    return ""


def _words(tree: LexborHTMLParser) -> str:
    """What a reader sees, squeezed. The tree is spent afterwards."""
    for node in tree.css("script, style, noscript, template"):
        node.decompose()
    return _squeezed(tree.body.text(deep=True, separator=" ")) if tree.body is not None else ""


def _squeezed(text: str) -> str:
    return " ".join(text.split())
