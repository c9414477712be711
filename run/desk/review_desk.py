"""A dataset folder and its documents → what people review: the list, each report, and what was said of it."""

from __future__ import annotations

import gc
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gongkai.correct.review_log import ReportWords, ReviewLog
from gongkai.emit.read.report_reader import DatasetDoubts, ReportReader
from gongkai.normalize import templates
from gongkai.review.work_list import WorkItem, WorkList, rate
from gongkai.run.corrections import refusal
from gongkai.run.dataset_files import number_of
from gongkai.run.desk.document_paths import DocumentPaths

#: the file that a run writes last: another one is another dataset
_LAST = "run.json"
#: columns of `reports` that people may correct
REPORT_FIELDS = ("org", "year", "title", "published", "body_id", "division_code", "template")


@dataclass(frozen=True, slots=True)
class OpenDataset:
    """A dataset as it was when it was opened: its reader, the list of its reports and the counts behind it."""

    stamp: tuple[int, int]
    reader: ReportReader
    work: WorkList
    doubts: DatasetDoubts
    documents: DocumentPaths


class ReviewDesk:
    """The dataset under review. It is opened anew when a run has replaced it; what people say is taken in at every look.

    Raises FileNotFoundError, ValueError and BadCorrection where the dataset or what people wrote cannot be read.
    """

    def __init__(self, folder: Path, inputs: Sequence[Path]) -> None:
        self.folder, self._inputs = folder, tuple(inputs)
        self.log = ReviewLog(folder, refusal())
        self._lock = threading.Lock()
        self._dataset = self._open()
        self.log.refresh()
        self._sort_in(None)

    @property
    def dataset(self) -> OpenDataset:
        """The dataset as it is now, with what people have said by now."""
        with self._lock:
            if _stamp(self.folder) not in (None, self._dataset.stamp):
                self._dataset = self._open()
                self.log.refresh()
                self._sort_in(None)
            else:
                self._sort_in(self.log.refresh())
            return self._dataset

    def words(self, item: WorkItem) -> ReportWords:
        """What was said of a report."""
        return self.log.of(item.key)

    def _open(self) -> OpenDataset:
        stamp = _stamp(self.folder)
        if stamp is None:
            raise FileNotFoundError(f"{self.folder}: is no dataset; name a folder that `gongkai run` wrote")
        gc.unfreeze()
        reader = ReportReader(self.folder, templates())
        doubts = reader.counts()
        items = [_item(line, doubts) for line in reader.every("reports")]
        work, documents = WorkList(items), DocumentPaths(self.folder, self._inputs)
        # the list stays as it is until a run replaces it: not to be looked through for garbage while a page is waited for
        gc.collect()
        gc.freeze()
        return OpenDataset(stamp, reader, work, doubts, documents)

    def _sort_in(self, touched: set[tuple[str, int]] | None) -> None:
        """Note in the list how far the work is on some reports, on all where None."""
        work = self._dataset.work
        if touched is None:
            work.clear_live()
        for key in self.log.reports() if touched is None else touched:
            words = self.log.of(key)
            for place in work.by_key.get(key, ()):
                work.set_live(place, words.state, frozenset(words.people))


def _stamp(folder: Path) -> tuple[int, int] | None:
    try:
        state = (folder / _LAST).stat()
    except FileNotFoundError:
        return None
    return state.st_ino, state.st_mtime_ns


def _item(line: Mapping[str, Any], doubts: DatasetDoubts) -> WorkItem:
    """A report's entry of the list, of its line of `reports`."""
    id = line["report_id"]
    own = doubts.of(id)
    return WorkItem(
        id=id,
        sha256=line["sha256"],
        number=number_of(id),
        org=line["org"] or "",
        body=line["body_id"] or line["org"] or "",
        level=line["level"] or "",
        year=str(line["year"] or ""),
        form=line["template"] or "",
        status=line["status"],
        reason=line["reason"],
        sums=line["sums"],
        file=line["source_file"],
        title=line["title"] or "",
        source=_source(line["source_file"]),
        failed=line["checks_failed"],
        errors=own.severities.get("error", 0),
        warnings=own.severities.get("warning", 0),
        notes=own.severities.get("note", 0),
        unread=own.unread,
        corrected=own.corrected,
        codes=tuple(sorted(own.codes)),
        rules=tuple(sorted(own.rules)),
        tables=tuple(sorted(own.tables)),
        doubt=rate(line, own.proposals, own.severities, own.unread, own.doubt),
    )


def _source(file: str) -> str:
    """Where a file comes from: its first folder (a site's, as `gongkai crawl` lays them), "" where it has none."""
    return file.partition("/")[0] if "/" in file else ""
