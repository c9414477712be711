"""Pages for people: tables, pages of the report, failed sums and findings, in a browser. 生成供人工核对的网页。"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from gongkai import run as runs
from gongkai.commands import Refused
from gongkai.commands.options.named_files import Dataset
from gongkai.commands.output.screen import clean
from gongkai.model import BadCorrection, Report

#: where the server listens
HOST, PORT = "127.0.0.1", 8765


def command(
    dataset: Dataset,
    to: Annotated[Path | None, typer.Option("--to", help="Folder to write the pages to. 输出文件夹")] = None,
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
    serve: Annotated[
        bool,
        typer.Option(
            "--serve", help="A server for the browser, where people correct and confirm. 启动核对服务"
        ),
    ] = False,
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Its port; 0: a free one.")] = PORT,
    host: Annotated[str, typer.Option(help="Its host; any but this machine's own asks for a token.")] = HOST,
) -> int:
    """Write index.html and one file a report, which open from disk and load nothing; or, with --serve, serve them.

    On the server people work through a list: every correction and mark is written to the dataset folder at once.
    """
    if workers < 0:
        raise Refused("--workers is a positive number", 2)
    if not (dataset / "run.json").is_file():
        raise Refused("is no dataset; name a folder that `gongkai run` wrote", 2, dataset)
    if serve:
        if to is not None or only is not None or doubtful or all_pages:
            raise Refused("--serve goes with INPUT, --host, --port and --workers alone", 2)
        return _serve(dataset, inputs or [], host, port, workers or runs.processors(), quiet)
    if host != HOST or port != PORT:
        raise Refused("--host and --port go with --serve", 2)
    if to is None:
        raise Refused("name --to FOLDER for pages on disk, or --serve", 2)
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


def _serve(dataset: Path, inputs: list[Path], host: str, port: int, workers: int, quiet: bool) -> int:
    """Serve until Ctrl-C."""
    if find_spec("uvicorn") is None or find_spec("starlette") is None:
        raise Refused("--serve needs the extra: pip install 'gongkai[review]'", 2)
    server = import_module("gongkai.run.desk.review_server")  # here: its libraries are an extra

    def started(address: str, reports: int) -> None:
        sys.stderr.write(clean(f"{address}   {reports} reports; Ctrl-C stops the server") + "\n")
        sys.stderr.flush()

    try:
        server.serve(dataset, inputs, host=host, port=port, workers=workers, started=started)
    except KeyboardInterrupt:
        pass
    except (OSError, ValueError, BadCorrection) as error:
        raise Refused(str(error), 2) from error
    if not quiet:
        sys.stderr.write("stopped; what was said is in the dataset folder\n")
    return 0


def _named(report: Report, text: str) -> bool:
    return any(text in str(part) for part in (report.source.path, report.org, report.year))


def _doubtful(report: Report) -> bool:
    return (
        report.status in ("partial", "failed")
        or any(c.outcome == "fail" for c in report.checks)
        or any(f.severity != "note" for f in report.findings)
    )
