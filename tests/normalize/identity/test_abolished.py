"""Divisions that are no more, and the whole table of those that are: no body of theirs has another's code."""

from __future__ import annotations

from gongkai.normalize.identity.abolished import (
    find_retired,
    had_namesake,
    match_retired,
    retired_names,
    successors,
)
from gongkai.normalize.identity.body import resolve_body
from gongkai.normalize.identity.division import current_names, division, prefix

#: A line of the table that stands for a city without counties, and names that stand for no place.
_NONE = ("市辖区", "直辖县级行政区划")


def test_every_county_of_today_has_its_own_code_or_none() -> None:
    wrong = []
    for code, name in current_names().items():
        if name.endswith(_NONE) or name == "县":
            continue
        found = division(prefix(code))
        city = found.parents[-1] if found.parents else ""
        for org in (f"{name}财政局", f"{city}{name}教育局", f"{''.join(found.parents)}{name}人民政府"):
            got = resolve_body(org).division
            if got is not None and got.code != code and (got.name, got.code[:4]) != (name, code[:4]):
                wrong.append((org, got.code))
    assert wrong == []


def test_no_body_of_a_place_that_is_no_more_has_the_code_of_another() -> None:
    wrong = []
    for name, many in retired_names().items():
        for old in many:
            city = old.division.parents[-1] if old.division.parents else ""
            for org in (
                f"{name}财政局",
                f"{city}{name}教育局",
                f"{''.join(old.division.parents)}{name}人民政府",
            ):
                got = resolve_body(org).division
                if got is not None and got.name != name:
                    wrong.append((org, str(got)))
                elif got is not None and had_namesake(
                    name
                ):  # a namesake of today: another place, or another extent
                    assert got.parents[-1] in org, org
    assert wrong == []


def test_a_retired_name_is_found_behind_its_city_only() -> None:
    name, found = match_retired("下城区教育局", ("杭州市",))
    assert (name, [r.division.code for r in found], found[0].last) == ("下城区", ["330103"], "201904")
    assert match_retired("下城区教育局", ("宁波市",)) == ("", ())
    assert match_retired("城区教育局", ()) == ("", ())  # a word, where no city stands before it
    assert [r.division.code for r in match_retired("城区教育局", ("大同市",))[1]] == ["140202"]


def test_what_is_in_its_place_today_has_its_stem_or_its_name() -> None:
    assert [d.code for d in successors(find_retired("洪泽县"))] == ["320813"]
    assert [
        d.code for d in successors(find_retired("下城区"))
    ] == []  # part of another district, whose name does not tell
