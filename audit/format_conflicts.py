"""The same report in several files (Word, PDF, web page): Filings of one body and year → SeriesFindings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gongkai.model import Address, Filing, SeriesFinding, flag

#: Two files are one report where at least this share of their common values other than 0 is the same:
#: after a slip of the pen most values still agree, in another report of the year hardly any.
LEAST_ALIKE = 0.8
#: The most differences reported for one pair of files. A message states how many there are.
MOST_REPORTED = 40


def compare_editions(found: Sequence[Filing]) -> Iterator[SeriesFinding]:
    """Compare each further file of a body and year with the first, fact by fact.

    The same report with the same values gives a note; each value that differs gives a warning with
    both values. A file that is another report gives nothing here.
    """
    first = found[0]
    for other in found[1:]:
        if not is_one_report(first, other):
            continue
        differ = find_disputed(first, other)
        if differ:
            yield from _describe_differences(first, other, differ)
        else:
            both = sum(a in other.values for a in first.values)
            message = f"the same report as {first.source_file}: {both} values compared, all the same"
            yield SeriesFinding(other, first, flag("same-report", message))


def is_one_report(first: Filing, other: Filing) -> bool:
    """Whether two files of a body and year are one report: nearly all of their common values are the same."""
    both = [a for a in first.values if a in other.values]
    telling = [a for a in both if first.values[a] or other.values[a]]
    return bool(both) and len(telling) - len(find_disputed(first, other)) >= LEAST_ALIKE * len(telling)


def find_disputed(first: Filing, other: Filing) -> list[Address]:
    """The boxes that have different values in two files."""
    return [a for a in first.values if a in other.values and not _agree(first, other, a)]


def _agree(a: Filing, b: Filing, address: Address) -> bool:
    """Whether two files agree on a box; a box that could not be read agrees with any value."""
    return None in (a.values[address], b.values[address]) or a.values[address] == b.values[address]


def _describe_differences(first: Filing, other: Filing, differ: Sequence[Address]) -> Iterator[SeriesFinding]:
    for table, row, column in sorted(differ)[:MOST_REPORTED]:
        here, there = other.values[table, row, column], first.values[table, row, column]
        message = (
            f"the same report as {first.source_file}, which says {there} where this file says {here} "
            f"({len(differ)} such values); look at both"
        )
        finding = flag("editions-differ", message, table=table, row=row, column=column, printed=str(here))
        yield SeriesFinding(other, first, finding)
