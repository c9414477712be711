"""One line a body and year, ready for Stata, R, SPSS, Excel or pandas. 面板数据：一个机关一年一行。"""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path
from typing import Annotated, Literal, cast

import typer

from gongkai import panel as engine
from gongkai.commands import Refused
from gongkai.commands.options.named_files import Dataset, OutputFiles
from gongkai.commands.output.install_hint import install_hint
from gongkai.commands.output.language import say, translate
from gongkai.commands.output.screen import write, write_json
from gongkai.panel import Panel, PanelOptions, SaveOptions

#: 万人; no province has more, and a county's residents as a number of persons have
MOST_PEOPLE = 15_000


def command(
    dataset: Dataset,
    to: OutputFiles,
    format: Annotated[
        str | None, typer.Option("--format", help="dta, xlsx, csv, parquet, sav, duckdb or sqlite.")
    ] = None,
    years: Annotated[str, typer.Option(help="Years: 2019-2024.")] = "",
    balanced: Annotated[bool, typer.Option("--balanced", help="A line for every body and year.")] = False,
    bodies: Annotated[
        Path | None,
        typer.Option(
            metavar="CSV",
            help="Bodies that have a line in any case: body_id, org, or a register of `gongkai bodies`.",
        ),
    ] = None,
    bridge: Annotated[str, typer.Option(help="strict or wide: 2014 bridged where only near.")] = "strict",
    blank: Annotated[str, typer.Option(help="zero or missing: what a blank box is.")] = "zero",
    duplicates: Annotated[
        Path | None,
        typer.Option(metavar="CSV", help="panel_duplicates.csv with your decisions."),
    ] = None,
    choose: Annotated[
        str, typer.Option(help="latest or first published counts, where nothing before it decides.")
    ] = "latest",
    population: Annotated[
        Path | None,
        typer.Option(metavar="CSV", help="division_code or body_id, year, pop in 万人."),
    ] = None,
    complete: Annotated[bool, typer.Option("--complete", help="Complete reports alone.")] = False,
    optional: Annotated[
        bool, typer.Option("--optional", help="Running totals and printed subtotals too.")
    ] = False,
    narrative: Annotated[
        bool,
        typer.Option("--narrative", help="Lengths, keywords, similarity, problems and measures of the text."),
    ] = False,
    drop_empty: Annotated[
        bool, typer.Option("--drop-empty", help="Without columns that hold nothing.")
    ] = False,
    labels: Annotated[str, typer.Option(help="zh or en: language of labels.")] = "zh",
    missing_labels: Annotated[
        bool, typer.Option("--missing-labels", help=".dta: words for .a to .j.")
    ] = False,
    mask: Annotated[
        bool, typer.Option("--mask", help="A table of missing codes of the panel's shape.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The summary for programs.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No summary.")] = False,
) -> int:
    """Write the panel, panel_duplicates.csv, panel_unplaced.csv and the codebook."""
    try:
        paths = [(path, engine.format_of(path, format)) for path in to]
    except ValueError as error:
        raise Refused(str(error), 2) from error
    named, without_id = ({}, 0) if bodies is None else _bodies(bodies)
    options = PanelOptions(
        years=_years(years),
        balanced=balanced,
        bodies=named,
        wide=_one_of("--bridge", bridge, ("strict", "wide")) == "wide",
        blank=cast(Literal["zero", "missing"], _one_of("--blank", blank, ("zero", "missing"))),
        complete=complete,
        optional=optional,
        narrative=narrative,
        drop_empty=drop_empty,
        first_published=_one_of("--choose", choose, ("latest", "first")) == "first",
        decisions=duplicates,
        population={} if population is None else _population(population),
    )
    language = cast(Literal["zh", "en"], _one_of("--labels", labels, ("zh", "en")))
    try:
        engine.refuse_dataset(dataset, to)
        made = engine.build(dataset, options)
        files = engine.save(made, paths, SaveOptions(language, missing_labels, mask))
    except engine.BadDecision as error:
        raise Refused(str(error), 2) from error
    except ModuleNotFoundError as error:
        raise Refused(f"{error.name} is not installed; {install_hint('stats')}", 2) from error
    except (OSError, ValueError) as error:
        raise Refused(str(error), 2) from error
    if as_json:
        write_json({**_summary(made), "bodies_without_id": without_id, "files": [str(f) for f in files]})
    elif not quiet:
        if without_id:
            unused = "{n} lines of {bodies} have no id and make no line of the panel"
            write(say(unused, n=without_id, bodies=bodies) + "\n")
        write(_text(made, files))
    return 0


