"""The name of a public body, taken apart by a grammar; its words are those of grammar.toml.

    body  = [centre] place* [zone] [organ [branch]] [(gloss)]
    organ = function* [one stretch of other words] kind   |   one that stands alone

The whole text must be a name, or it is none: words of sentences never become part of one. What a table knows
costs nothing, a place or a stretch that none knows costs, and the cheapest way to take a text apart counts.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

from gongkai.normalize.identity.division import words as body_words
from gongkai.normalize.identity.known_place import find_known, find_short_town
from gongkai.record import replace
from gongkai.startup_cache import read_toml

#: A name that costs more is none.
LIMIT = 4.2
_SHORTEST, _LONGEST = 3, 40
#: Characters of the longest division and of the longest unknown place; of a zone; of a stretch of other words.
_DIVISION, _UNKNOWN, _ZONE, _STRETCH = 15, 9, 22, 14

# What a step costs, where it is more than nothing.
_STEM, _STEM_OF_CENTRE, _NOT_INSIDE, _LEVEL_WORD, _UNIT, _BRANCH, _TWICE = 0.7, 0.3, 0.9, 0.4, 0.3, 0.5, 0.3
_JOINED, _BARE_ZONE, _DEAREST_ZONE, _TOWN_BEHIND = 0.02, 0.2, 0.9, 0.2

_LEVEL_OF = {"省": "省", "自治区": "省", "市": "市", "州": "市", "盟": "市", "自治州": "市", "县": "县", "区": "县", "旗": "县", "自治县": "县", "自治旗": "县", "镇": "镇", "乡": "乡", "苏木": "乡", "街道": "街道"}  # fmt: skip
_LEVEL_WORDS = re.compile(r"(?:自治区|省|市|州|盟|县|区|旗|镇|乡)(?=..)")
_GLOSS = re.compile(r"(.+?)\(([^()]{2,20})\)?")
_INNER_GLOSS = re.compile(r"\(([一-鿿]{2,12})\)(?=..)")
_DOUBLED = re.compile(r"([县区乡镇])\1(?=..)")
#: A district that no table has and whose name is so long is a zone: 西安国际港务区.
_NO_DISTRICT = re.compile("[一-鿿]{4,}(?<!自治)区")
_CORPS = re.compile("新疆生产建设兵团|兵团(?=第)|第[一二三四五六七八九十]{1,2}师(?=[^范生资傅])")
_REGIMENT = re.compile("[一二三四五六七八九〇零十]{1,4}团(?:场)?")
_CORPS_PLACE = re.compile(f"第.+师|(?:新疆生产建设)?兵团|{_REGIMENT.pattern}")
_AREA = re.compile("[一-鿿]{2,6}?片区")
_TOWNS = ("镇", "乡", "街道", "苏木")
_LONGEST_TOWN = 5
_NATIONAL = re.compile("国家|中国|全国|最高|国务院|中共|中央")
_TOWN_OFFICE = re.compile(r"(.{2,7}街道)(?:办事处)?")
_PART_OF_CITY = re.compile("[一-鿿]{1,4}[县市区旗镇乡]")
#: A stretch of an organ holds no place: that would be one of its own.
_HOLDS_PLACE = re.compile("..[县旗]|..市(?![场政民容])")
_CUT_PLACE = re.compile("[一-鿿]?[省市县区旗州盟镇乡](?![场政容域划村])")
_NAME_CHARACTERS = re.compile(r"[一-鿿、·]+")

#: 编制 is an organ's field before 委员会 and 办公室; before all else it is what one does with a report.
_COMPILES = re.compile("编制(?![委办管])")


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart. `text` is what is printed without the gloss in brackets at its end.

    `known` tells of each place whether a table has it. `stretches` are the words that no table knows;
    `unit` is a part of the body (办公室), `bare` says that nothing tells its place (市交通运输局).
    """

    text: str
    cost: float
    centre: str = ""
    places: tuple[str, ...] = ()
    known: tuple[bool, ...] = ()
    zone: str = ""
    organ: str = ""
    unit: str = ""
    gloss: str = ""
    free: int = 0
    stretches: tuple[str, ...] = ()
    bare: bool = False

    @property
    def level(self) -> str:
        """What the last place is: 省, 市, 县, 镇, 乡 or 街道."""
        if not self.places:
            return ""
        if self.places[-1].endswith("街"):
            return "街道"
        return _LEVEL_OF.get(_ending_of(self.places[-1]), "")

    @property
    def written_out(self) -> str:
        """The name in full. 人民政府 stands behind a division alone, never behind a zone, an organ or a sub-district."""
        if not self.organ:
            return self.text + self._government + self.gloss
        if self.unit:
            return self.text + self.gloss
        return _write_out_organ(self.text, self.organ, self.level) + self.gloss

    @property
    def _government(self) -> str:
        """What the government of the last place is called behind it, "" where it has none of that name."""
        if not self.places or self.zone:
            return ""
        if _CORPS_PLACE.fullmatch(self.places[0]) is not None:
            return ""  # a division of the corps and its city have one administration, which is not called so
        if not self.known[-1] and _NO_DISTRICT.fullmatch(self.places[-1]) is not None:
            return ""
        if self.places[-1].endswith("街"):
            return "道办事处"
        return {"": "", "街道": "办事处"}.get(self.level, "人民政府")

    @property
    def long_organ(self) -> str:
        """The organ in its long form: 发展和改革委员会 for 发改委."""
        organ = self.organ
        if not organ and (self.zone or self.places):
            organ = "管理委员会" if self.zone else "办事处" if self.level == "街道" else "人民政府"
        organ = lexicon().long.get(organ, organ)
        return _write_out_organ(organ, organ, self.level)

    @property
    def is_government_office(self) -> bool:
        """Whether this is the office of a government, which often writes its report."""
        return self.long_organ in ("人民政府办公室", "人民政府办公厅")

    @property
    def kind(self) -> str:
        """What a report of this body calls itself behind 我: 局, 委, 镇; "" where that is open."""
        organ = self.long_organ
        if organ in ("人民政府", "办事处"):
            return self.level or ("处" if organ == "办事处" else "")
        return next((own for kind, own in lexicon().kinds.items() if organ.endswith(kind)), "")


