"""Radicals → the ideographs that they look like: ⻓ is 长, ⼀ is 一."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from gongkai.startup_cache import read_toml

#: The block of Kangxi radicals, which NFKC folds one by one.
_KANGXI = range(0x2F00, 0x2FD6)
#: The characters between which all radicals stand.
_RADICAL = re.compile("[\u2e80-\u2fd5]")


def fold_radicals(text: str) -> str:
    """The text with its radicals as ideographs; all else stays as it is.

    >>> fold_radicals("⼀、总体情况 ⻓期")
    '一、总体情况 长期'
    """
    return text.translate(_table()) if _RADICAL.search(text) is not None else text


@cache
def _table() -> dict[int, str]:
    data = read_toml(__package__, "radicals.toml")
    kangxi = {c: unicodedata.normalize("NFKC", chr(c)) for c in _KANGXI}
    return kangxi | {ord(c): to for c, to in zip(data["radicals"], data["ideographs"], strict=True)}
