"""Table three, fitted to placed words: rows by their labels, columns by several hypotheses."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence, Set
from statistics import median
from typing import NamedTuple

from gongkai.model import Cell, Place, PlacedWord
from gongkai.normalize.form.lexicon import TableGlossaries
from gongkai.normalize.solve.belief import COLUMNS, ORDERS, TableEvidence, find_rule
from gongkai.normalize.solve.column_extents import (
    Extent,
    extents_from_above,
    extents_of_full_lines,
    find_heads,
    place_line,
)
from gongkai.normalize.solve.label_runs import (
    EXACT,
    Fit,
    LabelledRow,
    RowLabels,
    fit_rows,
    folded_key,
    row_labels,
    score_label,
)
from gongkai.normalize.solve.label_zone import find_label_zone
from gongkai.normalize.solve.solution import Solution, SolvedBox, SolvedWay, judge
from gongkai.normalize.solve.solve_own_rows import OwnLine, find_own_lines, name_own_lines
from gongkai.normalize.solve.table_region import Region
from gongkai.normalize.solve.word_lines import (
    group_box_rows,
    group_levels,
    is_value,
    may_hold_number,
    number_in,
)
from gongkai.record import dataclass, replace

_FORMS = ("2021", "2019")
_COUNT = len(COLUMNS)
#: With fewer rows a table is not recognised, of words and of boxes.
_LEAST_ROWS, _LEAST_BOX_ROWS = 8, 6
#: A line of numbers is a row's where it stands no further from its label, in points; a number that no label
#: explains makes rows as near doubtful.
_NEAR = 40.0
#: Numbers further above or below their label than this many of its heights are not beside it.
_OFF = 0.5
#: A head stands at least so far right of the labels, in points.
_HEAD_GAP = 30.0
#: This share of the rows with numbers has all of them where zeros are printed.
_PRINTED = 0.8
#: Of a row passed over, the fit loses this.
_ROW_MISSING = 0.3
#: Rows whose sums fail, as a share of those whose sums hold, that misprints do not explain where they are neighbours.
_FEW = 0.2
#: Two numbers in one word: no number begins with 0, and a blank parts thousands only.
_JOINED = re.compile(r"[0０][0-9０-９]+\D*|(?![0-9]{1,3}(?: [0-9]{3})+$)[0-9]+ +[0-9 ]+")
_FIRST = re.compile(r"^[、.．,，]?(?:一|本|新|[1１][、.])")
_OWN_ROW = re.compile("小计|合计|其中|网上|当面|信函|申请$")
_HEAD_OF_FLOW = re.compile(
    r"""
    自然人 | 法人或其[他它]组织 | 商业企业 | 科研机构 | 社会公益(?:组织)? | 法律服务(?:机构)?
    | 其[他它] | 总计 | 合计 | 组织 | 机构
    """,
    re.VERBOSE,
)


def solve_requests(region: Region, glossaries: TableGlossaries) -> list[Solution]:
    """Every way to fill table three from a region that was tried, under either form."""
    solutions: list[Solution] = []
    for form in _FORMS:
        labels = row_labels("requests", form, glossaries.rows)
        first = _find_first_row(region.texts, labels)
        if first is None:
            continue
        if region.is_flow:
            solutions += _solve_flow(region, labels, first)
        elif region.is_boxed:
            upright = _solve_boxes(region, labels, first)
            solutions += upright or _solve_on_its_side(region, labels)
        else:
            solutions += _solve_points(region, labels, first)
    return solutions


def _solve_on_its_side(region: Region, labels: RowLabels) -> list[Solution]:
    """The rows of the form stand across the top, its columns down the side."""
    turned = region.turn()
    first = _find_first_row(turned.texts, labels)
    return [] if first is None else _solve_boxes(turned, labels, first)


def _find_first_row(texts: Sequence[PlacedWord], labels: RowLabels) -> PlacedWord | None:
    """Where the label of the first row (本年新收…) begins: heads stand above it."""
    for i, w in enumerate(texts):
        if _FIRST.match(w.text) is None:
            continue
        if "新收" in w.text:
            return w
        joined = ""
        for piece in texts[i : i + 6]:
            joined += piece.text
            if any(rank == 0 and score > 0.5 for rank, score in score_label(joined, labels)):
                return w
    return None


# Any layout ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Filled:
    """The boxes of a table under one hypothesis of its columns."""

    how: str
    order: Sequence[str]
    boxes: dict[tuple[str, str], SolvedBox]
    doubtful: Set[str]
    counted: int
    blank: int = 0


def _conclude(
    region: Region,
    labels: RowLabels,
    rows: Sequence[LabelledRow],
    heads: Mapping[str, tuple[Extent, str]],
    filled: _Filled,
    own: Sequence[OwnLine] = (),
) -> Solution:
    boxes, doubtful = filled.boxes, filled.doubtful
    if not region.is_boxed and not region.is_flow:
        boxes, doubtful = _drop_incomplete(rows, boxes, doubtful)
    if not region.is_boxed:
        boxes, doubtful = _drop_mixed(rows, boxes, doubtful)
    is_whole = len(rows) == len(labels.ids) and all(r.score == EXACT for r in rows)
    added = name_own_lines(own, rows, filled.order, is_whole=is_whole)
    beside = {
        (id, c): SolvedBox(w.cell, "fitted") for id, (_, placed) in added.items() for c, w in placed.items()
    }
    filling = {**boxes, **beside}
    verdict = judge("requests", labels.form, filling)
    own_order = [id for id in filled.order if id in heads]
    agree = own_order == sorted(heads, key=lambda id: heads[id][0])  # heads in another order are no evidence
    rule = find_rule(
        TableEvidence(
            region.kind,
            filled.how,
            filled.order,
            rows,
            doubtful,
            filled.counted,
            filled.blank,
            heads.keys() if agree else frozenset(),
            boxes,
            verdict,
        )
    )
    return Solution(
        "requests",
        labels.form,
        region.kind,
        filling,
        {r.id: r.match for r in rows} | {id: match for id, (match, _) in added.items()},
        {id: text for id, (_, text) in heads.items()},
        verdict,
        rule,
        sum(r.score for r in rows) - _ROW_MISSING * (len(labels.ids) - len(rows)),
        frozenset(doubtful),
        filled.counted,
    )


def _drop_incomplete(
    rows: Sequence[LabelledRow], boxes: Mapping[tuple[str, str], SolvedBox], doubtful: Set[str]
) -> tuple[dict[tuple[str, str], SolvedBox], Set[str]]:
    """Without rows that have fewer numbers than columns and a sum that fails: a number was lost, none is blank."""
    lost = set()
    for row in rows:
        texts = [boxes[row.id, c].cell.text for c in COLUMNS if (row.id, c) in boxes]
        if len(texts) == _COUNT and "" in texts and any(texts):
            *parts, total = (number_in(t) for t in texts)
            if sum(parts) != total:
                lost.add(row.id)
    return {slot: box for slot, box in boxes.items() if slot[0] not in lost}, {*doubtful, *lost}


def _drop_mixed(
    rows: Sequence[LabelledRow], boxes: Mapping[tuple[str, str], SolvedBox], doubtful: Set[str]
) -> tuple[dict[tuple[str, str], SolvedBox], Set[str]]:
    """Without rows that may hold parts of others: their sum fails beside a row in doubt, or a number begins with 0."""
    mixed: set[str] = set()
    failing: set[str] = set()
    held = 0
    for row in rows:
        texts = [boxes[row.id, c].cell.text for c in COLUMNS if (row.id, c) in boxes]
        if any(_JOINED.fullmatch(t) for t in texts):
            mixed.add(row.id)
        elif len(texts) == _COUNT:
            *parts, total = map(number_in, texts)
            failing |= {row.id} if sum(parts) != total else set()
            held += sum(parts) == total
    # many totals that are wrong were printed so; a few in a row are numbers that changed their rows
    suspects = {*doubtful, *mixed, *(failing if len(failing) <= _FEW * held else ())}
    ids = [row.id for row in rows]
    for i, id in enumerate(ids):
        if id in failing and _neighbours(ids, i) & suspects:
            mixed.add(id)
    return {slot: box for slot, box in boxes.items() if slot[0] not in mixed}, {*doubtful, *mixed}


def _neighbours(ids: Sequence[str], i: int) -> set[str]:
    """The rows right before and right behind a row."""
    return {*ids[max(0, i - 1) : i], *ids[i + 1 : i + 2]}


def _blank(row: LabelledRow) -> SolvedBox:
    """A box that is not drawn and where nothing stands."""
    return SolvedBox(Cell(0, 0, 1, 1, "", Place(page=row.words[0].cell.place.page)), "inferred")


# Points and columns of characters ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _RequestsSheet:
    """Table three by places: its rows and the lines of numbers of each.

    `order` are all rows of the form; `strays` are levels at which a number is not explained, `unread` those of them at which it was not read.
    """

    region: Region
    order: Sequence[str]
    rows: Sequence[LabelledRow]
    lines: Mapping[str, Sequence[PlacedWord]]
    strays: Sequence[float]
    unread: Sequence[float]

    def is_doubtful(self, row: LabelledRow, line: Sequence[PlacedWord]) -> bool:
        """Whether a number that nothing explains stands near a row without numbers, or one was not read in its line."""
        if line:
            return any(abs(y - w.y) < 0.5 * w.height for y in self.unread for w in line)
        return any(row.top - _NEAR < y < row.bottom + _NEAR for y in self.strays)


def _solve_points(region: Region, labels: RowLabels, first: PlacedWord) -> list[Solution]:
    top = first.top - 1
    lines = group_levels([w for w in region.values if w.y >= top])
    above = [w for w in region.texts if w.y < top]
    start = _find_start_of_values(lines, above)
    if start is None:
        return []
    pieces = sorted(
        (w for w in region.texts if w.y >= top and w.x0 < start), key=lambda w: (round(w.y / 3), w.x0)
    )
    kept, own = find_label_zone(pieces, labels)
    fit = fit_rows(kept, labels)
    if len(fit.rows) < _LEAST_ROWS:
        return []
    by_row, strays, own_lines = _assign_lines(lines, fit, own)
    strays += [w.y for w in region.values if w.text and w.y < top and w.x0 >= start]
    unread = [w.y for w in region.texts if w.y >= top and w.x0 >= start and may_hold_number(w.text)]
    sheet = _RequestsSheet(region, labels.ids, fit.rows, by_row, [*strays, *unread], unread)
    leaf = max(r.words[0].x0 for r in fit.rows)
    heads = find_heads([w for w in above if w.x0 > leaf + _HEAD_GAP])
    return [
        _conclude(region, labels, fit.rows, heads, _fill(sheet, how, extents, order), own_lines)
        for (how, extents), order in itertools.product(
            _find_extents(sheet, heads), _find_orders(heads, above)
        )
    ]


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


def _fill(sheet: _RequestsSheet, how: str, extents: Sequence[Extent] | None, order: Sequence[str]) -> _Filled:
    boxes: dict[tuple[str, str], SolvedBox] = {}
    doubtful: set[str] = set()
    counted = blank = 0
    for row in sheet.rows:
        line = sorted(sheet.lines.get(row.id, ()), key=lambda w: w.x0)
        blank += not line
        placed = _place_row(sheet, how, extents, order, line)
        if placed is None or sheet.is_doubtful(row, line):
            doubtful.add(row.id)
            continue
        is_full = len(line) == _COUNT
        counted += is_full
        way: SolvedWay = "fitted" if is_full else "aligned"
        for c in COLUMNS:
            boxes[row.id, c] = SolvedBox(placed[c].cell, way) if c in placed else _blank(row)
    lost = _find_lost_rows(sheet, doubtful, counted) | _find_displaced_rows(sheet, doubtful)
    boxes = {slot: box for slot, box in boxes.items() if slot[0] not in lost}
    return _Filled(how, order, boxes, {*doubtful, *lost}, counted, blank)


def _find_lost_rows(sheet: _RequestsSheet, doubtful: Set[str], counted: int) -> set[str]:
    """Rows without a number that are not blank for certain: a neighbour may hold their numbers.

    In a text whose other rows print every 0 no row is left blank at all.
    """
    ids = [row.id for row in sheet.rows]
    empty = {id for id in ids if not sheet.lines.get(id)}
    prints_zeros = counted >= _PRINTED * (len(ids) - len(empty))
    if sheet.region.kind == "columns" and prints_zeros:
        return empty
    beside = {id for i, id in enumerate(ids) if _neighbours(ids, i) & (doubtful - empty)}
    return empty & beside


def _find_displaced_rows(sheet: _RequestsSheet, doubtful: Set[str]) -> set[str]:
    """Rows whose numbers stand above or below their label, beside a row in doubt or one whose label is lost.

    They may be that one's: a page's end parts a label from its numbers, and those of the next row stand nearest to it.
    """
    found = {row.id for row in sheet.rows}
    displaced: set[str] = set()
    for row in sheet.rows:
        beside = _neighbours(sheet.order, sheet.order.index(row.id))
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
    if len(line) == _COUNT and all(a.x1 <= b.x0 + 1 for a, b in itertools.pairwise(line)):
        counted = dict(zip(order, line, strict=True))
        placed = None if extents is None or is_loose else place_line(line, extents, order)
        is_in_columns = extents is None or (placed is not None and len(group_levels(line)) == 1)
        if not is_loose and not is_in_columns and not _adds_up(counted):
            return None  # a piece of a broken number may stand where another was lost
        return counted if placed is None or how == "lines" else placed
    if extents is None or is_loose or len(line) >= _COUNT:
        return None  # the columns of a text drift: a row with fewer numbers is not placed in them
    return place_line(line, extents, order)


def _adds_up(placed: Mapping[str, PlacedWord]) -> bool:
    """Whether the total of a row is the sum of its other numbers."""
    *parts, total = (number_in(placed[c].text) for c in COLUMNS)
    return sum(parts) == total


# Boxes ---------------------------------------------------------------------------------------


class _BoxRow(NamedTuple):
    """A label and the boxes behind it. `above`, `below`: numbers in the rows beside it that have no label."""

    label: PlacedWord
    values: Sequence[PlacedWord]
    above: int
    below: int

    @property
    def may_be_broken(self) -> bool:
        """Whether numbers below it are so few that they may be last digits of its own: 13 over a page's end, and 1."""
        return 0 < self.below < _COUNT

    @property
    def may_lack_numbers(self) -> bool:
        """Whether it is blank and numbers stand beside it that may be its own."""
        return bool(self.above or self.below) and not any(w.text for w in self.values)


