"""Tables that say what the body's last report said, or what another body's report says."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from decimal import Decimal

from gongkai.model import Filing, SeriesFinding, flag

#: Different values other than 0 that a table holds at least before its being the same says anything:
#: a township with one application granted has the same table as a thousand others.
LEAST_VALUES = 4
#: The largest of them, at the least: 1, 2, 3 and 4 meet again by chance.
LEAST_LARGEST = 10

#: Tables whose figures are counted anew each year.
TABLES = ("proactive", "requests", "review", "statistics")
#: What stays the same from year to year by nature.
_STOCK = {"in_force", "total_disclosed", "prior_year_items", "cumulative"}


def copied(this: Filing, before: Filing) -> Iterator[SeriesFinding]:
    """A finding for each table whose values are those of the year before."""
    for table in TABLES:
        now, then = _table(this, table), _table(before, table)
        if now == then and _telling(now):
            message = (
                f"{table}: all {len(now)} values other than 0 are those of the report for {before.year} "
                f"({before.source_file}); they may have been copied"
            )
            told = flag("values-copied", message, table=table)
            yield SeriesFinding(this, before, told, Decimal(1))


def _table(filing: Filing, table: str) -> dict[tuple[str, str], Decimal]:
    """The values of a table other than 0, stocks left out."""
    return {a[1:]: v for a, v in filing.values.items() if v and a[0] == table and a[2] not in _STOCK}


def _telling(values: dict[tuple[str, str], Decimal]) -> bool:
    distinct = set(values.values())
    return len(distinct) >= LEAST_VALUES and max(distinct) >= LEAST_LARGEST


def fingerprint(filing: Filing) -> str:
    """The same for reports whose tables say the same; "" for one that says too little to be told apart."""
    values = {(t, *a): v for t in TABLES for a, v in _table(filing, t).items()}
    distinct = set(values.values())
    if len(distinct) < LEAST_VALUES or max(distinct) < LEAST_LARGEST:
        return ""
    lines = sorted(f"{'.'.join(a)}={v.normalize():f}" for a, v in values.items())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


def twins(filings: Sequence[Filing]) -> Iterator[SeriesFinding]:
    """Reports of one fingerprint: a finding for each that another body has too.

    The same file under two names is the same report, and says nothing.
    """
    for filing in filings:
        others = [f for f in filings if f.body != filing.body]
        if others:
            first = others[0]
            more = f" and {len(others) - 1} more" if len(others) > 1 else ""
            same = "the same file" if first.sha256 == filing.sha256 else first.source_file
            message = (
                f"every figure of this report is that of {first.org} {first.year} ({same}){more}; "
                "one may have been copied, or a report stands under a wrong name"
            )
            yield SeriesFinding(filing, first, flag("report-repeats", message), Decimal(len(others)))
