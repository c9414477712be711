"""A dataset folder back to Reports: what `emit` was given, as far as the datasets hold it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from gongkai.emit.read.read_rows import Groups, columns, lines
from gongkai.emit.schema import datasets
from gongkai.model import (
    Address,
    BBox,
    Cause,
    Check,
    Fact,
    Field,
    Finding,
    Label,
    Match,
    Outcome,
    Place,
    Proposal,
    Report,
    Reread,
    Severity,
    Source,
    Status,
    Template,
)

Line = Mapping[str, Any]
_Forms = Mapping[tuple[str, str, str, str], Field]

#: the datasets that hold parts of a Report, but for its text
_PARTS = ("facts", "checks", "findings", "proposals")

#: what makes the further reports of one file different
_NUMBER = re.compile(r"[0-9a-f]{16}-(\d+)")


def restore(
    folder: Path, templates: Sequence[Template], only: frozenset[str] | None = None
) -> Iterator[tuple[str, Report]]:
    """Every report of a dataset with its report_id, in the dataset's order; `only` those of these ids.

    Sections and mentions are left out, and of the matches what no column holds. Raises FileNotFoundError where
    a Parquet file is missing, ValueError where its columns are not those of this version.
    """
    forms = _forms(templates)
    streams = {name: _Stream(folder, name, only) for name in _PARTS}
    for line in _reports(folder, only):
        id = line["report_id"]
        yield id, _report(line, {name: stream.of(id) for name, stream in streams.items()}, forms)


def overview(folder: Path) -> Iterator[Line]:
    """The lines of `reports`, one by one, in the dataset's order. Raises as `restore` does."""
    return _reports(folder, None)


def over_years(folder: Path) -> dict[str, tuple[Finding, ...]]:
    """What `gongkai check` found about each report beside others, by report_id; nothing where it was not run.

    These are few: all of them stay in memory.
    """
    if not (folder / "series_findings.parquet").is_file():
        return {}
    names = ("report_id", "code", "severity", "message", "table", "row", "column")
    found: dict[str, list[Finding]] = {}
    for id, code, severity, message, *at in lines(folder, "series_findings", names):
        found.setdefault(id, []).append(
            Finding(code, severity, message, table=at[0], row=at[1], column=at[2])
        )
    return {id: tuple(many) for id, many in found.items()}


def number_of(report_id: str) -> int:
    """Which report of its file it is, from 1.

    >>> number_of("0123456789abcdef"), number_of("0123456789abcdef-2")
    (1, 2)
    """
    match = _NUMBER.fullmatch(report_id)
    return 1 if match is None else int(match[1])


class _Stream:
    """The lines of one dataset as mappings, by report, in the order in which the reports stand."""

    def __init__(self, folder: Path, name: str, only: frozenset[str] | None) -> None:
        self._names = _checked(folder, name)
        self._groups = Groups(lines(folder, name, self._names, only))

    def of(self, report_id: str) -> list[Line]:
        """The lines of the next report."""
        return [dict(zip(self._names, line, strict=True)) for line in self._groups.of(report_id)]


def _reports(folder: Path, only: frozenset[str] | None) -> Iterator[Line]:
    names = _checked(folder, "reports")
    return (dict(zip(names, line, strict=True)) for line in lines(folder, "reports", names, only))


def _checked(folder: Path, name: str) -> tuple[str, ...]:
    """The columns of a dataset. Raises as `restore` does."""
    path = folder / f"{name}.parquet"
    if not path.is_file():
        raise FileNotFoundError(f"{path}: there is no such file; name a folder that `gongkai run` wrote")
    wanted = next(d.names for d in datasets() if d.name == name)
    if tuple(columns(folder, name)) != wanted:
        raise ValueError(f"{path}: has the columns of another version; run `gongkai run` again")
    return wanted


def finding_over_years(line: Line) -> Finding:
    """The Finding of a line that `gongkai check` wrote."""
    at = {name: line[name] for name in ("table", "row", "column")}
    return Finding(line["code"], line["severity"], line["message"], **at)


class Restorer:
    """Lines of the datasets to a Report. Raises as `restore` does."""

    parts = _PARTS

    def __init__(self, folder: Path, templates: Sequence[Template]) -> None:
        for name in ("reports", *_PARTS):
            _checked(folder, name)
        self._forms = _forms(templates)

    def __call__(self, line: Line, parts: Mapping[str, Sequence[Line]]) -> Report:
        """The Report of a line of `reports` and its lines in `parts`."""
        return _report(line, parts, self._forms)


def _forms(templates: Sequence[Template]) -> _Forms:
    return {(form.id, *f.address): f for form in templates for t in form.tables for f in t.fields}


def _report(line: Line, parts: Mapping[str, Sequence[Line]], forms: _Forms) -> Report:
    source = Source(line["source_file"], b"", line["sha256"], line["bytes"])
    return Report(
        source,
        line["format"],
        line["reader"],
        line["pages"],
        line["template"],
        line["org"],
        line["year"],
        line["title"],
        line["published"],
        tuple(_fact(f, forms) for f in parts["facts"]),
        (),
        tuple(_finding(f) for f in parts["findings"]),
        tuple(_check(c) for c in parts["checks"]),
        cast(Status, line["status"]),
        line["reason"],
        (),
        tuple(_proposal(p) for p in parts["proposals"]),
    )


def _fact(line: Line, forms: _Forms) -> Fact:
    row, column = (
        Match(line[f"{kind}_label"], line[kind], line[f"{kind}_score"], line[f"{kind}_rule"])
        for kind in ("row", "column")
    )
    field = forms.get((line["template"], line["table"], line["row"], line["column"]))
    if field is None:  # a line of a place's own growth: its labels are those that are printed
        own, across = (Label(m.id, tuple(m.printed.split(" / ")), m.id) for m in (row, column))
        field = Field(line["template"], line["table"], own, across, line["unit"])
    return Fact(
        field,
        line["value"],
        line["blank"],
        line["printed"],
        _place(line),
        row,
        column,
        line["unit"],
        line["origin"],
        line["confidence"],
    )


def _place(line: Line) -> Place:
    """Counts from 0 again; a box has all four of its edges or none."""
    block, row, column = (
        None if line[n] is None else line[n] - 1 for n in ("block", "cell_row", "cell_column")
    )
    edges = tuple(line[n] for n in ("x0", "top", "x1", "bottom"))
    bbox = None if None in edges else cast(BBox, edges)
    return Place(line["page"], block, row, column, bbox)


def _check(line: Line) -> Check:
    addresses = tuple(cast(Address, tuple(a.split("."))) for a in line["facts"].split(";") if a)
    at = (line["table"], line["row"], line["column"])
    outcome = cast(Outcome, line["outcome"])
    return Check(line["rule"], *at, line["left"], line["right"], outcome, addresses)


def _finding(line: Line) -> Finding:
    place = None if line["page"] is None else Place(line["page"])
    severity = cast(Severity, line["severity"])
    named = (line["table"], line["row"], line["column"])
    return Finding(
        line["code"],
        severity,
        line["message"],
        place=place,
        table=named[0],
        row=named[1],
        column=named[2],
        printed=line["printed"],
    )


def _proposal(line: Line) -> Proposal:
    """A proposal; of its place the page is known."""
    return Proposal(
        line["group"],
        line["rank"],
        (line["table"], line["row"], line["column"]),
        Place(line["page"]),
        line["printed"],
        line["value"],
        line["needed"],
        cast(Cause, line["cause"]),
        line["unique"],
        cast(Reread, line["verdict"]),
        tuple(line["sums"].split(";")),
    )
