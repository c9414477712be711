"""IdentityEvidence → every name that may be the body's, each with the source that names it.

What does not parse as a name never becomes a candidate. How much a source is worth stands in evidence.toml.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from gongkai.normalize.identity.dates import read_date
from gongkai.normalize.identity.evidence import HEAD, IdentityEvidence, data, fold_line
from gongkai.normalize.identity.grammar import Name, drop_unit, parse_name
from gongkai.normalize.identity.running_text import find_mentions
from gongkai.normalize.identity.title import (
    REPORT,
    Title,
    drop_years,
    find_titles,
    is_title,
    name_in_title,
    title_lines,
    titles_of_pages,
    trim_name,
)
from gongkai.record import dataclass

#: Lines that are read for names: of the preface and of the narrative; from there on a cue counts as late.
_PREFACE, _NARRATIVE, _LATE = 40, 12, 3
#: Lines from the top where a body may stand alone, and characters that such a line may have.
_FIRST, _FIRST_LENGTH = 6, 30
#: Characters of a line that are read, and what is shown of it.
_READ, _SHOWN = 600, 80
#: Characters before and behind a name that may hold a cue.
_BEFORE, _BEHIND = 14, 45
_SHORTEST, _LONGEST, _SHORTEST_SENTENCE = 3, 32, 8
_QUOTED = re.compile(r"[《“\"]([^《》]{5,60}?)[》”\"]")
_ABOUT_REPORTS = re.compile(r"通知|格式|(?:报告|年报)(?:编制)?(?:制度|办法|规定|细则|规范|要求|指南)")
_SITE = re.compile(r"(?:(?<!人民)政府)?(?:门户)?网(?:站)?$")
_OWNER = re.compile(r"(?:主办|承办|版权所有)(?:单位)?[:：]?([^:：|,。]{4,30}?)(?:$|承办|地址|主办|网站)")
_PAGE_WORDS = re.compile(r"发布|浏览|字号|点击|时间|分享|打印|成文|公开日期|日期|文号|访问|作者|\[|【")
_DATE = re.compile(r"20\d\d年\d{1,2}月\d{1,2}日.*$|二[〇○零Ｏ].{2,4}年.{1,3}月.{1,4}日.*$")
_WRITES = ("compiled", "contact", "publisher")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name, the source that names it, and its line. `of_office`: the line names the office of this government."""

    name: Name
    source: str
    text: str
    of_office: bool = False


class _Cue(NamedTuple):
    source: str
    before: re.Pattern[str]
    behind: re.Pattern[str]


def find_candidates(evidence: IdentityEvidence) -> tuple[Candidate, ...]:
    """Every name that the document gives where a name of its body may stand."""
    titles = find_titles(title_lines(evidence.preface))
    in_titles = frozenset(part for title in titles if len(title.parts) > 1 for part in title.parts)
    found = (
        *_read_titles(titles, evidence),
        *_read_page_titles(evidence),
        *_read_metadata(evidence),
        *_read_page_lines(evidence.top),
        *_read_first_lines([line for line in evidence.preface[:_FIRST] if line not in in_titles]),
        *_read_file_name(evidence),
        *_read_quotes(evidence),
        *_read_sentences(evidence, in_titles),
        *_read_closing([line for line in evidence.closing if line not in in_titles]),
    )
    return _give_government_its_office(found, evidence)


def _named(name: Name | None, source: str, line: str) -> Iterator[Candidate]:
    if name is not None:
        yield Candidate(name, source, line[:_SHOWN])


def _read_titles(titles: Sequence[Title], evidence: IdentityEvidence) -> Iterator[Candidate]:
    for title in titles:
        yield from _named(title.name, "title_apart" if title.apart else "title", title.text)
    if evidence.title is not None:  # one that lost its line break, or of the metadata
        yield from _named(name_in_title(evidence.title), "title", evidence.title)


