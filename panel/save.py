"""A Panel → the files that a user named, with the lists and the codebook beside them; all or none is put in place."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from gongkai.model import guard
from gongkai.panel.choose import COLUMNS, read_decisions
from gongkai.panel.codebook import as_html, codebook, panel_package
from gongkai.panel.files import excel, spss, stata, tables
from gongkai.panel.panel_table import Panel

#: what a file's ending means
FORMATS = ("dta", "xlsx", "csv", "parquet", "sav", "duckdb", "sqlite")
#: the list of what we wrote in a folder: only these files are replaced
MARK = "panel_files.json"
_KEY = ("body_id", "year")
_UNPLACED = ("report_id", "source_file", "org", "year", "title", "status", "reason", "why")


@dataclass(frozen=True, slots=True)
class SaveOptions:
    """How a panel is written: language of labels, words of missing codes in .dta, a mask beside the tables."""

    labels: Literal["zh", "en"] = "zh"
    missing_labels: bool = False
    mask: bool = False


def format_of(path: Path, named: str | None = None) -> str:
    """The format of a file, by `named` or by its ending. Raises ValueError where neither tells."""
    found = (named or path.suffix.removeprefix(".")).lower()
    found = {"db": "sqlite", "sqlite3": "sqlite", "pq": "parquet", "ddb": "duckdb"}.get(found, found)
    if found not in FORMATS:
        endings = ", ".join(f".{name}" for name in FORMATS)
        raise ValueError(f"{path}: the ending names no format; one of {endings}, or --format")
    return found


def save(panel: Panel, paths: Sequence[tuple[Path, str]], options: SaveOptions = SaveOptions()) -> list[Path]:
    """Write the panel to each (path, format), and in the first path's folder the lists and the codebook.

    Raises FileExistsError where a file of that name is there that we did not write, OSError where the disk refuses.
    Returns the files written, in order.
    """
    entries = codebook(panel)
    jobs: dict[Path, Callable[[Path], None]] = {}
    for path, kind in paths:
        jobs |= _jobs(panel, path, kind, options, entries)
    folder = paths[0][0].parent
    jobs[folder / "panel_duplicates.csv"] = lambda p: write_list(p, COLUMNS, panel.choice.lines)
    jobs[folder / "panel_unplaced.csv"] = lambda p: write_list(p, _UNPLACED, panel.unplaced)
    if panel.items:
        jobs[folder / "panel_items.csv"] = lambda p: write_list(p, tuple(panel.items[0]), panel.items)
    jobs[folder / "panel_codebook.csv"] = lambda p: write_list(p, tuple(entries[0]), entries)
    page = as_html(entries)
    jobs[folder / "panel_codebook.html"] = lambda p: _write_text(p, page)
    if find_spec("xlsxwriter") is not None:  # the extra "stats" installs it; the other formats do without
        jobs[folder / "panel_codebook.xlsx"] = lambda p: excel.write_list(p, "codebook", entries)
    described = panel_package(panel, entries, paths)
    jobs[folder / "panel_datapackage.json"] = lambda p: _write_text(p, described)
    refuse_others(jobs)
    _keep_decisions(folder / "panel_duplicates.csv", panel)
    return write_all(jobs, "gongkai panel")


def _jobs(
    panel: Panel, path: Path, kind: str, options: SaveOptions, entries: Sequence[Mapping[str, Any]]
) -> dict[Path, Callable[[Path], None]]:
    """The files of one format, each with what writes it."""
    match kind:
        case "dta":
            return {
                path: lambda p: stata.write(
                    panel, p, labels=options.labels, missing_labels=options.missing_labels
                )
            }
        case "sav":
            return {path: lambda p: spss.write(panel, p, labels=options.labels)}
        case "xlsx":
            return {path: lambda p: excel.write(panel, p, labels=options.labels, codebook=entries)}
        case "csv" | "parquet":
            write = tables.write_csv if kind == "csv" else tables.write_parquet
            return {
                path.with_stem(path.stem + suffix): partial(_write_table, panel, write, make)
                for suffix, make in _tables(options)
            }
        case _:
            whole = tables.write_duckdb if kind == "duckdb" else tables.write_sqlite
            keys = {"panel": _KEY, "panel_mask": _KEY}
            return {
                path: lambda p: whole({f"panel{s}": make(panel) for s, make in _tables(options)}, p, keys)
            }


def _write_table(
    panel: Panel, write: Callable[[Any, Path], None], make: Callable[[Panel], Any], path: Path
) -> None:
    write(make(panel), path)


def _tables(options: SaveOptions) -> list[tuple[str, Callable[[Panel], Any]]]:
    """What is written as a table: the panel, why values are missing, and the mask where it is asked for."""
    found: list[tuple[str, Callable[[Panel], Any]]] = [
        ("", tables.read_lines),
        ("_missing", tables.read_reasons),
    ]
    return [*found, ("_mask", tables.read_mask)] if options.mask else found


def write_list(path: Path, columns: Sequence[str], lines: Sequence[Mapping[str, Any]]) -> None:
    """Lines as CSV that a person opens in Excel, fills in and gives back."""
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(columns)
        for line in lines:
            writer.writerow([_cell(line.get(name, "")) for name in columns])


def _cell(value: Any) -> Any:
    return guard(value) if isinstance(value, str) else value


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, "utf-8", newline="\n")


def refuse_dataset(folder: Path, paths: Sequence[Path]) -> None:
    """Raises ValueError where a file is to lie in the dataset itself: the next run replaces that folder whole."""
    for path in paths:
        if folder.resolve() in path.resolve().parents:
            raise ValueError(
                f"{path}: lies in the dataset, which the next run replaces; name a place outside of {folder}"
            )


def refuse_others(jobs: Mapping[Path, Any]) -> None:
    """Raises FileExistsError where one of the files is there and another program or a person wrote it."""
    for folder in {path.parent for path in jobs}:
        ours = _ours(folder)
        for path in jobs:
            if path.parent == folder and path.exists() and path.name not in ours:
                raise FileExistsError(f"{path}: is there and is not ours; move it, or name another file")


def _keep_decisions(path: Path, panel: Panel) -> None:
    """Raises FileExistsError where `path` holds decisions of a person that this panel was not given."""
    if not path.exists():
        return
    given = {(line["report_id"], line["keep"], line["newid"], line["newyear"]) for line in panel.choice.lines}
    for d in read_decisions(path):
        if d.says_something and (d.report_id, d.keep, d.newid, d.newyear) not in given:
            raise FileExistsError(
                f"{path}, line {d.line}: holds a decision of {d.by}; give it with --duplicates {path}, or move the file"
            )


def _ours(folder: Path) -> set[str]:
    try:
        listed = json.loads((folder / MARK).read_text("utf-8"))
    except (OSError, ValueError):
        return set()
    return set(listed.get("files", ())) if isinstance(listed, dict) else set()


def write_all(jobs: Mapping[Path, Callable[[Path], None]], made_by: str) -> list[Path]:
    """Write every file aside, then put all in place: what fails leaves what was there."""
    aside = {path: path.with_name(f".{path.name}.partial") for path in jobs}
    try:
        for path, write in jobs.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            write(aside[path])
        for folder in {path.parent for path in jobs}:
            names = sorted(_ours(folder) | {path.name for path in jobs if path.parent == folder})
            marked = {"made_by": made_by, "files": names}
            _write_text(folder / MARK, json.dumps(marked, ensure_ascii=False, indent=1) + "\n")
        for path, fresh in aside.items():
            os.replace(fresh, path)
    finally:
        for fresh in aside.values():
            fresh.unlink(missing_ok=True)
    return list(jobs)
