"""A public body's name, and what else the document says of its place → the division it works for.

A name tells its place, or it does not: 高桥镇 is the name of 23 towns. What narrows the choice is, in
this order, what the user said, a credit code or a site's code with a right check digit, and the
counties that the document itself names. Where two still fit, or where something speaks against the
only one, there is no division, and a note names the candidates.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from gongkai.model import Body, Division, Finding, Level, flag
from gongkai.normalize.identity import abolished
from gongkai.normalize.identity.division import (
    division,
    known,
    prefix,
    raised,
    stems,
    townships,
    upper,
    words,
)
from gongkai.normalize.identity.locality import MUNICIPALITIES, Localities, localities
from gongkai.normalize.identity.organ_name import write_out

#: Candidates that a Body carries, and that a message names, at the most.
MOST_CANDIDATES, MOST_NAMED = 100, 5
#: The longest name of a division has 15 characters.
_LONGEST = 15

#: What names a township after its county, in the table or not; 城乡, 城镇 and 乡镇 are words.
_TOWN = re.compile(
    r"^.{0,14}(?:街道|镇|乡|苏木)(?:人民政府|政府|办事处|$)|^.{1,8}?(?:街道|(?<![城乡])镇|(?<!城)乡|苏木)"
)
_ZONE = re.compile(
    r"开发区|高新区|经开区|新区|园区|示范区|试验区|保税区|度假区|名胜区|风景区|景区|管理区|工业区|产业园|科技园|新城管"
)
#: A county that the table does not know (淮安市|洪泽县…); 市场, 城市, 社区 and the like are words and no places.
_UNKNOWN_PLACE = re.compile(
    r"^.{1,8}[县旗区市](?:人民)?政府|^[^市县主老心]{1,3}城区|"
    r"^(?:.{1,7}?(?<![城社园地校山灾库林矿牧学片])(?:县|旗|区|市)|县|旗|区|市)(?![场政民容域划委])"
)
#: 县府办, 市政府办, 人民政府办: the office of a government.
_OFFICE = re.compile(r"(?:(?:人民)?政府办(?:公室|公厅)?|(?<=[省市县区州旗镇乡])府办(?:公室|公厅)?)$")
#: The branch that a body of a city keeps in a county (怀化市生态环境局芷江分局).
_BRANCH = re.compile(r"[局委会行院处].{2,10}(?:分局|支局|分院|分会|分行|支行|分中心)$")
#: 市交通运输局, 区统计局: which city, which district, the document has to say.
_INCOMPLETE = re.compile(r"^(省|自治区|市|州|盟|县|区|旗|镇|乡|街道)(?![场政民容域划村企])(.*)$")
_LEVEL_OF: dict[str, Level] = {
    "省": "province", "自治区": "province", "县": "county", "旗": "county", "镇": "township", "乡": "township", "街道": "township"
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clues:
    """What else is known: what the user said, codes as (rule, digits of a division), the document's text."""

    place: str | None = None
    codes: tuple[tuple[str, str], ...] = ()
    text: str = ""


class _Reading(NamedTuple):
    """A name taken apart: the divisions that its places may mean, the rest, what was understood.

    `near` are what is named as candidates beside them.
    """

    codes: tuple[str, ...]
    organ: str
    rules: tuple[str, ...] = ()
    level: Level | None = None
    reason: str = ""
    near: tuple[Division, ...] = ()


