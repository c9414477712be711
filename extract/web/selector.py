"""A selector of a style sheet → the elements that it names.

Lexbor matches what stands between blanks and signs (`td.a[x]`). What joins these is matched here, one
part after the other: a parser that goes back and forth takes minutes for a hostile selector.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from gongkai.model import TooLarge

#: So much work is done for the selectors of a page: a part of a selector costs one for each element.
MOST_WORK = 60_000_000
#: Counting among siblings takes a parser so many times longer, looking at what is around an element so many.
_COUNTING, _LOOKING = 120, 4
_TOKEN = re.compile(r"\s*([>+~])\s*|\s+")
_PSEUDO_ELEMENT = re.compile(r":{1,2}(before|after|first-line|first-letter|marker)\b|::[\w-]+", re.IGNORECASE)
_GROUP = re.compile(r":(?:is|where|not|has|matches)\(", re.IGNORECASE)
#: A selector in brackets with parts of its own: lexbor would go back and forth in it.
_JOINED_INSIDE = re.compile(r":(?:is|where|not|has|matches)\([^)]*[\s>+~(][^)]*\)", re.IGNORECASE)
_NOT_STATE = re.compile(r":not\(\s*:(?:hover|focus[\w-]*|active|visited|target)\s*\)", re.IGNORECASE)
_STATE = re.compile(r":(?:hover|focus[\w-]*|active|visited|target)\b", re.IGNORECASE)
_NAMED = re.compile(r"[.#]([A-Za-z_\-][\w\-]*)")
_ID, _CLASS = re.compile(r"#[\w-]+"), re.compile(r"\.[\w-]+|\[[^\]]*\]|(?<!:):(?!:)[\w-]+")
_TYPE = re.compile(r"(?:^|[\s>+~(])([a-zA-Z][\w-]*)")


@dataclass(slots=True)
class Selectors:
    """The elements of a page, for selectors."""

    tree: LexborHTMLParser
    elements: list[Any]
    #: by the element's id; the parser makes them anew each time that it is asked
    attributes: dict[int, Mapping[str, str | None]]
    parents: dict[int, int]
    before: dict[int, int]
    names: frozenset[str]
    work: int = 0
    _parts: dict[str, frozenset[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, tree: LexborHTMLParser) -> Selectors:
        """The elements of a page in their order, by the id that the parser gives each."""
        elements: list[Any] = []
        found: dict[int, Mapping[str, str | None]] = {}
        parents: dict[int, int] = {}
        before: dict[int, int] = {}
        names: set[str] = set()
        stack: list[Any] = [] if tree.root is None else [tree.root]
        elements += stack
        found |= {node.mem_id: node.attributes for node in stack}
        while stack:
            node = stack.pop()
            below: list[Any] = []
            child, around, last = node.child, node.mem_id, 0
            while child is not None:
                tag = child.tag
                if tag is not None and not tag.startswith(
                    "-"
                ):  # else a processing instruction, text or a comment
                    below.append(child)
                    id = child.mem_id
                    parents[id], found[id] = around, child.attributes
                    if last:
                        before[id] = last
                    last = id
                child = child.next
            elements += below
            stack += below
        for attributes in found.values():
            names.update((attributes.get("class") or "").split())
            names.add(attributes.get("id") or "")
        return cls(tree, elements, found, parents, before, frozenset(names))

    def match(self, selector: str) -> frozenset[int]:
        """The ids of the elements that a selector names; none for one that depends on what a user does.

        Raises TooLarge past the limit of work.
        """
        selector = _NOT_STATE.sub("", selector) or "*"
        if _STATE.search(selector) or any(name not in self.names for name in _NAMED.findall(_bare(selector))):
            return frozenset()
        found: frozenset[int] | None = None
        for joint, part in _split_parts(selector):
            matched = self._match_part(part)
            if not matched:
                return frozenset()
            found = matched if found is None else self._join(found, joint, matched)
        return found or frozenset()

    def _match_part(self, part: str) -> frozenset[int]:
        known = self._parts.get(part)
        if known is not None:
            return known
        self._spend(_COUNTING if "nth-" in part else _LOOKING if ":" in part else 1)
        if _JOINED_INSIDE.search(part):
            return frozenset()
        try:
            matched = frozenset(node.mem_id for node in self.tree.css(part))
        except SelectolaxError:  # not a selector, or one that lexbor does not know: it hides nothing
            matched = frozenset()
        self._parts[part] = matched
        return matched

    def _spend(self, times: int) -> None:
        self.work += times * max(len(self.elements), 100)
        if self.work > MOST_WORK:
            raise TooLarge("style sheets with too many rules for a page of this size")

    def _join(self, left: frozenset[int], joint: str, right: frozenset[int]) -> frozenset[int]:
        """Those of `right` that stand to one of `left` as the sign between them says."""
        if joint == ">":
            return frozenset(id for id in right if self.parents.get(id) in left)
        if joint == "+":
            return frozenset(id for id in right if self.before.get(id) in left)
        self._spend(2)
        above: set[int] = set()
        links = self.before if joint == "~" else self.parents
        for node in self.elements:  # whatever stands above or before an element comes before it
            link = links.get(node.mem_id, 0)
            if link in left or link in above:
                above.add(node.mem_id)
        return right & above


def _bare(selector: str) -> str:
    """A selector without brackets: names in :not(.a) need not be on the page."""
    return re.sub(r"\([^)]*\)|\[[^\]]*\]", "", selector)


def _split_parts(selector: str) -> list[tuple[str, str]]:
    """What stands between the signs of a selector, each with the sign before it; a blank is one too."""
    parts: list[tuple[str, str]] = []
    joint, part, depth, at = "", "", 0, 0
    while at < len(selector):
        c = selector[at]
        sign = _TOKEN.match(selector, at) if depth == 0 else None
        if sign is not None:
            if part:
                parts.append((joint, part))
                joint, part = sign[1] or " ", ""
            at = sign.end()
            continue
        depth += (c in "([") - (c in ")]")
        part += c
        at += 1
    return [*parts, (joint, part)] if part else parts


def split_pseudo_element(selector: str) -> tuple[str, str]:
    """A selector without the part that it draws in front of or behind an element, and that part's name."""
    hit = _PSEUDO_ELEMENT.search(selector)
    if hit is None:
        return selector, ""
    rest = (selector[: hit.start()] + selector[hit.end() :]).strip()
    return rest or "*", (hit[1] or "other").lower()


def specificity(selector: str) -> tuple[int, int, int]:
    """How exact a selector is: its ids, its classes, its names of elements."""
    plain = _GROUP.sub("(", selector)
    without = _ID.sub(" ", plain)
    return (
        len(_ID.findall(plain)),
        len(_CLASS.findall(without)),
        len(_TYPE.findall(_CLASS.sub("", without))),
    )
