"""Reports → a dataset folder, written in one pass over the reports."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from gongkai.emit.schema import datasets
from gongkai.emit.write.csv_chunk import CsvChunk
from gongkai.emit.write.datapackage import codebook, datapackage, run_json
from gongkai.emit.write.dataset_counts import DatasetCounts
from gongkai.emit.write.folder import MARKS, check_folder, recover, replace_folder
from gongkai.emit.write.folder import stamp as stamp_folder
from gongkai.emit.write.partition import FOLDERS, PartFile, open_partition
from gongkai.emit.write.render import Ids, Rendered, render
from gongkai.emit.write.writer import WRITERS, open_writers
from gongkai.model import PEOPLES_FILES, Report, Template

#: every file that we ever write in a dataset folder, and those that people write
NAMES = frozenset(
    {*MARKS, "codebook.md", *PEOPLES_FILES, FOLDERS[True]}
    | {f"{d.name}{writer.suffix}" for d in (*datasets(), *datasets("check")) for writer in WRITERS}
)


def check_writable(folder: Path) -> None:
    """Check that `emit` may write `folder`: new, empty, or a dataset of ours without other files in it.

    The dataset that a killed run had moved out of the way is put back first. Raises FileExistsError
    where writing would destroy what we did not write.
    """
    recover(folder)
    check_folder(folder.resolve(), NAMES)


def stamp(folder: Path) -> str:
    """64 hex digits that change when a dataset that `emit` wrote is written again, changed or removed.

    "" where there is none. Files that `gongkai check` and people add to it do not count.
    """
    names = [f"{dataset.name}{writer.suffix}" for dataset in datasets() for writer in WRITERS]
    return stamp_folder(folder, (*names, "codebook.md"))


def read_counts(folder: Path) -> DatasetCounts:
    """The counts of a dataset, as its run.json states them."""
    counts: dict[str, int] = json.loads((folder / "run.json").read_text("utf-8"))["tally"]
    return DatasetCounts(**counts)


def emit(
    reports: Iterable[Report | Rendered],
    folder: Path,
    *,
    templates: Sequence[Template],
    run_facts: Mapping[str, object],
    by_year: bool = False,
) -> DatasetCounts:
    """Write the datasets of `reports`, in their order, to `folder`, and count what they hold.

    Another process may have rendered a report already: its lines are only copied. Reports are
    taken one by one, so there may be any number; those of one file must come one after the other.

    The folder appears, or replaces an older dataset of ours, when everything is written: an exception
    leaves what was there. `run_facts` goes to run.json, the only file that may differ between two runs
    over the same reports. codebook.md describes `templates`. `by_year` writes the datasets a second
    time, as Parquet files in a folder for each year.

    Raises FileExistsError where `folder` holds what we did not write.
    """
    with replace_folder(folder, NAMES) as fresh:
        counts = _write_datasets(reports, fresh, by_year)
        suffixes = [writer.suffix for writer in WRITERS]
        facts = {**run_facts, "tally": asdict(counts)}
        for name, text in (
            ("datapackage.json", datapackage(fresh, suffixes)),
            ("codebook.md", codebook(templates)),
            ("run.json", run_json(facts)),
        ):
            (fresh / name).write_text(text, "utf-8", newline="\n")
    return counts


def _write_datasets(reports: Iterable[Report | Rendered], folder: Path, by_year: bool) -> DatasetCounts:
    with ExitStack() as stack:
        put = stack.enter_context(open_writers(datasets(), folder))
        sinks: list[Sink] = [lambda name, chunk, year: put(name, chunk)]
        if by_year:
            sinks.append(stack.enter_context(open_partition(folder / FOLDERS[True], "0", True)).put)
        return _send_rows(reports, sinks)


def emit_parts(
    reports: Iterable[Report | Rendered], folder: Path, token: str, *, by_year: bool
) -> tuple[DatasetCounts, list[PartFile]]:
    """Write the datasets of some of many reports to `folder`, as Parquet files with `token` in their names.

    Datasets that have no line have no file.
    """
    with open_partition(folder, token, by_year) as partition:
        counts = _send_rows(reports, [partition.put])
    return counts, partition.files()


#: takes a dataset's name, its next lines, and the year of their report
Sink = Callable[[str, CsvChunk, int | None], None]


def _send_rows(reports: Iterable[Report | Rendered], sinks: Sequence[Sink]) -> DatasetCounts:
    """Send every dataset to every sink, in one pass over the reports."""
    counts, ids = DatasetCounts(), Ids()
    for report in reports:
        if isinstance(report, Report):
            rendered = render(report, ids)
        elif ids.unique(report.path, report.base) != (rendered := report).id:
            raise AssertionError(f"{report.path}: rendered as {report.id}, which is another report's id")
        for name, chunk in rendered.chunks.items():
            for sink in sinks:
                sink(name, chunk, rendered.year)
        counts.add(rendered.counts)
    return counts
