"""A dataset folder, read back report by report: nothing is held but the report at hand."""

from __future__ import annotations

import csv
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from emit.part import unguard
from model import Filing

#: Lines of a Parquet file that are taken in at once.
BATCH = 8_192

Line = tuple[Any, ...]


def filings(folder: Path) -> Iterator[Filing | None]:
    """Every report of a folder that a run wrote, in its order; None for one without body, year or values.

    Raises FileNotFoundError where a dataset is missing.
    """
    facts = Groups(lines(folder, "facts", _FACTS))
    sections = Groups(lines(folder, "sections", _SECTIONS))
    known = tuple(c for c in _REPORTS if c in columns(folder, "reports"))
    for id, name, sha256, org, year, *division in lines(folder, "reports", known):
        values, texts = facts.of(id), sections.of(id)
        if org in (None, "") or year in (None, "") or not values:
            yield None
        else:
            head = (id, name, sha256, org, int(year), next(iter(division), None) or "")
            yield _filing(head, values, texts)


def outcomes(folder: Path) -> Counter[tuple[str, str]]:
    """How often each rule of the dataset `checks` had each outcome."""
    return Counter((rule, outcome) for rule, outcome in lines(folder, "checks", ("rule", "outcome")))


# division_code last: a dataset of an earlier version has none
_REPORTS = ("report_id", "source_file", "sha256", "org", "year", "division_code")
_FACTS = ("report_id", "template", "table", "row", "column", "value", "blank", "printed")
_SECTIONS = ("report_id", "section", "level", "text")


def _filing(
    head: tuple[str, str, str, str, int, str], facts: Sequence[Line], sections: Sequence[Line]
) -> Filing:
    id, name, sha256, org, year, division = head
    values, empty, forms = {}, [], {}
    for _, template, table, row, column, value, blank, printed in facts:
        address = (table, row, column)
        values[address] = decimal(value)
        forms[table] = template
        if blank in (True, "true") and not printed.strip():
            empty.append(address)
    texts = tuple((section, text) for _, section, level, text in sections if int(level) == 1)
    return Filing(id, name, sha256, body(org), org, year, forms, values, frozenset(empty), texts, division)


def body(org: str) -> str:
    """Whose report it is: the name as printed, widths and blanks folded."""
    return "".join(unicodedata.normalize("NFKC", org).split())


@lru_cache(maxsize=65_536)
def decimal(value: float | str | None) -> Decimal | None:
    """A value of either format; a float of Parquet is the number that was printed."""
    if value is None or value == "":
        return None
    if isinstance(value, float):
        return Decimal(int(value)) if value.is_integer() else Decimal(repr(value))
    return Decimal(value)


class Groups:
    """Lines that stand together by their first column, taken group by group in order."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._next = next(lines, None)

    def of(self, id: str) -> list[Line]:
        """The lines of one report; none where it has none."""
        found = []
        while self._next is not None and self._next[0] == id:
            found.append(self._next)
            self._next = next(self._lines, None)
        return found


def lines(folder: Path, dataset: str, columns: Sequence[str]) -> Iterator[Line]:
    """The lines of a dataset, these columns of them, from Parquet where it is there, or else from CSV."""
    parquet = folder / f"{dataset}.parquet"
    return _parquet(parquet, columns) if parquet.is_file() else _csv(folder / f"{dataset}.csv", columns)


def columns(folder: Path, dataset: str) -> Sequence[str]:
    """The columns that a dataset has."""
    path = folder / f"{dataset}.parquet"
    if path.is_file():
        import pyarrow.parquet as pq  # type: ignore[import-untyped]

        return list(pq.read_schema(path).names)
    with (folder / f"{dataset}.csv").open(newline="", encoding="utf-8-sig") as file:
        return next(csv.reader(file), [])


def _parquet(path: Path, columns: Sequence[str]) -> Iterator[Line]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=BATCH, columns=list(columns)):
            yield from zip(*(batch.column(c).to_pylist() for c in columns), strict=True)


def _csv(path: Path, columns: Sequence[str]) -> Iterator[Line]:
    csv.field_size_limit(1 << 24)
    with path.open(newline="", encoding="utf-8-sig") as file:
        for line in csv.DictReader(file):
            yield tuple(unguard(line[c]) for c in columns)