def _solve_boxes(region: Region, labels: RowLabels, first: PlacedWord) -> list[Solution]:
    """Blank boxes are there and say so. Rows by their level, columns by the heads over them or by counting."""
    top = first.top - 1
    box_rows = _find_box_rows([w for w in region.words if w.box and w.y >= top])
    fit = fit_rows([row.label for row in box_rows], labels)
    if len(fit.rows) < _LEAST_BOX_ROWS:
        return []
    heads = find_heads([w for w in region.texts if w.box and w.y < top])
    by_label = {id(row.words[0]): row.id for row in fit.rows}
    lines = [(by_label[id(row.label)], row) for row in box_rows if id(row.label) in by_label]
    broken = {id for id, row in lines if row.may_be_broken}
    solutions = []
    for how, order in _find_box_orders(heads):
        filled = _fill_boxes(lines, how, order, heads)
        whole = _conclude(region, labels, fit.rows, heads, filled)
        if broken and whole.verdict.failed:
            whole = _conclude(region, labels, fit.rows, heads, _leave_out(filled, broken))
        solutions.append(whole)
    return solutions


def _find_box_rows(boxes: Sequence[PlacedWord]) -> list[_BoxRow]:
    """The rows of boxes that have a label."""
    rows: list[_BoxRow] = []
    stray = 0
    for own in group_box_rows(boxes):
        texts = [w for w in own if not is_value(w.text)]
        if texts:
            label = texts[-1]
            rows.append(_BoxRow(label, [w for w in own if is_value(w.text) and w.x0 >= label.x0], stray, 0))
            stray = 0
            continue
        stray = sum(w.text != "" for w in own)
        if rows and stray:
            rows[-1] = rows[-1]._replace(below=stray)
    return rows


