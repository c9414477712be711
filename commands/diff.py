"""Two datasets compared fact by fact: what is new, gone, replaced, or read differently. 比较两个数据集。"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from gongkai.commands import Refused
from gongkai.commands.options.named_files import joined
from gongkai.commands.output.language import say
from gongkai.commands.output.screen import pad, pad_left, write, write_json
from gongkai.run.diff import LISTS, Difference, summary
from gongkai.run.diff import diff as compare

_SHOWN = 20


def command(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The earlier dataset folder.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The later one.")],
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="DIR", help="Folder for changes.csv, diff.json, diff.html."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The summary for programs.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No summary.")] = False,
) -> int:
    """Show what changed from OLD to NEW. 0: nothing. 1: something. 2: it could not be compared."""
    try:
        difference = compare(joined(old), joined(new), to)
    except OSError as error:
        raise Refused(str(error), 2) from error
    if as_json:
        write_json(summary(difference))
    elif not quiet:
        write(_describe(difference, to))
    sys.stdout.flush()
    return 0 if difference.same else 1


def _describe(difference: Difference, to: Path | None) -> str:
    """The reports of each kind of change, the years, the changes with their causes, and the files written."""
    lines = []
    if difference.same:
        lines.append(say("no difference"))
    for kind in LISTS:
        count, named = difference.reports[kind], difference.named[kind]
        if not count:
            continue
        lines.append(f"{say(kind.replace('_', ' '))}: {count}")
        for report in named[:_SHOWN]:
            file = report["source_file"] or report["old_source_file"]
            lines.append(f"  {file}   {report['org'] or ''} {report['year'] or ''}".rstrip())
        if count > _SHOWN:
            lines.append("  " + say("… {n} more", n=count - _SHOWN))
    lines += ["", pad(say("year"), 12) + pad_left(say("reports"), 16) + pad_left(say("facts"), 24)]
    for year, n in difference.compared.by_year():
        reports = f"{n.old_reports} → {n.new_reports}"
        lines.append(f"{year or '-':<12}{reports:>16}{f'{n.old_facts} → {n.new_facts}':>24}")
    kinds = sorted(difference.compared.changes.items())
    if kinds:
        lines += ["", say("changes")]
        lines += [f"{n:>9}  {say(kind)}{f' ({say(cause)})' if cause else ''}" for (kind, cause), n in kinds]
    lines.append(f"{difference.compared.same:>9}  {say('reports unchanged')}")
    if to is not None:
        lines += [
            "",
            say("each of them: {table}   to read: {page}", table=to / "changes.csv", page=to / "diff.html"),
        ]
    return "\n".join(lines) + "\n"
