"""What a table reader hands on, each value Cell with the labels that govern it → Facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from gongkai.model import (
    MOST_DIGITS,
    UNREAD,
    Cell,
    Fact,
    Field,
    Finding,
    Label,
    Match,
    Table,
    drop_unread,
    flag,
    list_unread,
)
from gongkai.normalize.form.number import (
    NotANumber,
    Number,
    is_drawn_nought,
    is_no_change,
    may_be_power,
    parse,
    to_ten_thousand_yuan,
    value_of,
)
from gongkai.normalize.form.template import field, has_table, table
from gongkai.normalize.tables.settled_readings import Candidates, settle_readings
from gongkai.record import dataclass, replace

#: Confidence by how a value's column was decided: the drawing and the counting agree, or one alone. Where the table
#: as a whole decided: a row with all its numbers, numbers in line with others, and boxes where nothing stands.
_BY_WAY = {
    "both": 0.998,
    "place": 0.993,
    "count": 0.991,
    "contradicted": 0.9,
    "fitted": 0.99,
    "aligned": 0.97,
    "inferred": 0.95,
}
#: What a label's rule leaves of it. "sums": no head tells the column, but the sums of the whole table do.
_BY_RULE = {
    "exact": 1.0,
    "alias": 1.0,
    "sums": 1.0,
    "fuzzy": 0.995,
    "sequence": 0.98,
    "position": 0.98,
    "local": 0.98,
}
#: Confidence, at the most, in a negative count, in a count whose readings differ in a separator, and
#: in one of a picture whose separators are taken for thousands.
_NEGATIVE, _SETTLED, _RESTORED = 0.9, 0.9, 0.92
#: Confidence in the reading of a box that the form's sums leave, and below which a box counts as doubtful.
_BY_SUMS, _DOUBTED = 0.93, 0.85
#: Confidence, at the most, in a count with a fraction: what is counted there has none.
_FRACTION = 0.6
#: Confidence, at the most, in a number with a raised figure behind it that may be an exponent.
_RAISED = 0.95
#: The tables whose columns say whether money or a count stands there.
_COUNTED = ("proactive", "requests", "review")
#: Three digits behind a point: a decimal, or thousands.
_DOTTED = re.compile(r"\d{1,3}(?:\.\d{3})+")
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
#: Digits with what may stand between them, or be a speck behind them.
_SEPARATED = re.compile(r"[\d.,，．、·' ]+")
_MONEY = ("fees_collected", "procurement_amount")


@dataclass(frozen=True, slots=True)
class CellReading:
    """One value box and why it belongs to (row, column). `way` is how its column was decided.

    `trust` is what is left of its confidence by the rule that the table as a whole is believed by.
    """

    row: Match
    column: Match
    cell: Cell
    way: str
    head_unit: str = ""
    trust: float = 1.0

    @property
    def is_count(self) -> bool:
        return self.column.id not in _MONEY

    @property
    def may_be_negative(self) -> bool:
        """Whether the column is that of changes (本年增/减)."""
        return self.column.id == "change"


@dataclass(frozen=True, slots=True)
class TableReading:
    """All that was read of one table. `form` is None where its words fit both forms."""

    table: str
    form: str | None
    readings: tuple[CellReading, ...]
    findings: tuple[Finding, ...]


def make_facts(reading: TableReading, form: str) -> tuple[list[Fact], list[Finding]]:
    """The Facts of one table under `form`, and the findings about them."""
    by_field: dict[tuple[str, str], list[CellReading]] = {}
    for r in reading.readings:
        by_field.setdefault((r.row.id, r.column.id), []).append(r)
    if has_table(form, reading.table):
        _settle_by_sums(by_field, table(form, reading.table))
    facts: list[Fact] = []
    findings: list[Finding] = []
    for several in by_field.values():
        try:
            slot = _slot(form, reading.table, several[0])
        except KeyError:
            findings.append(_report_foreign(reading.table, several[0]))
            continue
        if len(several) > 1 and len({r.cell.text for r in several}) > 1:
            findings.append(_report_twice(reading.table, several))
            continue
        fact, finding = _make_fact(several[0], slot)
        facts.append(fact)
        if finding is not None:
            findings.append(finding)
    return facts, findings


def _settle_by_sums(by_field: dict[tuple[str, str], list[CellReading]], form: Table) -> None:
    """Gives (in place) boxes of a picture that were read in two ways the reading that the form's sums leave."""
    single = {slot: several[0] for slot, several in by_field.items() if len(several) == 1}
    if not any(_is_read_twice(r.cell) for r in single.values()):
        return
    candidates = {slot: _list_candidates(r) for slot, r in single.items()}
    for slot, value in settle_readings(candidates, form).items():
        r = single[slot]
        text = next(t for t in (r.cell.text, r.cell.alternative or "") if value in _values(t))
        cell = replace(r.cell, text=text, alternative=None, confidence=_BY_SUMS)
        by_field[slot] = [replace(r, cell=cell)]


