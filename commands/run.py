"""Read reports (files and folders) and write the datasets. 读取年度报告并写出数据集。"""

from __future__ import annotations

import csv
import glob
import json
import shutil
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from gongkai import run as runs
from gongkai.commands import Refused
from gongkai.commands.options import named_files, register
from gongkai.commands.options.limits import read_limits
from gongkai.commands.options.named_files import Aliases
from gongkai.commands.output.language import say, translate
from gongkai.commands.output.progress import ProgressBar
from gongkai.commands.output.screen import clean, pad, write_json
from gongkai.model import BadCorrection
from gongkai.normalize import templates
from gongkai.run.child.temporary_folder import TemporaryFolder


class Engine(StrEnum):
    """Where the files are read."""

    LOCAL = "local"
    DASK = "dask"


class Partition(StrEnum):
    """The key by which Parquet files lie in folders."""

    YEAR = "year"


#: The most reports that the summary names: as many as a person looks at in one sitting.
MOST_NAMED = 5


def command(
    inputs: Annotated[list[str], typer.Argument(help="Files and folders of reports; - is standard input.")],
    to: Annotated[str, typer.Option("--to", help="Folder to write the datasets to.")],
    workers: Annotated[int, typer.Option(help="Processes that read at once; 0: as many as processors.")] = 0,
    timeout: Annotated[float, typer.Option(help="Seconds one file may take.")] = 60.0,
    memory: Annotated[float, typer.Option(help="GiB of address space one file may take.")] = 2.0,
    limit: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="Another limit, as in pages=500; docs/scale.md has all."),
    ] = None,
    limits: Annotated[Path | None, typer.Option(metavar="FILE", help="TOML file of such limits.")] = None,
    engine: Annotated[
        Engine, typer.Option(help="Read on this machine, or on the hosts of a Dask cluster.")
    ] = Engine.LOCAL,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Address of the Dask cluster: tcp://host:8786.")
    ] = None,
    partition: Annotated[
        Partition | None, typer.Option(help="Parquet in a folder for each year as well.")
    ] = None,
    aliases: Aliases = None,
    place: Annotated[
        str | None,
        typer.Option("--in", metavar="PLACE", help="The place of all the bodies: a name or a code."),
    ] = None,
    bodies: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Your register of bodies: name, aliases, code, id (CSV, XLSX)."),
    ] = None,
    fresh: Annotated[
        bool,
        typer.Option("--fresh", help="Read every file again, even if an earlier run read it."),
    ] = False,
    corrections: Annotated[
        Path | None,
        typer.Option(help="Corrections to replay; by default those of DIR."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The summary for programs.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress and no summary.")] = False,
) -> int:
    """Read every report and write facts, reports, sections, mentions, checks and findings as CSV and Parquet."""
    _require_positive(workers, timeout, memory)
    budget = replace(runs.BUDGET, seconds=timeout, memory=int(memory * 1024**3))
    reading, budget = read_limits(limit or (), limits, budget)
    options = named_files.options(aliases, place, reading)
    if bodies is not None:
        options = replace(options, bodies=register.registered(bodies))
    bar = ProgressBar(not quiet and sys.stderr.isatty())
    common: dict[str, Any] = {
        "options": options,
        "templates": templates(),
        "budget": budget,
        "progress": bar.step,
        "fresh": fresh,
        "by_year": partition is not None,
        "corrections": corrections,
    }
    inputs, spooled = _spool(_expand(inputs))
    try:
        if engine is Engine.DASK:
            tally = runs.run_cluster(inputs, to, scheduler=_cluster_address(scheduler), **common)
        else:
            _refuse_cluster_options(scheduler, (*inputs, to))
            tally = runs.run(
                [Path(name) for name in inputs],
                Path(to),
                workers=workers or runs.processors(),
                tell=_tell,
                **common,
            )
    except (runs.ClusterError, OSError, BadCorrection) as error:
        # a missing input, a folder of other files, a full disk, a bad line of corrections
        raise Refused(str(error), 2) from error
    except KeyboardInterrupt as error:
        raise Refused(
            "stopped; the datasets are as they were; the same command goes on from here", 1
        ) from error
    finally:
        bar.close()
        if spooled is not None:
            spooled.remove()
    if as_json:
        write_json(asdict(tally))
    elif not quiet:
        summary = _summarize(tally, Path(to)) if engine is Engine.LOCAL else _summarize_cluster(tally, to)
        sys.stderr.write(clean(summary))
    none_is_a_report = tally.reports > 0 and tally.reports == tally.empty
    return 1 if tally.failed or tally.errors or none_is_a_report else 0


def _expand(names: Iterable[str]) -> list[str]:
    """The names, each pattern that the shell left as it was (reports/*.docx) replaced by the files it fits."""
    expanded: list[str] = []
    for name in names:
        is_pattern = any(mark in name for mark in "*?[") and "://" not in name and not Path(name).exists()
        expanded += (sorted(glob.glob(name, recursive=True)) if is_pattern else []) or [name]
    return expanded


def _spool(names: list[str]) -> tuple[list[str], TemporaryFolder | None]:
    """The names, with standard input (-) written to a file called stdin, and the folder of that file."""
    if "-" not in names:
        return names, None
    folder = TemporaryFolder()
    path = folder.path / "stdin"
    with path.open("wb") as file:
        shutil.copyfileobj(sys.stdin.buffer, file)
    return [str(path) if name == "-" else name for name in dict.fromkeys(names)], folder


def _tell(line: str) -> None:
    sys.stderr.write(clean(f"gongkai run: {translate(line)}") + "\n")


def _require_positive(workers: int, timeout: float, memory: float) -> None:
    if workers < 0 or timeout <= 0 or memory <= 0:
        raise Refused("--workers, --timeout and --memory are positive numbers", 2)


def _cluster_address(scheduler: str | None) -> str:
    if scheduler is None:
        raise Refused("--engine dask wants --scheduler ADDRESS, as in tcp://host:8786", 2)
    return scheduler


def _refuse_cluster_options(scheduler: str | None, names: Iterable[str]) -> None:
    """Raise Refused for options and addresses that only a cluster can serve."""
    if scheduler is not None:
        raise Refused("--scheduler needs --engine dask", 2)
    for name in names:
        if "://" in name:
            raise Refused(f"{name}: other file systems need --engine dask --scheduler ADDRESS", 2)


def _summarize_cluster(tally: runs.DatasetCounts, to: str) -> str:
    here = [] if "://" in to else _count_corrections(Path(to))
    where = say("datasets in {to}: Parquet files; datapackage.json lists them", to=to)
    return "\n".join([*_counts(tally), *here, where]) + "\n"


def _summarize(tally: runs.DatasetCounts, to: Path) -> str:
    """Counts, corrections, and what a person looks at next."""
    lines = _counts(tally)
    lines += _count_corrections(to)
    if tally.reports and tally.reports == tally.empty:
        lines.append(say("no file is a report: {kinds}", kinds=_name_kinds(to)))
    first = _reports_to_look_at(to)
    if first:
        why = say("why: {findings}, {checks}", findings=to / "findings.csv", checks=to / "checks.csv")
        lines += [say("look at first:"), *first, f"  {why}"]
    codebook, facts = to / "codebook.md", to / "facts.csv"
    datasets = "datasets in {to}: open {facts}; what every column means: {codebook}"
    lines.append(say(datasets, to=to, facts=facts, codebook=codebook))
    return "\n".join(lines) + "\n"


def _counts(tally: runs.DatasetCounts) -> list[str]:
    return [
        say(
            "{reports} reports: {ok} ok, {partial} partial, {narrative} narrative (no tables), "
            "{empty} empty (no report), {failed} failed",
            **_numbers(tally, "reports", "ok", "partial", "narrative", "empty", "failed"),
        ),
        say(
            "sums: {sums_hold} reports hold, {sums_fail} fail ({ok_sums_fail} of them ok otherwise), "
            "{sums_uncertain} uncertain",
            **_numbers(tally, "sums_hold", "sums_fail", "ok_sums_fail", "sums_uncertain"),
        ),
        *(
            [say("{n} files are unchanged and were not read again", n=tally.unchanged)]
            if tally.unchanged
            else []
        ),
        *(
            [say("{n} pages, workbooks or pictures made by gongkai were passed over", n=tally.own_output)]
            if tally.own_output
            else []
        ),
        say(
            "{facts} values ({blanks} blank, {unread} unread); {checks_failed} of {checks} checks fail "
            "(sums as printed, narrative against table)",
            **_numbers(tally, "facts", "blanks", "unread", "checks_failed", "checks"),
        ),
    ]


def _numbers(tally: runs.DatasetCounts, *names: str) -> dict[str, int]:
    """Some counts by their names, for the holes of a wording."""
    return {name: getattr(tally, name) for name in names}


def _count_corrections(to: Path) -> list[str]:
    """How many corrections were applied, where there were any."""
    counts = json.loads((to / "run.json").read_text("utf-8")).get("corrections")
    if counts is None:
        return []
    line = say(
        "corrections: {corrected} applied, {confirmed} confirmed as printed, {superfluous} no longer needed, "
        "{not_applied} not applied",
        **{name: counts[name] for name in ("corrected", "confirmed", "superfluous", "not_applied")},
    )
    missing = counts["without_document"]
    if missing:
        lost = "{n} documents with corrections are not among the inputs: {first}"
        return [line, "  " + say(lost, n=len(missing), first=missing[0])]
    return [line]


def _name_kinds(to: Path) -> str:
    """What the files are that are no reports: 2 notice, 1 explainer."""
    with (to / "reports.csv").open(newline="", encoding="utf-8-sig") as file:
        kinds = Counter(report["reason"] for report in csv.DictReader(file))
    return ", ".join(f"{count} {say(kind)}" for kind, count in kinds.most_common(MOST_NAMED))


def _reports_to_look_at(to: Path) -> list[str]:
    """The reports to look at first: failed, then partial, then those with the most checks that fail."""
    order = ("failed", "partial", "ok", "narrative")
    wanted = []
    with (to / "reports.csv").open(newline="", encoding="utf-8-sig") as file:
        for report in csv.DictReader(file):
            failed = int(report["checks_failed"])
            if report["status"] in order and (report["status"] in ("failed", "partial") or failed):
                why = _describe(report["reason"], failed, report["sums"])
                at = (order.index(report["status"]), -failed, report["source_file"])
                status = pad(say(report["status"]), 10)
                wanted.append((at, f"  {status}{report['source_file']}   {why}"))
    return [line for _, line in sorted(wanted)[:MOST_NAMED]]


def _describe(reason: str, failed: int, sums: str) -> str:
    """Why a report wants a look: what it lacks, and what fails."""
    fails = say("{n} checks fail", n=failed) if failed else ""
    doubt = {"fail": say("sums fail"), "uncertain": say("sums uncertain")}.get(sums, "")
    return ", ".join(filter(None, (reason, fails, doubt)))