def body(org: str, clues: Clues = Clues()) -> Body:
    """The body of this name. Nothing is guessed: `division` is None unless one alone fits.

    >>> print(body("绩溪县财政局").division, body("高桥镇人民政府").reason)
    341824 安徽省/宣城市/绩溪县 ambiguous
    """
    name = written_out(org)
    read = _read(name)
    places = (*read.near, *(division(code) for code in read.codes))
    candidates = tuple(dict.fromkeys(places))[:MOST_CANDIDATES]
    if read.reason in ("central", "zone", "unknown", "abolished") or (
        not read.codes and read.reason != "incomplete"
    ):
        return Body(name, read.organ, read.level, None, candidates, (), read.reason or "unknown")
    if read.reason == "incomplete":
        return _completed(name, read, clues)
    code, evidence, reason = _decide(read, name, clues)
    levels = {c.level for c in candidates}
    level = read.level or (levels.pop() if len(levels) == 1 else None)
    if code is None:
        towns = dict.fromkeys(d.name for d in candidates if d.level == "township")
        near = tuple(division(c) for town in towns for c in raised(town))
        once = (r.division for d in candidates for r in abolished.named(d.name))
        more = dict.fromkeys((*candidates, *near, *once) if reason == "ambiguous" else candidates)
        return Body(name, read.organ, level, None, tuple(more)[:MOST_CANDIDATES], (), reason)
    found = division(code)
    return Body(name, read.organ, found.level, found, candidates, evidence)


def written_out(org: str) -> str:
    """A name as it is in full: 绩溪县府办 is 绩溪县人民政府办公室, 高桥镇政府 is 高桥镇人民政府."""
    name = write_out(fold(org)).removeprefix("中华人民共和国")
    hit = _OFFICE.search(name)
    if hit is None:
        return name
    province = re.search(r"(?:省|自治区|北京市|天津市|上海市|重庆市)$", name[: hit.start()]) is not None
    return f"{name[: hit.start()]}人民政府{'办公厅' if province or hit[0].endswith('厅') else '办公室'}"


def fold(name: str) -> str:
    """A name without blanks and without what stands in brackets, its width folded."""
    return re.sub(r"\s+|\([^()]*\)|^\W+", "", unicodedata.normalize("NFKC", name))


# The name ------------------------------------------------------------------------------------


def _read(name: str) -> _Reading:
    for centre in _centre():
        if name == centre:
            return _Reading((), name, (), "central", "central")
        if name.startswith(centre):
            local = _local(name[len(centre) :])
            return local._replace(organ=name[: len(centre)] + local.organ)
    return _local(name)


@cache
def _centre() -> tuple[str, ...]:
    return tuple(sorted(words()["central"], key=len, reverse=True))


def _local(name: str) -> _Reading:
    ends = list(_places(name))
    end = max((e for e, *_ in ends), default=0)
    best = [(code, rules) for e, code, rules in ends if e == end]
    rest = name[end:]
    codes = tuple(dict.fromkeys(code for code, _ in best))
    gone = _abolished(rest, codes)
    if gone is not None:
        return gone
    if not codes:
        return _placeless(name)
    rules = best[0][1]
    if _ZONE.search(rest):
        return _Reading((), rest, (), None, "zone")
    if any(len(c) == 9 for c in codes):
        return _Reading(codes, re.sub(r"^办事处$|^$", "人民政府", rest), rules, "township")
    if _TOWN.match(rest):
        elsewhere = _elsewhere(rest)
        return _Reading(elsewhere, "人民政府", (), "township", "unknown")
    if _UNKNOWN_PLACE.match(rest) or _BRANCH.search(rest) or _county_elsewhere(rest):
        return _Reading(codes, rest, (), None, "unknown")
    return _Reading(codes, rest or "人民政府", rules)


def _abolished(rest: str, codes: Sequence[str]) -> _Reading | None:
    """A name that goes on with a city or county that is no more; None where it does not."""
    if any(len(c) == 9 for c in codes):
        return None
    parents = {division(c).name for c in codes}
    for parent in sorted(parents) or [""]:
        gone, found = abolished.at(rest, (parent,) if parent else ())
        if found:
            near = (*(r.division for r in found), *abolished.today(found))
            return _Reading((), rest[len(gone) :], (), found[0].division.level, "abolished", near)
    return None


