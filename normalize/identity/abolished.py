"""Cities and counties that reports are about and that are no more: 下城区 of 杭州市 until 2021, 洪泽县 until 2016.

Their names are recognised, so that no body of theirs gets the code of the city around it or of a
place of the same name; what a body of theirs is called by today is named as a candidate, never taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from gongkai.model import Division
from gongkai.normalize.identity.division import current, division

#: The shortest name that is looked for where no city stands before it: 城区 and 矿区 are words.
_LEAST_ALONE = 3
_LONGEST = 15


class Retired(NamedTuple):
    """A division of an earlier year; `last` is the last revision of GB/T 2260 that has it, as 201904.

    `beside`: another place had the name at the same time, and has it today.
    """

    division: Division
    last: str
    beside: bool


@cache
def _table() -> dict[str, tuple[Retired, ...]]:
    lines = files(__package__).joinpath("abolished.txt").read_text("utf-8").splitlines()
    found: dict[str, list[Retired]] = {}
    for line in (line for line in lines if not line.startswith("#")):
        code, name, path, last, *beside = line.split(" ")
        level = "city" if code.endswith("00") else "county"
        own = Division(code, name, level, tuple(p for p in path.split("/") if p))  # type: ignore[arg-type]
        found.setdefault(name, []).append(Retired(own, last, bool(beside)))
    return {name: tuple(many) for name, many in found.items()}


def named(name: str) -> tuple[Retired, ...]:
    """The retired divisions of exactly this name."""
    return _table().get(name, ())


def shared(name: str) -> bool:
    """Whether a place of this name was another one's namesake in some year since 2008, and is no more.

    >>> shared("桥东区"), shared("绩溪县")
    (True, False)
    """
    return any(r.beside for r in named(name))


def at(rest: str, parents: tuple[str, ...]) -> tuple[str, tuple[Retired, ...]]:
    """The retired name that a name goes on with behind its `parents`, and the divisions it may be; "" and none.

    The longest name counts; with parents, only what lay in the last of them, and without any, no
    name of two characters.
    """
    for end in range(min(len(rest), _LONGEST), 1, -1):
        known = _table().get(rest[:end], ())
        fits = tuple(r for r in known if not parents or parents[-1] in r.division.parents)
        if fits and (parents or end >= _LEAST_ALONE):
            return rest[:end], fits
    return "", ()


def today(found: tuple[Retired, ...]) -> Iterator[Division]:
    """What may be in their place: the same name elsewhere in the province, or its stem in the same city."""
    for r in found:
        own = r.division
        for code, name in current().items():
            moved = name == own.name and code[:2] == own.code[:2]
            renamed = (
                code[:4] == own.code[:4]
                and code.endswith("00") == own.code.endswith("00")
                and name != own.name
                and name.startswith(own.name[:-1])
            )
            if moved or (renamed and len(name) <= len(own.name) + 1):
                yield division(code[:4] if code.endswith("00") else code)
