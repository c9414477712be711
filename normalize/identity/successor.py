"""Organs that a reform put in the place of others: links between two bodies, never one id for both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from gongkai.startup_cache import read_toml

#: What kind of organ it is, after what it is for; a reform may make a bureau of a commission.
_KIND = re.compile(r"(?:局|厅|委员会|办公室|总局)$")


class YearsOfBody(NamedTuple):
    """A body by its id, with the first and the last year of its reports."""

    id: str
    first: int
    last: int


class _Reform(NamedTuple):
    years: tuple[int, int]
    before: frozenset[str]
    after: frozenset[str]


@cache
def _reforms() -> tuple[_Reform, ...]:
    data = read_toml(__package__, "successors.toml")
    return tuple(
        _Reform((r["years"][0], r["years"][1]), frozenset(r["before"]), frozenset(r["after"]))
        for r in data["reforms"]
    )


def find_predecessors(body: YearsOfBody, others: Iterable[YearsOfBody]) -> Iterator[str]:
    """The ids of those among `others` that a reform put this body in the place of.

    Only in the same division, and where the one's last year and the other's first go with the reform.

    >>> old = YearsOfBody("341824/国土资源局", 2010, 2018)
    >>> list(find_predecessors(YearsOfBody("341824/自然资源和规划局", 2019, 2023), [old]))
    ['341824/国土资源局']
    """
    place, function = _take_apart(body.id)
    for other in others:
        there, before = _take_apart(other.id)
        if there != place or other.id == body.id or other.last > body.first:
            continue
        for reform in _reforms():
            reached = other.last <= reform.years[1] and body.first >= reform.years[0]
            if reached and function in reform.after and before in reform.before:
                yield other.id
                break


def _take_apart(id: str) -> tuple[str, str]:
    """The place of an id, and what its organ is for."""
    place, _, organ = id.rpartition("/")
    return place, _KIND.sub("", organ)
