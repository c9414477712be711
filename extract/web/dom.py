"""Kinds of elements of a web page, and their text as a browser shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

UNSEEN = frozenset(
    {
        "script", "style", "noscript", "head", "template", "iframe", "select", "button", "textarea", "object", "svg", "-comment",
        "noframes", "noembed", "datalist", "rt", "rp", "rtc",
    }
)  # fmt: skip
AROUND = frozenset({"nav", "footer", "aside", "header"})
BLOCK = frozenset(
    {
        "p", "div", "section", "article", "main", "li", "ul", "ol", "dl", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6",
        "blockquote", "pre", "center", "form", "fieldset", "figure", "figcaption", "hr", "tr", "table", "ucapcontent", "body",
    }
)  # fmt: skip
#: Elements that a browser draws as blocks where no style says otherwise.
BLOCKS = (
    BLOCK
    | AROUND
    | {
        "address", "details", "summary", "dialog", "hgroup", "menu", "dir", "search", "legend", "optgroup", "option", "listing",
        "xmp", "plaintext", "td", "th", "thead", "tbody", "tfoot", "caption",
    }
)  # fmt: skip
#: Marks the end of a line while text is collected.
BREAK = "\n\x00"
_SPACE = re.compile(r"[ \t\r\n\f]+")


def children(node: Any) -> Iterator[Any]:
    """An element's children, text and comments included.

    A processing instruction (`<?p ?>`) has no tag, shows nothing and is left out.
    """
    child = node.child
    while child is not None:
        if child.tag is not None:
            yield child
        child = child.next


def squeeze(text: str) -> str:
    """Runs of white space as one blank; U+00A0 and U+3000 stay."""
    return _SPACE.sub(" ", text).strip(" ")


def tidy(text: str) -> str:
    """White space as a browser shows it, a line for every BREAK."""
    return "\n".join(squeeze(line) for line in text.split(BREAK))
