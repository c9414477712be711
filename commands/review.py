"""Pages for people: tables, pages of the report, failed sums and findings, in a browser. 生成供人工核对的网页。"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from gongkai import run as runs
from gongkai.commands import Refused
from gongkai.commands.options.named_files import Dataset
from gongkai.commands.output.screen import clean
from gongkai.model import BadCorrection, Report


def command(
    dataset: Dataset,
    to: Annotated[Path, typer.Option("--to", help="Folder to write the pages to. 输出文件夹")],
    inputs: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[INPUT]...", help="Where the reports lie now, if they were moved. 报告文件"),
    ] = None,
    only: Annotated[
        str | None,
        typer.Option(help="Pages only for reports with this in file, body or year. 只生成这些报告"),
    ] = None,
    doubtful: Annotated[
        bool,
        typer.Option("--doubtful", help="Pages only where something fails, is missing or wants a look."),
    ] = False,
    all_pages: Annotated[
        bool, typer.Option("--all-pages", help="Pictures of all pages, not only of those with values.")
    ] = False,
    workers: Annotated[int, typer.Option(help="Processes at once; 0: as many as processors.")] = 0,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress and no summary.")] = False,
) -> int:
    """Write index.html and one file a report; they open from disk and load nothing."""
    if workers < 0:
        raise Refused("--workers is a positive number", 2)
    if not (dataset / "run.json").is_file():
        raise Refused("is no dataset; name a folder that `gongkai run` wrote", 2, dataset)
    if to.resolve() == dataset.resolve():
        raise Refused("is the dataset; name another folder for the pages", 2, to)

    def wanted(report: Report) -> bool:
        return (only is None or _named(report, only)) and (not doubtful or _doubtful(report))

    shows_progress = not quiet and sys.stderr.isatty()

    def show_progress(done: int, id: str) -> None:
        if shows_progress:
            sys.stderr.write(f"\r{done} pages")

    try:
        counts = runs.review(
            dataset,
            to,
            inputs or [],
            wanted=wanted,
            workers=workers or runs.processors(),
            whole=all_pages,
            progress=show_progress,
        )
    except (OSError, ValueError, BadCorrection) as error:
        raise Refused(str(error), 2) from error
    if shows_progress:
        sys.stderr.write("\n")
    if not quiet:
        without = (
            f"; {counts.without_paper} without the paper, each tells why" if counts.without_paper else ""
        )
        sys.stderr.write(
            clean(f"{counts.pages} pages of {counts.reports} reports{without}; open {to / 'index.html'}")
            + "\n"
        )
    return 0


def _named(report: Report, text: str) -> bool:
    return any(text in str(part) for part in (report.source.path, report.org, report.year))


def _doubtful(report: Report) -> bool:
    return (
        report.status in ("partial", "failed")
        or any(c.outcome == "fail" for c in report.checks)
        or any(f.severity != "note" for f in report.findings)
    )
