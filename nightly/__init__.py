"""Every night: fetch, read what is new, check, compare, publish a new version of the datasets, notify.

The published datasets change in one step at the end. A failure before that leaves them as they were,
and the next night catches up.
"""

from __future__ import annotations

import errno
import json
import shutil
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from gongkai import emit
from gongkai.audit import Series
from gongkai.model import CORRECTIONS, REVIEW_MARKS, BadCorrection, Severity
from gongkai.nightly import published_corrections
from gongkai.nightly.config import BadToml, Config, load
from gongkai.nightly.counts import counts, find_loss
from gongkai.nightly.crawler import crawl, crawl_command
from gongkai.nightly.fetch_records import STATE, add_addresses, find_renamed, find_sources
from gongkai.nightly.handover import Handover, write
from gongkai.nightly.night_log import NightLog, Now, iso, stamp
from gongkai.nightly.night_report import STAYED, Night, as_dict, summary_line
from gongkai.nightly.notify import is_wanted, notify
from gongkai.nightly.version import Versions
from gongkai.normalize import templates
from gongkai.pipeline import Options
from gongkai.review.night_page import render_night
from gongkai.run import READER, Busy, processors, run
from gongkai.run.check import check
from gongkai.run.diff import LISTS, diff
from gongkai.run.lock import locked
from gongkai.run.signals import stoppable
from gongkai.run.worker import Budget

__all__ = ["STAYED", "BadToml", "Busy", "Config", "Night", "load", "night", "summary_line"]

#: the folder in DATASETS for the work of a night
WORK = ".nightly"
_BUSY = "another night is at work here ({who}), or the crawl of one that was killed; wait for it"

#: Errors that end a night and are no bug: a full disk, a missing source, a bad line of corrections,
#: a child process that cannot start.
_EXPECTED = (OSError, BadCorrection, RuntimeError)
#: What reading a dataset raises whose files are damaged or missing: Arrow's own error is a ValueError.
_UNREADABLE = (OSError, ValueError)
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


def _now() -> datetime:
    return datetime.now(UTC)


def night(
    config: Config,
    *,
    options: Options,
    series: Series,
    severities: Mapping[str, Severity],
    force: bool = False,
    fetch: bool = True,
    now: Now = _now,
    reader: str = READER,
) -> Night:
    """Do one night; its result. `force` publishes datasets that shrank too; without `fetch` nothing is crawled.

    Raises Busy where another night is running, FileExistsError where DATASETS has a foreign `current`.
    Any other failure is in the Night and in its notification; a bug is raised after that.
    """
    work = config.datasets / WORK
    work.mkdir(parents=True, exist_ok=True)
    started = now()
    with stoppable(), locked(work / "lock", iso(started), f"{config.datasets}: {_BUSY}") as lock:
        note = Handover(work / "note.json")
        versions = Versions(config.datasets, note)
        job = _NightJob(config, versions, note, now, force=force)
        job.begin(started)
        try:
            job.work(lock, options, series, severities, reader, fetch=fetch)
        except (KeyboardInterrupt, SystemExit) as stopped:
            job.fail("stopped", repr(stopped))
            raise
        except _EXPECTED as error:
            job.fail(str(error) or type(error).__name__, traceback.format_exc())
        except Exception as error:  # a bug: notify people as of any other failure, then raise it
            job.fail(f"a bug: {type(error).__name__}: {error}", traceback.format_exc())
            raise
        return job.night


def documents(config: Config) -> Path:
    """The folder of the documents that the sites publish now.

    An archive of `gongkai crawl` has them in `current`; its other folders hold older documents and its
    own files. Another archive may be the folder itself.
    """
    current = config.archive / "current"
    crawled = config.crawl.sites is not None or (config.archive / STATE).exists()
    return current if crawled or current.is_dir() else config.archive


