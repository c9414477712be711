"""Table four, fitted to placed words: fifteen boxes in one of the few manners in which they are printed."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import median

from gongkai.model import Cell, Match, Place, PlacedWord
from gongkai.normalize.form.cases import CASES, RESULTS
from gongkai.normalize.form.lexicon import TableGlossaries
from gongkai.normalize.solve.column_extents import Extent, place_line, stack_words
from gongkai.normalize.solve.label_runs import folded_key
from gongkai.normalize.solve.rows.review_in_rows import solve_in_rows
from gongkai.normalize.solve.solution import Solution, SolvedBox, SolvedWay, Verdict, judge
from gongkai.normalize.solve.table_region import Region
from gongkai.normalize.solve.word_lines import group_box_rows, group_levels, is_spoilt_number, is_value

_SLOTS = tuple(itertools.product(CASES, RESULTS))
_NAMES = {
    "结果维持": "upheld",
    "结果纠正": "corrected",
    "其他结果": "other_result",
    "尚未审结": "pending",
    "总计": "total",
    "合计": "total",
}
#: How the labels of the cases end, the longest first: 行政复议 is the end of none of the others.
_CASE_ENDS = (("复议后起诉", CASES[2]), ("未经复议直接起诉", CASES[1]), ("行政复议", CASES[0]))
#: The rank of 行政诉讼, whose middle is right of the first of the two heads below it.
_LITIGATION = 1
#: A table says so many words of results.
_LEAST_MARKS = 3
#: Heads, and labels of cases, are no longer, in characters; both begin the table.
_LONGEST = 20
_BEGINS = re.compile("行政复议$|^行政复议|类别")
_OVER_HEADS = re.compile("行政|直接|起诉|复议|未经")
#: Labels below each other begin within so many points, over at least so many.
_FLUSH, _TALL = 30.0, 60.0
#: A line of numbers stands no further from its case's label, in points.
_NEAR = 8.0
#: Numbers of a row stand further apart than this, in points.
_APART = 4.0

_Cells = Mapping[tuple[str, str], PlacedWord | None]
_Judged = Callable[[Verdict], bool]


def solve_review(region: Region, glossaries: TableGlossaries) -> list[Solution]:
    """Every way to fill table four from a region that was tried."""
    if region.kind == "rows":
        return solve_in_rows(region, glossaries)
    said = "".join(folded_key(w.text) for w in region.texts)
    if "复议" not in said or sum(said.count(mark) for mark in ("维", "纠", "审结")) < _LEAST_MARKS:
        return []
    if not _keeps_order(region) or not _keep_results_order(region):
        return []
    begins = [w.top for w in region.texts if _is_head(w)]
    top = min(begins, default=0.0)
    values = [w for w in region.values if region.is_flow or w.y >= top]
    tried = [*_in_order(region, values, said), *(_in_boxes(region) if region.is_boxed else ())]
    if not tried and region.is_boxed:
        tried += _on_its_side(region)
    if not tried and not region.is_flow and not _holds_unread(region, top):
        tried += _beside_labels(region, values)
        if not tried and region.kind == "points":
            tried += _under_heads(region, values, top)
    return [_conclude(region, how, cells, is_believed) for how, cells, is_believed in tried]


def _is_head(w: PlacedWord) -> bool:
    return len(w.text) < _LONGEST and (_BEGINS.search(w.text) is not None or folded_key(w.text) in _NAMES)


def _keeps_order(region: Region) -> bool:
    """Whether no label of a case stands before one that the form has before it.

    Some bodies print 行政诉讼 before 行政复议, or 复议后起诉 first: numbers that are counted would go to the wrong case.
    """
    ranked = [(rank, w) for w in region.texts if len(w.text) < _LONGEST and (rank := _rank(w)) is not None]
    if region.is_flow or region.kind == "columns":  # the columns of a text drift
        return not _are_read_backwards(region)
    return not any(
        a < b and a != _LITIGATION and _stands_before(later, earlier)
        for (a, earlier), (b, later) in itertools.product(ranked, repeat=2)
    )


def _keep_results_order(region: Region) -> bool:
    """Whether the heads of results that are whole words stand in the form's order, as far as they are there."""
    heads = [w for w in region.texts if folded_key(w.text) in _NAMES]
    if not region.is_flow:
        heads = [w for level in group_levels(heads) for w in level]
    ids = [_NAMES[folded_key(w.text)] for w in heads]
    if len(ids) == len(RESULTS):
        return ids == [*RESULTS] or len(set(ids)) < len(ids)
    expected = iter(RESULTS * len(CASES))
    return len(ids) > len(_SLOTS) or set(ids) <= {"total"} or all(id in expected for id in ids)


