"""Table four, 政府信息公开行政复议、行政诉讼情况: rows → readings.

Three groups (复议, 直接起诉, 复议后起诉) of five results. The form prints the fifteen boxes in one
row; real reports also print them as three rows, as three tables, or down the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gongkai.model import Cell, Finding, Match, flag
from gongkai.normalize.form.cases import CASES, RESULTS, group_of, repeats_all_results
from gongkai.normalize.form.label import squeeze
from gongkai.normalize.form.lexicon import TableGlossaries
from gongkai.normalize.form.number import is_blank, is_label, value_of
from gongkai.normalize.solve.rows.row_boxes import may_end_in_total
from gongkai.normalize.tables.fact import CellReading, TableReading
from gongkai.normalize.tables.row import Row, spread, write_out_noughts
from gongkai.record import dataclass

_ALL = len(CASES) * len(RESULTS)
#: So many different results side by side are those of one group.
_LEAST_RESULTS = 4


@dataclass(frozen=True, slots=True)
class _Label:
    """A label of the table and what it means: a group, a result, or nothing (行政诉讼 over two groups)."""

    cell: Cell
    group: str | None
    result: Match | None

    @property
    def is_known(self) -> bool:
        return self.group is not None or self.result is not None


@dataclass(frozen=True, slots=True)
class _LitigationLine:
    """A row of values: the heads above it, and the group and result that its own labels name."""

    row: Row
    values: Sequence[Cell]
    heads: Sequence[_Label]
    group: str | None
    result: Match | None

    @property
    def is_blank(self) -> bool:
        return all(is_blank(c.text) for c in self.values)


@dataclass(frozen=True, slots=True)
class _LitigationColumn:
    """What a column of values means, and the box of its head."""

    group: str
    result: Match
    cell: Cell

    @property
    def name(self) -> str:
        return f"{self.group}.{self.result.id}"


def read(rows: Sequence[Row], glossaries: TableGlossaries) -> TableReading:
    """Every value box of the table, with its group and result."""
    readings: list[CellReading] = []
    findings: list[Finding] = []
    for line in _lines(rows, glossaries):
        line_readings, finding = _read_line(line)
        readings += line_readings
        if finding is not None:
            findings.append(finding)
    return TableReading("review", None, tuple(_drop_fillers(readings)), tuple(findings))


# Rows of values ------------------------------------------------------------------------------


def _lines(rows: Sequence[Row], glossaries: TableGlossaries) -> Iterator[_LitigationLine]:
    """The rows of values. Heads govern the rows below them until other heads follow."""
    heads: list[_Label] = []
    heads_continue = True
    last_group: str | None = None
    for row in rows:
        labels = [_read_label(c, glossaries) for c in row.cells if is_label(c.text)]
        known = [x for x in labels if x.is_known]
        if _is_head(row, known):
            heads = [*heads, *labels] if heads_continue else labels
            heads_continue = True
            continue
        row = write_out_noughts(row, _columns_of_results(heads))
        group, result = _own_meaning(row, known, glossaries) if labels else (None, None)
        if group is None and result is not None:
            group = last_group
        last_group = group or last_group
        values = row.values if known or not labels else ()
        if values:
            heads_continue = False
            yield _LitigationLine(row, values, heads, group, result)


def _columns_of_results(heads: Sequence[_Label]) -> list[int]:
    return [x.cell.column for x in heads if x.result is not None]


def _read_label(cell: Cell, glossaries: TableGlossaries) -> _Label:
    result = glossaries.columns.match(cell.text)
    return _Label(cell, None if result is not None else group_of(cell.text, glossaries.rows), result)


def _is_head(row: Row, known: Sequence[_Label]) -> bool:
    """A row of labels: two results side by side, or groups without a number."""
    if any(not is_label(c.text) and not is_blank(c.text) for c in row.cells):
        return False
    results = sum(x.result is not None for x in known)
    groups = sum(x.group is not None for x in known)
    if results >= 2 or groups >= 2:
        return True
    if not row.values and (groups or _names_litigation(row)):
        return True
    blanks = sum(is_blank(c.text) for c in row.cells)
    return groups == 1 and results == 0 and blanks not in (len(RESULTS) - 1, len(RESULTS))


def _names_litigation(row: Row) -> bool:
    return any("诉" in c.text or "訴" in c.text for c in row.cells)


def _own_meaning(
    row: Row, known: Sequence[_Label], glossaries: TableGlossaries
) -> tuple[str | None, Match | None]:
    """The group and the result that a row's labels name, the group also in a box that reaches down to it."""
    end = row.leaf.column if row.leaf is not None else -1
    own = [x for x in known if x.cell.column <= end]
    group = next((x.group for x in reversed(own) if x.group), None)
    above = (group_of(c.text, glossaries.rows) for c in row.above if is_label(c.text))
    result = next((x.result for x in own if x.result), None)
    return group or next(filter(None, above), None), result


