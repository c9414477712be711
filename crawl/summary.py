"""The statistics of all sites → crawl.json, and a summary for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

FORMAT = "gongkai-crawl/1"
_COUNTS = (
    "pages",
    "documents",
    "reports",
    "new",
    "replaced",
    "withdrawn",
    "missing",
    "unchanged",
    "asked_after",
    "untold",
    "failed",
    "not_followed",
)
#: Sites that the summary names.
MOST_NAMED = 10


def stamp(seconds: float) -> str:
    """A time as it stands in crawl.json and log.jsonl: ISO 8601, UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def summary(
    sites: Sequence[dict[str, Any]],
    night: int,
    started: float,
    ended: float,
    requests: dict[str, int],
    why: str,
    damage: str = "",
) -> dict[str, Any]:
    """crawl.json. `requests` by kind; `why` the night ended early, "" where it did not; `damage` of the archive's state."""
    return {
        "format": FORMAT,
        "night": night,
        "started": stamp(started),
        "ended": stamp(ended),
        "ok": all(site["ok"] for site in sites) and not why and not damage,
        "damage": damage,
        "ended_early": why,
        "budget_exhausted": why == "budget",
        "requests": sum(requests.values()),
        "requests_by_kind": dict(sorted(requests.items())),
        "totals": {name: sum(site[name] for site in sites) for name in _COUNTS}
        | {
            "sites": len(sites),
            "sites_ok": sum(site["ok"] for site in sites),
            "sites_incomplete": sum(not site["complete"] for site in sites),
            "sites_short": sum(site["short"] for site in sites),
        },
        "sites": list(sites),
    }


def summary_lines(crawl: dict[str, Any], archive: str) -> list[str]:
    """The summary of a night in lines for people."""
    totals = crawl["totals"]
    lines = [
        f"{totals['sites']} sites: {totals['sites_ok']} well, {totals['sites_incomplete']} not gone through to their end, "
        f"{totals['sites_short']} with fewer reports than expected; {crawl['requests']} requests",
        f"{totals['documents']} documents published: {totals['new']} new, {totals['replaced']} replaced, "
        f"{totals['withdrawn']} withdrawn, {totals['missing']} gone once; {totals['failed']} addresses failed",
    ]
    if totals["asked_after"] or totals["untold"]:
        lines.append(
            f"{totals['asked_after']} stored documents were asked after by HEAD; "
            f"of {totals['untold']} nobody said whether they were replaced{_reasons(crawl['sites'])}"
        )
    if crawl["damage"]:
        lines.append(crawl["damage"])
    if crawl["ended_early"]:
        lines.append(_EARLY[crawl["ended_early"]])
    bad = [
        site
        for site in crawl["sites"]
        if not site["ok"] or site["over"] or site["flags"] or site["not_followed"]
    ]
    if bad:
        lines.append("look at first / 请先查看:")
    for site in bad[:MOST_NAMED]:
        lines.append(f"  {site['site']:<16}{'; '.join(_why(site))}")
    if len(bad) > MOST_NAMED:
        lines.append(f"  and {len(bad) - MOST_NAMED} more")
    lines.append(f"all of it: {archive}/crawl.json; read the reports: gongkai run {archive}/current --to DIR")
    return lines


_EARLY = {
    "budget": "the budget of requests is spent; the next night goes on with the sites that were not reached",
    "window": "the window is over; the next night goes on with the sites that were not reached",
    "stopped": "stopped; the next night goes on from here",
}


def _reasons(sites: Sequence[dict[str, Any]]) -> str:
    """Why it could not be told, with how many."""
    counts: Counter[str] = Counter()
    for site in sites:
        counts.update(site["untold_reasons"])
    return f" ({', '.join(f'{n} × {reason}' for reason, n in counts.most_common())})" if counts else ""


def _why(site: dict[str, Any]) -> list[str]:
    why = []
    if not site["complete"]:
        why.append("not gone through to its end")
    if site["short"]:
        why.append(f"{site['reports']} reports, at least {site['least']} were expected")
    if site["over"]:
        why.append(f"{site['reports']} reports, at most {site['most']} were expected")
    why += [f"{count} × {reason}" for reason, count in site["reasons"].items()]
    fresh = [f for f in site["failures"] if not f["known"]]
    if fresh:
        why.append(f"{fresh[0]['url']}: {fresh[0]['message']}")
    why += [f"{flag['host']}: {flag['why']}" for flag in site["flags"]]
    if site["not_followed"]:
        first = site["not_followed_links"][0]["title"]
        why.append(f"{site['not_followed']} links that only a script opens, as “{first}”")
    return why
