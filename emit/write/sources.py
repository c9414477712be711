"""Where files were fetched → one more dataset in a folder that a run wrote."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from gongkai.emit.schema import datasets
from gongkai.emit.write.datapackage import datapackage
from gongkai.emit.write.rows import Row, clean
from gongkai.emit.write.writer import WRITERS, open_writers

#: Lines that are given to the writers at once.
BATCH = 4_096


def add_sources(folder: Path, rows: Iterable[Row]) -> None:
    """Write `sources` in the order of `rows` into a dataset folder of ours; datapackage.json lists them."""
    (dataset,) = datasets("nightly")
    suffixes = [writer.suffix for writer in WRITERS]
    with tempfile.TemporaryDirectory(
        prefix=f".{folder.name}.", suffix=".sources", dir=folder.parent
    ) as fresh:
        with open_writers([dataset], Path(fresh)) as put:
            lines = iter(rows)
            while batch := list(islice(lines, BATCH)):
                put(dataset.name, [_clean_texts(line) for line in batch])
        for path in sorted(Path(fresh).iterdir()):
            path.replace(folder / path.name)
        package = Path(fresh) / "datapackage.json"
        package.write_text(datapackage(folder, suffixes), "utf-8", newline="\n")
        package.replace(folder / package.name)


def _clean_texts(line: Row) -> Row:
    """Texts of web pages may hold characters that no file can."""
    return {name: clean(value) if isinstance(value, str) else value for name, value in line.items()}
