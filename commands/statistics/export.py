"""Everything of a dataset in one file: an Excel workbook, a DuckDB or SQLite database, CSV or Parquet. 导出整个数据集。"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gongkai import panel as engine
from gongkai.commands import Refused
from gongkai.commands.options.named_files import Dataset, OutputFiles
from gongkai.commands.output.install_hint import install_hint
from gongkai.commands.output.language import translate
from gongkai.commands.output.screen import write, write_json


def command(
    dataset: Dataset,
    to: OutputFiles,
    format: Annotated[
        str | None, typer.Option("--format", help="xlsx, duckdb, sqlite, csv or parquet.")
    ] = None,
    pages: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Folder of `gongkai review`: reports link to it."),
    ] = None,
    duplicates: Annotated[
        Path | None,
        typer.Option(metavar="CSV", help="panel_duplicates.csv with your decisions."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The summary for programs.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No summary.")] = False,
) -> int:
    """Write reports, failed checks, findings, panel and codebook (Excel), or every table (databases, CSV, Parquet)."""
    try:
        paths = [(path, engine.format_of(path, format)) for path in to]
        engine.refuse_dataset(dataset, to)
        done = engine.export(
            dataset, engine.build(dataset, engine.PanelOptions(decisions=duplicates)), paths, pages=pages
        )
    except ModuleNotFoundError as error:
        raise Refused(f"{error.name} is not installed; {install_hint('stats')}", 2) from error
    except (OSError, ValueError) as error:
        raise Refused(str(error), 2) from error
    if as_json:
        told = {"files": list(map(str, done.files)), "notes": list(done.words)}
        write_json(told)
    elif not quiet:
        write("\n".join([*map(translate, done.words), *map(str, done.files)]) + "\n")
    return 0
