"""What a file reports, before any sum is checked: values with their labels, and sections. 读出的数值与章节。"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Annotated

import typer

from gongkai import pipeline
from gongkai.commands.options import named_files
from gongkai.commands.options.named_files import Aliases, File
from gongkai.commands.output import screen
from gongkai.commands.output.as_json import number, reports_as_json
from gongkai.commands.output.findings import finding_line
from gongkai.commands.output.language import say
from gongkai.model import DocumentError, Report


def command(
    file: File,
    as_json: Annotated[bool, typer.Option("--json", help="For programs; a list if several reports.")] = False,
    aliases: Aliases = None,
) -> int:
    """List the values in the order they were read: field, value, printed text, rules of row and column."""
    options = named_files.options(aliases)
    try:
        reports = pipeline.normalized(named_files.source(file), options)
    except DocumentError as error:
        raise named_files.refusal(file, error) from error
    if as_json:
        screen.write_json(reports_as_json(reports))
    else:
        screen.write("\n".join(line for r in reports for line in _lines(r)) + "\n")
    findings = [f for r in reports for f in r.findings]
    if not as_json:
        for f in findings:
            sys.stderr.write(screen.clean(finding_line(f)) + "\n")
    return 1 if any(f.severity == "error" for f in findings) else 0


def _lines(report: Report) -> Iterator[str]:
    """One report: a line for body and year, a line for each section, a line for each value."""
    form = say("form {form}", form=report.template or say("none"))
    yield f"# {report.org or '?'}  {report.year or '?'}  {form}  {report.title or ''}"
    for s in report.sections:
        yield f"§ {s.path:<5}{s.id:<12}{s.number}{s.heading}  ({say('{n} characters', n=len(s.text))})"
    for fact in report.facts:
        value = say("unread") if fact.value is None else f"{number(fact.value)}{fact.unit}"
        printed = fact.printed.replace("\n", "/")
        rules = f"{fact.row_match.rule}, {fact.column_match.rule}"
        yield f"{'.'.join(fact.field.address):<58} {value:>8}  “{printed}”  {rules}"
