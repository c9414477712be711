"""Lists in JSON, in XML inside a script, or in a sitemap → links."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from gongkai.crawl.web_page.markup import Link, parse

_TITLES = ("title", "titles", "doctitle", "subject", "name", "infotitle", "linktitle", "bt")
_ADDRESSES = (
    "url",
    "link",
    "href",
    "docpuburl",
    "puburl",
    "linkurl",
    "pageurl",
    "infourl",
    "fileurl",
    "path",
)
_LOCATION = re.compile(r"<loc>\s{0,100}(?:<!\[CDATA\[\s{0,100})?([^<\]\s]{1,2000})", re.IGNORECASE)
_OBJECT = re.compile(r"\{[^{}]{1,4000}\}")
_PAIR = re.compile(r"""["']?(\w{1,40})["']?\s*:\s*(["'])((?:\\.|(?!\2).){0,1000}?)\2""")
#: Records of one response, and characters of it, that are searched.
MOST = 5_000
LONGEST = 500_000


def from_json(text: str) -> list[Link] | None:
    """The links of a JSON document: objects with a title and an address, at any depth; None where it is no JSON.

    A function's name around it is taken off (JSONP).
    """
    body = text.strip().lstrip("\ufeff")
    wrapped = re.fullmatch(r"[\w.$]{1,80}\s{0,10}\((.*)\)\s{0,10};?", body, re.DOTALL)
    body = wrapped[1].strip() if wrapped is not None else body
    if not body.startswith(("{", "[")) or len(body) > 8 * LONGEST:
        return None
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return list(_walk(data))


def _walk(data: Any) -> Iterator[Link]:
    waiting, found = [data], 0
    while waiting and found < MOST:
        one = waiting.pop()
        if isinstance(one, dict):
            link = _object({str(k).lower(): v for k, v in one.items() if isinstance(v, str)})
            if link is not None:
                found += 1
                yield link
            waiting += [v for v in reversed(list(one.values())) if isinstance(v, dict | list)]
        elif isinstance(one, list):
            waiting += reversed(one)


def _object(values: dict[str, str]) -> Link | None:
    title = next((values[name] for name in _TITLES if values.get(name, "").strip()), "")
    address = next((values[name] for name in _ADDRESSES if values.get(name, "").strip()), "")
    if not title or not address:
        return None
    return Link(_whole(address), _whole(re.sub(r"<[^>]{0,200}>", "", html.unescape(title))), "", "")


def _whole(text: str) -> str:
    """A text with U+FFFD for half a character: "\\ud800" in JSON gives one, and no file can hold it."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def from_script(script: str) -> Iterator[Link]:
    """The links in a script: objects with a title and an address, and records of XML with HTML in them."""
    script = script[:LONGEST]
    for piece in script.split("<![CDATA[")[1 : MOST + 1]:
        if "<a" in piece:
            yield from parse(piece.partition("]]>")[0]).links
    for number, found in enumerate(_OBJECT.finditer(script)):
        if number >= MOST:
            return
        values = {k.lower(): v.replace("\\/", "/") for k, _, v in _PAIR.findall(found[0])}
        link = _object(values)
        if link is not None:
            yield link


def from_sitemap(text: str) -> tuple[list[str], list[str]] | None:
    """(pages, further sitemaps) of a sitemap; None for any other text."""
    head = text[:2_000].lower()
    if "<urlset" in head:
        return [html.unescape(u) for u in _LOCATION.findall(text)], []
    if "<sitemapindex" in head:
        return [], [html.unescape(u) for u in _LOCATION.findall(text)]
    return None
