"""Table three of a text that lost its blank boxes: the totals of its rows, and the rows in which nothing stands.

    一、本年新收政府信息公开申请数量 5 2 7
    二、上年结转政府信息公开申请数量
    1.信访举报投诉类申请 1 1

Which columns 5 and 2 stand in is lost. That the last number of a row is its total, where it is the sum of those before
it, and that the other rows are blank, is certain where the form's sums hold under these totals.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from gongkai.model import PlacedWord
from gongkai.normalize.form.number import is_blank
from gongkai.normalize.solve.belief import COLUMNS
from gongkai.normalize.solve.filled_requests import blank_box, ends_in_sum, fit_of
from gongkai.normalize.solve.label_runs import EXACT, LabelledRow, RowLabels
from gongkai.normalize.solve.solution import Solution, SolvedBox, judge
from gongkai.normalize.solve.word_lines import is_value, number_in

#: So many rows have listed labels; all of the form have.
_NEARLY_ALL = 20
_TOTAL = COLUMNS[-1]


def solve_by_totals(
    labels: RowLabels,
    rows: Sequence[LabelledRow],
    by_row: Mapping[str, Sequence[PlacedWord]],
    words: Sequence[PlacedWord],
) -> list[Solution]:
    """The table with the boxes that the totals tell; nothing where a number among its `words` is not behind a label in its line."""
    printed = {row.id: _drop_blank(by_row.get(row.id, ())) for row in rows}
    is_accounted = sum(map(len, printed.values())) == len(_drop_blank(words))
    if not is_accounted or not _are_sure(rows, printed):
        return []
    boxes = {slot: box for row in rows for slot, box in _fill_row(row, printed[row.id]).items()}
    verdict = judge("requests", labels.form, boxes)
    is_proved = not verdict.failed and _balances(labels, rows, boxes)
    whole = Counter(row for row, _ in boxes)
    doubtful = frozenset(row.id for row in rows if whole[row.id] < len(COLUMNS))
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
            fit_of(rows, labels),
            doubtful,
            len(rows) - len(doubtful),
        )
    ]


def _are_sure(rows: Sequence[LabelledRow], printed: Mapping[str, Sequence[PlacedWord]]) -> bool:
    """Whether the labels are those of the form, each with its numbers in its line."""
    is_listed = len(rows) >= _NEARLY_ALL and all(row.score == EXACT for row in rows)
    return is_listed and all(_stands_beside(row, printed[row.id]) for row in rows)


def _fill_row(row: LabelledRow, own: Sequence[PlacedWord]) -> dict[tuple[str, str], SolvedBox]:
    """The boxes that the numbers of a row tell."""
    if len(own) == len(COLUMNS):
        return {(row.id, c): SolvedBox(w.cell, "fitted") for c, w in zip(COLUMNS, own, strict=True)}
    total = {(row.id, _TOTAL): SolvedBox(own[-1].cell, "fitted")} if own else {}
    if not own or (len(own) == 1 and not number_in(own[0].text)):
        # whichever box a lone 0 is in, all of them are nought
        return {(row.id, c): blank_box(row) for c in COLUMNS} | total
    return total if 1 < len(own) < len(COLUMNS) and ends_in_sum(own) else {}


def _stands_beside(row: LabelledRow, numbers: Sequence[PlacedWord]) -> bool:
    """Whether all numbers of a row stand in one line, with words of its label or right behind the last of them."""
    lines = {w.cell.place.row for w in numbers}
    return not lines or (len(lines) == 1 and lines <= {w.cell.place.row for w in row.words})


def _drop_blank(words: Sequence[PlacedWord]) -> list[PlacedWord]:
    """The numbers and placeholders among some words."""
    return [w for w in words if is_value(w.text) and not is_blank(w.text)]


def _balances(
    labels: RowLabels, rows: Sequence[LabelledRow], boxes: Mapping[tuple[str, str], SolvedBox]
) -> bool:
    """Whether every row has its total, and both sums of these hold, not as 0 = 0."""
    totals = {slot: box for slot, box in boxes.items() if slot[1] == _TOTAL}
    verdict = judge("requests", labels.form, totals)
    return len(totals) == len(rows) and verdict.held == 2 and not verdict.failed
