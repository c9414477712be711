"""Table three by places on a page, or by columns of characters: numbers belong to the label beside them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from statistics import median

from gongkai.model import PlacedWord
from gongkai.normalize.solve.belief import COLUMNS, ORDERS
from gongkai.normalize.solve.column_extents import (
    Extent,
    extents_from_above,
    extents_of_full_lines,
    find_heads,
    place_line,
)
from gongkai.normalize.solve.filled_requests import FilledRequests, adds_up, blank_box, conclude, neighbours
from gongkai.normalize.solve.label_runs import Fit, LabelledRow, RowLabels, fit_rows
from gongkai.normalize.solve.label_zone import find_label_zone
from gongkai.normalize.solve.shared_lines import share_lines
from gongkai.normalize.solve.solution import Solution, SolvedBox, SolvedWay
from gongkai.normalize.solve.solve_own_rows import OwnLine
from gongkai.normalize.solve.table_region import Region
from gongkai.normalize.solve.word_lines import group_levels, may_hold_number, number_in
from gongkai.record import dataclass, replace

_COUNT = len(COLUMNS)
#: With fewer rows a table is not recognised.
_LEAST_ROWS = 8
#: A line of numbers is a row's where it stands no further from its label, in points; a number that no label
#: explains makes rows as near doubtful.
_NEAR = 40.0
#: Numbers further above or below their label than this many of its heights are not beside it.
_OFF = 0.5
#: A head stands at least so far right of the labels, in points.
_HEAD_GAP = 30.0
#: This share of the rows with numbers has all of them where zeros are printed.
_PRINTED = 0.8
_OWN_ROW = re.compile("小计|合计|其中|网上|当面|信函|申请$")


@dataclass(frozen=True, slots=True)
class _RequestsSheet:
    """Table three by places: its rows and the lines of numbers of each.

    `order` are all rows of the form; `strays` are levels at which a number is not explained, `unread` those of them at which it was not read.
    `shared` are rows whose numbers were dealt out to them, in the order of the columns.
    """

    region: Region
    order: Sequence[str]
    rows: Sequence[LabelledRow]
    lines: Mapping[str, Sequence[PlacedWord]]
    strays: Sequence[float]
    unread: Sequence[float]
    shared: Set[str] = frozenset()

    def is_doubtful(self, row: LabelledRow, line: Sequence[PlacedWord]) -> bool:
        """Whether a number that nothing explains stands near a row without numbers, or one was not read in its line."""
        if line:
            return any(abs(y - w.y) < 0.5 * w.height for y in self.unread for w in line)
        return any(row.top - _NEAR < y < row.bottom + _NEAR for y in self.strays)


def solve_in_points(region: Region, labels: RowLabels, first: PlacedWord) -> list[Solution]:
    """Rows by their labels, the numbers beside each, columns by several hypotheses."""
    top = first.top - 1
    lines = group_levels([w for w in region.values if w.y >= top])
    above = [w for w in region.texts if w.y < top]
    start = _find_start_of_values(lines, above)
    if start is None:
        return []
    kept, own = find_label_zone(_find_pieces(region, top, start), labels)
    fit = fit_rows(kept, labels)
    if len(fit.rows) < _LEAST_ROWS:
        return []
    sheet, own_lines = _make_sheet(region, labels, fit, lines, own, top, start)
    leaf = max(r.words[0].x0 for r in fit.rows)
    heads = find_heads([w for w in above if w.x0 > leaf + _HEAD_GAP])
    orders = _find_orders(heads, above)
    ways = [
        _fill(sheet, how, extents, order)
        for (how, extents), order in itertools.product(_find_extents(sheet, heads), orders)
    ]
    by_turns = _fill_by_turns(sheet, lines, orders) if region.kind == "columns" else []
    own_way = [conclude(region, labels, fit.rows, heads, filled, own_lines) for filled in ways]
    shared = [conclude(region, labels, fit.rows, heads, filled, own_lines) for filled in by_turns]
    return [*own_way, *(s for s in shared if s.is_proved)]


def _fill_by_turns(
    sheet: _RequestsSheet, lines: Sequence[Sequence[PlacedWord]], orders: Iterable[Sequence[str]]
) -> list[FilledRequests]:
    """The table with the numbers of rows that share lines dealt out to them; empty where none do."""
    shared = share_lines(lines, sheet.rows, _COUNT)
    sheet = replace(sheet, lines={**sheet.lines, **shared}, shared=shared.keys())
    return [_fill(sheet, "count", None, order) for order in orders] if shared else []


def _find_pieces(region: Region, top: float, start: float) -> list[PlacedWord]:
    """The words left of the values, line by line."""
    pieces = [w for w in region.texts if w.y >= top and w.x0 < start]
    return sorted(pieces, key=lambda w: (round(w.y / 3), w.x0))


def _make_sheet(
    region: Region,
    labels: RowLabels,
    fit: Fit,
    lines: Sequence[Sequence[PlacedWord]],
    own: Sequence[PlacedWord],
    top: float,
    start: float,
) -> tuple[_RequestsSheet, list[OwnLine]]:
    """The rows with their lines of numbers, and the rows of the body's own."""
    by_row, strays, own_lines = _assign_lines(lines, fit, own)
    strays += [w.y for w in region.values if w.text and w.y < top and w.x0 >= start]
    unread = [w.y for w in region.texts if w.y >= top and w.x0 >= start and may_hold_number(w.text)]
    return _RequestsSheet(region, labels.ids, fit.rows, by_row, [*strays, *unread], unread), own_lines


