"""One report in the terminal: who, when, sections, tables, findings. 在终端查看一份报告。"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from gongkai.commands.options import named_files
from gongkai.commands.options.named_files import Aliases, Corrections, File
from gongkai.commands.output.as_json import number
from gongkai.commands.output.fast_json import as_json as as_json_of
from gongkai.commands.output.screen import clean, write
from gongkai.model import Address, Fact, Label, Report, Table
from gongkai.normalize import templates

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_STYLES = {"error": "bold red", "warning": "yellow", "note": "dim"}
_LEGEND = "· blank 空白   ? not read 未读到   ! in a sum that fails 勾稽不符   * has a finding 有提示"
#: Columns that a report may leave out: the running total stands in some places' lists only.
_OPTIONAL = {("statistics", "cumulative")}
#: Columns of characters where no terminal says how many it has: room for the widest table, seven numbers a row.
_WIDTH = 200


def command(
    file: File,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="For programs: all of it; a list if the file holds several reports."),
    ] = False,
    aliases: Aliases = None,
    corrections: Corrections = None,
) -> int:
    """Show what was read in one file."""
    reports = named_files.reports(file, named_files.options(aliases), corrections)
    if as_json:
        return as_json_of(reports)
    _print(reports)
    return 1 if any(f.severity == "error" for r in reports for f in r.findings) else 0


def _print(reports: tuple[Report, ...]) -> None:
    """Every report: headline, sections, tables in the form's order, failed sums and findings."""
    from rich.console import Console

    console = Console(width=None if sys.stdout.isatty() else _WIDTH, highlight=False)
    for i, report in enumerate(reports):
        if len(reports) > 1:
            write(("\n" if i else "") + f"{i + 1} of {len(reports)}  {report.source.path}\n")
        _headline(console, report)
        for table in _tables(report):
            _table(console, report, table)
        if report.facts:
            _line(console, _LEGEND, "dim")
        _doubts(console, report)


def _line(console: Console, text: str, style: str = "") -> None:
    from rich.text import Text

    console.print(Text(clean(text), style=style), soft_wrap=True)


def _headline(console: Console, report: Report) -> None:
    """Who, when, which form, what became of it, and the sections with their lengths."""
    who = f"{report.org or 'body unknown 机关不明'}  {report.year or 'year unknown 年份不明'}"
    _line(console, who, "bold")
    if report.body is not None and report.body.division is not None:
        _line(console, f"{report.body.level} {report.body.division}   ({', '.join(report.body.evidence)})")
    reason = f" ({report.reason})" if report.reason else ""
    _line(console, report.title or "no title 无标题")
    form, published = (
        report.template or "none",
        f"   published {report.published}" if report.published else "",
    )
    _line(console, f"form {form}   status {report.status}{reason}   {report.format}{published}")
    for s in report.sections:
        if s.level == 1:
            _line(console, f"{s.number} {s.heading}   {len(s.text)} characters", "cyan")


def _tables(report: Report) -> Iterator[Table]:
    """The tables to show, in the form's order: those with facts, and those that the form should have."""
    read = {(f.field.template, f.field.table) for f in report.facts}
    names = {table for _, table in read}
    for form in templates():
        for table in form.tables:
            if (form.id, table.id) in read or (form.id == report.template and table.id not in names):
                yield table


def _table(console: Console, report: Report, table: Table) -> None:
    """One table as the form has it. A slot that the form has not is empty, one that was not read is "?"."""
    from rich import table as rich
    from rich.text import Text

    facts = {
        f.field.address[1:]: f
        for f in report.facts
        if (f.field.template, f.field.table) == (table.template, table.id)
    }
    if not facts:
        _line(console, f"{table.id}  {table.zh}: no such table was read 未读到此表", "yellow")
        return
    rows = _labels(table.rows, [f.field.row for f in facts.values()])
    columns = _labels(table.columns, [f.field.column for f in facts.values()])
    read = {column for _, column in facts}
    columns = [c for c in columns if c.id in read or (table.id, c.id) not in _OPTIONAL]
    slots = {f.address[1:] for f in table.fields} | set(facts)
    drawn = rich.Table(title=Text(f"{table.id}  {table.zh}"), title_justify="left", show_edge=False)
    drawn.add_column("", overflow="fold")
    for column in columns:
        drawn.add_column(Text(clean(column.path[-1])), justify="right", overflow="fold")
    failed = {a for c in report.checks if c.outcome == "fail" for a in c.facts}
    found = _found(report)
    for row in rows:
        cells = []
        for column in columns:
            at = (row.id, column.id)
            cells.append(_cell(facts.get(at), (table.id, *at), failed, found) if at in slots else Text(""))
        drawn.add_row(Text(clean(row.path[-1])), *cells)
    console.print(drawn)


def _labels(own: tuple[Label, ...], read: list[Label]) -> list[Label]:
    """The form's labels in its order, then those of a place's own growth as they were read."""
    labels = {label.id: label for label in own}
    for label in read:
        labels.setdefault(label.id, label)
    return list(labels.values())


def _found(report: Report) -> set[Address]:
    """The fields that a finding names, notes aside."""
    places = {f.place for f in report.findings if f.place is not None and f.severity != "note"}
    named = {
        (f.table, f.row, f.column)
        for f in report.findings
        if f.table is not None and f.row is not None and f.column is not None and f.severity != "note"
    }
    return named | {f.field.address for f in report.facts if f.place in places}


def _cell(fact: Fact | None, address: Address, failed: set[Address], found: set[Address]) -> Text:
    """A box as a reader sees it: its value and what is to be said of it."""
    from rich.text import Text

    mark = ("!" if address in failed else "") + ("*" if address in found else "")
    if fact is None:
        return Text("?" + mark, style="yellow")
    if fact.value is None:
        return Text(clean(f"unread {fact.printed.strip()}") + mark, style="bold red")
    if fact.blank:
        return Text(clean(fact.printed.strip() or "·") + mark, style="red" if mark else "dim")
    return Text(f"{number(fact.value)}{mark}", style="red" if mark else "")


def _doubts(console: Console, report: Report) -> None:
    """The sums that fail and the findings, each a line."""
    for c in report.checks:
        if c.outcome == "fail":
            sides = f"{number(c.left)} against {number(c.right)}, difference {number(c.difference)}"
            _line(console, f"fails   {c.rule} {c.table}.{c.row or c.column}: {sides}", "red")
    for f in report.findings:
        if f.code != "sum-differs":
            _line(console, f"{f.severity:<8}{f.code}: {f.message}", _STYLES[f.severity])
