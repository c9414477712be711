"""The tables of a Report as its forms print them → HTML."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from html import escape

from gongkai.model import SIGNED, Address, Correction, Fact, Field, Label, Report, Table, Template
from gongkai.review.highlights import MARKS, Marks, as_read, marks
from gongkai.review.number_text import number
from gongkai.review.table_head import Head, heads

_SIGNS = {name: sign for name, sign, _, _ in MARKS}
_WORDS = {name: f"{zh} {en}" for name, _, zh, en in MARKS}

#: Columns that a report may leave out: the running total stands in some places' lists only.
_OPTIONAL = {("statistics", "cumulative")}


def sheets(report: Report, templates: Sequence[Template], said: Sequence[Correction]) -> str:
    """Every table of the report's forms, those that were not read too, in the forms' order."""
    seen = marks(report)
    return "".join(_table(report, table, seen, list(said)) for table in _tables(report, templates))


def _tables(report: Report, templates: Sequence[Template]) -> Iterator[Table]:
    """The tables with facts, and those that the form of the whole should have."""
    read = {(f.field.template, f.field.table) for f in report.facts}
    names = {table for _, table in read}
    for form in templates:
        for table in form.tables:
            if (form.id, table.id) in read or (form.id == report.template and table.id not in names):
                yield table


def _table(report: Report, table: Table, seen: Marks, said: list[Correction]) -> str:
    facts = {
        (f.field.row.id, f.field.column.id): f
        for f in report.facts
        if (f.field.template, f.field.table) == (table.template, table.id)
    }
    title = f"<h2>{escape(table.zh)} <small>{escape(table.en)}</small></h2>"
    if not facts:
        return (
            f'<section class="sheet">{title}<p class="none">未读到此表 No such table was read.</p></section>'
        )
    fields = [*table.fields, *(f.field for f in facts.values() if f.field.address not in _addresses(table))]
    read = {column for _, column in facts}
    fields = [f for f in fields if f.column.id in read or (table.id, f.column.id) not in _OPTIONAL]
    parts = "".join(_part(rows, columns, facts, seen, said) for rows, columns in _parts(fields))
    return f'<section class="sheet" id="table-{escape(table.id)}">{title}{parts}</section>'


def _addresses(table: Table) -> set[Address]:
    return {f.address for f in table.fields}


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


def _part(
    rows: list[Label],
    columns: list[Label],
    facts: dict[tuple[str, str], Fact],
    seen: Marks,
    said: list[Correction],
) -> str:
    """Some rows under one head."""
    down, deep = heads(rows)
    across, high = heads(columns)
    lines = []
    for level in range(high):
        corner = f'<td class="corner" colspan="{deep}" rowspan="{high}"></td>' if level == 0 else ""
        own = "".join(_head(h, "col", h.wide, h.deep) for h in across if h.level == level)
        lines.append(f"<tr>{corner}{own}</tr>")
    body = []
    for r, row in enumerate(rows):
        own = "".join(_head(h, "row", h.deep, h.wide) for h in sorted(down, key=_level) if h.at == r)
        cells = "".join(_cell(facts.get((row.id, c.id)), row, c, seen, said) for c in columns)
        body.append(f"<tr>{own}{cells}</tr>")
    return f"<table><thead>{''.join(lines)}</thead><tbody>{''.join(body)}</tbody></table>"


def _level(head: Head) -> int:
    return head.level


def _head(head: Head, kind: str, colspan: int, rowspan: int) -> str:
    """A box of the head: the form's words, and in English below."""
    scope = kind if head.label is not None else f"{kind}group"
    en = f'<small lang="en">{escape(head.label.en)}</small>' if head.label is not None else ""
    return f'<th scope="{scope}"{_span("colspan", colspan)}{_span("rowspan", rowspan)}>{escape(head.text)}{en}</th>'


def _span(name: str, n: int) -> str:
    return f' {name}="{n}"' if n > 1 else ""


def _cell(fact: Fact | None, row: Label, column: Label, seen: Marks, said: list[Correction]) -> str:
    if fact is None:
        return '<td class="missing" title="未读到此格 no such box was read">—</td>'
    names = seen.of(fact)
    signs = "".join(_SIGNS[n] for n in names if n not in ("blank", "unread"))
    told = "; ".join(
        [f"原文 printed “{fact.printed.strip()}”", f"{fact.confidence:g}", *(_WORDS[n] for n in names)]
    )
    data = {
        "field": ".".join(fact.field.address),
        "printed": fact.printed,
        "value": number(fact.value),
        "label": f"{row.zh} × {column.zh}",
        "en": f"{row.en} × {column.en}",
        "kind": _kind(fact),
        **_old(fact, said),
    }
    attributes = "".join(f' data-{name}="{escape(text)}"' for name, text in data.items())
    return (
        f'<td class="{" ".join(("value", *names))}" tabindex="0" title="{escape(told)}"{attributes}>'
        f"{_shown(fact)}{f'<sup>{signs}</sup>' if signs else ''}</td>"
    )


def _old(fact: Fact, said: list[Correction]) -> dict[str, str]:
    """The value as it was read; nothing where that is not known any more."""
    try:
        return {"old": number(as_read(fact, said))}
    except KeyError:
        return {}


def _kind(fact: Fact) -> str:
    """What numbers a box may hold, for the page's own form: as `Field.refuses` says."""
    if fact.field.column.id == SIGNED:
        return "change"
    return "money" if fact.field.is_money else "count"


def _shown(fact: Fact) -> str:
    """The number; the printed text beside it where it is not the same."""
    printed = escape(fact.printed.strip())
    if fact.value is None:
        return f"<b>?</b> <span>{printed}</span>"
    if fact.origin == "corrected":
        return f"<del>{printed or '·'}</del> <ins>{'·' if fact.blank else number(fact.value)}</ins>"
    if fact.blank:
        return printed or "·"
    plain = unicodedata.normalize("NFKC", fact.printed).strip()
    return number(fact.value) + ("" if plain == number(fact.value) else f" <small>{printed}</small>")
