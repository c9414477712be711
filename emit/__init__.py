"""Reports → datasets: a folder of CSV and Parquet files that describes itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from gongkai.emit.read.filing import filings, outcomes
from gongkai.emit.schema import datasets
from gongkai.emit.write.csv_chunk import Part
from gongkai.emit.write.datapackage import VERSION, codebook, datapackage, parts_package, run_json
from gongkai.emit.write.dataset_counts import Tally
from gongkai.emit.write.folder import MARKS, check, clear, ours, recover, replacing
from gongkai.emit.write.folder import stamp as folder_stamp
from gongkai.emit.write.partition import FOLDERS, PartFile, parting
from gongkai.emit.write.render import Ids, Rendered, pack_rendered, render, unpack_rendered
from gongkai.emit.write.series_datasets import add_series
from gongkai.emit.write.sources import add_sources
from gongkai.emit.write.writer import WRITERS, writing
from gongkai.model import CORRECTIONS, Report, Template

__all__ = [
    "FOLDERS",
    "VERSION",
    "WRITERS",
    "Ids",
    "PartFile",
    "Rendered",
    "Tally",
    "add_series",
    "add_sources",
    "clear",
    "codebook",
    "counted",
    "emit",
    "emit_parts",
    "filings",
    "ours",
    "outcomes",
    "pack_rendered",
    "parts_package",
    "render",
    "run_json",
    "stamp",
    "unpack_rendered",
    "writable",
]

#: every file that we ever write in a dataset folder, and the one that people write
NAMES = frozenset(
    {*MARKS, "codebook.md", CORRECTIONS, FOLDERS[True]}
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
    reports: Iterable[Report | Rendered],
    folder: Path,
    *,
    templates: Sequence[Template],
    run_facts: Mapping[str, object],
    by_year: bool = False,
) -> Tally:
    """Write the datasets of `reports`, in their order, to `folder`, and count what they hold.

    A report may come as it is, or rendered by another process: that one is only copied.
    Reports are taken one by one and not kept, so there may be any number; those of one file
    come one after the other. The folder appears,
    or an older dataset of ours in it is replaced, when everything is written: an exception on
    the way leaves what was there. `run_facts` goes to run.json, the only file that may differ
    between two runs over the same reports; `templates` are what codebook.md describes.
    `by_year` writes the datasets a second time, as Parquet in a folder for each year.

    Raises FileExistsError where `folder` holds what we did not write.
    """
    with replacing(folder, NAMES) as fresh:
        with ExitStack() as stack:
            put = stack.enter_context(writing(datasets(), fresh))
            sinks: list[Sink] = [lambda name, part, year: put(name, part)]
            if by_year:
                sinks.append(stack.enter_context(parting(fresh / FOLDERS[True], "0", True)).put)
            tally = _rows(reports, sinks)
        suffixes = [writer.suffix for writer in WRITERS]
        (fresh / "datapackage.json").write_text(datapackage(fresh, suffixes), "utf-8", newline="\n")
        (fresh / "codebook.md").write_text(codebook(templates), "utf-8", newline="\n")
        facts = {**run_facts, "tally": asdict(tally)}
        (fresh / "run.json").write_text(run_json(facts), "utf-8", newline="\n")
    return tally


def emit_parts(
    reports: Iterable[Report | Rendered], folder: Path, token: str, *, by_year: bool
) -> tuple[Tally, list[PartFile]]:
    """Write the datasets of some of many reports to `folder`, as Parquet files that carry `token` in their names.

    Datasets that have no line have no file.
    """
    with parting(folder, token, by_year) as parts:
        tally = _rows(reports, [parts.put])
    return tally, parts.files()


#: takes a dataset's name, its next lines, and the year of their report
Sink = Callable[[str, Part, int | None], None]


def _rows(reports: Iterable[Report | Rendered], sinks: Sequence[Sink]) -> Tally:
    """Every dataset to every sink, in one pass over the reports."""
    tally, ids = Tally(), Ids()
    for report in reports:
        if isinstance(report, Report):
            rendered = render(report, ids)
        elif ids.unique(report.path, report.base) != (rendered := report).id:
            raise AssertionError(f"{report.path}: rendered as {report.id}, which is another report's id")
        for name, lines in rendered.parts.items():
            for sink in sinks:
                sink(name, lines, rendered.year)
        tally.add(rendered.tally)
    return tally
