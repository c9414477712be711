"""Table three, filled under one hypothesis of its columns → a Solution, without rows that may hold parts of others."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence, Set

from gongkai.model import Cell, Place, PlacedWord
from gongkai.normalize.solve.belief import COLUMNS, TableEvidence, find_rule
from gongkai.normalize.solve.column_extents import Extent
from gongkai.normalize.solve.label_runs import EXACT, LabelledRow, RowLabels
from gongkai.normalize.solve.solution import Solution, SolvedBox, judge
from gongkai.normalize.solve.solve_own_rows import OwnLine, name_own_lines
from gongkai.normalize.solve.table_region import Region
from gongkai.normalize.solve.word_lines import number_in
from gongkai.record import dataclass, replace

_COUNT = len(COLUMNS)
#: Of a row passed over, the fit loses this.
_ROW_MISSING = 0.3
#: Rows whose sums fail, as a share of those whose sums hold, that misprints do not explain where they are neighbours.
_FEW = 0.2
#: The first head and the last, as the form has them.
_HEAD_OF_END = re.compile(r"(?:自然?人?|[总合]计?)(?:[(（].*)?")
#: Two numbers in one word: no number begins with 0, and a blank parts thousands only.
_JOINED = re.compile(r"[0０][0-9０-９]+\D*|(?![0-9]{1,3}(?: [0-9]{3})+$)[0-9]+ +[0-9 ]+")


@dataclass(frozen=True, slots=True)
class FilledRequests:
    """The boxes of a table under one hypothesis of its columns."""

    how: str
    order: Sequence[str]
    boxes: dict[tuple[str, str], SolvedBox]
    doubtful: Set[str]
    counted: int
    blank: int = 0


def conclude(
    region: Region,
    labels: RowLabels,
    rows: Sequence[LabelledRow],
    heads: Mapping[str, tuple[Extent, str]],
    filled: FilledRequests,
    own: Sequence[OwnLine] = (),
) -> Solution:
    """The Solution that a filled table is, without rows that lost a number or may hold parts of others; `own` are rows of the body's own."""
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
            tells_order(region, filled.order) and _have_own_lines(region, rows, boxes),
            len(rows) == len(labels.ids),
        )
    )
    # dropped at last: what fails there still speaks against the table
    moved = _find_moved(region, rows, boxes)
    return Solution(
        "requests",
        labels.form,
        region.kind,
        _drop_rows(filling, moved),
        {r.id: r.match for r in rows} | {id: match for id, (match, _) in added.items()},
        {id: text for id, (_, text) in heads.items()},
        verdict,
        rule,
        fit_of(rows, labels),
        frozenset({*doubtful, *moved}),
        filled.counted,
    )


def tells_order(region: Region, order: Sequence[str]) -> bool:
    """Whether the heads that no other may stand beside, 自然人 and 总计, stand in the order of some columns.

    The order in which lines of heads follow each other tells nothing of columns, unless each line is a box.
    """
    heads = itertools.takewhile(lambda w: "新收" not in w.text, region.texts)
    ends = [w for w in heads if _HEAD_OF_END.fullmatch(w.text)]
    if [w.text[0] for w in ends] not in (["自", "总"], ["总", "自"]):
        return False
    if (
        region.is_flow
        and ends[0].cell.place.row != ends[1].cell.place.row
        and not _has_boxes_in_lines(region)
    ):
        return False
    first = ends[0] if region.is_flow else min(ends, key=lambda w: w.x0)
    return (first.text[0] == "总") == (order[0] == COLUMNS[-1])


def _has_boxes_in_lines(region: Region) -> bool:
    """Whether each word of a text stands in a line of its own, and blank boxes do."""
    lines = [w.cell.place.row for w in region.words]
    return region.is_flow and len({*lines}) == len(lines) and any(w.box and not w.text for w in region.values)


def _have_own_lines(
    region: Region, rows: Sequence[LabelledRow], boxes: Mapping[tuple[str, str], SolvedBox]
) -> bool:
    """Whether the numbers of each row stand in one line of the text, beside its label or between two lines of it.

    Or each box stands in a line, blank ones too, seven behind each label.
    """
    if _has_boxes_in_lines(region):
        return all((row.id, c) in boxes for row in rows for c in COLUMNS)
    taken: set[int] = set()
    for row in rows:
        lines = {boxes[row.id, c].cell.place.row for c in COLUMNS if (row.id, c) in boxes}
        beside = [w.cell.place.row for w in row.words if w.cell.place.row is not None]
        if region.is_boxed or len(lines) != 1 or not beside:
            return False
        own = lines.pop()
        if own is None or own in taken or not min(beside) <= own <= max(beside):
            return False
        taken.add(own)
    return True


def fit_of(rows: Sequence[LabelledRow], labels: RowLabels) -> float:
    """How well the labels of some rows fit those of a form."""
    return sum(r.score for r in rows) - _ROW_MISSING * (len(labels.ids) - len(rows))


def blank_box(row: LabelledRow) -> SolvedBox:
    """A box that is not drawn and where nothing stands."""
    return SolvedBox(Cell(0, 0, 1, 1, "", Place(page=row.words[0].cell.place.page)), "inferred")


def _drop_rows(
    boxes: Mapping[tuple[str, str], SolvedBox], rows: Set[str]
) -> dict[tuple[str, str], SolvedBox]:
    return {slot: box for slot, box in boxes.items() if slot[0] not in rows}


def _find_moved(
    region: Region, rows: Sequence[LabelledRow], boxes: Mapping[tuple[str, str], SolvedBox]
) -> set[str]:
    """Rows in which another number than the last is the sum of all others: they stand in another order than the columns."""
    moved: set[str] = set()
    for row in () if region.is_boxed else rows:
        numbers = [number_in(boxes[row.id, c].cell.text) for c in COLUMNS if (row.id, c) in boxes]
        if len(numbers) == _COUNT and 2 * max(numbers) == sum(numbers) != 2 * numbers[-1]:
            moved.add(row.id)
    return moved


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
    return _drop_rows(boxes, lost), {*doubtful, *lost}


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
        if id in failing and neighbours(ids, i) & suspects:
            mixed.add(id)
    return _drop_rows(boxes, mixed), {*doubtful, *mixed}


def neighbours(ids: Sequence[str], i: int) -> set[str]:
    """The rows right before and right behind a row."""
    return {*ids[max(0, i - 1) : i], *ids[i + 1 : i + 2]}


def leave_out(filled: FilledRequests, rows: Set[str]) -> FilledRequests:
    """A filled table with some rows in doubt."""
    boxes = _drop_rows(filled.boxes, rows)
    return replace(filled, boxes=boxes, doubtful={*filled.doubtful, *rows}, counted=len(boxes) // _COUNT)


def adds_up(placed: Mapping[str, PlacedWord]) -> bool:
    """Whether the total of a row is the sum of its other numbers."""
    return ends_in_sum([placed[c] for c in COLUMNS])


def ends_in_sum(numbers: Sequence[PlacedWord]) -> bool:
    """Whether the last of some numbers is the sum of those before it."""
    *parts, total = (number_in(w.text) for w in numbers)
    return sum(parts) == total
