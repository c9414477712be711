"""Text that runs over a side of its box: over the foot that a page end leaves open, a number or a label over a wall."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from operator import itemgetter
from typing import NamedTuple

from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.walls import MergedBox, Walls

#: A line of a box stands at most so many heights of a letter below the table's last ruling line.
REACH = 1.6
#: Digits on both sides of a wall touch where the gap is less than this share of their height, or they overlap by less.
TOUCH = 0.12
#: A box with so many characters holds more than a number.
LONG = 16


def find_overflow(
    glyphs: Sequence[Glyph], bottom: float, boxes: Sequence[tuple[float, float]]
) -> list[list[int]]:
    """The numbers of the glyphs that belong to each of the `boxes` (x0, x1) that no line closes at `bottom`.

    Where anything else stands in those lines they are text below the table, and belong to no box.
    """
    found: list[list[int]] = [[] for _ in boxes]
    for i, (_, x0, top, x1, lower) in enumerate(glyphs):
        middle = (top + lower) / 2
        if not bottom < middle < bottom + REACH * (lower - top):
            continue
        x = (x0 + x1) / 2
        owner = next((n for n, (left, right) in enumerate(boxes) if left <= x <= right), None)
        if owner is None:
            return [[] for _ in boxes]
        found[owner].append(i)
    return found


def find_crossed(
    boxes: Sequence[MergedBox],
    contents: Mapping[tuple[int, int], Sequence[int]],
    glyphs: Sequence[Glyph],
    right: float,
) -> set[tuple[int, int]]:
    """The boxes, by row and column, between which a number stands: its digits touch across the wall.

    So does a box at the table's `right` side whose number goes on outside.

    A font that is not in the file is drawn in another one, whose digits may be wider than their box.
    """
    figures: dict[tuple[int, int], tuple[Glyph, Glyph]] = {}  # the first and the last digit of a box
    for key, numbers in contents.items():
        if 0 < len(numbers) < LONG:
            own = [g for i in numbers if "0" <= (g := glyphs[i])[0] <= "9" or "０" <= g[0] <= "９"]
            if own:
                figures[key] = min(own, key=itemgetter(1)), max(own, key=itemgetter(3))
    # the first digit of the box that begins in a column, and its place, by each row that it covers
    begins = {
        (r, box.column): ((box.row, box.column), figures[box.row, box.column][0])
        for box in boxes
        if (box.row, box.column) in figures
        for r in range(box.row, box.row + box.height)
    }
    outside = _find_outside(glyphs, right)
    end = max((box.column + box.width for box in boxes), default=0)
    crossed: set[tuple[int, int]] = set()
    for row, column, height, width in boxes:
        if (row, column) not in figures:
            continue
        last = figures[row, column][1]
        if outside and column + width == end and any(_touch(last, g) for g in outside):
            crossed.add((row, column))
        for r in range(row, row + height):
            beyond = begins.get((r, column + width))
            if beyond is not None and _touch(last, beyond[1]):
                crossed |= {(row, column), beyond[0]}
    return crossed


def _find_outside(glyphs: Sequence[Glyph], right: float) -> list[Glyph]:
    """The digits whose middle stands just beyond a table's right side."""
    twice = 2 * right
    return [g for g in glyphs if g[1] + g[3] > twice and g[1] < right + 4 and g.text.isdigit()]


def _touch(last: Glyph, first: Glyph) -> bool:
    """Whether the last digit on the left of a wall touches the first on its right."""
    high = min(last.bottom - last.top, first.bottom - first.top)
    is_level = abs(last.top + last.bottom - first.top - first.bottom) < high
    return is_level and abs(first.x0 - last.x1) < TOUCH * high


# Labels --------------------------------------------------------------------------------------
#
# A program that cannot break a line writes the whole label from its box's left side, or around its middle, and over the
# walls at its right, through the numbers of its row. What belongs together is known by how it was drawn: one character
# right behind the other, at one level, through a wall.

