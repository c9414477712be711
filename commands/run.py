"""Read reports (files and folders) and write the datasets. 读取年度报告并写出数据集。"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

import pipeline
import run as engine


def command(
    inputs: Annotated[list[Path], typer.Argument(help="Files and folders of reports. 报告文件或文件夹")],
    to: Annotated[Path, typer.Option("--to", help="Folder to write the datasets to. 输出文件夹")],
    workers: Annotated[int, typer.Option(help="Processes that read at once; 0: as many as processors.")] = 0,
    timeout: Annotated[float, typer.Option(help="Seconds one file may take.")] = 60.0,
    memory: Annotated[float, typer.Option(help="GiB of address space one file may take.")] = 2.0,
    aliases: Annotated[Path | None, typer.Option(help="TOML file with wordings of your own.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress and no summary.")] = False,
) -> int:
    """Read every report and write facts, reports, sections, checks and findings as CSV and Parquet."""
    if workers < 0 or timeout <= 0 or memory <= 0:
        sys.stderr.write("gongkai run: --workers, --timeout and --memory are positive numbers\n")
        return 2
    if aliases is not None and not aliases.is_file():
        sys.stderr.write(f"gongkai run: {aliases}: there is no such file\n")
        return 2
    options = pipeline.Options(aliases=aliases)
    bar = _Bar(not quiet and sys.stderr.isatty())
    try:
        tally = engine.run(
            inputs,
            to,
            workers=workers or engine.processors(),
            options=options,
            templates=pipeline.templates(),
            timeout=timeout,
            memory=int(memory * 1024**3),
            progress=bar.step,
        )
    except (FileNotFoundError, FileExistsError) as error:
        sys.stderr.write(f"gongkai run: {error}\n")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("gongkai run: stopped; nothing was written\n")
        return 1
    finally:
        bar.close()
    if not quiet:
        sys.stderr.write(_summary(tally, to, bar.bad))
    return 1 if tally.failed or tally.errors else 0


class _Bar:
    """Progress with rate and time left, on a terminal only; and what to look at first."""

    def __init__(self, shown: bool) -> None:
        self.bad: list[tuple[str, str]] = []
        self._shown = shown
        self._progress: object = None
        self._task = None

    def step(self, progress: engine.Progress) -> None:
        """One file more."""
        for status in progress.statuses:
            if status in ("failed", "partial"):
                self.bad.append((status, progress.source_file))
        if not self._shown or progress.total < 2:
            return
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        if self._progress is None:
            columns = (
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.speed:.0f}/s"),
                TimeRemainingColumn(),
            )
            bar = Progress(*columns, transient=True)
            bar.start()
            self._progress, self._task = bar, bar.add_task("read", total=progress.total)  # type: ignore[assignment]
        assert isinstance(self._progress, Progress)
        self._progress.update(self._task, completed=progress.done)  # type: ignore[arg-type]
        if "failed" in progress.statuses:
            self._progress.console.print(f"failed  {progress.source_file}", highlight=False)

    def close(self) -> None:
        """Take the bar away."""
        if self._progress is not None:
            self._progress.stop()  # type: ignore[attr-defined]


def _summary(tally: engine.Tally, to: Path, bad: list[tuple[str, str]]) -> str:
    """What a person does next."""
    lines = [
        f"{tally.reports} files: {tally.ok} ok, {tally.partial} partial, {tally.empty} empty (no report), "
        f"{tally.failed} failed",
        f"{tally.facts} values ({tally.blanks} blank, {tally.unread} unread); "
        f"{tally.checks_failed} of {tally.checks} sums do not hold as printed",
    ]
    first = sorted(bad)[:5]
    if first:
        lines.append("look at first / 请先查看:")
        lines += [f"  {status:<8}{name}" for status, name in first]
        lines.append(f"  why: {to / 'findings.csv'}")
    lines.append(f"datasets in {to}: open {to / 'facts.csv'}; what every column means: {to / 'codebook.md'}")
    return "\n".join(lines) + "\n"
