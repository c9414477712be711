"""Rules as data, tried on a report and the one before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gongkai.audit.rule_term import Case, Term, cases, total
from gongkai.model import Check, Filing, Outcome, Rule, SeriesCheck, SeriesFinding, Template, flag


@dataclass(frozen=True, slots=True)
class Prepared:
    """A rule with its cases: they are found once, for any number of reports."""

    rule: Rule
    cases: tuple[Case, ...]


def prepare(rules: Sequence[Rule], templates: Sequence[Template]) -> tuple[Prepared, ...]:
    """The rules, ready to be tried. Raises ValueError where one cannot be."""
    return tuple(Prepared(rule, cases(rule, templates)) for rule in rules)


def tried(prepared: Prepared, this: Filing, before: Filing | None) -> Iterator[SeriesCheck]:
    """Every case of a rule that has a box in these reports.

    A case over two years is not tried where there is no report of the year before, or where
    that report's form has none of its boxes.
    """
    rule = prepared.rule
    table = prepared.cases[0].left[0].address if prepared.cases else None
    if rule.templates and (table is None or this.forms.get(table[0]) not in rule.templates):
        return
    for case in prepared.cases:
        if case.over_years and before is None:
            return
        found = _tried(rule, case, this, before)
        if found is not None:
            yield found


def _tried(rule: Rule, case: Case, this: Filing, before: Filing | None) -> SeriesCheck | None:
    terms = [t for t in (*case.left, *case.right) if t.address is not None]
    past = {} if before is None else before.values
    now = [t for t in terms if not t.before]
    then = [t for t in terms if t.before]
    if (now and not _there(now, this)) or (then and (before is None or not _there(then, before))):
        return None
    left, right = total(case.left, this.values, past), total(case.right, this.values, past)
    doubled = bool(then) and (this.doubled or (before is not None and before.doubled))
    outcome: Outcome = "not_assessable"
    if left is not None and right is not None and not doubled:
        low, high = left - right, right - left
        broken = (rule.relation != ">=" and low > rule.tolerance) or (
            rule.relation != "<=" and high > rule.tolerance
        )
        blank = any(_empty(t, this, before) for t in _short(case, left > right))
        outcome = "pass" if not broken else "uncertain" if blank else "fail"
    at = next(t.address for t in (*case.left, *case.right) if t.address is not None)
    used = tuple(t.address for t in now if t.address is not None and t.address in this.values)
    check = Check(rule.code, at[0], at[1], at[2], left, right, outcome, used)
    other = tuple(t.address for t in then if t.address is not None and t.address in past)
    return SeriesCheck(this, before if then else None, check, other)


def _there(terms: Sequence[Term], filing: Filing) -> bool:
    return any(t.address in filing.values for t in terms)


def _short(case: Case, left_is_more: bool) -> list[Term]:
    """The terms that would bring the sides nearer to each other if more stood in their boxes."""
    more, less = (case.left, case.right) if left_is_more else (case.right, case.left)
    return [t for t in less if t.factor > 0] + [t for t in more if t.factor < 0]


def _empty(term: Term, this: Filing, before: Filing | None) -> bool:
    filing = before if term.before else this
    return filing is not None and term.address in filing.empty


def explain_failure(rule: Rule, found: SeriesCheck) -> SeriesFinding | None:
    """A finding for a rule that fails; both sides, the rule's own words and the files."""
    check = found.check
    if check.outcome != "fail":
        return None
    where = f"{check.table}.{check.row}.{check.column}"
    files = found.filing.source_file + (f" and {found.other.source_file}" if found.other is not None else "")
    sides = f"{check.left:f} {_NOT[rule.relation]} {check.right:f}, difference {check.difference:f}"
    message = f"{where}: {rule.code} {rule.zh} ({rule.en}): {sides}; {files}"
    at = (check.table, check.row, check.column)
    if found.other is None:
        return SeriesFinding(
            found.filing,
            None,
            flag("rule-fails", message, table=at[0], row=at[1], column=at[2], severity=rule.severity),
        )
    return SeriesFinding(
        found.filing,
        found.other,
        flag("years-differ", message, table=at[0], row=at[1], column=at[2], severity=rule.severity),
    )


_NOT = {"=": "is not", "<=": "is more than", ">=": "is less than"}
