"""Equations that do not hold → the smallest sets of boxes whose change makes all of them hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from gongkai.audit.equation import Equation, equations_by_box
from gongkai.model import Address

#: The most boxes of a set: with more than three, almost any table can be made to hold in many ways.
MOST_BOXES = 3
#: The most steps of one search: enough for three boxes of the largest table.
MOST_STEPS = 20_000

#: by how much each box changes
Change = Mapping[Address, Decimal]


@dataclass(slots=True)
class System:
    """Equations over boxes that have a value, and by how much each fails: left less right."""

    found: Sequence[Equation]
    values: dict[Address, Decimal]
    at: dict[Address, list[int]] = field(init=False)
    off: list[Decimal] = field(init=False)

    def __post_init__(self) -> None:
        self.at = equations_by_box(self.found)
        self.off = [self._off(e) for e in self.found]

    def _off(self, equation: Equation) -> Decimal:
        left = sum((self.values[a] for a in equation.left), Decimal(0))
        return left - sum((self.values[a] for a in equation.right), Decimal(0))

    def sign(self, i: int, address: Address) -> int:
        """1 where the box stands on the left of equation i, -1 on the right."""
        return 1 if address in self.found[i].left else -1

    def parts(self) -> Iterator[System]:
        """Groups of equations that share no box with the rest, if one of them fails."""
        seen: set[int] = set()
        for start, off in enumerate(self.off):
            if not off or start in seen:
                continue
            part, todo = {start}, [start]
            while todo:
                for a in self.found[todo.pop()].boxes:
                    fresh = [j for j in self.at[a] if j not in part]
                    part.update(fresh)
                    todo += fresh
            seen |= part
            yield System([self.found[i] for i in sorted(part)], self.values)


def find_smallest(system: System) -> tuple[list[Change], bool]:
    """Every set of as few boxes as possible that makes all equations hold, and whether the search was complete.

    No value falls below zero. The list is empty where no set of up to MOST_BOXES will do.
    """
    search = _Search(system)
    for boxes in range(1, MOST_BOXES + 1):
        off = {i: r for i, r in enumerate(system.off) if r}
        search.step(off, {}, boxes)
        if search.sets or search.steps > MOST_STEPS:
            break
    return list(search.sets.values()), search.steps <= MOST_STEPS


@dataclass(slots=True)
class _Search:
    """One search: the sets that it found, by their content, and the steps that it took."""

    system: System
    sets: dict[frozenset[tuple[Address, Decimal]], Change] = field(default_factory=dict)
    steps: int = 0

    def step(self, off: dict[int, Decimal], chosen: dict[Address, Decimal], boxes: int) -> None:
        """Change one more box of an equation that fails, by what one of the box's equations needs."""
        self.steps += 1
        if not off:
            self.sets.setdefault(frozenset(chosen.items()), dict(chosen))
            return
        if boxes == 0 or self.steps > MOST_STEPS or len(off) > boxes * self._most(boxes):
            return
        # The set has a box of every equation that fails: we branch on the equation with the fewest boxes.
        i = min(off, key=lambda i: (len(self.system.found[i].boxes), i))
        for address in self.system.found[i].boxes:
            if address not in chosen:
                for by in self._needed_changes(address, off):
                    self.step(self._apply(off, address, by), {**chosen, address: by}, boxes - 1)

    def _most(self, boxes: int) -> int:
        return max(len(places) for places in self.system.at.values())

    def _needed_changes(self, address: Address, off: Mapping[int, Decimal]) -> list[Decimal]:
        """The changes of a box that its failing equations need; none makes it negative."""
        changes = {-off[j] * self.system.sign(j, address) for j in self.system.at[address] if j in off}
        return sorted(by for by in changes if self.system.values[address] + by >= 0)

    def _apply(self, off: Mapping[int, Decimal], address: Address, by: Decimal) -> dict[int, Decimal]:
        after = dict(off)
        for j in self.system.at[address]:
            left = after.pop(j, Decimal(0)) + by * self.system.sign(j, address)
            if left:
                after[j] = left
        return after
