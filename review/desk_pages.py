"""The list, a report and the dashboard as the server of `gongkai review` shows them, in one language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2.utils import url_quote

from gongkai.model import CAUSES, Correction, Report, ReviewMark, Template, catalogue
from gongkai.review.form_tables import MARK_WORDS, form_tables
from gongkai.review.highlights import MARKS
from gongkai.review.html_file import Html, Language, render_part
from gongkai.review.proposal import VERDICT_WORDS, group_proposals
from gongkai.review.report_page import SEVERITY, STATUS, SUMS, VERDICT, failed_checks, findings_with_fields
from gongkai.review.work_list import FACETS, Filters, WorkItem

#: how far the work on a report is, zh and en
STATES = {
    "open": ("待核对", "open"),
    "seen": ("已看", "seen"),
    "done": ("完成", "done"),
    "question": ("有疑问", "question"),
}
#: filter → its name, zh and en
FACET_WORDS = {
    "state": ("进度", "state"),
    "status": ("状态", "status"),
    "sums": ("勾稽", "sums"),
    "form": ("表样", "form"),
    "year": ("年度", "year"),
    "level": ("层级", "level"),
    "code": ("提示代码", "code"),
    "rule": ("不符的勾稽", "failed sum"),
    "table": ("表", "table"),
    "source": ("来源", "source"),
    "body": ("机关", "body"),
    "person": ("核对人", "person"),
}
LEVELS = {"central": "中央", "province": "省", "city": "市", "county": "县", "township": "乡镇"}
#: fields of a report as a whole, zh and en
FIELD_WORDS = {
    "org": ("公开主体", "body"),
    "year": ("年度", "year"),
    "title": ("标题", "title"),
    "published": ("发布日期", "published"),
    "body_id": ("机构标识", "body id"),
    "division_code": ("区划代码", "division code"),
    "template": ("表样", "form"),
}
#: what a line of the history says, in both languages
WHAT = {
    "corrected": "更正 corrected",
    "as_printed": "与原文一致 as printed",
    "withdrawn": "撤回 withdrawn",
    "seen": "已看 seen",
    "done": "完成 done",
    "question": "疑问 question",
    "open": "重新打开 opened again",
    "place": "指出位置 pointed at",
    "undone": "撤销操作 undone",
}
#: reasons that are offered when a value is corrected, zh and en
REASONS = (
    ("原文印作此数", "the page prints this number"),
    ("识别错一位", "a digit was misread"),
    ("错列", "read from the neighbour column"),
    ("错行", "read from the neighbour row"),
    ("原文为空", "the box is blank on the page"),
    ("印章遮挡", "covered by a seal"),
)
#: values of a filter that are shown before a person asks for more
MOST_VALUES = 12


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who looks: the name, "" where it is not known yet, the language, "dark", "light" or "", and the page's token."""

    name: str
    language: Language
    theme: str
    csrf: str


@dataclass(frozen=True, slots=True)
class ReportPage:
    """What the page of a report shows. `line` is its line of `reports` as texts; `data` is for the page's script."""

    item: WorkItem
    report: Report
    line: Mapping[str, str]
    same: Sequence[WorkItem]
    corrections: Sequence[Correction]
    questions: Sequence[ReviewMark]
    state: str
    taken: str
    data: Mapping[str, Any]
    query: str
    at: str


@dataclass(frozen=True, slots=True)
class WorkListPage:
    """What the list shows: a page of reports, the counts of each filter, and what the address holds."""

    items: Sequence[tuple[WorkItem, str, str]]
    counts: Mapping[str, Sequence[tuple[str, int]]]
    filters: Filters
    text: str
    sort: str
    page: int
    pages: int
    found: int
    all: int
    states: Mapping[str, int]
    body_names: Mapping[str, str]


def render_desk_report(page: ReportPage, forms: Sequence[Template], visitor: Visitor) -> Html:
    """The page of a report; its paper, text and other years are loaded when it stands."""
    report, language = page.report, visitor.language
    return render_part(
        "desk_report",
        language,
        visitor=visitor,
        here="report",
        title=f"{report.org or report.source.path} {report.year or ''}",
        page=page,
        report=report,
        status=STATUS,
        sums=SUMS,
        states=STATES,
        legend=MARKS,
        outcomes=Counter(c.outcome for c in report.checks),
        failed=list(failed_checks(report, forms)),
        proposals=group_proposals(report),
        causes=CAUSES,
        verdict_words=VERDICT_WORDS,
        tables=form_tables(report, forms, page.corrections),
        mark_words=MARK_WORDS,
        findings=findings_with_fields(report),
        severities=SEVERITY,
        cures={code: (entry[language], entry[f"cure_{language}"]) for code, entry in catalogue().items()},
        corrections=page.corrections,
        verdicts=VERDICT,
        field_words=FIELD_WORDS,
        reasons=[r[0 if language == "zh" else 1] for r in REASONS],
    )


