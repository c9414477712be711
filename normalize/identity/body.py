"""A public body's name, and what else the document says of its place → the division it works for.

Many names leave several places open: 23 towns are called 高桥镇. These narrow the choice, in this
order: the place that the user gives; a credit code or a site's code whose check digits are right;
the counties that the document names. Where two divisions still fit, or something speaks against the
only one, the body has no division, and a note names the candidates.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from gongkai.model import Body, Division, Finding, Level, flag
from gongkai.normalize.identity import abolished
from gongkai.normalize.identity.body_id import (
    ZONE,
    body_id,
    central_bodies,
    join_id,
    join_zone_id,
    long_organ,
)
from gongkai.normalize.identity.division import (
    ENDING,
    division,
    find_by_stem,
    find_places,
    find_raised,
    find_townships,
    find_uncoded,
    founding_year,
    has_division,
    listed_zones,
    prefix,
    words,
)
from gongkai.normalize.identity.grammar import cut_zone_short, parse_name
from gongkai.normalize.identity.locality import MUNICIPALITIES, Localities, find_localities
from gongkai.record import dataclass, replace

#: Candidates that a Body carries, and that a message names, at the most.
MOST_CANDIDATES, MOST_NAMED = 100, 5
#: The longest name of a division has 15 characters.
_LONGEST = 15

#: A township after its county, in the table or not. 城乡, 城镇 and 乡镇 are words and no names.
_TOWN = re.compile(
    r"""
      ^.{0,14}(?:街道|镇|乡|苏木)(?:人民政府|政府|办事处|$)
    | ^.{1,8}?(?:街道|(?<![城乡])镇|(?<!城)乡|苏木)
    """,
    re.VERBOSE,
)
#: A county that the table lacks (淮安市|洪泽县…). 市场, 城市, 社区 and the like are words and no places.
_UNKNOWN_PLACE = re.compile(
    r"""
      ^.{1,8}[县旗区市](?:人民)?政府
    | ^[^市县主老心]{1,3}城区
    | ^(?:.{1,7}?(?<![城社园地校山灾库林矿牧学片])(?:县|旗|区|市)|县|旗|区|市)(?![场政民容域划委])
    """,
    re.VERBOSE,
)
#: 县府办, 市政府办, 人民政府办: the office of a government.
_OFFICE = re.compile(r"(?:(?:人民)?政府办(?:公室|公厅)?|(?<=[省市县区州旗镇乡])府办(?:公室|公厅)?)$")
_GOVERNMENT_OF_TOWN = re.compile("(?<=[市县区旗])人民政府(?=[^局委厅]{2,8}(?:街道|街|地区)办事处$)")
#: The branch of a city's body in a county (怀化市生态环境局芷江分局).
_BRANCH = re.compile(r"[局委会行院处].{2,10}(?:分局|支局|分院|分会|分行|支行|分中心)$")
#: Kinds of zones that a city or county has one of and that are called after it.
_KIND_OF_ZONE = re.compile(
    "经济技术开发区|高新技术产业开发区|高新技术开发区|高新区|经济开发区|经开区|综合保税区|综保区"
)
_SHORT_ZONE, _LONG_ZONE = "经开区", "经济技术开发区|经济开发区"
_COUNTY_BRANCH = re.compile(r"(?P<bureau>[^局委会院处]{2,10})局(?P<place>[^局委会院处]{2,8}?)分局$")
#: 市交通运输局, 区统计局: the name leaves open which city, which district.
_INCOMPLETE = re.compile(r"^(省|自治区|市|州|盟|县|区|旗|镇|乡|街道)(?![场政民容域划村企])(.*)$")
_LEVEL_OF: dict[str, Level] = {
    "省": "province", "自治区": "province", "县": "county", "旗": "county", "镇": "township", "乡": "township", "街道": "township"
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clues:
    """What is known beside the name: the user's place, codes as (rule, digits of a division), the document's text, its year."""

    place: str | None = None
    codes: tuple[tuple[str, str], ...] = ()
    text: str = ""
    year: int | None = None


class _ParsedName(NamedTuple):
    """A name taken apart: the divisions that its places may mean, the organ, the rules that matched its places.

    `near` are divisions to name as candidates beside them; `id` is that of a body whose place has no code of
    its own: a zone, a branch, a place that has another name today.
    """

    codes: tuple[str, ...]
    organ: str
    rules: tuple[str, ...] = ()
    level: Level | None = None
    reason: str = ""
    near: tuple[Division, ...] = ()
    id: str | None = None


class _Decision(NamedTuple):
    """The one code that fits and the rules that speak for it, or None and the reason."""

    code: str | None
    evidence: tuple[str, ...]
    reason: str = ""


def resolve_body(org: str, clues: Clues = Clues()) -> Body:
    """The body of this name. `division` is None unless exactly one fits, `id` unless the place is proven.

    >>> print(resolve_body("绩溪县财政局").division, resolve_body("高桥镇人民政府").reason)
    341824 安徽省/宣城市/绩溪县 ambiguous
    """
    found = _write_out_zone(_resolve(full_name(org), clues), clues.text)
    return found if found.id is not None else replace(found, id=body_id(found))


def _resolve(name: str, clues: Clues) -> Body:
    parsed = _drop_founded_later(_parse(name), clues.year)
    if parsed.reason == "incomplete":
        return _complete(name, parsed, clues)
    places = (*parsed.near, *(division(code) for code in parsed.codes))
    candidates = tuple(dict.fromkeys(places))[:MOST_CANDIDATES]
    if parsed.reason in ("central", "zone", "unknown", "abolished") or not parsed.codes:
        reason = parsed.reason or "unknown"
        return Body(name, parsed.organ, parsed.level, None, candidates, (), reason, parsed.id)
    decision = _decide(parsed, name, clues)
    if decision.code is not None:
        found = division(decision.code)
        return Body(name, parsed.organ, found.level, found, candidates, decision.evidence)
    level = parsed.level or _common_level(candidates)
    if decision.reason == "ambiguous":
        candidates = _add_namesakes(candidates)
    return Body(name, parsed.organ, level, None, candidates, (), decision.reason)


def _drop_founded_later(parsed: _ParsedName, year: int | None) -> _ParsedName:
    """The parsed name without divisions that were founded after the year of the report: 两江新区 was a zone before 2025."""
    if year is None:
        return parsed
    codes = tuple(code for code in parsed.codes if (founding_year(code) or 0) <= year)
    return parsed if codes == parsed.codes else parsed._replace(codes=codes)


def _common_level(candidates: Sequence[Division]) -> Level | None:
    levels = {candidate.level for candidate in candidates}
    return levels.pop() if len(levels) == 1 else None


def _add_namesakes(candidates: Sequence[Division]) -> tuple[Division, ...]:
    """The candidates, and the divisions that had one of their names in an earlier year."""
    towns = dict.fromkeys(d.name for d in candidates if d.level == "township")
    raised = (division(code) for town in towns for code in find_raised(town))
    retired = (r.division for d in candidates for r in abolished.find_retired(d.name))
    return tuple(dict.fromkeys((*candidates, *raised, *retired)))[:MOST_CANDIDATES]


def write_out(name: str) -> str:
    """A body's name written out: 高桥镇政府 is 高桥镇人民政府, 开发区管委会 is 开发区管理委员会.

    A text that is no name by the grammar of bodies stays as it is.

    >>> write_out("城关街道"), write_out("绿水市临空经济区")
    ('城关街道办事处', '绿水市临空经济区')
    """
    name = name.strip("《》“”\"' ")
    parsed = parse_name(name)
    return name if parsed is None else parsed.written_out


def full_name(org: str) -> str:
    """A body's name in full: 绩溪县府办 is 绩溪县人民政府办公室, 高桥镇政府 is 高桥镇人民政府.

    The government that a sub-district belongs to is its place: 渝中区人民政府大溪沟街道办事处.
    """
    name = _drop_party(write_out(fold(org)).removeprefix("中华人民共和国"))
    name = _GOVERNMENT_OF_TOWN.sub("", name)
    hit = _OFFICE.search(name)
    if hit is None:
        return name
    province = re.search(r"(?:省|自治区|北京市|天津市|上海市|重庆市)$", name[: hit.start()]) is not None
    return f"{name[: hit.start()]}人民政府{'办公厅' if province or hit[0].endswith('厅') else '办公室'}"


def _drop_party(name: str) -> str:
    """A name of an organ of the party or of the consultative conference with its place in front: 南漳县委办公室."""
    name = re.sub(
        r"^(?:中共|中国共产党)(?=.)(.+?)委(?:员会)?(?=$|[办宣组统政纪巡老机网农编社党])", r"\1委", name
    )
    name = re.sub(r"^(?:政协|中国人民政治协商会议)(.+?)委员会", r"\1政协", name)
    return re.sub(r"^共青团(.+?)委(?:员会)?$", r"\1共青团委员会", name)


def fold(name: str) -> str:
    """A name without blanks and without what stands in brackets, its width folded."""
    return re.sub(r"\s+|\([^()]*\)|^\W+", "", unicodedata.normalize("NFKC", name))


# The name ------------------------------------------------------------------------------------


def _parse(name: str) -> _ParsedName:
    """A name taken apart; one of a central body may go on with a place (国家税务总局怀化市税务局)."""
    for central in central_bodies():
        if name == central:
            return _ParsedName((), name, (), "central", "central")
        if name.startswith(central):
            rest = name[len(central) :]
            local = _parse_local(rest)
            if local.reason == "incomplete":
                return local._replace(organ=central + local.organ, id=_find_central_id(central, rest))
            return local._replace(organ=central + local.organ)
    return _parse_local(name)


def _parse_local(name: str) -> _ParsedName:
    """A name taken apart at the end of its longest chain of places."""
    chains = list(_match_places(name))
    end = max((chain[0] for chain in chains), default=0)
    longest = [(code, rules) for at, code, rules in chains if at == end]
    rest = name[end:]
    codes = tuple(dict.fromkeys(code for code, _ in longest))
    retired = _parse_abolished(rest, codes)
    if retired is not None:
        return retired
    if not codes:
        return _parse_placeless(name)
    return _parse_rest(rest, codes, max((rules for _, rules in longest), key=len))


def _find_central_id(central: str, rest: str) -> str | None:
    """The id of a body of the centre in a province or city that it is called after: 国家统计局安徽调查总队."""
    for n in range(min(len(rest) - 1, _LONGEST), 1, -1):
        codes = {named.code for named in find_places(rest[:n]) if named.rule == "stem"}
        if len(codes) == 1:
            return join_id(division(codes.pop()), central + rest[n:])
    return None


def _parse_rest(rest: str, codes: tuple[str, ...], rules: tuple[str, ...]) -> _ParsedName:
    """What stands behind the places: the organ, or a place that the table does not have there."""
    if ZONE.search(rest):
        known = len(codes) == 1 and (len(rules) > 1 or _is_unmistakable(codes[0], ""))
        return _ParsedName(
            (), rest, (), None, "zone", (), join_zone_id(division(codes[0]), rest) if known else None
        )
    if any(len(c) == 9 for c in codes):
        own = all(division(c).name.endswith("地区") for c in codes)  # 将台地区办事处 is not 将台乡人民政府
        organ = rest if own and rest else re.sub(r"^办事处$|^$", "人民政府", rest)
        return _ParsedName(codes, organ, rules, "township")
    if _TOWN.match(rest):
        id = _find_uncoded_id(rest, codes)
        return _ParsedName(_other_towns(rest), "人民政府", (), "township", "unknown", (), id)
    if _UNKNOWN_PLACE.match(rest) or _BRANCH.search(rest) or _names_other_county(rest):
        return _ParsedName(codes, rest, (), None, "unknown", (), _find_branch_id(rest, codes))
    return _ParsedName(codes, rest or "人民政府", rules)


def _find_uncoded_id(rest: str, codes: Sequence[str]) -> str | None:
    """The id of a township that the table has in this county without a code: CODE/NAME/organ."""
    found = {
        (town, at) for at, town in _cut_towns(rest, 0) if len(codes) == 1 and codes[0] in find_uncoded(town)
    }
    if len(found) != 1:
        return None
    ((town, at),) = found
    organ = long_organ(re.sub(r"^办事处$|^$", "人民政府", rest[at:]))
    return f"{codes[0]}/{town}/{'办事处' if town.endswith('街道') and organ == '人民政府' else organ}"


def _find_branch_id(rest: str, codes: Sequence[str]) -> str | None:
    """The id of a city's branch in a county of it: 杭州市公安局滨江区分局 is 滨江区公安分局. None for other branches."""
    hit = _COUNTY_BRANCH.match(rest)
    if hit is None:
        return None
    inside = {
        p.code
        for ending in ("", "县", "区", "市", "旗")
        for p in find_places(hit["place"] + ending)
        if len(p.code) == 6 and any(p.code.startswith(city) for city in codes if len(city) == 4)
    }
    return join_id(division(inside.pop()), hit["bureau"] + "分局") if len(inside) == 1 else None