# One row -------------------------------------------------------------------------------------


def _read_line(line: _LitigationLine) -> tuple[list[CellReading], Finding | None]:
    """The readings of one row of values, or why there are none."""
    columns, is_counted = _columns_over(line)
    if not columns:
        return [], None if line.is_blank else _doubt(line, len(line.heads))
    places = [(column.name, column.cell.column) for column in columns]
    values = line.values if is_counted else _drop_foreign(line.values, line.heads, columns)
    pairs, way = spread(values, places, line.row.label_end or 0, counted=is_counted)
    if not pairs or _may_lack_boxes(columns, pairs):
        return [], None if line.is_blank else _doubt(line, len(columns))
    by_name = {column.name: column for column in columns}
    return [_read_box(line, by_name[name], cell, way) for name, cell in pairs.items()], None


def _may_lack_boxes(columns: Sequence[_LitigationColumn], pairs: Mapping[str, Cell]) -> bool:
    """Whether a row with fewer boxes than columns may have lost some between those that it has.

    A group whose total is another number has, and one whose last number may be the total.
    """
    if len(pairs) == len(columns):
        return False
    groups = [[c for c in columns if c.group == group] for group in dict.fromkeys(c.group for c in columns)]
    return any(_may_lack_box(own, [pairs[c.name] for c in own if c.name in pairs]) for own in groups)


def _may_lack_box(columns: Sequence[_LitigationColumn], boxes: Sequence[Cell]) -> bool:
    if len(boxes) < len(columns):
        return may_end_in_total([c for c in boxes if not is_blank(c.text)])
    *parts, total = (value_of(c.text) for c in boxes)
    adds_up = total is not None and sum(v[0] for v in parts if v is not None) == total[0]
    return columns[-1].result.id == "total" and not adds_up


def _drop_foreign(
    values: Sequence[Cell], heads: Sequence[_Label], columns: Sequence[_LitigationColumn]
) -> Sequence[Cell]:
    """The boxes of a row without those under heads of the body's own, beside all of the form's: 年度, 合计."""
    if len(columns) < _ALL:
        return values
    foreign = {x.cell.column for x in heads if x.group is None} - {c.cell.column for c in columns}
    return [c for c in values if c.column not in foreign]


def _columns_over(line: _LitigationLine) -> tuple[list[_LitigationColumn], bool]:
    """What the columns mean, and whether their boxes are to be counted."""
    columns = _columns(line, in_order_of_reading=False)
    if not columns and len(line.values) == _ALL:
        # a page that lost its spans: the fifteen heads come in the form's order as they are read
        return _columns(line, in_order_of_reading=True), True
    return columns, False


def _read_box(line: _LitigationLine, column: _LitigationColumn, cell: Cell, way: str) -> CellReading:
    heads = (squeeze(x.cell.text) for x in line.heads if x.group == column.group)
    printed = next(heads, None)
    group = Match(line.row.path if printed is None else printed, column.group, 100.0, "exact")
    return CellReading(group, column.result, cell, way)


# Columns -------------------------------------------------------------------------------------


