"""facts.parquet → the value of every field of every report, as columns of numbers.

Facts are read in batches and put into place by numpy: no Python object is made for a fact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from gongkai.model import Address
from gongkai.panel.missing import NO_BOX, NO_TABLE, NOT_IN_FORM, PRESENT, TOTAL_BLANK, UNIT_UNKNOWN, UNREAD
from gongkai.panel.number_column import Integers, NumberColumn, Numbers
from gongkai.panel.variables import Variable

#: facts read at a time
BATCH = 200_000
#: below this, a value counts as doubtful
DOUBTFUL = 0.98
_COLUMNS = (
    "report_id", "template", "table", "row", "column", "value", "blank", "unit", "origin", "confidence",
)  # fmt: skip
TABLES = ("proactive", "requests", "review", "statistics")
#: the kinds of applicants, which the total adds up
_KINDS = (
    "natural_person", "commercial_enterprise", "research_institution", "public_welfare_org", "legal_service_org",
    "other",
)  # fmt: skip
_RESULTS = ("upheld", "corrected", "other_result", "pending")
#: rows of table two whose decisions were confused with their items
_DECIDED = ("administrative_licensing", "administrative_penalties", "administrative_coercion")
_AMOUNT: Address = ("proactive", "government_procurement", "procurement_amount")


@dataclass(slots=True)
class Fields:
    """A column a field, a row a report, and what is counted a report.

    `totals` are, by field, the rows whose printed total is blank, with what their parts add up to. `forms` is the
    form of each table, 0 where it is not there, 9 where it mixes two.
    """

    index: Mapping[Address, int]
    columns: list[NumberColumn]
    totals: dict[int, dict[int, float]]
    forms: dict[str, Integers]
    counts: dict[str, Integers]
    confidence: Numbers
    from_pictures: np.ndarray[Any, np.dtype[np.bool_]]
    amount_unit: list[str]
    amount_raw: Numbers

    def values(self, row: int) -> Numbers:
        """All fields of one report, NaN where one has no value."""
        found = [
            c.kept[row] if c.kept is not None and c.codes[row] == PRESENT else np.nan for c in self.columns
        ]
        return np.array(found, dtype=np.float64)

    def count(self, code: int) -> Integers:
        """How many fields of each report are missing for one reason."""
        found = np.zeros(len(self.confidence), dtype=np.int64)
        for column in self.columns:
            found += column.codes == code
        return found


def read_fields(folder: Path, report_ids: Sequence[str], variables: Sequence[Variable]) -> Fields:
    """The fields of some reports of a dataset folder, in the order of `report_ids`."""
    index = {v.terms[v.forms[0]][0]: i for i, v in enumerate(variables) if v.terms is not None}
    n = len(report_ids)
    row_of = {id: i for i, id in enumerate(report_ids)}
    fields = Fields(
        index,
        [NumberColumn(np.full(n, NO_BOX.number, dtype=np.uint8)) for _ in variables],
        {},
        {table: np.zeros(n, dtype=np.int64) for table in TABLES},
        {name: np.zeros(n, dtype=np.int64) for name in ("doubtful", "unread", "blank", "corrected")},
        np.full(n, np.nan),
        np.zeros(n, dtype=bool),
        [""] * n,
        np.full(n, np.nan),
    )
    local: set[tuple[int, str, str]] = set()
    pictured = np.zeros(n, dtype=np.int64)
    known = np.zeros(n, dtype=np.int64)
    file = pq.ParquetFile(folder / "facts.parquet")
    for batch in file.iter_batches(BATCH, columns=list(_COLUMNS)):
        _take_batch(batch, row_of, fields, local, pictured, known)
    fields.from_pictures[:] = pictured * 2 > known
    fields.counts["local"] = np.bincount([r for r, _, _ in local], minlength=n).astype(np.int64)
    return fields


def _encode(column: Any) -> tuple[Integers, list[Any]]:
    """A column of text as numbers and the texts that they mean."""
    encoded = column.dictionary_encode()
    return encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64), encoded.dictionary.to_pylist()


def _take_batch(
    batch: Any,
    row_of: Mapping[str, int],
    fields: Fields,
    local: set[tuple[int, str, str]],
    pictured: Integers,
    known: Integers,
) -> None:
    """Put the facts of a batch into their places."""
    numbers, ids = _encode(batch.column("report_id"))
    rows = np.array([row_of.get(id, -1) for id in ids], dtype=np.int64)[numbers]
    wanted = rows >= 0
    parts = [_encode(batch.column(name)) for name in ("table", "row", "column")]
    sizes = [max(1, len(texts)) for _, texts in parts]
    keys = (parts[0][0] * sizes[1] + parts[1][0]) * sizes[2] + parts[2][0]
    distinct, inverse = np.unique(keys, return_inverse=True)
    addresses = [
        (
            parts[0][1][k // (sizes[1] * sizes[2])],
            parts[1][1][k // sizes[2] % sizes[1]],
            parts[2][1][k % sizes[2]],
        )
        for k in distinct.tolist()
    ]
    places = np.array([fields.index.get(a, -1) for a in addresses], dtype=np.int64)[inverse]
    confidence = batch.column("confidence").to_numpy(zero_copy_only=False)
    values = batch.column("value").cast("float64").to_numpy(zero_copy_only=False).astype(np.float64)
    blank = batch.column("blank").to_numpy(zero_copy_only=False).astype(bool)
    origins, words = _encode(batch.column("origin"))
    origin = np.array(words, dtype=object)[origins] if words else np.array([], dtype=object)
    unread = np.isnan(values)

    for k, (table, row, _) in enumerate(addresses):
        if row.startswith("local_"):
            for r in np.unique(rows[(inverse == k) & wanted]).tolist():
                local.add((r, table, row))

    _count(fields, rows, wanted, unread, blank, confidence, origin)
    for array, chosen in ((pictured, origin == "ocr"), (known, np.ones(len(rows), dtype=bool))):
        np.add.at(array, rows[wanted & chosen], 1)
    least = np.full(len(fields.confidence), np.inf)
    certain = wanted & ~unread
    np.minimum.at(least, rows[certain], confidence[certain])
    fields.confidence[:] = np.fmin(fields.confidence, np.where(np.isinf(least), np.nan, least))

    _take_forms(batch, parts[0], rows, wanted, fields)
    good = wanted & (places >= 0)
    codes = np.where(unread, UNREAD.number, PRESENT)
    order = np.flatnonzero(good)[np.argsort(places[good], kind="stable")]
    for at in np.split(order, np.flatnonzero(np.diff(places[order])) + 1):
        if len(at):
            fields.columns[int(places[at[0]])].put(rows[at], values[at], codes[at], blank[at])
    _take_amount(batch, rows, places, values, blank, fields)


def _count(
    fields: Fields, rows: Integers, wanted: Any, unread: Any, blank: Any, confidence: Any, origin: Any
) -> None:
    for name, chosen in (
        ("unread", unread),
        ("doubtful", ~unread & (confidence < DOUBTFUL)),
        ("blank", blank),
        ("corrected", origin == "corrected"),
    ):
        np.add.at(fields.counts[name], rows[wanted & chosen], 1)


def _take_forms(
    batch: Any, tables: tuple[Integers, list[Any]], rows: Integers, wanted: Any, fields: Fields
) -> None:
    """The form of each table of each report, from its facts."""
    numbers, forms = _encode(batch.column("template"))
    codes = np.array([int(f) if str(f).isdigit() else 9 for f in forms], dtype=np.int64)
    for t, table in enumerate(tables[1]):
        if table not in fields.forms:
            continue
        here = fields.forms[table]
        for f, code in enumerate(codes.tolist()):
            at = np.unique(rows[wanted & (tables[0] == t) & (numbers == f)])
            before = here[at]
            here[at] = np.where((before == 0) | (before == code), code, 9)


def _take_amount(
    batch: Any, rows: Integers, places: Integers, values: Any, blank: Any, fields: Fields
) -> None:
    """The procurement amount: 万元 where the report states a unit; else the printed number is kept apart."""
    place = fields.index.get(_AMOUNT)
    if place is None:
        return
    at = np.flatnonzero((places == place) & (rows >= 0))
    if not len(at):
        return
    units = batch.column("unit").take(at).to_pylist()
    for i, unit in zip(at.tolist(), units, strict=True):
        r = int(rows[i])
        fields.amount_unit[r] = unit or ""
        if not unit and not blank[i] and not np.isnan(values[i]) and values[i] != 0:
            fields.amount_raw[r] = values[i]
            fields.columns[place].codes[r] = UNIT_UNKNOWN.number


def explain_gaps(fields: Fields, variables: Sequence[Variable], report_forms: Integers) -> None:
    """Say why each value is missing that no fact gave: the form lacks it, the table is missing, or its box is.

    `report_forms` is the form of each report as a whole: 2014, 2019, 2021, 9 (mixed) or 0 (free).
    """
    for i, variable in enumerate(variables):
        table = next(iter(variable.terms.values()))[0][0] if variable.terms else ""
        form = fields.forms[table]
        known = np.isin(form, [int(f) for f in variable.forms]) | (form == 9)
        codes = fields.columns[i].codes
        gap = codes == NO_BOX.number
        demanded = report_forms != 2014 if table != "statistics" else report_forms == 2014
        absent = np.where(demanded | (report_forms == 0), NO_TABLE.number, NOT_IN_FORM.number)
        demanded_box = NOT_IN_FORM.number if variable.kind == "optional" else NO_BOX.number
        reason = np.where(form == 0, absent, np.where(known, demanded_box, NOT_IN_FORM.number))
        codes[gap] = reason[gap]


def mark_blank_totals(fields: Fields) -> Integers:
    """Totals that are blank though parts are not: the value is missing, the sum of the parts is kept for series.

    Returns how many such rows each report has.
    """
    found = np.zeros(len(fields.confidence), dtype=np.int64)
    for (table, row, column), place in fields.index.items():
        total = fields.columns[place]
        if column != "total" or total.blanks is None:
            continue
        names = _KINDS if table == "requests" else _RESULTS
        parts = [fields.columns[i] for c in names if (i := fields.index.get((table, row, c))) is not None]
        empty = np.flatnonzero(total.blanks & (total.codes == PRESENT))
        values = np.array([part.values(empty) for part in parts])
        odd = np.nansum(values, axis=0) != 0
        for r, of_row in zip(empty[odd].tolist(), values[:, odd].T, strict=True):
            if len(parts) == len(names) and not np.isnan(of_row).any():
                fields.totals.setdefault(place, {})[r] = float(of_row.sum())
        total.codes[empty[odd]] = TOTAL_BLANK.number
        found[empty[odd]] += 1
    return found


def items_as_cases(fields: Fields) -> Numbers:
    """1 where table two of the form of 2019 seems to count its cases as items, 0 where not, NaN in other forms."""
    odd = np.zeros(len(fields.confidence), dtype=bool)
    for row in _DECIDED:
        prior, change, decisions = (
            fields.columns[fields.index["proactive", row, c]].values()
            for c in ("prior_year_items", "change", "decisions")
        )
        odd |= (decisions != 0) & (decisions == prior + change)
    return np.where(fields.forms["proactive"] == 2019, odd.astype(np.float64), np.nan)
