"""The roof: the way of one document through the stages; read() for users; the entry of the command line."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from model import (
    NARRATIVE,
    Body,
    Correction,
    Division,
    Document,
    DocumentError,
    Filing,
    Finding,
    Limits,
    Match,
    Place,
    Report,
    Rule,
    SeriesCheck,
    SeriesFinding,
    Severity,
    Source,
    Status,
    Template,
    TooLarge,
    Unreadable,
)

if TYPE_CHECKING:
    import pandas

    from review.index import Entry
    from review.replay import Replay

#: table, "rows" or "columns", the Match if any, the best candidates with their scores
LabelMatch = tuple[str, str, Match | None, tuple[tuple[str, float], ...]]


@dataclass(frozen=True, slots=True)
class Options:
    """What a user can choose about the reading of one document.

    `aliases` is a TOML file of wordings, `place` where the bodies lie: a division's code or name.
    """

    limits: Limits = Limits()
    aliases: Path | None = None
    place: str | None = None


DEFAULTS = Options()


class ReadReport(Report):
    """A Report with views for people: tables as DataFrames, HTML in notebooks."""

    __slots__ = ()

    def table(self, name: str, layout: Literal["wide", "long"] = "wide") -> pandas.DataFrame:
        """One table in the form's order: row ids down, column ids across, labels in `attrs`.

        A blank box is 0, a box that is missing or unread is NA. `layout="long"` has a line a
        value with both labels. Raises KeyError where there is no such table.
        """
        from emit.tidy import frame

        return frame(self, name, layout=layout, templates=templates())

    def _repr_html_(self) -> str:
        from emit.tidy import html

        return html(self)


def read(path: str | Path, options: Options = DEFAULTS) -> ReadReport:
    """The report in one file. A file that cannot be read gives a Report of status "failed"."""
    report = read_file(Path(path), Path(path).name, options)[0]
    return ReadReport(*(getattr(report, f.name) for f in fields(Report)))


def read_file(path: Path, name: str, options: Options) -> tuple[Report, ...]:
    """Every report in one file: one, or one a member of an archive.

    Holds no state and leaves nothing behind. Raises nothing for a bad document (that is a
    Report of status "failed" with a finding); any exception is a bug.
    """
    source = Source(name, b"", "", 0)
    try:
        data = _bytes(path, options.limits)
    except DocumentError as error:
        return (failed(source, error.code, str(error)),)
    source = Source(name, data, hashlib.sha256(data).hexdigest(), len(data))
    try:
        sources = _members(source, options)
    except DocumentError as error:
        return (failed(replace(source, data=b""), error.code, str(error)),)
    reports = tuple(report for member in sources for report in read_source(member, options))
    return _compared(reports) if len(sources) > 1 else reports


def _compared(reports: Sequence[Report]) -> tuple[Report, ...]:
    """The reports of an archive; one that is another member's in another format says so, and where they differ."""
    from audit.edition import editions

    alike: dict[tuple[str, int], list[int]] = {}
    for i, report in enumerate(reports):
        if report.org is not None and report.year is not None and report.facts:
            alike.setdefault((written_out(report.org), report.year), []).append(i)
    told: dict[str, list[Finding]] = {}
    for numbers in alike.values():
        for found in editions([_filing(str(i), reports[i]) for i in numbers]):
            told.setdefault(found.filing.report_id, []).append(found.finding)
    return tuple(replace(r, findings=(*r.findings, *told.get(str(i), ()))) for i, r in enumerate(reports))


def _filing(id: str, report: Report) -> Filing:
    """A report as rules over several reports see it."""
    assert report.org is not None and report.year is not None  # asked only of those that have both
    values = {f.field.address: f.value for f in report.facts}
    source = report.source
    return Filing(
        id, source.path, source.sha256, report.org, report.org, report.year, {}, values, frozenset()
    )


def _members(source: Source, options: Options) -> tuple[Source, ...]:
    """The documents of an archive, or the source itself."""
    from extract import members

    if len(source.data) > options.limits.bytes:
        return (source,)
    found = members(source, options.limits)
    if found is not None and not found:
        raise Unreadable("the archive holds no document")
    return (source,) if found is None else found


def _bytes(path: Path, limits: Limits) -> bytes:
    """The bytes of a file.

    Raises TooLarge before reading more than the limit, Unreadable where the system refuses.
    """
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise Unreadable("not a file; name a file or a folder of files")
        if size > limits.bytes:
            raise TooLarge(f"{size:,} bytes; the limit is {limits.bytes:,}")
        data = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"the system does not give it out: {error.strerror or error}") from error
    if not data:
        raise Unreadable("the file is empty")
    return data


def converted_together(path: Path) -> bool:
    """Whether a file, by its name, is of an old format, of which several are converted in the time of one."""
    from extract import CONVERTED

    return path.suffix.lower() in CONVERTED


