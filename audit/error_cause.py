"""The printed number of a box and the number that its sums need → how the error may have come about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from gongkai.model import Address, Cause, Template
from gongkai.record import dataclass

# How likely a cause is, 0 to 100, among those that would explain the same sums. Only the order matters:
# causes that leave the digits recognisable come before those that fit any difference.
_SPLIT, _NEIGHBOUR, _DIGITS, _ONE_DIGIT, _STALE_TOTAL, _LEFT_OUT, _TOTAL = 95, 90, 80, 75, 70, 60, 55
_FAR, _SHORT, _UNKNOWN = 40, 30, 10


@dataclass(frozen=True, slots=True)
class Step:
    """One box of a set: its printed and its needed number, whether it is empty, and the parts of a total."""

    address: Address
    old: Decimal
    new: Decimal
    empty: bool
    parts: tuple[Decimal, ...] | None


@dataclass(frozen=True, slots=True)
class Order:
    """Where the rows and columns of a table stand in its form."""

    rows: Mapping[str, int]
    columns: Mapping[str, int]


def orders(templates: Sequence[Template]) -> dict[str, Order]:
    """The order of every table; where two forms have the table, their rows in one order."""
    rows: dict[str, list[str]] = {}
    columns: dict[str, list[str]] = {}
    for table in (t for form in templates for t in form.tables):
        _merge(rows.setdefault(table.id, []), [r.id for r in table.rows])
        _merge(columns.setdefault(table.id, []), [c.id for c in table.columns])
    return {id: Order(_number(rows[id]), _number(columns[id])) for id in rows}


def _merge(order: list[str], more: Sequence[str]) -> None:
    """Insert each new id behind the id that precedes it in `more`."""
    at = 0
    for id in more:
        if id in order:
            at = order.index(id) + 1
        else:
            order.insert(at, id)
            at += 1


def _number(order: Sequence[str]) -> dict[str, int]:
    return {id: n for n, id in enumerate(order)}


def causes(steps: Sequence[Step], order: Order | None) -> tuple[list[Cause], int]:
    """The cause of each box of a set, and how likely the set is, 0 to 100."""
    if len(steps) == 2 and order is not None:
        pair = _explain_pair(steps[0], steps[1], order)
        if pair is not None:
            return [pair[0], pair[0]], pair[1]
    singles = [explain_single(step) for step in steps]
    return [cause for cause, _ in singles], min(score for _, score in singles) - 5 * (len(steps) - 1)


def explain_single(step: Step) -> tuple[Cause, int]:
    """The cause of one box alone, and how likely it is."""
    if step.empty:
        return "left_out", _LEFT_OUT
    cause, score = _compare_digits(step.old, step.new)
    total = _score_total(step)
    return max([(cause, score), ("total_not_updated", total)], key=lambda c: c[1])


def _score_total(step: Step) -> int:
    """How likely a box is a total that its author did not bring up to date."""
    if step.parts is None:
        return 0
    stale = step.old == 0 or any(part and step.new - part == step.old for part in step.parts)
    return _STALE_TOTAL if stale and step.new == sum(step.parts) else _TOTAL


def _compare_digits(old: Decimal, new: Decimal) -> tuple[Cause, int]:
    """The slip of the pen that turns the digits of `new` into those of `old`, and how likely it is.

    >>> _compare_digits(Decimal(12), Decimal(120)), _compare_digits(Decimal(31), Decimal(13))
    (('digit_dropped', 80), ('digits_swapped', 80))
    """
    a, b = format(old, "f"), format(new, "f")
    if len(a) == len(b):
        return _compare_places(a, b, neither_is_zero=bool(old and new))
    if len(b) == len(a) + 1 and _without_one(b, a):
        return "digit_dropped", _DIGITS if old else _SHORT
    if len(a) == len(b) + 1 and _without_one(a, b):
        return "digit_added", _DIGITS if new else _SHORT
    return "other", _UNKNOWN


def _compare_places(a: str, b: str, *, neither_is_zero: bool) -> tuple[Cause, int]:
    """The same for two numbers of as many digits."""
    differ = [i for i in range(len(a)) if a[i] != b[i]]
    if len(differ) == 2 and differ[1] == differ[0] + 1 and sorted(a) == sorted(b):
        return "digits_swapped", _DIGITS
    if len(differ) == 1 and neither_is_zero:
        return "digit_changed", _ONE_DIGIT if len(a) > 1 else _SHORT
    return "other", _UNKNOWN


def _without_one(longer: str, shorter: str) -> bool:
    return any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))


def _join_digits(first: Step, second: Step) -> Decimal | None:
    """The digits of two boxes as one number; none where the second is no row of digits ("-3", "0.5")."""
    rest = format(second.old, "f")
    return Decimal(format(first.old, "f") + rest) if rest.isdigit() else None


def _explain_pair(a: Step, b: Step, order: Order) -> tuple[Cause, int] | None:
    """The cause of two boxes that explain each other: values exchanged, or one number cut in two."""
    same_row, same_column = a.address[1] == b.address[1], a.address[2] == b.address[2]
    if not (same_row or same_column):
        return None
    places = order.columns if same_row else order.rows
    at = 2 if same_row else 1
    first, second = sorted((a, b), key=lambda s: places[s.address[at]])
    near = places[second.address[at]] - places[first.address[at]] == 1
    if (
        same_row
        and near
        and first.old
        and {first.new, second.new} == {_join_digits(first, second), Decimal(0)}
    ):
        return "digits_split", _SPLIT
    if (a.new, b.new) == (b.old, a.old):
        return "neighbour_column" if same_row else "neighbour_row", _NEIGHBOUR if near else _FAR
    return None
