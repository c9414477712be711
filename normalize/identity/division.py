"""Names of administrative divisions ↔ their codes, from the table beside this file.

The table is that of June 2023 with the checked additions until September 2026; nothing is dropped from it that
was there in 2023, and places abolished before are not in it. In this folder a code has 2, 4, 6 or 9 digits and
begins with the codes of its parents. A Division has its code as it is commonly written, with 6 digits or 9.
"""

from __future__ import annotations

import gzip
import itertools
import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from gongkai.model import Division, Level
from gongkai.startup_cache import read_toml

_LEVELS: dict[int, Level] = {2: "province", 4: "city", 6: "county", 9: "township"}
#: Endings of lines of the table that are no places.
_NO_PLACE = ("市辖区", "直辖县级行政区划")
_SUFFIX = re.compile(r"(?:省|市|地区|盟|州|区)$")
#: What the name of a province, city or county ends with.
ENDING = re.compile(r"(?:省|自治区|市|地区|盟|州|区|县|旗)$")
#: What stands in the table for the three digits of a township that has no code.
_UNCODED = "---"
_TOWNSHIP = re.compile(r"(?:街道|镇|乡|苏木|..地区)$")


class NamedPlace(NamedTuple):
    """A division that a name may mean. `rule` is "full_name", "short_name" or "stem"."""

    code: str
    rule: str


class _Table(NamedTuple):
    names: dict[str, str]
    founded: dict[str, int]
    places: dict[str, tuple[NamedPlace, ...]]
    townships: bytes


@cache
def words() -> dict[str, Any]:
    """The wordings of bodies.toml."""
    return read_toml(__package__, "bodies.toml")


@cache
def _table() -> _Table:
    # Townships are searched in one run of bytes: building a dict of 41,000 names takes longer than
    # reading a report.
    data = gzip.decompress(files(__package__).joinpath("divisions.txt.gz").read_bytes())
    head, _, townships = data.partition(b"\n\n")
    lines = (line.split(" ", 1) for line in head.decode("utf-8").split("\n") if line[0] != "#")
    fields = [(code, *name.split(" ")) for code, name in lines]
    names = {code: name for code, name, *_ in fields}
    founded = {code: int(year[0]) for code, _, *year in fields if year}
    return _Table(names, founded, _index(names), townships)


def table_dates() -> list[str]:
    """The days as of which the table's sources stand, as its head names them: 2023-06-30."""
    data = gzip.decompress(files(__package__).joinpath("divisions.txt.gz").read_bytes())
    head = itertools.takewhile(lambda line: line.startswith(b"#"), data.splitlines())
    return sorted(set(re.findall(r"\d{4}-\d\d-\d\d", b"\n".join(head).decode("utf-8"))))


def is_zone(code: str) -> bool:
    """Whether a line of the table is a zone, which has no government: its code ends with 71 to 79.

    >>> is_zone("320576"), is_zone("220106")  # 苏州工业园区; 绿园区, a district
    (True, False)
    """
    return len(code) == 6 and code[4] == "7"


@cache
def listed_zones() -> dict[str, str]:
    """The zones of the table → the code of their city."""
    return {name: code[:4] for code, name in _table().names.items() if is_zone(code)}


def _index(names: dict[str, str]) -> dict[str, tuple[NamedPlace, ...]]:
    index: dict[str, list[NamedPlace]] = {}
    shorts = words()["short"]
    for code, name in names.items():
        if name.endswith(_NO_PLACE) or name == "县" or is_zone(code):
            continue
        if len(code) == 6 and names[code[:4]] == name:  # 东莞市 is a city and its own county: one place
            continue
        index.setdefault(name, []).append(NamedPlace(code, "full_name"))
        for short in shorts.get(name, ()):
            index.setdefault(short, []).append(NamedPlace(code, "short_name"))
        bare = drop_nations(name) if "自治" in name else name
        if bare != name and len(bare) > 2 and len(code) > 2:
            index.setdefault(bare, []).append(NamedPlace(code, "short_name"))
        if len(code) <= 4 and len(stem := _SUFFIX.sub("", bare)) > 1:
            index.setdefault(stem, []).append(NamedPlace(code, "stem"))
    return {name: tuple(found) for name, found in index.items()}


def drop_nations(name: str) -> str:
    """The name of an autonomous division without its nations.

    >>> drop_nations("芷江侗族自治县"), drop_nations("恩施土家族苗族自治州"), drop_nations("绩溪县")
    ('芷江县', '恩施州', '绩溪县')
    """
    head, found, _ = name.rpartition("自治")
    if not found:
        return name
    return _nations().sub("", head) + name[-1]


@cache
def _nations() -> re.Pattern[str]:
    # 族 may be missing after a long name (蒙古自治州), never after a short one: 陵水 is no 水族.
    names = words()["nations"]
    return re.compile(rf"(?:(?:{'|'.join(names)}|各)族|(?:{'|'.join(n for n in names if len(n) > 1)}))+$")


def find_places(name: str) -> tuple[NamedPlace, ...]:
    """The provinces, cities and counties that a name may mean."""
    return _table().places.get(name, ())


def founding_year(code: str) -> int | None:
    """When a division that is newer than the table of 2023 was founded; a part of it has the year of its county."""
    return _table().founded.get(code[:6])


