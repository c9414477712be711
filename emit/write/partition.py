"""Rendered reports to Parquet files in folders: one file a year, or one for all; and what describes many such files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from gongkai.emit.schema import Dataset, datasets
from gongkai.emit.write.csv_chunk import CsvChunk
from gongkai.emit.write.writer import ParquetWriter
from gongkai.record import dataclass

#: the folder year of reports that name none: Hive's own word, read as null by Spark, DuckDB and Arrow
NO_YEAR = "__HIVE_DEFAULT_PARTITION__"

#: the folder of the files in a dataset folder, by whether there is one a year
FOLDERS = {True: "by_year", False: "parts"}


@dataclass(frozen=True, slots=True)
class PartFile:
    """One written file: its dataset, its path in the dataset folder, bytes and SHA-256."""

    dataset: str
    path: str
    bytes: int
    sha256: str


class PartitionWriter:
    """`facts/year=2023/part-X.parquet` or `facts/part-X.parquet` in a folder, opened as they are needed.

    Where the year is in the path, it is no column of the file: that is what Hive's layout asks for.
    """

    def __init__(self, folder: Path, token: str, by_year: bool) -> None:
        self._folder, self._token, self._by_year = folder, token, by_year
        self._datasets: dict[str, Dataset] = {d.name: d for d in datasets()}
        self._open: dict[Path, ParquetWriter] = {}

    def put(self, name: str, chunk: CsvChunk, year: int | None) -> None:
        """Further lines of a dataset, all of reports of one year."""
        path = self._folder / name
        if self._by_year:
            path /= f"year={NO_YEAR if year is None else year}"
        if path not in self._open:
            path.mkdir(parents=True)
            dropped = frozenset({"year"} if self._by_year else ())
            self._open[path] = ParquetWriter(
                self._datasets[name], path / f"part-{self._token}.parquet", dropped
            )
        self._open[path].write(chunk)

    def close(self) -> None:
        """Finish every file."""
        while self._open:
            self._open.popitem()[1].close()

    def files(self) -> list[PartFile]:
        """The files, once they are finished."""
        found = []
        for path in sorted(self._folder.rglob("*.parquet")):
            inside = path.relative_to(self._folder)
            named = f"{FOLDERS[self._by_year]}/{inside.as_posix()}"
            with path.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            found.append(PartFile(inside.parts[0], named, path.stat().st_size, sha256))
        return found


@contextmanager
def open_partition(folder: Path, token: str, by_year: bool) -> Iterator[PartitionWriter]:
    """PartitionWriter that are finished at the end."""
    parts = PartitionWriter(folder, token, by_year)
    try:
        yield parts
    finally:
        parts.close()


def files_of(files: Sequence[PartFile], name: str) -> list[PartFile]:
    """The files of one dataset, in the order of their paths."""
    return sorted((f for f in files if f.dataset == name), key=lambda f: f.path)