def _parse_abolished(rest: str, codes: Sequence[str]) -> _ParsedName | None:
    """A name that goes on with an abolished city or county; None where it does not."""
    if any(len(c) == 9 for c in codes):
        return None
    parents = {division(c).name for c in codes}
    for parent in sorted(parents) or [""]:
        gone, found = abolished.match_retired(rest, (parent,) if parent else ())
        if found:
            near = (*(r.division for r in found), *abolished.successors(found))
            organ = rest[len(gone) :]
            id = _find_renamed_id(organ, found) if parent or not abolished.may_be_another(found) else None
            return _ParsedName((), organ, (), found[0].division.level, "abolished", near, id)
    return None


def _find_renamed_id(organ: str, found: tuple[abolished.Retired, ...]) -> str | None:
    """The id of an organ of a place that has another name today, of a town in it that is there today, or of its zone."""
    renamed = abolished.find_renamed(found)
    if renamed is None:
        return None
    code = prefix(renamed[1].code)
    towns = [(end, town) for end, town in _match_towns(organ, 0) if town.startswith(code)]
    if towns:
        end, town = max(towns)
        parsed = _parse_rest(organ[end:], (town,), ("full_name",))
        return None if parsed.reason else join_id(division(town), parsed.organ)
    parsed = _parse_rest(organ, (code,), ("full_name",))
    return parsed.id if parsed.reason else join_id(renamed[1], parsed.organ)


