"""Frames: four lines around characters inside a box of a table, that part nothing.

A frame around a figure stands within four longer lines, the walls of its box. The boxes of a table that is
drawn box by box do not: beside each stands its neighbour, whose sides are no longer than its own.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise, product
from typing import NamedTuple

from gongkai.extract.page.ruling_line import RulingLine
from gongkai.model import BBox

#: The sides of a frame meet within so much, in points.
CORNER = 1.5
#: A frame is at least so wide, in points: narrower ones draw a character.
LEAST = 3.0
#: A side of a frame is at most so long, in points: longer lines are walls.
MOST = 60.0
#: A wall of the box around a frame goes on for at least so much beyond both of its corners, in points.
BEYOND = 0.3


class CornerFrame(NamedTuple):
    """Four lines that meet in corners, and the box that they draw."""

    box: BBox
    sides: frozenset[RulingLine]


#: The lines whose ends stand on one place of a grid, by that place, and by where they begin.
Begins = dict[tuple[int, int], dict[tuple[int, int], set[RulingLine]]]


def find_frames(rules: Sequence[RulingLine]) -> list[CornerFrame]:
    """The frames that short lines draw, boxes of a table among them."""
    steps = _Steps()
    columns: dict[tuple[int, int], set[int]] = defaultdict(set)
    short = [r for r in dict.fromkeys(rules) if r[2] - r[0] <= MOST and r[3] - r[1] <= MOST]
    for left, upper, right, lower in short:
        if right - left > LEAST and steps[upper] == steps[lower]:
            columns[steps[left], steps[right]].add(steps[upper])
    if not columns:
        return []  # dotted lines have thousands of pieces, and none as long as a frame
    wanted = {x + off for ends in columns for x in ends for off in (-1, 0, 1)}
    places: Begins = {}
    for rule in short:
        left, upper, right, lower = rule
        if (x0 := steps[left]) in wanted:
            begins = places.setdefault((x0, steps[upper]), {})
            begins.setdefault((steps[right], steps[lower]), set()).add(rule)
    frames = []
    for (x0, x1), heights in columns.items():
        for top, bottom in pairwise(sorted(heights)):
            corners = (
                (x0, top, x0, bottom),
                (x1, top, x1, bottom),
                (x0, top, x1, top),
                (x0, bottom, x1, bottom),
            )
            sides: list[RulingLine] = []
            for corner in corners:
                side = _nearby(places, *corner)
                if not side:
                    break
                sides += side
            else:
                frames.append(_frame(sides))
    return frames


class _Steps(dict[float, int]):
    """Positions in steps of a corner's size; the lines of a table share theirs."""

    def __missing__(self, at: float) -> int:
        self[at] = step = round(at / CORNER)
        return step


def _nearby(places: Begins, x0: int, top: int, x1: int, bottom: int) -> list[RulingLine]:
    """The lines that stand where a side should, or one step beside."""
    return [
        rule
        for begin in product((x0, x0 - 1, x0 + 1), (top, top - 1, top + 1))
        if begin in places
        for (right, lower), rules in places[begin].items()
        if -1 <= right - x1 <= 1 and -1 <= lower - bottom <= 1
        for rule in rules
    ]


def _frame(sides: Sequence[RulingLine]) -> CornerFrame:
    lefts, tops, rights, bottoms = zip(*sides, strict=True)
    return CornerFrame((min(lefts), min(tops), max(rights), max(bottoms)), frozenset(sides))


def drop_frames(rules: Sequence[RulingLine]) -> Sequence[RulingLine]:
    """The lines of a page without the frames that stand inside a box: they part nothing."""
    frames = find_frames(rules)
    if not frames:
        return rules
    level = sorted((r.top, r.x0, r.x1, r) for r in rules if r.is_horizontal)
    upright = sorted((r.x0, r.top, r.bottom, r) for r in rules if not r.is_horizontal)
    dropped = {
        rule
        for frame in frames
        if _is_walled(frame, level, 1) and _is_walled(frame, upright, 0)
        for rule in frame.sides
    }
    return [rule for rule in rules if rule not in dropped] if dropped else rules


Walls = Sequence[tuple[float, float, float, RulingLine]]


def _is_walled(frame: CornerFrame, walls: Walls, axis: int) -> bool:
    """Whether the nearest line on both sides of a frame goes on beyond its corners.

    `walls` by their place, start and end: level ones where `axis` is 1, upright ones where it is 0.
    """
    low, high = frame.box[axis], frame.box[axis + 2]
    start, end = frame.box[1 - axis], frame.box[3 - axis]
    before = reversed(range(bisect_left(walls, (low + BEYOND,))))
    after = range(bisect_left(walls, (high - BEYOND,)), len(walls))
    return all(
        wall is not None and wall[1] < start - BEYOND and wall[2] > end + BEYOND
        for wall in (next(_beside(walls, numbers, frame, start, end), None) for numbers in (before, after))
    )


def _beside(
    walls: Walls, numbers: Sequence[int] | Iterator[int], frame: CornerFrame, start: float, end: float
) -> Iterator[tuple[float, float, float, RulingLine]]:
    """The lines beside a frame, the nearest first, without its own sides."""
    for number in numbers:
        wall = walls[number]
        if wall[1] < end and start < wall[2] and wall[3] not in frame.sides:
            yield wall
