"""What a table reader hands on: each value Cell with the labels that govern it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from model import Cell, Fact, Finding, Grid, Match, Place, Table

from .number import NotANumber, in_ten_thousand_yuan, parse
from .template import field

#: Confidence by how a value's column was decided: the drawing and the counting agree, or one alone.
_BY_WAY = {"both": 0.998, "place": 0.993, "count": 0.991, "contradicted": 0.9}
#: What a label's rule leaves of it.
_BY_RULE = {"exact": 1.0, "alias": 1.0, "fuzzy": 0.995, "sequence": 0.98, "position": 0.98}
_MONEY = ("fees_collected", "procurement_amount")


@dataclass(frozen=True, slots=True)
class Reading:
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
    readings: tuple[Reading, ...]
    findings: tuple[Finding, ...]


def facts(reading: TableReading, form: str) -> tuple[list[Fact], list[Finding]]:
    """The Facts of one table under `form`, and what to say of them."""
    found: dict[tuple[str, str], list[Reading]] = {}
    for r in reading.readings:
        found.setdefault((r.row.id, r.column.id), []).append(r)
    result: list[Fact] = []
    findings: list[Finding] = []
    for (row, column), several in found.items():
        try:
            slot = field(form, reading.table, row, column)
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


def _fact(table: str, r: Reading, slot) -> tuple[Fact, Finding | None]:  # type: ignore[no-untyped-def]
    confidence = _BY_WAY[r.way] * _BY_RULE[r.row.rule] * _BY_RULE[r.column.rule] * r.cell.confidence
    finding = None
    try:
        number = parse(r.cell.text)
    except NotANumber:
        finding = Finding(
            "number-unreadable",
            "error",
            f"{place_text(r.cell.place)}: “{r.cell.text.strip()[:40]}” is no number; read it on the page",
            r.cell.place,
            table,
            r.row.id,
            r.column.id,
            r.cell.text,
        )
        fact = Fact(slot, None, False, r.cell.text, r.cell.place, r.row, r.column, "", r.cell.origin, 0.0)
        return fact, finding
    value, unit = number.value, number.unit
    if r.column.id in _MONEY:
        unit = unit or ("" if number.blank else r.head_unit)
        value = in_ten_thousand_yuan(value, unit)
    if r.cell.alternative is not None:
        finding = Finding(
            "readings-differ",
            "warning",
            f"{place_text(r.cell.place)}: read as “{r.cell.text.strip()}” and as “{r.cell.alternative.strip()}”",
            r.cell.place,
            table,
            r.row.id,
            r.column.id,
            r.cell.text,
        )
        confidence = min(confidence, 0.6)
    elif value < 0 and r.column.id != "change":
        finding = Finding(
            "value-negative",
            "warning",
            f"{place_text(r.cell.place)}: {r.cell.text.strip()} where a count stands; is it in the right column?",
            r.cell.place,
            table,
            r.row.id,
            r.column.id,
            r.cell.text,
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


def _twice(table: str, several: Sequence[Reading]) -> Finding:
    texts = ", ".join(f"“{r.cell.text.strip()}”" for r in several)
    return Finding(
        "field-twice",
        "error",
        f"{table}.{several[0].row.id}.{several[0].column.id}: {len(several)} boxes claim it ({texts}); none is taken",
        several[0].cell.place,
        table,
        several[0].row.id,
        several[0].column.id,
    )


def _foreign(table: str, r: Reading) -> Finding:
    return Finding(
        "label-foreign",
        "warning",
        f"{place_text(r.cell.place)}: {r.row.id} / {r.column.id} is no slot of this form; the box is left out",
        r.cell.place,
        table,
        r.row.id,
        r.column.id,
        r.cell.text,
    )


def place_text(place: Place) -> str:
    """A Place for readers: everything counts from 1.

    >>> place_text(Place(page=4, block=7, row=3, column=0))
    'page 4, row 4, column 1'
    """
    parts = []
    if place.page is not None:
        parts.append(f"page {place.page}")
    elif place.block is not None:
        parts.append(f"block {place.block + 1}")
    if place.row is not None:
        parts.append(f"row {place.row + 1}")
    if place.column is not None:
        parts.append(f"column {place.column + 1}")
    return ", ".join(parts) or "the document"


def missing(form: Table, facts: Iterable[Fact]) -> list[tuple[str, str]]:
    """The slots of a table that have no Fact, in the form's order."""
    have = {(f.field.row.id, f.field.column.id) for f in facts}
    return [(s.row.id, s.column.id) for s in form.fields if (s.row.id, s.column.id) not in have]


def covered(grid: Grid, row: int, column: int) -> Cell | None:
    """The box of `grid` that covers (row, column)."""
    for c in grid.cells:
        if c.row <= row < c.row + c.rowspan and c.column <= column < c.column + c.colspan:
            return c
    return None