def _write_out_organ(text: str, organ: str, level: str) -> str:
    if organ.endswith("管委会"):
        return text[:-3] + "管理委员会"
    if organ == "政府":
        return text[:-2] + "人民政府"
    if organ in ("政府办", "政府办公室", "政府办公厅", "府办", "府办公室"):
        return text[: -len(organ)] + "人民政府" + ("办公厅" if organ.endswith("厅") else "办公室")
    if organ == "街办" or (organ == "办" and level == "街道"):
        place = text.removesuffix(organ)
        return f"{place}{'街道' if organ == '街办' else '道' if place.endswith('街') else ''}办事处"
    return text + "员会" if lexicon().commission.search(organ) else text


# The words -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class NameLexicon:
    """The words of grammar.toml in the shapes that the grammar looks them up in."""

    functions: frozenset[str]
    longest_function: int
    kinds: dict[str, str]
    standing_alone: tuple[str, ...]
    long: dict[str, str]
    place_endings: tuple[str, ...]
    zones: tuple[str, ...]
    no_stem: frozenset[str]
    no_ending: tuple[str, ...]
    place_goes_on: frozenset[str]
    centre: tuple[str, ...]
    of_the_republic: tuple[str, ...]
    of_committees: frozenset[str]
    unit: re.Pattern[str]
    branch: re.Pattern[str]
    own_level: frozenset[str]
    of_government: tuple[str, ...]
    inside: frozenset[str]
    same_zones: dict[str, str]
    offices_of: tuple[str, ...]
    stop: re.Pattern[str]
    organ_words: re.Pattern[str]
    first: str
    first_words: tuple[str, ...]
    first_allowed: tuple[str, ...]
    commission: re.Pattern[str]


@cache
def grammar_words() -> dict[str, Any]:
    """The data of grammar.toml."""
    return read_toml(__package__, "grammar.toml")


