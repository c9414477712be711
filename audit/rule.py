"""Rules as data, tried on a report and on the report of the year before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from gongkai.audit.rule_term import Case, Term, cases, total
from gongkai.model import Address, Check, Filing, Outcome, Rule, SeriesCheck, SeriesFinding, Template, flag
from gongkai.record import dataclass


@dataclass(frozen=True, slots=True)
class Prepared:
    """A rule with its cases, which are worked out once for any number of reports."""

    rule: Rule
    cases: tuple[Case, ...]


def prepare(rules: Sequence[Rule], templates: Sequence[Template]) -> tuple[Prepared, ...]:
    """Work out the cases of rules. Raises ValueError for a rule that cannot be tried."""
    return tuple(Prepared(rule, cases(rule, templates)) for rule in rules)


def try_rule(prepared: Prepared, this: Filing, before: Filing | None) -> Iterator[SeriesCheck]:
    """One check for each case of a rule that has a box in these reports.

    A case over two years is skipped where there is no report of the year before, or where
    that report's form has none of its boxes.
    """
    rule = prepared.rule
    table = prepared.cases[0].left[0].address if prepared.cases else None
    if rule.templates and (table is None or this.forms.get(table[0]) not in rule.templates):
        return
    for case in prepared.cases:
        if case.over_years and before is None:
            return
        check = _try_case(rule, case, this, before)
        if check is not None:
            yield check


def _try_case(rule: Rule, case: Case, this: Filing, before: Filing | None) -> SeriesCheck | None:
    """One case of a rule on a report; None where a report has none of the boxes that the case names."""
    now, then = case.addresses(before=False), case.addresses(before=True)
    past = {} if before is None else before.values
    if not (_has_any(now, this.values) and _has_any(then, past)):
        return None
    left, right = total(case.left, this.values, past), total(case.right, this.values, past)
    outcome: Outcome = "not_assessable"
    if left is not None and right is not None and not (then and _is_ambiguous(this, before)):
        outcome = _judge(rule, case, left - right, this, before)
    table, row, column = case.first_address
    here = tuple(a for a in now if a in this.values)
    check = Check(rule.code, table, row, column, left, right, outcome, here)
    return SeriesCheck(this, before if then else None, check, tuple(a for a in then if a in past))


def _has_any(addresses: Sequence[Address], values: Mapping[Address, Decimal | None]) -> bool:
    """Whether a report has one of these boxes, if there are any."""
    return not addresses or any(a in values for a in addresses)


def _is_ambiguous(this: Filing, before: Filing | None) -> bool:
    """Whether it is not known which report of one of the two years is meant."""
    return this.doubled or (before is not None and before.doubled)


def _judge(rule: Rule, case: Case, difference: Decimal, this: Filing, before: Filing | None) -> Outcome:
    """The outcome of a case whose sides differ by `difference`, left less right."""
    too_much = rule.relation != ">=" and difference > rule.tolerance
    too_little = rule.relation != "<=" and -difference > rule.tolerance
    if not (too_much or too_little):
        return "pass"
    blank = any(_is_empty(t, this, before) for t in _short(case, left_is_more=difference > 0))
    return "uncertain" if blank else "fail"


def _short(case: Case, left_is_more: bool) -> list[Term]:
    """The terms whose boxes, with a larger number, would bring the two sides closer together."""
    more, less = (case.left, case.right) if left_is_more else (case.right, case.left)
    return [t for t in less if t.factor > 0] + [t for t in more if t.factor < 0]


def _is_empty(term: Term, this: Filing, before: Filing | None) -> bool:
    filing = before if term.before else this
    return filing is not None and term.address in filing.empty


def explain_failure(rule: Rule, tried: SeriesCheck) -> SeriesFinding | None:
    """A finding for a rule that fails: both sides, the rule's own wording and the files."""
    check = tried.check
    if check.outcome != "fail":
        return None
    where = f"{check.table}.{check.row}.{check.column}"
    files = tried.filing.source_file + (f" and {tried.other.source_file}" if tried.other is not None else "")
    sides = f"{check.left:f} {_NOT[rule.relation]} {check.right:f}, difference {check.difference:f}"
    message = f"{where}: {rule.code} {rule.zh} ({rule.en}): {sides}; {files}"
    table, row, column = check.table, check.row, check.column
    if tried.other is None:
        finding = flag("rule-fails", message, table=table, row=row, column=column, severity=rule.severity)
    else:
        finding = flag("years-differ", message, table=table, row=row, column=column, severity=rule.severity)
    return SeriesFinding(tried.filing, tried.other, finding)


_NOT = {"=": "is not", "<=": "is more than", ">=": "is less than"}
