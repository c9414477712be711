"""IdentityEvidence → the year of a report, by vote."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from gongkai.model import Finding, flag
from gongkai.normalize.form.label import simplify
from gongkai.normalize.identity.dates import Dates, read_period
from gongkai.normalize.identity.evidence import (
    HEAD,
    IdentityEvidence,
    Vote,
    data,
    fold_line,
    metadata_titles,
    year_vote,
)
from gongkai.normalize.identity.title import YEAR, is_title
from gongkai.record import dataclass

#: Lines of the narrative that may name the period, and lines whose beginning may name the year.
_PERIOD_LINES, _FIRST_LINES = 4, 6
#: Characters at the end of a line, and of the next, that a broken period may have.
_BROKEN = 24
#: Reports are written after the year: a date from this month on is of the report's own year.
_LATE = 11
#: Candidates that a message names, and the confidence of a year that one sentence does not shake.
_SHOWN, _CERTAIN = 4, 0.99

_YEAR_NUMBER = r"(20[0-4]\d)"
#: 现公布青石县财政局2023年政府信息公开…
_PUBLISHED_FOR = re.compile(
    rf"""
    (?:(?:公布|公开|报告|发布|编制|梳理|结合)(?!了)|现将|(?:^|[,。;])将)[^,。;]{{0,30}}?
    {_YEAR_NUMBER}\s*年度?[^,。;]{{0,16}}?
    (?:政府|政务)?信息公开
    """,
    re.VERBOSE,
)
#: 2023年，…; 2023年青石街道认真…
_SENTENCE_BEGINS = re.compile(
    rf"""
    ^{_YEAR_NUMBER}年(?:度)?
    (?:[,以来]|我|本|全|区|县|市|乡|镇|[一-鿿]{{2,14}}(?:信息公开工作|认真|积极|严格|坚持|深入|高度重视|全面|紧紧|以习近平|在[一-鿿、]+领导下))
    """,
    re.VERBOSE,
)
_MONTH_LINE = re.compile(rf"^\s*{_YEAR_NUMBER}\s*年\s*(1[0-2]|0?[1-9])\s*月\s*$")
#: 〔2015〕3号 before a title is the year in which it was sent out.
_DOCUMENT_NUMBER = re.compile(r"[〔\[(]20\d\d[〕\])]第?\d+号")
_FILE_YEAR = re.compile(rf"(?<!\d){_YEAR_NUMBER}年")

#: Behind 将 in the sense of 把 (2021年，我局将政府信息公开纳入计划): no plan for a year to come.
_OBJECT = (
    "政府 政务 信息 公开 其 该 此 各 上述 年度 工作 条例 《 本 行政 涉及 依申请 主动公开 重点领域 有关 相关"
).replace(" ", "|")
_WE = "我(?:局|镇|县|市|区|乡|省|厅|街道|办|委)"
#: What a sentence of the narrative tells: source of the vote, pattern, the report's year less the one named.
_TENSES = (
    (
        "last report",
        re.compile(
            rf"""
            (?:针对|对照|上年度?|根据)?{_YEAR_NUMBER}年度?
            (?:年度)?(?:工作)?(?:年度)?报告中?(?:提出|指出|反映|存在)
            """,
            re.VERBOSE,
        ),
        1,
    ),
    (
        "narrative",
        re.compile(
            rf"{_YEAR_NUMBER}年度?[，,]?(?:共有|未收取|未收到|没有收取|全年|共收到|{_WE}(?!将))", re.VERBOSE
        ),
        0,
    ),
    (
        "plan",
        re.compile(rf"{_YEAR_NUMBER}年度?[，,]?(?:{_WE}|本机关)?将(?!{_OBJECT})", re.VERBOSE),
        -1,
    ),
)


@dataclass(frozen=True, slots=True)
class RankedYear:
    """A year that a document may be for: how likely it is, and the sources that name it with their weights."""

    year: int
    confidence: float
    sources: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class YearElection:
    """The year that is given, or None; all that the document names, the likeliest first; what a person should know."""

    year: int | None
    ranking: tuple[RankedYear, ...]
    findings: tuple[Finding, ...]

    @property
    def winner(self) -> RankedYear | None:
        """What speaks for the year that is given."""
        return self.ranking[0] if self.year is not None else None


def elect_year(evidence: IdentityEvidence, dates: Dates, earliest: int | None) -> YearElection:
    """The year that most speaks for, where that is enough, and a finding where others have votes.

    `earliest` is the first year of the report's form.
    """
    votes = list(_cast_votes(evidence, dates))
    if not votes:
        return YearElection(None, (), ())
    ranking = _rank_years(votes, earliest)
    best = ranking[0]
    if best.confidence < data()["cut_off"]["year"]:
        return YearElection(None, ranking, (_report_doubt(ranking),))
    return YearElection(best.year, ranking, _report_others(votes, ranking))


def _cast_votes(evidence: IdentityEvidence, dates: Dates) -> Iterator[Vote[int]]:
    yield from _vote_title(evidence)
    yield from _vote_preface(evidence)
    yield from _vote_first_sentence(evidence)
    yield from _vote_tenses(evidence)
    yield from _vote_date(evidence, dates)
    yield from _vote_file_name(evidence)
    yield from _vote_page_title(evidence)


def _rank_years(votes: Sequence[Vote[int]], earliest: int | None) -> tuple[RankedYear, ...]:
    """The years, the likeliest first and the later one of two equal. A source counts once for a year.

    The probabilities of the years and of none of them add up to 1: each is the power of e to its weights.
    """
    weights: dict[int, dict[str, float]] = {}
    for year, weight, source in votes:
        weights.setdefault(year, {})[_kind(source)] = weight
    for year, sources in weights.items():
        if earliest is not None and year < earliest:
            sources["before the form"] = year_vote(earliest, "before the form").weight
    scores = {year: sum(sources.values()) for year, sources in weights.items()}
    none = math.exp(data()["weights"]["year"]["none of them"])
    total = none + sum(map(math.exp, scores.values()))
    order = sorted(scores, key=lambda year: (-scores[year], -year))
    return tuple(
        RankedYear(year, round(math.exp(scores[year]) / total, 3), tuple(weights[year].items()))
        for year in order
    )


def _report_doubt(ranking: Sequence[RankedYear]) -> Finding:
    listed = ", ".join(
        f"{ranked.year} ({', '.join(source for source, _ in ranked.sources)})" for ranked in ranking[:_SHOWN]
    )
    message = f"the document does not say for certain which year it is for; candidates: {listed}"
    return flag("year-uncertain", message, printed=str(ranking[0].year))


def _kind(source: str) -> str:
    """The source of a vote in words of the message; sources of one kind count once."""
    return {"month": "date", "repeated title": "page title"}.get(source, source)


def _report_others(votes: Sequence[Vote[int]], ranking: Sequence[RankedYear]) -> tuple[Finding, ...]:
    """What names another year, but for the beginning of one sentence beside a year that is certain: 2019年，我局被评为…."""
    best = ranking[0].year
    passing = "text" if ranking[0].confidence >= _CERTAIN else None
    others = {_kind(source): year for year, _, source in votes if year != best and source != passing}
    if not others:
        return ()
    listed = ", ".join(f"{source}: {year}" for source, year in sorted(others.items()))
    message = f"the year is taken to be {best}; other evidence names another year ({listed})"
    return (flag("year-disagrees", message, printed=str(best)),)


def _vote_title(evidence: IdentityEvidence) -> Iterator[Vote[int]]:
    if evidence.title is not None and (hit := YEAR.search(_DOCUMENT_NUMBER.sub("", evidence.title))):
        yield year_vote(int(hit[1]), "title")


def _vote_preface(evidence: IdentityEvidence) -> Iterator[Vote[int]]:
    """The period of the figures, and a sentence that says for which year the report is."""
    lines = [*map(simplify, (*evidence.preface, *evidence.narrative[:_PERIOD_LINES])), ""]
    for text, after in pairwise(lines):
        if (period := read_period(text) or read_period(text[-_BROKEN:] + after[:_BROKEN])) is not None:
            yield year_vote(period, "period")
        if (hit := _PUBLISHED_FOR.search(text)) is not None and not is_title(text):
            yield year_vote(int(hit[1]), "preface")


def _vote_first_sentence(evidence: IdentityEvidence) -> Iterator[Vote[int]]:
    hits = map(_SENTENCE_BEGINS.match, evidence.narrative[:_FIRST_LINES])
    hit = next((hit for hit in hits if hit is not None), None)
    if hit is not None:
        yield year_vote(int(hit[1]), "text")


def _vote_tenses(evidence: IdentityEvidence) -> Iterator[Vote[int]]:
    """What the narrative looks back on, tells and plans, each once: the year that it names most often."""
    text = "".join(map(simplify, evidence.narrative))
    for source, pattern, ahead in _TENSES:
        years = [int(year) + ahead for year in pattern.findall(text)]
        if years:
            yield year_vote(max(set(years), key=lambda year: (years.count(year), year)), source)


def _vote_date(evidence: IdentityEvidence, dates: Dates) -> Iterator[Vote[int]]:
    """The date of the report, or else a month alone on a line of its head.

    A page may be published again years later, so that its date counts for less than a signature's.
    """
    date = dates.signed or dates.published
    if date is not None:
        year, month = int(date[:4]), int(date[5:7])
        source = "date" if dates.signed is not None else "date of publication"
        yield year_vote(year if month >= _LATE else year - 1, source)
        return
    for line in evidence.preface[:HEAD]:
        if (hit := _MONTH_LINE.match(line)) is not None:
            yield year_vote(int(hit[1]) - 1, "month")


def _vote_file_name(evidence: IdentityEvidence) -> Iterator[Vote[int]]:
    if (hit := _FILE_YEAR.search(evidence.file_name)) is not None:
        yield year_vote(int(hit[1]), "file name")


def _vote_page_title(evidence: IdentityEvidence) -> Iterator[Vote[int]]:
    titles = filter(is_title, map(fold_line, metadata_titles(evidence.metadata)))
    hit = next(filter(None, map(YEAR.search, titles)), None)
    if hit is not None:
        yield year_vote(int(hit[1]), "page title" if evidence.title is None else "repeated title")
