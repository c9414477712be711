"""IdentityEvidence → the public body that reports: candidates are grouped, each group gets a probability, the best is given."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from gongkai.model import Finding, flag
from gongkai.normalize.identity.bare_name import find_all_candidates
from gongkai.normalize.identity.candidates import Candidate
from gongkai.normalize.identity.evidence import IdentityEvidence, betting_pattern, data
from gongkai.normalize.identity.grammar import Name, parse_name
from gongkai.normalize.identity.running_text import own_words, reads_as_sentence
from gongkai.normalize.identity.same_body import Group, group_candidates, spelling, strong_sources
from gongkai.normalize.identity.title import head_of_title
from gongkai.record import dataclass

#: A page whose titles name so many bodies lists their reports, and is nobody's.
_LISTED = 3
#: Candidates that a message names.
_SHOWN = 4
_FREE, _STRONG, _RIVAL = 6, 4, 3
#: What a page calls who sent it in, and not who published it.
_SOURCE_OF_PAGE = re.compile("来源|作者")
#: Sources that are the page's, and not the report's.
_OF_PAGE = frozenset({"metadata", "page_line"})
_SHORTEST_SLIP, _SHORTEST_HEAD = 5, 2
_BRANCHES = ("分局", "支局", "支队", "大队", "分中心")


@dataclass(frozen=True, slots=True)
class RankedBody:
    """A body that a document may be of: its name written out, how likely it is, and the lines that name it."""

    name: str
    bare: bool
    confidence: float
    sources: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Election:
    """The body that is given, or None; all that stood for election, the likeliest first; what a person should know."""

    org: str | None
    ranking: tuple[RankedBody, ...]
    findings: tuple[Finding, ...]

    @property
    def winner(self) -> RankedBody | None:
        """What speaks for the body that is given."""
        return self.ranking[0] if self.org is not None else None


def elect_organ(evidence: IdentityEvidence, without: Collection[str] = ()) -> Election:
    """The body whose group of candidates is likeliest, where that is likely enough.

    Sources in `without` are left out, to see what the others are worth.
    """
    found = (c for c in find_all_candidates(evidence) if c.source not in without)
    candidates, slips = mend_slips(tuple(found), evidence if "slip" not in without else None)
    own = count_own_words(evidence)
    groups = group_candidates(candidates)
    ranked = rank_groups(groups, own)
    if not ranked:
        return Election(None, (), _report_unparsed(evidence))
    cut_off = data()["cut_off"]["organ"]
    likeliest = ranked[0][0]
    best = next(
        (
            pair
            for pair in ranked
            if pair[1] >= cut_off
            and _may_be_given(pair[0], own)
            and not _has_branch_that_writes(pair[0], groups)
        ),
        None,
    )
    if best is not None:
        ranked = [best, *(pair for pair in ranked if pair is not best)]
    ranking = tuple(_ranked(group, chance) for group, chance in ranked)
    if _is_listing(groups):
        return Election(None, ranking, (_report_doubt(ranking, "it lists the reports of several bodies"),))
    if best is None or _has_other_title(best[0], groups) or _is_outdone(best[0], likeliest):
        return Election(None, ranking, _report_none(ranking, evidence))
    name = ranking[0].name
    findings = (*_report_others(ranking), *_report_betting(name), *_report_slips(slips, name))
    return Election(name, ranking, findings)


def _has_other_title(best: Group, groups: Sequence[Group]) -> bool:
    """Whether the title names another organ without its place: 水务局 is not the county's government."""
    titled = ("title", "title_apart")
    return not any(c.source in titled for c in best) and any(
        c.source in titled and c.name.bare for group in groups if group is not best for c in group
    )


def _has_branch_that_writes(group: Group, groups: Sequence[Group]) -> bool:
    """Whether a bureau is only mentioned while a branch of it has more than that: 与青石市环境局绿水分局联系."""
    weak = {*data()["sources"]["weak"], "own_site"}
    if not {c.source for c in group} <= weak:
        return False
    name = spelling(group).text
    return any(
        c.name.text.startswith(name) and c.name.text.endswith(_BRANCHES) and c.source not in weak
        for other in groups
        if other is not group
        for c in other
    )


def _is_outdone(best: Group, likeliest: Group) -> bool:
    """Whether a group that only weak sources name follows a likelier one that says no place: 县水务局 is the one that writes."""
    return likeliest is not best and {c.source for c in best} <= frozenset(data()["sources"]["weak"])


