"""A Report to a DataFrame and to HTML, for people."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING, Any, Literal

from gongkai.emit import libraries as lib
from gongkai.emit.write.rows import fact_row
from gongkai.model import Address, Fact, Label, Report, Table, Template

if TYPE_CHECKING:
    import pandas as pd

#: How many lines of checks or findings are shown; the others are only counted, because a notebook is not a log.
SHOWN = 50

_BOX = "border:1px solid #999;padding:2px 6px;"
_DIM = "color:#aaa;"
_ERROR = "background:#f8c9c4;color:#000;"
_WARNING = "background:#fbeeb8;color:#000;"
_COLOURS = {"error": _ERROR, "warning": _WARNING, "note": ""}


def frame(
    report: Report,
    table_id: str,
    *,
    layout: Literal["wide", "long"] = "wide",
    templates: Sequence[Template] = (),
) -> pd.DataFrame:
    """One table of a report. A number that is missing or unread is NA; a blank box is 0.

    "wide" is the form: row ids down, column ids across. `attrs` holds the form's own labels:
    `rows_zh`, `rows_en`, `columns_zh`, `columns_en`, each by id. "long" has a line a fact: both
    ids, both labels, value, unit, blank, printed. Rows and columns are those of the official form
    in its order, if it is among `templates`, and then any others. Without a form they are those of
    the report, in its own order.

    Raises KeyError where the report has no such table and no template names it.
    """
    facts = [fact for fact in report.facts if fact.field.table == table_id]
    form = _form(facts[0].field.template if facts else report.template, table_id, templates)
    if form is None and not facts:
        tables = list(dict.fromkeys(fact.field.table for fact in report.facts))
        raise KeyError(f"{report.source.path}: no table {table_id!r}; there are {tables}")
    in_form: tuple[Sequence[Label], Sequence[Label]] = ((), ()) if form is None else (form.rows, form.columns)
    rows = _labels((*in_form[0], *(fact.field.row for fact in facts)))
    columns = _labels((*in_form[1], *(fact.field.column for fact in facts)))
    result = _long(facts, rows, columns) if layout == "long" else _wide(facts, rows, columns)
    template = facts[0].field.template if form is None else form.template
    result.attrs = {"table": table_id, "template": template, **_label_texts(rows, columns)}
    return result


def _label_texts(rows: dict[str, Label], columns: dict[str, Label]) -> dict[Hashable, Any]:
    """The form's own labels by id, for `attrs`."""
    return {
        "rows_zh": {id: label.zh for id, label in rows.items()},
        "rows_en": {id: label.en for id, label in rows.items()},
        "columns_zh": {id: label.zh for id, label in columns.items()},
        "columns_en": {id: label.en for id, label in columns.items()},
    }


def _form(template: str | None, table_id: str, templates: Sequence[Template]) -> Table | None:
    """One table of a form; None where the form or the table is not among the templates."""
    for form in templates:
        for table in form.tables:
            if (form.id, table.id) == (template, table_id):
                return table
    return None


def _labels(labels: Sequence[Label]) -> dict[str, Label]:
    """Labels by id, each once, in the order of their first use."""
    result: dict[str, Label] = {}
    for label in labels:
        result.setdefault(label.id, label)
    return result


def _wide(facts: Sequence[Fact], rows: dict[str, Label], columns: dict[str, Label]) -> pd.DataFrame:
    values = {(fact.field.row.id, fact.field.column.id): fact.value for fact in facts}
    index = lib.pd.Index(list(rows), name="row", dtype="str")
    result: pd.DataFrame = lib.pd.DataFrame({c: _series([values.get((r, c)) for r in rows]) for c in columns})
    return result.set_axis(index, axis="index").rename_axis(columns="column")


def _long(facts: Sequence[Fact], rows: dict[str, Label], columns: dict[str, Label]) -> pd.DataFrame:
    row_order = {id: n for n, id in enumerate(rows)}
    column_order = {id: n for n, id in enumerate(columns)}
    ordered = sorted(facts, key=lambda f: (row_order[f.field.row.id], column_order[f.field.column.id]))
    lines = [fact_row(f) for f in ordered]
    labels: dict[str, list[str]] = {
        "row_zh": [f.field.row.zh for f in ordered],
        "column_zh": [f.field.column.zh for f in ordered],
        "row_en": [f.field.row.en for f in ordered],
        "column_en": [f.field.column.en for f in ordered],
    }
    texts = {name: [line[name] for line in lines] for name in ("row", "column")} | labels
    result: pd.DataFrame = lib.pd.DataFrame(
        {name: lib.pd.Series(values, dtype="str") for name, values in texts.items()}
    )
    result["value"] = _series([line["value"] for line in lines])
    for name, dtype in (("unit", "str"), ("blank", "bool"), ("printed", "str")):
        result[name] = lib.pd.Series([line[name] for line in lines], dtype=dtype)
    return result