def _one_of(option: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise Refused(f"{option} is {value!r}; one of {', '.join(allowed)}", 2)
    return value


def _years(text: str) -> tuple[int, int] | None:
    """The first and the last of some years. Raises Refused for anything but 2019 or 2019-2024."""
    if not text:
        return None
    first, dash, last = text.partition("-")
    last = last if dash else first
    if not (first.isdigit() and last.isdigit()) or int(first) > int(last):
        raise Refused(f"--years is {text!r}; write 2019-2024, or 2024 for one year", 2)
    return int(first), int(last)


def _rows(path: Path, needed: tuple[tuple[str, ...], ...]) -> list[dict[str, str]]:
    """The lines of a user's CSV (UTF-8 or GBK); of each group in `needed` one column has to be there."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Refused(error.strerror or str(error), 2, path) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", "replace")
    reader = csv.DictReader(io.StringIO(text, newline=""))
    head = set(reader.fieldnames or ())
    for group in needed:
        if not head & set(group):
            raise Refused(f"no column {' or '.join(group)}; its head is {', '.join(sorted(head))}", 2, path)
    return [{k: (v or "").strip() for k, v in row.items() if k is not None} for row in reader]


def _bodies(path: Path) -> tuple[dict[str, str], int]:
    """Bodies by id with their names, of a list or of a register of `gongkai bodies`; and how many lines have no id."""
    found: dict[str, str] = {}
    without = 0
    for row in _rows(path, (("body_id", "id"),)):
        body = row.get("body_id") or row.get("id", "")
        without += not body
        if body:
            found[body] = row.get("org") or row.get("name", "")
    if not found:
        raise Refused("no line has an id in body_id or id", 2, path)
    return found, without


def _population(path: Path) -> dict[tuple[str, int], float]:
    """Residents in 万人 by body id or division code and year."""
    found: dict[tuple[str, int], float] = {}
    for number, row in enumerate(_rows(path, (("division_code", "body_id"), ("year",), ("pop",))), 2):
        key = row.get("body_id") or row.get("division_code", "")
        try:
            at, people = (key, int(row["year"])), float(row["pop"])
        except ValueError as error:
            raise Refused(f"line {number}: year and pop have to be numbers", 2, path) from error
        if not 0 < people <= MOST_PEOPLE:
            raise Refused(
                f"line {number}: pop is {row['pop']}; write residents in 万人 (ten thousands)", 2, path
            )
        if found.setdefault(at, people) != people:
            raise Refused(
                f"line {number}: {key} {at[1]} has two numbers, {found[at]:g} and {people:g}", 2, path
            )
    return found


def _summary(made: Panel) -> dict[str, object]:
    present = made.numbers["present"]
    lines = made.choice.lines
    return {
        "lines": len(made),
        "with_report": int(present.sum()),
        "bodies": len(set(made.texts["body_id"])),
        "years": [int(y) for y in sorted(set(made.numbers["year"]))],
        "open": len(made.choice.open),
        "groups": len({line["group"] for line in lines if line["group"]}),
        "not_chosen": sum(1 for line in lines if not line["kept"] and line["group"]),
        "unplaced": dict(Counter(line["why"].partition(":")[0] for line in made.unplaced)),
        "stale_decisions": [d.line for d in made.choice.stale],
        "decisions_outside": [d.line for d in made.choice.outside],
        "sums": dict(Counter(_words(made))),
    }


def _words(made: Panel) -> list[str]:
    names = {0: "none", 1: "hold", 2: "uncertain", 3: "fail"}
    return [names[int(n)] for n in made.numbers["sums"] if n == n]


def _text(made: Panel, files: list[Path]) -> str:
    summary = _summary(made)
    lines = []
    if summary["open"]:
        lines.append(
            say(
                "{n} body-years have reports that differ; decide in panel_duplicates.csv and give it back with --duplicates",
                n=summary["open"],
            )
        )
    for number in cast(list[int], summary["stale_decisions"]):
        lines.append(
            say("the decision in line {n} fits no report any more: its file has other bytes now", n=number)
        )
    if summary["decisions_outside"]:
        shown = ", ".join(map(str, cast(list[int], summary["decisions_outside"])))
        lines.append(
            say(
                "decisions about reports that this panel leaves out stay in the list: line {lines}",
                lines=shown,
            )
        )
    years = cast(list[int], summary["years"])
    span = f"{years[0]}-{years[-1]}" if years else "-"
    lines.append(
        say(
            "panel: {lines} lines of {bodies} bodies, {span}; {with_report} with a report; "
            "{not_chosen} other reports of the same body and year are listed in panel_duplicates.csv",
            span=span,
            **{name: summary[name] for name in ("lines", "bodies", "with_report", "not_chosen")},
        )
    )
    sums = cast(dict[str, int], summary["sums"])
    lines.append(
        say(
            "sums: hold {hold}, uncertain {uncertain}, fail {fail}, none {none}",
            **{name: sums.get(name, 0) for name in ("hold", "uncertain", "fail", "none")},
        )
    )
    unplaced = cast(dict[str, int], summary["unplaced"])
    if unplaced:
        listed = ", ".join(f"{translate(why)} {n}" for why, n in sorted(unplaced.items()))
        without = "{n} reports have no line ({why}): panel_unplaced.csv"
        lines.append(say(without, n=sum(unplaced.values()), why=listed))
        if {engine.NO_BODY, engine.NO_BODY_NO_YEAR} & set(unplaced):
            lines.append(
                "     "
                + say(
                    "which body a name means is not proven: say where they lie with `gongkai run … --in PLACE`, "
                    "or name them with `--bodies FILE`"
                )
            )
    lines += [str(path) for path in files]
    return "\n".join(lines) + "\n"
