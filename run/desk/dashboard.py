"""What people have done and what the dataset holds → the figures of the dashboard, and the history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gongkai.correct.review_log import ReviewLog
from gongkai.model import Correction, ReviewMark, guard
from gongkai.normalize import templates
from gongkai.review.number_text import number
from gongkai.review.work_list import Filters, WorkItem, WorkList
from gongkai.run.desk.review_desk import OpenDataset

#: bodies on one page of the coverage
ON_PAGE = 40
#: kinds of failed sums, and days, that are shown
MOST_RULES, MOST_DAYS = 12, 14
#: columns of a day's work
EXPORTED = (
    "when",
    "who",
    "report_id",
    "org",
    "year",
    "source_file",
    "field",
    "what",
    "printed",
    "old",
    "new",
    "note",
    "page",
)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """A line of the ledger or of the marks with its report; `item` is None where the dataset no longer has it."""

    when: str
    who: str
    item: WorkItem | None
    source_file: str
    field: str
    what: str
    printed: str
    old: str
    new: str
    note: str
    page: str

    def cells(self) -> list[str]:
        """The line as EXPORTED has it; what a spreadsheet would calculate is guarded."""
        item = self.item
        report = ("", "", "") if item is None else (item.id, item.org, item.year)
        rest = (
            self.source_file,
            self.field,
            self.what,
            self.printed,
            self.old,
            self.new,
            self.note,
            self.page,
        )
        return [guard(text) for text in (self.when, self.who, *report, *rest)]


def history(
    dataset: OpenDataset, log: ReviewLog, report: str = "", field: str = "", who: str = "", day: str = ""
) -> list[HistoryLine]:
    """What was said, the newest first: all of it, or of one report, field, person, or day. Who takes a report is left out."""
    lines = [
        *(_of_correction(dataset, c) for c in log.corrections),
        *(_of_mark(dataset, m) for m in log.marks),
    ]
    found = [
        line
        for line in lines
        if line.what not in ("taken", "released")
        and (not report or (line.item is not None and line.item.id == report))
        and (not field or line.field == field)
        and (not who or line.who == who)
        and (not day or line.when.startswith(day))
    ]
    return sorted(found, key=lambda line: line.when, reverse=True)


def _item(dataset: OpenDataset, sha256: str, number: int) -> WorkItem | None:
    places = dataset.work.by_key.get((sha256, number))
    return dataset.work.items[places[0]] if places else None


def _of_correction(dataset: OpenDataset, c: Correction) -> HistoryLine:
    new = c.text if c.text is not None else "blank" if c.blank else number(c.new)
    item = _item(dataset, c.sha256, c.report)
    return HistoryLine(
        c.when, c.who, item, c.source_file, c.field, c.verdict, c.printed, number(c.old), new, c.why, ""
    )


def _of_mark(dataset: OpenDataset, m: ReviewMark) -> HistoryLine:
    page = "" if m.page is None else str(m.page)
    item = _item(dataset, m.sha256, m.report)
    return HistoryLine(m.when, m.who, item, m.source_file, m.field, m.mark, "", "", "", m.note, page)


# The dashboard -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars with their numbers: (name, address that it leads to, parts of (class, count))."""

    bars: Sequence[tuple[str, str, Sequence[tuple[str, int]]]]
    most: int


@dataclass(frozen=True, slots=True)
class CoverageGrid:
    """Bodies × years: for each body its name and, by year, the worst status and how many reports there are."""

    years: Sequence[str]
    rows: Sequence[tuple[str, str, Sequence[tuple[str, int]]]]
    bodies: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class LineChart:
    """Numbers over years: (name in zh, name in en, value of each year or None)."""

    years: Sequence[int]
    lines: Sequence[tuple[str, str, Sequence[Decimal | None]]]


@dataclass(frozen=True, slots=True)
class DashboardView:
    """All of the dashboard."""

    reports: int
    states: Mapping[str, int]
    status: BarChart
    sums: BarChart
    rules: BarChart
    outliers: BarChart
    days: BarChart
    coverage: CoverageGrid
    outcomes: LineChart