@cache
def lexicon() -> NameLexicon:
    """The words of the grammar, longer ones first."""
    data = grammar_words()
    places, parts, sentences, centre = data["places"], data["parts"], data["sentences"], data["centre"]
    return NameLexicon(
        functions=frozenset(data["functions"]),
        longest_function=max(map(len, data["functions"])),
        kinds={kind: data["kinds"][kind] for kind in longest_first(data["kinds"])},
        standing_alone=longest_first({*data["alone"], *data["long"]}),
        long=data["long"],
        place_endings=longest_first(places["endings"]),
        zones=longest_first(places["zones"]),
        no_stem=frozenset(places["no_stem"]),
        no_ending=tuple(places["no_ending"]),
        place_goes_on=frozenset(places["goes_on"]),
        centre=longest_first({*body_words()["central"], *centre["prefixes"]}),
        of_the_republic=tuple(centre["of_the_republic"]),
        of_committees=frozenset(centre["of_committees"]),
        unit=re.compile(f"(?:{parts['units']})", re.VERBOSE),
        branch=re.compile(f"(.{{0,8}}?)(?:{parts['branches']})"),
        own_level=frozenset(parts["own_level"]),
        of_government=tuple(data["of_government"]),
        inside=frozenset(data["inside"]),
        same_zones=data["same_zones"],
        offices_of=tuple(parts["offices_of"]),
        stop=re.compile(sentences["stop"], re.VERBOSE),
        organ_words=re.compile(sentences["organs"]),
        first=sentences["first"],
        first_words=tuple(sentences["first_words"]),
        first_allowed=tuple(sentences["first_allowed"]),
        commission=re.compile(f"(?:{'|'.join(data['commissions'])})委$"),
    )


@cache
def _kind_words() -> tuple[str, ...]:
    return tuple(lexicon().kinds)


@lru_cache(maxsize=4096)
def _ending_of(place: str) -> str:
    """The word of a place's name that says what it is, the longest of several; "" where it has none."""
    return next((e for e in lexicon().place_endings if place.endswith(e)), "")


def longest_first(words: Any) -> tuple[str, ...]:
    """Words in the order in which they are tried."""
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


# The grammar ---------------------------------------------------------------------------------


class _Part(NamedTuple):
    """A beginning of a text that is taken apart: what it holds, and what may follow (`stage`)."""

    at: int
    stage: str
    centre: str = ""
    places: tuple[str, ...] = ()
    known: tuple[bool, ...] = ()
    codes: tuple[str, ...] = ()
    zone: str = ""
    organ_at: int = 0
    organ_end: int = 0
    unit: str = ""
    stretches: tuple[str, ...] = ()
    free: int = 0
    level_word: bool = False
    branch: str = ""


_Step = tuple[float, _Part]


def cut_zone_short(zone: str) -> str:
    """A zone's name with its short form at the end.

    >>> cut_zone_short("新站高新技术产业开发区"), cut_zone_short("柳东新区")
    ('新站高新区', '柳东新区')
    """
    for long, short in lexicon().same_zones.items():
        if zone.endswith(long):
            return zone.removesuffix(long) + short
    return zone


@lru_cache(maxsize=50_000)
def parse_name(text: str) -> Name | None:
    """The name that the whole text is, or None. `text` is folded to half width and has no blanks.

    >>> name = parse_name("国家税务总局怀化市税务局")
    >>> name.centre, name.places, name.organ
    ('国家税务总局', ('怀化市',), '税务局')
    >>> parse_name("请与绿水县农业农村局") is None
    True
    """
    own, gloss = text, ""
    if (hit := _GLOSS.fullmatch(text)) is not None:
        if not _is_gloss(hit[2]):
            return None
        own, gloss = hit[1], "" if _is_former(hit[2]) or hit[2].startswith("含") else f"({hit[2]})"
    shown, own = own, _INNER_GLOSS.sub(_drop_inside, own)
    if not _SHORTEST <= len(own) <= _LONGEST or _NAME_CHARACTERS.fullmatch(own) is None:
        return None
    name = _parse(own) or _parse_doubled(own)
    return None if name is None else replace(name, text=shown, gloss=gloss)


