"""Reports → datasets: a folder of CSV and Parquet files that describes itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import asdict
from pathlib import Path

from emit.dataset import Dataset, datasets
from emit.folder import MARKS, check, ours, recover, replacing
from emit.package import VERSION, codebook, datapackage, run_json
from emit.tally import Tally
from emit.tidy import report_id, rows
from emit.writer import WRITERS, Writer
from model import CORRECTIONS, Report, Template

__all__ = ["VERSION", "WRITERS", "Tally", "emit", "ours", "writable"]

#: every file that we ever write in a dataset folder, and the one that people write
NAMES = frozenset(
    {*MARKS, "codebook.md", CORRECTIONS}
    | {f"{d.name}{writer.suffix}" for d in datasets() for writer in WRITERS}
)


def writable(folder: Path) -> None:
    """That `emit` may write `folder`: new, empty, or a dataset of ours and nothing beside it.

    A dataset that a killed run left aside is put back first. Raises FileExistsError where it would destroy what we did not write.
    """
    recover(folder)
    check(folder.resolve(), NAMES)


def emit(
    reports: Iterable[Report],
    folder: Path,
    *,
    templates: Sequence[Template],
    run_facts: Mapping[str, object],
) -> Tally:
    """Write the datasets of `reports`, in their order, to `folder`, and count what they hold.

    Reports are taken one by one and not kept, so there may be any number. The folder appears,
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
    tally, ids = Tally(), dict[int, int]()
    with ExitStack() as stack:
        files = {
            dataset.name: [stack.enter_context(closing(_open(w, dataset, folder))) for w in WRITERS]
            for dataset in datasets()
        }
        for report in reports:
            made = rows(report, _unique(report_id(report), ids), VERSION)
            for name, lines in made.items():
                if lines:
                    columns = list(zip(*(line.values() for line in lines), strict=True))
                    for file in files[name]:
                        file.write(columns)
            tally.add(report)
    return tally


def _open(writer: type[Writer], dataset: Dataset, folder: Path) -> Writer:
    return writer(dataset, folder / f"{dataset.name}{writer.suffix}")


def _unique(id: str, ids: dict[int, int]) -> str:
    """The id with -2, -3 for the further reports of one file; `ids` holds how often each was given.

    They are kept as numbers: there may be millions.
    """
    number = int(id, 16)
    ids[number] = ids.get(number, 0) + 1
    return id if ids[number] == 1 else f"{id}-{ids[number]}"