def prepare(paths: Sequence[Path], options: Options, seconds: float) -> None:
    """Convert the old formats among files that are read next, together, in so many seconds at most; the folder
    for it is `options.limits.converted`. Raises nothing: what cannot be converted is tried again when it is read."""
    from extract import prepare

    prepare(paths, options.limits, seconds)


def can_go_offline() -> bool:
    """Whether a process may give its network up here."""
    from extract import can_go_offline

    return can_go_offline()


def go_offline() -> None:
    """Leave the network for good, with all that this process starts. Raises OSError where the system forbids it."""
    from extract import go_offline

    go_offline()


def document(source: Source, options: Options = DEFAULTS) -> Document:
    """The file as laid out: the first stage alone.

    Raises a DocumentError.
    """
    from extract import extract

    return extract(source, options.limits)


def _reports(source: Source, options: Options) -> tuple[Report, ...]:
    """One document through the stages; it may hold several reports."""
    from normalize import normalize

    laid_out = document(source, options)
    return tuple(
        audited(source, laid_out, report) for report in normalize(laid_out, options.aliases, options.place)
    )


def audited(source: Source, laid_out: Document, report: Report) -> Report:
    """A report with its sums tried, doubtful boxes read a second time, what would mend them, and its status."""
    from audit import audit, diagnose
    from normalize.weigh import doubtful, numbers, weigh

    checks, findings = audit(report, templates())
    sums = [c for c in checks if c.rule != NARRATIVE]  # a sentence is no witness of a box
    second = _second(source, laid_out, [(f.field.address, f.place) for f in doubtful(report, sums)])
    facts, disputes = weigh(report, sums, second)
    proposals, told = diagnose(report, templates(), numbers(second))
    findings = (*report.findings, *findings, *disputes, *told)
    report = replace(report, facts=facts, checks=checks, findings=findings, proposals=proposals)
    status, reason = _status(report)
    return replace(report, status=status, reason=reason)


#: Boxes that are read a second time, at the most: the engine that does it is slow.
MOST_REREAD = 400


def _second(
    source: Source, laid_out: Document, wanted: list[tuple[tuple[str, str, str], Place]]
) -> dict[tuple[str, str, str], str | None]:
    """What another engine reads in the boxes of sums that fail, where the format has another engine."""
    from extract import reader

    if not wanted:
        return {}
    reread = vars(reader(source.data)).get("reread")
    if reread is None:
        return {}
    wanted = wanted[:MOST_REREAD]
    texts = reread(source, [place for _, place in wanted])
    return dict(zip([address for address, _ in wanted], texts, strict=True))


class Series:
    """The rules over several reports, with what they need to know of all reports: first count, then ask."""

    def __init__(self, rules: Sequence[Rule] = (), severities: Mapping[str, Severity] | None = None) -> None:
        """The forms' own rules and further ones; `severities` may say otherwise than the forms.

        Raises ValueError where a rule cannot be read or speaks of a box that no form has.
        """
        from audit.peers import Peers
        from audit.rule import prepare

        own = [rule for form in templates() for rule in form.rules]
        given = severities or {}
        weighed = [replace(r, severity=given.get(r.code, r.severity)) for r in (*own, *rules)]
        self._rules = prepare(weighed, templates())
        self._peers = Peers()

    def count(self, filing: Filing) -> str:
        """Take a report into account as a peer; its fingerprint, "" where its tables say too little."""
        from audit.copied import fingerprint

        self._peers.add(filing)
        return fingerprint(filing)

    def of(self, filings: Sequence[Filing]) -> Iterator[SeriesCheck | SeriesFinding]:
        """What comes of the reports of one body. All reports were counted before."""
        from audit.series import series

        return series(filings, self._rules, self._peers)

    def twins(self, filings: Sequence[Filing]) -> Iterator[SeriesFinding]:
        """What is to be said of reports of one fingerprint."""
        from audit.copied import twins

        return twins(filings)


def warm() -> None:
    """Load what reading a document takes: forms, readers, dictionaries."""
    read_source(Source("warm.txt", "一、总体情况\n規章 0 0 0\n".encode(), "", 0))


def templates() -> tuple[Template, ...]:
    """The official forms, oldest first."""
    from normalize import templates as forms

    return forms()


def body(name: str, place: str | None = None) -> Body:
    """The public body of this name and its division; `place` is a code or a name that it lies in.

    Raises ValueError where there is no such place, or several.
    """
    from normalize import Clues
    from normalize import body as named

    return named(name, Clues(None if place is None else division(place).code))


def written_out(org: str) -> str:
    """A body's name in full: 绩溪县政府办 and 绩溪县人民政府办公室 are one body."""
    from normalize import written_out as full

    return full(org)


