"""A title that names its body without a place (县水务局), and what tells the place → candidates with the place.

What tells it says who owns the site or where somebody sits, not whose report it is: it only completes a name that the
document has as its own, and only where the kinds of places agree and nothing in the text speaks of another place.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gongkai.normalize.identity.candidates import Candidate, drop_site, find_candidates
from gongkai.normalize.identity.codes import read_site_codes
from gongkai.normalize.identity.division import ENDING, division, find_places
from gongkai.normalize.identity.evidence import IdentityEvidence, fold_line, metadata_titles
from gongkai.normalize.identity.grammar import Name, parse_name
from gongkai.normalize.identity.locality import find_localities
from gongkai.normalize.identity.same_body import LEVEL_WORD

#: Sources of a title, as candidates have them.
_TITLES = frozenset({"title", "title_apart", "page_title", "file_name"})
#: Candidates that may name the site's owner.
_OWNERS = frozenset({"site", "crumb", "website", "page_line", "metadata"})
_ADDRESS = re.compile(r"(?:地址|通讯地址|通信地址|办公地点|地点)[:：是为]?([^,，。;；)）(（]{4,40})")
_SITE_NAMES = ("sitename", "网站名称", "主办单位")
#: What a text calls the place that it is about: 全县, 我市, 区委.
_OWN_PLACE = re.compile(
    r"(?:[全我本](省|市|州|盟|县|区|旗))(?![场民])|(省|市|州|盟|县|区|旗)(?:委|政府)(?![一-鿿]{0,2}网)"
)
#: A county of two characters, which find_localities leaves out: 黟县; 和县 only where 和 joins no places.
_SHORT_COUNTY = re.compile("(?:(?<![省市州盟县区旗镇乡])和|[一-鿿])县(?![直级域内属委])")
_PARTS = re.compile(r"[-_—|>\s]+")


class _Told(NamedTuple):
    """A source that tells a place: the code of a city or county, and the line."""

    source: str
    code: str
    text: str


def find_all_candidates(evidence: IdentityEvidence) -> tuple[Candidate, ...]:
    """Every name that may be the body's, a bare one of the title with its place too where that is told."""
    found = find_candidates(evidence)
    return (*found, *_complete(found, evidence))


def _complete(found: Iterable[Candidate], evidence: IdentityEvidence) -> Iterator[Candidate]:
    """The bare name of the title with the place that the page, the address or the folder tells."""
    candidates = tuple(found)
    titled = {c.name.text: c.name for c in candidates if c.source in _TITLES}
    if len(titled) != 1:
        return
    (bare,) = titled.values()
    if not bare.bare or bare.unit:
        return
    told = [t for t in _find_told(candidates, evidence) if _fits(bare, t.code, evidence)]
    codes = {t.code for t in told}
    if len(codes) != 1 or _speaks_of_another(codes.pop(), evidence):
        return
    if {t.source for t in told} == {"place_folder"} and not _names(told[0].code, evidence):
        return
    for t in told:
        name = parse_name(_place_name(t.code) + LEVEL_WORD.sub("", bare.text))
        if name is not None and not name.bare:
            yield Candidate(name, t.source, t.text)


def _find_told(candidates: tuple[Candidate, ...], evidence: IdentityEvidence) -> Iterator[_Told]:
    for code in read_site_codes(evidence.metadata, "\n".join((*evidence.top, *evidence.closing))):
        yield _Told("place_code", code, f"网站标识码 {code}")
    for name, text in _find_owners(candidates, evidence):
        if name.long_organ == "人民政府" and name.level in ("省", "市", "县") and (code := _code_of(name)):
            yield _Told("place_site", code, text)
    for hit in (hit for line in evidence.lines for hit in _ADDRESS.finditer(line)):
        if code := _smallest(hit[1]):
            yield _Told("place_address", code, hit[0])
    for folder in evidence.folders:
        codes = {place.code for place in find_places(folder) if place.rule != "stem"}
        if len(codes) == 1:
            yield _Told("place_folder", codes.pop(), folder)


def _find_owners(candidates: tuple[Candidate, ...], evidence: IdentityEvidence) -> Iterator[tuple[Name, str]]:
    """The names that may be the site's owner, each with its line."""
    yield from ((c.name, c.text) for c in candidates if c.source in _OWNERS)
    texts = [(value, value) for key, value in evidence.metadata if key.lower() in _SITE_NAMES]
    texts += [(part, title) for title in metadata_titles(evidence.metadata) for part in _PARTS.split(title)]
    for part, text in [*texts, (evidence.list_body, evidence.list_body)]:
        if (name := parse_name(drop_site(fold_line(part)))) is not None:
            yield name, text


def _code_of(name: Name) -> str:
    """The code of the last place of a name, "" where several fit."""
    codes = {""}
    for place in name.places:
        codes = {p.code for p in find_places(place) for outer in codes if p.code.startswith(outer)}
    return codes.pop() if len(codes) == 1 else ""


def _smallest(text: str) -> str:
    """The smallest city or county that an address names; "" where it names none or two beside each other."""
    codes = sorted(find_localities(text).codes, key=len)
    if not codes or any(not codes[-1].startswith(code) for code in codes):
        return ""
    return codes[-1]


def _fits(bare: Name, code: str, evidence: IdentityEvidence) -> bool:
    """Whether a place is of the kind that the title and the text speak of: 县水务局 and 全县 are of a county."""
    ending = _kind_of(code)
    hit = LEVEL_WORD.match(bare.text)
    if hit is not None:
        return hit[1] == ending
    spoken: Counter[str] = Counter(
        one or other for line in evidence.lines for one, other in _OWN_PLACE.findall(line)
    )
    if spoken:
        return max(spoken, key=lambda word: spoken[word]) == ending
    return len(code) == 6


def _kind_of(code: str) -> str:
    hit = ENDING.search(division(code).name)
    return hit[0].replace("自治区", "省") if hit is not None else ""


def _speaks_of_another(code: str, evidence: IdentityEvidence) -> bool:
    """Whether the text names a city or county that is neither this place nor around it nor in it."""
    text = "\n".join(evidence.lines)
    short = {p.code for hit in _SHORT_COUNTY.findall(text) for p in find_places(hit) if p.rule == "full_name"}
    named = find_localities(text).codes | short
    return any(not other.startswith(code) and not code.startswith(other) for other in named)


def _names(code: str, evidence: IdentityEvidence) -> bool:
    name = division(code).name
    return any(name in line for line in evidence.lines)


def _place_name(code: str) -> str:
    """A division's name, behind its city where others have it too."""
    found = division(code)
    shared = len({p.code for p in find_places(found.name) if p.rule == "full_name"}) > 1
    return (found.parents[-1] if shared and found.parents else "") + found.name