def _find_box_orders(heads: Mapping[str, tuple[Extent, str]]) -> list[tuple[str, Sequence[str]]]:
    """Under the heads and in their order; in the form's, for spans that a page lost move heads past each other."""
    if len(heads) < _COUNT:
        return [("last", COLUMNS)]
    own = tuple(sorted(heads, key=lambda id: heads[id][0]))
    return [("heads", own), *(("last", order) for order in dict.fromkeys([own, COLUMNS]))]


def _fill_boxes(
    lines: Sequence[tuple[str, _BoxRow]],
    how: str,
    order: Sequence[str],
    heads: Mapping[str, tuple[Extent, str]],
) -> _Filled:
    boxes: dict[tuple[str, str], SolvedBox] = {}
    doubtful: set[str] = set()
    counted = 0
    for id, row in lines:
        placed = _boxes_under_heads(row.values, heads) if how == "heads" else _last_boxes(row.values, order)
        if placed is None or row.may_lack_numbers:
            doubtful.add(id)
            continue
        counted += 1
        boxes.update({(id, c): SolvedBox(placed[c].cell, "fitted") for c in COLUMNS})
    return _Filled(how, order, boxes, doubtful, counted)


def _leave_out(filled: _Filled, rows: Set[str]) -> _Filled:
    """A filled table with some rows in doubt."""
    boxes = {slot: box for slot, box in filled.boxes.items() if slot[0] not in rows}
    return replace(filled, boxes=boxes, doubtful={*filled.doubtful, *rows}, counted=len(boxes) // _COUNT)


def _boxes_under_heads(
    values: Sequence[PlacedWord], heads: Mapping[str, tuple[Extent, str]]
) -> dict[str, PlacedWord] | None:
    """The one box under the middle of each head; None where one lacks, or another box has a text."""
    placed: dict[str, PlacedWord] = {}
    for column, ((x0, x1), _) in heads.items():
        under = [w for w in values if w.x0 - 3 <= (x0 + x1) / 2 <= w.x1 + 3]
        if len(under) != 1 or any(under[0] is w for w in placed.values()):
            return None
        placed[column] = under[0]
    used = {id(w) for w in placed.values()}
    return None if any(w.text and id(w) not in used for w in values) else placed


def _last_boxes(values: Sequence[PlacedWord], order: Sequence[str]) -> dict[str, PlacedWord] | None:
    """The last seven boxes of a row; those before them must be blank: places that a span covers."""
    if len(values) < _COUNT or any(w.text for w in values[:-_COUNT]):
        return None
    return dict(zip(order, values[-_COUNT:], strict=True))


# Order alone ---------------------------------------------------------------------------------


def _solve_flow(region: Region, labels: RowLabels, first: PlacedWord) -> list[Solution]:
    """The numbers behind a label are its row's; seven are all."""
    # bars and the like are no pieces of labels, and end no row
    spoken = [w for w in region.words if is_value(w.text) or folded_key(w.text)]
    begin = spoken.index(first)
    words = spoken[begin:]
    fit = fit_rows([w for w in words if not is_value(w.text)], labels, flow=True)
    if len(fit.rows) < _LEAST_ROWS:
        return []
    by_row = _numbers_behind(words, fit.rows)
    ids = [row.id for row in fit.rows]
    dealt: list[Mapping[str, Sequence[PlacedWord]]] = [by_row]
    dealt += [_deal_out(by_row, ids, forward=forward) for forward in (True, False)]
    distinct = [numbers for i, numbers in enumerate(dealt) if numbers not in dealt[:i]]
    own = find_own_lines(words, fit.rows)
    solutions = [
        _conclude(region, labels, fit.rows, {}, _fill_flow(ids, numbers), own) for numbers in distinct
    ]
    if any(is_value(w.text) for w in spoken[:begin]):  # the numbers of each row may stand before its label
        solutions = [s if not s.verdict.failed else replace(s, rule="") for s in solutions]
    # rows that change places keep their own sums: only those of the columns tell, unless all their numbers are one
    return [
        s if i == 0 or s.rule == "sums" or _are_alike(distinct[i], by_row) else replace(s, rule="")
        for i, s in enumerate(solutions)
    ]


def _are_alike(dealt: Mapping[str, Sequence[PlacedWord]], by_row: Mapping[str, Sequence[PlacedWord]]) -> bool:
    """Whether all numbers are the same that were dealt out to other rows: each row has them, however they are dealt."""
    moved = [w for row, numbers in dealt.items() if numbers != by_row.get(row) for w in numbers]
    return len({number_in(w.text) for w in moved}) == 1


def _fill_flow(ids: Sequence[str], by_row: Mapping[str, Sequence[PlacedWord]]) -> _Filled:
    boxes: dict[tuple[str, str], SolvedBox] = {}
    for id in ids:
        own = by_row.get(id, [])
        if len(own) == _COUNT:
            boxes.update({(id, c): SolvedBox(w.cell, "fitted") for c, w in zip(COLUMNS, own, strict=True)})
    doubtful = {*ids} - {id for id, _ in boxes}
    return _Filled("count", COLUMNS, boxes, doubtful, len(boxes) // _COUNT)


def _deal_out(
    by_row: Mapping[str, Sequence[PlacedWord]], ids: Sequence[str], *, forward: bool
) -> dict[str, Sequence[PlacedWord]]:
    """The numbers of each row, where those of several rows stand behind one label.

    `forward`: the labels of the rows after it stand behind all the numbers; else those of the rows before it stand
    before them, without numbers.
    """
    numbers = dict(by_row)
    for i, id in enumerate(ids):
        own = by_row.get(id, [])
        count, rest = divmod(len(own), _COUNT)
        if rest or count < 2:
            continue
        rows = ids[i : i + count] if forward else ids[max(0, i - count + 1) : i + 1]
        if len(rows) == count and not any(by_row.get(other) for other in rows if other != id):
            numbers.update({r: own[_COUNT * n : _COUNT * (n + 1)] for n, r in enumerate(rows)})
    return numbers


def _numbers_behind(words: Sequence[PlacedWord], rows: Sequence[LabelledRow]) -> dict[str, list[PlacedWord]]:
    """The numbers behind each row's label.

    Words of heads do not end a row, nor does the end of an explanation in brackets; all others that are no label's do.
    """
    owner = {id(w): row.id for row in rows for w in row.words}
    by_row: dict[str, list[PlacedWord]] = {}
    current: str | None = None
    label = ""
    for w in words:
        if is_value(w.text):
            if current is not None:
                by_row.setdefault(current, []).append(w)
            continue
        row = owner.get(id(w))
        if row is not None:
            label = label + w.text if row == current else w.text
            current = row
        elif _is_open(label):
            label += w.text
        elif _HEAD_OF_FLOW.fullmatch(w.text) is None:
            current, label = None, ""
    return by_row


def _is_open(label: str) -> bool:
    """Whether brackets are open at the end of a label: 1.属于国家秘密（《条例》第十四."""
    return sum(map(label.count, "（(")) > sum(map(label.count, "）)"))
