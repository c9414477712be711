"""The way back through the reader: doubtful boxes are read again, and every value gets its confidence.

`pipeline.audited` asks the format's second engine for the boxes of `find_doubtful`; `weigh` compares both readings.
A value is never changed here. The confidence is calibrated on documents with truth (bench/accuracy.py prints the table).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from gongkai.model import Address, Check, Fact, Finding, Report, flag
from gongkai.record import replace

#: printed text → its value and whether the box was blank; None where it is no number
Parse = Callable[[str], tuple[Decimal, bool] | None]

#: A sum with other boxes confirms the value; only two errors that cancel each other could still hide.
CONFIRMED = 0.9995
#: A sum of the box fails: the report may be wrong, or our reading.
BROKEN = 0.97
#: Two engines read the box alike, though its sums fail. Less than where sums say nothing: what misleads one engine (a raised
#: figure, a number that goes on over the page) may mislead both.
READ_TWICE = 0.985
#: Rules of label matching that leave no doubt about the row or column.
_SURE = frozenset({"exact", "alias"})
#: Two engines read the box differently.
DISPUTED = 0.5


def find_doubtful(report: Report, checks: Sequence[Check]) -> list[Fact]:
    """The facts whose boxes a second engine should read: those of sums that fail."""
    wanted = {a for c in checks if c.outcome == "fail" for a in c.facts}
    printed = (f for f in report.facts if f.origin == "printed" and f.value is not None)
    return [f for f in printed if f.field.address in wanted]


def parse_numbers(second: Mapping[Address, str | None], parse: Parse) -> dict[Address, Decimal | None]:
    """The values of a second reading, None for text that is no number; without the boxes that it did not find."""
    parsed = {address: parse(text) for address, text in second.items() if text is not None}
    return {address: None if number is None else number[0] for address, number in parsed.items()}


def weigh(
    report: Report, checks: Sequence[Check], second: Mapping[Address, str | None], parse: Parse
) -> tuple[tuple[Fact, ...], list[Finding]]:
    """The facts with their confidence, and a finding for each box that two engines read differently."""
    confirmed: set[Address] = set()
    broken: set[Address] = set()
    for check in checks:
        if check.outcome == "fail":
            broken.update(check.facts)
        elif check.outcome == "pass" and check.left:
            confirmed.update(check.facts)
    facts: list[Fact] = []
    findings: list[Finding] = []
    for fact in report.facts:
        other = second.get(fact.field.address)
        agrees = None if other is None else _agree(fact, other, parse)
        if agrees is False:
            findings.append(_describe_dispute(fact, other or ""))
        confidence = _confidence(fact, confirmed, broken, agrees)
        facts.append(fact if confidence == fact.confidence else replace(fact, confidence=confidence))
    return tuple(facts), findings


def _confidence(fact: Fact, confirmed: set[Address], broken: set[Address], agrees: bool | None) -> float:
    if fact.value is None:
        return 0.0
    if agrees is False:
        return min(fact.confidence, DISPUTED)
    address = fact.field.address
    if address in broken:
        return min(fact.confidence, READ_TWICE if agrees else BROKEN)
    if address in confirmed and fact.origin == "printed" and fact.confidence >= 0.95 and not fact.blank:
        # a sum along the row holds whichever row it is: it does not confirm a doubtful label
        return CONFIRMED if {fact.row_match.rule, fact.column_match.rule} <= _SURE else fact.confidence
    return fact.confidence


def _agree(fact: Fact, other: str, parse: Parse) -> bool:
    """Whether a second reading of the box gives the same number, or the same text if one is no number."""
    first, second = parse(fact.printed), parse(other)
    if first is None or second is None:
        return "".join(other.split()) == "".join(fact.printed.split())
    return first == second


def _describe_dispute(fact: Fact, other: str) -> Finding:
    table, row, column = fact.field.address
    message = f"{fact.place}: read as “{fact.printed.strip()}” and a second time as “{other.strip()}”"
    return flag(
        "readings-differ",
        message,
        place=fact.place,
        table=table,
        row=row,
        column=column,
        printed=fact.printed,
    )
