"""The sums that the form declares (勾稽关系), each tried on every row and column that it governs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from gongkai.audit.equation import Equation, equations, equations_by_box, values_of
from gongkai.model import Address, Check, Finding, Outcome, Report, Sum, Template, flag
from gongkai.record import dataclass

#: Places that one message names; the checks dataset has them all.
MOST_NAMED = 6


def check(report: Report, templates: Sequence[Template]) -> Iterator[Check]:
    """One Check for each equation of the report.

    A blank part counts as zero; where that decides the outcome, it is "uncertain". Where a box is
    missing or unread, the outcome is "not_assessable", unless no number in that box could make the
    sum hold. In the balance of the totals a box that the document does not have counts as zero.
    """
    found = list(equations(report, templates))
    values = values_of(report.facts)
    blank = empty(report)
    complete = rows_read_whole(report)
    sides = [e.sides(values) for e in found]
    holds = [_holds(e, *both) for e, both in zip(found, sides, strict=True)]
    at = {} if all(holds) else equations_by_box(found)
    for i, equation in enumerate(found):
        left, right = sides[i]
        outcome: Outcome = "pass" if holds[i] else _outcome(i, found, holds, at, values, blank)
        if outcome == "not_assessable" and _is_off(equation, values, complete):
            outcome = "fail"
        if outcome == "fail":
            left, right = equation.least(values)
        used = tuple(a for a in equation.boxes if a in values)
        yield Check(
            equation.rule.name, equation.table, equation.row, equation.column, left, right, outcome, used
        )


def empty(report: Report) -> frozenset[Address]:
    """The boxes that hold no character. A placeholder ("/", "—") is a character: it states that there is nothing."""
    return frozenset(f.field.address for f in report.facts if f.blank and f.printed.strip() == "")


#: Findings of a box that the document does not have. Any other finding of a box means that it was not read.
_MISSING = frozenset({"cell-missing", "row-missing"})


def rows_read_whole(report: Report) -> frozenset[tuple[str, str]]:
    """The rows (table, row) of which every box in the document was read: other boxes are not in the document."""
    read = {f.field.address[:2] for f in report.facts}
    unread = {f.field.address[:2] for f in report.facts if f.value is None}
    doubtful = {(f.table, f.row) for f in report.findings if f.table and f.row and f.code not in _MISSING}
    return frozenset(read - unread - doubtful)


def _is_off(
    equation: Equation, values: Mapping[Address, Decimal | None], complete: frozenset[tuple[str, str]]
) -> bool:
    """Whether the balance of the totals fails, and lacks only boxes that the document does not have."""
    if equation.total is not None or equation.column != "total":
        return False
    left, right = equation.least(values)
    return left != right and all(a[:2] in complete for a in equation.lacking(values))


def _holds(equation: Equation, left: Decimal | None, right: Decimal | None) -> bool | None:
    """Whether an equation holds when blanks count as zero; None where a box is missing or unread."""
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
    """What comes of a sum that does not hold as it stands."""
    if holds[i] is None:
        return "fail" if _hopeless(found[i], values) else "not_assessable"
    # Authors often leave a total blank out of laziness: it means the sum of the row, not 0.
    if found[i].total in blank:
        return "uncertain"
    # A value may be missing in a blank box of the smaller side. If another sum of that box holds
    # with the box as zero, then it is zero: otherwise two values would have to be missing.
    short = _short(found[i], values)
    doubtful = [a for a in short if a in blank and not any(holds[j] for j in at[a])]
    return "uncertain" if doubtful else "fail"


def _hopeless(equation: Equation, values: Mapping[Address, Decimal | None]) -> bool:
    """Whether a sum cannot hold whatever stands in the boxes that are missing or unread.

    That is so where they stand on the larger side only: counts are not negative.
    """
    left, right = equation.least(values)
    lacking = equation.lacking(values)
    longer = equation.left if left > right else equation.right
    either = left > right or (left < right and equation.rule.relation == "=")
    return either and all(a in longer for a in lacking)


def _short(equation: Equation, values: Mapping[Address, Decimal | None]) -> tuple[Address, ...]:
    """The boxes of the side whose sum is the smaller one."""
    left, right = equation.sides(values)
    assert left is not None and right is not None  # only sums that fail come here
    return equation.left if left < right else equation.right


@dataclass(frozen=True, slots=True)
class _Wording:
    """What a message about a sum needs to know of its report."""

    rules: Mapping[tuple[str, str], Sum]
    blank: frozenset[Address]
    lacking: Mapping[tuple[str, str, str | None, str | None], Sequence[Address]]
    complete: frozenset[tuple[str, str]]


def findings(report: Report, checks: Sequence[Check], templates: Sequence[Template]) -> Iterator[Finding]:
    """A finding for each sum that fails, and one a rule for sums that blank boxes decide or that lack boxes."""
    if all(c.outcome == "pass" for c in checks):
        return  # most reports
    wording = _gather_wording(report, templates)
    by_outcome: dict[Outcome, dict[tuple[str, str], list[Check]]] = {}
    for c in checks:
        if (c.table, c.rule) in wording.rules:
            by_outcome.setdefault(c.outcome, {}).setdefault((c.table, c.rule), []).append(c)
            if c.outcome == "fail":
                yield _describe_failed(c, wording)
    for untried in by_outcome.get("not_assessable", {}).values():
        yield _describe_untried(untried, wording)
    for unsure in by_outcome.get("uncertain", {}).values():
        yield _describe_uncertain(unsure, wording)


def _gather_wording(report: Report, templates: Sequence[Template]) -> _Wording:
    rules = {(t.id, s.name): s for form in templates for t in form.tables for s in t.sums}
    values = values_of(report.facts)
    lacking = {
        (e.rule.name, e.table, e.row, e.column): e.lacking(values) for e in equations(report, templates)
    }
    return _Wording(rules, empty(report), lacking, rows_read_whole(report))


def _describe_failed(c: Check, wording: _Wording) -> Finding:
    rule = wording.rules[c.table, c.rule]
    message = (
        f"{_where(c)}: {c.rule} {rule.zh} ({rule.en}): {c.left} against {c.right}, "
        f"difference {c.difference}{_describe_blanks(c, wording.blank)}{_describe_lacking(c, wording)}; "
        "the boxes are given as printed"
    )
    return flag("sum-differs", message, table=c.table, row=c.row, column=c.column, severity=rule.severity)


def _describe_untried(checks: Sequence[Check], wording: _Wording) -> Finding:
    """One rule's checks that lack boxes."""
    first = checks[0]
    rule = wording.rules[first.table, first.rule]
    places = [f"{_where(c)} lacks {_name_some(wording.lacking[_key(c)])}" for c in checks]
    message = (
        f"{rule.name} {rule.zh} ({rule.en}): not checked, boxes are missing or unread "
        f"缺少单元格，未能核对: {_list_some(places)}"
    )
    return flag("sum-unchecked", message, table=first.table, row=first.row, column=first.column)