def _parse_placeless(name: str) -> _ParsedName:
    """A name that begins with no place of the table."""
    if ZONE.search(name):
        return _ParsedName((), name, (), None, "zone", (), _find_zone_id(name))
    hit = _INCOMPLETE.match(name)
    if hit is not None:
        return _ParsedName((), hit[2], (hit[1],), _LEVEL_OF.get(hit[1]), "incomplete")
    near = tuple(division(c) for c in find_by_stem(name)) if not _TOWN.match(name) else ()
    level: Level | None = "township" if _TOWN.match(name) else None
    if level is None and re.match(r".{1,8}[县旗](?:人民政府|.{2,}[局会室])", name):
        level = "county"
    return _ParsedName((), name, (), level, "unknown" if level else "incomplete", near)


def _find_zone_id(name: str) -> str | None:
    """The id of a zone called after a city or county without its ending (宣城经济技术开发区), where there is and was one only.

    A zone of the table is that of its city: 苏州工业园区.
    """
    listed = max((zone for zone in _spell_zones() if name.startswith(zone)), key=len, default="")
    if listed:
        city = division(_spell_zones()[listed])
        own = name.removeprefix(city.parents[0]).removeprefix(_stem(city.parents[0]))
        return join_zone_id(city, own.removeprefix(city.name).removeprefix(_stem(city.name)))
    codes = find_by_stem(name)
    if len(codes) != 1:
        return None
    place = division(codes[0])
    stem = _stem(place.name)
    known = _KIND_OF_ZONE.match(name.removeprefix(stem)) is not None
    return (
        join_zone_id(place, name.removeprefix(stem))
        if known and not abolished.shares_stem(stem, place)
        else None
    )


