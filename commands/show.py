"""One report in the terminal: who, when, sections, tables, findings. 在终端查看一份报告。"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

import pipeline
from model import DocumentError, Fact, Report


def command(
    file: Annotated[Path, typer.Argument(help="A report; - is standard input.")],
    as_json: Annotated[bool, typer.Option("--json", help="For programs: the whole report as JSON.")] = False,
    aliases: Annotated[Path | None, typer.Option(help="TOML file with wordings of your own.")] = None,
) -> int:
    """Show what was read in one file."""
    options = pipeline.Options(aliases=aliases)
    try:
        report = pipeline.read_source(pipeline.source_of(file, options), options)[0]
    except DocumentError as error:
        sys.stderr.write(f"{file}: {error.code}: {error}\n")
        return 1
    if as_json:
        sys.stdout.write(json.dumps(to_json(report), ensure_ascii=False, indent=1) + "\n")
    else:
        _print(report)
    return 1 if any(f.severity == "error" for f in report.findings) else 0


def to_json(report: Report) -> dict[str, Any]:
    """The report as plain data; values are decimal text, exact."""
    return {
        "source_file": report.source.path,
        "sha256": report.source.sha256,
        "format": report.format,
        "status": report.status,
        "reason": report.reason,
        "org": report.org,
        "year": report.year,
        "title": report.title,
        "published": report.published,
        "template": report.template,
        "facts": [_fact(f) for f in report.facts],
        "sections": [
            {
                "section": s.id,
                "path": s.path,
                "level": s.level,
                "number": s.number,
                "heading": s.heading,
                "text": s.text,
            }
            for s in report.sections
        ],
        "checks": [
            {
                "rule": c.rule,
                "table": c.table,
                "row": c.row,
                "column": c.column,
                "left": _text(c.left),
                "right": _text(c.right),
                "difference": _text(c.difference),
                "outcome": c.outcome,
            }
            for c in report.checks
        ],
        "findings": [{"code": f.code, "severity": f.severity, "message": f.message} for f in report.findings],
    }


def _text(value: object) -> str | None:
    return None if value is None else f"{value:f}"


def _fact(fact: Fact) -> dict[str, Any]:
    table, row, column = fact.field.address
    return {
        "table": table,
        "row": row,
        "column": column,
        "value": _text(fact.value),
        "blank": fact.blank,
        "unit": fact.unit,
        "printed": fact.printed,
        "page": fact.place.page,
        "confidence": fact.confidence,
    }


def _print(report: Report) -> None:
    """Headline, sections, tables in the form's order, failed sums and findings."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(soft_wrap=False)
    headline = Text(
        f"{report.org or 'body unknown 机关不明'}  {report.year or 'year unknown 年份不明'}", style="bold"
    )
    console.print(headline)
    form = report.template or "none"
    reason = f" ({report.reason})" if report.reason else ""
    console.print(
        Text(f"{report.title or 'no title'}\nform {form}   status {report.status}{reason}   {report.format}")
    )
    for s in report.sections:
        if s.level == 1:
            console.print(Text(f"{s.number} {s.heading}", style="cyan"), Text(f"{len(s.text)} characters"))
    flagged = {a for c in report.checks if c.outcome == "fail" for a in c.facts}
    for name in ("proactive", "requests", "review", "statistics"):
        facts = [f for f in report.facts if f.field.table == name]
        if not facts:
            continue
        columns = list(dict.fromkeys(f.field.column.id for f in facts))
        zh = {f.field.column.id: f.field.column.path[-1] for f in facts}
        grid = Table(title=name, title_justify="left", show_edge=False)
        grid.add_column("", min_width=22, overflow="fold")
        for column in columns:
            grid.add_column(Text(zh[column]), justify="right", overflow="fold")
        by_row: dict[str, dict[str, Fact]] = {}
        for f in facts:
            by_row.setdefault(f.field.row.path[-1], {})[f.field.column.id] = f
        for label, cells in by_row.items():
            grid.add_row(Text(label), *(_cell(cells.get(c), flagged) for c in columns))
        console.print(grid)
    for c in report.checks:
        if c.outcome == "fail":
            where = c.row or c.column
            console.print(
                Text(f"{c.rule} {c.table}.{where}: {c.left} against {c.right}, {c.difference}", style="red")
            )
    styles = {"error": "bold red", "warning": "yellow", "note": "dim"}
    for finding in report.findings:
        if finding.code != "sum-differs":
            line = f"{finding.severity:<8}{finding.code}: {finding.message}"
            console.print(Text(line, style=styles[finding.severity]))


def _cell(fact: Fact | None, flagged: set[tuple[str, str, str]]) -> Any:
    from rich.text import Text

    if fact is None:
        return Text("?", style="yellow")
    if fact.value is None:
        return Text(f"unread {fact.printed.strip()}", style="bold red")
    if fact.blank:
        return Text(fact.printed.strip() or "·", style="dim")
    return Text(f"{fact.value:f}", style="red" if fact.field.address in flagged else "")
