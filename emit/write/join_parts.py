"""A dataset folder that a cluster wrote in parts → each dataset in one Parquet file beside them, as this machine writes it."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from gongkai.emit import libraries as lib
from gongkai.emit.schema import Dataset, datasets
from gongkai.emit.write.folder import is_dataset
from gongkai.emit.write.partition import FOLDERS, NO_YEAR
from gongkai.emit.write.writer import schema

#: in the metadata of a joined file: of which run's parts it is
_MARK = b"gongkai.parts"
#: Row groups of the joined files have at least so many bytes: a part may be of few reports.
_GROUP_BYTES = 8 * 1024**2

#: the files of one shard in a dataset, by the year in their path, None where there is none
_Files = Mapping[str | None, Path]


def join_parts(folder: Path) -> bool:
    """Join the parts in a dataset folder, unless they are joined already; whether it has any.

    The lines are those that `emit` would have written, in the same order: by source file. In parts by year the order of
    an archive's members, and of inputs of one name, is lost: there it is that of their years. One shard is in memory. Raises OSError where the disk takes no more or a part cannot be read.
    """
    top = next((folder / name for name in FOLDERS.values() if (folder / name / "reports").is_dir()), None)
    if top is None or not is_dataset(folder) or (folder / "reports.csv").is_file():
        return False
    mark = hashlib.sha256((folder / "run.json").read_bytes()).hexdigest().encode()
    if _mark_of(folder / "reports.parquet") == mark:
        return True
    try:
        shards = sorted(_shards(top), key=lambda shard: (shard[0], shard[1]))
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", suffix=".joined", dir=folder) as fresh:
            for dataset in datasets():
                _join(
                    dataset,
                    top,
                    [token for _, token in shards],
                    Path(fresh) / f"{dataset.name}.parquet",
                    mark,
                )
            # the reports last: their mark says that all others are there
            for path in sorted(Path(fresh).iterdir(), key=lambda path: (path.stem == "reports", path.name)):
                os.replace(path, folder / path.name)
    except lib.pa.ArrowInvalid as error:
        raise OSError(
            f"{folder}: a part is damaged ({error}); run `gongkai run` again with --fresh"
        ) from error
    return True


def _mark_of(path: Path) -> bytes | None:
    """The mark of a joined file; None where there is none, or it is damaged."""
    try:
        return (lib.pq.read_schema(path).metadata or {}).get(_MARK)
    except (OSError, lib.pa.ArrowInvalid):
        return None


def _shards(top: Path) -> Iterator[tuple[str, str]]:
    """The first source file of each shard, and the token in the names of its files."""
    first: dict[str, str] = {}
    for path in top.joinpath("reports").rglob("part-*.parquet"):
        with lib.pq.ParquetFile(path) as file:
            for batch in file.iter_batches(1, columns=["source_file"]):
                name, token = batch.column(0)[0].as_py(), _token(path)
                first[token] = min(first.get(token, name), name)
                break
    yield from ((name, token) for token, name in first.items())


def _token(path: Path) -> str:
    return path.stem.removeprefix("part-")


def _files(top: Path, dataset: str) -> dict[str, dict[str | None, Path]]:
    """The files of a dataset by shard and year."""
    found: dict[str, dict[str | None, Path]] = {}
    for path in sorted(top.joinpath(dataset).rglob("part-*.parquet")):
        _, by_year, year = path.parent.name.partition("year=")
        found.setdefault(_token(path), {})[year if by_year else None] = path
    return found


def _join(dataset: Dataset, top: Path, tokens: list[str], to: Path, mark: bytes) -> None:
    """Write all lines of a dataset to one file."""
    files, reports = _files(top, dataset.name), _files(top, "reports")
    whole = schema(dataset.columns).with_metadata({_MARK: mark})
    with closing(
        lib.pq.ParquetWriter(to, whole, compression="zstd", compression_level=3, version="2.6")
    ) as writer:
        group: list[Any] = []
        for token in tokens:
            if token in files:
                group.append(_lines(dataset, files[token], reports[token]))
            if sum(table.nbytes for table in group) >= _GROUP_BYTES:
                _write(writer, group)
        _write(writer, group)


def _write(writer: Any, group: list[Any]) -> None:
    """Write tables as one row group."""
    if group:
        table = lib.pa.concat_tables(group).cast(writer.schema)
        writer.write_table(table, row_group_size=max(1, table.num_rows))
        group.clear()


def _lines(dataset: Dataset, files: _Files, reports: _Files) -> Any:
    """All lines of one shard in a dataset, in the order of its reports."""
    tables = [_of_year(dataset, path, year) for year, path in sorted(files.items(), key=str)]
    table = lib.pa.concat_tables(tables)
    if None in files or len(reports) == 1:
        return table
    order = lib.pa.concat_tables(
        lib.pq.read_table(path, columns=["source_file", "report_id"], partitioning=None)
        for _, path in sorted(reports.items(), key=str)
    )
    inputs = [name.partition("!/")[0] for name in order["source_file"].to_pylist()]
    ids = order["report_id"].to_pylist()
    rank = {ids[at]: n for n, at in enumerate(sorted(range(len(ids)), key=inputs.__getitem__))}
    places = [rank[id] for id in table["report_id"].to_pylist()]
    return table.take(sorted(range(len(places)), key=places.__getitem__))


def _of_year(dataset: Dataset, path: Path, year: str | None) -> Any:
    """A part with all columns of its dataset: the year may be in its path alone."""
    table = lib.pq.read_table(path, partitioning=None)
    if year is not None and "year" in dataset.names:
        value = None if year == NO_YEAR else int(year)
        column = lib.pa.array([value] * table.num_rows, lib.pa.int64())
        table = table.add_column(dataset.names.index("year"), "year", column)
    return table.select(dataset.names).cast(schema(dataset.columns))
