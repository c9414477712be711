"""Statistics of one site's night, and its documents: the entry in crawl.json."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gongkai.crawl.site import Site
from gongkai.crawl.state_tables import DocumentRow

#: Addresses of a site that may have been replaced unseen that crawl.json lists: they are many, every night.
MOST_UNTOLD = 20
#: Failures, documents and hosts of a site that crawl.json lists; the counts cover all.
MOST_NAMED = 200


@dataclass(slots=True)
class SiteStats:
    """Counts of one site's night. Each entry of the lists is a line of crawl.json."""

    site: Site
    pages: int = 0
    requests: int = 0
    unchanged: int = 0
    not_asked: int = 0
    #: stored documents that were asked after by HEAD
    asked_after: int = 0
    complete: bool = False
    new: list[dict[str, str]] = field(default_factory=list)
    replaced: list[dict[str, str]] = field(default_factory=list)
    withdrawn: list[dict[str, str]] = field(default_factory=list)
    missing: list[dict[str, str]] = field(default_factory=list)
    failed: list[dict[str, Any]] = field(default_factory=list)
    #: links that look like links to reports, or to more of a list, and that only a browser can follow
    not_followed: list[dict[str, str]] = field(default_factory=list)
    #: stored documents of which nobody said tonight whether they were replaced, by reason
    untold: Counter[str] = field(default_factory=Counter)
    untold_documents: list[dict[str, str]] = field(default_factory=list)
    flags: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    #: addresses at which the program itself failed, with the traceback
    bugs: list[tuple[str, str]] = field(default_factory=list)

    def add_failure(self, url: str, kind: str, reason: str, message: str, known: bool) -> None:
        """An address that failed. `known`: it failed for the same lasting reason on an earlier night."""
        self.failed.append({"url": url, "kind": kind, "reason": reason, "message": message, "known": known})

    def add_untold(self, url: str, reason: str) -> None:
        """A stored document of which nobody said tonight whether it was replaced."""
        self.untold[reason] += 1
        if len(self.untold_documents) < MOST_UNTOLD:
            self.untold_documents.append({"url": url, "reason": reason})

    def add_flag(self, host: str, why: str, url: str) -> None:
        """A host, or a page on it, that a person should look at."""
        one = self.flags.setdefault((host, why), {"host": host, "why": why, "links": 0, "example": url})
        one["links"] += 1

    def summary(self, documents: Sequence[DocumentRow], files: Mapping[str, str]) -> dict[str, Any]:
        """The site's entry in crawl.json. `files`: the file of each address in current/."""
        reports = len({d.report for d in documents})
        site = self.site
        short = reports < site.least
        worse = [f for f in self.failed if not f["known"]]
        for line in (*self.new, *self.replaced):
            line["file"] = files.get(line["url"], "")
        return {
            "site": site.id,
            "body": site.body,
            "division_code": site.division_code,
            "ok": self.complete and not short and not worse,
            "complete": self.complete,
            "pages": self.pages,
            "requests": self.requests,
            "documents": len(documents),
            "reports": reports,
            "new": len(self.new),
            "replaced": len(self.replaced),
            "withdrawn": len(self.withdrawn),
            "missing": len(self.missing),
            "unchanged": self.unchanged,
            "not_asked": self.not_asked,
            "asked_after": self.asked_after,
            "untold": self.untold.total(),
            "failed": len(self.failed),
            "not_followed": len(self.not_followed),
            "reasons": dict(sorted(Counter(f["reason"] for f in self.failed).items())),
            "untold_reasons": dict(sorted(self.untold.items())),
            "untold_documents": self.untold_documents,
            "least": site.least,
            "most": site.most,
            "short": short,
            "over": bool(site.most) and reports > site.most,
            "new_documents": self.new[:MOST_NAMED],
            "replaced_documents": self.replaced[:MOST_NAMED],
            "withdrawn_documents": self.withdrawn[:MOST_NAMED],
            "missing_documents": self.missing[:MOST_NAMED],
            "not_followed_links": self.not_followed[:MOST_NAMED],
            "failures": self.failed[:MOST_NAMED],
            "flags": sorted(self.flags.values(), key=lambda f: (f["why"], f["host"]))[:MOST_NAMED],
        }