def _placeless(name: str) -> _Reading:
    """A name that begins with no place of the table."""
    if _ZONE.search(name):
        return _Reading((), name, (), None, "zone")
    hit = _INCOMPLETE.match(name)
    if hit is not None:
        return _Reading((), hit[2], (hit[1],), _LEVEL_OF.get(hit[1]), "incomplete")
    near = tuple(division(c) for c in stems(name)) if not _TOWN.match(name) else ()
    level: Level | None = "township" if _TOWN.match(name) else None
    if level is None and re.match(r".{1,8}[县旗](?:人民政府|.{2,}[局会室])", name):
        level = "county"
    return _Reading((), name, (), level, "unknown" if level else "incomplete", near)


def _places(name: str) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Every chain of places that the name begins with: where it ends, the last one's code, the rules."""
    todo: list[tuple[int, str, tuple[str, ...]]] = [(0, "", ())]
    while todo:
        at, code, rules = todo.pop()
        for end in range(at + 2, min(len(name), at + _LONGEST) + 1):
            for found in upper(name[at:end]):
                if found.code.startswith(code) and len(found.code) > len(code):
                    step = (end, found.code, (*rules, found.rule))
                    todo.append(step)
                    if found.rule != "stem":  # 安徽 alone is no place; 安徽绩溪县 is
                        yield step
        for end, town in _towns(name, at):
            if town.startswith(code):
                yield end, town, (*rules, "full_name")


def _towns(name: str, at: int) -> Iterator[tuple[int, str]]:
    """Townships whose name stands at a place of the name: where it ends, and the code."""
    for hit in re.finditer(r"街道办事处|街道办|街道|镇|乡|苏木", name[at : at + _LONGEST]):
        suffix = "街道" if hit[0].startswith("街道") else hit[0]
        wanted = name[at : at + hit.start()] + suffix
        end = at + hit.end() - (len("办事处") if hit[0] == "街道办事处" else 0)
        for code in townships(wanted):
            yield end, code


def _county_elsewhere(rest: str) -> bool:
    """Whether a name goes on with the name of a county that lies in other places: 新城区, which 平顶山 has none of."""
    return any(f.rule == "full_name" for n in range(3, _LONGEST) for f in upper(rest[:n]) if len(f.code) == 6)


def _elsewhere(rest: str) -> tuple[str, ...]:
    """Townships of this name in other places: candidates to be named, none of them taken."""
    return tuple(code for _, code in _towns(rest, 0))


# The place -----------------------------------------------------------------------------------


def _decide(read: _Reading, name: str, clues: Clues) -> tuple[str | None, tuple[str, ...], str]:
    """The one code that fits with what speaks for it, or None and the reason."""
    codes, evidence = read.codes, ["short_name" if "short_name" in read.rules else "full_name"]
    within = ""
    for rule, digits in _said(clues):
        codes = tuple(
            c for c in codes if c.startswith(digits) or (rule == "credit_code" and digits.startswith(c))
        )
        if not codes:
            return None, (), "contradicted"
        evidence.append(rule)
        within = max(within, digits, key=len)
    if len(read.rules) > 1:
        evidence.append("parent_in_name")
    if len(codes) == 1 and (_chained(codes[0], read, name) or _sure(codes[0], within)):
        return codes[0], tuple(evidence), ""
    return _by_text(codes, evidence, within, localities(clues.text))


def _chained(code: str, read: _Reading, name: str) -> bool:
    """Whether the name says the place's parents, down to its city where it once had a namesake."""
    found = division(code)
    once = found.name in words()["reused"] or abolished.shared(found.name)
    return len(read.rules) > 1 and (not once or len(code) == 9 or found.parents[-1] in name)


def _sure(code: str, within: str) -> bool:
    """Whether the only candidate inside `within` is it: in its county or city names do not stand twice."""
    name = division(code).name
    if len(code) < 9 and name not in words()["reused"] and not abolished.shared(name):
        return True
    return (len(within) >= 4 or within in MUNICIPALITIES) and not _raised(code, within)


