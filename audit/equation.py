"""Forms and a report's facts → the equations that govern its boxes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from gongkai.model import Address, Fact, Report, Sum, Table, Template
from gongkai.record import dataclass


@dataclass(frozen=True, slots=True)
class Equation:
    """A sum of the form, in one row or column of a report: Σ left = (or ≤) Σ right."""

    rule: Sum
    table: str
    row: str | None
    column: str | None
    left: tuple[Address, ...]
    right: tuple[Address, ...]
    boxes: tuple[Address, ...]

    @property
    def total(self) -> Address | None:
        """The box that states the sum, None where no side is one box alone (R1)."""
        return self.left[0] if len(self.left) == 1 and self.rule.relation == "=" else None

    def sides(self, values: Mapping[Address, Decimal | None]) -> tuple[Decimal | None, Decimal | None]:
        """Both sums, None where a box of a side is missing or unread."""
        return add_up(self.left, values), add_up(self.right, values)

    def lacking(self, values: Mapping[Address, Decimal | None]) -> tuple[Address, ...]:
        """The boxes that are missing or unread."""
        return tuple(a for a in self.boxes if values.get(a) is None)

    def least(self, values: Mapping[Address, Decimal | None]) -> tuple[Decimal, Decimal]:
        """Both sums without the boxes that are missing or unread: counts are not negative, so no less."""
        left, right = (
            sum((values.get(a) or Decimal(0) for a in side), Decimal(0)) for side in (self.left, self.right)
        )
        return left, right

    def __str__(self) -> str:
        return f"{self.rule.name} {self.table}.{self.row or self.column}"


def equations(report: Report, templates: Sequence[Template]) -> Iterator[Equation]:
    """One Equation for each sum and each row or column, in the form's order.

    A sum that the form only suggests has severity note (the list of 2014, of which places print
    parts). It is left out where the report has none of its boxes; a sum that the form demands is not.
    """
    values = {f.field.address for f in report.facts}
    forms = {(f.field.template, f.field.table) for f in report.facts}
    for template in templates:
        for table in template.tables:
            if (template.id, table.id) in forms:
                for rule, found in _equations_of(table):
                    if rule.if_printed or rule.severity == "note":
                        found = tuple(e for e in found if _is_printed(e, values))
                    yield from found


def equations_by_box(found: Sequence[Equation]) -> dict[Address, list[int]]:
    """The equations of each box, as indexes of `found`."""
    places: dict[Address, list[int]] = defaultdict(list)
    for i, equation in enumerate(found):
        for address in equation.boxes:
            places[address].append(i)
    return places


def values_of(facts: Sequence[Fact]) -> dict[Address, Decimal | None]:
    """The facts' values by their addresses."""
    return {f.field.address: f.value for f in facts}


_ZERO = Decimal(0)
#: The equations of a table by its id: a form is one object as long as the process lives.
_KNOWN: dict[int, tuple[Table, tuple[tuple[Sum, tuple[Equation, ...]], ...]]] = {}


def _equations_of(table: Table) -> tuple[tuple[Sum, tuple[Equation, ...]], ...]:
    """The sums of a table, each with an Equation for every row or column; made once."""
    known = _KNOWN.get(id(table))
    if known is None or known[0] is not table:
        known = table, tuple((rule, tuple(_expand(rule, table))) for rule in table.sums)
        _KNOWN[id(table)] = known
    return known[1]


def _expand(rule: Sum, table: Table) -> Iterator[Equation]:
    over_rows = rule.over == "rows"
    for label in table.columns if over_rows else table.rows:
        left, right = (
            tuple((table.id, part, label.id) if over_rows else (table.id, label.id, part) for part in side)
            for side in (rule.left, rule.right)
        )
        row, column = (None, label.id) if over_rows else (label.id, None)
        yield Equation(rule, table.id, row, column, left, right, (*left, *right))


def _is_printed(equation: Equation, values: set[Address]) -> bool:
    """Whether a report has the boxes without which a sum is left out."""
    rule = equation.rule
    if rule.if_printed and not all(a in values for a in equation.left):
        return False
    return rule.severity != "note" or any(a in values for a in equation.boxes)


def add_up(addresses: Sequence[Address], values: Mapping[Address, Decimal | None]) -> Decimal | None:
    """The sum of some boxes, None where one is missing or unread."""
    total = _ZERO
    for address in addresses:
        value = values.get(address)
        if value is None:
            return None
        total += value
    return total