def _columns(line: _LitigationLine, *, in_order_of_reading: bool) -> list[_LitigationColumn]:
    """What each column of values means, from left to right; empty where that is not sure."""
    groups = [x for x in line.heads if x.group is not None]
    if not in_order_of_reading:
        groups.sort(key=lambda x: x.cell.column)
    if line.result is not None:
        return []  # results stand down the side
    results = _read_results(line.heads) if in_order_of_reading else _place_results(line.heads)
    ids = [m.id for m, _ in results]
    if repeats_all_results(ids[:_ALL]) and ids[_ALL:] in ([], ["total"]):
        order = _read_order(line.heads, groups, in_order_of_reading=in_order_of_reading)
        return [
            _LitigationColumn(order[i // len(RESULTS)], m, cell)
            for i, (m, cell) in enumerate(results[:_ALL] if order else ())  # one more is a total of all
        ]
    if len(ids) == len(set(ids)) >= _LEAST_RESULTS:
        group = line.group or _only_group(groups)
        return [_LitigationColumn(group, m, cell) for m, cell in results] if group is not None else []
    return []


def _only_group(groups: Sequence[_Label]) -> str | None:
    return groups[0].group if len({x.group for x in groups}) == 1 else None


def _read_order(
    heads: Sequence[_Label], groups: Sequence[_Label], *, in_order_of_reading: bool
) -> tuple[str, ...]:
    """The groups from left to right, as their labels stand; empty where that is not sure.

    Some bodies print 行政诉讼 before 行政复议, or 复议后起诉 first. Where nothing but the order of reading is known,
    the heads of one line may stand over those of the next, so that only the form's own order is sure.
    """
    ids = tuple(x.group for x in groups if x.group is not None)
    is_complete = ids == CASES[1:] or (len(ids) == len(CASES) and set(ids) == set(CASES))
    if not is_complete:
        return ()
    if not in_order_of_reading:
        places = {x.cell.column for x in groups}
        return CASES if ids == CASES[1:] else ids if len(places) == len(ids) else ()
    return CASES if ids in (CASES, CASES[1:]) and not _begins_with_litigation(heads, groups) else ()


def _begins_with_litigation(heads: Sequence[_Label], groups: Sequence[_Label]) -> bool:
    """Whether 行政诉讼 is read before 行政复议."""
    first = next(
        (x for x in heads if x.group is not None or "诉" in x.cell.text or "訴" in x.cell.text), None
    )
    return first is not None and groups[0].group == CASES[0] and first.group is None


def _read_results(heads: Sequence[_Label]) -> list[tuple[Match, Cell]]:
    """The heads with a result, in the order in which they are read."""
    return [(x.result, x.cell) for x in heads if x.result is not None]


def _place_results(heads: Sequence[_Label]) -> list[tuple[Match, Cell]]:
    """The heads with a result, from left to right."""
    return sorted(_read_results(heads), key=lambda x: x[1].column)


# The table as a whole ------------------------------------------------------------------------


def _drop_fillers(readings: Sequence[CellReading]) -> list[CellReading]:
    """A row of blanks beside the row of values is filler: a field with both keeps its value."""
    filled = {(r.row.id, r.column.id) for r in readings if not is_blank(r.cell.text)}
    rows_with_values = {_row_of(r) for r in readings if not is_blank(r.cell.text)}
    result: list[CellReading] = []
    seen: set[tuple[str, str]] = set()
    for r in readings:
        address = (r.row.id, r.column.id)
        if _row_of(r) not in rows_with_values and (address in filled or address in seen):
            continue
        seen.add(address)
        result.append(r)
    return result


def _row_of(reading: CellReading) -> tuple[int | None, int]:
    return reading.cell.place.block, reading.cell.row


def _doubt(line: _LitigationLine, expected: int) -> Finding:
    place = line.row.cells[0].place
    printed = " | ".join(c.text.strip() for c in line.values)
    return flag(
        "row-unaligned",
        f"{place}: {len(line.values)} boxes ({printed}) for {expected} heads; "
        "which result each belongs to is not certain, so none is taken",
        place=place,
        table="review",
        printed=printed,
    )
