"""A page's style sheets → what they hide, and which elements they draw as tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
#: rules for paper, small screens and fonts: not what a reader at a desk sees
_AT = re.compile(r"@[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE = re.compile(r"(?:[a-z]+)?([.#][\w-]+)")
_DISPLAY = re.compile(r"(?:^|;)\s*display\s*:\s*([a-z-]+)", re.IGNORECASE)
_INVISIBLE = re.compile(r"(?:^|;)\s*visibility\s*:\s*hidden", re.IGNORECASE)
_STRUCK = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE)
_STRUCK_TAGS = frozenset({"del", "s", "strike"})


@dataclass(frozen=True, slots=True)
class Styles:
    """`display` by simple selector (".name", "#name"): what a sheet of the page says last."""

    display: Mapping[str, str] = field(default_factory=dict)

    def of(self, node: Any) -> str:
        """How an element is displayed, "" where nothing is said: none, table, table-row, …"""
        attributes = node.attributes
        if "hidden" in attributes:
            return "none"
        own = attributes.get("style")
        if own:
            hit = _DISPLAY.search(own)
            if hit is not None:
                return hit[1].lower()
            if _INVISIBLE.search(own):
                return "none"
        if self.display:
            for name in self._names(attributes):
                if name in self.display:
                    return self.display[name]
        return ""

    def _names(self, attributes: Mapping[str, str | None]) -> list[str]:
        id = attributes.get("id")
        return ([f"#{id}"] if id else []) + [f".{c}" for c in (attributes.get("class") or "").split()]

    def hides(self, node: Any) -> bool:
        """Whether a reader of the page does not see an element."""
        return self.of(node) == "none"


def styles(tree: Any) -> Styles:
    """The simple rules of the page's own sheets; rules for paper and small screens are left out."""
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
                    display[name[1]] = hit[1].lower()
    return Styles(display)


def is_struck(node: Any) -> bool:
    """Whether an element's text is crossed out."""
    if node.tag in _STRUCK_TAGS:
        return True
    own = node.attributes.get("style")
    return bool(own) and _STRUCK.search(own) is not None
