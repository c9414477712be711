"""Sites and years of a night: counts, changes, the crawl's statistics, expected reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gongkai.nightly.counts import Count, Counts, Year, shrunk
from gongkai.run.diff import LISTS, Difference

#: keys of a site's entry in crawl.json that go into the night's report
_NAMED = ("body", "division_code")
_CRAWLED = (
    "ok", "complete", "pages", "requests", "documents", "reports", "new", "replaced", "withdrawn", "failed",
    "reasons", "least", "most", "short", "over",
)  # fmt: skip
#: failures of a site that the report lists
_FAILURES = 5

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SiteYears:
    """The two datasets of a night, counted and compared, and the sites of its crawl.json by their ids."""

    old: Counts
    new: Counts
    found: Difference | None
    crawled: Mapping[str, Mapping[str, Any]]
    expected: Mapping[str, int]

    def short(self) -> set[str]:
        """Sites with fewer reports than expected; none while no dataset was read."""
        if not self.new.places:
            return set()
        new = self.new.sites()
        names = {*self.crawled, *self.expected}
        return {name for name in names if new.get(name, Count()).reports < self._least(name)}

    def bad(self) -> set[str]:
        """Sites that were not fetched well."""
        return {name for name, site in self.crawled.items() if not site.get("ok", True)}

    def bugs(self) -> int:
        """Addresses at which the crawl failed by a bug of ours."""
        return sum(int(site.get("reasons", {}).get("bug", 0)) for site in self.crawled.values())

    def _least(self, site: str) -> int:
        return max(self.expected.get(site, 0), int(self.crawled.get(site, {}).get("least", 0)))

    def sites(self) -> list[Entry]:
        """Every site in the order of the ids; of its years those where something changed."""
        old, new, short = self.old.sites(), self.new.sites(), self.short()
        changes: dict[str, Entry] = {}
        years: dict[str, dict[Year, Entry]] = {}
        for site, year, told in self._changed():
            years.setdefault(site, {})[year] = told
            of = changes.setdefault(site, {})
            for kind, n in told["changes"].items():
                of[kind] = of.get(kind, 0) + n
        names = sorted({*old, *new, *self.crawled, *self.expected, *changes})
        return [
            {
                "site": name,
                **{key: self.crawled.get(name, {}).get(key, "") for key in _NAMED},
                **pair(old.get(name, Count()), new.get(name, Count())),
                "shrunk": list(shrunk(old.get(name, Count()), new.get(name, Count()))),
                "least": self._least(name),
                "short": name in short,
                "changes": changes.get(name, {}),
                "years": [told for _, told in _by_year(years.get(name, {}))],
                "crawl": _crawl(self.crawled[name]) if name in self.crawled else None,
            }
            for name in names
        ]

    def years(self) -> list[Entry]:
        """All sites together, year by year."""
        old, new = self.old.years(), self.new.years()
        changes: dict[Year, dict[str, int]] = {}
        for (kind, _, year), n in ({} if self.found is None else self.found.places).items():
            of = changes.setdefault(year, {})
            of[kind] = of.get(kind, 0) + n
        every = {
            year: {"year": year, **pair(old.get(year, Count()), new.get(year, Count())), "changes": changes.get(year, {})}
            for year in {*old, *new, *changes}
        }  # fmt: skip
        return [told for _, told in _by_year(every)]

    def _changed(self) -> Iterator[tuple[str, Year, Entry]]:
        """The years of each site where something changed."""
        changes: dict[tuple[str, Year], dict[str, int]] = {}
        if self.found is not None:
            for kind in LISTS:
                for (of, site, year), n in self.found.places.items():
                    if of == kind:
                        changes.setdefault((site, year), {})[kind] = n
        for place in {*self.old.places, *self.new.places, *changes}:
            was, now = (c.places.get(place, Count()) for c in (self.old, self.new))
            if was != now or place in changes:
                site, year = place
                yield site, year, {"year": year, **pair(was, now), "changes": changes.get(place, {})}


def pair(old: Count, new: Count) -> dict[str, int]:
    """Two counts, before and after."""
    return {
        "old_files": old.files, "new_files": new.files, "old_reports": old.reports,
        "new_reports": new.reports, "old_facts": old.facts, "new_facts": new.facts,
    }  # fmt: skip


def _by_year(years: Mapping[Year, Entry]) -> list[tuple[Year, Entry]]:
    """Those of no year last."""
    return sorted(years.items(), key=lambda y: (y[0] is None, y[0] or 0))


def _crawl(site: Mapping[str, Any]) -> Entry:
    told = {key: site[key] for key in _CRAWLED if key in site}
    return told | {"failures": list(site.get("failures", []))[:_FAILURES]}