def _is_read_twice(cell: Cell) -> bool:
    return cell.origin == "ocr" and (cell.alternative not in (None, cell.text) or cell.confidence < _DOUBTED)


def _list_candidates(r: CellReading) -> Candidates:
    """What a box of counts may hold."""
    first = _values(r.cell.text)
    if not _is_read_twice(r.cell):
        return Candidates(first)
    if r.cell.alternative in (None, r.cell.text):
        return Candidates(first, is_open=True)
    second = _values(r.cell.alternative or UNREAD)
    return Candidates(tuple(dict.fromkeys((*first, *second))), is_open=not (first and second))


def _values(text: str) -> tuple[Decimal, ...]:
    """The whole number in a text, none where it is no such number."""
    found = value_of(text)
    return (found[0],) if found and found[0] >= 0 and found[0] == found[0].to_integral_value() else ()


def missing(form: Table, facts: Iterable[Fact]) -> list[tuple[str, str]]:
    """The slots of a table that have no Fact, in the form's order."""
    have = {(f.field.row.id, f.field.column.id) for f in facts}
    return [(s.row.id, s.column.id) for s in form.fields if (s.row.id, s.column.id) not in have]


def _slot(form: str, table_id: str, r: CellReading) -> Field:
    """The field of a reading; a line that only this place has is a field of its own.

    Raises KeyError where the form has no such field.
    """
    if r.row.rule == "local":
        column, unit = _column(form, table_id, r.column.id)
        unit = r.head_unit if table_id == "statistics" else unit
        return Field(form, table_id, Label(r.row.id, (r.row.printed,), r.row.printed), column, unit)
    return field(form, table_id, r.row.id, r.column.id)


def _column(form: str, table_id: str, id: str) -> tuple[Label, str]:
    """A column of a form's table and its unit. Raises KeyError where it has none."""
    for f in table(form, table_id).fields:
        if f.column.id == id:
            return f.column, f.unit
    raise KeyError(id)


# One box -------------------------------------------------------------------------------------


def _make_fact(r: CellReading, slot: Field) -> tuple[Fact, Finding | None]:
    r = _restore_thousands(r)
    try:
        number = _parse(r)
    except NotANumber:
        return _without_value(r, slot), _report_unreadable(r, slot)
    if r.cell.origin == "ocr" and r.cell.alternative is None and _DOTTED.fullmatch(r.cell.text.strip()):
        # of a comma and a point a picture often leaves the same speck
        r = replace(r, cell=replace(r.cell, alternative=r.cell.text.replace(".", ",")))
    if r.cell.alternative not in (None, r.cell.text):
        return _settle(r, slot, number)
    value, unit = number.value, number.unit
    why = _refuse(r, slot, number)
    if why is not None:
        return _without_value(r, slot), _report_refused(r, slot, why)
    if not r.is_count:
        unit = unit or ("" if number.blank else r.head_unit)
        value = to_ten_thousand_yuan(value, unit)
    confidence = _BY_WAY[r.way] * _BY_RULE[r.row.rule] * _BY_RULE[r.column.rule] * r.cell.confidence * r.trust
    is_strange = value < 0 and not r.may_be_negative
    if is_strange:
        confidence = min(confidence, _NEGATIVE)
    if value != value.to_integral_value() and _is_counted(r, slot):
        confidence = min(confidence, _FRACTION)
    if may_be_power(r.cell.text):
        confidence = min(confidence, _RAISED)
    fact = _fact(r, slot, value, number.blank, unit, round(confidence, 4))
    return fact, _report_negative(r, slot) if is_strange else None


def _fact(
    r: CellReading, slot: Field, value: Decimal | None, blank: bool, unit: str, confidence: float
) -> Fact:
    cell = r.cell
    return Fact(slot, value, blank, cell.text, cell.place, r.row, r.column, unit, cell.origin, confidence)


def _without_value(r: CellReading, slot: Field) -> Fact:
    return _fact(r, slot, None, False, "", 0.0)


def _is_counted(r: CellReading, slot: Field) -> bool:
    """Whether whole things are counted in a box, by the form."""
    return slot.table in _COUNTED and r.is_count and r.row.rule != "local" and not slot.is_money


def _refuse(r: CellReading, slot: Field, number: Number) -> str | None:
    """Why a number is not taken though it is printed: money where a count stands, or too many digits."""
    if number.unit.endswith("元") and _is_counted(r, slot):
        return f"is money ({number.unit}), and a count stands here"
    if number.unit == "万" and r.is_count and not slot.is_money:
        return "is in ten thousands (万), and a count stands here"
    # no character stands for two digits
    is_short = 2 * len(r.cell.text) <= MOST_DIGITS
    if not is_short and len(f"{abs(number.value):f}".replace(".", "").lstrip("0")) > MOST_DIGITS:
        return f"has more than {MOST_DIGITS} digits"
    return None


