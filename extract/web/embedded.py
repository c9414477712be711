"""A page's source → pieces of markup that a program puts on the page: in scripts, form fields, frames, templates.

Some sites send an empty page and its article as text, which is not among the elements.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterable, Iterator

#: A piece shorter than this, in characters, is no article.
LEAST = 300
_ELEMENT = re.compile(r"<(template|noscript|textarea|xmp)\b[^>]*>(.*?)</\1\s*>", re.IGNORECASE | re.DOTALL)
_ATTRIBUTE = re.compile(
    r"""
    \b (?: srcdoc | value | data-content | data-html ) \s*=\s*
    (?: "([^"]{300,})" | '([^']{300,})' )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SCRIPT = re.compile(r"<script\b[^>]*>(.*?)</script\s*>", re.IGNORECASE | re.DOTALL)
_QUOTE = re.compile("[\"'`]")
#: What stands in a string, by its quotation mark; a string that does not end has none.
_INSIDE = {
    '"': re.compile(r'(?:[^"\\\n]|\\.)*+', re.DOTALL),
    "'": re.compile(r"(?:[^'\\\n]|\\.)*+", re.DOTALL),
    "`": re.compile(r"(?:[^`\\]|\\.)*+", re.DOTALL),
}
#: What may stand between two strings that are put together.
_JOINT = re.compile(r"\s{0,99}(?:[+,]|\)\s{0,9};?\s{0,99}[\w.$]{0,40}\.write(?:ln)?\s{0,9}\()\s{0,99}")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_UNICODE, _BYTE = re.compile(r"%u([0-9a-fA-F]{4})"), re.compile(r"%([0-9a-fA-F]{2})")
_BYTES = re.compile(r"(?:%[0-9a-fA-F]{2})+")
_PERCENT = re.compile(r"%(?:3C|u003C)", re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]+={0,2}\s*")
_NAMED = {"n": "\n", "t": "\t", "r": "\r", "b": "", "f": ""}
_TAG = re.compile(r"<[a-zA-Z/!][^>]*>")
_CHINESE = re.compile("[一-鿿]")


def count_chinese(markup: str) -> int:
    """How many Chinese characters a reader would see, roughly."""
    return len(_CHINESE.findall(_TAG.sub("", markup)))


def find_pieces(text: str) -> Iterator[str]:
    """Every piece of a page's source that may be an article's markup."""
    for hit in _ELEMENT.finditer(text):
        inner = hit[2]
        yield from _if_markup(html.unescape(inner) if hit[1].lower() == "textarea" else inner)
    for hit in _ATTRIBUTE.finditer(text):
        yield from _if_markup(html.unescape(hit[1] or hit[2]))
    for script in _SCRIPT.finditer(text):
        strings = list(_list_strings(script[1]))
        for _, _, string in strings:
            if len(string) >= LEAST:
                for piece in _decode(_unescape(string)):
                    yield from _if_markup(piece)
        for whole in _join_strings(script[1], strings):
            for piece in _decode(whole):
                yield from _if_markup(piece)


def _list_strings(script: str) -> Iterator[tuple[int, int, str]]:
    """The strings of a script: where each begins and ends, and what it holds, escapes as they are written."""
    at = 0
    while (quote := _QUOTE.search(script, at)) is not None:
        inside = _INSIDE[quote[0]].match(script, quote.end())
        at = quote.end() if inside is None else inside.end()
        if inside is not None and script[at : at + 1] == quote[0]:
            at += 1
            yield quote.start(), at, inside[0]


def _join_strings(script: str, strings: Iterable[tuple[int, int, str]]) -> Iterator[str]:
    """Strings that a script puts one behind the other: with +, in a list, or written one by one."""
    parts: list[str] = []
    last = 0
    for start, end, string in strings:
        if parts and (start - last > 300 or _JOINT.fullmatch(script, last, start) is None):
            if len(parts) > 1:
                yield "".join(parts)
            parts = []
        parts.append(_unescape(string))
        last = end
    if len(parts) > 1:
        yield "".join(parts)


def _if_markup(piece: str) -> Iterator[str]:
    """The piece, its entities read where it has no tags otherwise, if it is long and has tags."""
    if len(piece) < LEAST:
        return
    if _TAG.search(piece) is None and "&lt;" in piece:
        piece = html.unescape(piece)
    if _TAG.search(piece) is not None:
        yield piece


def _unescape(text: str) -> str:
    """A string of a script without its escapes: \\u003c, \\x3c, \\/."""

    def character(hit: re.Match[str]) -> str:
        escape = hit[1]
        if escape[0] in "ux" and len(escape) > 1:
            return chr(int(escape[1:], 16))
        return _NAMED.get(escape, escape)

    joined = _ESCAPE.sub(character, text)
    return joined.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _decode(text: str) -> Iterator[str]:
    """A string of a script as it is, or what `unescape`, `decodeURIComponent` or `atob` make of it."""
    if _BASE64.fullmatch(text):
        try:
            text = base64.b64decode(text, validate=False).decode("utf-8")
        except ValueError:  # no base64, or no text
            return
        yield _decode_percent(text) if _PERCENT.search(text) is not None and "<" not in text else text
    elif _PERCENT.search(text) is not None and "<" not in text:
        yield _decode_percent(text)
    else:
        yield text


def _decode_percent(text: str) -> str:
    """Text without %u4E00 and %E4%B8%80; beside the former, %3C is one character and no byte."""
    if _UNICODE.search(text) is not None:
        wide = _UNICODE.sub(lambda hit: chr(int(hit[1], 16)), text)
        narrow = _BYTE.sub(lambda hit: chr(int(hit[1], 16)), wide)
        return narrow.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _BYTES.sub(lambda hit: bytes.fromhex(hit[0].replace("%", "")).decode("utf-8", "replace"), text)
