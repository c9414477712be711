"""Two datasets compared fact by fact: what is new, gone, replaced, or read otherwise. 比较两个数据集。"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from gongkai.commands import Refused
from gongkai.commands.output.screen import write
from gongkai.run.diff import LISTS, Difference, summary
from gongkai.run.diff import diff as engine

_SHOWN = 20


def command(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The earlier dataset folder. 较早的数据集")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The later one. 较新的数据集")],
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="DIR", help="Folder for changes.csv, diff.json, diff.html. 输出文件夹"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The summary for programs.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No summary.")] = False,
) -> int:
    """Tell what changed from OLD to NEW. 0: nothing. 1: something. 2: it could not be compared."""
    try:
        found = engine(old, new, to)
    except OSError as error:
        raise Refused(str(error), 2) from error
    if as_json:
        write(json.dumps(summary(found), ensure_ascii=False, indent=1) + "\n")
    elif not quiet:
        write(_told(found, to))
    sys.stdout.flush()
    return 0 if found.same else 1


def _told(found: Difference, to: Path | None) -> str:
    """Reports by what became of them, the years, the kinds of change, and what to look at."""
    lines = []
    if found.same:
        lines.append("no difference 没有差异")
    for kind, title in LISTS.items():
        count, named = found.reports[kind], found.named[kind]
        if not count:
            continue
        lines.append(f"{title}: {count}")
        for report in named[:_SHOWN]:
            file = report["source_file"] or report["old_source_file"]
            lines.append(f"  {file}   {report['org'] or ''} {report['year'] or ''}".rstrip())
        if count > _SHOWN:
            lines.append(f"  … {count - _SHOWN} more")
    lines += ["", f"{'year 年度':<12}{'reports 报告':>16}{'facts 数据':>24}"]
    for year, n in found.compared.by_year():
        reports = f"{n.old_reports} → {n.new_reports}"
        lines.append(f"{year or '-':<12}{reports:>16}{f'{n.old_facts} → {n.new_facts}':>24}")
    kinds = sorted(found.compared.changes.items())
    if kinds:
        lines += ["", "changes 变化"]
        lines += [f"{n:>9}  {kind}{f' ({cause})' if cause else ''}" for (kind, cause), n in kinds]
    lines.append(f"{found.compared.same:>9}  reports unchanged 报告无变化")
    if to is not None:
        lines += ["", f"each of them: {to / 'changes.csv'}   to read: {to / 'diff.html'}"]
    return "\n".join(lines) + "\n"
