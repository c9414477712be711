"""The same report in several files (Word, PDF, web page): Filings of one body and year → SeriesFindings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gongkai.model import Address, Filing, SeriesFinding, flag

#: Of the values other than 0 that two files both give, this share is the same at the least where they
#: are one report: a slip of the pen leaves most of them, another report of the year hardly any.
LEAST_ALIKE = 0.8
#: Differences told of one pair of files: what a person looks through; their number is told as well.
MOST_TOLD = 40


def editions(found: Sequence[Filing]) -> Iterator[SeriesFinding]:
    """What each further file of a body and year says beside the first, fact by fact.

    A file that is the same report with the same values gives a note; each value that differs a
    warning with both. A file that says something else altogether gives nothing here.
    """
    first = found[0]
    for other in found[1:]:
        if not one_report(first, other):
            continue
        differ = disputed(first, other)
        if differ:
            yield from _differences(first, other, differ)
        else:
            both = sum(a in other.values for a in first.values)
            message = f"the same report as {first.source_file}: {both} values compared, all the same"
            yield SeriesFinding(other, first, flag("same-report", message))


def one_report(first: Filing, other: Filing) -> bool:
    """Whether two files of a body and year are one report: nearly all values that both give are the same."""
    both = [a for a in first.values if a in other.values]
    telling = [a for a in both if first.values[a] or other.values[a]]
    return bool(both) and len(telling) - len(disputed(first, other)) >= LEAST_ALIKE * len(telling)


def disputed(first: Filing, other: Filing) -> list[Address]:
    """The boxes of which two files say different things."""
    return [a for a in first.values if a in other.values and not _same(first, other, a)]


def _same(a: Filing, b: Filing, address: Address) -> bool:
    """Whether two files say the same; one that could not be read says nothing."""
    return None in (a.values[address], b.values[address]) or a.values[address] == b.values[address]


def _differences(first: Filing, other: Filing, differ: Sequence[Address]) -> Iterator[SeriesFinding]:
    for table, row, column in sorted(differ)[:MOST_TOLD]:
        here, there = other.values[table, row, column], first.values[table, row, column]
        message = (
            f"the same report as {first.source_file}, which says {there} where this file says {here} "
            f"({len(differ)} such values); look at both"
        )
        finding = flag("editions-differ", message, table=table, row=row, column=column, printed=str(here))
        yield SeriesFinding(other, first, finding)
