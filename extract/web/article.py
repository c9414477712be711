"""The body of a web page → the element that holds its article."""

from __future__ import annotations

import re
from typing import Any

from gongkai.extract.web.css import Styles
from gongkai.extract.web.dom import AROUND, BLOCK, BREAK, UNSEEN, children, tidy
from gongkai.extract.web.table import is_layout, is_placed

#: The child with this share of an element's text holds the article.
SHARE = 0.75
#: An element beside the largest one is part of the article if it has a numbered heading …
_NUMBERED = re.compile(r"^\s*(?:[一二三四五六七八]\s*、|第[一二三四五六七八]部分)", re.MULTILINE)
#: … or a table with so many numbers.
_NUMBERS = 4
#: Elements that hold no article.
_NO_ARTICLE = UNSEEN | AROUND | {"p", "a", "ul"}


def find_article(body: Any, styles: Styles) -> Any:
    """The smallest element that still has most of the page's text, links aside."""
    sizes: dict[int, int] = {}
    _measure(body, styles, sizes, False)
    node = body
    while True:
        best = _largest_child(node, sizes)
        if best is None or sizes.get(best.mem_id, 0) < SHARE * sizes.get(node.mem_id, 0):
            return node
        if any(
            sizes.get(child.mem_id) and _is_part(child, styles)
            for child in children(node)
            if child.mem_id != best.mem_id
        ):
            return node
        if best.tag == "table" and not _holds_article(best):
            return node
        if best.tag != "table" and is_placed(best, styles):
            return node
        node = best


def _measure(node: Any, styles: Styles, sizes: dict[int, int], linked: bool) -> int:
    """How much text is seen below a node, links aside; it goes to `sizes` for every element."""
    total = 0
    for child in children(node):
        tag = child.tag
        if tag == "-text":
            total += 0 if linked or styles.unseen(node) else len((child.text_content or "").strip())
        elif tag not in UNSEEN and not tag.startswith("-") and not styles.hides(child):
            total += _measure(child, styles, sizes, linked or tag == "a")
    sizes[node.mem_id] = total
    return total


def _largest_child(node: Any, sizes: dict[int, int]) -> Any | None:
    """The child with the most text among those that may hold an article."""
    candidates = (c for c in children(node) if not c.tag.startswith("-") and c.tag not in _NO_ARTICLE)
    return max(candidates, key=lambda c: sizes.get(c.mem_id, 0), default=None)


def _holds_article(table: Any) -> bool:
    """Whether a table lays out the page: it holds tables or paragraphs, and is no table of figures."""
    has_blocks = table.css_first("table table") is not None or table.css_first("td p, td div") is not None
    return has_blocks and is_layout(table)


def _is_part(node: Any, styles: Styles) -> bool:
    """Whether an element with text beside the largest one belongs to the article."""
    if node.tag.startswith("-") or node.tag in UNSEEN | AROUND | {"a"} or styles.hides(node):
        return False
    if sum((td.text() or "").strip().isdigit() for td in node.css("td")) >= _NUMBERS:
        return True
    parts: list[str] = []
    _collect_text(node, parts)
    return _NUMBERED.search(tidy("".join(parts))) is not None


def _collect_text(node: Any, parts: list[str]) -> None:
    """The text below a node without links, with a BREAK before every block."""
    for child in children(node):
        if child.tag == "-text":
            parts.append(child.text_content or "")
        elif not child.tag.startswith("-") and child.tag not in UNSEEN and child.tag != "a":
            if child.tag in BLOCK or child.tag == "br":
                parts.append(BREAK)
            _collect_text(child, parts)
