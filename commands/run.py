"""Read reports (files and folders) and write the datasets. 读取年度报告并写出数据集。"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Annotated

import typer

import pipeline
import run as engine
from commands import Refused, given
from commands.bar import Bar
from commands.given import Aliases
from commands.screen import clean
from model import BadCorrection

#: Reports that the summary names: what one looks at in a sitting.
MOST_NAMED = 5


def command(
    inputs: Annotated[list[Path], typer.Argument(help="Files and folders of reports. 报告文件或文件夹")],
    to: Annotated[Path, typer.Option("--to", help="Folder to write the datasets to. 输出文件夹")],
    workers: Annotated[int, typer.Option(help="Processes that read at once; 0: as many as processors.")] = 0,
    timeout: Annotated[float, typer.Option(help="Seconds one file may take.")] = 60.0,
    memory: Annotated[float, typer.Option(help="GiB of address space one file may take.")] = 2.0,
    aliases: Aliases = None,
    place: Annotated[
        str | None,
        typer.Option("--in", metavar="PLACE", help="Where all the bodies lie: a name or a code. 所在地"),
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Read every file, also what an earlier run read. 全部重新读取")
    ] = False,
    corrections: Annotated[
        Path | None,
        typer.Option(help="Corrections to replay; without it those of DIR. 更正文件"),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress and no summary.")] = False,
) -> int:
    """Read every report and write facts, reports, sections, mentions, checks and findings as CSV and Parquet."""
    if workers < 0 or timeout <= 0 or memory <= 0:
        raise Refused("--workers, --timeout and --memory are positive numbers", 2)
    options = given.options(aliases, place)
    bar = Bar(not quiet and sys.stderr.isatty())
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
            fresh=fresh,
            corrections=corrections,
        )
    except (OSError, BadCorrection) as error:
        # an input that is not there, a folder that is not ours, a full disk, a bad line of corrections
        raise Refused(str(error), 2) from error
    except KeyboardInterrupt as error:
        raise Refused(
            "stopped; the datasets are as they were; the same command goes on from here", 1
        ) from error
    finally:
        bar.close()
    if not quiet:
        sys.stderr.write(clean(_summary(tally, to)))
    return 1 if tally.failed or tally.errors else 0


def _summary(tally: engine.Tally, to: Path) -> str:
    """What a person does next."""
    lines = [
        f"{tally.reports} reports: {tally.ok} ok, {tally.partial} partial, {tally.empty} empty (no report), "
        f"{tally.failed} failed",
        *([f"{tally.unchanged} files are unchanged and were not read again"] if tally.unchanged else []),
        f"{tally.facts} values ({tally.blanks} blank, {tally.unread} unread); "
        f"{tally.checks_failed} of {tally.checks} checks fail (sums as printed, narrative against table)",
    ]
    lines += _corrections(to)
    first = _first(to)
    if first:
        lines += ["look at first / 请先查看:", *first, f"  why: {to / 'findings.csv'}, {to / 'checks.csv'}"]
    lines.append(f"datasets in {to}: open {to / 'facts.csv'}; what every column means: {to / 'codebook.md'}")
    return "\n".join(lines) + "\n"


def _corrections(to: Path) -> list[str]:
    """What became of the corrections, where there were any."""
    said = json.loads((to / "run.json").read_text("utf-8")).get("corrections")
    if said is None:
        return []
    line = (
        f"corrections: {said['corrected']} applied, {said['confirmed']} confirmed as printed, "
        f"{said['superfluous']} no longer needed, {said['not_applied']} not applied"
    )
    away = said["without_document"]
    return [line, *([f"  {len(away)} documents that were corrected are not here: {away[0]}"] if away else [])]


def _first(to: Path) -> list[str]:
    """The reports to look at first: failed, then partial, then those with the most checks that fail."""
    order = ("failed", "partial", "ok")
    wanted = []
    with (to / "reports.csv").open(newline="", encoding="utf-8-sig") as file:
        for report in csv.DictReader(file):
            failed = int(report["checks_failed"])
            if report["status"] in order and (report["status"] != "ok" or failed):
                why = report["reason"] or f"{failed} checks fail"
                at = (order.index(report["status"]), -failed, report["source_file"])
                wanted.append((at, f"  {report['status']:<8}{report['source_file']}   {why}"))
    return [line for _, line in sorted(wanted)[:MOST_NAMED]]