def _are_read_backwards(region: Region) -> bool:
    """Whether 行政诉讼 is read before 行政复议, or 复议后起诉 right before 未经复议直接起诉.

    Text made from a page may have other words between the last two in any order; heads that follow each other do not move.
    """
    ranks = [_rank(w) if len(w.text) < _LONGEST else None for w in region.texts]
    heads = [rank for rank in ranks if rank in (0, _LITIGATION)]
    return (heads[:1] == [_LITIGATION] and 0 in heads) or (3, 2) in itertools.pairwise(ranks)


def _rank(label: PlacedWord) -> int | None:
    """Which of the heads of cases a label is, in the form's order; 行政诉讼 stands over the last two."""
    if folded_key(label.text) == "行政诉讼":
        return _LITIGATION
    case = _case_of(label)
    return None if case is None else (0, 2, 3)[CASES.index(case)]


def _stands_before(word: PlacedWord, other: PlacedWord) -> bool:
    """Whether a word stands wholly left of another, or above it in one column."""
    if word.x1 <= other.x0:
        return True
    return word.x0 < other.x1 and word.bottom <= other.top


def _holds_unread(region: Region, top: float) -> bool:
    """Whether a number was not read: the place where it stands is not blank."""
    return any(w.y >= top and is_spoilt_number(w.text) for w in region.texts)


def _always(_verdict: Verdict) -> bool:
    """Fifteen boxes in order need no sums."""
    return True


def _no_sum_fails(verdict: Verdict) -> bool:
    return verdict.failed == 0


def _sums_hold(verdict: Verdict) -> bool:
    return verdict.failed == 0 and verdict.held > 0


def _conclude(region: Region, how: str, cells: _Cells, is_believed: _Judged) -> Solution:
    page = next((w.cell.place.page for w in region.words), None)
    nothing = SolvedBox(Cell(0, 0, 1, 1, "", Place(page=page)), "inferred")
    way: SolvedWay = "aligned" if how.endswith("heads") or how.endswith("labels") else "fitted"
    boxes = {slot: nothing if w is None else SolvedBox(w.cell, way) for slot, w in cells.items()}
    verdict = judge("review", "2021", boxes)
    rows = {id: Match(label, id, 100.0, "exact") for id, label in _printed_cases(region).items()}
    columns = {id: name for name, id in reversed(_NAMES.items()) if id in RESULTS}
    rule = how if is_believed(verdict) else ""
    return Solution("review", "2021", region.kind, boxes, rows, columns, verdict, rule)


def _printed_cases(region: Region) -> dict[str, str]:
    """The labels of the cases as printed, as far as each stands in one word."""
    printed = dict.fromkeys(CASES, "")
    for w in region.texts:
        id = _case_of(w)
        if id is not None:
            printed[id] = printed[id] or w.text
    return printed


def _slots(words: Sequence[PlacedWord]) -> _Cells:
    return dict(zip(_SLOTS, words, strict=True))


# Fifteen numbers -----------------------------------------------------------------------------


def _in_order(
    region: Region, values: Sequence[PlacedWord], said: str
) -> Iterator[tuple[str, _Cells, _Judged]]:
    """Fifteen numbers in a line, a line each, in three lines, or with lines that are a little apart."""
    lines = group_levels(values)
    whole = [line for line in lines if len(line) == 15]
    is_alone = len(lines) == 1 or (region.kind in ("points", "columns") and bool(whole))
    if len(whole) == 1 and is_alone and _are_heads(region, lines, whole[0]):
        yield "15 in a line", _slots(whole[0]), _always
        return
    if region.is_flow:
        if len(values) == 15 and said.count("纠正") != 1:
            yield "15 in order", _slots(values), _always if _keep_lines(region, values) else _no_sum_fails
        return
    shown = [w for w in values if w.text]
    if len(shown) != 15:
        return
    lines = group_levels(shown)
    if len(lines) == 15:
        is_sure = all(_has_label_beside(region, line[0]) for line in lines) or _keep_lines(region, shown)
        yield "15 lines", _slots([line[0] for line in lines]), _always if is_sure else _no_sum_fails
    elif [len(line) for line in lines] == [5, 5, 5]:
        yield "3 x 5", _slots([w for line in lines for w in line]), _always
    else:
        across = sorted(shown, key=lambda w: w.x)
        if all(b.x - a.x > _APART for a, b in itertools.pairwise(across)):
            yield "15 across", _slots(across), _sums_hold


