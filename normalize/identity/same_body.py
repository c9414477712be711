"""Two names → whether they are spellings of one body; candidates → one group a body."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gongkai.normalize.identity.body_id import long_organ
from gongkai.normalize.identity.candidates import Candidate
from gongkai.normalize.identity.division import division, find_places
from gongkai.normalize.identity.evidence import data
from gongkai.normalize.identity.grammar import Name, cut_zone_short, lexicon
from gongkai.normalize.identity.known_place import find_known

Group = tuple[Candidate, ...]

_REPUBLIC = "中华人民共和国"
_BRANCH = re.compile(r"(.{2,12}?)局(.{2,8}?)(分局|支局)")
#: What kind of place a name without one is of: 县水务局.
LEVEL_WORD = re.compile(r"^(?:本|我|全)?(自治区|省|市|州|盟|县|区|旗)(?=..)")
#: The same at the end of a place: 青川县, 广西壮族自治区.
_LEVEL_END = re.compile("(自治区|省|市|州|盟|县|区|旗)$")
#: The ending of a place inside a zone's name.
_LEVEL = re.compile("(?<=..)[省市县旗州盟](?=...)")


def places_and_organ(name: Name) -> tuple[tuple[str, ...], str]:
    """A name's places and the long form of its organ.

    杭州市公安局滨江区分局, 滨江区公安分局 and 杭州市滨江区公安分局 have the same.
    """
    places = tuple(f"{p}道" if p.endswith("街") else p for p in name.places)
    organ = long_organ(name.long_organ)
    hit = _BRANCH.fullmatch(organ)
    if hit is not None and (hit[2].endswith(("市", "县", "区", "旗")) or find_known(hit[2]) is not None):
        return (*places, hit[2]), hit[1] + hit[3]
    return places, organ


def is_same(a: Name, b: Name) -> bool:
    """Whether two names may be one body: the same organ, and one chain of places ends or begins the other.

    A name without a place that tells its kind is none of another kind: 县乡村振兴局 is not 四川省乡村振兴局.
    """
    if (a.bare or b.bare) and _differ(_find_level(a), _find_level(b)):
        return False
    (places, organ), (others, other_organ) = places_and_organ(a), places_and_organ(b)
    if not (
        organ == other_organ
        or _is_central_cut_short(organ, other_organ)
        or _is_cut_short(a, b)
        or _is_cut_short(b, a)
    ):
        return False
    if not _fits_zone(a.zone, b.zone):
        return _is_called_after(a, b) or _is_called_after(b, a)
    if bool(a.centre.removeprefix(_REPUBLIC)) != bool(b.centre.removeprefix(_REPUBLIC)) and organ != "税务局":
        return False
    one, other = ("".join(map(_write_out_place, chain)) for chain in (places, others))
    return one.endswith(other) or other.endswith(one)


def _find_level(name: Name) -> str:
    """The kind of place that a name tells: 县 of 县水务局 and of 青川县水务局, "" where it tells none."""
    hit = (
        LEVEL_WORD.match(name.text)
        if name.bare
        else _LEVEL_END.search(name.places[-1])
        if name.places
        else None
    )
    level = hit[1] if hit is not None and not name.zone else ""
    return "省" if level == "自治区" else level


def _differ(level: str, other: str) -> bool:
    return bool(level and other) and level != other


def _write_out_place(place: str) -> str:
    """The official name of a division that is called for short by one name only: 张家川回族自治县 for 张家川县."""
    found = {named.code for named in find_places(place)}
    return division(found.pop()).name if len(found) == 1 and len(place) > 2 else place


def _is_central_cut_short(organ: str, other: str) -> bool:
    """Whether two organs are one body of the centre, which its own report calls 税务总局 for 国家税务总局."""
    short, long = sorted((organ, other), key=len)
    return long == "国家" + short and long in lexicon().centre


def _is_cut_short(short: Name, long: Name) -> bool:
    """Whether a name is another one of the same place cut short: 渠县教科局, 泗县科技局.

    教育局 is not 教育体育局 cut short: its word stands whole in the other.
    """
    own, other = short.organ, long.organ
    if not long.places or (short.places != long.places and not short.bare) or not 3 <= len(own) < len(other):
        return False
    if own[0] != other[0] or own[-1] != other[-1] or own[:-1] in other:
        return False
    rest = iter(other)
    return all(character in rest for character in own)


def _fits_zone(a: str, b: str) -> bool:
    """Whether two zones are one: of one name, or one's name ends the other's (柳东新区, 柳州市柳东新区) and is more than a kind."""
    short, long = sorted((cut_zone_short(a), cut_zone_short(b)), key=len)
    return short == long or (bool(short) and long.endswith(short) and short not in lexicon().zones)


def _is_called_after(a: Name, b: Name) -> bool:
    """Whether a zone has a place's name without its ending in it that the other has before it: 德阳高新区, 德阳市高新区."""
    if not a.zone or not b.zone or b.places:
        return False
    one, other = (_LEVEL.sub("", "".join(n.places) + cut_zone_short(n.zone)) for n in (a, b))
    return one.endswith(other) or other.endswith(one)


