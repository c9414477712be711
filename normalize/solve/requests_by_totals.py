"""Table three of a text that lost its blank boxes: the totals of its rows, and the rows in which nothing stands.

    一、本年新收政府信息公开申请数量 5 2 7
    二、上年结转政府信息公开申请数量
    1.信访举报投诉类申请 1 1

Which columns 5 and 2 stand in is lost. That the last number of a row is its total, where it is the sum of those before
it, and that the other rows are blank, is certain where the form's sums hold under these totals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gongkai.model import Cell, Place, PlacedWord
from gongkai.normalize.form.number import is_blank
from gongkai.normalize.solve.belief import COLUMNS
from gongkai.normalize.solve.label_runs import EXACT, LabelledRow, RowLabels
from gongkai.normalize.solve.solution import Solution, SolvedBox, judge
from gongkai.normalize.solve.word_lines import number_in

#: So many rows have listed labels; all of the form have.
_NEARLY_ALL = 20
_TOTAL = COLUMNS[-1]
#: Of a row passed over, the fit loses this.
_ROW_MISSING = 0.3


def solve_by_totals(
    labels: RowLabels,
    rows: Sequence[LabelledRow],
    by_row: Mapping[str, Sequence[PlacedWord]],
    values: Sequence[PlacedWord],
) -> list[Solution]:
    """The table with the boxes that the totals tell; nothing where a number of it, of `values`, is not behind a label in its line."""
    printed = {row.id: [w for w in by_row.get(row.id, ()) if not is_blank(w.text)] for row in rows}
    is_accounted = sum(map(len, printed.values())) == sum(not is_blank(w.text) for w in values)
    is_sure = len(rows) >= _NEARLY_ALL and all(row.score == EXACT for row in rows) and is_accounted
    if not is_sure or not all(_stands_beside(row, printed[row.id]) for row in rows):
        return []
    boxes: dict[tuple[str, str], SolvedBox] = {}
    for row in rows:
        own = printed[row.id]
        if not own:
            boxes |= {(row.id, c): _blank(row) for c in COLUMNS}
        elif len(own) == len(COLUMNS):
            boxes |= {(row.id, c): SolvedBox(w.cell, "fitted") for c, w in zip(COLUMNS, own, strict=True)}
        elif len(own) == 1 and not number_in(own[0].text):  # whichever box it is in, all of them are nought
            boxes |= {(row.id, c): _blank(row) for c in COLUMNS} | {
                (row.id, _TOTAL): SolvedBox(own[0].cell, "fitted")
            }
        elif 1 < len(own) < len(COLUMNS) and _adds_up(own):
            boxes[row.id, _TOTAL] = SolvedBox(own[-1].cell, "fitted")
    verdict = judge("requests", labels.form, boxes)
    has_totals = all((row.id, _TOTAL) in boxes for row in rows)
    is_proved = has_totals and not verdict.failed and _balances(labels, boxes)
    doubtful = frozenset(row.id for row in rows if not all((row.id, c) in boxes for c in COLUMNS))
    return [
        Solution(
            "requests",
            labels.form,
            "flow",
            boxes,
            {row.id: row.match for row in rows},
            {},
            verdict,
            "totals" if is_proved else "",
            sum(row.score for row in rows) - _ROW_MISSING * (len(labels.ids) - len(rows)),
            doubtful,
            len(rows) - len(doubtful),
        )
    ]


def _stands_beside(row: LabelledRow, numbers: Sequence[PlacedWord]) -> bool:
    """Whether all numbers of a row stand in one line, with words of its label or right behind the last of them."""
    lines = {w.cell.place.row for w in numbers}
    return not lines or (len(lines) == 1 and lines <= {w.cell.place.row for w in row.words})


def _adds_up(numbers: Sequence[PlacedWord]) -> bool:
    *parts, total = (number_in(w.text) for w in numbers)
    return sum(parts) == total


def _balances(labels: RowLabels, boxes: Mapping[tuple[str, str], SolvedBox]) -> bool:
    """Whether both sums of the column of totals hold, and not as 0 = 0."""
    totals = {slot: box for slot, box in boxes.items() if slot[1] == _TOTAL}
    verdict = judge("requests", labels.form, totals)
    return verdict.held == 2 and not verdict.failed


def _blank(row: LabelledRow) -> SolvedBox:
    return SolvedBox(Cell(0, 0, 1, 1, "", Place(page=row.words[0].cell.place.page)), "inferred")