#: values of filters by name → the address of the list of the same reports, and of these values
Link = Callable[..., str]

_SUMS = ("hold", "uncertain", "fail", "none")
_STATUS = ("ok", "partial", "narrative", "empty", "failed")


def make(
    dataset: OpenDataset, log: ReviewLog, filters: Filters, text: str, page: int, link: Link
) -> DashboardView:
    """The dashboard of the reports that fit some filters; `page` is that of the bodies."""
    work, doubts = dataset.work, dataset.doubts
    found = work.select(filters, text)
    ids = None if found == work.all else [item.id for item in work.in_order(found, "file")]
    chosen = frozenset(ids or ())
    outliers = Counter(code for id, code in doubts.outliers if ids is None or id in chosen)
    years = sorted(work.tally("year", found))

    return DashboardView(
        found.bit_count(),
        work.tally("state", found),
        _by_year(work, found, years, "status", _STATUS, link),
        _by_year(work, found, years, "sums", _SUMS, link),
        _bars(work.tally("rule", found).most_common(MOST_RULES), "rule", link),
        _bars(outliers.most_common(MOST_RULES), "code", link),
        _days(log),
        _coverage(dataset, found, page),
        _outcomes(doubts.outcomes(ids)),
    )


def _bars(counts: Sequence[tuple[str, int]], facet: str, link: Link) -> BarChart:
    bars = [(name, link(**{facet: name}), [("bar", n)]) for name, n in counts]
    return BarChart(bars, max((n for _, n in counts), default=0))


def _by_year(
    work: WorkList, found: int, years: Sequence[str], facet: str, kinds: Sequence[str], link: Link
) -> BarChart:
    bars = []
    for year in years:
        of_year = found & work.select({"year": [year]})
        counts = work.tally(facet, of_year)
        bars.append((year, link(year=year), [(kind, counts[kind]) for kind in kinds if counts[kind]]))
    return BarChart(bars, max((sum(n for _, n in parts) for _, _, parts in bars), default=0))


def _days(log: ReviewLog) -> BarChart:
    """Lines by day and person, the newest day first."""
    events: list[Correction | ReviewMark] = [*log.corrections, *log.marks]
    counts = Counter((e.when[:10], e.who) for e in events if not _taking(e))
    days = sorted({day for day, _ in counts}, reverse=True)[:MOST_DAYS]
    bars = [
        (f"{day} {who}", f"/history?day={day}&who={who}", [("bar", n)])
        for day in days
        for (d, who), n in sorted(counts.items())
        if d == day
    ]
    return BarChart(bars, max((parts[0][1] for _, _, parts in bars), default=0))


def _taking(event: Correction | ReviewMark) -> bool:
    return isinstance(event, ReviewMark) and event.mark in ("taken", "released")


def _coverage(dataset: OpenDataset, found: int, page: int) -> CoverageGrid:
    per_body = dataset.work
    _, years, cells, count = per_body.grid(found, 0, 0)
    pages = max(1, -(-count // ON_PAGE))
    page = min(page, pages)
    bodies, *_ = per_body.grid(found, (page - 1) * ON_PAGE, ON_PAGE)
    rows = []
    for body in bodies:
        reports = [cells.get((body, year), []) for year in years]
        name = next((item.org for many in reports for item in many if item.org), "")
        rows.append((body, name, [(_worst(many), len(many)) for many in reports]))
    return CoverageGrid(years, rows, count, page, pages)


def _worst(items: Sequence[WorkItem]) -> str:
    """The status of the best report of a body and year, "" where there is none."""
    there = {item.status for item in items}
    return next((s for s in _STATUS if s in there), "")


def _outcomes(totals: Mapping[tuple[int, str], Decimal]) -> LineChart:
    """How requests ended, by ground and year: the totals of the rows that are no sums of others."""
    years = sorted({year for year, _ in totals})
    labels = {r.id: r for form in templates() for t in form.tables if t.id == "requests" for r in t.rows}
    rows = [id for id in labels if any((year, id) in totals for year in years)]
    lines = [(labels[id].zh, labels[id].en, [totals.get((year, id)) for year in years]) for id in rows]
    return LineChart(years, lines)