def _raised(code: str, within: str) -> list[str]:
    """Townships there that may have borne the name of this one."""
    return [c for c in raised(division(code).name) if c.startswith(within) and c[:6] != within]


def _said(clues: Clues) -> Iterator[tuple[str, str]]:
    if clues.place is not None:  # the user knows better than what a page carries
        yield "hint", place(clues.place)
        return
    yield from clues.codes


def place(text: str) -> str:
    """The digits of a division named by the user: a code, or a name that means one place only.

    Raises ValueError where there is none, or where several fit.
    """
    code = prefix(text.strip())
    if code.isascii() and code.isdigit() and known(code):
        return code
    name = fold(text)
    read = _local(name)
    codes = tuple(f.code for f in upper(name)) or (() if read.reason else read.codes)
    if len(codes) == 1:
        return codes[0]
    if not codes:
        raise ValueError(f"there is no division {text} in the table; a name such as 宣城市绩溪县, or a code")
    raise ValueError(f"{text} may be {_listed([str(division(c)) for c in codes])}; put the place before it")


def _by_text(
    codes: Sequence[str], evidence: Sequence[str], within: str, named: Localities
) -> tuple[str | None, tuple[str, ...], str]:
    """What the places named in the document decide."""
    own = [c for c in codes if named.hold(c)]
    if len(own) == 1 and named.settle(own[0]):
        return own[0], (*evidence, "named_in_text"), ""
    if len(codes) > 1:
        return None, (), "ambiguous"
    if named.codes and not own:
        return None, (), "contradicted"
    if len(codes[0]) == 9 and not division(codes[0]).name.endswith("街道") and not _raised(codes[0], within):
        return codes[0], (*evidence, "named_in_text" if own else "unique_name"), ""
    # Subdistricts are founded, merged and renamed at every redistricting: the name alone is not enough.
    return None, (), "ambiguous"


def _completed(name: str, read: _Reading, clues: Clues) -> Body:
    """市交通运输局 with the place that a code or the user gives: a county's, and of the kind that the name says."""
    said = {c for rule, c in _said(clues) if len(c) == 6 or rule == "hint"}
    fits = [c for c in said if read.rules and division(c).name.endswith(read.rules[0])]
    if len(said) != 1 or not fits:
        named = (*read.near, *(division(c) for _, c in _said(clues)))
        return Body(name, read.organ, read.level, None, tuple(dict.fromkeys(named)), (), "incomplete")
    found = division(fits[0])
    rules = tuple(dict.fromkeys(rule for rule, _ in _said(clues)))
    return Body(name, read.organ or "人民政府", found.level, found, (found,), rules)


# The note ------------------------------------------------------------------------------------


def findings(found: Body) -> tuple[Finding, ...]:
    """What a person should know of a body's division: that there is none, or that its name alone says so."""
    if found.division is not None:
        if "unique_name" not in found.evidence:
            return ()
        message = f"{found.name} is taken for {found.division}: no other township of this name comes into question today, and the document names no place"
        return (flag("division-by-name", message, printed=found.name),)
    listed = _listed([str(c) for c in found.candidates])
    if found.reason == "ambiguous":
        message = f"{found.name} may be {listed}; nothing tells for certain; `--in PLACE` settles it"
        return (flag("division-ambiguous", message, printed=found.name),)
    if found.reason == "central":
        return ()
    message = {
        "zone": f"{found.name} is a zone: it has no code of its own in the table of divisions",
        "abolished": f"{found.name}: this place is no division today, and what it has become is not decided here; it may be {listed}",
        "incomplete": f"{found.name}: which place this is, the document does not say"
        + (f"; near: {listed}" if listed else ""),
        "contradicted": f"{found.name} would be {listed}, and the document or the user names another place",
        "unknown": f"{found.name}: the table of divisions has no such place"
        + (f"; near: {listed}" if listed else ""),
    }[found.reason]
    return (flag("division-unknown", message, printed=found.name),)


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return "; ".join(names[:MOST_NAMED]) + more