def drop_site(text: str) -> str:
    """What the title of a site names as its owner: 青石县人民政府 for 青石县人民政府门户网站."""
    return _SITE.sub("", text)


def _read_page_titles(evidence: IdentityEvidence) -> Iterator[Candidate]:
    for of_report, part in titles_of_pages(evidence.metadata):
        if of_report:
            yield from _named(name_in_title(part), "page_title", part)
        else:
            yield from _named(parse_name(drop_site(part)), "site", part)


def _read_metadata(evidence: IdentityEvidence) -> Iterator[Candidate]:
    for key, value in evidence.metadata:
        if key in data()["metadata"]["publisher"]:
            line = fold_line(value)
            yield from _named(parse_name(trim_name(line)), "metadata", line)


def _read_page_lines(top: Sequence[str]) -> Iterator[Candidate]:
    """Lines of the page that name its publisher, and the way to it on its site."""
    for n, line in enumerate(top[:HEAD]):
        whole = line + top[n + 1] if line.endswith((":", "：")) and n + 1 < len(top) else line
        for hit in _publisher().finditer(whole):
            text = _PAGE_WORDS.split(hit[1])[0].strip("|")
            yield from _named(parse_name(text), "page_line", line)
        if is_breadcrumb(line):
            for part in re.split(r"[>›»/|:：]+", line):
                yield from _named(parse_name(part), "crumb", line)


def is_breadcrumb(line: str) -> bool:
    """Whether a line is the way to the page on its site: 当前位置：首页 > 政府信息公开 > 年报."""
    return _BREADCRUMBS.search(line) is not None


_BREADCRUMBS = re.compile(r"^[^:：]{0,6}位置[:：]|^(?:网站)?首页[>/›»|-]|[>›»][^<>›»。]+[>›»]")


@cache
def _publisher() -> re.Pattern[str]:
    return re.compile(data()["publisher"]["pattern"], re.VERBOSE)


def _read_first_lines(lines: Sequence[str]) -> Iterator[Candidate]:
    for line in lines:
        if len(line) <= _FIRST_LENGTH and REPORT.search(line) is None and line.count("|") < 2:
            yield from _named(parse_name(trim_name(line)), "head", line)


def _read_file_name(evidence: IdentityEvidence) -> Iterator[Candidate]:
    yield from _named(name_in_title(evidence.file_name), "file_name", evidence.file_name)


def _read_quotes(evidence: IdentityEvidence) -> Iterator[Candidate]:
    """《青石县财政局2023年政府信息公开工作年度报告》 in a sentence, and no 《…的通知》."""
    for line in _lines(evidence):
        for hit in _QUOTED.finditer(line):
            quote = hit[1]
            if REPORT.search(quote) is not None and _ABOUT_REPORTS.search(quote) is None:
                yield from _named(name_in_title(quote), "quoted", hit[0])


def _lines(evidence: IdentityEvidence) -> tuple[str, ...]:
    return (*evidence.preface[:_PREFACE], *evidence.narrative[:_NARRATIVE])


def _read_sentences(evidence: IdentityEvidence, in_titles: Collection[str]) -> Iterator[Candidate]:
    """Names in running text, each with the cue beside it; in a title only one that is announced there."""
    first = min(len(evidence.preface), _PREFACE) + _LATE
    for n, line in enumerate(_lines(evidence)):
        if (
            line in in_titles
            or len(line) < _SHORTEST_SENTENCE
            or line.count("|") > 4
            or _publisher().search(line)
        ):
            continue
        text = line[:_READ]
        for start, end, name in find_mentions(text):
            source = _find_cue(text, start, end, name)
            if source is None or (source != "announce" and is_title(line)):
                continue
            if n >= first and source in ("announce", "subject", "contact", "compiled", "publisher"):
                source += "_late"
            own = drop_unit(name) if source.startswith(_WRITES) else name
            yield Candidate(own, source, text[max(0, start - 12) : end + 12])