def group_candidates(candidates: Sequence[Candidate]) -> list[Group]:
    """The candidates, those of one body together. Those whose name has no place join the body they fit."""
    strong = strong_sources()
    groups: list[list[Candidate]] = []
    for candidate in sorted(candidates, key=lambda c: (c.name.bare, -len(c.name.text))):
        fits = [g for g in groups if any(is_same(candidate.name, other.name) for other in g)]
        if fits:
            max(fits, key=lambda g: (sum(c.source in strong for c in g), len(g))).append(candidate)
        else:
            groups.append([candidate])
    return _join_offices(groups)


def _join_offices(groups: list[list[Candidate]]) -> list[Group]:
    """The groups, those of an office that compiles and signs joined with its government that the title names."""
    titles = frozenset(data()["sources"]["titles"])
    titled = {id(g) for g in groups if any(c.source in titles for c in g)}
    joined: dict[int, list[Candidate]] = {id(g): list(g) for g in groups}
    for office in groups:
        own = spelling(office)
        if not own.is_government_office or id(office) in titled:
            continue
        for group in groups:
            other = spelling(group)
            if id(group) in titled and other.long_organ == "人民政府" and other.places == own.places:
                joined[id(group)] += office
                del joined[id(office)]
                break
    return [tuple(group) for group in joined.values()]


def _says_more(name: Name, own: Name) -> bool:
    """Whether a spelling is another one with places before it: 绩溪县华阳镇人民政府 for 华阳镇人民政府."""
    full, short = name.written_out, own.written_out
    before = full.removesuffix(short)
    return (
        full.endswith(short)
        and len(name.places) > len(own.places)
        and not any(place in before for place in own.places)
        and before == "".join(name.places[: len(name.places) - len(own.places)])
    )


def strong_sources() -> frozenset[str]:
    """Sources that name the body and hardly another one."""
    return frozenset(data()["sources"]["strong"])


def spelling(group: Sequence[Candidate]) -> Name:
    """The spelling that is given: the title's, or where no line has it alone, the one with the most places."""
    sources = data()["sources"]
    rank = {source: n for n, source in enumerate(sources["spelling"])}
    named = [c for c in group if not c.name.bare] or list(group)
    ranked = sorted(named, key=lambda c: (rank.get(c.source, len(rank)), c.name.cost))
    if ranked[0].source in sources["bounded"]:
        own = ranked[0].name
        telling = (*sources["strong"], "title_apart")
        fuller = [c.name for c in ranked if c.source in telling and _says_more(c.name, own)]
        return max(fuller, key=lambda name: len(name.text), default=own)
    told = [c.name for c in ranked if c.source not in sources["weak"]]
    if not told:
        return ranked[0].name
    return max(told, key=lambda name: (len(places_and_organ(name)[0]), len(name.text)))
