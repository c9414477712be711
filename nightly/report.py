"""What a night did → its summary for programs, and the line for a cron mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from emit import VERSION, Tally
from nightly.count import Count, Counts, shrunk
from nightly.crawler import Crawled
from run.diff import LISTS, Difference, summary

FORMAT = "gongkai-night/1"

#: Exit codes. A dataset that is not published is told from one that wants a look.
WELL, LOOK, STAYED = 0, 1, 3

#: what of a crawl's summary goes into a night's: of all, and of a site
_CRAWL = ("started", "ended", "requests", "ended_early", "budget_exhausted", "totals")
_SITE = ("body", "division_code")
_CRAWLED = (
    "ok", "complete", "pages", "requests", "documents", "reports", "new", "replaced", "withdrawn", "failed",
    "reasons", "least", "most", "short", "over",
)  # fmt: skip
#: failures of a site that are named
_FAILURES = 5


@dataclass(frozen=True, slots=True)
class Look:
    """Something that a person should look at: a fixed code, how many, and a few words."""

    code: str
    count: int
    text: str


@dataclass(slots=True)
class Night:
    """What came of a night, filled on its way.

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
    #: nights whose changes are published and that nobody was told of: they were killed too late
    untold: Sequence[str] = ()
    crawled: Crawled | None = None
    tally: Tally | None = None
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
        return LOOK if self.looks else WELL

    @property
    def looks(self) -> list[Look]:
        """What wants a look."""
        sites = sites_of(self)
        short = sum(s["short"] for s in sites)
        bad = sum(not (s["crawl"] or {}).get("ok", True) and not s["short"] for s in sites)
        crawled = self.crawled is None or self.crawled.well or bad or short
        counts = (
            ("sites-not-fetched", bad, "site{s} not fetched well"),
            ("sites-short", short, "site{s} short of reports"),
            ("crawl-not-well", int(not crawled), "crawl that did not end well"),
            ("reports-unreadable", self.kinds["unreadable"], "report{s} no longer read"),
            ("files-without-source", len(self.unknown), "file{s} without an address in the archive's state"),
            ("nights-untold", len(self.untold), "earlier night{s} published and not told of"),
        )
        found = [
            Look(code, n, f"{n:,} {text.format(s='' if n == 1 else 's')}") for code, n, text in counts if n
        ]
        return [*found, *(Look("notification-failed", 1, text) for text in self.problems)]

    @property
    def kinds(self) -> Mapping[str, int]:
        """Reports by what became of them; without an earlier version none."""
        return {kind: 0 if self.found is None else self.found.reports[kind] for kind in LISTS}


def line(night: Night) -> str:
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


def plain(night: Night) -> dict[str, Any]:
    """report.json: all that is known of a night."""
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
        "line": line(night),
        "look": [asdict(look) for look in night.looks],
        "untold": list(night.untold),
        "forced": night.forced,
        "version": night.version,
        "compared_with": night.before,
        "removed_versions": list(night.pruned),
        "read": None if night.tally is None else _tally(night.tally),
        "corrections_taken_over": night.corrections,
        "rules_failed": night.rules_failed,
        "sources": night.sources,
        "files_without_source": {"count": len(night.unknown), "files": list(night.unknown[:100])},
        "crawl": None if crawl is None else {key: crawl[key] for key in _CRAWL if key in crawl},
        "counts": _pair(night.old.all, night.new.all),
        "sites": sites_of(night),
        "diff": None if night.found is None else summary(night.found),
    }


def _tally(tally: Tally) -> dict[str, int]:
    return {
        "reports": tally.reports, "ok": tally.ok, "partial": tally.partial, "empty": tally.empty,
        "failed": tally.failed, "unchanged_files": tally.unchanged, "checks_failed": tally.checks_failed,
    }  # fmt: skip


def sites_of(night: Night) -> list[dict[str, Any]]:
    """Every site: counts before and after, changes, years, what the crawl said, and what was expected."""
    summary = night.crawled.summary if night.crawled is not None else None
    crawled = {str(site.get("site", "")): site for site in (summary or {}).get("sites", [])}
    old, new = night.old.sites(), night.new.sites()
    changes: dict[str, dict[str, int]] = {}
    years: dict[str, set[int | None]] = {}
    if night.found is not None:
        for (kind, site, _), n in night.found.places.items():
            of = changes.setdefault(site, dict.fromkeys(LISTS, 0))
            of[kind] += n
        for _, site, year in night.found.places:
            years.setdefault(site, set()).add(year)
    for counts in (night.old, night.new):
        for site, year in counts.places:
            years.setdefault(site, set()).add(year)
    names = sorted({*old, *new, *crawled, *night.expected, *changes})
    done = bool(night.new.places)  # before anything was read, nothing is short
    return [
        _site(night, name, old, new, crawled.get(name), changes, years.get(name, set()), done)
        for name in names
    ]


def _site(
    night: Night,
    name: str,
    old: Mapping[str, Count],
    new: Mapping[str, Count],
    crawl: Mapping[str, Any] | None,
    changes: Mapping[str, Mapping[str, int]],
    years: set[int | None],
    done: bool,
) -> dict[str, Any]:
    was, now = old.get(name, Count()), new.get(name, Count())
    least = max(night.expected.get(name, 0), int((crawl or {}).get("least", 0)))
    return {
        "site": name,
        **{key: (crawl or {}).get(key, "") for key in _SITE},
        **_pair(was, now),
        "shrunk": list(shrunk(was, now)),
        "least": least,
        "short": done and now.reports < least,
        "changes": dict(changes.get(name, {})),
        "years": [
            {
                "year": year,
                **_pair(*(c.places.get((name, year), Count()) for c in (night.old, night.new))),
                "changes": {
                    kind: night.found.places[kind, name, year]
                    for kind in LISTS
                    if night.found is not None and night.found.places[kind, name, year]
                },
            }
            for year in sorted(years, key=lambda y: (y is None, y or 0))
        ],
        "crawl": None if crawl is None else _crawl(crawl),
    }


def _crawl(site: Mapping[str, Any]) -> dict[str, Any]:
    told = {key: site[key] for key in _CRAWLED if key in site}
    return told | {"failures": list(site.get("failures", []))[:_FAILURES]}


def _pair(old: Count, new: Count) -> dict[str, int]:
    return {
        "old_files": old.files, "new_files": new.files, "old_reports": old.reports,
        "new_reports": new.reports, "old_facts": old.facts, "new_facts": new.facts,
    }  # fmt: skip