def _drop_inside(hit: re.Match[str]) -> str:
    """Brackets inside a name without a place (廊坊), a zone (德阳高新区) or 集团, which say nothing that the grammar needs."""
    if hit[1] in (*lexicon().inside, *lexicon().zones) or find_known(hit[1]) is not None:
        return ""
    name = _parse(hit[1]) if hit[1].endswith(lexicon().zones) else None
    return hit[0] if name is None or name.organ else ""


def _is_gloss(inner: str) -> bool:
    """Whether brackets behind a name hold its level (本级) or a second name."""
    if inner in lexicon().own_level:
        return True
    name = parse_name(inner)
    if name is not None and name.places and all(name.known) and not name.stretches:
        return True
    return lexicon().stop.search(inner) is None and (
        name is not None or inner.endswith(tuple(lexicon().kinds))
    )


def _is_former(inner: str) -> bool:
    """Whether brackets hold what a body was called before (原卫生和计划生育局), and no place (原平市, 原州区)."""
    if not inner.startswith("原") or parse_name(inner[1:]) is None:
        return False
    name = parse_name(inner)
    return name is None or not name.places or not (name.places[0].startswith("原") and name.known[0])


def _parse_doubled(text: str) -> Name | None:
    """A name with a slip that is plain: 鸭南乡乡人民政府. 市市场监督管理局 and 乡乡 of a table are none."""
    once = _DOUBLED.sub(r"\1", text)
    if once == text or find_known(text[:4]) is not None:
        return None
    name = _parse(once)
    return None if name is None else replace(name, cost=name.cost + _TWICE)


def _parse(text: str) -> Name | None:
    """The cheapest way to take a text apart: parts are lengthened in the order of their cost."""
    if text in lexicon().centre:
        return Name(text, 0.0, organ=text)
    queue = [(0.0, 0, _Part(0, "places"))]
    if text.startswith(lexicon().centre):  # few names; to ask for each body takes a fifth of their time
        queue += [(0.0, 1, _Part(len(c), "places", c)) for c in lexicon().centre if text.startswith(c)]
    heapq.heapify(queue)
    count, seen = len(queue), set[tuple[object, ...]]()
    while queue:
        cost, _, part = heapq.heappop(queue)
        key = (part.at, part.stage, part.places, part.zone, part.organ_at, part.free, part.unit)
        if key in seen:
            continue
        seen.add(key)
        if part.at == len(text) and (name := _finish(text, cost, part)) is not None:
            return name
        for more, step in _STAGES[part.stage](text, part):
            if cost + more <= LIMIT:
                count += 1
                heapq.heappush(queue, (cost + more, count, step))
    return None


def _finish(text: str, cost: float, part: _Part) -> Name | None:
    if part.stage == "organ" or (part.stage == "places" and not _is_place(part)):
        return None
    organ = text[part.organ_at : part.organ_end]
    if part.centre == "中华人民共和国" and not organ.endswith(lexicon().of_the_republic):
        return None
    placeless = not part.places and not part.zone and not part.centre
    bare = (
        placeless
        and (part.level_word or not part.stretches)
        and organ not in lexicon().centre
        and _NATIONAL.match(text) is None
    )
    if bare and text.startswith(lexicon().centre):
        return None  # 交通运输部珠江航务管理局 is no 交通运输部 of some place
    return Name(
        text, round(cost, 2), part.centre, part.places, part.known, part.zone, organ, part.unit,
        free=part.free, stretches=part.stretches, bare=bare,
    )  # fmt: skip


def _is_place(part: _Part) -> bool:
    """Whether a name may end behind a place: its government is meant. 安徽 alone is none."""
    if part.zone:
        return True
    if not part.places:
        return False
    return (
        part.places[-1].endswith((*lexicon().place_endings, "街"))
        or _CORPS_PLACE.fullmatch(part.places[-1]) is not None
    )