@cache
def raised_zones() -> frozenset[str]:
    """Districts that were zones before: 两江新区. Most reports of that name are the zone's, which has no government."""
    table = _table()
    return frozenset(table.names[code] for code in table.founded if table.names[code].endswith("新区"))


@cache
def _stems() -> dict[str, tuple[str, ...]]:
    """Names of cities and counties without 市 or 县 → codes: 绩溪 of 绩溪县; at least two characters."""
    found: dict[str, list[str]] = {}
    for name, named in _table().places.items():
        stem = ENDING.sub("", name)
        if stem != name and len(stem) > 1:
            found.setdefault(stem, []).extend(n.code for n in named if n.rule == "full_name")
    return {stem: tuple(sorted(set(codes))) for stem, codes in found.items() if codes}


def find_by_stem(name: str) -> tuple[str, ...]:
    """The divisions whose name without 市 or 县 begins this name (绩溪发改委). The longest such stem counts."""
    return next((_stems()[name[:n]] for n in range(6, 1, -1) if name[:n] in _stems()), ())


def find_stem(name: str) -> tuple[str, ...]:
    """The divisions whose name without 市 or 县 is this name: 绩溪."""
    return _stems().get(name, ())


@cache
def township_names() -> frozenset[str]:
    """The names of all townships, for a name that is looked for in many pieces of a text."""
    return frozenset(line[3:] for line in _table().townships.decode("utf-8").split("\n"))


def find_townships(name: str) -> tuple[str, ...]:
    """The codes of all townships of exactly this name; none for a name that no township can have."""
    return tuple(code for code in find_all_townships(name) if not code.endswith(_UNCODED))


def find_uncoded(name: str) -> tuple[str, ...]:
    """The counties that have a township of this name for which the table has no code."""
    return tuple(code[:6] for code in find_all_townships(name) if code.endswith(_UNCODED))


@lru_cache(maxsize=1024)
def find_all_townships(name: str) -> tuple[str, ...]:
    """The codes of all townships of exactly this name; behind its county's code, one that has none has "---"."""
    if not _TOWNSHIP.search(name):
        return ()
    data, wanted = _table().townships, name.encode("utf-8") + b"\n"
    found = []
    at = data.find(wanted)
    while at >= 0:
        own = data[at - 3 : at].decode("utf-8", "replace")
        if data[at - 4 : at - 3] == b"\n" and (own.isdigit() or own == _UNCODED):
            county = data.rfind(b">", 0, at)
            found.append(data[county + 1 : county + 7].decode("ascii") + own)
        at = data.find(wanted, at + 1)
    return tuple(found)


def find_raised(name: str) -> tuple[str, ...]:
    """Townships that may have had this name before they were raised: 乡 becomes 镇, and 镇 becomes 街道.

    The table has today's names only, and reports are of any year. It has one 定远乡 and two 定远镇.
    """
    hit = re.fullmatch(r"(.+)(苏木|乡|镇)", name)
    if hit is None:
        return ()
    higher = ("街道",) if hit[2] == "镇" else ("镇", "街道")
    return tuple(code for suffix in higher for code in find_townships(hit[1] + suffix))


@cache
def current_names() -> dict[str, str]:
    """Code of six digits → name, for today's cities and counties."""
    return {code.ljust(6, "0"): name for code, name in _table().names.items() if len(code) > 2}


def has_division(code: str) -> bool:
    """Whether the table has a division of this code (2, 4, 6 or 9 digits)."""
    return code in _table().names or (len(code) == 9 and _township(code) is not None)


def prefix(code: str) -> str:
    """A code as it is commonly written → the digits that the codes of its parts begin with.

    >>> prefix("340000"), prefix("340500"), prefix("340522"), prefix("340522101")
    ('34', '3405', '340522', '340522101')
    """
    return re.sub(r"^(\d\d)(?:0000)?$|^(\d{4})00$", r"\1\2", code) if len(code) == 6 else code


@lru_cache(maxsize=4096)
def division(code: str) -> Division:
    """The division of a code of 2, 4, 6 or 9 digits.

    Raises KeyError where the table has none.
    """
    names = _table().names
    parents = [names[code[:n]] for n in (2, 4, 6) if n < len(code)]
    # The parent of 429006 天门市 is a line that is no place; that of 441900 东莞市 is itself.
    own = _township(code) if len(code) == 9 else names[code]
    if own is None:
        raise KeyError(code)
    shown = tuple(dict.fromkeys(p for p in parents if not p.endswith(_NO_PLACE) and p not in (own, "县")))
    return Division(code if len(code) == 9 else code.ljust(6, "0"), own, _LEVELS[len(code)], shown)


@cache
def _counties() -> dict[str, int]:
    """Where the townships of each county begin."""
    return {hit[1].decode(): hit.start() for hit in re.finditer(rb">(\d{6})\n", _table().townships)}


def _township(code: str) -> str | None:
    data = _table().townships
    start = _counties().get(code[:6], -1)
    at = data.find(f"\n{code[6:]}".encode(), start)
    end = data.find(b"\n>", start)
    if start < 0 or not start < at < (end if end >= 0 else len(data)):
        return None
    return data[at + 4 : data.find(b"\n", at + 1)].decode("utf-8")
