"""Lines and pieces of text that stand in a narrative and are none of it: page numbers, seals, markup, a page's foot."""

from __future__ import annotations

import re
from functools import cache

from gongkai.startup_cache import read_toml

#: What a piece of markup begins with: most lines have none.
_HAS_MARKUP = re.compile("[<&#]")


def clean_line(text: str) -> str:
    """A line without pieces of markup; "" where nothing of it is narrative.

    >>> clean_line("- 3 -"), clean_line("没有<br/>收到申请。")
    ('', '没有收到申请。')
    """
    if is_page_number(text) or _pattern("lines").fullmatch(text.strip()):
        return ""
    return _pattern("pieces").sub("", text) if _HAS_MARKUP.search(text) else text


def is_page_number(text: str) -> bool:
    """Whether a line is nothing but the number of a page, marked as one: - 3 -, 第 3 页."""
    return _pattern("pages").fullmatch(text.strip()) is not None


def begins_foot(text: str) -> bool:
    """Whether a line behind the last heading begins what a page prints below a report."""
    return _pattern("ends").match(text.strip()) is not None


@cache
def _pattern(name: str) -> re.Pattern[str]:
    data = read_toml(__package__, "leftovers.toml")
    return re.compile("|".join(f"(?:{pattern})" for pattern in data[name]))