def count_own_words(evidence: IdentityEvidence) -> Counter[str]:
    """How often the report calls its body 局, 镇 and so on behind 我."""
    return Counter(hit for line in evidence.lines for hit in own_words().findall(line))


def _called(own: Mapping[str, int]) -> str | None:
    """What the report calls its body most often, of all words that `count_own_words` found."""
    return max(own, key=lambda word: own[word], default=None)


def rank_groups(groups: Sequence[Group], own: Mapping[str, int]) -> list[tuple[Group, float]]:
    """The groups with the probability that each is the body, the likeliest first."""
    weights = data()["weights"]["organ"]
    rated = []
    for group, features in zip(groups, measure_groups(groups, own), strict=True):
        score = weights["constant"] + sum(weights[name] * value for name, value in features.items())
        rated.append((group, 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))))
    return sorted(rated, key=lambda pair: -pair[1])


def measure_groups(groups: Sequence[Group], own: Mapping[str, int]) -> list[dict[str, float]]:
    """What the weights are multiplied with, for each group: its sources, and how it stands to the others."""
    strong, titles = strong_sources(), frozenset(data()["sources"]["titles"])
    kinds = [{c.source for c in group} for group in groups]
    total = sum(map(len, groups))
    called = _called(own)
    rows = []
    for group, sources in zip(groups, kinds, strict=True):
        name, others = spelling(group), [k for k in kinds if k is not sources]
        features = dict.fromkeys(sources, 1.0)
        if called is not None and name.kind:
            features["self_agrees" if _agrees(name, called) else "self_differs"] = 1.0
        features["rival_title"] = float(any(titles & other for other in others))
        rivals = max((len(other & strong) for other in others), default=0)
        features["rival_strong"] = min(_RIVAL, rivals) / _RIVAL
        features["strong"] = min(_STRONG, len(sources & strong)) / _STRONG
        features["share"] = len(group) / total
        features["bare"] = float(name.bare)
        features["cost"] = max(0.0, name.cost - 1.2)
        features["gov_office"] = float(name.is_government_office and not sources & titles)
        if not sources & frozenset(data()["sources"]["bounded"]):
            features["free"] = min(name.free, _FREE) / _FREE
        rows.append(features)
    return rows


def _agrees(name: Name, called: str) -> bool:
    """Whether a body may call itself so: 我局 for a 局, 我街道 for a 街道 and its 办事处."""
    if called in ("街", "街道", "处"):
        return name.kind in ("街道", "处")
    return name.kind == called or (called in ("委", "管委会") and name.kind in ("委", "管委会"))


def _may_be_given(group: Group, own: Mapping[str, int]) -> bool:
    """Whether a group may be the body at all, whatever its probability.

    One that is only mentioned may where the report calls itself by that kind and the place is known, one that only the
    page's line of its source names (来源) where it calls itself so. Words in it
    that no list knows are looked at twice where they come from running text.
    """
    name, sources = spelling(group), {c.source for c in group}
    words = data()["sources"]
    if name.bare or (name.zone and not name.organ and not sources & frozenset(words["bounded"])):
        return False  # 五大连池风景区 in a sentence is a place, and hardly the whole name
    if _is_told_by_its_office(group):
        return False
    called = _called(own)
    if sources == {"page_line"} and all(_SOURCE_OF_PAGE.search(c.text) for c in group):
        return called is not None and _agrees(name, called)
    if sources <= _OF_PAGE and called is not None and not name.is_government_office:
        return _agrees(name, called)  # 我镇 is not the media centre that keeps the page
    if sources <= frozenset(words["weak"]) and not ("mention" in sources and _calls_itself(name, called)):
        return False
    if sources & frozenset(words["bounded"]):
        return True
    return not any(map(reads_as_sentence, name.stretches))


def _calls_itself(name: Name, called: str | None) -> bool:
    """Whether the report calls itself by a body's kind, and all places of its name are known."""
    is_known = bool(name.places) and all(name.known)
    return called is not None and _agrees(name, called) and is_known


def _is_told_by_its_office(group: Group) -> bool:
    """Whether only its office, which compiles or publishes, tells a government: the report may be the office's own."""
    told = [c for c in group if c.source not in data()["sources"]["weak"]]
    return bool(told) and all(c.of_office and not c.source.startswith("contact") for c in told)


