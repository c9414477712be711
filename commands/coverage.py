"""From a list of bodies expected: which reports a dataset has, body by year. 应公开机关的年报覆盖情况。"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from gongkai.commands import Refused
from gongkai.commands.options import register as expected
from gongkai.commands.options.register import Expected, Register
from gongkai.commands.output.screen import clean

COLUMNS = (
    "org", "division_code", "level", "year", "found", "parsed", "complete", "passing", "reports", "matched_by",
    "report_ids", "source_files", "note",
)  # fmt: skip
#: How far a report came, as the terminal shows it; the last is the best.
_STEPS = ("-", "found", "parsed", "complete", "passing")
_LEGEND = "- none 未找到   found 未能读取   parsed 不完整   complete 完整而勾稽不符   passing 完整且勾稽相符   ? by name alone 仅凭名称"
_MOST_SAID = 10

Report = Mapping[str, str]
Cells = dict[tuple[int, int], list[tuple[Report, str]]]


@dataclass(frozen=True, slots=True)
class _Sorted:
    """The reports of a dataset under (line of the list, year), and those that found no place."""

    cells: Cells
    undated: list[Report]
    ambiguous: list[Report]
    unlisted: list[Report]


def command(
    dataset: Annotated[
        Path, typer.Argument(metavar="DIR", help="A folder that `gongkai run` wrote. 数据集文件夹")
    ],
    bodies: Annotated[
        Path,
        typer.Option(
            "--bodies", metavar="CSV", help="Bodies expected: org or division_code, years. 应公开机关名单"
        ),
    ],
    to: Annotated[
        Path | None, typer.Option("--to", metavar="DIR", help="Folder for coverage.csv. 输出文件夹")
    ] = None,
    years: Annotated[
        str, typer.Option(help="Years of bodies that the list gives none: 2019-2023. 年度")
    ] = "",
) -> int:
    """Tell, for each body and year, whether a report was found, parsed, is complete and passes its sums."""
    try:
        wanted = expected.years(years)
    except ValueError as error:
        raise Refused(str(error), 2) from error
    listed = expected.read(bodies)
    reports = expected.table(dataset / "reports.csv", {"org", "year", "status", "checks_failed", "report_id"})
    placed = _sort(reports, Register(listed))
    wanted = wanted or tuple(sorted({int(r["year"]) for r in reports if r["year"]}))
    rows = [row for one in listed for row in _rows(one, one.years or wanted, placed.cells)]
    if to is not None:
        _write(to, rows)
    _print(listed, rows)
    _say(listed, placed, to)
    return 0


def _sort(reports: Sequence[Report], register: Register) -> _Sorted:
    placed = _Sorted({}, [], [], [])
    for report in reports:
        if not report["org"]:
            placed.unlisted.append(report)
            continue
        one, how = register.find(report["org"], report.get("division_code", ""))
        if one is None:
            (placed.ambiguous if how == "ambiguous" else placed.unlisted).append(report)
        elif not report["year"]:
            placed.undated.append(report)
        else:
            placed.cells.setdefault((one.line, int(report["year"])), []).append((report, how))
    return placed


def step(report: Report) -> int:
    """How far a report came: 1 found, 2 parsed, 3 complete, 4 passing its sums."""
    if report["status"] not in ("ok", "partial"):
        return 1
    if report["status"] == "partial":
        return 2
    return 3 if int(report["checks_failed"]) else 4


def _rows(one: Expected, years: Sequence[int], cells: Cells) -> Iterator[dict[str, str]]:
    """A line a year. Of several reports of one year the one that came furthest counts."""
    if one.note:  # a line that names no body, or one that was named before: nothing is known of it
        yield dict.fromkeys(COLUMNS, "") | {"org": one.org, "note": one.note}
        return
    for year in years:
        found = cells.get((one.line, year), [])
        best = max((step(report) for report, _ in found), default=0)
        yield {
            "org": one.org,
            "division_code": one.code,
            "level": (one.body.level or "") if one.body is not None else "",
            "year": str(year),
            **{name: str(best >= n).lower() for n, name in enumerate(_STEPS) if n},
            "reports": str(len(found)),
            "matched_by": ";".join(sorted({how for _, how in found})),
            "report_ids": ";".join(r["report_id"] for r, _ in found),
            "source_files": ";".join(r["source_file"] for r, _ in found),
            "note": _doubt(one),
        }


def _doubt(one: Expected) -> str:
    """Why a body of the list has no division, where a name such as 高桥镇 needs one."""
    if one.body is None or one.body.division is not None or one.body.reason == "central":
        return ""
    return f"no division: {one.body.reason}"


def _write(folder: Path, rows: Sequence[dict[str, str]]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "coverage.csv").open("w", newline="", encoding="utf-8-sig") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\r\n")
            writer.writeheader()
            writer.writerows({k: _guarded(v) for k, v in row.items()} for row in rows)
    except OSError as error:
        raise Refused(f"{error.strerror or error}", 2, folder) from error


def _guarded(text: str) -> str:
    """As in the datasets: a spreadsheet must not take a name for a formula."""
    return "'" + text if text.lstrip("'")[:1] in tuple("=+-@＝＋－＠\t\r\n") and text else text


def _print(listed: Sequence[Expected], rows: Sequence[dict[str, str]]) -> None:
    """Body by year, on standard output."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    years = sorted({row["year"] for row in rows if row["year"]})
    drawn = Table(show_edge=False)
    for head in ("body", "division", *years):
        drawn.add_column(head, overflow="fold")
    at = {(row["org"], row["division_code"], row["year"]): _reached(row) for row in rows}
    for one in listed:
        cells = [at.get((one.org, one.code, year), "") for year in years]
        drawn.add_row(*(Text(clean(text)) for text in (one.org, one.code, *cells)))
    console = Console(width=None if sys.stdout.isatty() else 200, highlight=False)
    console.print(drawn)
    console.print(Text(_LEGEND, style="dim"), soft_wrap=True)
    console.print(Text(_counts(rows)), soft_wrap=True)


def _reached(row: Mapping[str, str]) -> str:
    best = next((name for name in reversed(_STEPS[1:]) if row[name] == "true"), _STEPS[0])
    return best + "?" if row["matched_by"] == "name" else best


def _counts(rows: Sequence[dict[str, str]]) -> str:
    rows = [row for row in rows if row["year"]]
    counted = ", ".join(f"{sum(row[name] == 'true' for row in rows)} {name}" for name in _STEPS[1:])
    return f"{len(rows)} expected: {counted}"


def _say(listed: Sequence[Expected], placed: _Sorted, to: Path | None) -> None:
    """What found no place, on standard error."""
    lines = [
        f"line {one.line}: {one.org}: {one.note or _doubt(one)}" for one in listed if one.note or _doubt(one)
    ]
    for reports, why in (
        (placed.ambiguous, "of a body that the list has more than once: which is not certain"),
        (placed.undated, "of a listed body without a year"),
        (placed.unlisted, "of no body in the list, or of none that could be told"),
    ):
        if reports:
            lines.append(f"{len(reports)} reports {why}:")
            lines += [f"  {r['source_file']}  {r['org']}" for r in reports[:_MOST_SAID]]
            if len(reports) > _MOST_SAID:
                lines.append(f"  and {len(reports) - _MOST_SAID} more")
    if to is not None:
        lines.append(f"written: {to / 'coverage.csv'}")
    sys.stderr.write(clean("\n".join(lines) + "\n") if lines else "")
