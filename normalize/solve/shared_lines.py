"""Rows of a text whose numbers run into each other's lines → the numbers of each, dealt out line by line.

Where rows stand close, a text made from a page breaks their numbers over lines that they share, piece by piece: first
the left part of the upper row and that of the lower one, then the middle of both, then the end. Whoever asks for it
believes it only where the form's sums hold.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from gongkai.model import PlacedWord
from gongkai.normalize.solve.label_runs import LabelledRow

_Line = Sequence[PlacedWord]


def share_lines(lines: Sequence[_Line], rows: Sequence[LabelledRow], count: int) -> Mapping[str, _Line]:
    """The numbers of each row, `count` from left to right, where some rows share lines; empty where none do.

    Rows that have one whole line at their label keep it: the lines between two of these are those of the rows between.
    """
    ordered = sorted(rows, key=lambda row: row.top)
    own = {row.id: line for row in ordered if (line := _find_own_line(row, lines, count)) is not None}
    dealt: dict[str, _Line] = {}
    for above, run, below in _find_runs(ordered, own):
        top = _level(own[above]) if above is not None else -math.inf
        bottom = _level(own[below]) if below is not None else math.inf
        between = [line for line in lines if top < _level(line) < bottom]
        numbers = _deal_out(between, len(run), count)
        dealt.update(zip(run, numbers, strict=False))  # no numbers where it is not certain whose they are
    return {**own, **dealt} if dealt else {}


def _level(line: _Line) -> float:
    return median(w.y for w in line)


def _find_own_line(row: LabelledRow, lines: Sequence[_Line], count: int) -> _Line | None:
    """The one line with a number for each column at the height of a label."""
    beside = [line for line in lines if row.top <= _level(line) <= row.bottom]
    return beside[0] if len(beside) == 1 and len(beside[0]) == count else None


def _find_runs(
    rows: Sequence[LabelledRow], own: Mapping[str, _Line]
) -> Iterator[tuple[str | None, list[str], str | None]]:
    """Rows in a run without a line of their own, and the rows with one before and behind them."""
    groups = [
        (is_own, [row.id for row in run])
        for is_own, run in itertools.groupby(rows, key=lambda row: row.id in own)
    ]
    for i, (is_own, ids) in enumerate(groups):
        if not is_own:
            above = groups[i - 1][1][-1] if i else None
            below = groups[i + 1][1][0] if i + 1 < len(groups) else None
            yield above, ids, below


def _deal_out(lines: Sequence[_Line], rows: int, count: int) -> list[_Line]:
    """The numbers of so many rows, a line in turn to each of them; empty where their parts are not of one length."""
    if rows < 2 or not lines or len(lines) % rows:
        return []
    turns = [lines[i : i + rows] for i in range(0, len(lines), rows)]
    if any(len({len(line) for line in turn}) > 1 for turn in turns):
        return []
    numbers: list[_Line] = [[w for turn in turns for w in turn[n]] for n in range(rows)]
    return numbers if all(len(own) == count for own in numbers) else []
