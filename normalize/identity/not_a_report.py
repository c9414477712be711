"""What speaks for a report and what for another kind of document → the kind: explainer, notice, thesis, blank form.

No single line decides. A title, chapters, tables with numbers and the sentence that publishes a report are
weighed against titles, lines and marks of other kinds; patterns and weights are those of not_a_report.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

from gongkai.model import Fact, Section
from gongkai.normalize.identity.evidence import fold_line, fold_lines
from gongkai.record import dataclass
from gongkai.startup_cache import read_toml

#: Lines from the top that may be a title of another kind; a report's own may stand behind a letter.
_TOP, _BEHIND_LETTER = 8, 40
#: Characters that a title may have.
_SHORTEST, _LONGEST = 4, 70
#: A line that ends a title broken over two lines is no longer than this; so is the line before it at most.
_SECOND_LINE, _FIRST_LINE = 24, 50
#: A blank form has less narrative than this, in characters.
_LEAST_NARRATIVE = 40
#: Sentences without chapters are a report's narrative from so many characters on.
_LEAST_TEXT = 100
#: What is no word: a narrative of …… and （正文）is none.
_NO_LETTERS = re.compile(r"[\W_]|正文|略")
#: With so many of the six chapters a document is written as a report.
_LEAST_CHAPTERS = 5
_YEAR = re.compile(r"20\d\d")
#: The number of a main heading.
_MAIN_NUMBER = re.compile(r"^[一二三四五六七八九十]{1,2}、")
#: Of the parts of the form's first chapter so many tell that it is one.
_LEAST_OUTLINE = 3
#: Chapters that only reports on disclosure have.
_OWN_CHAPTERS = {"proactive", "requests", "review"}
#: The titles of so many reports, one below the other, are a list of links.
_LISTED = 5
#: A line with a part of a year alone, below a title: (2023年上半年).
_PERIOD_LINE = re.compile(r"[(（].{3,20}[)）]")


@dataclass(frozen=True, slots=True)
class Content:
    """What a document has that may tell its kind.

    `top` are its first lines, `names` its titles in the metadata, `text` all lines of narrative; `org`
    is the body and `title` the title that were found. `pictures` says that the document's body holds
    some, `labels` that a table or labels of the form stand in it whose values could not be read.
    """

    top: Sequence[str]
    names: Sequence[str] = ()
    text: Sequence[str] = ()
    facts: Sequence[Fact] = ()
    sections: Sequence[Section] = ()
    org: str | None = None
    title: str | None = None
    pictures: bool = False
    labels: bool = False


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    weight: float
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Mark:
    name: str
    weight: float
    least: int
    pattern: re.Pattern[str]


def detect_other_kind(content: Content) -> str | None:
    """What a document is that is no report ("explainer", "notice", …), or None where it is a report.

    A document without a value is a report only where enough speaks for it: otherwise it is "not-a-report".
    """
    lines = fold_lines(content.top)
    titles = _titles(lines[:_TOP]) + [line for line in lines[_TOP:_BEHIND_LETTER] if _is_report_title(line)]
    names = fold_lines(content.names)
    text = fold_lines(content.text)
    announced = _pattern("announced_pattern").search("".join(text)) is not None
    for_report = _weigh_report(content, titles, names, text, announced=announced)
    # A report's title, the form's chapters and a table with numbers: no single line tells another kind. A sentence that
    # publishes a report in the table's stead: a single line tells less.
    written = _is_written_as_report(content, titles)
    certain = written and any(not fact.blank for fact in content.facts)
    others = _weigh_others(titles, names, text, certain=certain, likely=written and announced)
    _add_foreign_chapters(others, content, titles, names, text)
    kind = max(others, key=lambda name: others[name], default=None)
    if kind is not None and others[kind] >= for_report:
        return kind
    if not content.facts:
        enough = for_report >= _data()["report"]["least"] and _has_substance(content, text)
        return "not-a-report" if not enough or _is_list(lines, content) else None
    return "blank-form" if _is_blank_form(lines[:_TOP], content) else None


def is_report_title(text: str) -> bool:
    """Whether a line is a report's own title, and not that of another kind of document.

    >>> is_report_title("青石县2023年政府信息公开工作年度报告"), is_report_title("青石县2023年法治政府建设年度报告")
    (True, False)
    """
    return _is_report_title(fold_line(text))


def _is_report_title(line: str) -> bool:
    return (
        _SHORTEST <= len(line) <= _LONGEST
        and _pattern("title_pattern").search(line) is not None
        and _kind(line) is None
        and _unfilled().search(line) is None
    )


def _titles(lines: Sequence[str]) -> list[str]:
    """The first lines that may be a title; a line that is one only together with the next stands joined."""
    found = [line for line in lines if _SHORTEST <= len(line) <= _LONGEST and "。" not in line]
    result: list[str] = []
    joined = ""
    for line, after in pairwise([*found, ""]):
        if line == joined:
            joined = ""
            continue
        both = line + after
        single = _kind(line) is None and _kind(after) is None
        if _PERIOD_LINE.fullmatch(after) and _is_report_title(line):
            single, both = True, after.strip("()（）") + line
        elif _is_report_title(line) or (_is_report_title(after) and _kind(both) is None):
            single = False
        if after and single and len(after) <= _SECOND_LINE and len(line) <= _FIRST_LINE and _tells(both):
            result.append(both)
            joined = after
        else:
            result.append(line)
    return result


def _tells(title: str) -> bool:
    return _is_report_title(title) or _kind(title) is not None


def _weigh_report(
    content: Content, titles: Sequence[str], names: Sequence[str], text: Sequence[str], *, announced: bool
) -> float:
    """How much speaks for a report; `announced`: a sentence publishes one."""
    weights = _data()["report"]
    worth: float = 0.0
    if any(map(_is_report_title, titles)) or (content.title is not None and is_report_title(content.title)):
        worth += weights["title"]
    elif any(map(_is_report_title, names)):
        worth += weights["page_title"]
    worth += weights["announced"] * announced
    chapters = {s.id for s in content.sections if s.level == 1}
    own = len(chapters & _OWN_CHAPTERS)
    worth += weights["own_chapter"] * own + weights["chapter"] * (len(chapters) - own)
    worth += weights["table"] * len({f.field.table for f in content.facts if not f.blank})
    worth += weights["pictures"] * content.pictures + weights["table"] * content.labels
    worth += weights["outline"] * (_count_outline(text) >= _LEAST_OUTLINE)
    if not chapters and _count_sentences(text) >= _LEAST_TEXT and "公开" in "".join(text):
        worth += weights["text"]
    return worth


def _count_outline(text: Sequence[str]) -> int:
    """How many parts of the form's first chapter a text has, each under the number that it has there."""
    return sum(any(part.search(line) is not None for line in text) for part in _outline())