def _step_places(text: str, part: _Part) -> Iterator[_Step]:
    rest = text[part.at :]
    if not rest:
        return
    if not part.zone:
        yield from _step_corps(rest, part)
        yield from _step_known_place(rest, part)
        yield from _step_unknown_place(rest, part)
        yield from _step_zone(rest, part)
    else:
        yield from _step_town_of_zone(rest, part)
        yield from _step_part_of_zone(rest, part)
    if part.centre and not part.places and rest.startswith("驻"):
        yield 0.0, part._replace(at=part.at + 1)  # 审计署驻武汉特派员办事处
    yield 0.0, part._replace(stage="organ", organ_at=part.at)
    if part.at == 0 and (hit := _LEVEL_WORDS.match(text)) and find_known(text[:3]) is None:
        yield _LEVEL_WORD, part._replace(at=hit.end(), stage="organ", organ_at=hit.end(), level_word=True)


def _step_corps(rest: str, part: _Part) -> Iterator[_Step]:
    """The corps of Xinjiang, its divisions and its regiments: 新疆生产建设兵团第八师石河子市, 第八师一四三团."""
    hit = _CORPS.match(rest) or (_REGIMENT.match(rest) if part.places else None)
    if hit is not None:
        yield 0.0, _add_place(part, hit[0], True)


def _step_part_of_zone(rest: str, part: _Part) -> Iterator[_Step]:
    """An area of a free trade zone: 中国(河南)自由贸易试验区郑州片区."""
    if part.zone.endswith("自由贸易试验区") and (hit := _AREA.match(rest)) is not None:
        yield 0.0, part._replace(at=part.at + len(hit[0]), zone=part.zone + hit[0])


def _step_town_of_zone(rest: str, part: _Part) -> Iterator[_Step]:
    """A town in a zone: 贵安新区马场镇."""
    for known, step in [(True, s) for s in _step_known_place(rest, part)] + [
        (False, s) for s in _step_unknown_place(rest, part)
    ]:
        cost, town = step
        if town.places[-1].endswith(_TOWNS) and (known or len(town.places[-1]) <= _LONGEST_TOWN):
            yield (
                cost,
                town._replace(
                    zone="",
                    places=(*part.places, part.zone, town.places[-1]),
                    known=(*part.known, True, known),
                ),
            )


def _step_known_place(rest: str, part: _Part) -> Iterator[_Step]:
    """Places of the tables. A chain goes down; one that does not lie one in the other costs."""
    for n in range(min(_DIVISION, len(rest)), 1, -1):
        found = None if rest[:n] in part.places else find_known(rest[:n])
        if found is None:
            if n == 2 and (codes := find_short_town(rest[:2], part.codes)):
                yield 0.0, _add_place(part, rest[:2], True, codes)
            continue
        stem = _STEM_OF_CENTRE if part.centre else _STEM
        cost, codes = (stem if found.kind == "stem" else 0.0), found.codes
        if part.codes:
            inside = tuple(c for c in codes if any(c.startswith(p) and len(c) > len(p) for p in part.codes))
            # 向阳|新县: a stem is followed by a part of it
            if not inside and (found.kind == "stem" or not part.places[-1].endswith(lexicon().place_endings)):
                continue
            cost, codes = (cost, inside) if inside else (cost + _NOT_INSIDE, codes)
        yield cost, _add_place(part, rest[:n], True, codes)


def _add_place(part: _Part, place: str, known: bool, codes: tuple[str, ...] = ()) -> _Part:
    return part._replace(
        at=part.at + len(place), places=(*part.places, place), known=(*part.known, known), codes=codes
    )


def _step_unknown_place(rest: str, part: _Part) -> Iterator[_Step]:
    endings = lexicon().place_endings
    for n in range(3, min(_UNKNOWN, len(rest)) + 1):
        if not rest.endswith(endings, 0, n):
            continue
        ending = next(e for e in endings if rest.endswith(e, 0, n))
        stem = rest[: n - len(ending)]
        if "、" in stem:
            break  # two names beside each other: 信访系统、市|卫健委
        if len(stem) < 2 or not _may_be_place(rest, n, stem, ending, part):
            continue
        cost = 0.5 + 0.1 * len(stem) if len(stem) <= 3 else stretch_cost(stem)
        if cost is not None:
            step = _add_place(part, rest[:n], False)
            yield cost, step._replace(stretches=(*part.stretches, stem))


