"""One report in the terminal: body, year, sections, tables, findings. 在终端查看一份报告。"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Sequence
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as ScreenTable
from rich.text import Text

from gongkai.commands.options import named_files
from gongkai.commands.options.named_files import Aliases, Corrections, File
from gongkai.commands.output.as_json import number
from gongkai.commands.output.fast_json import write_reports
from gongkai.commands.output.findings import finding_line
from gongkai.commands.output.language import say
from gongkai.commands.output.screen import clean, write
from gongkai.model import Address, Fact, Label, Report, Table
from gongkai.normalize import templates

_STYLES = {"error": "bold red", "warning": "yellow", "note": "dim"}
_LEGEND = "· blank   ? not read   ! in a sum that fails   * has a finding"
#: Columns that a report may leave out: the running total stands in some places' lists only.
_OPTIONAL = {("statistics", "cumulative")}
#: Characters in a line where output is no terminal: room for the widest table, seven numbers in a row.
WIDTH = 200
#: From so many characters on a table has room for whole labels. Below it: of a number at least, and of a label.
_WIDE, _NARROWEST, _SHORTEST_LABEL = 120, 4, 12


def command(
    file: File,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="For programs: every value; a list if the file holds several reports."),
    ] = False,
    aliases: Aliases = None,
    corrections: Corrections = None,
) -> int:
    """Show what was read from one file."""
    reports = named_files.reports(file, named_files.options(aliases), corrections)
    if as_json:
        return write_reports(reports)
    _print(reports)
    return 1 if any(f.severity == "error" for r in reports for f in r.findings) else 0


def _print(reports: tuple[Report, ...]) -> None:
    """Print every report: headline, sections, tables in the form's order, failed sums and findings."""
    console = Console(width=None if sys.stdout.isatty() else WIDTH, highlight=False)
    for i, report in enumerate(reports):
        if len(reports) > 1:
            write(
                ("\n" if i else "")
                + say("{n} of {all}  {file}", n=i + 1, all=len(reports), file=report.source.path)
                + "\n"
            )
        _print_headline(console, report)
        for table in _tables(report):
            _print_table(console, report, table)
        if report.facts:
            _print_line(console, say(_LEGEND), "dim")
        _print_problems(console, report)


def _print_line(console: Console, text: str, style: str = "") -> None:
    console.print(Text(clean(text), style=style), soft_wrap=True)


def _print_headline(console: Console, report: Report) -> None:
    """Print body, year, form, status, and the sections with their lengths."""
    who = f"{report.org or say('body unknown')}  {report.year or say('year unknown')}"
    _print_line(console, who, "bold")
    if report.body is not None and report.body.division is not None:
        level = say(str(report.body.level))
        _print_line(console, f"{level} {report.body.division}   ({', '.join(report.body.evidence)})")
    reason = f" ({report.reason})" if report.reason else ""
    _print_line(console, report.title or say("no title"))
    published = "   " + say("published {day}", day=report.published) if report.published else ""
    line = say(
        "form {form}   status {status}   sums {sums}   {format}",
        form=report.template or say("none"),
        status=say(report.status) + reason,
        sums=say(report.sums),
        format=report.format,
    )
    _print_line(console, line + published)
    for s in report.sections:
        if s.level == 1:
            _print_line(console, f"{s.number} {s.heading}   {say('{n} characters', n=len(s.text))}", "cyan")


def _tables(report: Report) -> Iterator[Table]:
    """The tables to show, in the form's order: those with facts, and those that the form should have."""
    read = {(f.field.template, f.field.table) for f in report.facts}
    names = {table for _, table in read}
    for form in templates():
        for table in form.tables:
            if (form.id, table.id) in read or (form.id == report.template and table.id not in names):
                yield table


def _print_table(console: Console, report: Report, table: Table) -> None:
    """Print one table as the form has it. A box that the form lacks is empty; one that was not read is "?"."""
    facts = {
        f.field.address[1:]: f
        for f in report.facts
        if (f.field.template, f.field.table) == (table.template, table.id)
    }
    if not facts:
        _print_line(console, f"{table.id}  {table.zh}: {say('no such table was read')}", "yellow")
        return
    columns = _columns(table, facts.values())
    slots = {f.address[1:] for f in table.fields} | set(facts)
    marks = _marks(report)
    rows: list[tuple[Text, list[Text]]] = []
    for row in _labels(table.rows, [f.field.row for f in facts.values()]):
        addresses = [(table.id, row.id, column.id) for column in columns]
        cells = [_cell(facts.get(a[1:]), marks.get(a, "")) if a[1:] in slots else Text("") for a in addresses]
        rows.append((Text(clean(row.path[-1])), cells))
    title = Text(f"{table.id}  {table.zh}")
    console.print(_lay_out(console.width, title, [clean(c.path[-1]) for c in columns], rows))


