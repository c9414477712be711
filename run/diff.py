"""Two dataset folders → the changes between them, written to a folder for people and programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from gongkai import emit
from gongkai.emit.compare.changes import plain, write_changes
from gongkai.emit.compare.difference import Change, ComparisonCounts, Side, find_differences
from gongkai.review.changes_page import render_changes

#: How many reports of each kind a summary names; changes.csv has them all.
MOST_NAMED = 1_000

#: what a summary lists, in its order: kind, and what it is called
LISTS = {
    "new": "新增 new",
    "replaced": "内容已替换 replaced",
    "gone": "消失 gone",
    "moved": "移动 moved",
    "newly_failing": "新出现勾稽不符 newly failing",
    "newly_passing": "勾稽不符已消除 newly passing",
    "unreadable": "不再能读取 no longer read",
    "read_otherwise": "同一文件读法不同 read otherwise",
}


@dataclass(slots=True)
class Difference:
    """The result of a comparison of two folders: counts, and the first reports of each kind by name."""

    old: str
    new: str
    compared: ComparisonCounts = field(default_factory=ComparisonCounts)
    reports: Counter[str] = field(default_factory=Counter)
    named: dict[str, list[dict[str, object]]] = field(default_factory=lambda: {kind: [] for kind in LISTS})
    #: the same counts by kind, site (the first folder of the file's path, "" where it has none) and year
    places: Counter[tuple[str, str, int | None]] = field(default_factory=Counter)

    @property
    def same(self) -> bool:
        """Whether the two datasets are the same."""
        return not self.compared.changes


def diff(
    old: Path,
    new: Path,
    to: Path | None = None,
    *,
    renamed: Mapping[str, str] = MappingProxyType({}),
    names: tuple[str, str] | None = None,
) -> Difference:
    """Compare two datasets fact by fact; with `to`, write changes.csv, diff.json and diff.html there.

    `renamed` is what is known beforehand: files of `new` that took the place of a file of `old`;
    `names` are what the two are called, where that is not their paths.

    Raises FileNotFoundError where one of them is no dataset of ours, FileExistsError where `to`
    holds what we did not write, OSError where the disk takes no more.
    """
    for folder in (old, new):
        if not emit.is_dataset(folder):
            raise FileNotFoundError(f"{folder}: is no dataset folder; name one that `gongkai run` wrote")
    found = Difference(*(names or (str(old), str(new))))
    changes = _note(find_differences(old, new, found.compared, renamed), found)
    if to is None:
        for _ in changes:
            pass
        return found
    write_changes(changes, to, lambda: summary(found), lambda: render_changes(summary(found), LISTS))
    return found


def summary(found: Difference) -> dict[str, object]:
    """All counts, and the reports of each kind, for programs."""
    lists = {kind: {"count": found.reports[kind], "reports": found.named[kind]} for kind in LISTS}
    return {"old": found.old, "new": found.new, **plain(found.compared), "reports": lists}


def _note(changes: Iterable[Change], found: Difference) -> Iterator[Change]:
    """The changes, unaltered; each report is counted once under each of its kinds."""
    last, kinds = None, set[str]()
    for change in changes:
        who = change.before, change.after
        if who != last:
            last, kinds = who, set()
        for kind in _kinds(change):
            # a file that was replaced may have another name, and did not move
            if kind not in kinds and not (kind == "moved" and "replaced" in kinds):
                kinds.add(kind)
                found.reports[kind] += 1
                found.places[kind, *_where(*who)] += 1
                if len(found.named[kind]) < MOST_NAMED:
                    found.named[kind].append(_name(*who))
        yield change


def _kinds(change: Change) -> Iterator[str]:
    """The kinds of LISTS under which the report of a change is counted."""
    before, after = change.before, change.after
    if change.kind in ("report-new", "report-gone", "report-replaced", "report-moved"):
        yield change.kind.removeprefix("report-")
    if change.cause in ("program", "other"):
        yield "read_otherwise"
    if after is not None and after.failed and not (before and before.failed):
        yield "newly_failing"
    if before is not None and after is not None:
        yield from _kinds_of_both(before, after)


def _kinds_of_both(before: Side, after: Side) -> Iterator[str]:
    if before.failed and not after.failed and _is_read(after):
        yield "newly_passing"
    if _is_read(before) and not _is_read(after):
        yield "unreadable"


def site(file: str) -> str:
    """The first folder of a file's path in the datasets: the site it was fetched from; "" where it has none."""
    return file.partition("/")[0] if "/" in file.partition("!/")[0] else ""


def _where(before: Side | None, after: Side | None) -> tuple[str, int | None]:
    side = after or before
    assert side is not None  # a change always has a report
    return site(side.file), side.year


def _is_read(side: Side) -> bool:
    return side.attributes["status"] in ("ok", "partial", "narrative")


def _name(before: Side | None, after: Side | None) -> dict[str, object]:
    side = after or before
    assert side is not None  # a change always has a report
    return {
        "org": side.org,
        "year": side.year,
        "source_file": None if after is None else after.file,
        "old_source_file": None if before is None else before.file,
        "report_id": None if after is None else after.id,
        "status": None if after is None else after.attributes["status"],
        "sums_failed": None if after is None else after.failed,
        "old_sums_failed": None if before is None else before.failed,
    }
