"""Tables with the same numbers as the body's report of the year before, or as another body's report."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from gongkai.model import Filing, SeriesFinding, flag

#: The fewest different values other than 0 of a table that is compared: a township that granted one
#: application has the same table as a thousand others.
LEAST_VALUES = 4
#: The smallest that the largest value may be: small counts agree by chance.
LEAST_LARGEST = 10

#: Tables whose figures are counted anew each year.
TABLES = ("proactive", "requests", "review", "statistics")
#: Columns that may stay the same from year to year.
_STOCK = {"in_force", "total_disclosed", "prior_year_items", "cumulative"}


def find_copied_tables(this: Filing, before: Filing) -> Iterator[SeriesFinding]:
    """A finding for each table whose values are those of the year before."""
    for table in TABLES:
        now, then = _table(this, table), _table(before, table)
        if now == then and _is_telling(now):
            message = (
                f"{table}: all {len(now)} values other than 0 are those of the report for {before.year} "
                f"({before.source_file}); they may have been copied"
            )
            yield SeriesFinding(this, before, flag("values-copied", message, table=table), Decimal(1))


def _table(filing: Filing, table: str) -> dict[tuple[str, str], Decimal]:
    """The values of a table other than 0, without stocks."""
    return {a[1:]: v for a, v in filing.values.items() if v and a[0] == table and a[2] not in _STOCK}


def _is_telling(values: Mapping[Any, Decimal]) -> bool:
    """Whether equal values are no accident."""
    distinct = set(values.values())
    return len(distinct) >= LEAST_VALUES and max(distinct) >= LEAST_LARGEST


def fingerprint(filing: Filing) -> str:
    """A hash that reports with the same numbers share; "" where a report has too few numbers to compare."""
    values = {(t, *a): v for t in TABLES for a, v in _table(filing, t).items()}
    if not _is_telling(values):
        return ""
    lines = sorted(f"{'.'.join(a)}={v.normalize():f}" for a, v in values.items())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


def find_twins(filings: Sequence[Filing]) -> Iterator[SeriesFinding]:
    """A finding for each of these reports of one fingerprint that another body has too.

    A second report of the same body is no finding.
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