@cache
def _spell_zones() -> dict[str, str]:
    """The zones of the table, in full and short, where no two cities have one of that name → the code of their city."""
    found: dict[str, set[str]] = {}
    for zone, city in listed_zones().items():
        for name in {zone, cut_zone_short(zone)}:
            found.setdefault(name, set()).add(city)
    return {name: cities.pop() for name, cities in found.items() if len(cities) == 1}


def _stem(name: str) -> str:
    """A division's name without its ending: 安徽, 宣城."""
    return ENDING.sub("", name)


def _write_out_zone(found: Body, text: str) -> Body:
    """The body with the long form of 经开区 in its id, where the text or the table of zones has one for its place."""
    place, _, rest = (found.id or "").partition("/")
    zone = rest.partition("/")[0]
    if found.reason != "zone" or not zone.endswith(_SHORT_ZONE):
        return found
    stem, own = re.escape(_stem(division(place).name)), zone.removesuffix(_SHORT_ZONE)
    printed = re.findall(f"{stem}[市县区旗]?{re.escape(own)}({_LONG_ZONE})", re.sub(r"\s+", "", text))
    long = set(printed) or {
        hit[1]
        for listed, city in listed_zones().items()
        if city == place and (hit := re.fullmatch(f".*{stem}市?{re.escape(own)}({_LONG_ZONE})", listed))
    }
    if len(long) != 1:
        return found
    return replace(found, id=f"{place}/{own}{long.pop()}{rest.removeprefix(zone)}")