def _are_heads(region: Region, lines: Sequence[Sequence[PlacedWord]], values: Sequence[PlacedWord]) -> bool:
    """Whether all other lines of values stand above some, each among words: heads of a scan that were read as figures."""
    others = [w for line in lines if line is not values for w in line]
    return all(
        w.y < values[0].y and any(t.top < w.y < t.bottom or w.top < t.y < w.bottom for t in region.texts)
        for w in others
    )


def _keep_lines(region: Region, values: Sequence[PlacedWord]) -> bool:
    """Whether fifteen numbers stand in one line or in three, each behind a label of its own, or five behind each case.

    Text made from a page may have its columns one after the other, and its numbers down them.
    """
    by_line = itertools.groupby(values, key=lambda w: (w.cell.place.block, w.cell.place.row))
    lines = [(at[1] is not None, len(list(line))) for at, line in by_line]
    if all(is_known for is_known, _ in lines) and [count for _, count in lines] in ([15], [5, 5, 5]):
        return True
    before = {id(w): above for above, w in itertools.pairwise(region.words)}
    if all(id(w) in before and folded_key(before[id(w)].text) in _NAMES for w in values):
        return True
    cases = [before[id(w)].text for w in values[::5] if id(w) in before]
    ends = [next((case for end, case in _CASE_ENDS if folded_key(text).endswith(end)), "") for text in cases]
    runs = itertools.groupby(region.words, key=lambda w: is_value(w.text))
    return ends == [*CASES] and [len(list(run)) for is_run, run in runs if is_run] == [5, 5, 5]


def _has_label_beside(region: Region, word: PlacedWord) -> bool:
    return any(abs(w.y - word.y) < 0.5 * word.height and folded_key(w.text) for w in region.texts)


def _in_boxes(region: Region) -> Iterator[tuple[str, _Cells, _Judged]]:
    """Fifteen boxes behind blank ones, three rows of five, or one a row."""
    box_rows = group_box_rows([w for w in region.words if w.box])
    rows = [values for row in box_rows if (values := [w for w in row if is_value(w.text)])]
    # above the first heads, and among heads, a row is blank because spans were written out
    with_heads = {round(row[0].top) for row in box_rows if any(folded_key(w.text) in _NAMES for w in row)}
    first = min(with_heads, default=-math.inf)
    below = [row for row in rows if row[0].top > first and round(row[0].top) not in with_heads]
    for row in below:
        if len(row) >= 15 and not any(w.text for w in row[:-15]):
            yield "15 boxes", _slots(row[-15:]), _always
    fives = [row[-5:] for row in below if 5 <= len(row) < 9 and not any(w.text for w in row[:-5])]
    if len(fives) == 3:
        yield "3 x 5 boxes", _slots([w for row in fives for w in row]), _always
    ones = [row[-1] for row in rows if len(row) <= 3]
    if len(ones) == 15:
        yield "15 x 1 boxes", _slots(ones), _always


def _case_of(label: PlacedWord) -> str | None:
    """The case that a label names."""
    return next((id for end, id in _CASE_ENDS if folded_key(label.text).endswith(end)), None)


def _on_its_side(region: Region) -> Iterator[tuple[str, _Cells, _Judged]]:
    """Results down the side, the cases across the top: turned, each case has a row of five boxes behind its label."""
    by_case: dict[str, list[PlacedWord]] = {}
    for row in group_box_rows(region.turn().words):
        labels = [w for w in row if not is_value(w.text)]
        case = _case_of(labels[-1]) if labels else None
        values = [w for w in row if is_value(w.text)][-len(RESULTS) :]
        if case is not None and len(values) == len(RESULTS):
            by_case.setdefault(case, values)
    heads = [_NAMES[k] for w in region.texts if (k := folded_key(w.text)) in _NAMES]
    if len(by_case) == len(CASES) and heads == [*RESULTS]:
        yield "5 x 3 boxes", _slots([w for case in CASES for w in by_case[case]]), _always