def _lay_out(
    width: int, title: Text, heads: Sequence[str], rows: Sequence[tuple[Text, list[Text]]]
) -> ScreenTable:
    """A table of `width` characters. Where it is narrow, numbers stand close and a row takes two lines at most."""
    if width >= _WIDE:
        drawn = ScreenTable(title=title, title_justify="left", show_edge=False)
        drawn.add_column("", overflow="fold")
        for head in heads:
            drawn.add_column(Text(head), justify="right", overflow="fold")
        for label, cells in rows:
            drawn.add_row(label, *cells)
        return drawn
    drawn = ScreenTable(
        title=title, title_justify="left", show_edge=False, box=SIMPLE_HEAD, padding=0, pad_edge=False
    )
    widths = [max(_NARROWEST, *(cells[n].cell_len for _, cells in rows)) for n in range(len(heads))]
    left = max(_SHORTEST_LABEL, width - sum(w + 1 for w in widths))
    left -= left % 2  # a Chinese character takes two
    drawn.add_column("", overflow="fold", width=left)
    for head, column_width in zip(heads, widths, strict=True):
        drawn.add_column(Text(head), justify="right", overflow="fold", width=column_width)
    for label, cells in rows:
        label.truncate(2 * left, overflow="ellipsis")
        drawn.add_row(label, *cells)
    return drawn


def _columns(table: Table, facts: Collection[Fact]) -> list[Label]:
    """The columns to show: the form's, without optional ones that were not read, and those that were read."""
    columns = _labels(table.columns, [f.field.column for f in facts])
    read = {f.field.column.id for f in facts}
    return [c for c in columns if c.id in read or (table.id, c.id) not in _OPTIONAL]


def _labels(own: tuple[Label, ...], read: list[Label]) -> list[Label]:
    """The form's labels in its order, then labels that only this report has, in the order of reading."""
    labels = {label.id: label for label in own}
    for label in read:
        labels.setdefault(label.id, label)
    return list(labels.values())


def _with_finding(report: Report) -> set[Address]:
    """The fields that a finding names, notes aside."""
    places = {f.place for f in report.findings if f.place is not None and f.severity != "note"}
    named = {
        (f.table, f.row, f.column)
        for f in report.findings
        if f.table is not None and f.row is not None and f.column is not None and f.severity != "note"
    }
    return named | {f.field.address for f in report.facts if f.place in places}


def _marks(report: Report) -> dict[Address, str]:
    """The signs beside a value: "!" in a failed sum, "*" with a finding."""
    failed = {a for c in report.checks if c.outcome == "fail" for a in c.facts}
    flagged = _with_finding(report)
    return {a: ("!" if a in failed else "") + ("*" if a in flagged else "") for a in failed | flagged}


def _cell(fact: Fact | None, mark: str) -> Text:
    """A box as a reader sees it: its value with its marks."""
    if fact is None:
        return Text("?" + mark, style="yellow")
    if fact.value is None:
        return Text(clean(f"{say('unread')} {fact.printed.strip()}") + mark, style="bold red")
    if fact.blank:
        return Text(clean(fact.printed.strip() or "·") + mark, style="red" if mark else "dim")
    return Text(f"{number(fact.value)}{mark}", style="red" if mark else "")


def _print_problems(console: Console, report: Report) -> None:
    """Print the sums that fail and the findings, one a line."""
    for c in report.checks:
        if c.outcome == "fail":
            line = say(
                "fails   {rule} {at}: {left} against {right}, difference {difference}",
                rule=c.rule,
                at=f"{c.table}.{c.row or c.column}",
                left=number(c.left),
                right=number(c.right),
                difference=number(c.difference),
            )
            _print_line(console, line, "red")
    for f in report.findings:
        if f.code != "sum-differs":
            _print_line(console, finding_line(f), _STYLES[f.severity])
