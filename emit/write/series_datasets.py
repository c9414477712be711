"""Results of a check over several reports → two more datasets in the folder that was checked."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from gongkai.emit.schema import datasets
from gongkai.emit.write.datapackage import datapackage, extend_package
from gongkai.emit.write.rows import RawRow, Row, check_row, file_row, finding_row
from gongkai.emit.write.writer import WRITERS, open_writers
from gongkai.model import Filing, SeriesCheck, SeriesFinding

#: Lines that are given to the writers at once.
BATCH = 4_096


def add_series(folder: Path, results: Iterable[SeriesCheck | SeriesFinding]) -> None:
    """Write `series` and `series_findings` in their order into a dataset folder of ours.

    Those of an earlier check are replaced when everything is written; datapackage.json lists them.
    """
    suffixes = [writer.suffix for writer in WRITERS]
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", suffix=".check", dir=folder.parent) as fresh:
        _write(Path(fresh), results)
        for path in sorted(Path(fresh).iterdir()):
            path.replace(folder / path.name)
        package = Path(fresh) / "datapackage.json"
        written = (folder / package.name).read_text("utf-8")
        whole = (folder / "reports.csv").is_file()  # a cluster writes Parquet in parts
        text = datapackage(folder, suffixes) if whole else extend_package(written, folder, suffixes)
        package.write_text(text, "utf-8", newline="\n")
        package.replace(folder / package.name)


def _write(folder: Path, results: Iterable[SeriesCheck | SeriesFinding]) -> None:
    with open_writers(datasets("check"), folder) as put:
        for name, lines in _batches(results):
            put(name, lines)


def _batches(results: Iterable[SeriesCheck | SeriesFinding]) -> Iterator[tuple[str, list[Row]]]:
    """The lines of both datasets in their order, with the name of theirs, so many at once."""
    known = {d.name: d for d in datasets("check")}
    waiting: dict[str, list[Row]] = {name: [] for name in known}
    for result in results:
        name, row = _row(result)
        waiting[name].append(file_row(known[name], row))
        if len(waiting[name]) >= BATCH:
            yield name, waiting[name]
            waiting[name].clear()
    yield from ((name, lines) for name, lines in waiting.items() if lines)


def _row(result: SeriesCheck | SeriesFinding) -> tuple[str, RawRow]:
    """The dataset of a result and its columns there."""
    reports = _reports_row(result.filing, result.other)
    if isinstance(result, SeriesFinding):
        return "series_findings", {**reports, **finding_row(result.finding), "figure": result.figure}
    row = check_row(result.check)
    before = tuple(f"{'.'.join(address)}@-1" for address in result.other_facts)
    return "series", {**reports, **row, "facts": (*row["facts"], *before)}


def _reports_row(filing: Filing, other: Filing | None) -> RawRow:
    """The columns that say which report it is, and which other one it was compared with."""
    return {
        "report_id": filing.report_id,
        "source_file": filing.source_file,
        "org": filing.org,
        "year": filing.year,
        "other_report_id": None if other is None else other.report_id,
        "other_source_file": None if other is None else other.source_file,
    }
