"""Say that a value is another: a line in the dataset's file of corrections. 更正一个数值。"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from gongkai.commands import Refused
from gongkai.commands.options.named_files import corrections_in
from gongkai.commands.output.screen import clean
from gongkai.model import CORRECTIONS, BadCorrection, Correction, Fact, Report, Verdict
from gongkai.normalize import templates
from gongkai.run.dataset_files import append as append_lines
from gongkai.run.dataset_files import number_of, overview, restored, typed

#: the types of the parameters that `confirm` has too
Dataset = Annotated[
    Path, typer.Argument(metavar="DIR", help="A folder that `gongkai run` wrote. 数据集文件夹")
]
Which = Annotated[str | None, typer.Option("--report", help="report_id, as in reports.csv. 报告编号")]
File = Annotated[str | None, typer.Option("--file", help="source_file, as in reports.csv. 来源文件")]
Name = Annotated[str, typer.Option("--by", help="Your name. 更正人")]
Ledger = Annotated[Path | None, typer.Option(help=f"Another file than {CORRECTIONS} in DIR. 更正文件")]

#: Reports that are named where it is not clear which is meant.
MOST_NAMED = 5


def command(
    dataset: Dataset,
    field: Annotated[
        str | None, typer.Argument(metavar="FIELD", help="table.row.column, as `gongkai fields` lists them.")
    ] = None,
    value: Annotated[
        str | None, typer.Argument(metavar="VALUE", help="The number; blank: the box holds none.")
    ] = None,
    report: Which = None,
    file: File = None,
    by: Annotated[str | None, typer.Option("--by", help="Your name. 更正人")] = None,
    why: Annotated[str, typer.Option(help="What the page says, where you looked. 理由")] = "",
    as_printed: Annotated[
        bool, typer.Option("--as-printed", help="The value is what the page says (as `gongkai confirm`).")
    ] = False,
    lines: Annotated[
        Path | None, typer.Option("--from", help="Take the lines of such a file instead, as pages give them.")
    ] = None,
    corrections: Ledger = None,
) -> int:
    """Append a correction. The next `gongkai run` into DIR replays it; the printed text stays beside it.

    A negative VALUE (本年增/减 alone has such) goes behind two dashes: `gongkai correct DIR --by ME -- FIELD -3`.
    """
    if lines is not None:
        if field is not None or value is not None or as_printed:
            raise Refused("name either FIELD and VALUE, or --from FILE", 2)
        return _taken(dataset, lines, corrections)
    if field is None or by is None or (value is None) != as_printed:
        raise Refused("name FIELD, VALUE (or --as-printed) and --by; or --from FILE", 2)
    return say(dataset, field, None if as_printed else value, report, file, by, why, corrections)


def say(
    dataset: Path,
    field: str,
    value: str | None,
    report: str | None,
    file: str | None,
    by: str,
    why: str,
    ledger: Path | None,
) -> int:
    """Append a correction, or a confirmation where `value` is None, and tell what was said.

    Raises Refused where it is not clear of which value, or what.
    """
    if not by.strip():
        raise Refused("--by wants a name", 2)
    path = ledger or dataset / CORRECTIONS
    id = _report_id(dataset, report, file)
    found = _restored(dataset, id)
    fact, number = _fact(found, field), number_of(id)
    old = _read(fact, found, number, path)
    blank = value is not None and value.strip().lower() == "blank"
    new = old if value is None else Decimal(0) if blank else typed(value)
    if value is not None and new is None:
        raise Refused(f"{value!r} is no number; 3001, -3, 8.0618 or blank", 2)
    why_not = None if value is None or new is None else fact.field.refuses(new)
    if why_not is not None:
        raise Refused(
            f"{field}: {value.strip() if value else ''} {why_not}; look at the page, `blank` says that it holds none",
            2,
        )
    if value is not None and (new, blank) == (old, fact.blank) and fact.origin != "corrected":
        raise Refused(
            f"{field} is read as {_text(old)} already; `gongkai confirm` says that it was checked", 2
        )
    when = datetime.now(UTC).isoformat(timespec="seconds")
    who = (found.source.sha256, number, found.source.path, field)
    kind: Verdict = "as_printed" if value is None else "corrected"
    append(path, [Correction(*who, kind, fact.printed, old, new, blank, by, when, why)])
    told = f"{_text(old)} is as printed" if value is None else f"{_text(old)} → {value.strip()}"
    about = f"{found.org or '?'}, {found.year or '?'}, {found.source.path}"
    sys.stderr.write(clean(f"{path}: {field}: {told}   ({about}); the next run replays it") + "\n")
    return 0


def append(path: Path, said: Sequence[Correction]) -> None:
    """Append to a file of corrections. Raises Refused where it cannot be done; then nothing was written."""
    try:
        append_lines(path, said)
    except BadCorrection as error:
        raise Refused(f"{error}; nothing was written, mend that line first", 2) from error
    except OSError as error:
        raise Refused(error.strerror or str(error), 2, path) from error


def _taken(dataset: Path, lines: Path, ledger: Path | None) -> int:
    """Append every line of another file of corrections, as the pages of `gongkai review` give it."""
    _dataset(dataset)
    said = corrections_in(lines)
    if not said:
        raise Refused("holds no line", 2, lines)
    path = ledger or dataset / CORRECTIONS
    append(path, said)
    sys.stderr.write(clean(f"{path}: {len(said)} lines more; the next run replays them") + "\n")
    return 0


def _dataset(folder: Path) -> None:
    if not (folder / "reports.parquet").is_file():
        raise Refused("is no dataset; name a folder that `gongkai run` wrote", 2, folder)


def _report_id(dataset: Path, report: str | None, file: str | None) -> str:
    """The report that is meant: by its id, by its file (the whole path or its end), or the only one."""
    _dataset(dataset)
    if report is not None and file is not None:
        raise Refused("name --report or --file, not both", 2)
    try:
        lines = list(overview(dataset))
    except (ValueError, OSError) as error:
        raise Refused(str(error), 2) from error
    if report is not None:
        found = [r for r in lines if r["report_id"] == report]
    elif file is not None:
        found = [r for r in lines if r["source_file"] == file] or [
            r for r in lines if r["source_file"].endswith("/" + file)
        ]
    else:
        found = [r for r in lines if r["facts"]]
    if len(found) == 1:
        return str(found[0]["report_id"])
    asked = report or file or "the dataset"
    if not found:
        raise Refused(f"there is no report {asked} in {dataset}; reports.csv lists them", 2)
    some = "; ".join(f"{r['report_id']} {r['source_file']}" for r in found[:MOST_NAMED])
    raise Refused(f"{asked} is {len(found)} reports; name one with --report: {some}", 2)


def _restored(dataset: Path, id: str) -> Report:
    try:
        return next(report for _, report in restored(dataset, frozenset({id})))
    except (ValueError, OSError) as error:
        raise Refused(str(error), 2) from error


def _fact(report: Report, field: str) -> Fact:
    """The value of a field. Raises Refused, with the fields that are near, where the report has none."""
    facts = {".".join(f.field.address): f for f in report.facts}
    if field in facts:
        return facts[field]
    forms = {".".join(f.address) for form in templates() for t in form.tables for f in t.fields}
    if field in forms:
        raise Refused(f"no box {field} was read, so there is none to correct", 2, report.source.path)
    near = difflib.get_close_matches(field, sorted(facts), 3, 0.5)
    hint = f"near it: {', '.join(near)}" if near else "`gongkai fields` lists them"
    raise Refused(f"there is no field {field}; {hint}", 2)


def _read(fact: Fact, report: Report, number: int, ledger: Path) -> Decimal | None:
    """The value as the program read it: that of a corrected one stands with its correction."""
    if fact.origin != "corrected":
        return fact.value
    at = (report.source.sha256, number, ".".join(fact.field.address))
    said = [c for c in corrections_in(ledger) if (c.sha256, c.report, c.field) == at]
    if not said:
        raise Refused(
            "holds not the correction that this value has; name its file with --corrections", 2, ledger
        )
    return said[-1].old


def _text(value: Decimal | None) -> str:
    return "unread" if value is None else f"{value:f}"
