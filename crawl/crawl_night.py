"""One night: crawl all sites, several at once, those whose last turn is oldest first."""

from __future__ import annotations

import asyncio
import json
import signal
import sqlite3
import sys
import time
import traceback
from collections.abc import Coroutine, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gongkai.crawl.crawl_log import CrawlLog
from gongkai.crawl.document_store import Archive
from gongkai.crawl.http import spider
from gongkai.crawl.http.fetcher import Fetcher
from gongkai.crawl.http.response import NightEnded, Transport
from gongkai.crawl.http.warc import Warc
from gongkai.crawl.replacement_check import ReplacementCheck
from gongkai.crawl.site import Site, Sites, load
from gongkai.crawl.site_crawl import SiteCrawl
from gongkai.crawl.site_stats import SiteStats
from gongkai.crawl.state import CrawlState
from gongkai.crawl.summary import summary
from gongkai.run.lock import Busy, locked
from gongkai.run.results.state_folder import is_damage, remove

#: seconds to wait for the lock of a crawl of the same archive that was just killed
_LOCK_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """The options of one night."""

    allow_private: bool = False
    recheck: bool = False
    warc: bool = False


class CrawlNight:
    """One crawl of an archive. The caller has locked the archive."""

    def __init__(
        self, sites: Sites, archive: Archive, state: CrawlState, choices: CrawlOptions, damage: str = ""
    ) -> None:
        self._sites = sites
        self._archive = archive
        self._state = state
        self._choices = choices
        self._damage = damage
        self._started = time.time()
        self._stats: dict[str, SiteStats] = {}
        #: crawls of sites that came to their end
        self._visits: list[SiteCrawl] = []
        self._fetcher: Fetcher | None = None
        number = state.begin(self._started)
        name = time.strftime("crawl-%Y%m%dT%H%M%SZ.warc.gz", time.gmtime(self._started))
        warc = Warc(archive.folder / "warc" / name) if choices.warc else None
        self._number = number
        self._log = CrawlLog(archive.folder / "log.jsonl", state, number, warc)

    async def work(self, transport: Transport) -> None:
        """Crawl the sites."""
        manners = self._sites.manners
        self._fetcher = Fetcher(transport, manners, self._state, self._log.record)
        if sys.platform != "win32":
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self._fetcher.stop)
        self._log.write("begin", self._started, sites=len(self._sites.sites))
        waiting = iter(_by_age(self._sites.sites, self._state.turns()))
        await asyncio.gather(*(self._worker(waiting) for _ in range(manners.sites_at_once)))
        await self._find_replaced()

    async def _find_replaced(self) -> None:
        """Ask after the stored documents that were not due tonight: what is left of the budget is shared by all sites."""
        assert self._fetcher is not None
        checks = {visit: visit.replacement_check() for visit in self._visits}
        waiting = [(visit, check) for visit, check in checks.items() if check.waiting]
        while waiting and self._fetcher.spare:
            share = max(1, self._fetcher.spare // len(waiting))
            turns = iter(waiting)
            await asyncio.gather(
                *(self._check_worker(turns, share) for _ in range(self._sites.manners.sites_at_once))
            )
            waiting = [(visit, check) for visit, check in waiting if check.waiting]
        for check in checks.values():
            check.give_up()

    async def _check_worker(self, turns: Iterator[tuple[SiteCrawl, ReplacementCheck]], share: int) -> None:
        for visit, check in turns:
            if not await self._guard(visit, check.run(share)):
                return

    async def _worker(self, waiting: Iterator[Site]) -> None:
        """Crawl one site after the other until none is left or the night ends."""
        assert self._fetcher is not None
        for site in waiting:
            visit = SiteCrawl(
                site,
                self._sites.manners,
                self._fetcher,
                self._state,
                self._archive,
                self._started,
                self._choices.recheck,
            )
            self._stats[site.id] = visit.stats
            if not await self._guard(visit, visit.run()):
                return
            self._visits.append(visit)

    async def _guard(self, visit: SiteCrawl, work: Coroutine[Any, Any, Any]) -> bool:
        """Do some work of a site; whether the night goes on. A bug fails this site only, and the log has its traceback."""
        start, logged = visit.site.starts[0], len(visit.stats.bugs)
        try:
            await work
        except NightEnded as ended:
            message = f"the night ended first: {ended}"
            visit.stats.add_failure(start, "list", "not-reached", message, False)
            return False
        except (OSError, sqlite3.Error):  # the disk takes no more: no other site would get further
            raise
        except Exception as error:  # noqa: BLE001 said above
            visit.stats.add_failure(start, "list", "bug", f"{type(error).__name__}: {error}", False)
            visit.stats.bugs.append((start, traceback.format_exc()))
        finally:
            for url, trace in visit.stats.bugs[logged:]:
                self._log.write("bug", time.time(), site=visit.site.id, url=url, traceback=trace)
        return True

    def finish(self) -> dict[str, Any]:
        """Publish the documents of every site and write crawl.json last; its content."""
        entries = []
        for site in self._sites.sites:
            stats = self._stats.get(site.id)
            if stats is None:
                stats = SiteStats(site)
                stats.add_failure(
                    site.starts[0], "list", "not-reached", "the night ended before its turn", False
                )
            stats.requests = self._log.by_site[site.id]
            documents = self._state.current_documents(site.id)
            # after a state that was damaged, what was published stays until the site was seen as a whole
            whole = not self._state.began_anew or self._state.is_complete(site.id)
            entries.append(stats.summary(documents, self._archive.publish(site.id, documents, whole)))
        now = time.time()
        why = self._fetcher.ended if self._fetcher is not None else "stopped"
        found = summary(
            entries, self._number, self._started, now, dict(self._log.requests), why, self._damage
        )
        for entry in entries:
            for failure in entry["failures"]:
                self._log.write("failed", now, site=entry["site"], **failure)
        self._log.write("end", now, ended_early=why, requests=found["requests"], **found["totals"])
        self._log.close()
        self._state.end(self._number, now)
        self._archive.write("crawl.json", _json(found))
        return found


def _by_age(sites: Sequence[Site], begun: dict[str, float]) -> list[Site]:
    """Sites whose last turn is oldest come first, so that a small budget reaches all, also behind sites that never end well."""
    return sorted(sites, key=lambda site: begun.get(site.id, 0.0))


def _json(found: dict[str, Any]) -> str:
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def open_archive(folder: Path) -> tuple[Archive, CrawlState, str]:
    """Open the archive in a folder; create it where there is none. And a line about its state, if that was damaged.

    A damaged state is moved aside. All documents are then requested again; their bytes are in the archive.
    Raises OSError, sqlite3.Error.
    """
    archive = Archive(folder)
    archive.open()
    path = folder / "state.sqlite"
    try:
        state = CrawlState(path)
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        aside = _move_state_aside(path)
        line = f"the archive's state is damaged ({error}); it was moved to {aside}, and everything is requested again"
        return archive, CrawlState(path, anew=True), line
    return archive, state, ""


def _move_state_aside(path: Path) -> Path:
    """Move state.sqlite and what SQLite keeps beside it, in place of what was moved before."""
    aside = path.with_name(f"{path.name}.damaged")
    for ending in ("", "-wal", "-shm"):
        remove(aside.with_name(aside.name + ending))
        old = path.with_name(path.name + ending)
        if old.exists():
            old.rename(aside.with_name(aside.name + ending))
    return aside


def crawl_archive(order: dict[str, Any]) -> dict[str, Any]:
    """Crawl, once in this process; the content of crawl.json. Raises BadToml, Busy, OSError, sqlite3.Error."""
    sites = load(Path(order["sites"]))
    folder = Path(order["to"])
    folder.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            with locked(folder / "lock", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())):
                return _crawl_locked(sites, folder, order)
        except Busy:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _crawl_locked(sites: Sites, folder: Path, order: dict[str, Any]) -> dict[str, Any]:
    archive, state, damage = open_archive(folder)
    options = CrawlOptions(order["allow_private"], order["recheck"], order["warc"])
    night = CrawlNight(sites, archive, state, options, damage)
    settings = spider.settings(sites.manners, order["version"], order["allow_private"])
    spider.run(night.work, settings)
    result = night.finish()
    state.close()
    return result
