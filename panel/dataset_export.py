"""A dataset folder → one file with everything: a workbook for people, a database with views, or the tables by name."""

from __future__ import annotations

import json
import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.compute as pc  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from gongkai.emit.schema import Dataset, datasets
from gongkai.panel.codebook import codebook
from gongkai.panel.files import database, excel, tables
from gongkai.panel.files.excel import SheetLink, Workbook
from gongkai.panel.panel_table import Panel
from gongkai.panel.save import refuse_others, write_all
from gongkai.panel.variables import variables

#: what `export` writes; the panel alone goes to .dta and .sav
EXPORTS = ("xlsx", "duckdb", "sqlite", "csv", "parquet")


@dataclass(slots=True)
class Exported:
    """The files written, and what a person should know of them: sheets that were split, links that were left out."""

    files: list[Path]
    words: list[str] = field(default_factory=list)


def export(
    folder: Path, panel: Panel, paths: Sequence[tuple[Path, str]], *, pages: Path | None = None
) -> Exported:
    """Write the datasets of a folder and the panel that was built of it to each (path, format).

    `pages`: the folder of `gongkai review`, to which a workbook links. Raises FileExistsError where a file of that
    name is there that we did not write, ValueError for a format that cannot hold datasets.
    """
    words: list[str] = []
    jobs: dict[Path, Callable[[Path], None]] = {}
    for path, kind in paths:
        if kind not in EXPORTS:
            raise ValueError(
                f"{path}: holds one table alone; `gongkai panel` writes it, export writes {', '.join(EXPORTS)}"
            )
        if kind == "xlsx":
            jobs[path] = partial(_write_workbook, folder, panel, path.parent, pages, words)
        elif kind in ("duckdb", "sqlite"):
            write = database.write_duckdb if kind == "duckdb" else database.write_sqlite
            jobs[path] = partial(_write_database, folder, panel, write)
        else:
            jobs |= _tables(folder, panel, path, kind)
    refuse_others(jobs)
    return Exported(write_all(jobs, "gongkai export"), words)


def there(folder: Path) -> list[Dataset]:
    """The datasets that a folder holds, those of a check and of a night where there was one."""
    every = (*datasets(), *datasets("check"), *datasets("nightly"))
    return [d for d in every if (folder / f"{d.name}.parquet").is_file()]


def _tables(folder: Path, panel: Panel, path: Path, kind: str) -> dict[Path, Callable[[Path], None]]:
    """One file a dataset, named after `path` and the dataset: out.csv gives out_reports.csv and so on."""
    write = tables.write_csv if kind == "csv" else tables.write_parquet
    jobs: dict[Path, Callable[[Path], None]] = {
        path.with_stem(f"{path.stem}_{d.name}"): partial(_copy, folder / f"{d.name}.{kind}")
        for d in there(folder)
    }
    jobs[path.with_stem(f"{path.stem}_panel")] = lambda p: write(tables.read_lines(panel), p)
    jobs[path.with_stem(f"{path.stem}_panel_missing")] = lambda p: write(tables.read_reasons(panel), p)
    return jobs


def _copy(old: Path, new: Path) -> None:
    shutil.copyfile(old, new)


# Databases ---------------------------------------------------------------------------------------


def _write_database(folder: Path, panel: Panel, write: Callable[..., None], path: Path) -> None:
    contents = [
        database.Contents(d.name, folder / f"{d.name}.parquet", d.key, d.zh, d.en, _comments(d))
        for d in there(folder)
    ]
    write(
        contents, {"panel_lines": tables.read_lines(panel), "panel_missing": tables.read_reasons(panel)}, path
    )


def _comments(dataset: Dataset) -> dict[str, str]:
    return {c.name: f"{c.zh} / {c.en}" for c in dataset.columns}


# Workbook ----------------------------------------------------------------------------------------


def _write_workbook(
    folder: Path, panel: Panel, beside: Path, pages: Path | None, words: list[str], path: Path
) -> None:
    """Sheets panel, missing, reports, checks that fail, findings, duplicates, unplaced and codebook."""
    years = _years(folder)
    links = _Links(folder, beside, pages)
    with Workbook(path) as book:
        book.add_panel(panel, "zh", failed_variables(folder))
        if len(panel) >= excel.MOST_ROWS:
            words.append(f"panel: {excel.SPLIT.format(rows=excel.MOST_ROWS - 1)}")
        book.add_reasons(panel, "zh")
        _add(book, "reports", links.head(folder), links.rows(folder), years, words, bad=_sums_fail(folder))
        head, rows = _rows(folder, "checks", only_failing=True)
        _add(book, "checks_failed", head, rows, years, words, bad=lambda row: True)
        head, rows = _rows(folder, "findings")
        _add(book, "findings", head, rows, years, words, bad=_of_errors(head))
        for name, lines in (
            ("duplicates", panel.choice.lines),
            ("unplaced", panel.unplaced),
            ("codebook", codebook(panel)),
        ):
            if lines:
                book.add_table(name, list(lines[0]), ([*line.values()] for line in lines))
        columns = [[d.name, c.name, c.kind, c.unit, c.zh, c.en] for d in there(folder) for c in d.columns]
        book.add_table("columns", ["dataset", "column", "kind", "unit", "zh", "en"], columns)