# Fewer numbers -------------------------------------------------------------------------------


def _beside_labels(region: Region, values: Sequence[PlacedWord]) -> Iterator[tuple[str, _Cells, _Judged]]:
    """Fifteen labels under each other, a number or nothing beside each."""
    labels = sorted((w for w in region.texts if folded_key(w.text) in _NAMES), key=lambda w: w.y)
    if [_NAMES[folded_key(w.text)] for w in labels] != [*RESULTS] * 3:
        return
    if max(w.x0 for w in labels) - min(w.x0 for w in labels) >= _FLUSH or labels[-1].y - labels[0].y <= _TALL:
        return
    cells: dict[tuple[str, str], PlacedWord | None] = {}
    shown = [w for w in values if w.text and labels[0].top - 3 < w.y < labels[-1].bottom + 3]
    for label, slot in zip(labels, _SLOTS, strict=True):
        beside = [w for w in shown if abs(w.y - label.y) < 0.5 * label.height]
        cells[slot] = beside[0] if len(beside) == 1 else None
    if sum(w is not None for w in cells.values()) == len(shown) and _is_beside(region, shown, values):
        yield "15 labels", cells, _always


def _is_beside(region: Region, shown: Sequence[PlacedWord], values: Sequence[PlacedWord]) -> bool:
    """Whether the labels have numbers beside them: where a text has them below, the lines without one are no blanks."""
    return bool(shown) or (region.kind == "points" and region.is_closed and not any(w.text for w in values))


def _under_heads(
    region: Region, values: Sequence[PlacedWord], top: float
) -> Iterator[tuple[str, _Cells, _Judged]]:
    """Numbers under fifteen heads, or under five beside three cases; where none stands, the box is blank."""
    below = [w for w in region.texts if w.y >= top - 1 and not _OVER_HEADS.search(w.text)]
    heads: list[tuple[Extent, str, float]] = []
    for x0, x1, stack in stack_words(below):
        id = _NAMES.get(folded_key("".join(w.text for w in stack)))
        if id is not None:
            heads.append(((x0, x1), id, max(w.bottom for w in stack)))
    heads.sort()
    ids = [id for _, id, _ in heads]
    foot = max((bottom for _, _, bottom in heads), default=0.0)
    shown = [w for w in values if w.text and w.y > foot]
    extents = [extent for extent, _, _ in heads]
    if not shown and not region.is_closed:
        return  # the row of numbers may stand on the next page, and that one may not have been read
    if ids == [*RESULTS] * 3 and len(group_levels(shown)) <= 1:
        names = [".".join(slot) for slot in _SLOTS]
        placed = place_line(shown, extents, names)
        if placed is not None:
            cells = {slot: placed.get(name) for slot, name in zip(_SLOTS, names, strict=True)}
            yield "15 heads", cells, _no_sum_fails
    elif ids == [*RESULTS]:
        by_case = _cells_by_case(region, shown, extents, foot)
        if by_case is not None:
            yield "5 heads", by_case, _no_sum_fails


def _cells_by_case(
    region: Region, shown: Sequence[PlacedWord], extents: Sequence[Extent], foot: float
) -> _Cells | None:
    labels: dict[str, PlacedWord] = {}
    for w in region.texts:
        id = _case_of(w)
        if id is not None and w.y > foot - 2:
            labels.setdefault(id, w)
    if len(labels) < len(CASES):
        return None
    cells: dict[tuple[str, str], PlacedWord | None] = dict.fromkeys(_SLOTS)
    for line in group_levels(shown):
        y = median(w.y for w in line)
        case = min(labels, key=lambda id: abs(labels[id].y - y))
        placed = place_line(line, extents, RESULTS)
        if placed is None or abs(labels[case].y - y) > _NEAR:
            return None
        cells.update({(case, c): w for c, w in placed.items()})
    return cells