def _find_cue(text: str, start: int, end: int, name: Name) -> str | None:
    """The source that the words around a name make it; None where it is no candidate there.

    A name without a place whose words no list knows (东街办事处) is none where it is only mentioned.
    """
    placed = bool(name.places or name.zone or name.centre or not name.stretches)
    before, behind = text[max(0, start - _BEFORE) : start], text[end : end + _BEHIND]
    for cue in _cues():
        if cue.before.search(before) and cue.behind.search(behind):
            if cue.source == "subject":
                if _is_quoted(text[:start]):
                    break  # 《青石区政务公开工作要点》 is not what the district does
                return "subject" if placed else None
            own = name.organ and name.long_organ != "人民政府" and (name.places or name.zone)
            return "own_site" if cue.source == "website" and own else cue.source
    if not (name.organ and placed) or _others(0).search(before) or _others(1).search(behind):
        return None
    return "mention"


def _is_quoted(before: str) -> bool:
    """Whether a text ends inside the title of a document: 对照《2023年."""
    return before.rfind("《") > before.rfind("》")


@cache
def _others(side: int) -> re.Pattern[str]:
    """Words before and behind a name that make it a body that is written to or listed, not the one that writes."""
    return re.compile(data()["others"][("before", "behind")[side]])


@cache
def _cues() -> tuple[_Cue, ...]:
    return tuple(
        _Cue(cue["source"], re.compile(cue["before"], re.VERBOSE), re.compile(cue["behind"], re.VERBOSE))
        for cue in data()["cues"]
    )


def _read_closing(closing: Sequence[str]) -> Iterator[Candidate]:
    """Bodies that stand alone on a line near the end, with a date beside them or without, and the site's owner."""
    dated = [read_date(line) is not None and len(line) < 40 for line in closing]
    for n, line in enumerate(closing):
        text = _DATE.sub("", line).strip("()（）|.。 ")
        if _SHORTEST <= len(text) <= _LONGEST:
            source = "signature" if any(dated[max(0, n - 1) : n + 3]) else "last_line"
            yield from _named(parse_name(drop_years(text) or text), source, line)
        if (hit := _OWNER.search(line)) is not None:
            yield from _named(parse_name(hit[1]), "site", line)


def _give_government_its_office(
    found: Iterable[Candidate], evidence: IdentityEvidence
) -> tuple[Candidate, ...]:
    """The office compiles and answers for its government, unless the report is its own."""
    candidates = tuple(found)
    text = "".join((*evidence.preface, *evidence.narrative))
    if (
        re.search("我办|本办(?!法)", text)
        or _OFFICE_PUBLISHES.search(text) is not None
        or any(
            _is_office(c.name) and c.source not in _WEAK_SOURCES and not c.source.startswith(_WRITES)
            for c in candidates
        )
    ):
        return candidates
    return tuple(
        Candidate(_government_of(c.name), c.source, c.text, of_office=True)
        if c.source.startswith(_WRITES) and _is_office(c.name)
        else c
        for c in candidates
    )


#: What an office says of itself in its own report, and hardly a government of its office.
_OFFICE_PUBLISHES = re.compile("政府办公?[室厅]?(?:全年|累计|共|主动)+(?:发布|公开)[^。]{0,14}信息")
#: The office of a zone's committee.
_OF_ZONE = re.compile("(?:管理委员会|管委会)(?:党政|综合|党政综合)?办公室")
_WEAK_SOURCES = frozenset(
    {
        "page_line",
        "metadata",
        "mention",
        "website",
        "own_site",
        "authority",
        "crumb",
        "site",
        "subject",
        "subject_late",
    }
)


def _is_office(name: Name) -> bool:
    return name.is_government_office or _OF_ZONE.fullmatch(name.organ) is not None


def _government_of(office: Name) -> Name:
    """The government whose office this is: 青石县人民政府 for 青石县府办."""
    return parse_name(re.sub(r"(?:党政|综合|党政综合)?办公[室厅]$", "", office.written_out)) or office
