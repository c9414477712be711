"""Which reports of a list of bodies a dataset has, body by year. 应公开机关的年报覆盖情况。"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from gongkai.commands import Refused
from gongkai.commands.options import register
from gongkai.commands.options.named_files import Dataset
from gongkai.commands.options.register import Expected, Register
from gongkai.commands.output.language import say, translate
from gongkai.commands.output.screen import clean, write_json

COLUMNS = (
    "org", "division_code", "level", "year", "found", "parsed", "complete", "passing", "reports", "matched_by",
    "report_ids", "source_files", "note",
)  # fmt: skip
#: How far a report came, as the terminal shows it; the last is the best.
STEPS = ("-", "found", "parsed", "complete", "passing")
_LEGEND = "- none   found: not read   parsed: not complete   complete: its sums fail   passing: its sums hold   ? by name alone"
_MOST_NAMED = 10

#: a line of reports.csv
ReportRow = Mapping[str, str]
#: (line of the list, year) → the reports, each with how its body was recognised
Cells = dict[tuple[int, int], list[tuple[ReportRow, str]]]


@dataclass(frozen=True, slots=True)
class _Placed:
    """The reports of a dataset by body and year, and those that have no place in the list."""

    cells: Cells
    undated: list[ReportRow]
    ambiguous: list[ReportRow]
    unlisted: list[ReportRow]


def command(
    dataset: Dataset,
    bodies: Annotated[
        Path,
        typer.Option("--bodies", metavar="CSV", help="The list of bodies: org or division_code, years."),
    ],
    to: Annotated[Path | None, typer.Option("--to", metavar="DIR", help="Folder for coverage.csv.")] = None,
    years: Annotated[str, typer.Option(help="Years of bodies without years in the list: 2019-2023.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> int:
    """Show for each body and year whether a report was found, parsed, is complete and passes its sums."""
    try:
        wanted = register.years(years)
    except ValueError as error:
        raise Refused(str(error), 2) from error
    listed = register.read(bodies)
    reports = register.table(dataset / "reports.csv", {"org", "year", "status", "checks_failed", "report_id"})
    placed = _place(reports, Register(listed))
    wanted = wanted or tuple(sorted({int(r["year"]) for r in reports if r["year"]}))
    rows = [row for one in listed for row in _rows(one, one.years or wanted, placed.cells)]
    if to is not None:
        _write(to, rows)
    if as_json:
        write_json(rows)
    else:
        _print(listed, rows)
    _write_unplaced(listed, placed, to)
    return 0


def _place(reports: Sequence[ReportRow], bodies: Register) -> _Placed:
    placed = _Placed({}, [], [], [])
    for report in reports:
        if not report["org"]:
            placed.unlisted.append(report)
            continue
        one, how = bodies.find(report["org"], report.get("division_code", ""))
        if one is None:
            (placed.ambiguous if how == "ambiguous" else placed.unlisted).append(report)
        elif not report["year"]:
            placed.undated.append(report)
        else:
            placed.cells.setdefault((one.line, int(report["year"])), []).append((report, how))
    return placed


def step(report: ReportRow) -> int:
    """How far a report came: 1 found, 2 parsed, 3 complete, 4 passing its sums."""
    if report["status"] not in ("ok", "partial", "narrative"):
        return 1
    if report["status"] in ("partial", "narrative"):
        return 2
    return (
        4 if not int(report["checks_failed"]) and report.get("sums", "") not in ("fail", "uncertain") else 3
    )


def _rows(one: Expected, years: Sequence[int], cells: Cells) -> Iterator[dict[str, str]]:
    """One line for each year. Of several reports of one year, the one that came furthest counts."""
    if one.note:  # a line that names no body, or a body of an earlier line
        yield dict.fromkeys(COLUMNS, "") | {"org": one.org, "note": one.note}
        return
    for year in years:
        reports = cells.get((one.line, year), [])
        best = max((step(report) for report, _ in reports), default=0)
        yield {
            "org": one.org,
            "division_code": one.code,
            "level": (one.body.level or "") if one.body is not None else "",
            "year": str(year),
            **{name: str(best >= n).lower() for n, name in enumerate(STEPS) if n},
            "reports": str(len(reports)),
            "matched_by": ";".join(sorted({how for _, how in reports})),
            "report_ids": ";".join(r["report_id"] for r, _ in reports),
            "source_files": ";".join(r["source_file"] for r, _ in reports),
            "note": _doubt(one),
        }


def _doubt(one: Expected) -> str:
    """Why the division of a body is not known: many places are called 高桥镇. "" where it is known."""
    if one.body is None or one.body.division is not None or one.body.reason == "central":
        return ""
    return f"no division: {one.body.reason}"


def _write(folder: Path, rows: Sequence[dict[str, str]]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "coverage.csv").open("w", newline="", encoding="utf-8-sig") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\r\n")
            writer.writeheader()
            writer.writerows({k: _guard(v) for k, v in row.items()} for row in rows)
    except OSError as error:
        raise Refused(f"{error.strerror or error}", 2, folder) from error


def _guard(text: str) -> str:
    """A name with an apostrophe in front where a spreadsheet would take it for a formula."""
    return "'" + text if text.lstrip("'")[:1] in tuple("=+-@＝＋－＠\t\r\n") and text else text


def _print(listed: Sequence[Expected], rows: Sequence[dict[str, str]]) -> None:
    """Print bodies by years to standard output."""
    years = sorted({row["year"] for row in rows if row["year"]})
    drawn = Table(show_edge=False)
    for head in (say("body"), say("division"), *years):
        drawn.add_column(head, overflow="fold")
    at = {(row["org"], row["division_code"], row["year"]): _step_name(row) for row in rows}
    for one in listed:
        cells = [at.get((one.org, one.code, year), "") for year in years]
        drawn.add_row(*(Text(clean(text)) for text in (one.org, one.code, *cells)))
    console = Console(width=None if sys.stdout.isatty() else 200, highlight=False)
    console.print(drawn)
    console.print(Text(say(_LEGEND), style="dim"))
    console.print(Text(_counts(rows)))


def _step_name(row: Mapping[str, str]) -> str:
    best = next((name for name in reversed(STEPS[1:]) if row[name] == "true"), STEPS[0])
    best = say(best)
    return best + "?" if row["matched_by"] == "name" else best


def _counts(rows: Sequence[dict[str, str]]) -> str:
    rows = [row for row in rows if row["year"]]
    counted = ", ".join(f"{sum(row[name] == 'true' for row in rows)} {say(name)}" for name in STEPS[1:])
    return say("{n} expected: {counted}", n=len(rows), counted=counted)


def _write_unplaced(listed: Sequence[Expected], placed: _Placed, to: Path | None) -> None:
    """Write the lines of the list that are wrong, and the reports without a place in it, to standard error."""
    lines = [
        say("line {n}: {problem}", n=one.line, problem=f"{one.org}: {translate(one.note or _doubt(one))}")
        for one in listed
        if one.note or _doubt(one)
    ]
    for reports, why in (
        (placed.ambiguous, say("reports of a body whose name stands in the list more than once:")),
        (placed.undated, say("reports of a listed body without a year:")),
        (placed.unlisted, say("reports of no body in the list, or of an unknown one:")),
    ):
        if reports:
            lines.append(f"{len(reports)} {why}")
            lines += [f"  {r['source_file']}  {r['org']}" for r in reports[:_MOST_NAMED]]
            if len(reports) > _MOST_NAMED:
                lines.append("  " + say("and {n} more", n=len(reports) - _MOST_NAMED))
    if to is not None:
        lines.append(say("written: {file}", file=to / "coverage.csv"))
    sys.stderr.write(clean("\n".join(lines) + "\n") if lines else "")