def _series(values: Sequence[Decimal | None]) -> pd.Series[Any]:
    """Whole numbers as Int64, others as Float64; None is NA in both."""
    whole = all(value is None or value == value.to_integral_value() for value in values)
    number, dtype = (int, "Int64") if whole else (float, "Float64")
    result: pd.Series[Any] = lib.pd.Series([None if v is None else number(v) for v in values], dtype=dtype)
    return result


def html(report: Report) -> str:
    """The report for a notebook: its tables, with blank boxes dimmed and failed checks and findings in colour.

    Everything from the document is escaped.
    """
    flags = _flags(report)
    title = report.title or report.source.path
    facts = {
        "file": report.source.path,
        "org": report.org,
        "year": report.year,
        "form": report.template,
        "status": f"{report.status} {report.reason}".strip(),
    }
    head = " · ".join(f"{name}: {escape(str(v))}" for name, v in facts.items() if v is not None)
    tables = dict.fromkeys(fact.field.table for fact in report.facts)
    parts = [f"<h4>{escape(title)}</h4>", f"<p>{head}</p>"]
    parts += [_table([f for f in report.facts if f.field.table == table], flags) for table in tables]
    parts += [_notes(report)]
    return f"<div>{''.join(parts)}</div>"


def _flags(report: Report) -> dict[Address, tuple[str, str]]:
    """For each cell with a problem: its colour and the text that explains it."""
    result: dict[Address, tuple[str, str]] = {}
    for check in report.checks:
        if check.outcome == "fail":
            for address in check.facts:
                result[address] = (_WARNING, f"{check.rule}: {check.left} ≠ {check.right}")
    for severity in ("warning", "error"):
        for f in report.findings:
            if f.severity == severity and f.table is not None and f.row is not None and f.column is not None:
                result[f.table, f.row, f.column] = (_COLOURS[severity], f"{f.code}: {f.message}")
    return result


def _table(facts: Sequence[Fact], flags: dict[Address, tuple[str, str]]) -> str:
    rows = _labels([fact.field.row for fact in facts])
    columns = _labels([fact.field.column for fact in facts])
    cells = {(fact.field.row.id, fact.field.column.id): fact for fact in facts}
    caption = f"{facts[0].field.table} ({facts[0].field.template})"
    lines = ["<tr><th></th>" + "".join(_heading(label) for label in columns.values()) + "</tr>"]
    for r, label in rows.items():
        boxes = (_cell(cells.get((r, c)), flags) for c in columns)
        lines.append(f"<tr>{_heading(label)}{''.join(boxes)}</tr>")
    caption = f'<caption style="text-align:left">{escape(caption)}</caption>'
    return f'<table style="border-collapse:collapse">{caption}{"".join(lines)}</table>'


def _heading(label: Label) -> str:
    text = f"{label.id}: {label.en}"
    return f'<th style="{_BOX}text-align:left" title="{escape(text)}">{escape(label.zh)}</th>'


def _cell(fact: Fact | None, flags: dict[Address, tuple[str, str]]) -> str:
    if fact is None:
        return f'<td style="{_BOX}"></td>'
    style, note = flags.get(fact.field.address, ("", ""))
    if fact.value is None:
        style, text = style or _ERROR, f"? {fact.printed}"
    elif fact.blank:
        style, text = style + _DIM, "0"
    else:
        text = format(fact.value, "f")
    title = " | ".join(part for part in (f"printed “{fact.printed}”", note) if part)
    return f'<td style="{_BOX}text-align:right;{style}" title="{escape(title)}">{escape(text)}</td>'


def _notes(report: Report) -> str:
    """Failed checks and findings as two lists, the worst findings first."""
    checks = [
        f"<li>{escape(f'{c.table}.{c.row or c.column} {c.rule}: {c.left} ≠ {c.right}')}</li>"
        for c in report.checks
        if c.outcome == "fail"
    ]
    findings = [
        f'<li style="{_COLOURS[severity]}">{escape(f"{f.severity} {f.code}: {f.message}")}</li>'
        for severity in ("error", "warning", "note")
        for f in report.findings
        if f.severity == severity
    ]
    return _list("checks that failed", checks) + _list("findings", findings)


def _list(title: str, items: Sequence[str]) -> str:
    if not items:
        return ""
    more = f"<li>… and {len(items) - SHOWN} more</li>" if len(items) > SHOWN else ""
    return f"<p>{len(items)} {escape(title)}</p><ul>{''.join(items[:SHOWN])}{more}</ul>"