def _describe_uncertain(checks: Sequence[Check], wording: _Wording) -> Finding:
    """One rule's checks that blank boxes decide."""
    first = checks[0]
    rule = wording.rules[first.table, first.rule]
    message = (
        f"{rule.name} {rule.zh} ({rule.en}): whether it holds is decided by blank boxes, which count as zero: "
        f"{_list_some([f'{_where(c)} {c.left} against {c.right}' for c in checks])}"
    )
    return flag("sum-uncertain", message, table=first.table, row=first.row, column=first.column)


def _list_some(places: Sequence[str]) -> str:
    more = len(places) - MOST_NAMED
    return "; ".join(places[:MOST_NAMED]) + (f"; and {more} more" if more > 0 else "")


def _where(check: Check) -> str:
    return f"{check.table}.{check.row or check.column}"


def _key(check: Check) -> tuple[str, str, str | None, str | None]:
    return check.rule, check.table, check.row, check.column


def _name_some(addresses: Sequence[Address]) -> str:
    """The first boxes by name, and how many more there are."""
    some = ", ".join(".".join(a) for a in addresses[:2])
    return some if len(addresses) <= 2 else f"{some} and {len(addresses) - 2} more"


def _describe_lacking(check: Check, wording: _Wording) -> str:
    """The boxes that a failed sum lacks: they are not in the document, or no number in them could help."""
    boxes = wording.lacking[_key(check)]
    if boxes and all(a[:2] in wording.complete for a in boxes):
        return f" (the document has no box {_name_some(boxes)} 文中没有此单元格; counted as nothing)"
    return f" (whatever {_name_some(boxes)} would hold, which is missing or unread)" if boxes else ""


def _describe_blanks(check: Check, blank: frozenset[Address]) -> str:
    """How many blank boxes a check counted as zero."""
    count = sum(a in blank for a in check.facts)
    return f" ({count} blank {'box' if count == 1 else 'boxes'} counted as 0)" if count else ""
