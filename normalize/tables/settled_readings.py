"""Boxes of a picture that were read in two ways → the reading that the form's sums leave, where it is one alone."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from gongkai.model import Table
from gongkai.normalize.solve.solution import sum_sides
from gongkai.record import dataclass

Slot = tuple[str, str]

#: So many combinations of readings are tried in one sum, at the most.
_MOST_TRIES = 4096
#: Weight of sums that must hold where a box may be neither of its readings, and where it is one of two.
_LEAST_OPEN, _LEAST_CLOSED = 2, 1


@dataclass(frozen=True, slots=True)
class Candidates:
    """The values that a box may have. `is_open`: it may have another one too."""

    values: tuple[Decimal, ...]
    is_open: bool = False

    @property
    def is_known(self) -> bool:
        return len(self.values) == 1 and not self.is_open


def settle_readings(boxes: Mapping[Slot, Candidates], form: Table) -> dict[Slot, Decimal]:
    """The values of boxes in doubt under which alone all sums hold that they are part of.

    No value is made: each was read. A box is left out where one of its sums fails under every combination of readings,
    or where too few sums hold to tell.
    """
    doubtful = [slot for slot, box in boxes.items() if not box.is_known and box.values]
    if not doubtful:
        return {}
    equations = list(_list_equations(form, boxes))
    domains = {slot: box.values for slot, box in boxes.items()}
    failed = _narrow(equations, domains)
    settled: dict[Slot, Decimal] = {}
    for slot in doubtful:
        own = [n for n, e in enumerate(equations) if slot in e[0] or slot in e[1]]
        if len(domains[slot]) > 1 or any(n in failed for n in own):
            continue
        weight = sum(_weigh(equations[n], domains) for n in own)
        if weight >= (_LEAST_OPEN if boxes[slot].is_open else _LEAST_CLOSED):
            settled[slot] = domains[slot][0]
    return settled


_Equation = tuple[Sequence[Slot], Sequence[Slot]]


def _list_equations(form: Table, boxes: Mapping[Slot, Candidates]) -> Iterator[_Equation]:
    """The form's sums in every row and column whose boxes have values, as two lists of boxes.

    A row that the document leaves out is no part of its sums.
    """
    rows = {row for row, _ in boxes}
    for rule in form.sums:
        if rule.relation != "=":
            continue
        for left, whole in sum_sides(rule, form):
            right = [slot for slot in whole if slot[0] in rows]
            if left and right and all(s in boxes and boxes[s].values for s in (*left, *right)):
                yield left, right


def _narrow(equations: Sequence[_Equation], domains: dict[Slot, tuple[Decimal, ...]]) -> set[int]:
    """Takes away (in place) the readings under which a sum cannot hold; the numbers of sums that never hold."""
    failed: set[int] = set()
    changed = True
    while changed:
        changed = False
        for n, equation in enumerate(equations):
            if n in failed:
                continue
            free = [s for side in equation for s in side if len(domains[s]) > 1]
            if math.prod(len(domains[s]) for s in free) > _MOST_TRIES:
                continue
            good = _combinations(equation, free, domains)
            if not good:
                failed.add(n)
                continue
            for i, slot in enumerate(free):
                left = tuple(v for v in domains[slot] if any(c[i] == v for c in good))
                changed = changed or len(left) < len(domains[slot])
                domains[slot] = left
    return failed


def _combinations(
    equation: _Equation, free: Sequence[Slot], domains: Mapping[Slot, tuple[Decimal, ...]]
) -> list[tuple[Decimal, ...]]:
    """The combinations of readings of the boxes in doubt under which a sum holds."""
    signs = {s: 1 for s in equation[0]} | {s: -1 for s in equation[1]}
    rest = sum(sign * domains[s][0] for s, sign in signs.items() if s not in free)
    every = itertools.product(*(domains[s] for s in free))
    return [c for c in every if rest + sum(signs[s] * v for s, v in zip(free, c, strict=True)) == 0]


def _weigh(equation: _Equation, domains: Mapping[Slot, tuple[Decimal, ...]]) -> int:
    """What it says that a sum holds: nothing where it is 0 = 0, little where it is 31 = 31, which may be 3 = 3 misread."""
    slots = [s for side in equation for s in side]
    if any(len(domains[s]) != 1 for s in slots):
        return 0
    filled = sum(bool(domains[s][0]) for s in slots)
    return 0 if not filled else 1 if filled < 3 else 2
