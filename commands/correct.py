"""Correct a value, or whose report it is: append a line to the dataset's file of corrections. 更正一个数值或报告的机关、年度。"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, get_args

import typer

from gongkai.commands import Refused
from gongkai.commands.options.named_files import Dataset, corrections_in
from gongkai.commands.output.language import say
from gongkai.commands.output.screen import clean
from gongkai.correct.statement import BadStatement, state_number, state_text
from gongkai.model import (
    CORRECTIONS,
    BadCorrection,
    Correction,
    Fact,
    Match,
    Place,
    Report,
    ReportField,
    Verdict,
)
from gongkai.normalize import templates
from gongkai.run.corrections import field_of, require_known
from gongkai.run.dataset_files import append as append_lines
from gongkai.run.dataset_files import number_of, overview, restored

#: parameters that `gongkai confirm` has too
Which = Annotated[str | None, typer.Option("--report", help="report_id, as in reports.csv.")]
File = Annotated[str | None, typer.Option("--file", help="source_file, as in reports.csv.")]
Name = Annotated[str, typer.Option("--by", help="Your name.")]
Ledger = Annotated[Path | None, typer.Option(help=f"Another file than {CORRECTIONS} in DIR.")]

#: The most reports that a message lists where several fit.
MOST_NAMED = 5


def command(
    dataset: Dataset,
    field: Annotated[
        str | None,
        typer.Argument(
            metavar="FIELD",
            help="table.row.column, as `gongkai fields` lists them; or org, year, title, published, body_id, division_code, template.",
        ),
    ] = None,
    value: Annotated[
        str | None, typer.Argument(metavar="VALUE", help="The number, or the text; blank: there is none.")
    ] = None,
    report: Which = None,
    file: File = None,
    by: Annotated[str | None, typer.Option("--by", help="Your name.")] = None,
    why: Annotated[str, typer.Option(help="What the page says, where you looked.")] = "",
    as_printed: Annotated[
        bool, typer.Option("--as-printed", help="The value is as printed (as `gongkai confirm`).")
    ] = False,
    lines: Annotated[
        Path | None,
        typer.Option("--from", help="Append the lines of a file that a page of `gongkai review` saved."),
    ] = None,
    corrections: Ledger = None,
) -> int:
    """Append a correction. The next `gongkai run` into DIR replays it; the printed text stays beside the value.

    A negative VALUE (only the column 本年增/减 has any) goes behind two dashes: `gongkai correct DIR --by ME -- FIELD -3`.
    """
    if lines is not None:
        if field is not None or value is not None or as_printed:
            raise Refused("name either FIELD and VALUE, or --from FILE", 2)
        return _append_file(dataset, lines, corrections)
    if field is None or by is None or (value is None) != as_printed:
        raise Refused("name FIELD, VALUE (or --as-printed) and --by; or --from FILE", 2)
    return record(dataset, field, None if as_printed else value, report, file, by, why, corrections)


def record(
    dataset: Path,
    field: str,
    value: str | None,
    report: str | None,
    file: str | None,
    by: str,
    why: str,
    ledger: Path | None,
) -> int:
    """Append a correction, or a confirmation where `value` is None, and write what it changes to standard error.

    Raises Refused where the report, the field or the value is not clear.
    """
    if not by.strip():
        raise Refused("--by wants a name", 2)
    path = ledger or dataset / CORRECTIONS
    id = _report_id(dataset, report, file, whole=field in get_args(ReportField))
    restored_report, number = _restore(dataset, id), number_of(id)
    if field in get_args(ReportField):
        said = _say_text(dataset, id, restored_report, field, value, path)
        append(path, [replace(said, who=by, when=datetime.now(UTC).isoformat(timespec="seconds"), why=why)])
        _tell(path, restored_report, field, said.printed, said.text if value is not None else None)
        return 0
    fact = _fact(restored_report, field)
    if fact is None and value is None:
        raise Refused(f"no box {field} was read, so there is none to confirm", 2, restored_report.source.path)
    if fact is None:
        fact = _unread_box(restored_report, field)
    words = _words_on(path, restored_report, number, field)
    if fact.origin == "corrected" and not words:
        raise Refused("lacks the correction of this value; name its file with --corrections", 2, path)
    try:
        stated = state_number(fact, words, value)
    except BadStatement as error:
        raise Refused(str(error), 2) from error
    when = datetime.now(UTC).isoformat(timespec="seconds")
    key = (restored_report.source.sha256, number, restored_report.source.path, field)
    verdict: Verdict = "as_printed" if value is None else "corrected"
    append(
        path, [Correction(*key, verdict, fact.printed, stated.old, stated.new, stated.blank, by, when, why)]
    )
    _tell(path, restored_report, field, _text(stated.old), None if value is None else value.strip())
    return 0


def _tell(path: Path, report: Report, field: str, old: str, new: str | None) -> None:
    """Write what was recorded, in one line, to standard error; `new` is None for a confirmation."""
    before = old or say("nothing")
    change = say("{old} is as printed", old=before) if new is None else f"{before} → {new or say('nothing')}"
    about = f"{report.org or '?'}, {report.year or '?'}, {report.source.path}"
    recorded = "{path}: {field}: {change}   ({about}); the next run replays it"
    sys.stderr.write(clean(say(recorded, path=path, field=field, change=change, about=about)) + "\n")


def _say_text(
    dataset: Path, id: str, report: Report, field: str, value: str | None, ledger: Path
) -> Correction:
    """What a user says of a report as a whole, its body or its year. Raises Refused where that cannot be."""
    source, number = report.source, number_of(id)
    line = next(line for line in overview(dataset) if line["report_id"] == id)
    held = "" if line[field] is None else str(line[field])
    try:
        read, text = state_text(field, held, _words_on(ledger, report, number, field), value, require_known)
    except BadStatement as error:
        raise Refused(str(error), 2) from error
    verdict: Verdict = "as_printed" if value is None else "corrected"
    return Correction(
        source.sha256, number, source.path, field, verdict, read, None, None, False, "", "", "", text
    )


def _unread_box(report: Report, field: str) -> Fact:
    """A box of the report's form that was never read: nothing is printed to stand beside what a person says."""
    slot = field_of(report, field)
    if slot is None:
        raise Refused(
            f"the form of this report, {report.template or 'unknown'}, has no box {field}",
            2,
            report.source.path,
        )
    row, column = (Match("", label.id, 0.0, "unread") for label in (slot.row, slot.column))
    return Fact(slot, None, False, "", Place(), row, column)


