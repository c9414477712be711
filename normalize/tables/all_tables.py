"""The rows of all tables of a document → its Facts and the form that it fills in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from gongkai.model import Fact, Finding, flag
from gongkai.normalize.form.lexicon import Lexicon
from gongkai.normalize.form.template import table
from gongkai.normalize.tables import litigation, proactive, requests, statistics
from gongkai.normalize.tables.fact import TableReading, make_facts, missing
from gongkai.normalize.tables.locate import TableRows
from gongkai.normalize.tables.row import Row
from gongkai.normalize.tables.rows_in_order import is_in_order
from gongkai.record import dataclass, replace

_READERS = {"requests": requests.read, "review": litigation.read, "statistics": statistics.read}
#: A table without rules is broken over lines if it has so many lines with numbers that no row of the form explains.
LEAST_PIECES = 3
#: Sections that the forms since 2019 have and few other reports.
_OWN_SECTIONS = {"proactive", "requests", "review", "problems", "other"}


@dataclass(frozen=True, slots=True)
class Values:
    """The values of all tables of a document. `form` is "mixed" for the tables of several forms."""

    form: str | None
    facts: tuple[Fact, ...]
    findings: tuple[Finding, ...]


def read_tables(tables: Sequence[TableRows], lexicon: Lexicon) -> Values:
    """The Facts of all drawn tables, the form of the whole, and the findings."""
    readings: list[TableReading] = []
    tables = [t for t in tables if not is_in_order(t)]
    names = {t.table for t in tables}
    if "proactive" in names:
        readings += proactive.read(_rows_of("proactive", tables), lexicon["proactive"])
    readings += [
        read(_rows_of(name, tables), lexicon[name]) for name, read in _READERS.items() if name in names
    ]
    readings = [_hold_broken_rows(reading, _rows_of(reading.table, tables)) for reading in readings]
    form = _form_of_all(readings)
    facts: list[Fact] = []
    by_form: dict[str, dict[str, Sequence[Fact]]] = {}
    findings: list[Finding] = []
    for reading in readings:
        own_form = reading.form or _form_of_others(form, readings)
        own_facts, own_findings = make_facts(reading, own_form)
        facts += own_facts
        findings += [*reading.findings, *own_findings]
        if own_facts and reading.table != "statistics":  # reports cut that list and add to it everywhere
            by_form.setdefault(reading.table, {})[own_form] = own_facts
    for name, facts_by_form in by_form.items():
        findings += _report_gaps_of_forms(name, facts_by_form)
    return Values(form, tuple(facts), tuple(findings))


def _hold_broken_rows(reading: TableReading, rows: Sequence[Row]) -> TableReading:
    """The reading of a table without rules, emptied where its rows are broken over lines.

    A line of a broken row has a piece of a label that no row of the form has, and pieces of numbers: 826 stands as
    8, 2 and 6 on three lines, and the line of the label gives 2. This stays a guard of the reader: it judges what alignment
    gave, before the solver, which reads the words of the page, is asked.
    """
    pieces = sum(f.code == "label-unknown" and f.severity == "error" for f in reading.findings)
    if not reading.readings or pieces < LEAST_PIECES or all(row.ruled for row in rows):
        return reading
    message = (
        f"{reading.table}: {pieces} lines of this table without rules are pieces of rows; numbers may be broken over "
        "lines as well, so none is taken"
    )
    return replace(
        reading,
        readings=(),
        findings=(*reading.findings, flag("row-unaligned", message, table=reading.table)),
    )


def _rows_of(name: str, tables: Sequence[TableRows]) -> list[Row]:
    return [row for t in tables if t.table == name for row in t.rows]


def _form_of_all(readings: Sequence[TableReading]) -> str | None:
    forms = {r.form for r in readings if r.form is not None and r.readings}
    if len(forms) > 1:  # the old list beside the new tables is an annex
        forms.discard("2014")
    if not forms:
        return None
    return "mixed" if len(forms) > 1 else forms.pop()


def _form_of_others(form: str | None, readings: Sequence[TableReading]) -> str:
    """The form of table four, which is the same in both: that of the report's other tables."""
    if form is not None and form != "mixed":
        return form
    by_table = {r.table: r.form for r in readings}
    return by_table.get("requests") or by_table.get("proactive") or "2021"


def form_by_outline(sections: Iterable[str], year: int | None) -> str | None:
    """The form of a report without a readable table: its outline is that of the forms since 2019, or "free"."""
    ids = set(sections)
    if year is None or not ids:
        return None
    if year >= 2019 and len(_OWN_SECTIONS & ids) >= 2:
        return "2019" if year <= 2020 else "2021"
    return "free"


def _report_gaps_of_forms(name: str, by_form: Mapping[str, Sequence[Fact]]) -> Iterator[Finding]:
    """The gaps of a table; where its blocks follow two forms, a row is missing that both have and neither gives."""
    if len(by_form) == 1:
        for form, facts in by_form.items():
            yield from report_gaps(form, name, facts)
        return
    have = {f.field.row.id for facts in by_form.values() for f in facts}
    found = [list(report_gaps(form, name, facts)) for form, facts in by_form.items()]
    yield from (f for findings in found for f in findings if f.code == "cell-missing")
    rows = [
        {f.row: f for f in findings if f.code == "row-missing" and f.row not in have} for findings in found
    ]
    yield from (f for row, f in rows[0].items() if all(row in others for others in rows))


def report_gaps(form: str, name: str, facts: Sequence[Fact]) -> Iterator[Finding]:
    """A finding for each row of the form that has no value, and for each that lacks some."""
    gaps: dict[str, list[str]] = {}
    for row, column in missing(table(form, name), facts):
        gaps.setdefault(row, []).append(column)
    have = {f.field.row.id for f in facts}
    for row, columns in gaps.items():
        if row in have:
            message = f"{name}.{row}: no box for {', '.join(columns)}"
            yield flag("cell-missing", message, table=name, row=row)
        else:
            message = f"{name}.{row}: the document lacks this row of the form, or its boxes are in doubt"
            yield flag("row-missing", message, table=name, row=row)