def failed_variables(folder: Path) -> dict[str, frozenset[str]]:
    """The variables whose boxes stand in a sum that fails, by report."""
    names = {
        terms[0]: v.name
        for v in variables()
        if v.kind in ("field", "optional") and v.terms
        for terms in v.terms.values()
    }
    found: dict[str, set[str]] = defaultdict(set)
    checks = pq.read_table(folder / "checks.parquet", columns=["report_id", "outcome", "facts"])
    checks = checks.filter(pc.equal(checks["outcome"], "fail"))
    for id, facts in zip(checks["report_id"].to_pylist(), checks["facts"].to_pylist(), strict=True):
        found[id] |= {
            names[at] for text in facts.split(";") if len(at := tuple(text.split("."))) == 3 and at in names
        }
    return {id: frozenset(many) for id, many in found.items()}


def _years(folder: Path) -> dict[str, int | None]:
    reports = pq.read_table(folder / "reports.parquet", columns=["report_id", "year"])
    return dict(zip(reports["report_id"].to_pylist(), reports["year"].to_pylist(), strict=True))


def _rows(folder: Path, dataset: str, *, only_failing: bool = False) -> tuple[list[str], Iterator[list[Any]]]:
    """The head of a dataset and its rows, batch by batch."""
    file = pq.ParquetFile(folder / f"{dataset}.parquet")

    def rows() -> Iterator[list[Any]]:
        for batch in file.iter_batches(10_000):
            if only_failing:
                batch = batch.filter(pc.equal(batch["outcome"], "fail"))
            yield from map(list, zip(*(c.to_pylist() for c in batch.columns), strict=True))

    return list(file.schema_arrow.names), rows()


def _sums_fail(folder: Path) -> Callable[[Sequence[Any]], bool]:
    """Whether a row of `reports`, behind the column of its page, has a sum that fails."""
    at = pq.ParquetFile(folder / "reports.parquet").schema_arrow.names.index("checks_failed") + 1
    return lambda row: bool(row[at])


def _of_errors(head: Sequence[str]) -> Callable[[Sequence[Any]], bool]:
    at = list(head).index("severity")
    return lambda row: bool(row[at] == "error")


def _add(
    book: Workbook,
    name: str,
    head: Sequence[str],
    rows: Iterator[list[Any]],
    years: Mapping[str, int | None],
    words: list[str],
    *,
    bad: Callable[[Sequence[Any]], bool],
) -> None:
    """A sheet; where the rows are more than it holds, one a year, and a word about it."""
    id_at = list(head).index("report_id")
    held: list[list[Any]] = []
    for row in rows:
        held.append(row)
        if len(held) >= excel.MOST_ROWS:
            break
    else:
        book.add_table(name, head, held, bad=bad)
        return
    split: dict[int | None, list[list[Any]]] = defaultdict(list)
    for row in (*held, *rows):
        split[years.get(row[id_at])].append(row)
    for year, many in sorted(split.items(), key=lambda item: item[0] or 0):
        size = excel.MOST_ROWS - 1
        for number, start in enumerate(range(0, len(many), size), 1):
            part = f" ({number})" if len(many) > size else ""
            book.add_table(f"{name} {year or 'no year'}{part}", head, many[start : start + size], bad=bad)
    words.append(
        f"{name}: more rows than a sheet holds ({excel.MOST_ROWS - 1:,}); one sheet a year / 行数超过一张工作表，按年度分开"
    )


class _Links:
    """Rows of `reports` with links to each file and its page, where these are found."""

    def __init__(self, folder: Path, beside: Path, pages: Path | None) -> None:
        run = json.loads((folder / "run.json").read_text("utf-8"))
        start = Path(run.get("folder", "."))
        self._tops = [start / name for name in run.get("inputs", ()) if "://" not in name]
        self._beside, self._pages = beside.resolve(), pages

    def head(self, folder: Path) -> list[str]:
        """The columns of `reports`, and in front of them the page of each."""
        return ["page", *pq.ParquetFile(folder / "reports.parquet").schema_arrow.names]

    def rows(self, folder: Path) -> Iterator[list[Any]]:
        """The rows of `reports`."""
        head, rows = _rows(folder, "reports")
        id, file = head.index("report_id"), head.index("source_file")
        for row in rows:
            page = self._pages / f"{row[id]}.html" if self._pages is not None else None
            shown = self._link(page, "page") if page is not None and page.is_file() else ""
            row[file] = self._to_file(row[file])
            yield [shown, *row]

    def _to_file(self, name: str) -> SheetLink | str:
        """A file as it was named to the run, or a member of an archive as the archive."""
        inside = name.partition("!/")[0]
        for top in self._tops:
            path = top if top.name == inside and top.is_file() else top / inside
            if path.is_file():
                return self._link(path, name)
        return name

    def _link(self, path: Path, text: str) -> SheetLink:
        """A link relative to the workbook where both lie on one disk: the folder may be moved as a whole."""
        full = path.resolve()
        try:
            where = os.path.relpath(full, self._beside)
        except ValueError:  # on another drive of Windows
            where = str(full)
        return SheetLink(f"external:{where}", text)