def division(place: str) -> Division:
    """The division of a code or of a name that means one place. Raises ValueError where there is none, or several."""
    from normalize import named_place

    return named_place(place)


def reads_pictures() -> bool:
    """Whether the extra for OCR is installed."""
    from extract.scan import available

    return available()


def libreoffice() -> str | None:
    """The path of LibreOffice, which .doc, .wps and .rtf take; None where it is not installed."""
    from extract.legacy import program

    return program()


def match_label(text: str, table: str | None = None, options: Options = DEFAULTS) -> list[LabelMatch]:
    """What a printed label would mean: (table, "rows" or "columns", Match or None, candidates), best first."""
    from normalize.label import match, ranked

    found = []
    for name in (table,) if table else _TABLES:
        for kind in ("rows", "columns"):
            words = (name, kind, options.aliases)
            found.append((name, kind, match(text, words), ranked(text, words)[:5]))
    return sorted(found, key=lambda f: (f[2] is None, -(f[3][0][1] if f[3] else 0.0)))


def draw(source: Source, page: int, options: Options = DEFAULTS) -> bytes:
    """A page as PNG with every box found painted over it, coloured by what became of it.

    Raises a DocumentError.
    """
    from extract import reader
    from review.draw import draw as paint

    render = vars(reader(source.data)).get("render")
    laid_out = document(source, options)
    if render is None:
        raise Unreadable(f"{laid_out.format} has no pages to draw; `gongkai extract` shows its grids as text")
    return paint(laid_out, _reports(source, options)[0], page, lambda n, scale: render(source.data, n, scale))


def has_pages(source: Source) -> bool:
    """Whether the pages of this format can be drawn. Raises UnknownFormat."""
    from extract import reader

    return "render" in vars(reader(source.data))


def grids(source: Source, options: Options = DEFAULTS) -> str:
    """The grids of a file as text: what `draw` is for formats without pages. Raises a DocumentError."""
    from review.draw import text

    return text(document(source, options))


def normalized(source: Source, options: Options = DEFAULTS) -> tuple[Report, ...]:
    """Every report in some bytes before its sums are tried: the second stage alone. Raises a DocumentError."""
    from normalize import normalize

    return normalize(document(source, options), options.aliases, options.place)


def _paper(report: Report, source: Source, whole: bool) -> str:
    """What a report was read from, as HTML.

    Its pages where they can be drawn; else its grids as they stand in the file, below pages that were
    printed from it or drawn again from it where that can be done.
    """
    from extract import reader
    from review.paper import framed, grids, notice, pages
    from review.redraw import redrawn

    known = vars(reader(source.data))
    render, as_pdf = known.get("render"), known.get("as_pdf")
    if render is not None:
        pictures = pages(report, lambda n, scale: render(source.data, n, scale), whole)
        if pictures or not report.facts:
            return framed(report, pictures)
    laid_out = document(source)
    if as_pdf is None:
        return redrawn(report, laid_out) + grids(report, laid_out)
    try:
        printed = _printed(report, as_pdf(source), whole)
    except DocumentError as error:
        printed = notice(f"没有页面图像 There is no picture of the pages: {error}")
    return printed + grids(report, laid_out)


def _printed(report: Report, data: bytes, whole: bool) -> str:
    """Pages of a PDF that was made of a report's document.

    A value is framed where the same field is read from the PDF with the same text; others are not.
    """
    from extract import reader
    from normalize import normalize
    from review.paper import framed, pages

    source = Source(report.source.path, data, hashlib.sha256(data).hexdigest(), len(data))
    own = {f.field.address: f for f in report.facts}

    def places(read: Report) -> dict[tuple[str, str, str], Place]:
        """Where the values of the report stand in the PDF."""
        found = {f.field.address: f for f in read.facts}
        return {a: found[a].place for a in own if a in found and _alike(own[a].printed, found[a].printed)}

    laid_out = document(source)
    at = max(map(places, normalize(laid_out)), key=len)
    facts = tuple(replace(f, place=at[a]) for a, f in own.items() if a in at)
    placed = replace(report, facts=facts, pages=laid_out.pages)
    render = vars(reader(data))["render"]
    told = "，由 LibreOffice 排版，可能与原件不同 laid out by LibreOffice, perhaps not as on paper"
    return framed(placed, pages(placed, lambda n, scale: render(data, n, scale), whole), told)


def _alike(a: str, b: str) -> bool:
    """Whether two texts are the same but for white space."""
    return "".join(a.split()) == "".join(b.split())


def entry(id: str, report: Report, page: bool) -> Entry:
    """What the list of a dataset's reports says of one; `page`: it has a page."""
    from review.index import entry as make

    return make(id, report, page)


