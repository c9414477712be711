"""A Report and the forms → its tables as the forms print them, box by box."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gongkai.model import SIGNED, Correction, Fact, Field, Label, Report, Table, Template
from gongkai.review.highlights import MARKS, Marks, collect_marks, value_as_read
from gongkai.review.number_text import number
from gongkai.review.table_head import HeadBox, heads

_SIGNS = {name: sign for name, sign, _, _ in MARKS}
#: mark → what it means, in both languages
MARK_WORDS = {name: f"{zh} {en}" for name, _, zh, en in MARKS}

#: Columns that a report may leave out: the running total stands in some places' lists only.
_OPTIONAL = {("statistics", "cumulative")}

#: (row id, column id) → the value of that box
Facts = Mapping[tuple[str, str], Fact]


@dataclass(frozen=True, slots=True)
class ValueBox:
    """A box with a value. `old` is the value as the program read it, None where that is not known.

    `kind` says which numbers the box may hold. `printed_otherwise` says that the printed text is not
    the number alone.
    """

    fact: Fact
    row: Label
    column: Label
    marks: tuple[str, ...]
    signs: str
    kind: str
    old: str | None
    printed_otherwise: bool


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row: its boxes of the head on the left, and its values; None where no box was read. `fields` are their names."""

    down: tuple[HeadBox, ...]
    values: tuple[ValueBox | None, ...]
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TablePart:
    """Rows under one head: the levels of the head, and how many columns the labels of rows take."""

    across: tuple[tuple[HeadBox, ...], ...]
    width: int
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class FormTable:
    """A table of a form; without parts where it was not read."""

    id: str
    zh: str
    en: str
    parts: tuple[TablePart, ...]


def form_tables(
    report: Report, templates: Sequence[Template], corrections: Sequence[Correction]
) -> list[FormTable]:
    """Every table of the report's forms, those that were not read too, in the forms' order."""
    marks = collect_marks(report)
    return [_fill(report, table, marks, corrections) for table in _tables(report, templates)]


def _tables(report: Report, templates: Sequence[Template]) -> Iterator[Table]:
    """The tables with facts, and those that the form of the whole should have."""
    read = {(f.field.template, f.field.table) for f in report.facts}
    names = {table for _, table in read}
    for form in templates:
        for table in form.tables:
            if (form.id, table.id) in read or (form.id == report.template and table.id not in names):
                yield table


def _fill(report: Report, table: Table, marks: Marks, corrections: Sequence[Correction]) -> FormTable:
    facts = {
        (f.field.row.id, f.field.column.id): f
        for f in report.facts
        if (f.field.template, f.field.table) == (table.template, table.id)
    }

    def box(row: Label, column: Label) -> ValueBox | None:
        fact = facts.get((row.id, column.id))
        return None if fact is None else _value_box(fact, row, column, marks, corrections)

    parts = []
    for rows, columns in _parts(_fields(table, facts)) if facts else ():
        down, width = heads(rows)
        across, height = heads(columns)
        parts.append(
            TablePart(
                tuple(tuple(h for h in across if h.level == level) for level in range(height)),
                width,
                tuple(
                    TableRow(
                        _boxes_of_row(down, r),
                        tuple(box(row, column) for column in columns),
                        tuple(f"{table.id}.{row.id}.{column.id}" for column in columns),
                    )
                    for r, row in enumerate(rows)
                ),
            )
        )
    return FormTable(table.id, table.zh, table.en, tuple(parts))


def _boxes_of_row(down: Sequence[HeadBox], row: int) -> tuple[HeadBox, ...]:
    return tuple(sorted((h for h in down if h.at == row), key=lambda h: h.level))


def _fields(table: Table, facts: Facts) -> list[Field]:
    """The fields of a table: the form's, without optional columns that were not read, and others that were read."""
    known = {f.address for f in table.fields}
    fields = [*table.fields, *(f.field for f in facts.values() if f.field.address not in known)]
    read = {column for _, column in facts}
    return [f for f in fields if f.column.id in read or (table.id, f.column.id) not in _OPTIONAL]


def _parts(fields: Sequence[Field]) -> list[tuple[list[Label], list[Label]]]:
    """Rows with the same columns, as the form prints them: table two changes its head between them."""
    columns: dict[str, list[Label]] = {}
    rows: dict[str, Label] = {}
    for f in fields:
        rows.setdefault(f.row.id, f.row)
        columns.setdefault(f.row.id, []).append(f.column)
    parts: list[tuple[list[Label], list[Label]]] = []
    for id, row in rows.items():
        if parts and [c.id for c in parts[-1][1]] == [c.id for c in columns[id]]:
            parts[-1][0].append(row)
        else:
            parts.append(([row], columns[id]))
    return parts


def _value_box(
    fact: Fact, row: Label, column: Label, marks: Marks, corrections: Sequence[Correction]
) -> ValueBox:
    names = marks.of(fact)
    return ValueBox(
        fact,
        row,
        column,
        names,
        "".join(_SIGNS[n] for n in names if n not in ("blank", "unread")),
        _kind(fact),
        _old(fact, corrections),
        unicodedata.normalize("NFKC", fact.printed).strip() != number(fact.value),
    )


def _old(fact: Fact, corrections: Sequence[Correction]) -> str | None:
    try:
        return number(value_as_read(fact, corrections))
    except KeyError:
        return None


def _kind(fact: Fact) -> str:
    """Which numbers a box may hold, for the page's own form: as `Field.refuses` decides."""
    if fact.field.column.id == SIGNED:
        return "change"
    return "money" if fact.field.is_money else "count"