def _is_written_as_report(content: Content, titles: Sequence[str]) -> bool:
    """Whether a title and the chapters are a report's; titles of several years are a comparison's."""
    own = [title for title in titles if _is_report_title(title)]
    years = {year for title in own for year in _YEAR.findall(title)}
    chapters = {s.id for s in content.sections if s.level == 1}
    return bool(own) and len(years) <= 1 and len(chapters) >= _LEAST_CHAPTERS


def _weigh_others(
    titles: Sequence[str], names: Sequence[str], text: Sequence[str], *, certain: bool, likely: bool
) -> dict[str, float]:
    """How much speaks for each other kind; a single line is little where the report is `certain`, half if `likely`."""
    weights = _data()["report"]
    found: dict[str, float] = {}
    own_title = certain  # whether a report's title stands above
    for title in titles:
        kind = _kind(title)
        own_title = own_title or _is_report_title(title)
        if kind is None:
            continue
        if kind.name in found:
            found[kind.name] += weights["again"]
        elif _pattern("link_pattern").search(title):
            found[kind.name] = weights["link"]
        elif _pattern("published_pattern").search(title) and any(map(_is_report_title, titles)):
            found[kind.name] = weights["line"]
        else:
            found[kind.name] = weights["line"] if own_title else kind.weight / (2 if likely else 1)
    for name in names:
        kind = _kind(name)
        if kind is not None and kind.name not in found:
            found[kind.name] = kind.weight / (2 if own_title else 1)
    for mark in _marks():
        if sum(mark.pattern.search(line) is not None for line in text) >= mark.least:
            found[mark.name] = found.get(mark.name, 0.0) + mark.weight
    return found


def _add_foreign_chapters(
    others: dict[str, float],
    content: Content,
    titles: Sequence[str],
    names: Sequence[str],
    text: Sequence[str],
) -> None:
    """Add the main headings that no report has, where no title says that it is one and others speak against it."""
    if any(map(_is_report_title, [*titles, *names])):
        return
    known = {fold_line(s.heading) for s in content.sections}
    foreign = [
        line
        for line in text
        if (mark := _MAIN_NUMBER.match(line)) and len(line) <= _FIRST_LINE and line[mark.end() :] not in known
    ]
    if foreign and others:
        weights = _data()["report"]
        kind = max(others, key=lambda name: others[name])
        others[kind] += min(weights["foreign_chapter"] * len(foreign), weights["most_foreign"])


def _has_substance(content: Content, text: Sequence[str]) -> bool:
    """Whether a document without a value is more than a title or a page of contents."""
    return bool(content.sections or content.pictures or content.labels) or _count_sentences(text) > 0


def _count_sentences(text: Iterable[str]) -> int:
    """Characters of lines that are sentences."""
    return sum(len(line) for line in text if "。" in line)


def _is_list(lines: Sequence[str], content: Content) -> bool:
    """Whether a document without chapters is a list of reports."""
    return not content.sections and len({line for line in lines if _is_report_title(line)}) >= _LISTED


def _is_blank_form(lines: Sequence[str], content: Content) -> bool:
    """Whether nobody has filled in a form: no number in any box, and no name or no narrative.

    Below a title with gaps for the name and the year, and below 模板, zeros are a form's too.
    """
    narrative = sum(len(_NO_LETTERS.sub("", s.text)) for s in content.sections if s.level == 1)
    unfilled = any(map(_unfilled().search, lines))
    if any(not fact.blank and not (unfilled and fact.value == 0) for fact in content.facts):
        return False
    return content.org is None or unfilled or narrative < _LEAST_NARRATIVE


# The data ------------------------------------------------------------------------------------


@cache
def _data() -> dict[str, Any]:
    return read_toml(__package__, "not_a_report.toml")


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(_data()["report"][name], re.VERBOSE)


@cache
def _outline() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(part) for part in _data()["report"]["outline_patterns"])


@cache
def _unfilled() -> re.Pattern[str]:
    return re.compile(_data()["blank_form"]["unfilled_pattern"])


@cache
def _kinds() -> tuple[_Kind, ...]:
    return tuple(
        _Kind(k["name"], k["weight"], re.compile(k["pattern"], re.VERBOSE)) for k in _data()["kinds"]
    )


@cache
def _marks() -> tuple[_Mark, ...]:
    return tuple(
        _Mark(m["name"], m["weight"], m.get("least", 1), re.compile(m["pattern"], re.VERBOSE))
        for m in _data()["marks"]
    )


def _kind(line: str) -> _Kind | None:
    return next((kind for kind in _kinds() if kind.pattern.search(line)), None)