def render_work_list(page: WorkListPage, visitor: Visitor) -> Html:
    """The list of reports with its filters."""
    return render_part(
        "desk_list",
        visitor.language,
        visitor=visitor,
        here="list",
        title="核对清单 Work list",
        page=page,
        facets=list(_facets(page)),
        status=STATUS,
        sums=SUMS,
        states=STATES,
        query=address(page.filters, page.text, page.sort),
        levels=LEVELS,
        body_names=page.body_names,
        columns=(
            ("doubt", "疑点", "doubt"),
            ("body", "机关", "body"),
            ("year", "年度", "year"),
            ("file", "文件", "file"),
        ),
        link=lambda sort=page.sort, **changes: "/?" + address(page.filters, page.text, sort, **changes),
    )


def _facets(
    page: WorkListPage,
) -> Iterator[tuple[str, tuple[str, str], list[tuple[str, int, bool, str]], bool]]:
    """Each filter: its id and names, its values as (value, count, chosen, address), and whether it has more."""
    for name in FACETS:
        chosen = page.filters.get(name, ())
        counted = sorted(page.counts[name], key=lambda v: (v[0] not in chosen, *_order(name, v)))
        counted = [v for v in counted if v[0] or name in ("year", "level", "form", "body", "source")]
        values = []
        for value, count in counted[:MOST_VALUES]:
            others = [v for v in chosen if v != value]
            wanted = others if value in chosen else [*chosen, value]
            values.append(
                (
                    value,
                    count,
                    value in chosen,
                    "/?" + address({**page.filters, name: wanted}, page.text, page.sort),
                )
            )
        yield name, FACET_WORDS[name], values, len(counted) > MOST_VALUES


def _order(name: str, value: tuple[str, int]) -> tuple[Any, ...]:
    if name == "year":
        return (-int(value[0] or 0),)
    if name == "state":
        return (list(STATES).index(value[0]),)
    return (-value[1], value[0])


def address(filters: Filters, text: str, sort: str, **changes: object) -> str:
    """The filters of the list as the query of an address; `changes` are further names, left out where empty."""
    pairs = [(name, value) for name in FACETS for value in filters.get(name, ())]
    given = {"q": text, "sort": "" if sort == "doubt" else sort, **changes}
    return query_of([*pairs, *((name, str(value)) for name, value in given.items() if value)])


def query_of(pairs: Sequence[tuple[str, str]]) -> str:
    """Names and values as the query of an address."""
    return "&".join(
        f"{url_quote(name, for_qs=True)}={url_quote(value, for_qs=True)}" for name, value in pairs
    )


def render_narrative(
    sections: Sequence[Mapping[str, Any]], mentions: Sequence[Mapping[str, Any]], language: Language
) -> Html:
    """The sections of a report with the numbers in them marked; a number that means a box leads to it."""
    parts = [
        (s, list(_marked(s["text"], [m for m in mentions if m["section"] == s["section"]]))) for s in sections
    ]
    return render_part("desk_narrative", language, sections=parts)


def _marked(
    text: str, mentions: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, Mapping[str, Any] | None]]:
    """A text in pieces: each with the mention that stands there, None where there is none."""
    at = 0
    for m in mentions:
        found = _find(text, m, at)
        if found < 0:
            continue
        yield text[at:found], None
        at = found + len(m["printed"])
        yield text[found:at], m
    yield text[at:], None


def _find(text: str, mention: Mapping[str, Any], at: int) -> int:
    """Where a mention's number stands: in its sentence, from a place on; -1 where it is not found."""
    sentence = re.search(r"\s*".join(map(re.escape, "".join(mention["sentence"].split()))), text)
    start = max(at, sentence.start() if sentence else at)
    return text.find(mention["printed"], start) if mention["printed"] else -1


def render_desk_page(template: str, title: str, visitor: Visitor, here: str, **values: object) -> Html:
    """Another page of the server: the dashboard, the history."""
    words = {"states": STATES, "status": STATUS, "sums": SUMS, "what": WHAT}
    return render_part(template, visitor.language, visitor=visitor, here=here, title=title, **words, **values)
