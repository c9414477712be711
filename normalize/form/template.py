"""The official forms, from their TOML files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from gongkai.model import Field, Label, Rule, Sum, Table, Template, Wording
from gongkai.startup_cache import read_toml

FORMS = ("2014", "2019", "2021")


@cache
def templates() -> tuple[Template, ...]:
    """Every form, oldest first."""
    return tuple(load(name) for name in FORMS)


@cache
def has_table(template: str, table_id: str) -> bool:
    """Whether a form has a table: a document may have one of a form beside the list of another."""
    return any(form.id == template and any(t.id == table_id for t in form.tables) for form in templates())


@cache
def table(template: str, table_id: str) -> Table:
    """One table of one form.

    Raises KeyError where there is none.
    """
    for form in templates():
        if form.id == template:
            for candidate in form.tables:
                if candidate.id == table_id:
                    return candidate
    raise KeyError((template, table_id))


@cache
def field(template: str, table_id: str, row: str, column: str) -> Field:
    """The Field at an address.

    Raises KeyError where the form has no such slot.
    """
    return _fields(template, table_id)[row, column]


@cache
def _fields(template: str, table_id: str) -> dict[tuple[str, str], Field]:
    return {(f.row.id, f.column.id): f for f in table(template, table_id).fields}


def load(name: str) -> Template:
    """The form `name`, read from its file."""
    form = read_toml(__package__, f"templates/{name}.toml")
    tables = tuple(_table(form["id"], id, spec) for id, spec in form["tables"].items())
    years = form["years"]
    rules = tuple(_rule(r, form["id"]) for r in form.get("rules", []))
    wordings = tuple(_wording(w) for w in form.get("wordings", []))
    return Template(form["id"], form["source"], (years["from"], years.get("to")), tables, rules, wordings)


def _table(form: str, id: str, spec: Mapping[str, Any]) -> Table:
    rows = tuple(Label(r["id"], tuple(r["path"]), r["en"]) for r in spec["rows"])
    columns = tuple(Label(c["id"], tuple(c["path"]), c["en"]) for c in spec["columns"])
    units = {c["id"]: c.get("unit", spec["unit"]) for c in spec["columns"]}
    units |= {r["id"]: r["unit"] for r in spec["rows"] if "unit" in r}
    slots = _slots(spec, rows, columns)
    fields = tuple(
        Field(form, id, r, c, units.get(r.id, units[c.id]))
        for r in rows
        for c in columns
        if (r.id, c.id) in slots
    )
    sums = tuple(_sum(s) for s in spec.get("sums", []))
    return Table(id, form, spec["zh"], spec["en"], spec["section"], rows, columns, fields, sums)


def _slots(spec: Mapping[str, Any], rows: Sequence[Label], columns: Sequence[Label]) -> set[tuple[str, str]]:
    """Which (row, column) exist: every pair, or those of the table's blocks."""
    blocks = spec.get("blocks")
    if blocks is None:
        return {(r.id, c.id) for r in rows for c in columns}
    return {(r, c) for block in blocks for r in block["rows"] for c in block["columns"]}


def _sum(spec: Mapping[str, Any]) -> Sum:
    return Sum(
        spec["name"],
        spec["over"],
        tuple(spec["left"]),
        tuple(spec["right"]),
        spec.get("relation", "="),
        spec["severity"],
        spec["zh"],
        spec["en"],
        spec["source"],
        spec.get("if_printed", False),
    )


def _rule(spec: Mapping[str, Any], form: str) -> Rule:
    return Rule(
        spec["code"],
        tuple(spec["left"]),
        tuple(spec["right"]),
        spec.get("relation", "="),
        spec["severity"],
        spec["zh"],
        spec["en"],
        spec["source"],
        (form,),
    )


def _wording(spec: Mapping[str, Any]) -> Wording:
    readings = tuple(tuple(r) for r in spec["readings"])
    return Wording(
        spec["code"],
        tuple(spec["fields"]),
        readings,
        spec["severity"],
        spec["zh"],
        spec["en"],
        spec["source"],
    )
