"""The result of a night → its summary for programs, and the line for a cron mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from gongkai.emit import VERSION, DatasetCounts
from gongkai.nightly.counts import Counts
from gongkai.nightly.crawler import Crawled
from gongkai.nightly.site_years import SiteYears, pair
from gongkai.run.diff import LISTS, Difference, summary

FORMAT = "gongkai-night/1"

#: Exit codes: all well; published, but a person should look at something; not published; published, but
#: something of ours is broken: a bug at an address, a state that was damaged and begun anew.
WELL, LOOK, STAYED, BROKEN = 0, 1, 3, 4

#: keys of a crawl's summary that go into the night's
_CRAWL = ("started", "ended", "requests", "ended_early", "budget_exhausted", "totals")


@dataclass(frozen=True, slots=True)
class Look:
    """Something that a person should look at: a fixed code, how many, and a few words."""

    code: str
    count: int
    text: str


@dataclass(slots=True)
class Night:
    """The result of a night; its steps fill it in.

    `status`: published, unchanged (nothing to publish), held (the new dataset shrank), failed.
    `stage` is where it is, or where it failed. `version` is what is published at its end.
    """

    id: str
    started: str
    status: str = "failed"
    stage: str = "begin"
    why: str = ""
    ended: str = ""
    version: str | None = None
    before: str | None = None
    forced: bool = False
    #: notifications that failed
    problems: list[str] = field(default_factory=list)
    #: a line for each state of ours that was damaged and moved aside
    damage: list[str] = field(default_factory=list)
    #: nights that published and were killed before their notification
    untold: Sequence[str] = ()
    crawled: Crawled | None = None
    tally: DatasetCounts | None = None
    old: Counts = field(default_factory=Counts)
    new: Counts = field(default_factory=Counts)
    found: Difference | None = None
    expected: Mapping[str, int] = field(default_factory=dict)
    corrections: int = 0
    sources: int | None = None
    unknown: Sequence[str] = ()
    pruned: Sequence[str] = ()
    rules_failed: int | None = None

    @property
    def code(self) -> int:
        """The exit code."""
        if self.status in ("failed", "held"):
            return STAYED
        if self.damage or self.places.bugs():
            return BROKEN
        return LOOK if self.looks else WELL

    @property
    def looks(self) -> list[Look]:
        """What a person should look at."""
        places = self.places
        too_few = places.short()
        short, bad = len(too_few), len(places.bad() - too_few)
        crawled = self.crawled is None or self.crawled.well or bad or short
        counts = (
            ("sites-not-fetched", bad, "site{s} not fetched well"),
            ("sites-short", short, "site{s} short of reports"),
            ("bugs", self.places.bugs(), "link{s} at which the crawl has a bug"),
            ("crawl-not-well", int(not crawled), "crawl that did not end well"),
            ("reports-unreadable", self.kinds["unreadable"], "report{s} no longer read"),
            ("files-without-source", len(self.unknown), "file{s} without an address in the archive's state"),
            ("nights-untold", len(self.untold), "earlier night{s} published and not told of"),
        )
        found = [
            Look(code, n, f"{n:,} {text.format(s='' if n == 1 else 's')}") for code, n, text in counts if n
        ]
        found += [Look("state-damaged", 1, text) for text in self.damage]
        return [*found, *(Look("notification-failed", 1, text) for text in self.problems)]

    @property
    def places(self) -> SiteYears:
        """Counts and changes by site and year."""
        told = (self.crawled and self.crawled.summary) or {}
        crawled = {str(site.get("site", "")): site for site in told.get("sites", [])}
        return SiteYears(self.old, self.new, self.found, crawled, self.expected)

    @property
    def kinds(self) -> Mapping[str, int]:
        """Reports by what became of them; without an earlier version none."""
        return {kind: 0 if self.found is None else self.found.reports[kind] for kind in LISTS}


def summary_line(night: Night) -> str:
    """The night in one line."""
    new = night.new.all
    head = f"gongkai nightly {night.id}: {night.status}"
    if night.status == "failed":
        stays = f"; {night.version} stays published" if night.version else "; nothing is published yet"
        return f"{head} at {night.stage}: {night.why}{stays}"
    parts = [f"{new.reports:,} reports, {new.facts:,} values"]
    told = [f"{n} {kind.replace('_', ' ')}" for kind, n in night.kinds.items() if n]
    parts.append(
        ", ".join(told) if told else "nothing to compare with" if night.before is None else "no change"
    )
    if night.status == "held":
        parts.append(f"NOT published: {night.why}; {night.version} stays; look, then --force")
    if night.looks:
        parts.append(f"look: {', '.join(look.text for look in night.looks)}")
    return f"{head}: {'; '.join(parts)}"


def as_dict(night: Night) -> dict[str, Any]:
    """The content of report.json."""
    crawl = night.crawled.summary if night.crawled is not None else None
    return {
        "format": FORMAT,
        "night": night.id,
        "program": VERSION,
        "started": night.started,
        "ended": night.ended,
        "status": night.status,
        "stage": night.stage,
        "why": night.why,
        "code": night.code,
        "line": summary_line(night),
        "look": [asdict(look) for look in night.looks],
        "untold": list(night.untold),
        "forced": night.forced,
        "version": night.version,
        "compared_with": night.before,
        "removed_versions": list(night.pruned),
        "read": None if night.tally is None else _counts_read(night.tally),
        "corrections_taken_over": night.corrections,
        "rules_failed": night.rules_failed,
        "sources": night.sources,
        "files_without_source": {"count": len(night.unknown), "files": list(night.unknown[:100])},
        "crawl": None if crawl is None else {key: crawl[key] for key in _CRAWL if key in crawl},
        "counts": pair(night.old.all, night.new.all),
        "years": night.places.years(),
        "sites": night.places.sites(),
        "diff": None if night.found is None else summary(night.found),
    }


def _counts_read(tally: DatasetCounts) -> dict[str, int]:
    return {
        "reports": tally.reports, "ok": tally.ok, "partial": tally.partial,
        "narrative": tally.narrative, "empty": tally.empty,
        "failed": tally.failed, "unchanged_files": tally.unchanged, "checks_failed": tally.checks_failed,
        "sums_hold": tally.sums_hold, "sums_fail": tally.sums_fail, "sums_uncertain": tally.sums_uncertain,
        "ok_sums_fail": tally.ok_sums_fail,
    }  # fmt: skip
