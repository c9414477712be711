"""Where a value comes from (FILE FIELD), or what a label would match (--label). 说明数值或标签的由来。"""

from __future__ import annotations

import difflib
import sys
from pathlib import Path
from typing import Annotated

import typer

import pipeline
from model import DocumentError


def command(
    file: Annotated[Path | None, typer.Argument(help="A report; - is standard input.")] = None,
    field: Annotated[
        str | None, typer.Argument(help="table.row.column, as `gongkai fields` lists them.")
    ] = None,
    label: Annotated[str | None, typer.Option(help="A printed label: what would it match?")] = None,
    table: Annotated[str | None, typer.Option(help="Only this table: proactive, requests or review.")] = None,
    aliases: Annotated[Path | None, typer.Option(help="TOML file with wordings of your own.")] = None,
) -> int:
    """Tell the printed text, the place, the labels with their scores, the sums and the findings of a value."""
    options = pipeline.Options(aliases=aliases)
    if label is not None:
        if table not in (None, "proactive", "requests", "review"):
            sys.stderr.write(f"gongkai explain: there is no table {table}; proactive, requests or review\n")
            return 2
        sys.stdout.write(_label(label, table, options))
        return 0
    if file is None or field is None:
        sys.stderr.write("gongkai explain: name FILE and FIELD, or --label TEXT\n")
        return 2
    try:
        report = pipeline.read_source(pipeline.source_of(file, options), options)[0]
    except DocumentError as error:
        sys.stderr.write(f"{file}: {error.code}: {error}\n")
        return 1
    have = {".".join(f.field.address): f.field.address for f in report.facts}
    if field not in have:
        near = difflib.get_close_matches(field, have, 3, 0.5)
        hint = f"; near it: {', '.join(near)}" if near else "; `gongkai fields` lists them"
        sys.stderr.write(f"{file}: no value {field} was read{hint}\n")
        for f in report.findings:
            if (f.row and f.row in field) or f.severity == "error":
                sys.stderr.write(f"  {f.code}: {f.message}\n")
        return 1
    sys.stdout.write(pipeline.explain(report, have[field]))
    return 0


def _label(text: str, table: str | None, options: pipeline.Options) -> str:
    """What a label means in each table, and the line to paste where it means nothing yet."""
    lines = []
    for name, kind, match, candidates in pipeline.match_label(text, table, options):
        if match is None and not (candidates and candidates[0][1] >= 50):
            continue
        decided = f"= {match.id}   {match.rule} {match.score:g}" if match else "no match by itself"
        lines.append(f"{name}.{kind:<9}{decided}")
        lines += [f"    {score:5.1f}  {id}" for id, score in candidates[:4]]
        if match is None or match.rule == "fuzzy":
            best = match.id if match else candidates[0][0]
            lines.append(f'    to settle it:  [{name}.{kind}]  {best} = ["{text}"]')
    return "\n".join(lines or [f"nothing is near “{text}”"]) + "\n"