def _parse(r: CellReading) -> Number:
    """The number in a box. Raises NotANumber."""
    number = parse(r.cell.text)
    if r.cell.origin == "ocr" and number.value < 0 and not r.may_be_negative:
        raise NotANumber("a speck before a count looks like a minus")
    if not r.may_be_negative and is_no_change(r.cell.text):
        raise NotANumber("as many as before is a number only where a change stands")
    if r.cell.origin == "ocr" and is_drawn_nought(r.cell.text):
        raise NotANumber("a ring in a picture may be any round figure")
    return number


def _restore_thousands(r: CellReading) -> CellReading:
    """A count of a picture whose thousands are set off: of a comma and a point it leaves the same speck."""
    if r.cell.origin != "ocr":
        return r
    text = r.cell.text.strip()
    if not r.is_count or not _GROUPED.fullmatch(text):
        return r
    is_sure = r.cell.alternative in (None, r.cell.text)
    alternative = None if is_sure else (r.cell.alternative or "").replace(".", ",")
    confidence = min(r.cell.confidence, _RESTORED)
    cell = replace(r.cell, text=text.replace(".", ","), alternative=alternative, confidence=confidence)
    return replace(r, cell=cell)


def _settle(r: CellReading, slot: Field, number: Number) -> tuple[Fact, Finding | None]:
    """A box of a picture that was read in two ways.

    Where they differ in a separator only and the field is a count, the separator is one of thousands;
    else neither is taken.
    """
    first, second = r.cell.text.strip(), (r.cell.alternative or "").strip()
    digits = re.sub(r"\D", "", first)
    is_separated = _SEPARATED.fullmatch(first) and _SEPARATED.fullmatch(second)
    if r.is_count and is_separated and digits and digits == re.sub(r"\D", "", second):
        return _fact(r, slot, Decimal(digits), number.blank, number.unit, _SETTLED), None
    message = f"{r.cell.place}: read as “{first}” and as “{second}”; neither is taken, look at the page"
    finding = flag(
        "readings-differ",
        message,
        place=r.cell.place,
        table=slot.table,
        row=r.row.id,
        column=r.column.id,
        printed=r.cell.text,
        severity="error",
    )
    return _without_value(r, slot), finding


# Findings ------------------------------------------------------------------------------------


def _report_unreadable(r: CellReading, slot: Field) -> Finding:
    unread = ", ".join(dict.fromkeys(list_unread(r.cell.text)))
    beside = drop_unread(r.cell.text).strip()[:40]
    if unread:
        what = f"the box holds what is not read here ({unread})" + (f" beside “{beside}”" if beside else "")
    else:
        what = f"“{beside}” is no number"
    return flag(
        "number-unreadable",
        f"{r.cell.place}: {what}; read it on the page",
        place=r.cell.place,
        table=slot.table,
        row=r.row.id,
        column=r.column.id,
        printed=r.cell.text,
    )


def _report_refused(r: CellReading, slot: Field, why: str) -> Finding:
    return flag(
        "number-unreadable",
        f"{r.cell.place}: “{r.cell.text.strip()[:40]}” {why}; read it on the page",
        place=r.cell.place,
        table=slot.table,
        row=r.row.id,
        column=r.column.id,
        printed=r.cell.text,
    )


def _report_negative(r: CellReading, slot: Field) -> Finding:
    return flag(
        "value-negative",
        f"{r.cell.place}: {r.cell.text.strip()} where a count stands; is it in the right column?",
        place=r.cell.place,
        table=slot.table,
        row=r.row.id,
        column=r.column.id,
        printed=r.cell.text,
    )


def _report_twice(table: str, several: Sequence[CellReading]) -> Finding:
    texts = ", ".join(f"“{r.cell.text.strip()}”" for r in several)
    first = several[0]
    return flag(
        "field-twice",
        f"{table}.{first.row.id}.{first.column.id}: {len(several)} boxes claim it ({texts}); none is taken",
        place=first.cell.place,
        table=table,
        row=first.row.id,
        column=first.column.id,
        printed=" | ".join(r.cell.text.strip() for r in several),
    )


def _report_foreign(table: str, r: CellReading) -> Finding:
    return flag(
        "label-foreign",
        f"{r.cell.place}: this form has no field {r.row.id} / {r.column.id}; the box is left out",
        place=r.cell.place,
        table=table,
        row=r.row.id,
        column=r.column.id,
        printed=r.cell.text,
    )
