"""A dataset folder, read back line by line and report by report: only one report is in memory."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from gongkai.emit import libraries as lib
from gongkai.emit.schema import Column, Kind, datasets
from gongkai.model import unguard

#: Lines of a Parquet file that are taken in at once: some of text without bound, many of others.
BATCH, BATCH_LONG = 4_096, 256

Line = tuple[Any, ...]


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


def lines(
    folder: Path, dataset: str, columns: Sequence[str], only: frozenset[str] | None = None
) -> Iterator[Line]:
    """The lines of a dataset, these columns of them, from Parquet where it is there, or else from CSV.

    The same values from both: a decimal is a Decimal, what a column leaves empty is None. `only`
    takes the lines of these reports; the first column is then `report_id`. Raises
    FileNotFoundError where there is neither file.
    """
    known = {
        c.name: c
        for by in ("run", "check", "diff")
        for d in datasets(by)
        if d.name == dataset
        for c in d.columns
    }
    kinds = [known.get(name, Column(name, "text", "", "", empty=True)) for name in columns]
    path = _file(folder, dataset)
    return _parquet(path, kinds, only) if path.suffix == ".parquet" else _csv(path, kinds, only)


def _file(folder: Path, dataset: str) -> Path:
    """The file of a dataset. Raises FileNotFoundError where it has none."""
    for path in (folder / f"{dataset}.parquet", folder / f"{dataset}.csv"):
        if path.is_file():
            return path
    if (folder / "parts" / dataset).is_dir():
        raise FileNotFoundError(
            f"{folder}: holds parts of --engine dask that are not joined; `gongkai.load` and every command that takes a dataset join them"
        )
    raise FileNotFoundError(
        f"{folder}: {dataset}.csv and {dataset}.parquet are missing; run again into the folder"
    )


def columns(folder: Path, dataset: str) -> Sequence[str]:
    """The columns that a dataset has. Raises FileNotFoundError where there is no such dataset."""
    return columns_of(_file(folder, dataset))


def columns_of(path: Path) -> tuple[str, ...]:
    """The columns of one file, Parquet or CSV. Raises FileNotFoundError where it is not there."""
    if path.suffix == ".parquet":
        return tuple(lib.pq.read_schema(path).names)
    with path.open(newline="", encoding="utf-8-sig") as file:
        return tuple(next(csv.reader(file), ()))


@lru_cache(maxsize=65_536)
def decimal(value: float | str | None) -> Decimal | None:
    """A number of either format, None for none; a float of Parquet is the number that was printed.

    >>> decimal(3.0), decimal(8.0618), decimal("12")
    (Decimal('3'), Decimal('8.0618'), Decimal('12'))
    """
    if value is None or value == "":
        return None
    if isinstance(value, float):
        return Decimal(int(value)) if value.is_integer() else Decimal(repr(value))
    return Decimal(value)


def _parquet(path: Path, columns: Sequence[Column], only: frozenset[str] | None) -> Iterator[Line]:
    wanted = None if only is None else lib.pa.array(sorted(only), lib.pa.string())
    names = [c.name for c in columns]
    size = BATCH_LONG if any(c.long for c in columns) else BATCH
    with lib.pq.ParquetFile(path) as file:
        # One group after the other and in one thread: with several, what the allocators of the
        # threads keep grows with the file, and it takes longer.
        for group in range(file.num_row_groups):
            for batch in file.iter_batches(size, [group], names, use_threads=False):
                if wanted is not None:
                    batch = batch.filter(lib.pc.is_in(batch[names[0]], value_set=wanted))
                taken = [batch.column(name).to_pylist() for name in names]
                cells = (
                    map(decimal, values) if c.kind == "decimal" else values
                    for c, values in zip(columns, taken, strict=True)
                )
                yield from zip(*cells, strict=True)


#: How a cell of CSV that is not empty is read. Kinds that are not here are texts.
_FROM_CSV: Mapping[Kind, Callable[[str], Any]] = {
    "integer": int,
    "decimal": Decimal,
    "number": float,
    "boolean": "true".__eq__,
}


def _csv(path: Path, columns: Sequence[Column], only: frozenset[str] | None) -> Iterator[Line]:
    csv.field_size_limit(1 << 24)
    with path.open(newline="", encoding="utf-8-sig") as file:
        for line in csv.DictReader(file):
            if only is None or line[columns[0].name] in only:
                yield tuple(_cell(line[c.name], c) for c in columns)


def _cell(text: str, column: Column) -> Any:
    if text == "" and (column.empty or column.kind not in ("text", "id")):
        return None
    return _FROM_CSV.get(column.kind, unguard)(text)
