"""Table three printed in two halves side by side → the same words with the right half below the left one."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from statistics import median

from gongkai.model import PlacedWord
from gongkai.normalize.solve.belief import COLUMNS
from gongkai.normalize.solve.label_runs import EXACT, RowLabels, begins_label, folded_key, score_label
from gongkai.normalize.solve.table_region import Region
from gongkai.normalize.solve.word_lines import group_levels
from gongkai.record import replace

_COUNT = len(COLUMNS)
#: Heads of columns that are labels of rows as well.
_HEADS = ("其他", "总计", "合计")
#: So many labels of rows stand in each half, and those of the right one so far right of the others, in points.
_LEAST_LABELS, _APART = 5, 100.0
#: Room between the halves, and how far columns of one may stand off those of the other, in points.
_ROOM, _OFF = 20.0, 6.0


def join_halves(region: Region, labels: RowLabels) -> Region | None:
    """The region with its right half below the left one; None where it has no two halves.

    The rows of the right half are those behind the rows of the left one.
    """
    halves = _find_labels(region.texts, labels)
    if halves is None:
        return None
    begin = min(w.x0 for w in halves[1])
    top = min(w.top for half in halves for w in half)
    shown = [w for w in region.values if w.text and w.top >= top]
    cut = max((w.x1 for w in shown if w.x1 < begin), default=None)
    if cut is None or any(w.x0 < cut < w.x1 - 1 for w in region.words if w.top >= top):
        return None
    left = [w for w in region.words if w.x < cut + 1]
    right = [w for w in region.words if w.x >= cut + 1]
    across = _measure_step(left, right)
    if across is None:
        return None
    down = max(w.bottom for w in left) + _ROOM - min(w.top for w in right)
    moved = [
        replace(w, x0=w.x0 - across, x1=w.x1 - across, top=w.top + down, bottom=w.bottom + down)
        for w in right
    ]
    return Region.of(region.kind, sorted((*left, *moved), key=lambda w: (round(w.y / 3), w.x0)))


def _find_labels(
    texts: Sequence[PlacedWord], labels: RowLabels
) -> tuple[list[PlacedWord], list[PlacedWord]] | None:
    """The words that are labels of rows by themselves, in the left and in the right half; None where these are not two."""
    ranked = [
        (w, rank)
        for w in texts
        if begins_label(w.text) or folded_key(w.text) not in _HEADS
        for rank, score in score_label(w.text, labels)
        if score == EXACT
    ]
    ranked.sort(key=lambda found: found[0].x0)
    gaps = [b[0].x0 - a[0].x0 for a, b in itertools.pairwise(ranked)]
    if not gaps or max(gaps) < _APART:
        return None
    at = gaps.index(max(gaps)) + 1
    left, right = ranked[:at], ranked[at:]
    if min(len(left), len(right)) < _LEAST_LABELS or max(r for _, r in left) >= min(r for _, r in right):
        return None
    return [w for w, _ in left], [w for w, _ in right]


def _measure_step(left: Sequence[PlacedWord], right: Sequence[PlacedWord]) -> float | None:
    """How far right of the left half's columns those of the right half stand; None where they do not fit each other."""
    middles = []
    for half in (left, right):
        full = [line for line in group_levels(Region.of("points", half).values) if len(line) == _COUNT]
        if not full:
            return None
        middles.append([median(line[i].x for line in full) for i in range(_COUNT)])
    steps = [b - a for a, b in zip(*middles, strict=True)]
    step = median(steps)
    return step if all(abs(s - step) < _OFF for s in steps) else None