def _may_be_place(rest: str, n: int, stem: str, ending: str, part: _Part) -> bool:
    """Whether a text that no table knows may be a place: no word, no sentence that runs into a known one."""
    words = lexicon()
    if rest[n - 1 : n + 1] in words.place_goes_on and not _begins_function(rest[n:]):
        return False
    if (
        rest[:n] in part.places
        or find_known(rest[:n]) is not None
        or rest[:n].endswith((*words.zones, *words.no_ending))
    ):
        return False
    if stem[0] in "县市区省旗州盟" or stem[-1] == ending[-1] or stem in words.no_stem:
        return False
    if words.stop.search(stem) or stem.endswith("海关") or _begins_badly(stem):
        return False
    if len(stem) > 2 and (stem.endswith(_kind_words()) or words.organ_words.search(stem)):
        return False
    if ending in "市区" and len(stem) < 3 and stem.endswith(("社", "园", "地", "景", "小")):
        return bool(part.places) and len(stem) > 1
    return not any(
        (known := find_known(rest[k:n])) is not None and known.kind in ("division", "abolished")
        for k in range(1, n - 2)
    )


def _begins_function(text: str) -> bool:
    """Whether a text begins with what a body is for: 市场监督管理局 behind 青石县, where 县市 is a word."""
    return any(text[:n] in lexicon().functions for n in range(2, lexicon().longest_function + 1))


def _step_zone(rest: str, part: _Part) -> Iterator[_Step]:
    if not any(c in rest for c in "区园城港"):
        return
    for zone in lexicon().zones:
        at = rest.find(zone, 0, _ZONE)
        if at < 0 or (at == 0 and not part.places):
            continue
        cost = stretch_cost(rest[:at]) if at else _BARE_ZONE
        if cost is not None and (part.places or rest[: at + len(zone)] not in lexicon().zones):
            end = at + len(zone)
            stretches = (*part.stretches, rest[:at]) if at else part.stretches
            step = part._replace(at=part.at + end, zone=rest[:end], codes=(), stretches=stretches)
            yield min(cost, _DEAREST_ZONE), step


def _step_organ(text: str, part: _Part) -> Iterator[_Step]:
    rest, words = text[part.at :], lexicon()
    if part.at == part.organ_at:
        yield from _step_whole_organ(rest, part)
    else:
        if rest.startswith(_kind_words()):
            for kind in words.kinds:
                if rest.startswith(kind):
                    yield 0.0, _end_organ(part, len(kind))
        if rest[:1] and rest[0] in "和与及、":
            yield _JOINED, part._replace(at=part.at + 1)
    for n in range(min(words.longest_function, len(rest)), 1, -1):
        if rest[:n] in words.functions and _COMPILES.match(rest) is None:
            yield 0.0, part._replace(at=part.at + n)
    if not part.free:
        for n in range(2, min(_STRETCH, len(rest))):
            cost = None if _HOLDS_PLACE.search(rest[:n]) else stretch_cost(rest[:n])
            if cost is not None:
                stretches = (*part.stretches, rest[:n])
                yield cost, part._replace(at=part.at + n, free=n, stretches=stretches)


def _step_whole_organ(rest: str, part: _Part) -> Iterator[_Step]:
    """An organ that stands alone behind its place: 人民政府, 委员会 of a party, 局 of a ministry's bureau."""
    words = lexicon()
    if rest.startswith(words.standing_alone):  # all at once first: few texts begin so
        for whole in words.standing_alone:
            if rest.startswith(whole):
                yield 0.0, _end_organ(part, len(whole))
    if (rest == "委" and part.centre in words.of_committees) or (rest == "办" and _in_street(part)):
        yield 0.0, _end_organ(part, 1)
    elif rest.startswith("委员会") and part.centre in words.of_committees:
        yield 0.0, _end_organ(part, 3)
    elif rest == "局" and part.centre.endswith("局") and part.places:
        yield 0.0, _end_organ(part, 1)  # 国家矿山安全监察局贵州局
    if rest.startswith("人民政府") and rest[4:].startswith(words.of_government):
        yield 0.0, part._replace(at=part.at + 4)


