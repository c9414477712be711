"""Numbers in the narrative against the tables (R7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gongkai.audit.equation import added, values_of
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


@dataclass(frozen=True, slots=True)
class Compared:
    """A Mention beside the boxes that its wording speaks of."""

    mention: Mention
    check: Check


def check(report: Report, templates: Sequence[Template]) -> Iterator[Check]:
    """One Check for each number whose wording names its slots: left the narrative, right the table."""
    yield from (c.check for c in compared(report, templates))


def compared(report: Report, templates: Sequence[Template]) -> Iterator[Compared]:
    """Every number whose wording names slots that the report has, beside what the table says.

    It passes where one of the readings that its form allows gives it (收到 may be what is new, or
    that and what was carried in). Blank boxes count as zero; where one of them could hold what
    the narrative says, the outcome is "uncertain".
    """
    values = values_of(report.facts)
    blank = {f.field.address for f in report.facts if f.blank}
    wordings = _wordings(report, templates)
    for mention in report.mentions:
        if any(a in values for a in mention.fields):
            yield Compared(mention, _check(mention, wordings, values, blank))


def _wordings(report: Report, templates: Sequence[Template]) -> dict[frozenset[str], Wording]:
    """What each set of slots may be read as as well, in the forms of this report."""
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
    readings = [mention.fields, *(() if wording is None else (_addresses(r) for r in wording.readings))]
    sums = [added(r, values) for r in readings]
    fits = next((i for i, s in enumerate(sums) if s == mention.value), 0)
    outcome: Outcome = "pass"
    if sums[fits] is None:
        outcome = "not_assessable"
    elif sums[fits] != mention.value:
        low = [a for a in readings[0] if a in blank and mention.value > (sums[0] or 0)]
        outcome = "uncertain" if low else "fail"
    table, row, column = mention.fields[0]
    used = tuple(a for a in readings[fits] if a in values)
    return Check(NARRATIVE, table, row, column, mention.value, sums[fits], outcome, used)


def _addresses(texts: Sequence[str]) -> tuple[Address, ...]:
    found = [text.split(".") for text in texts]
    return tuple((table, row, column) for table, row, column in found)


def findings(report: Report, templates: Sequence[Template]) -> Iterator[Finding]:
    """A finding for each number that no reading of its wording gives, with its sentence."""
    rule = next((w for form in templates for w in form.wordings if w.code == NARRATIVE), None)
    for c in compared(report, templates):
        if c.check.outcome != "fail" or rule is None:
            continue
        m, slots = c.mention, " + ".join(".".join(a) for a in c.mention.fields)
        message = (
            f"the narrative says {m.value:f}{m.unit} and the table {c.check.right:f} ({slots}): "
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
