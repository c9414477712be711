"""What a table reader hands on: each value Cell with the labels that govern it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from gongkai.model import Cell, Fact, Field, Finding, Label, Match, Table, flag
from gongkai.normalize.form.number import NotANumber, Number, in_ten_thousand_yuan, parse
from gongkai.normalize.form.template import field

#: Confidence by how a value's column was decided: the drawing and the counting agree, or one alone.
_BY_WAY = {"both": 0.998, "place": 0.993, "count": 0.991, "contradicted": 0.9}
#: What a label's rule leaves of it.
_BY_RULE = {"exact": 1.0, "alias": 1.0, "fuzzy": 0.995, "sequence": 0.98, "position": 0.98, "local": 0.98}
#: Three digits behind a point: a decimal, or thousands.
_DOTTED = re.compile(r"\d{1,3}(?:\.\d{3})+")
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_MONEY = ("fees_collected", "procurement_amount")


@dataclass(frozen=True, slots=True)
class CellReading:
    """One value box and why it belongs to (row, column). `way` is how its column was decided."""

    row: Match
    column: Match
    cell: Cell
    way: str
    head_unit: str = ""


@dataclass(frozen=True, slots=True)
class TableReading:
    """All that was read of one table. `form` is None where its words fit both forms."""

    table: str
    form: str | None
    readings: tuple[CellReading, ...]
    findings: tuple[Finding, ...]


def facts(reading: TableReading, form: str) -> tuple[list[Fact], list[Finding]]:
    """The Facts of one table under `form`, and what to say of them."""
    found: dict[tuple[str, str], list[CellReading]] = {}
    for r in reading.readings:
        found.setdefault((r.row.id, r.column.id), []).append(r)
    result: list[Fact] = []
    findings: list[Finding] = []
    for several in found.values():
        try:
            slot = _slot(form, reading.table, several[0])
        except KeyError:
            findings.append(_foreign(reading.table, several[0]))
            continue
        if len({r.cell.text for r in several}) > 1:
            findings.append(_twice(reading.table, several))
            continue
        fact, finding = _fact(slot.table, several[0], slot)
        result.append(fact)
        if finding is not None:
            findings.append(finding)
    return result, findings


def _slot(form: str, table: str, r: CellReading) -> Field:
    """The field of a reading; a line that only this place has is a field of its own.

    Raises KeyError where the form has no such field.
    """
    if r.row.rule == "local":
        column = field(form, table, "staff", r.column.id).column
        return Field(form, table, Label(r.row.id, (r.row.printed,), r.row.printed), column, r.head_unit)
    return field(form, table, r.row.id, r.column.id)


def _fact(table: str, r: CellReading, slot: Field) -> tuple[Fact, Finding | None]:
    r = _grouped(r)
    confidence = _BY_WAY[r.way] * _BY_RULE[r.row.rule] * _BY_RULE[r.column.rule] * r.cell.confidence
    finding = None
    try:
        number = parse(r.cell.text)
        if r.cell.origin == "ocr" and number.value < 0 and r.column.id != "change":
            raise NotANumber("a speck before a count looks like a minus")
    except NotANumber:
        finding = flag(
            "number-unreadable",
            f"{r.cell.place}: “{r.cell.text.strip()[:40]}” is no number; read it on the page",
            place=r.cell.place,
            table=table,
            row=r.row.id,
            column=r.column.id,
            printed=r.cell.text,
        )
        fact = Fact(slot, None, False, r.cell.text, r.cell.place, r.row, r.column, "", r.cell.origin, 0.0)
        return fact, finding
    value, unit = number.value, number.unit
    if r.cell.origin == "ocr" and r.cell.alternative is None and _DOTTED.fullmatch(r.cell.text.strip()):
        # of a comma and a point a picture often leaves the same speck
        r = replace(r, cell=replace(r.cell, alternative=r.cell.text.replace(".", ",")))
    if r.cell.alternative not in (None, r.cell.text):
        return _disputed(table, r, slot, number)
    if r.column.id in _MONEY:
        unit = unit or ("" if number.blank else r.head_unit)
        value = in_ten_thousand_yuan(value, unit)
    if value < 0 and r.column.id != "change":
        finding = flag(
            "value-negative",
            f"{r.cell.place}: {r.cell.text.strip()} where a count stands; is it in the right column?",
            place=r.cell.place,
            table=table,
            row=r.row.id,
            column=r.column.id,
            printed=r.cell.text,
        )
        confidence = min(confidence, 0.9)
    fact = Fact(
        slot,
        value,
        number.blank,
        r.cell.text,
        r.cell.place,
        r.row,
        r.column,
        unit,
        r.cell.origin,
        round(confidence, 4),
    )
    return fact, finding


def _grouped(r: CellReading) -> CellReading:
    """A count of a picture whose thousands are set off: of a comma and a point it leaves the same speck."""
    text = r.cell.text.strip()
    if r.cell.origin != "ocr" or r.column.id in _MONEY or not _GROUPED.fullmatch(text):
        return r
    same = r.cell.alternative in (None, r.cell.text)
    other = None if same else (r.cell.alternative or "").replace(".", ",")
    confidence = min(r.cell.confidence, 0.92)
    return replace(
        r, cell=replace(r.cell, text=text.replace(".", ","), alternative=other, confidence=confidence)
    )


def _disputed(table: str, r: CellReading, slot: Field, number: Number) -> tuple[Fact, Finding | None]:
    """A box of a picture that two readings see differently.

    Where they differ in a separator only and the field is a count, it is the one for thousands;
    else neither is taken.
    """
    first, second = r.cell.text.strip(), (r.cell.alternative or "").strip()
    place = r.cell.place
    digits = re.sub(r"\D", "", first)
    if r.column.id not in _MONEY and digits and digits == re.sub(r"\D", "", second):
        value = Decimal(digits)
        fact = Fact(
            slot, value, number.blank, r.cell.text, place, r.row, r.column, number.unit, r.cell.origin, 0.9
        )
        return fact, None
    message = f"{place}: read as “{first}” and as “{second}”; neither is taken, look at the page"
    finding = flag(
        "readings-differ",
        message,
        place=place,
        table=table,
        row=r.row.id,
        column=r.column.id,
        printed=r.cell.text,
        severity="error",
    )
    return Fact(slot, None, False, r.cell.text, place, r.row, r.column, "", r.cell.origin, 0.0), finding


def _twice(table: str, several: Sequence[CellReading]) -> Finding:
    texts = ", ".join(f"“{r.cell.text.strip()}”" for r in several)
    return flag(
        "field-twice",
        f"{table}.{several[0].row.id}.{several[0].column.id}: {len(several)} boxes claim it ({texts}); none is taken",
        place=several[0].cell.place,
        table=table,
        row=several[0].row.id,
        column=several[0].column.id,
    )


def _foreign(table: str, r: CellReading) -> Finding:
    return flag(
        "label-foreign",
        f"{r.cell.place}: {r.row.id} / {r.column.id} is no slot of this form; the box is left out",
        place=r.cell.place,
        table=table,
        row=r.row.id,
        column=r.column.id,
        printed=r.cell.text,
    )


def missing(form: Table, facts: Iterable[Fact]) -> list[tuple[str, str]]:
    """The slots of a table that have no Fact, in the form's order."""
    have = {(f.field.row.id, f.field.column.id) for f in facts}
    return [(s.row.id, s.column.id) for s in form.fields if (s.row.id, s.column.id) not in have]