def _is_listing(groups: Sequence[Group]) -> bool:
    return sum(any(c.source == "title" for c in group) for group in groups) >= _LISTED


def _ranked(group: Group, chance: float) -> RankedBody:
    name = spelling(group)
    sources = tuple(dict.fromkeys((c.source, c.text) for c in group))
    return RankedBody(name.written_out, name.bare, round(chance, 3), sources)


# Slips in a name -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Slip:
    """A name as it is printed, and as it is meant."""

    printed: str
    meant: str


def mend_slips(
    candidates: Sequence[Candidate], evidence: IdentityEvidence | None
) -> tuple[list[Candidate], tuple[Slip, ...]]:
    """The candidates, with a name that is one character off counted for the one that the rest of the document has.

    故城县本育局 stands for 故城县教育局 where the signature has it: only an organ is mended, never a place.
    """
    whole = {c.name.text: c.name for c in candidates if not c.name.bare and not c.name.free and c.name.organ}
    slips, result = [], []
    for c in candidates:
        meant = _meant(c.name.text, whole) if c.name.free else None
        if meant is None:
            result.append(c)
            continue
        slips.append(Slip(c.name.text, meant.text))
        result.append(Candidate(meant, "slip", c.text))
    if evidence is not None and evidence.title is not None:
        head = head_of_title(evidence.title)
        meant = _meant(head, whole) if parse_name(head) is None else None
        if meant is not None:
            slips.append(Slip(head, meant.text))
            result.append(Candidate(meant, "slip", evidence.title))
    return result, tuple(dict.fromkeys(slips))


def _meant(text: str, names: Mapping[str, Name]) -> Name | None:
    """The only name that differs in one character of its organ."""
    near = [
        name
        for other, name in names.items()
        if len(other) == len(text) >= _SHORTEST_SLIP
        and sum(a != b for a, b in zip(other, text, strict=True)) == 1
        and text.startswith("".join(name.places))
    ]
    return near[0] if len(near) == 1 else None


# What a person should know ---------------------------------------------------------------------


def _report_unparsed(evidence: IdentityEvidence) -> tuple[Finding, ...]:
    """A title whose name is none by the grammar."""
    head = head_of_title(evidence.title) if evidence.title is not None else ""
    if len(head) < _SHORTEST_HEAD or parse_name(head) is not None:
        return ()
    message = f"the title names “{head}”, which is no name of a public body that can be read; the report has no body"
    return _report_betting(head) or (flag("org-uncertain", message, printed=head),)


def _report_none(ranking: Sequence[RankedBody], evidence: IdentityEvidence) -> tuple[Finding, ...]:
    if all(body.bare for body in ranking):
        bare = ranking[0].name
        message = f"the body is only called {bare}, and nothing names its place; the report has no body"
        return (flag("org-incomplete", message, printed=bare),)
    unparsed = _report_unparsed(evidence)
    return (*unparsed, _report_doubt(ranking, "nothing in it is certain enough"))


def _report_doubt(ranking: Sequence[RankedBody], why: str) -> Finding:
    listed = ", ".join(f"{body.name} ({body.confidence:.2f})" for body in ranking[:_SHOWN])
    message = f"the document does not say for certain whose report it is: {why}; candidates: {listed}"
    return flag("org-uncertain", message, printed=ranking[0].name)


def _report_others(ranking: Sequence[RankedBody]) -> tuple[Finding, ...]:
    strong = strong_sources()
    others = sorted(
        body.name for body in ranking[1:] if not body.bare and any(s in strong for s, _ in body.sources)
    )
    if not others:
        return ()
    best = ranking[0].name
    message = f"the body is taken to be {best}; the document also names {', '.join(others)}"
    return (flag("org-disagrees", message, printed=best),)


def _report_betting(best: str) -> tuple[Finding, ...]:
    if betting_pattern().search(best) is None:
        return ()
    message = f"the name in the title, {best}, has words of a betting site; the page may be a hijacked copy"
    return (flag("hijacked-copy", message, printed=best),)


def _report_slips(slips: Sequence[Slip], best: str) -> tuple[Finding, ...]:
    return tuple(
        flag(
            "org-mended",
            f"the document prints {slip.printed}, one character off the body's name, {slip.meant}, which it has elsewhere",
            printed=slip.printed,
        )
        for slip in slips
        if re.sub(r"\W", "", slip.meant) in best
    )