def append(path: Path, corrections: Sequence[Correction]) -> None:
    """Append to a file of corrections. Raises Refused where that fails; then nothing was written."""
    try:
        append_lines(path, corrections)
    except BadCorrection as error:
        raise Refused(f"{error}; nothing was written, mend that line first", 2) from error
    except OSError as error:
        raise Refused(error.strerror or str(error), 2, path) from error


def _append_file(dataset: Path, lines: Path, ledger: Path | None) -> int:
    """Append every line of another file of corrections, which a page of `gongkai review` saved."""
    _require_dataset(dataset)
    corrections = corrections_in(lines)
    if not corrections:
        raise Refused("holds no line", 2, lines)
    path = ledger or dataset / CORRECTIONS
    append(path, corrections)
    added = say("{path}: {n} lines more; the next run replays them", path=path, n=len(corrections))
    sys.stderr.write(clean(added) + "\n")
    return 0


def _require_dataset(folder: Path) -> None:
    if not (folder / "reports.parquet").is_file():
        raise Refused("is no dataset; name a folder that `gongkai run` wrote", 2, folder)


def _report_id(dataset: Path, report: str | None, file: str | None, *, whole: bool) -> str:
    """The id of the report that the user names: by its id, by its file (whole path or its end), or the only one.

    `whole`: it is about the report as a whole, which may have no values. Raises Refused where none fits or several do.
    """
    _require_dataset(dataset)
    if report is not None and file is not None:
        raise Refused("name --report or --file, not both", 2)
    try:
        rows = list(overview(dataset))
    except (ValueError, OSError) as error:
        raise Refused(str(error), 2) from error
    fitting = _fitting(rows, report, file, about_report=whole)
    if len(fitting) == 1:
        return str(fitting[0]["report_id"])
    name = report or file or "the dataset"
    if not fitting:
        near = _nearly(name, rows)
        guess = f"near it: {'; '.join(near)}" if near else "reports.csv lists them"
        raise Refused(f"there is no report {name} in {dataset}; {guess}", 2)
    some = "; ".join(f"{r['report_id']} {r['source_file']}" for r in fitting[:MOST_NAMED])
    raise Refused(f"{name} is {len(fitting)} reports; name one with --report: {some}", 2)


def _nearly(name: str, rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Files that have a part of a name in theirs, or are nearly called so."""
    files = [str(row["source_file"]) for row in rows]
    part = name.casefold()
    return [f for f in files if part in f.casefold()][:MOST_NAMED] or difflib.get_close_matches(
        name, files, MOST_NAMED
    )


def _fitting(
    rows: Sequence[Mapping[str, Any]], report: str | None, file: str | None, *, about_report: bool
) -> list[Mapping[str, Any]]:
    """The rows of reports.csv that the user may mean."""
    if report is not None:
        return [r for r in rows if r["report_id"] == report]
    if file is None:
        return [r for r in rows if about_report or r["facts"]]
    whole = [r for r in rows if r["source_file"] == file]
    return whole or [r for r in rows if r["source_file"].endswith("/" + file)]


def _restore(dataset: Path, id: str) -> Report:
    try:
        return next(report for _, report in restored(dataset, frozenset({id})))
    except (ValueError, OSError) as error:
        raise Refused(str(error), 2) from error


def _fact(report: Report, field: str) -> Fact | None:
    """The value of a field, None where its box was not read. Raises Refused for a field that no form has."""
    facts = {".".join(f.field.address): f for f in report.facts}
    if field in facts:
        return facts[field]
    if field in field_names():
        return None
    raise no_such_field(field, {*facts, *get_args(ReportField)})


def field_names() -> set[str]:
    """The names of all fields of all forms."""
    return {".".join(f.address) for form in templates() for t in form.tables for f in t.fields}


def no_such_field(field: str, known: Iterable[str]) -> Refused:
    """The refusal of a field that does not exist, with those of `known` that are spelled like it."""
    near = difflib.get_close_matches(field, sorted(known), 3, 0.5)
    hint = f"near it: {', '.join(near)}" if near else "`gongkai fields` lists them"
    return Refused(f"there is no field {field}; {hint}", 2)


def _words_on(ledger: Path, report: Report, number: int, field: str) -> list[Correction]:
    """What people said of a field of a report, oldest first."""
    if not ledger.exists():
        return []
    key = (report.source.sha256, number, field)
    return [c for c in corrections_in(ledger) if (c.sha256, c.report, c.field) == key]


def _text(value: Decimal | None) -> str:
    return "unread" if value is None else f"{value:f}"