def _match_places(name: str) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Every chain of places at the start of a name: its end, the code of the last place, the rules that matched."""
    todo: list[tuple[int, str, tuple[str, ...]]] = [(0, "", ())]
    while todo:
        at, code, rules = todo.pop()
        for end in range(at + 2, min(len(name), at + _LONGEST) + 1):
            for found in find_places(name[at:end]):
                if found.code.startswith(code) and len(found.code) > len(code):
                    step = (end, found.code, (*rules, found.rule))
                    todo.append(step)
                    if found.rule != "stem":  # 安徽 alone is no place; 安徽绩溪县 is
                        yield step
        for end, town in _match_towns(name, at):
            if town.startswith(code):
                yield end, town, (*rules, "full_name")


def _match_towns(name: str, at: int) -> Iterator[tuple[int, str]]:
    """Townships whose name begins at `at`: where it ends, and the code."""
    for end, town in _cut_towns(name, at):
        for code in find_townships(town):
            yield end, code


def _cut_towns(name: str, at: int) -> Iterator[tuple[int, str]]:
    """Names of townships that may begin at `at`, and where each ends. 六角亭街 is 六角亭街道 or 六角亭街街道."""
    for hit in re.finditer(
        r"街道办事处|街道办|街道|街办事处|街办|街(?!街)|地区(?=办事处)|镇|乡|苏木", name[at : at + _LONGEST]
    ):
        suffix = "街道" if hit[0].startswith("街") else hit[0]
        end = at + hit.end() - (len("办事处") if hit[0].endswith("办事处") else 0)
        yield end, name[at : at + hit.start()] + suffix
        if hit[0].startswith("街") and not hit[0].startswith("街道"):
            yield end, f"{name[at : at + hit.start()]}街{suffix}"


def _names_other_county(rest: str) -> bool:
    """Whether the rest begins with the name of a county in another place: 平顶山 has no 新城区."""
    return any(
        f.rule == "full_name" for n in range(3, _LONGEST) for f in find_places(rest[:n]) if len(f.code) == 6
    )


def _other_towns(rest: str) -> tuple[str, ...]:
    """Townships of this name in other places, to be named as candidates only."""
    return tuple(code for _, code in _match_towns(rest, 0))


# The place -----------------------------------------------------------------------------------


def _decide(parsed: _ParsedName, name: str, clues: Clues) -> _Decision:
    """The one code that the clues leave."""
    codes, evidence = parsed.codes, ["short_name" if "short_name" in parsed.rules else "full_name"]
    within = ""
    for rule, digits in _read_places(clues):
        codes = tuple(code for code in codes if _lies_in(code, rule, digits))
        if not codes:
            return _Decision(None, (), "contradicted")
        evidence.append(rule)
        within = max(within, digits, key=len)
    if len(parsed.rules) > 1:
        evidence.append("parent_in_name")
    if len(codes) == 1 and (_has_parents(codes[0], parsed, name) or _is_unmistakable(codes[0], within)):
        decision = _Decision(codes[0], tuple(evidence))
    else:
        decision = _decide_by_text(codes, evidence, within, find_localities(clues.text))
    if decision.code is not None and _has_uncoded_rival(decision, name, within, clues.text):
        return _Decision(None, (), "ambiguous")
    return decision


def _has_uncoded_rival(decision: _Decision, name: str, within: str, text: str) -> bool:
    """Whether a township without a code may be meant: 铁东区解放街道 is in 鞍山市 and in 四平市."""
    assert decision.code is not None  # asked only of a decision
    own = division(decision.code)
    rivals = find_uncoded(own.name) if own.level == "township" else ()
    if not rivals or (
        "named_in_text" in decision.evidence and find_localities(text).single_out(decision.code)
    ):
        return False
    printed = [parent for parent in own.parents if parent in name]
    return any(
        county != decision.code[:6]
        and county.startswith(within)
        and set(printed) <= {*division(county).parents, division(county).name}
        for county in rivals
    )


def _lies_in(code: str, rule: str, digits: str) -> bool:
    """Whether a division lies in that of a clue. A credit code may be that of a part of it."""
    return code.startswith(digits) or (rule == "credit_code" and digits.startswith(code))


def _has_parents(code: str, parsed: _ParsedName, name: str) -> bool:
    """Whether the name has the place's parents in it, down to its city where the place had a namesake."""
    found = division(code)
    ambiguous = found.name in words()["reused"] or abolished.had_namesake(found.name)
    return len(parsed.rules) > 1 and (not ambiguous or len(code) == 9 or found.parents[-1] in name)