def _in_street(part: _Part) -> bool:
    return bool(part.places) and part.places[-1].endswith(("街道", "街"))


def _end_organ(part: _Part, length: int) -> _Part:
    return part._replace(at=part.at + length, organ_end=part.at + length, stage="behind")


def _step_behind(text: str, part: _Part) -> Iterator[_Step]:
    """What may stand behind an organ: a unit of it, a branch, the office of a commission, a sub-district."""
    organ, rest, words = text[part.organ_at : part.organ_end], text[part.at :], lexicon()
    if not rest or part.unit or part.branch:
        return
    end = part._replace(at=len(text))
    if words.unit.fullmatch(rest) and not rest.startswith("办公"):
        yield _UNIT, end._replace(unit=rest)
    elif words.stop.search(rest):
        return
    elif organ.endswith("人民政府") and (hit := _TOWN_OFFICE.fullmatch(rest)) is not None:
        office = "办事处" if rest.endswith("办事处") else ""
        known = (*part.known, find_known(hit[1]) is not None)
        at = len(text) - len(office)
        yield (
            _TOWN_BEHIND,
            end._replace(places=(*part.places, hit[1]), known=known, organ_at=at, organ_end=len(text)),
        )
    elif rest in ("办公室", "办公厅") and organ.endswith(words.offices_of):
        yield 0.0, end._replace(organ_end=len(text))
    elif words.unit.fullmatch(rest) and not (rest == "办公室" and organ.endswith("街道")):
        yield _UNIT, end._replace(unit=rest)
    elif (hit := words.branch.fullmatch(rest)) is not None and _may_be_branch(organ, hit[1]):
        yield _BRANCH, end._replace(organ_end=len(text), branch=rest)


def _may_be_branch(organ: str, place: str) -> bool:
    """Whether a body may have a branch of this place or task. A government has none: what follows it is a body of its own."""
    if organ.endswith(("政府", "办公室", "办公厅")):
        return False
    if not place or find_known(place) is not None or _PART_OF_CITY.fullmatch(place) is not None:
        return True
    return re.search("[县市区旗]", place) is None and stretch_cost(place) is not None


_STAGES: dict[str, Callable[[str, _Part], Iterator[_Step]]] = {
    "places": _step_places,
    "organ": _step_organ,
    "behind": _step_behind,
}


@lru_cache(maxsize=50_000)
def stretch_cost(stretch: str) -> float | None:
    """What a stretch costs that no table knows; None where a word of a sentence or of another body is in it."""
    words = lexicon()
    if words.stop.search(stretch) or words.organ_words.search(stretch) or _begins_badly(stretch):
        return None
    if _NAME_CHARACTERS.fullmatch(stretch) is None or _CUT_PLACE.match(stretch):
        return None
    if any(_ends_in_county(stretch[: hit.end()]) for hit in re.finditer("[县市区旗州]", stretch)):
        return None
    divided = re.search(r"..[县市区旗镇乡](?![场域])", stretch.replace("片区", "")) is not None
    return 0.6 + 0.12 * len(stretch) + (0.8 if divided else 0.0)


def _begins_badly(stretch: str) -> bool:
    words = lexicon()
    if stretch.startswith(words.first_words):
        return True
    if stretch[0] not in words.first:
        return False
    if stretch[0] == "经" and len(stretch) > 2 and find_known(stretch[1:3]) is not None:
        return True  # 经|济宁
    return not stretch.startswith(words.first_allowed)


def _ends_in_county(text: str) -> bool:
    """Whether a text ends in a county of the table: there a sentence ran into a name."""
    ends = (find_known(text[-n:]) for n in (3, 4, 5) if len(text) >= n)
    return any(end is not None and end.kind == "division" for end in ends)


def drop_unit(name: Name) -> Name:
    """The body that a unit belongs to: 财政局 for 财政局办公室, 海关总署 for 海关总署办公厅政务公开处."""
    unit = name.unit or (name.organ if name.text == f"{name.centre}办公厅" else "")
    body = parse_name(name.text.removesuffix(unit)) if unit else None
    return name if body is None else drop_unit(body)