def _find_start_of_values(lines: Sequence[Sequence[PlacedWord]], above: Sequence[PlacedWord]) -> float | None:
    """Where values begin from the left; a table without a number is believed under seven heads alone."""
    full = [line for line in lines if len(line) == _COUNT]
    if full:
        return min(line[0].x0 for line in full)
    if lines:
        return min(w.x0 for line in lines for w in line)
    heads = find_heads(above)
    return min(x0 for (x0, _), _ in heads.values()) if len(heads) == _COUNT else None


def _assign_lines(
    lines: Sequence[Sequence[PlacedWord]], fit: Fit, own: Sequence[PlacedWord]
) -> tuple[dict[str, list[PlacedWord]], list[float], list[OwnLine]]:
    """The numbers of each row: those of the lines within its label's height, or nearest to it.

    And the levels of lines that stand at a piece that is no row's label, and the rows of the body's own.
    """
    bands: list[tuple[float, float, str | None, str]] = [(r.top, r.bottom, r.id, "") for r in fit.rows]
    bands += [(w.top, w.bottom, None, w.text) for w in (*fit.left_over, *own)]
    by_row: dict[str, list[PlacedWord]] = {}
    strays: list[float] = []
    of_own: dict[int, list[PlacedWord]] = {}
    for line in lines:
        y = median(w.y for w in line)
        distance, n = min((_distance(b[0], b[1], y), n) for n, b in enumerate(bands))
        _, _, id, text = bands[n]
        if id is not None and distance < _NEAR:
            by_row.setdefault(id, []).extend(line)
        elif id is None:
            of_own.setdefault(n, []).extend(line)
            if _OWN_ROW.search(text) is None or len(of_own[n]) > _COUNT:
                strays.append(y)  # more numbers than a row of the body's own has are a neighbour's too
    found = [OwnLine(bands[n][3], (bands[n][0] + bands[n][1]) / 2, words) for n, words in of_own.items()]
    return by_row, strays, found


def _distance(top: float, bottom: float, y: float) -> float:
    outside = max(0.0, top - y, y - bottom)
    return outside + 0.1 * abs((top + bottom) / 2 - y)


def _find_extents(
    sheet: _RequestsSheet, heads: Mapping[str, tuple[Extent, str]]
) -> list[tuple[str, Sequence[Extent] | None]]:
    """Where the columns may stand, and how that is known."""
    lines = [line for own in sheet.lines.values() for line in group_levels(own)]
    found: list[tuple[str, Sequence[Extent] | None]] = []
    for how, extents in (
        ("lines", extents_of_full_lines(lines, _COUNT)),
        ("clusters", extents_from_above(lines, _COUNT)),
        ("heads", sorted(e for e, _ in heads.values()) if len(heads) == _COUNT else None),
    ):
        if extents is not None:
            found.append((how, extents))
    if not found and all(len(line) == _COUNT for line in lines):
        found.append(("count", None))
    return found


def _find_orders(heads: Mapping[str, tuple[Extent, str]], above: Sequence[PlacedWord]) -> list[Sequence[str]]:
    """The orders in which the columns may stand.

    The heads' own is tried, and the form's: heads of a text drift past each other. 总计 is tried as the first where
    its head stands left of 自然人, or where neither is read.
    """
    own = sorted(heads, key=lambda id: heads[id][0])
    if len(own) == _COUNT:
        return list(dict.fromkeys([tuple(own), COLUMNS]))
    if len(own) >= 5:
        return [ORDERS[1] if own[0] == "total" else COLUMNS]
    totals = [w.x0 for w in above if re.fullmatch("[总合]计?", w.text)]
    persons = [w.x0 for w in above if re.fullmatch("自然?人?|人", w.text)]
    if totals and persons:
        return [ORDERS[1] if min(totals) < min(persons) else COLUMNS]
    return list(ORDERS)


