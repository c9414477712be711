"""The scripts of a page → which elements they fill when a browser shows it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from gongkai.record import dataclass

#: So many characters of a page's scripts are looked at.
_MOST = 2_000_000
_NAMED = re.compile(r"[\"'`]#?([A-Za-z_][\w\-:.]{0,80})[\"'`](\s{0,3}\+)?")
_WRITTEN = re.compile(
    r"""
    (?: getElementById | querySelector | \$ | jQuery ) \( \s{0,3} ["'`] \#? ( [A-Za-z_][\w\-:.]{0,80} ) ["'`] \s{0,3} \)
    \s{0,3} \. \s{0,3} (?: innerHTML | innerText | textContent | value | text\( | html\( | val\( | append )
    """,
    re.VERBOSE,
)
#: Attributes by which a program's library fills an element.
_BOUND = re.compile(
    r"""
      (?: v-|x- ) (?: text | html ) | ng-bind (?: -html )? | :text | th:text
    | data- (?: bind | text | field | value | content )
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Scripts:
    """The ids that scripts name, the ones that they certainly fill, and beginnings of ids that they put together."""

    named: frozenset[str] = frozenset()
    written: frozenset[str] = frozenset()
    begun: frozenset[str] = frozenset()

    def fills(self, attributes: Mapping[str, str | None], is_empty: bool) -> bool:
        """Whether a program puts text into an element: an empty one that it names, or any that it writes to."""
        id = attributes.get("id") or ""
        if id and id in self.written:
            return True
        if not is_empty:
            return False
        if any(_BOUND.fullmatch(name) for name in attributes):
            return True
        return bool(id) and (id in self.named or id.rstrip("0123456789_-") in self.begun)


def read_scripts(tree: Any) -> Scripts:
    """What the scripts in a page say; those in files of their own are not at hand."""
    text = "\n".join(
        script.text() or "" for script in tree.css("script") if not script.attributes.get("src")
    )[:_MOST]
    found = _NAMED.findall(text)
    return Scripts(
        frozenset(name for name, _ in found),
        frozenset(_WRITTEN.findall(text)),
        frozenset(name for name, plus in found if plus),
    )
