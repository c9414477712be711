"""Which pieces left of the values of table three are labels of its rows, and which of groups beside them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

from gongkai.model import PlacedWord
from gongkai.normalize.solve.label_runs import EXACT, RowLabels, begins_label, folded_key, score_label

#: Rows whose label may begin left of the others, because no group stands beside it.
_SPANNING = frozenset(
    (
        "new_requests",
        "carried_in",
        "granted",
        "partially_granted",
        "other_handling",
        "outcomes_total",
        "carried_out",
    )
)
#: A piece that begins so far left of the usual labels, in points, stands in another column.
_INDENT = 6.0
#: A piece of a group's label is shorter than a row of the body's own, in characters.
_LONG = 7
#: A line that goes on with a label begins below it, or is moved by less than this share of its height.
_HANGING = 0.8
_GROUP = re.compile(r"(?:[三3]?[、.]?本年度?办理结果|不予公开|无法提供|不予处理|其[他它]处理)")
_NAMES = ("不予公开", "无法提供", "不予处理", "其他处理")
_RESULTS = re.compile(r"[三3][、.．]")
_NUMBERED = re.compile(r"[1-8][.．、]\D")


def find_label_zone(
    pieces: Sequence[PlacedWord], labels: RowLabels
) -> tuple[Sequence[PlacedWord], list[PlacedWord]]:
    """The pieces without the labels of groups in columns of their own to the left.

    And the pieces that label rows of the body's own: their numbers are nobody else's.
    """
    leaves = [w.x0 for w in pieces if _is_leaf(w, labels)]
    if not leaves:
        return pieces, []
    left = median(leaves) - _INDENT
    spanning = [k for k, id in labels.spellings.items() if id in _SPANNING]
    kept: list[PlacedWord] = []
    own: list[PlacedWord] = []
    last: PlacedWord | None = None
    for w in pieces:
        if w.x0 >= left or (w.box and w.x1 > left + _INDENT):
            kept.append(w)
        elif _is_group(w, pieces, left, labels):
            continue
        elif folded_key(w.text) in spanning or _is_of_spanning(w, last, left + _INDENT, spanning):
            kept.append(w)
            last = w if not _goes_on(w, last, spanning) or begins_label(w.text) else last
        elif (
            w.x1 > left + _INDENT
            or len(folded_key(w.text)) >= _LONG
            or folded_key(w.text) in ("小计", "合计")
        ):
            own.append(w)
    return kept, own


def _is_leaf(w: PlacedWord, labels: RowLabels) -> bool:
    """Whether a piece is surely the label of a row under a group."""
    if _NUMBERED.match(w.text):
        return True
    return any(s == EXACT and labels.ids[rank] not in _SPANNING for rank, s in score_label(w.text, labels))


def _is_group(w: PlacedWord, pieces: Sequence[PlacedWord], left: float, labels: RowLabels) -> bool:
    """Whether a piece left of the labels names a group; （六）其他处理 is a row of the form of 2019."""
    k = folded_key(w.text)
    if not k or _RESULTS.match(w.text):
        return True
    has_label_beside = any(q.x0 >= left and q.top < w.bottom and q.bottom > w.top for q in pieces)
    if _GROUP.fullmatch(k) is None:
        # the first line of a label that goes on below, in a narrow column: （五）不
        return has_label_beside and begins_label(w.text) and any(name.startswith(k) for name in _NAMES)
    return not (labels.form == "2019" and k == "其他处理" and not has_label_beside)


def _is_of_spanning(w: PlacedWord, last: PlacedWord | None, leaf: float, spanning: Sequence[str]) -> bool:
    """Whether a piece is a label, or a part of one, that begins left of the others."""
    k = folded_key(w.text)
    if begins_label(w.text) and len(k) >= 2 and any(q.startswith(k) or k.startswith(q) for q in spanning):
        return True
    return _goes_on(w, last, spanning) or (w.x1 > leaf and len(k) >= 2 and any(k in q for q in spanning))


def _goes_on(w: PlacedWord, last: PlacedWord | None, spanning: Sequence[str]) -> bool:
    """Whether a piece goes on with the spanning label above it."""
    if last is None or abs(w.x0 - last.x0) >= _HANGING * w.height or not 0 < w.top - last.top < 4 * w.height:
        return False
    return any(folded_key(w.text) in q for q in spanning)
