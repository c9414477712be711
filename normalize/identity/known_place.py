"""A name → whether the tables of divisions know it, and the codes that it may mean."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Literal, NamedTuple

from gongkai.normalize.identity.abolished import find_retired
from gongkai.normalize.identity.division import (
    find_all_townships,
    find_places,
    find_stem,
    find_townships,
    raised_zones,
    township_names,
)

_TOWNSHIP = ("街道", "镇", "乡", "苏木", "地区")


class KnownPlace(NamedTuple):
    """A place of the tables: a division of today by its name or its stem (绩溪), a township, or one abolished."""

    kind: Literal["division", "township", "abolished", "stem"]
    codes: tuple[str, ...]


def find_short_town(text: str, around: Collection[str]) -> tuple[str, ...]:
    """The codes of a township of two characters (杨镇) that lies in one of the divisions named before it."""
    if len(text) != 2 or not around:
        return ()
    return tuple(code for code in find_all_townships(text) if code.startswith(tuple(around)))


@lru_cache(maxsize=20_000)
def find_known(text: str) -> KnownPlace | None:
    """The place that this whole text names.

    >>> find_known("绩溪县").kind, find_known("绩溪").kind, find_known("下城区").kind, find_known("青石县")
    ('division', 'stem', 'abolished', None)
    """
    if text in raised_zones():
        return None
    found = find_places(text)
    codes = tuple(place.code for place in found if place.rule != "stem")
    if codes:
        return KnownPlace("division", codes)
    if len(text) > 2 and text.endswith(_TOWNSHIP) and text in township_names():
        return KnownPlace("township", find_all_townships(text))
    if len(text) > 2 and text.endswith("街"):  # 六角亭街 is called 六角亭街道 or 六角亭街街道 in the table
        long = [name for name in (f"{text}道", f"{text}街道") if name in township_names()]
        codes = tuple(code for name in long for code in find_townships(name))
        return KnownPlace("township", codes) if long else None
    if retired := find_retired(text):
        return KnownPlace("abolished", tuple(r.division.code for r in retired))
    codes = tuple(place.code for place in found) or find_stem(text)
    return KnownPlace("stem", codes) if codes else None
