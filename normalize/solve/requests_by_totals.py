"""Table three by the form's sums alone, where a text lost its blank boxes or parted its numbers from their labels.

    一、本年新收政府信息公开申请数量 5 2 7
    二、上年结转政府信息公开申请数量
    1.信访举报投诉类申请 1 1

Which columns 5 and 2 stand in is lost. That the last number of a row is its total, where it is the sum of those before
it, and that the other rows are blank, is certain where the form's sums hold under these totals.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from gongkai.model import Match, PlacedWord
from gongkai.normalize.form.number import is_blank
from gongkai.normalize.solve.belief import COLUMNS
from gongkai.normalize.solve.filled_requests import blank_box, ends_in_sum, fit_of
from gongkai.normalize.solve.label_runs import EXACT, LabelledRow, RowLabels, folded_key, score_label
from gongkai.normalize.solve.solution import Solution, SolvedBox, Verdict, judge
from gongkai.normalize.solve.solve_own_rows import subtotal_below
from gongkai.normalize.solve.word_lines import is_value, number_in

#: So many rows have listed labels; all of the form have.
_NEARLY_ALL = 20
_TOTAL = COLUMNS[-1]
_COUNT = len(COLUMNS)
#: Of a label that is not found, as text of a page may have its pieces apart, so many characters that only it has are.
_FRAGMENT = 4
#: What markup writes below heads is no placeholder.
_RULE = re.compile("[-=—_]{3,}")
#: Numbers before and behind those of the table, a page's or another table's.
_MOST_BESIDE = 15
#: Words by which the two forms differ, and labels of rows that no form has.
_ROWS_OF_2021 = re.compile("逾期不补正|收费通知|未缴纳费用|未按要求缴")
_OWN_ROW = re.compile("^其中|网上|当面|信函|窗口")
_SUBTOTAL = "小计"
#: A label is broken over at most so many words.
_MOST_PIECES = 4


def solve_by_totals(
    labels: RowLabels,
    rows: Sequence[LabelledRow],
    by_row: Mapping[str, Sequence[PlacedWord]],
    words: Sequence[PlacedWord],
    *,
    may_lead: bool,
) -> list[Solution]:
    """The table with the boxes that the totals tell; nothing where a number among its `words` is not behind a label.

    `may_lead`: the numbers of a row may stand before its label, for some stand before the first one.
    """
    printed = {row.id: _drop_blank(by_row.get(row.id, ())) for row in rows}
    is_accounted = sum(map(len, printed.values())) == len(_drop_blank(words))
    if not is_accounted or not _are_sure(rows, printed, may_lead):
        return []
    boxes = {slot: box for row in rows for slot, box in _fill_row(row, printed[row.id]).items()}
    verdict = judge("requests", labels.form, boxes)
    is_proved = not verdict.failed and _balances(labels, rows, boxes)
    whole = Counter(row for row, _ in boxes)
    doubtful = frozenset(row.id for row in rows if whole[row.id] < _COUNT)
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


def _are_sure(
    rows: Sequence[LabelledRow], printed: Mapping[str, Sequence[PlacedWord]], may_lead: bool
) -> bool:
    """Whether the labels are those of the form, each with its numbers in its line, or all with numbers behind them.

    In a text of one number a line those behind a label may be another row's where a row has none. The last row's end is
    not told by a label.
    """
    if len(rows) < _NEARLY_ALL or any(row.score != EXACT for row in rows):
        return False
    if all(_stands_beside(row, printed[row.id]) for row in rows):
        return True
    return not may_lead and all(printed.values()) and len(printed[rows[-1].id]) <= _COUNT


def _fill_in_order(id: str, own: Sequence[PlacedWord]) -> dict[tuple[str, str], SolvedBox]:
    """The boxes of a row that has all seven numbers."""
    return {(id, c): SolvedBox(w.cell, "fitted") for c, w in zip(COLUMNS, own, strict=True)}


def _fill_row(row: LabelledRow, own: Sequence[PlacedWord]) -> dict[tuple[str, str], SolvedBox]:
    """The boxes that the numbers of a row tell."""
    if len(own) == _COUNT:
        return _fill_in_order(row.id, own)
    total = {(row.id, _TOTAL): SolvedBox(own[-1].cell, "fitted")} if own else {}
    if not own or (len(own) == 1 and not number_in(own[0].text)):
        # whichever box a lone 0 is in, all of them are nought
        return {(row.id, c): blank_box(row) for c in COLUMNS} | total
    return total if 1 < len(own) < _COUNT and ends_in_sum(own) else {}


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


# Numbers apart from their labels -------------------------------------------------------------


def solve_in_sequence(labels: RowLabels, words: Sequence[PlacedWord]) -> list[Solution]:
    """The rows of the form, each with seven of the numbers in their order; nothing where a sum fails, or few say something.

    A group's 小计 stands behind its rows. Rows that the form does not have, or a row that the report leaves out, would move
    all numbers behind them: as many labels as the form has must be there, and as many numbers.
    """
    words = [w for w in words if _RULE.fullmatch(w.text) is None]
    texts = [w for w in words if not is_value(w.text)]
    if len(words) - len(texts) < _COUNT * len(labels.ids):
        return []  # most texts; to look for labels takes longer
    found = _find_labels(labels, texts)
    order = _find_order(labels, texts, found)
    if order is None:
        return []
    proved = list(_prove_runs(labels, order, words))
    if len(proved) != 1:
        return []
    (boxes, verdict), count = proved[0], len(labels.ids)
    matches = {id: found.get(id, Match("", id, 0.0, "position")) for id in labels.ids}
    return [
        Solution(
            "requests", labels.form, "flow", boxes, matches, {}, verdict, "sums", float(count), counted=count
        )
    ]


def _prove_runs(
    labels: RowLabels, order: Sequence[str], words: Sequence[PlacedWord]
) -> Iterator[tuple[dict[tuple[str, str], SolvedBox], Verdict]]:
    """The boxes of the table for each run of numbers that fills it so that all sums hold, and enough of them say something."""
    for some in _cut_runs(words, _COUNT * len(order)):
        filled = _deal_out(order, some)
        if filled is None or not _subtotals_hold(order, filled):
            continue
        boxes = {slot: box for id in labels.ids for slot, box in _fill_in_order(id, filled[id]).items()}
        verdict = judge("requests", labels.form, boxes)
        if verdict.has_weight and not verdict.failed:
            yield boxes, verdict


def _find_order(
    labels: RowLabels, texts: Sequence[PlacedWord], found: Mapping[str, Match]
) -> list[str] | None:
    """The rows of a table with those of 小计; None where the words do not tell that these are all of its rows."""
    said = folded_key("".join(w.text for w in texts))
    is_whole = all(id in found or _has_fragment(id, said, labels) for id in labels.ids)
    is_of_form = (_ROWS_OF_2021.search(said) is not None) == (labels.form == "2021")
    if not is_whole or not is_of_form or any(_OWN_ROW.search(w.text) for w in texts):
        return None
    order = _with_subtotals(labels.ids) if _SUBTOTAL in said else [*labels.ids]
    return order if said.count(_SUBTOTAL) == len(order) - len(labels.ids) else None


def _find_labels(labels: RowLabels, texts: Sequence[PlacedWord]) -> dict[str, Match]:
    """The labels of the form that stand somewhere among some words, in one word or in several that follow each other."""
    found: dict[str, Match] = {}
    for i in range(len(texts)):
        text = ""
        for w in texts[i : i + _MOST_PIECES]:
            text += w.text
            for rank, score in score_label(text, labels):
                if score == EXACT:
                    found.setdefault(labels.ids[rank], Match(text, labels.ids[rank], 100.0, "exact"))
    return found


def _has_fragment(id: str, said: str, labels: RowLabels) -> bool:
    """Whether a piece of a row's label stands somewhere that no other row's label has."""
    own = [k for k, of in labels.spellings.items() if of == id]
    others = [k for k, of in labels.spellings.items() if of != id]
    pieces = {k[i : i + _FRAGMENT] for k in own for i in range(len(k) - _FRAGMENT + 1)}
    return any(piece in said and not any(piece in k for k in others) for piece in pieces)


def _with_subtotals(ids: Sequence[str]) -> list[str]:
    """The rows of the form with that of 小计 behind the last one of each group."""
    return [x for id in ids for x in (id, subtotal_below(id)) if x is not None]


def _cut_runs(words: Sequence[PlacedWord], count: int) -> Iterator[Sequence[PlacedWord]]:
    """As many numbers as a table has, wherever they begin: of all, or of those that stand together."""
    runs = [list(run) for is_run, run in itertools.groupby(words, key=lambda w: is_value(w.text)) if is_run]
    values = [w for run in runs for w in run]
    for some in [values, *(run for run in runs if len(run) < len(values))]:
        extra = len(some) - count
        if 0 <= extra <= _MOST_BESIDE:
            yield from (some[start : start + count] for start in range(extra + 1))


def _deal_out(order: Sequence[str], values: Sequence[PlacedWord]) -> dict[str, Sequence[PlacedWord]] | None:
    """Seven numbers for each row, which add up; None where those of a row do not."""
    dealt: dict[str, Sequence[PlacedWord]] = {}
    for n, id in enumerate(order):
        own = _put_in_order(values[_COUNT * n : _COUNT * (n + 1)])
        if own is None:
            return None
        dealt[id] = own
    return dealt


def _put_in_order(own: Sequence[PlacedWord]) -> Sequence[PlacedWord] | None:
    """The numbers of a row so that they add up: as they stand, else with the lines that hold its first ones put first.

    Numbers on the level of the label come with it, and those that stand a little higher before them.
    """
    if ends_in_sum(own):
        return own
    lines = [list(run) for _, run in itertools.groupby(own, key=lambda w: w.cell.place.row)]
    turned = ([w for line in (*lines[n:], *lines[:n]) for w in line] for n in range(1, len(lines)))
    right = {tuple(w.text for w in some): some for some in turned if ends_in_sum(some)}
    return right.popitem()[1] if len(right) == 1 else None


def _subtotals_hold(order: Sequence[str], filled: Mapping[str, Sequence[PlacedWord]]) -> bool:
    """Whether each 小计 is the sum of the rows of its group in every column."""
    for n, id in enumerate(order):
        if n == 0 or subtotal_below(order[n - 1]) != id:
            continue
        group = id.removesuffix("subtotal")
        rows = [filled[other] for other in order[:n] if other.startswith(group)]
        for parts, own in zip(zip(*rows, strict=True), filled[id], strict=True):
            if sum(number_in(w.text) for w in parts) != number_in(own.text):
                return False
    return True
