"""A report of the dataset under review → what its page shows, as HTML and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from gongkai.audit import audit
from gongkai.correct.review_log import ReportWords
from gongkai.model import Correction, Report, ReviewMark
from gongkai.normalize import templates
from gongkai.review.desk_pages import ReportPage, Visitor, render_desk_report, render_narrative
from gongkai.review.doubt import doubts
from gongkai.review.html_file import Html, Language
from gongkai.review.number_text import number
from gongkai.review.work_list import WorkItem
from gongkai.run.desk.review_desk import REPORT_FIELDS, OpenDataset, ReviewDesk

#: the most years and files beside a report that are listed
MOST_BESIDE = 30


def report_page(
    desk: ReviewDesk, dataset: OpenDataset, item: WorkItem, visitor: Visitor, query: str, at: str
) -> Html:
    """The page of a report. `query` are the filters of the list that it was reached from, `at` its place in it."""
    report = dataset.reader.whole(item.id)
    words = desk.words(item)
    line = dataset.reader.lines("reports", item.id)[0]
    taken = words.taken_by(datetime.now(UTC))
    page = ReportPage(
        item=item,
        report=report,
        line={name: "" if line[name] is None else str(line[name]) for name in REPORT_FIELDS},
        same=[i for i in _of_body(dataset, item) if i.year == item.year and i.id != item.id][:MOST_BESIDE],
        corrections=words.corrections,
        questions=[m for m in words.marks if m.mark == "question"],
        state=words.state,
        taken="" if taken == visitor.name else taken,
        data=page_data(report, words) | {"query": query},
        query=query,
        at=at,
    )
    return render_desk_report(page, templates(), visitor)


def page_data(report: Report, words: ReportWords) -> dict[str, Any]:
    """What the page's script knows of a report: its doubtful fields, the likeliest first, and what was said."""
    needed: dict[str, str] = {}
    for p in report.proposals:
        if p.rank == 1:
            needed.setdefault(".".join(p.address), number(p.needed))
    return {
        "version": words.version,
        "state": words.state,
        "doubts": [d.field for d in doubts(report)],
        "needed": needed,
        "words": {name: _word(c) for name, c in words.last_words().items()},
        "places": {m.field: [m.page, *m.box] for m in words.places().values() if m.box is not None},
        "sums": failing_sums(report, words),
    }


def _word(said: Correction) -> dict[str, str]:
    new = said.text if said.text is not None else "" if said.blank else number(said.new)
    blank = "1" if said.blank or said.text == "" else ""
    return {
        "verdict": said.verdict,
        "new": new,
        "blank": blank,
        "who": said.who,
        "when": said.when,
        "why": said.why,
    }


def failing_sums(report: Report, words: ReportWords) -> dict[str, int]:
    """How many sums fail as the dataset has the values, and how many would with what people have said by now."""
    last = words.last_words()
    facts = tuple(
        replace(f, value=c.new, blank=c.blank)
        if (c := last.get(".".join(f.field.address))) is not None and c.verdict == "corrected"
        else f
        for f in report.facts
    )
    checks = audit(replace(report, facts=facts), templates())[0]
    return {
        "read": sum(c.outcome == "fail" for c in report.checks),
        "said": sum(c.outcome == "fail" for c in checks),
    }


def news_of(lines: Iterable[Correction | ReviewMark]) -> list[dict[str, str]]:
    """What others said in the meantime, for a page that did not know it."""
    return [
        {
            "who": e.who,
            "when": e.when,
            "field": e.field,
            "what": e.verdict if isinstance(e, Correction) else e.mark,
        }
        for e in lines
    ]


def other_years(dataset: OpenDataset, item: WorkItem) -> dict[str, Any]:
    """The values of the other reports of the body: {"years": [[year, id]], "values": {field: [value of each]}}."""
    others = [i for i in _of_body(dataset, item) if i.year != item.year and i.year][:MOST_BESIDE]
    others.sort(key=lambda i: i.year)
    values: dict[str, list[str]] = {}
    for n, other in enumerate(others):
        columns = ("table", "row", "column", "value", "blank")
        for f in dataset.reader.lines("facts", other.id, columns):
            name = f"{f['table']}.{f['row']}.{f['column']}"
            own = values.setdefault(name, [""] * len(others))
            own[n] = _shown(f["value"], f["blank"])
    return {"years": [[i.year, i.id, i.file] for i in others], "values": values}


def _shown(value: Decimal | None, blank: bool) -> str:
    return "?" if value is None else "·" if blank else number(value)


def _of_body(dataset: OpenDataset, item: WorkItem) -> Sequence[WorkItem]:
    """The reports of the same body; none where the body is not known."""
    work = dataset.work
    return [work.items[n] for n in work.by_body[item.body]] if item.body else []


def narrative(dataset: OpenDataset, item: WorkItem, language: Language) -> Html:
    """The sections of a report with its numbers marked."""
    sections = dataset.reader.lines("sections", item.id)
    mentions = dataset.reader.lines("mentions", item.id)
    return render_narrative([s for s in sections if s["level"] == 1], mentions, language)


def filters_of(query: Mapping[str, Sequence[str]], names: Iterable[str]) -> dict[str, list[str]]:
    """The filters in an address."""
    return {name: list(query[name]) for name in names if query.get(name)}