#: stands in every index that we wrote
INDEX = '<main class="index">'


def index(entries: Sequence[Entry], dataset: str) -> str:
    """The list of the reports of a dataset, as HTML."""
    from review.index import index as make

    return make(entries, dataset)


def changes_page(summary: Mapping[str, Any], lists: Mapping[str, str]) -> str:
    """What changed between two datasets, as HTML; `lists` are the kinds of reports with their titles."""
    from review.changes import changes

    return changes(summary, lists)


def night_page(summary: Mapping[str, Any], lists: Mapping[str, str]) -> str:
    """What a night did, as HTML; `summary` is its report.json, `lists` as in `changes_page`."""
    from review.night import night

    return night(summary, lists)


def sources(path: Path, name: str, options: Options = DEFAULTS) -> tuple[Source, ...]:
    """The documents in a file: itself, or the members of an archive. Raises a DocumentError."""
    data = _bytes(path, options.limits)
    return _members(Source(name, data, hashlib.sha256(data).hexdigest(), len(data)), options)


def page(
    id: str,
    number: int,
    report: Report,
    source: Source | None,
    notice: str,
    *,
    said: Sequence[Correction],
    dataset: str,
    whole: bool = False,
) -> str:
    """The page on which a person checks a report, as HTML; it is the `number`th of its file.

    `source` is the document it was read from; without it, `notice` says why, and the page has the
    tables alone. `said` is what people said of this report. All pages of the paper where `whole`.
    """
    from review.page import page as make

    paper = ""
    if source is not None:
        try:
            paper = _paper(report, source, whole)
        except DocumentError as error:
            notice = f"原文件不能显示 The file cannot be shown: {error}"
    return make(id, number, report, paper, notice, templates=templates(), said=said, dataset=dataset)


def replay(corrections: Sequence[Correction]) -> Replay:
    """A function that gives each Report with what people said of its values."""
    from audit import audit
    from review.replay import Replay

    return Replay(corrections, lambda report: audit(report, templates())[0])


def corrections(path: Path) -> tuple[Correction, ...]:
    """The corrections in a file, oldest first.

    Raises OSError where it cannot be opened, BadCorrection where it holds something else, or a
    number that its box cannot hold.
    """
    from emit.ledger import read as read_ledger

    slots = {".".join(f.address): f for form in templates() for t in form.tables for f in t.fields}

    def refuses(field: str, value: Decimal) -> str | None:
        slot = slots.get(field)  # a place's own line is in no form: what it may hold is not known
        return None if slot is None else slot.refuses(value)

    return read_ledger(path, refuses)


def explain(report: Report, address: tuple[str, str, str]) -> str:
    """Where a value comes from, as text. Raises KeyError where the report has no such fact."""
    from review.explain import explain as tell

    return tell(report, address)


def source_of(path: Path, options: Options = DEFAULTS) -> Source:
    """A file's bytes, as the stages take them; "-" is standard input.

    Raises a DocumentError.
    """
    data = sys.stdin.buffer.read() if str(path) == "-" else _bytes(path, options.limits)
    return Source(path.name, data, hashlib.sha256(data).hexdigest(), len(data))


def read_source(source: Source, options: Options = DEFAULTS) -> tuple[Report, ...]:
    """Every report in some bytes; never raises for a bad document."""
    try:
        return _reports(source, options)
    except DocumentError as error:
        return (failed(replace(source, data=b""), error.code, str(error)),)


_TABLES = ("proactive", "requests", "review")


def _status(report: Report) -> tuple[Status, str]:
    """What became of a document, and why it is not "ok"."""
    errors = [f.code for f in report.findings if f.severity == "error"]
    kind = next((f.printed for f in report.findings if f.code == "not-a-report"), None)
    if kind is not None:
        return "empty", kind
    if not report.facts:
        return "empty", errors[0] if errors else "no-tables" if report.sections else "not-a-report"
    have = {f.field.table for f in report.facts}
    absent = [] if have == {"statistics"} else [t for t in _TABLES if t not in have]
    if absent:
        return "partial", f"no-table-{absent[0]}"
    gaps = [f.code for f in report.findings if f.code in ("row-missing", "cell-missing")]
    if errors or gaps:
        return "partial", (errors + gaps)[0]
    return "ok", ""


def failed(source: Source, code: str, message: str) -> Report:
    """The Report of a file that could not be read."""
    finding = Finding(code, "error", message)
    return Report(
        source, "unknown", "", None, None, None, None, None, None, (), (), (finding,), (), "failed", code
    )


def main(arguments: list[str] | None = None) -> int:
    """The command `gongkai`: help and version at once, everything else from its own file."""
    import commands

    return commands.main(sys.argv[1:] if arguments is None else arguments)


if __name__ == "__main__":
    sys.exit(main())