def _is_unmistakable(code: str, within: str) -> bool:
    """Whether no other place inside `within` has or had the name of this one.

    Names of counties are unique but for those with a namesake. Names of townships are unique in a
    county or a city.
    """
    name = division(code).name
    if len(code) < 9 and name not in words()["reused"] and not abolished.had_namesake(name):
        return True
    return (len(within) >= 4 or within in MUNICIPALITIES) and not _raised_within(code, within)


def _raised_within(code: str, within: str) -> list[str]:
    """Townships inside `within` that may have had the name of this one before they were raised."""
    return [c for c in find_raised(division(code).name) if c.startswith(within) and c[:6] != within]


def _read_places(clues: Clues) -> Iterator[tuple[str, str]]:
    """The divisions that the clues name, as (rule, digits). The user's place overrides the codes of a page."""
    if clues.place is not None:
        yield "hint", find_place(clues.place)
    else:
        yield from clues.codes


def find_place(text: str) -> str:
    """The digits of a division that the user names: a code, or a name that means one place only.

    Raises ValueError where none or several fit.
    """
    code = prefix(text.strip())
    if code.isascii() and code.isdigit() and has_division(code):
        return code
    name = fold(text)
    parsed = _parse_local(name)
    codes = tuple(place.code for place in find_places(name)) or (() if parsed.reason else parsed.codes)
    if len(codes) == 1:
        return codes[0]
    if not codes:
        raise ValueError(f"there is no division {text} in the table; a name such as 宣城市绩溪县, or a code")
    raise ValueError(
        f"{text} may be {_list_names([str(division(c)) for c in codes])}; put the place before it"
    )