def _fill(
    sheet: _RequestsSheet, how: str, extents: Sequence[Extent] | None, order: Sequence[str]
) -> FilledRequests:
    boxes: dict[tuple[str, str], SolvedBox] = {}
    doubtful: set[str] = set()
    counted = blank = 0
    for row in sheet.rows:
        line = sheet.lines.get(row.id, ())
        blank += not line
        if row.id in sheet.shared:
            placed = _count_out(line, order)
        else:
            line = sorted(line, key=lambda w: w.x0)
            placed = _place_row(sheet, how, extents, order, line)
        if placed is None or sheet.is_doubtful(row, line):
            doubtful.add(row.id)
            continue
        is_full = len(line) == _COUNT
        counted += is_full
        way: SolvedWay = "fitted" if is_full else "aligned"
        for c in COLUMNS:
            boxes[row.id, c] = SolvedBox(placed[c].cell, way) if c in placed else blank_box(row)
    lost = _find_lost_rows(sheet, doubtful, counted) | _find_displaced_rows(sheet, doubtful)
    boxes = {slot: box for slot, box in boxes.items() if slot[0] not in lost}
    return FilledRequests(how, order, boxes, {*doubtful, *lost}, counted, blank)


def _find_lost_rows(sheet: _RequestsSheet, doubtful: Set[str], counted: int) -> set[str]:
    """Rows without a number that are not blank for certain: a neighbour may hold their numbers.

    In a text whose other rows print every 0 no row is left blank at all.
    """
    ids = [row.id for row in sheet.rows]
    empty = {id for id in ids if not sheet.lines.get(id)}
    prints_zeros = counted >= _PRINTED * (len(ids) - len(empty))
    if sheet.region.kind == "columns" and prints_zeros:
        return empty
    beside = {id for i, id in enumerate(ids) if neighbours(ids, i) & (doubtful - empty)}
    return empty & beside


def _find_displaced_rows(sheet: _RequestsSheet, doubtful: Set[str]) -> set[str]:
    """Rows whose numbers stand above or below their label, beside a row in doubt or one whose label is lost.

    They may be that one's: a page's end parts a label from its numbers, and those of the next row stand nearest to it.
    """
    found = {row.id for row in sheet.rows}
    displaced: set[str] = set()
    for row in sheet.rows:
        beside = neighbours(sheet.order, sheet.order.index(row.id))
        if beside <= found - doubtful:
            continue
        levels = [w.y for w in sheet.lines.get(row.id, ())]
        room = _OFF * row.words[0].height
        if levels and not row.top - room <= median(levels) <= row.bottom + room:
            displaced.add(row.id)
    return displaced


def _place_row(
    sheet: _RequestsSheet,
    how: str,
    extents: Sequence[Extent] | None,
    order: Sequence[str],
    line: Sequence[PlacedWord],
) -> Mapping[str, PlacedWord] | None:
    """The numbers of a row by column; None where that is not sure."""
    if not line:
        return {}
    is_loose = sheet.region.kind == "columns"
    counted = dict(zip(order, line, strict=True)) if len(line) == _COUNT else {}
    if counted and not all(a.x1 <= b.x0 + 1 for a, b in itertools.pairwise(line)):
        # boxes of words in a picture have a margin; the same ink read twice does not add up. Printed numbers that
        # overlap have drifted, perhaps past each other, which no sum tells
        is_read = all(w.cell.origin == "ocr" for w in line)
        return counted if is_read and adds_up(counted) and number_in(counted["total"].text) else None
    if counted:
        placed = None if extents is None or is_loose else place_line(line, extents, order)
        is_in_columns = extents is None or (placed is not None and len(group_levels(line)) == 1)
        if not is_loose and not is_in_columns and not adds_up(counted):
            return None  # a piece of a broken number may stand where another was lost
        return counted if placed is None or how == "lines" else placed
    if extents is None or is_loose or len(line) >= _COUNT:
        return None  # the columns of a text drift: a row with fewer numbers is not placed in them
    return place_line(line, extents, order)


def _count_out(line: Sequence[PlacedWord], order: Sequence[str]) -> Mapping[str, PlacedWord] | None:
    """The numbers of a row by column, in their order; None where they do not add up."""
    counted = dict(zip(order, line, strict=True))
    return counted if adds_up(counted) else None