#: Characters of one label touch, and stand at one level: they differ by less than these shares of their height.
_TOUCH, _LEVEL = 0.12, 0.12
#: What a label does not end with: it is the value of the next box, which may stand right behind the label.
_VALUE_BEHIND = re.compile(
    r"(?: [增减+-]? [\d０-９] [\d０-９.,，．]* (?: [件条项个次份宗起户] | [万亿]?元 )? | [/／\\—–－-]+ | [无零] )+ $",
    re.VERBOSE,
)
#: So many ideographs at least are a label.
_LEAST = 4
#: A wall goes through a character if at least this share of it stands on each side.
_THROUGH = 0.12
#: A wall that goes through so many labels is one that labels run over.
_SURE = 2
#: Text begins so near to the side of its box, and its middle stands so near to that of its box, in points.
_BESIDE, _MIDDLE = 8.0, 2.0


class _PassedBox(NamedTuple):
    """A box by its row and column, its left and right side, and whether it has nothing but the label."""

    key: tuple[int, int]
    left: float
    right: float
    is_free: bool


class _OverrunLabel(NamedTuple):
    """The numbers of a label's characters, where it begins and ends, the boxes that it passes, and walls that go through it."""

    run: Sequence[int]
    x0: float
    x1: float
    passed: Sequence[_PassedBox]
    walls: frozenset[float]

    @classmethod
    def of(cls, run: Sequence[int], glyphs: Sequence[Glyph], passed: Sequence[_PassedBox]) -> _OverrunLabel:
        """The label of these characters."""
        sides = {x for box in passed for x in (box.left, box.right)}
        walls = frozenset(x for x in sides if any(_goes_through(glyphs[i], x) for i in run))
        return cls(run, glyphs[run[0]].x0, glyphs[run[-1]].x1, passed, walls)

    def find_owner(self) -> _PassedBox | None:
        """The box that it was written in: it begins at its side, or stands around its middle."""
        begun = self.passed[0]
        if begun.is_free and 0 <= self.x0 - begun.left + 1 < _BESIDE:
            return begun
        middle = (self.x0 + self.x1) / 2
        around = (b for b in self.passed if abs((b.left + b.right) / 2 - middle) < _MIDDLE and b.is_free)
        return next(around, None)

    def list_passed_walls(self) -> set[float]:
        """The walls that it goes over, whether through a character or between two."""
        return {x for box in self.passed for x in (box.left, box.right) if self.x0 < x < self.x1}

    def passes_by(self, walls: Set[float], owner: _PassedBox) -> bool:
        """Whether it goes over one of some walls between two of its characters, and the boxes behind have numbers of their own."""
        others = [b for b in self.passed if b is not owner]
        return bool(self.list_passed_walls() & walls) and bool(others) and not any(b.is_free for b in others)


def take_back(
    contents: Mapping[tuple[int, int], list[int]],
    boxes: Sequence[MergedBox],
    walls: Walls,
    glyphs: Sequence[Glyph],
    unseen: Sequence[Glyph],
) -> None:
    """Moves the characters of labels that run over walls to the boxes of these labels.

    `contents` are the numbers of the glyphs in each box; `unseen` are characters that nobody sees, as those of a label
    below a form field: what is seen of it goes on behind them.
    """
    sides = {(b.row, b.column): (walls.xs[b.column], walls.xs[b.column + b.width]) for b in boxes}
    owners = {i: key for key, numbers in contents.items() for i in numbers}
    if not any(_runs_over(glyphs[i], sides[key]) for i, key in owners.items()):
        return
    labels = [*_find_labels([*glyphs, *unseen], owners, contents, sides)]
    crossed = Counter(x for label in labels if label.walls for x in label.list_passed_walls())
    sure = {x for x, n in crossed.items() if n >= _SURE}
    for label in labels:
        to = label.find_owner()
        if to is not None and (label.walls or label.passes_by(sure, to)):
            _move([i for i in label.run if i < len(glyphs)], to.key, contents, owners)


