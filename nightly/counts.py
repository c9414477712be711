"""A dataset → reports and facts by site and year; two datasets → what shrank."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gongkai.run.dataset_files import lines
from gongkai.run.diff import site as site_of

_READ = ("ok", "partial", "narrative")
#: columns that datasets of every program version have
_COLUMNS = ("source_file", "year", "status", "facts")

Year = int | None


@dataclass(slots=True)
class Count:
    """Numbers of files, of reports among them, and of values."""

    files: int = 0
    reports: int = 0
    facts: int = 0

    def add(self, other: Count) -> None:
        """Count more."""
        self.files += other.files
        self.reports += other.reports
        self.facts += other.facts


@dataclass(slots=True)
class Counts:
    """The counts of a dataset, whole and by (site, year)."""

    all: Count = field(default_factory=Count)
    places: dict[tuple[str, Year], Count] = field(default_factory=dict)

    def sites(self) -> dict[str, Count]:
        """The counts of each site."""
        found: dict[str, Count] = {}
        for (site, _), count in self.places.items():
            found.setdefault(site, Count()).add(count)
        return found

    def years(self) -> dict[Year, Count]:
        """The counts of each year."""
        found: dict[Year, Count] = {}
        for (_, year), count in self.places.items():
            found.setdefault(year, Count()).add(count)
        return found


def counts(dataset: Path | None) -> Counts:
    """The counts of a dataset folder; zeros where there is none."""
    found = Counts()
    if dataset is None:
        return found
    for file, year, status, facts in lines(dataset, "reports", _COLUMNS):
        one = Count(1, int(status in _READ), int(facts or 0))
        found.all.add(one)
        place = site_of(file), None if year in (None, "") else int(year)
        found.places.setdefault(place, Count()).add(one)
    return found


def shrunk(old: Count, new: Count) -> Mapping[str, tuple[int, int]]:
    """What shrank: "reports" or "facts" → before and after."""
    both = {"reports": (old.reports, new.reports), "facts": (old.facts, new.facts)}
    return {what: pair for what, pair in both.items() if pair[1] < pair[0]}


def find_loss(old: Count, new: Count, share: float) -> str:
    """Why a dataset must not be published: it lost more than a share of its reports or facts; "" if it may."""
    lost = [
        f"{was:,} {what} became {now:,}"
        for what, (was, now) in shrunk(old, new).items()
        if was - now > share * was
    ]
    return f"{' and '.join(lost)}; {100 * share:g} % may be lost" if lost else ""
