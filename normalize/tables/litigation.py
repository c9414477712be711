"""Table four, 政府信息公开行政复议、行政诉讼情况: rows → readings.

Three groups (复议, 直接起诉, 复议后起诉) of five results. The form prints the fifteen boxes in one
row; real reports also print them as three rows, as three tables, or down the page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gongkai.model import Cell, Finding, Match, Place, flag
from gongkai.normalize.form.label import key, match, simplified
from gongkai.normalize.form.number import NotANumber, is_blank, is_label, parse
from gongkai.normalize.form.template import table
from gongkai.normalize.tables.fact import CellReading, TableReading
from gongkai.normalize.tables.row import Row, spread, squeeze

_GROUPS = tuple(r.id for r in table("2021", "review").rows)
_RESULTS = tuple(c.id for c in table("2021", "review").columns)
_DIRECT = re.compile(r"未经|直接[起诉]|直接诉")
_AFTER = re.compile(r"[复覆][议义]后|后起诉|后诉讼")
_RECONSIDERATION = re.compile(r"^(?:行政)?[复覆][议义](?:案件|情况|数量)?(?:件)?$")


@dataclass(frozen=True, slots=True)
class _Label:
    """A label of the table and what it says: a group, a result, or 行政诉讼 over two groups."""

    cell: Cell
    group: str | None
    result: Match | None


def read(rows: Sequence[Row], extra: Path | None) -> TableReading:
    """Every value box of the table, with its group and result."""
    words = ("review", "columns", extra)
    readings: list[CellReading] = []
    findings: list[Finding] = []
    head: list[_Label] = []
    carried: str | None = None
    fresh = True
    for row in rows:
        labels = [_label(c, words) for c in row.cells if is_label(c.text)]
        known = [x for x in labels if x.group is not None or x.result is not None]
        values = row.values if known or not labels else ()
        if _is_head(row, known):
            head = head if fresh else []
            head += labels
            fresh = True
            continue
        own = [x for x in known if x.cell.column <= (row.leaf.column if row.leaf else -1)]
        group = next((x.group for x in reversed(own) if x.group), None) or _group_above(row, words)
        result = next((x.result for x in own if x.result), None)
        if not labels:
            group = None
        elif group is None and result is not None:
            group = carried
        carried = group or carried
        if not values and not labels:
            values = row.cells
        if not values or (labels and not known):
            continue
        fresh = False
        more, finding = _row(row, values, head, group, result)
        readings += more
        if finding is not None:
            findings.append(finding)
    readings = _without_fillers(readings)
    return TableReading("review", None, tuple(readings), tuple(findings))


def group_of(text: str) -> str | None:
    """The group that a label names, None where it names none or both kinds of litigation.

    >>> group_of("行政诉讼（未经复议直接起诉）")
    'litigation_direct'
    """
    folded = simplified(re.sub(r"\s", "", text))
    if _DIRECT.search(folded):
        return "litigation_direct"
    if _AFTER.search(folded):
        return "litigation_after_reconsideration"
    if _RECONSIDERATION.match(key(folded)):
        return "reconsideration"
    found = match(text, ("review", "rows", None))
    return found.id if found is not None else None


def _label(cell: Cell, words: tuple[str, str, Path | None]) -> _Label:
    result = match(cell.text, words)
    return _Label(cell, None if result is not None else group_of(cell.text), result)


def _is_head(row: Row, known: Sequence[_Label]) -> bool:
    """A row of labels: two results side by side, or groups without a number."""
    if any(not is_label(c.text) and not is_blank(c.text) for c in row.cells):
        return False
    results = sum(x.result is not None for x in known)
    groups = sum(x.group is not None for x in known)
    blanks = sum(is_blank(c.text) for c in row.cells)
    if results >= 2 or groups >= 2:
        return True
    if not row.values and (groups or any("诉" in c.text or "訴" in c.text for c in row.cells)):
        return True
    return bool(known) and groups == 1 and results == 0 and blanks not in (4, 5)


def _group_above(row: Row, words: tuple[str, str, Path | None]) -> str | None:
    for cell in row.above:
        if is_label(cell.text):
            group = group_of(cell.text)
            if group is not None:
                return group
    return None


def _row(
    row: Row, values: Sequence[Cell], head: Sequence[_Label], group: str | None, result: Match | None
) -> tuple[list[CellReading], Finding | None]:
    """The readings of one row of values under the heads collected so far."""
    columns = _columns(head, group, result, row.flat)
    counted = row.flat
    if not columns and not row.flat and len(values) == len(_GROUPS) * len(_RESULTS):
        # A page that lost its spans: the fifteen heads come in the form's order as they are read.
        columns, counted = _columns(head, group, result, True), True
    if not columns and row.flat and len(values) == 15 and not any(x.result for x in head):
        found = _by_form(values)
        return found, None if found else _doubt(row, values, 0)
    if not columns:
        return [], None if all(is_blank(c.text) for c in values) else _doubt(row, values, len(head))
    known = [(f"{g}.{r.id}", cell.column) for g, r, cell in columns]
    end = row.leaf.column + row.leaf.colspan if row.leaf is not None else 0
    pairs, way = spread(values, known, end, flat=counted)
    if not pairs:
        return [], None if all(is_blank(c.text) for c in values) else _doubt(row, values, len(known))
    by_name = {f"{g}.{r.id}": (g, r, cell) for g, r, cell in columns}
    readings = []
    for name, cell in pairs.items():
        g, r, _ = by_name[name]
        readings.append(CellReading(Match(_printed_group(head, g, row), g, 100.0, "exact"), r, cell, way))
    return readings, None


def _by_form(values: Sequence[Cell]) -> list[CellReading]:
    """Fifteen numbers in a text whose heads are lost, in the form's order, if their totals say so."""
    try:
        numbers = [parse(c.text).value for c in values]
    except NotANumber:
        return []
    groups = [numbers[i : i + 5] for i in (0, 5, 10)]
    if any(sum(g[:4]) != g[4] for g in groups):
        return []
    return [
        CellReading(
            Match("", _GROUPS[i // 5], 0.0, "position"),
            Match("", _RESULTS[i % 5], 0.0, "position"),
            cell,
            "count",
        )
        for i, cell in enumerate(values)
    ]


def _columns(
    head: Sequence[_Label], group: str | None, result: Match | None, flat: bool
) -> list[tuple[str, Match, Cell]]:
    """What each column of values means: (group, result, its head), from left to right."""
    results = _results(head, flat)
    groups = sorted((x for x in head if x.group is not None), key=lambda x: 0 if flat else x.cell.column)
    if result is not None:  # results down the side: one value, or one a group
        if groups and len({x.group for x in groups}) == 3 and group is None:
            return [(x.group or "", result, x.cell) for x in groups]
        return [(group, result, head[-1].cell if head else _NOWHERE)] if group is not None else []
    pattern = [x.result.id for x in results if x.result is not None]
    if pattern == [*_RESULTS] * 3 and _in_order(groups):
        return [(_GROUPS[i // 5], x.result, x.cell) for i, x in enumerate(results) if x.result is not None]
    if len(pattern) == len(set(pattern)) and len(pattern) >= 4:
        if group is None and len({x.group for x in groups}) == 1:
            group = groups[0].group
        if group is not None:
            return [(group, x.result, x.cell) for x in results if x.result is not None]
    return []


def _results(head: Sequence[_Label], flat: bool) -> list[_Label]:
    """The heads with a result, from left to right; in a flattened table as they are read.

    Of fifteen heads in a row, one that cannot be read (总记) is told by its place, if all that
    can be read stand where the form has them and most can.
    """
    if flat:
        return [x for x in head if x.result is not None]
    known = sorted((x for x in head if x.result is not None), key=lambda x: x.cell.column)
    others = [x for x in head if x.result is None and x.group is None and x.cell.colspan == 1]
    leaves = sorted([*known, *others], key=lambda x: x.cell.column)
    if len(leaves) not in (5, 15) or len(known) == len(leaves) or len(known) < 0.6 * len(leaves):
        return known
    if any(x.result is not None and x.result.id != _RESULTS[i % 5] for i, x in enumerate(leaves)):
        return known
    return [
        x
        if x.result is not None
        else replace(x, result=Match(squeeze(x.cell.text), _RESULTS[i % 5], 0.0, "sequence"))
        for i, x in enumerate(leaves)
    ]


_NOWHERE = Cell(0, 0, 1, 1, "", place=Place())


def _in_order(groups: Sequence[_Label]) -> bool:
    """The groups' labels stand in the form's order, both kinds of litigation among them."""
    found = [x.group for x in groups]
    return found == list(_GROUPS) or found == list(_GROUPS[1:])


def _printed_group(head: Sequence[_Label], group: str, row: Row) -> str:
    for x in head:
        if x.group == group:
            return squeeze(x.cell.text)
    return row.path


def _without_fillers(readings: Sequence[CellReading]) -> list[CellReading]:
    """A row of blanks beside the row of values is filler: a field with both keeps its value."""
    filled = {(r.row.id, r.column.id) for r in readings if not is_blank(r.cell.text)}
    rows: dict[tuple[int | None, int], bool] = {}
    for r in readings:
        at = (r.cell.place.block, r.cell.row)
        rows[at] = rows.get(at, False) or not is_blank(r.cell.text)
    kept: list[CellReading] = []
    seen: set[tuple[str, str]] = set()
    for r in readings:
        address = (r.row.id, r.column.id)
        all_blank = not rows[(r.cell.place.block, r.cell.row)]
        if all_blank and (address in filled or address in seen):
            continue
        seen.add(address)
        kept.append(r)
    return kept


def _doubt(row: Row, values: Sequence[Cell], expected: int) -> Finding:
    place = row.cells[0].place
    printed = " | ".join(c.text.strip() for c in values)
    return flag(
        "row-unaligned",
        f"{place}: {len(values)} boxes ({printed}) for {expected} heads; "
        "which result each belongs to is not certain, so none is taken",
        place=place,
        table="review",
        printed=printed,
    )
