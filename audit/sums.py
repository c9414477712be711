"""The sums that the form declares (勾稽关系), tried on every row and column they govern."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from gongkai.audit.equation import Equation, equations, governing, values_of
from gongkai.model import Address, Check, Finding, Outcome, Report, Template, flag

#: Places that one message names; the checks dataset has them all.
MOST_NAMED = 6


def check(report: Report, templates: Sequence[Template]) -> Iterator[Check]:
    """One Check for each equation of the report.

    A blank part counts as zero. Where that decides the outcome it is "uncertain"; where a box
    is missing or unread, "not_assessable", unless no number in it could make the sum hold. In the
    balance of the totals a box that the document does not have counts as nothing: as it stands, it does not hold.
    """
    found = list(equations(report, templates))
    values = values_of(report.facts)
    blank = empty(report)
    gone = absent(report)
    holds = [_holds(e, values) for e in found]
    at = governing(found)
    for i, equation in enumerate(found):
        left, right = equation.sides(values)
        outcome = _outcome(i, found, holds, at, values, blank)
        if outcome == "not_assessable" and _is_off(equation, values, gone):
            outcome = "fail"
        if outcome == "fail":
            left, right = equation.least(values)
        used = tuple(a for a in equation.boxes if a in values)
        yield Check(
            equation.rule.name, equation.table, equation.row, equation.column, left, right, outcome, used
        )


def empty(report: Report) -> frozenset[Address]:
    """The boxes with nothing in them. A placeholder ("/", "—") is not one: it says that there is nothing."""
    return frozenset(f.field.address for f in report.facts if f.blank and f.printed.strip() == "")


#: Findings that say a document has no box; any other one of a box says that it was not read.
_MISSING = frozenset({"cell-missing", "row-missing"})


def absent(report: Report) -> frozenset[tuple[str, str]]:
    """The rows (table, row) of which every box that the document has was read: what they lack, it does not have."""
    read = {f.field.address[:2] for f in report.facts}
    unread = {f.field.address[:2] for f in report.facts if f.value is None}
    said = {(f.table, f.row) for f in report.findings if f.table and f.row and f.code not in _MISSING}
    return frozenset(read - unread - said)


def _is_off(
    equation: Equation, values: Mapping[Address, Decimal | None], gone: frozenset[tuple[str, str]]
) -> bool:
    """Whether the balance of the totals lacks only boxes which the document does not have, and differs without them."""
    if equation.total is not None or equation.column != "total":
        return False
    left, right = equation.least(values)
    return left != right and all(a[:2] in gone for a in equation.lacking(values))


def _holds(equation: Equation, values: Mapping[Address, Decimal | None]) -> bool | None:
    """Whether an equation holds with blanks as zero, None where a box is missing or unread."""
    left, right = equation.sides(values)
    if left is None or right is None:
        return None
    return left == right if equation.rule.relation == "=" else left <= right


def _outcome(
    i: int,
    found: Sequence[Equation],
    holds: Sequence[bool | None],
    at: Mapping[Address, list[int]],
    values: Mapping[Address, Decimal | None],
    blank: frozenset[Address],
) -> Outcome:
    if holds[i] is None:
        return "fail" if _hopeless(found[i], values) else "not_assessable"
    if holds[i]:
        return "pass"
    # FORMS 6: a blank total is often only laziness, it means the sum of the row and not 0.
    if found[i].total in blank:
        return "uncertain"
    # A value may have been left out in a blank of the side that is short. Where another sum of
    # that box holds with it as zero, it is zero: then two values would be missing.
    short = _short(found[i], values)
    doubtful = [a for a in short if a in blank and not any(holds[j] for j in at[a])]
    return "uncertain" if doubtful else "fail"


def _hopeless(equation: Equation, values: Mapping[Address, Decimal | None]) -> bool:
    """Whether a sum cannot hold whatever stands in the boxes that are missing or unread.

    The side that lacks them is the larger one already, and counts are not negative.
    """
    left, right = equation.least(values)
    lacking = equation.lacking(values)
    longer = equation.left if left > right else equation.right
    either = left > right or (left < right and equation.rule.relation == "=")
    return either and all(a in longer for a in lacking)


def _short(equation: Equation, values: Mapping[Address, Decimal | None]) -> tuple[Address, ...]:
    """The boxes of the side whose sum is the smaller one."""
    left, right = equation.sides(values)
    assert left is not None and right is not None  # asked only of sums that fail
    return equation.left if left < right else equation.right


def findings(report: Report, checks: Sequence[Check], templates: Sequence[Template]) -> Iterator[Finding]:
    """A finding for each sum that fails, and one a rule for those that blank boxes decide or that lack boxes."""
    if all(c.outcome == "pass" for c in checks):
        return  # most reports: nothing to say, and nothing to work out for saying it
    rules = {(t.id, s.name): s for form in templates for t in form.tables for s in t.sums}
    blank = empty(report)
    values, gone = values_of(report.facts), absent(report)
    lacking = {
        (e.rule.name, e.table, e.row, e.column): e.lacking(values) for e in equations(report, templates)
    }
    unsure: dict[tuple[str, str], list[Check]] = {}
    untried: dict[tuple[str, str], list[Check]] = {}
    for c in checks:
        rule = rules.get((c.table, c.rule))
        if rule is None:
            continue
        if c.outcome == "uncertain":
            unsure.setdefault((c.table, c.rule), []).append(c)
        if c.outcome == "not_assessable":
            untried.setdefault((c.table, c.rule), []).append(c)
        if c.outcome == "fail":
            message = (
                f"{_where(c)}: {c.rule} {rule.zh} ({rule.en}): {c.left} against {c.right}, "
                f"difference {c.difference}{_counted(c, blank)}{_without(c, lacking, gone)}; the boxes are given as printed"
            )
            yield flag(
                "sum-differs", message, table=c.table, row=c.row, column=c.column, severity=rule.severity
            )
    for (table, name), found in untried.items():
        rule = rules[table, name]
        message = (
            f"{name} {rule.zh} ({rule.en}): not checked, boxes are missing or unread 缺少单元格，未能核对: "
            + "; ".join(f"{_where(c)} lacks {_named(lacking[_at(c)])}" for c in found[:MOST_NAMED])
            + (f"; and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else "")
        )
        yield flag("sum-unchecked", message, table=table, row=found[0].row, column=found[0].column)
    for (table, name), found in unsure.items():
        rule = rules[table, name]
        message = (
            f"{name} {rule.zh} ({rule.en}): whether it holds is decided by blank boxes, which count as zero: "
            + "; ".join(f"{_where(c)} {c.left} against {c.right}" for c in found[:MOST_NAMED])
            + (f"; and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else "")
        )
        first = found[0]
        yield flag("sum-uncertain", message, table=table, row=first.row, column=first.column)


def _where(check: Check) -> str:
    return f"{check.table}.{check.row or check.column}"


def _at(check: Check) -> tuple[str, str, str | None, str | None]:
    return check.rule, check.table, check.row, check.column


def _named(addresses: Sequence[Address]) -> str:
    """Some boxes by name, the first of many."""
    some = ", ".join(".".join(a) for a in addresses[:2])
    return some if len(addresses) <= 2 else f"{some} and {len(addresses) - 2} more"


def _without(
    check: Check,
    lacking: Mapping[tuple[str, str, str | None, str | None], Sequence[Address]],
    gone: frozenset[tuple[str, str]],
) -> str:
    """The boxes that a sum lacks: the document does not have them, or they could only make its longer side longer."""
    boxes = lacking[_at(check)]
    if boxes and all(a[:2] in gone for a in boxes):
        return f" (the document has no box {_named(boxes)} 文中没有此单元格; counted as nothing)"
    return f" (whatever {_named(boxes)} would hold, which is missing or unread)" if boxes else ""


def _counted(check: Check, blank: frozenset[Address]) -> str:
    """How many blank boxes a check counted as zero."""
    count = sum(a in blank for a in check.facts)
    return f" ({count} blank {'box' if count == 1 else 'boxes'} counted as 0)" if count else ""
