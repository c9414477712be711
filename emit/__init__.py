"""Reports → datasets: a folder of CSV and Parquet files that describes itself."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from emit.dataset import datasets
from emit.filing import filings, outcomes
from emit.folder import MARKS, check, clear, ours, recover, replacing
from emit.folder import stamp as folder_stamp
from emit.package import VERSION, codebook, datapackage, run_json
from emit.series import add_series
from emit.source import add_sources
from emit.tally import Tally
from emit.tidy import report_id, rows
from emit.writer import WRITERS, writing
from model import CORRECTIONS, Report, Template

__all__ = [
    "VERSION",
    "WRITERS",
    "Tally",
    "add_series",
    "add_sources",
    "clear",
    "counted",
    "emit",
    "filings",
    "ours",
    "outcomes",
    "stamp",
    "writable",
]

#: every file that we ever write in a dataset folder, and the one that people write
NAMES = frozenset(
    {*MARKS, "codebook.md", CORRECTIONS}
    | {f"{d.name}{writer.suffix}" for d in (*datasets(), *datasets("check")) for writer in WRITERS}
)


def writable(folder: Path) -> None:
    """That `emit` may write `folder`: new, empty, or a dataset of ours and nothing beside it.

    A dataset that a killed run left aside is put back first. Raises FileExistsError where it would destroy what we did not write.
    """
    recover(folder)
    check(folder.resolve(), NAMES)


def stamp(folder: Path) -> str:
    """64 hex digits that change when a dataset that `emit` wrote is written again, changed or taken away.

    "" where there is none. What `gongkai check` and people add beside it does not count.
    """
    names = [f"{dataset.name}{writer.suffix}" for dataset in datasets() for writer in WRITERS]
    return folder_stamp(folder, (*names, "codebook.md"))


def counted(folder: Path) -> Tally:
    """The counts of a dataset that was written, as its run.json has them."""
    told: dict[str, int] = json.loads((folder / "run.json").read_text("utf-8"))["tally"]
    return Tally(**told)


def emit(
    reports: Iterable[Report],
    folder: Path,
    *,
    templates: Sequence[Template],
    run_facts: Mapping[str, object],
) -> Tally:
    """Write the datasets of `reports`, in their order, to `folder`, and count what they hold.

    Reports are taken one by one and not kept, so there may be any number; those of one file
    come one after the other. The folder appears,
    or an older dataset of ours in it is replaced, when everything is written: an exception on
    the way leaves what was there. `run_facts` goes to run.json, the only file that may differ
    between two runs over the same reports; `templates` are what codebook.md describes.

    Raises FileExistsError where `folder` holds what we did not write.
    """
    with replacing(folder, NAMES) as fresh:
        tally = _rows(reports, fresh)
        suffixes = [writer.suffix for writer in WRITERS]
        (fresh / "datapackage.json").write_text(datapackage(fresh, suffixes), "utf-8", newline="\n")
        (fresh / "codebook.md").write_text(codebook(templates), "utf-8", newline="\n")
        facts = {**run_facts, "tally": asdict(tally)}
        (fresh / "run.json").write_text(run_json(facts), "utf-8", newline="\n")
    return tally


def _rows(reports: Iterable[Report], folder: Path) -> Tally:
    """Every dataset in every format, in one pass over the reports."""
    tally, ids = Tally(), _Ids()
    with writing(datasets(), folder) as put:
        for report in reports:
            for name, lines in rows(report, ids.unique(report), VERSION).items():
                put(name, lines)
            tally.add(report)
    return tally


class _Ids:
    """The id of each report, with -2, -3 for the further ones of one file.

    They are kept for one file (or archive) at a time: another has other ids, and there may be millions.
    """

    def __init__(self) -> None:
        self._file, self._given = "", dict[str, int]()

    def unique(self, report: Report) -> str:
        """An id that no other report has, where those of one file come one after the other."""
        file = report.source.path.partition("!/")[0]
        if file != self._file:
            self._file, self._given = file, {}
        id = report_id(report)
        self._given[id] = self._given.get(id, 0) + 1
        return id if self._given[id] == 1 else f"{id}-{self._given[id]}"