def _decide_by_text(
    codes: Sequence[str], evidence: Sequence[str], within: str, named: Localities
) -> _Decision:
    """The code that the places named in the document leave."""
    own = [code for code in codes if named.include(code)]
    if len(own) == 1 and named.single_out(own[0]) and not _raised_within(own[0], named.around(own[0])):
        return _Decision(own[0], (*evidence, "named_in_text"))
    if len(codes) > 1:
        return _Decision(None, (), "ambiguous")
    if named.codes and not own:
        return _Decision(None, (), "contradicted")
    if _is_lasting_town(codes[0]) and not _raised_within(codes[0], within):
        return _Decision(codes[0], (*evidence, "named_in_text" if own else "unique_name"))
    return _Decision(None, (), "ambiguous")


def _is_lasting_town(code: str) -> bool:
    """Whether a township's unique name is enough. Subdistricts are founded, merged and renamed too often."""
    return len(code) == 9 and not division(code).name.endswith("街道")


def _complete(name: str, parsed: _ParsedName, clues: Clues) -> Body:
    """市交通运输局 with the place of a code or of the user: a county, and of the kind that the name has."""
    places = list(_read_places(clues))
    codes = {code for rule, code in places if len(code) == 6 or rule == "hint"}
    fits = [code for code in codes if parsed.rules and division(code).name.endswith(parsed.rules[0])]
    if len(codes) != 1 or not fits:
        near = (*parsed.near, *(division(code) for _, code in places))
        return Body(
            name, parsed.organ, parsed.level, None, tuple(dict.fromkeys(near)), (), "incomplete", parsed.id
        )
    found = division(fits[0])
    rules = tuple(dict.fromkeys(rule for rule, _ in places))
    return Body(name, parsed.organ or "人民政府", found.level, found, (found,), rules)


# The note ------------------------------------------------------------------------------------


def report_doubts(found: Body) -> tuple[Finding, ...]:
    """What a person should know of a body's division: that it has none, or that the name alone decides it."""
    if found.division is not None:
        if "unique_name" not in found.evidence:
            return ()
        message = f"{found.name} is taken to be {found.division}: no other township has this name today, and the document names no place; so it has no body_id; `--in PLACE` proves the place"
        return (flag("division-by-name", message, printed=found.name),)
    if found.reason == "central":
        return ()
    if found.reason == "abolished" and found.id is not None:
        return (_report_rename(found),)
    listed = _list_names([str(c) for c in found.candidates])
    if found.reason == "ambiguous":
        message = f"{found.name} may be {listed}; the document does not decide; `--in PLACE` does"
        return (flag("division-ambiguous", message, printed=found.name),)
    near = f"; near: {listed}" if listed else ""
    message = {
        "zone": f"{found.name} is a zone, which has no code in the table of divisions",
        "abolished": f"{found.name}: this place is no division today; it or its successor may be {listed}",
        "incomplete": f"{found.name}: the document does not name the place{near}",
        "contradicted": f"{found.name} would be {listed}, but the document or the user names another place",
        "unknown": f"{found.name}: the table of divisions has no such place{near}",
    }[found.reason]
    return (flag("division-unknown", message, printed=found.name),)


def _report_rename(found: Body) -> Finding:
    """The note that a body's place has another name today, and which."""
    old = found.candidates[0]
    renamed = abolished.find_renamed(abolished.find_retired(old.name))
    assert renamed is not None and found.id is not None  # only then it has an id
    year, today = renamed
    message = (
        f"{found.name}: {old.name} has been {today} since {year}; body_id is {found.id}, that of today's name"
    )
    return flag("division-renamed", message, printed=found.name)


def _list_names(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return "; ".join(names[:MOST_NAMED]) + more
