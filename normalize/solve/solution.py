"""One way to fill a table of the form, and how many of the form's sums hold under it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Literal, NamedTuple

from gongkai.model import Cell, LayoutKind, Match, Sum, Table
from gongkai.normalize.form.number import value_of
from gongkai.normalize.form.template import table
from gongkai.record import dataclass

#: How a box's column was decided: its row has a number for every column, or a box; by its place below or among
#: others; or nothing stands there.
SolvedWay = Literal["fitted", "aligned", "inferred"]
_Slot = tuple[str, str]
_ZERO = Decimal(0)
#: So many sums of rows and of columns, not 0 = 0, say something of a table.
_LEAST_ROW_SUMS, _LEAST_COLUMN_SUMS = 3, 2


class SolvedBox(NamedTuple):
    """A value box, and how its column was decided."""

    cell: Cell
    way: SolvedWay


#: A sum in one row or column: its name, and the number of the row or column.
SumCase = tuple[str, int]


class Verdict(NamedTuple):
    """How many sums of the form hold and fail; 0 = 0 counts as neither. `rows_…`: total = sum of the row.

    `satisfied` are the sums that hold, 0 = 0 too, `broken` those that fail.
    """

    held: int
    failed: int
    rows_held: int
    rows_failed: int
    satisfied: frozenset[SumCase] = frozenset()
    broken: frozenset[SumCase] = frozenset()

    @property
    def has_weight(self) -> bool:
        """Whether so many sums hold, not 0 = 0, of rows and of columns, that this says something."""
        return self.rows_held >= _LEAST_ROW_SUMS and self.held - self.rows_held >= _LEAST_COLUMN_SUMS

    def beats(self, other: Verdict) -> bool:
        """Whether a sum holds here that the other breaks, and none the other way round."""
        return bool(self.satisfied & other.broken) and not self.broken & other.satisfied

    @property
    def score(self) -> int:
        """A sum that fails weighs more than one that holds."""
        return self.held - 3 * self.failed


@dataclass(frozen=True, slots=True)
class Solution:
    """A table filled in one way. `rule` says why it is believed, "" where it is not.

    `rows` are the Matches of the rows found, `columns` the heads as printed. `fit` is how well the labels fit the
    form, `doubtful` are rows without values here, `counted` is how many rows have a number or a box for every column.
    `money_unit` is the unit that the heads state for amounts of money, "" where they state none.
    """

    table: str
    form: str
    kind: LayoutKind
    boxes: Mapping[_Slot, SolvedBox]
    rows: Mapping[str, Match]
    columns: Mapping[str, str]
    verdict: Verdict
    rule: str
    fit: float = 0.0
    doubtful: frozenset[str] = frozenset()
    counted: int = 0
    money_unit: str = ""

    @property
    def is_proved(self) -> bool:
        """Whether the sums of rows and columns decided, and none fails."""
        return self.rule == "sums" and not self.verdict.failed


def judge(table_id: str, form: str, boxes: Mapping[_Slot, SolvedBox]) -> Verdict:
    """The form's sums, tried on the boxes among some that hold a number, or nothing."""
    numbers = {slot: value_of(box.cell.text) for slot, box in boxes.items()}
    return judge_values(table_id, form, {slot: n[0] for slot, n in numbers.items() if n is not None})


def judge_values(table_id: str, form: str, values: Mapping[_Slot, Decimal]) -> Verdict:
    """The form's sums, tried on some values."""
    counts: Counter[tuple[bool, bool]] = Counter()
    satisfied: set[SumCase] = set()
    broken: set[SumCase] = set()
    for case, is_row, left, right in _sum_cases(table_id, form):
        sides = _add_up(left, right, values, whole=is_row)
        if sides is None:
            continue
        holds = sides[0] == sides[1]
        (satisfied if holds else broken).add(case)
        if not holds or sides[0]:
            counts[is_row, holds] += 1
    held, failed = (counts[True, holds] + counts[False, holds] for holds in (True, False))
    return Verdict(
        held, failed, counts[True, True], counts[True, False], frozenset(satisfied), frozenset(broken)
    )


@cache
def _sum_cases(table_id: str, form: str) -> Sequence[tuple[SumCase, bool, list[_Slot], list[_Slot]]]:
    """The sums of a form's table in every row and column: each with whether it goes along a row, and its sides."""
    template = table(form, table_id)
    return [
        ((rule.name, n), rule.over == "columns", left, right)
        for rule in template.sums
        if rule.relation == "="
        for n, (left, right) in enumerate(sum_sides(rule, template))
    ]


@cache
def column_sums(table_id: str, form: str, row: str, column: str) -> frozenset[SumCase]:
    """The sums down a column of a form's table that a box is part of."""
    return frozenset(
        case
        for case, is_row, left, right in _sum_cases(table_id, form)
        if not is_row and (row, column) in (*left, *right)
    )


def sum_sides(rule: Sum, template: Table) -> list[tuple[list[_Slot], list[_Slot]]]:
    """Both sides of a sum in every row, or in every column."""
    if rule.over == "columns":
        return [([(r.id, c) for c in rule.left], [(r.id, c) for c in rule.right]) for r in template.rows]
    return [([(r, c.id) for r in rule.left], [(r, c.id) for r in rule.right]) for c in template.columns]


def _add_up(
    left: list[_Slot], right: list[_Slot], values: Mapping[_Slot, Decimal], *, whole: bool
) -> tuple[Decimal, Decimal] | None:
    """Both sides of a sum; None where too little of it is there."""
    lefts = [values[slot] for slot in left if slot in values]
    if len(lefts) < len(left):
        return None
    rights = [values[slot] for slot in right if slot in values]
    if len(lefts) + len(rights) < 2 or (whole and len(rights) < len(right)):
        return None
    return sum(lefts, _ZERO), sum(rights, _ZERO)
