"""The sums that the form declares (勾稽关系), tried on every row and column they govern."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from model import Check, Fact, Finding, Outcome, Report, Sum, Table, Template

Address = tuple[str, str, str]


def check(report: Report, templates: Sequence[Template]) -> Iterator[Check]:
    """One Check for each rule and each row or column that has a box of it.

    A blank part counts as zero. Where that decides the outcome, or a total is blank (nothing is
    stated then), it is "uncertain"; where a box is missing or unread, "not_assessable".
    """
    values = {f.field.address: f for f in report.facts}
    forms = {(f.field.template, f.field.table) for f in report.facts}
    for template in templates:
        for table in template.tables:
            if (template.id, table.id) in forms:
                for rule in table.sums:
                    yield from _tried(rule, table, values)


def _tried(rule: Sum, table: Table, values: dict[Address, Fact]) -> Iterator[Check]:
    across = table.columns if rule.over == "rows" else table.rows
    for label in across:
        left = [_address(rule, table, part, label.id) for part in rule.left]
        right = [_address(rule, table, part, label.id) for part in rule.right]
        if any(a in values for a in (*left, *right)):
            yield _check(rule, table, label.id, left, right, values)


def _address(rule: Sum, table: Table, part: str, across: str) -> Address:
    return (table.id, part, across) if rule.over == "rows" else (table.id, across, part)


def _check(
    rule: Sum,
    table: Table,
    across: str,
    left: list[Address],
    right: list[Address],
    values: dict[Address, Fact],
) -> Check:
    row, column = (None, across) if rule.over == "rows" else (across, None)
    addresses = tuple(a for a in (*left, *right) if a in values)
    sides = _side(left, values), _side(right, values)
    if sides[0] is None or sides[1] is None:
        return Check(rule.name, table.id, row, column, sides[0], sides[1], "not_assessable", addresses)
    holds = sides[0] == sides[1] if rule.relation == "=" else sides[0] <= sides[1]
    outcome: Outcome = "pass" if holds else _failed(rule, left, right, values)
    return Check(rule.name, table.id, row, column, sides[0], sides[1], outcome, addresses)


def _side(addresses: Iterable[Address], values: dict[Address, Fact]) -> Decimal | None:
    """The sum of one side, None where a box of it is missing or unread."""
    total = Decimal(0)
    for a in addresses:
        fact = values.get(a)
        if fact is None or fact.value is None:
            return None
        total += fact.value
    return total


def _failed(rule: Sum, left: list[Address], right: list[Address], values: dict[Address, Fact]) -> Outcome:
    """A sum that does not hold: "uncertain" where a total is blank, for then none is stated."""
    totals = [a for a in (*left, *right) if a[1] == "outcomes_total" or a[2] == "total"]
    blank = [
        a
        for a in (left if rule.over == "columns" else totals)
        if values[a].blank and values[a].printed.strip() == ""
    ]
    return "uncertain" if blank else "fail"


def findings(checks: Sequence[Check], templates: Sequence[Template]) -> Iterator[Finding]:
    """A finding for each sum that fails, with both sides and the rule's own words."""
    rules = {(t.id, s.name): s for form in templates for t in form.tables for s in t.sums}
    for c in checks:
        if c.outcome != "fail":
            continue
        rule = rules[c.table, c.rule]
        where = f"{c.table}.{c.row or c.column}"
        message = (
            f"{where}: {c.rule} {rule.zh} ({rule.en}): {c.left} against {c.right}, difference {c.difference}; "
            "the boxes are given as printed"
        )
        yield Finding("sum-differs", rule.severity, message, None, c.table, c.row, c.column)
