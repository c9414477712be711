"""A Report → the marks that a page shows beside each of its values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from gongkai.model import NARRATIVE, Address, Correction, Fact, Finding, Report

#: Below this confidence a value wants a look (docs/datasets.md).
LOW = 0.98
#: The codes of findings that report a person's decision.
_CONFIRMED = ("confirmed-as-printed", "correction-superfluous")

#: mark, its sign beside the number, Chinese, English
MARKS = (
    ("fail", "!", "勾稽不符", "in a sum that fails"),
    ("proposed", "⇒", "诊断：可能有误", "may be wrong, by the diagnosis"),
    ("found", "*", "有提示", "has a finding"),
    ("low", "~", "置信度低，请看原文", "low confidence: look at the page"),
    ("corrected", "✎", "已人工更正", "corrected by a person"),
    ("confirmed", "✓", "已人工确认", "confirmed by a person"),
    ("unread", "?", "未能读出", "could not be read"),
    ("blank", "·", "空白", "blank"),
)


@dataclass(frozen=True, slots=True)
class Marks:
    """The fields of a report that a failed sum, a finding, a person or the likeliest proposals name."""

    failed: frozenset[Address]
    with_finding: frozenset[Address]
    confirmed: frozenset[Address]
    proposed: frozenset[Address]

    def of(self, fact: Fact) -> tuple[str, ...]:
        """The marks of one value, in the order of MARKS."""
        address = fact.field.address
        applies = {
            "fail": address in self.failed,
            "proposed": address in self.proposed,
            "found": address in self.with_finding,
            "low": fact.confidence < LOW,
            "corrected": fact.origin == "corrected",
            "confirmed": address in self.confirmed,
            "unread": fact.value is None,
            "blank": fact.blank and fact.value is not None,
        }
        return tuple(name for name, *_ in MARKS if applies[name])


def collect_marks(report: Report) -> Marks:
    """The marks of a report's values. A note marks nothing, except a person's confirmation."""
    return Marks(
        frozenset(a for c in report.checks if c.outcome == "fail" and c.rule != NARRATIVE for a in c.facts),
        frozenset(a for f in report.findings if f.severity != "note" and (a := _address(f)) is not None),
        frozenset(a for f in report.findings if f.code in _CONFIRMED and (a := _address(f)) is not None),
        frozenset(p.address for p in report.proposals if p.rank == 1),
    )


def _address(finding: Finding) -> Address | None:
    """The field that a finding names, None where it names none."""
    if finding.table is None or finding.row is None or finding.column is None:
        return None
    return finding.table, finding.row, finding.column


def value_as_read(fact: Fact, corrections: Sequence[Correction]) -> Decimal | None:
    """The value as the program read it; the last correction of a corrected one records it.

    Raises KeyError where no correction of it is known.
    """
    if fact.origin != "corrected":
        return fact.value
    own = [c for c in corrections if c.field == ".".join(fact.field.address)]
    if not own:
        raise KeyError(fact.field.address)
    return own[-1].old
