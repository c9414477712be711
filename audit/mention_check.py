"""Numbers in the narrative, compared with the tables (R7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from gongkai.audit.equation import add_up, values_of
from gongkai.model import (
    NARRATIVE,
    Address,
    Check,
    Finding,
    Mention,
    Outcome,
    Report,
    Template,
    Wording,
    flag,
)
from gongkai.record import dataclass


@dataclass(frozen=True, slots=True)
class MentionCheck:
    """A Mention and the Check of it against the boxes that its wording names."""

    mention: Mention
    check: Check


def check(report: Report, templates: Sequence[Template]) -> Iterator[Check]:
    """One Check for each number whose wording names its fields: left is the narrative, right the table."""
    yield from (c.check for c in compare_mentions(report, templates))


def compare_mentions(report: Report, templates: Sequence[Template]) -> Iterator[MentionCheck]:
    """Compare every number whose wording names fields of the report with the sum of those fields.

    It passes where one of the readings that the form allows gives the number: 收到 may count the new
    applications, or these and those carried over. Blank boxes count as zero; where one of them could
    hold the number of the narrative, the outcome is "uncertain".
    """
    values = values_of(report.facts)
    blank = {f.field.address for f in report.facts if f.blank}
    wordings = _wordings(report, templates)
    for mention in report.mentions:
        if any(a in values for a in mention.fields):
            yield MentionCheck(mention, _check(mention, wordings, values, blank))


def _wordings(report: Report, templates: Sequence[Template]) -> dict[frozenset[str], Wording]:
    """By the fields that a wording names: the other readings that the forms of this report allow."""
    forms = {f.field.template for f in report.facts}
    used = [w for form in templates if form.id in forms for w in form.wordings]
    return {frozenset(w.fields): w for w in used}


def _check(
    mention: Mention,
    wordings: Mapping[frozenset[str], Wording],
    values: Mapping[Address, Decimal | None],
    blank: set[Address],
) -> Check:
    wording = wordings.get(frozenset(".".join(a) for a in mention.fields))
    others = () if wording is None else tuple(_addresses(r) for r in wording.readings)
    readings = (mention.fields, *others)
    sums = [add_up(r, values) for r in readings]
    best = next((i for i, s in enumerate(sums) if s == mention.value), 0)
    outcome = _judge(mention, sums[best], blank)
    table, row, column = mention.fields[0]
    used = tuple(a for a in readings[best] if a in values)
    return Check(NARRATIVE, table, row, column, mention.value, sums[best], outcome, used)


def _judge(mention: Mention, counted: Decimal | None, blank: set[Address]) -> Outcome:
    """The outcome for a number of the narrative where the table counts `counted`."""
    if counted is None:
        return "not_assessable"
    if counted == mention.value:
        return "pass"
    could_be_more = mention.value > counted and any(a in blank for a in mention.fields)
    return "uncertain" if could_be_more else "fail"


def _addresses(texts: Sequence[str]) -> tuple[Address, ...]:
    found = [text.split(".") for text in texts]
    return tuple((table, row, column) for table, row, column in found)


def findings(report: Report, templates: Sequence[Template]) -> Iterator[Finding]:
    """A finding, with its sentence, for each number that no reading of its wording gives."""
    rule = next((w for form in templates for w in form.wordings if w.code == NARRATIVE), None)
    for c in compare_mentions(report, templates):
        if c.check.outcome != "fail" or rule is None:
            continue
        m, fields = c.mention, " + ".join(".".join(a) for a in c.mention.fields)
        message = (
            f"the narrative says {m.value:f}{m.unit} and the table {c.check.right:f} ({fields}): "
            f"“{m.sentence.strip()}”; both are given as printed"
        )
        at = c.mention.fields[0]
        yield flag(
            "narrative-differs",
            message,
            place=m.place,
            table=at[0],
            row=at[1],
            column=at[2],
            printed=m.printed,
            severity=rule.severity,
        )
