"""Results of a check over several reports → two more datasets in the folder that was checked."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from gongkai.emit.schema import datasets
from gongkai.emit.write.datapackage import datapackage
from gongkai.emit.write.rows import Row, clean
from gongkai.emit.write.writer import WRITERS, writing
from gongkai.model import Filing, SeriesCheck, SeriesFinding

#: Lines that are given to the writers at once.
BATCH = 4_096


def add_series(folder: Path, results: Iterable[SeriesCheck | SeriesFinding]) -> None:
    """Write `series` and `series_findings` in their order into a dataset folder of ours.

    Those of an earlier check are replaced when everything is written; datapackage.json is told.
    """
    suffixes = [writer.suffix for writer in WRITERS]
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", suffix=".check", dir=folder.parent) as fresh:
        _write(Path(fresh), results)
        for path in sorted(Path(fresh).iterdir()):
            path.replace(folder / path.name)
        package = Path(fresh) / "datapackage.json"
        package.write_text(datapackage(folder, suffixes), "utf-8", newline="\n")
        package.replace(folder / package.name)


def _write(folder: Path, results: Iterable[SeriesCheck | SeriesFinding]) -> None:
    with writing(datasets("check"), folder) as put:
        for name, lines in _batches(results):
            put(name, lines)


def _batches(results: Iterable[SeriesCheck | SeriesFinding]) -> Iterator[tuple[str, list[Row]]]:
    waiting: dict[str, list[Row]] = {d.name: [] for d in datasets("check")}
    for result in results:
        is_check = isinstance(result, SeriesCheck)
        lines = waiting["series" if is_check else "series_findings"]
        lines.append(_check(result) if isinstance(result, SeriesCheck) else _finding(result))
        if len(lines) >= BATCH:
            yield ("series" if is_check else "series_findings"), lines
            lines.clear()
    yield from ((name, lines) for name, lines in waiting.items() if lines)


def _reports(filing: Filing, other: Filing | None) -> Row:
    return {
        "report_id": filing.report_id,
        "source_file": filing.source_file,
        "org": filing.org,
        "year": filing.year,
        "other_report_id": None if other is None else other.report_id,
        "other_source_file": None if other is None else other.source_file,
    }


def _check(found: SeriesCheck) -> Row:
    check = found.check
    facts = [".".join(a) for a in check.facts] + [f"{'.'.join(a)}@-1" for a in found.other_facts]
    return {
        **_reports(found.filing, found.other),
        "rule": check.rule,
        "table": check.table,
        "row": check.row,
        "column": check.column,
        "left": check.left,
        "right": check.right,
        "difference": check.difference,
        "outcome": check.outcome,
        "facts": ";".join(facts),
    }


def _finding(found: SeriesFinding) -> Row:
    finding = found.finding
    return {
        **_reports(found.filing, found.other),
        "code": finding.code,
        "severity": finding.severity,
        "message": clean(finding.message),
        "table": finding.table,
        "row": finding.row,
        "column": finding.column,
        "figure": found.figure,
    }