def _find_labels(
    glyphs: Sequence[Glyph],
    owners: Mapping[int, tuple[int, int]],
    contents: Mapping[tuple[int, int], Sequence[int]],
    sides: Mapping[tuple[int, int], tuple[float, float]],
) -> Iterator[_OverrunLabel]:
    """The labels that stand in boxes, with the boxes that each of them passes."""
    for run in _find_runs(glyphs, owners):
        own = set(run)
        keys = dict.fromkeys(owners[i] for i in run if i in owners)
        passed = [_PassedBox(key, *sides[key], own.issuperset(contents[key])) for key in keys]
        yield _OverrunLabel.of(run, glyphs, passed)


def _move(
    run: Sequence[int],
    to: tuple[int, int],
    contents: Mapping[tuple[int, int], list[int]],
    owners: Mapping[int, tuple[int, int]],
) -> None:
    for i in run:
        if owners.get(i) != to:
            if i in owners:
                contents[owners[i]].remove(i)
            contents[to].append(i)
    contents[to].sort()


def _find_runs(glyphs: Sequence[Glyph], owners: Mapping[int, tuple[int, int]]) -> Iterator[list[int]]:
    """Characters one right behind the other on one level, some of them in a box, through figures that stand over them."""
    following = _link(glyphs)
    behind = set(following.values())
    for first in range(len(glyphs)):
        if first in behind or first not in following:
            continue
        run = [first]
        while run[-1] in following:
            run.append(following[run[-1]])
        run = _drop_value_behind(run, glyphs)
        if any(i in owners for i in run) and _is_label(glyphs, run):
            yield run


def _link(glyphs: Sequence[Glyph]) -> dict[int, int]:
    """The character that stands right behind another one, by their numbers; a word goes on rather than a figure."""
    rows: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for i, g in enumerate(glyphs):
        rows[round(g.bottom)].append((g.x0, i))
    for row in rows.values():
        row.sort()
    following: dict[int, int] = {}
    taken: set[int] = set()
    for i, g in enumerate(glyphs):
        found = [n for n in _list_behind(g, rows) if n != i and n not in taken and _goes_on(g, glyphs[n])]
        if found:
            best = min(found, key=lambda n: (glyphs[n].text.isdecimal(), abs(glyphs[n].x0 - g.x1)))
            following[i] = best
            taken.add(best)
    return following


def _list_behind(g: Glyph, rows: Mapping[int, Sequence[tuple[float, int]]]) -> Iterator[int]:
    near = _TOUCH * (g.bottom - g.top)
    for level in (-1, 0, 1):
        row = rows.get(round(g.bottom) + level, ())
        for x, n in row[bisect_left(row, (g.x1 - near, -1)) :]:
            if x > g.x1 + near:
                break
            yield n


def _drop_value_behind(run: list[int], glyphs: Sequence[Glyph]) -> list[int]:
    text = "".join(glyphs[i].text[:1] for i in run)
    m = _VALUE_BEHIND.search(text)
    return run if m is None else run[: m.start()]


def _goes_on(before: Glyph, g: Glyph) -> bool:
    high = before.bottom - before.top
    is_level = abs(g.bottom - before.bottom) < _LEVEL * high and abs(g.top - before.top) < 3 * _LEVEL * high
    return is_level and g.x0 > before.x0 and abs(g.x0 - before.x1) < _TOUCH * high


def _is_label(glyphs: Sequence[Glyph], run: Sequence[int]) -> bool:
    return sum("一" <= glyphs[i].text <= "鿿" for i in run) >= _LEAST


def _runs_over(g: Glyph, sides: tuple[float, float]) -> bool:
    """Whether a side of its box goes through a character that is no figure."""
    return (
        (g.x0 < sides[0] or g.x1 > sides[1])
        and "一" <= g.text <= "鿿"
        and any(_goes_through(g, x) for x in sides)
    )


def _goes_through(g: Glyph, x: float) -> bool:
    return min(x - g.x0, g.x1 - x) > _THROUGH * (g.x1 - g.x0)
