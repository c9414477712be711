"""Abolished cities and counties that reports are about: 下城区 of 杭州市 until 2021, 洪泽县 until 2016.

Their names are recognised. A body of an abolished place gets no code, neither that of the city around
it nor that of another place of its name. Its successor is named as a candidate only. A place that only
changed its name (襄樊市 is 襄阳市 since 2010) lends its bodies the id of today's.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from gongkai.model import Division
from gongkai.normalize.identity.division import current_names, division, prefix

#: The shortest name that counts without a city before it: 城区 and 矿区 are words.
_LEAST_ALONE = 3
_LONGEST = 15


class Retired(NamedTuple):
    """A division of an earlier year; `last` is the last revision of GB/T 2260 that has it, as 201904.

    `beside`: another place had the same name then, and has it today.
    """

    division: Division
    last: str
    beside: bool


@cache
def retired_names() -> dict[str, tuple[Retired, ...]]:
    """The retired divisions by their names, from abolished.txt."""
    lines = files(__package__).joinpath("abolished.txt").read_text("utf-8").splitlines()
    found: dict[str, list[Retired]] = {}
    for line in (line for line in lines if not line.startswith("#")):
        code, name, path, last, *beside = line.split(" ")
        level = "city" if code.endswith("00") else "county"
        own = Division(code, name, level, tuple(p for p in path.split("/") if p))  # type: ignore[arg-type]
        found.setdefault(name, []).append(Retired(own, last, bool(beside)))
    return {name: tuple(many) for name, many in found.items()}


def find_retired(name: str) -> tuple[Retired, ...]:
    """The retired divisions of exactly this name."""
    return retired_names().get(name, ())


def had_namesake(name: str) -> bool:
    """Whether an abolished place shared this name with another one in some year since 2008.

    >>> had_namesake("桥东区"), had_namesake("绩溪县")
    (True, False)
    """
    return any(r.beside for r in find_retired(name))


def match_retired(rest: str, parents: tuple[str, ...]) -> tuple[str, tuple[Retired, ...]]:
    """The retired name at the start of `rest` and the divisions it may be; "" and none where there is none.

    The longest name counts. With `parents`, it must have been a part of the last of them. Without
    any, a name of two characters does not count.
    """
    for end in range(min(len(rest), _LONGEST), 1, -1):
        known = retired_names().get(rest[:end], ())
        fits = tuple(r for r in known if not parents or parents[-1] in r.division.parents)
        if fits and (parents or end >= _LEAST_ALONE):
            return rest[:end], fits
    return "", ()


@cache
def _renamed() -> dict[tuple[str, str], tuple[int, str]]:
    """Old code and name → year and code of today, from renamed.txt."""
    lines = files(__package__).joinpath("renamed.txt").read_text("utf-8").splitlines()
    fields = (line.split(" ") for line in lines if not line.startswith("#"))
    return {(old, name): (int(year), new) for old, name, year, new in fields}


def find_renamed(found: tuple[Retired, ...]) -> tuple[int, Division] | None:
    """Since when a retired division has another name, and what it is today; None where it is more than a rename.

    >>> year, today = find_renamed(find_retired("襄樊市"))
    >>> year, today.name, find_renamed(find_retired("下城区"))
    (2010, '襄阳市', None)
    """
    if len(found) != 1:
        return None
    own = found[0].division
    if (own.code, own.name) not in _renamed():
        return None
    year, code = _renamed()[own.code, own.name]
    return year, division(prefix(code))


def shares_stem(stem: str, place: Division) -> bool:
    """Whether an abolished place of another city had this name but for its ending: 襄阳 was a district of 襄樊市."""
    return any(
        name[:-1] == stem and r.division.code[:4] != place.code[:4]
        for name, many in retired_names().items()
        for r in many
    )


def may_be_another(found: tuple[Retired, ...]) -> bool:
    """Whether a division of today that is not the heir may be called by a retired name: 东乡县, 东乡族自治县."""
    renamed = find_renamed(found)
    heir = "" if renamed is None else renamed[1].code
    stems = {r.division.name[:-1] for r in found}
    return any(
        name.startswith(stem) for stem in stems for code, name in current_names().items() if code != heir
    )


def successors(found: tuple[Retired, ...]) -> Iterator[Division]:
    """Possible successors: the same name elsewhere in the province, or its stem in the same city."""
    for r in found:
        own = r.division
        for code, name in current_names().items():
            moved = name == own.name and code[:2] == own.code[:2]
            renamed = (
                code[:4] == own.code[:4]
                and code.endswith("00") == own.code.endswith("00")
                and name != own.name
                and name.startswith(own.name[:-1])
            )
            if moved or (renamed and len(name) <= len(own.name) + 1):
                yield division(code[:4] if code.endswith("00") else code)