class _NightJob:
    """A running night."""

    def __init__(self, config: Config, versions: Versions, note: Handover, now: Now, *, force: bool) -> None:
        self._config, self._versions, self._note, self._now = config, versions, note, now
        self._force = force
        self._next = config.datasets / WORK / "next"
        #: what was read tonight is what is published
        self._same = False

    # The steps -------------------------------------------------------------------------------

    def begin(self, started: datetime) -> None:
        """Remove the leftovers of a killed night; take over the notification that it did not send."""
        nights = self._config.datasets / "nights"
        nights.mkdir(exist_ok=True)
        for left in self._next.parent.glob(".next.*.check"):
            shutil.rmtree(left)
        lost = self._versions.open()
        if lost is not None and (nights / lost).exists():
            shutil.rmtree(nights / lost)  # its report wrongly says that it was published
        id = name = stamp(started)
        taken = {path.name for path in (*nights.iterdir(), *self._versions.all())}
        # Two nights in one second, or a clock that was set back: count on from the last one. The name of a
        # pruned night is free again and would sort before the others.
        same = [int(t[len(name) + 1 :] or 1) for t in taken if t == name or t.startswith(f"{name}-")]
        if same:
            id = f"{name}-{max(same) + 1}"
        self._folder = nights / id
        self._folder.mkdir()
        current = self._versions.current
        there = {version.name for version in self._versions.all()}
        untold = tuple(n for n in self._note.get("untold") or () if n in there)
        self.night = Night(id, iso(started), version=current, before=current, forced=self._force)
        self.night.untold, self.night.expected = untold, self._config.expected
        self._log = NightLog(self._config.datasets / "log.jsonl", id, self._now)
        self._list_bodies: dict[str, str] = {}
        self._log.write("begin", version=current, lost=lost)
        if self._note.damage:
            self._damaged(self._note.damage)

    def _damaged(self, line: str) -> None:
        """Record that something of ours was damaged, and begun anew."""
        self.night.damage.append(line)
        self._log.write("damaged", text=line)

    def work(
        self,
        lock: int,
        options: Options,
        series: Series,
        severities: Mapping[str, Severity],
        reader: str,
        *,
        fetch: bool,
    ) -> None:
        """All steps in their order."""
        if fetch:
            self._crawl(lock)
        self._list_bodies = dict(options.list_bodies)
        self._read(options, reader)
        self._check(series, severities)
        candidate = self._assemble()
        self._compare(candidate)
        self._publish(candidate)
        self._tell()

    def _crawl(self, lock: int) -> None:
        if not crawl_command(self._config):
            return
        self._stage("crawl")
        found = crawl(self._config, self._config.datasets, self._folder / "crawl.log", lock)
        self.night.crawled = found
        if (line := (found.summary or {}).get("damage")) and isinstance(line, str):
            self._damaged(line)
        self._log.write("crawled", well=found.well, totals=(found.summary or {}).get("totals"))

    def _read(self, options: Options, reader: str) -> None:
        self._stage("run")
        for version in self._versions.all():
            self._collect(version)
        published_corrections.copy_kept(self._config.ledger, self._next / CORRECTIONS)
        published_corrections.copy_kept(self._config.marks, self._next / REVIEW_MARKS)
        wants = self._config.run
        self.night.tally = run(
            [documents(self._config)],
            self._next,
            workers=wants.workers or processors(),
            options=options,
            templates=templates(),
            budget=Budget(wants.timeout, int(wants.memory * 1024**3)),
            reader=reader,
            tell=self._damaged,
        )
        self._log.write("read", files=self.night.tally.reports, unchanged=self.night.tally.unchanged)

    def _check(self, series: Series, severities: Mapping[str, Severity]) -> None:
        """Try the rules over years and bodies, unless they were tried on this same dataset."""
        self._stage("check")
        if not self._config.check.enabled:
            return
        rules = self._config.check.rules
        text = "" if rules is None else rules.read_text("utf-8")
        done = f"{emit.VERSION} {emit.stamp(self._next)} {text}"
        known = self._note.get("checked")
        if known is not None and known[0] == done and (self._next / "series.parquet").is_file():
            self.night.rules_failed = known[1]
            return
        told = check(self._next, series, severities)
        self.night.rules_failed = told.errors
        self._note.put(checked=[done, told.errors])
        self._log.write("checked", errors=told.errors)

    def _assemble(self) -> Path:
        self._stage("assemble")
        candidate = self._versions.candidate(self._next, self.night.id)
        found = find_sources(self._config.archive, candidate, self._list_bodies)
        if found is not None:
            emit.add_sources(candidate, found.rows)
            self.night.sources, self.night.unknown = len(found.rows), found.unknown
        return candidate

    def _compare(self, candidate: Path) -> None:
        self._stage("compare")
        self.night.new = counts(candidate)
        published = self._versions.published
        if published is None:
            return
        altered = emit.altered_files(published)
        if altered:
            names = ", ".join(altered[:3])
            self._damaged(f"{published.name} is not as it was published ({names}); tonight's takes its place")
        elif self._versions.is_same(candidate):
            self._same, self.night.old = True, self.night.new
            return
        earlier = [version for version in reversed(self._versions.all()) if version != published]
        for old in (published, *earlier):
            try:
                self._compare_with(old, candidate)
            except _UNREADABLE as error:
                if isinstance(error, OSError) and error.errno in _FULL:
                    raise  # nothing is wrong with the version: the changes could not be written
                why = " ".join(str(error).split())[:200]
                self._log.write("unreadable", version=old.name, why=why)
                if old != published or not altered:
                    self._damaged(f"{old.name} cannot be read ({why}); it is compared with an earlier one")
            else:
                self.night.before = old.name
                return
        self.night.before = None

    def _compare_with(self, old: Path, candidate: Path) -> None:
        """What changed since a version. Raises one of _UNREADABLE where a file of either is damaged or missing."""
        before = counts(old)
        known = find_renamed(old, candidate)
        found = diff(old, candidate, self._folder / "changes", renamed=known, names=(old.name, self.night.id))
        add_addresses(found, (old, candidate))
        self.night.old, self.night.found = before, found

    def _publish(self, candidate: Path) -> None:
        self._stage("publish")
        night = self.night
        if self._same:
            night.status = "unchanged"
            self._versions.drop(candidate)
        else:
            held = find_loss(night.old.all, night.new.all, self._config.shrink)
            if held and not self._force:
                night.status, night.why = "held", held
                self._versions.drop(candidate)
            else:
                night.status, night.version = "published", night.id
                self._note.put(switching=night.id, untold=[*night.untold, night.id])
        self._prune_reports()
        self._report()  # before the switch, so that every published version has a report
        if night.status == "published":
            published_corrections.mark_published(night.id, candidate / CORRECTIONS, self._note)
            self._versions.publish(candidate, night.id)
            night.pruned = self._versions.prune(self._config.keep, self._collect)
            for version in night.pruned:
                published_corrections.forget(version, self._note)
        self._log.write(night.status, version=night.version, why=night.why, removed=night.pruned)

    def _collect(self, version: Path) -> None:
        """Collect what people wrote into a version: before each night, and before it is removed."""
        published_corrections.collect_marks(version, self._config.marks)
        self.night.corrections += published_corrections.collect(version, self._config.ledger, self._note)

    # Reports and notifications ----------------------------------------------------------------------

    def _stage(self, name: str) -> None:
        self.night.stage = name
        self._log.write("stage", stage=name)

    def _report(self) -> None:
        """report.json for programs and report.html for people, in the night's folder."""
        self.night.ended = iso(self._now())
        summary = as_dict(self.night)
        write(self._folder / "report.html", render_night(summary, LISTS))
        write(self._folder / "report.json", json.dumps(summary, ensure_ascii=False, indent=1) + "\n")

    def _prune_reports(self) -> None:
        nights = sorted(p for p in self._folder.parent.iterdir() if p.is_dir())
        for path in nights[: -self._config.reports]:
            shutil.rmtree(path)

    def _tell(self) -> None:
        """Send the notifications; one that fails does not fail the night."""
        night = self.night
        if is_wanted(self._config.notify, night.code, night.status == "published"):
            for wrong in notify(self._config.notify, as_dict(night), self._folder / "report.html"):
                night.problems.append(wrong)
                self._log.write("problem", text=wrong)
        self._report()
        self._note.put(untold=None)
        self._log.write("end", status=night.status, code=night.code, line=summary_line(night))

    def fail(self, why: str, trace: str) -> None:
        """End the night as failed. The published version stays; report and notify as far as the disk allows."""
        night = self.night
        night.status, night.why, night.version = "failed", why, self._versions.current
        for step in (
            self._versions.open,
            lambda: self._log.write("failed", stage=night.stage, why=why, trace=trace),
            self._tell,
        ):
            try:
                step()
            except OSError as error:
                night.problems.append(f"could not be written down: {error}")
