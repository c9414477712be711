"""A page's style sheets → what they hide, and which elements they draw as tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
#: Rules for paper, small screens and fonts: a reader at a desk does not see them.
_AT = re.compile(r"@[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE = re.compile(r"(?:[a-z]+)?([.#][A-Za-z_][\w-]*)", re.ASCII)
_DISPLAY = re.compile(r"(?:^|;)\s*display\s*:\s*([a-z-]+)", re.IGNORECASE)
_INVISIBLE = re.compile(r"(?:^|;)\s*visibility\s*:\s*hidden", re.IGNORECASE)
_STRUCK = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Styles:
    """How elements are displayed, by the id that the parser gives each while the page lives; and which are struck."""

    display: Mapping[int, str] = field(default_factory=dict)
    struck: frozenset[int] = frozenset()

    def of(self, node: Any) -> str:
        """How an element is displayed, "" where no style names it: none, table, table-row, …"""
        return self.display.get(node.mem_id, "")

    def hides(self, node: Any) -> bool:
        """Whether a reader of the page does not see an element."""
        return self.display.get(node.mem_id) == "none"

    def strikes(self, node: Any) -> bool:
        """Whether an element's text is crossed out."""
        return node.mem_id in self.struck


def read_styles(tree: Any) -> Styles:
    """The page's own sheets and the styles of its elements; an element's own style has the last word.

    Only simple rules of the sheets are read; those for paper and small screens are left out.
    """
    display: dict[int, str] = {}
    for name, how in _sheets(tree).items():
        display |= {node.mem_id: how for node in tree.css(name)}
    for node in tree.css('[style*="display" i], [style*="visibility" i]'):
        own = node.attributes.get("style") or ""
        hit = _DISPLAY.search(own)
        if hit is not None:
            display[node.mem_id] = hit[1].lower()
        elif _INVISIBLE.search(own):
            display[node.mem_id] = "none"
    display |= {node.mem_id: "none" for node in tree.css("[hidden]")}
    struck = {node.mem_id for node in tree.css("del, s, strike")}
    struck |= {
        node.mem_id
        for node in tree.css('[style*="line-through" i]')
        if _STRUCK.search(node.attributes.get("style") or "")
    }
    return Styles(display, frozenset(struck))


def _sheets(tree: Any) -> dict[str, str]:
    """Simple selectors and how they are displayed, in the order of the sheets."""
    display: dict[str, str] = {}
    for sheet in tree.css("style"):
        text = sheet.text() or ""
        if "display" not in text:
            continue
        for selectors, body in _RULE.findall(_AT.sub("", _COMMENT.sub("", text))):
            hit = _DISPLAY.search(body)
            if hit is None:
                continue
            for selector in selectors.split(","):
                name = _SIMPLE.fullmatch(selector.strip())
                if name is not None:
                    display.pop(name[1], None)  # so that the last rule comes last
                    display[name[1]] = hit[1].lower()
    return display
