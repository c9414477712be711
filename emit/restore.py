"""A dataset folder back to Reports: what `emit` was given, as far as the datasets hold it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from emit.dataset import datasets
from model import (
    BBox,
    Check,
    Fact,
    Field,
    Finding,
    Label,
    Match,
    Outcome,
    Place,
    Report,
    Severity,
    Source,
    Status,
    Template,
)

Line = Mapping[str, Any]
Address = tuple[str, str, str]
_Forms = Mapping[tuple[str, str, str, str], Field]

#: lines that are taken into memory at a time
_BATCH = 16_384

#: what makes the further reports of one file different
_NUMBER = re.compile(r"[0-9a-f]{16}-(\d+)")


def restore(
    folder: Path, templates: Sequence[Template], only: frozenset[str] | None = None
) -> Iterator[tuple[str, Report]]:
    """Every report of a dataset with its report_id, in the dataset's order; `only` those of these ids.

    Sections are left out, and of the matches what no column holds. Raises FileNotFoundError where
    a Parquet file is missing, ValueError where its columns are not those of this version.
    """
    forms = {(form.id, *f.address): f for form in templates for t in form.tables for f in t.fields}
    streams = {name: _Groups(folder, name, only) for name in ("facts", "checks", "findings")}
    for line in _lines(folder, "reports", only):
        id = line["report_id"]
        yield id, _report(line, {name: stream.take(id) for name, stream in streams.items()}, forms)


def overview(folder: Path) -> Iterator[Line]:
    """The lines of `reports`, one by one, in the dataset's order. Raises as `restore` does."""
    return _lines(folder, "reports", None)


def number_of(report_id: str) -> int:
    """Which report of its file it is, from 1.

    >>> number_of("0123456789abcdef"), number_of("0123456789abcdef-2")
    (1, 2)
    """
    match = _NUMBER.fullmatch(report_id)
    return 1 if match is None else int(match[1])


class _Groups:
    """The lines of one dataset, by report, in the order in which the reports stand."""

    def __init__(self, folder: Path, name: str, only: frozenset[str] | None) -> None:
        self._lines = _lines(folder, name, only)
        self._next = next(self._lines, None)

    def take(self, report_id: str) -> list[Line]:
        """The lines of the next report."""
        taken: list[Line] = []
        while self._next is not None and self._next["report_id"] == report_id:
            taken.append(self._next)
            self._next = next(self._lines, None)
        return taken


def _lines(folder: Path, name: str, only: frozenset[str] | None) -> Iterator[Line]:
    import pyarrow.compute as pc  # type: ignore[import-untyped]
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    path = folder / f"{name}.parquet"
    if not path.is_file():
        raise FileNotFoundError(f"{path}: there is no such file; name a folder that `gongkai run` wrote")
    with pq.ParquetFile(path) as file:
        wanted = next(d.names for d in datasets() if d.name == name)
        if tuple(file.schema_arrow.names) != wanted:
            raise ValueError(f"{path}: has the columns of another version; run `gongkai run` again")
        for batch in file.iter_batches(_BATCH):
            if only is not None:
                batch = batch.filter(pc.is_in(batch["report_id"], value_set=_strings(only)))
            yield from batch.to_pylist()


def _strings(texts: frozenset[str]) -> object:
    import pyarrow as pa

    return pa.array(sorted(texts), pa.string())


def _report(line: Line, lines: Mapping[str, list[Line]], forms: _Forms) -> Report:
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
        tuple(_fact(f, forms) for f in lines["facts"]),
        (),
        tuple(_finding(f) for f in lines["findings"]),
        tuple(_check(c) for c in lines["checks"]),
        cast(Status, line["status"]),
        line["reason"],
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
        _decimal(line["value"]),
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
    left, right = _decimal(line["left"]), _decimal(line["right"])
    outcome = cast(Outcome, line["outcome"])
    return Check(line["rule"], line["table"], line["row"], line["column"], left, right, outcome, addresses)


def _finding(line: Line) -> Finding:
    place = None if line["page"] is None else Place(line["page"])
    severity = cast(Severity, line["severity"])
    named = (line["table"], line["row"], line["column"])
    return Finding(line["code"], severity, line["message"], place, *named, line["printed"])


def _decimal(value: float | None) -> Decimal | None:
    """A number as the datasets hold it, without the zeros that a float is printed with.

    >>> _decimal(3.0), _decimal(8.0618)
    (Decimal('3'), Decimal('8.0618'))
    """
    if value is None:
        return None
    return Decimal(repr(value).removesuffix(".0"))
