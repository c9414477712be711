"""A Report to what the datasets hold of it, ready to be written: it can be made in one process and written in another."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping

from gongkai.emit.schema import datasets
from gongkai.emit.write.csv_chunk import CsvChunk, print_columns
from gongkai.emit.write.datapackage import VERSION
from gongkai.emit.write.dataset_counts import DatasetCounts
from gongkai.emit.write.rows import columns, report_id
from gongkai.model import Report
from gongkai.record import dataclass


@dataclass(frozen=True, slots=True)
class Rendered:
    """One Report as the lines of the datasets.

    `path` and `sha256` are its source's; `year` its own; `base` is its report_id before it is set
    from other reports of its file, `id` after.
    """

    path: str
    sha256: str
    year: int | None
    base: str
    id: str
    counts: DatasetCounts
    chunks: Mapping[str, CsvChunk]


class Ids:
    """The id of each report, with -2, -3 for the further ones of one file.

    They are kept for one file (or archive) at a time: another has other ids, and there may be millions.
    """

    def __init__(self) -> None:
        self._file, self._given = "", dict[str, int]()

    def unique(self, path: str, base: str) -> str:
        """An id that no other report has, where those of one file come one after the other."""
        file = path.partition("!/")[0]
        if file != self._file:
            self._file, self._given = file, {}
        self._given[base] = self._given.get(base, 0) + 1
        return base if self._given[base] == 1 else f"{base}-{self._given[base]}"


def render(report: Report, ids: Ids) -> Rendered:
    """What the datasets hold of a Report; `ids` has seen those before it in its file."""
    base = report_id(report)
    id = ids.unique(report.source.path, base)
    found = columns(report, id, VERSION)
    parts = {d.name: print_columns(d, [*own.values()]) for d in datasets() if (own := found[d.name])}
    source = report.source
    return Rendered(source.path, source.sha256, report.year, base, id, DatasetCounts.of(report), parts)


def pack_rendered(rendered: Rendered) -> bytes:
    """As bytes: a line of JSON, then the texts."""
    head = {
        "path": rendered.path,
        "sha256": rendered.sha256,
        "year": rendered.year,
        "base": rendered.base,
        "id": rendered.id,
        "tally": rendered.counts.values(),
        "parts": {
            name: [p.lines, p.characters, len(p.text), p.empties] for name, p in rendered.chunks.items()
        },
    }
    texts = (p.text for p in rendered.chunks.values())
    return zlib.compress(b"".join((json.dumps(head).encode(), b"\n", *texts)), 1)


def unpack_rendered(data: bytes) -> Rendered:
    """What `pack_rendered` was given. Raises zlib.error where the bytes are damaged."""
    line, _, texts = zlib.decompress(data).partition(b"\n")
    head = json.loads(line)
    parts, at = {}, 0
    for name, (lines, characters, length, empties) in head["parts"].items():
        parts[name] = CsvChunk(lines, characters, texts[at : at + length], empties)
        at += length
    tally = DatasetCounts(*head["tally"])
    return Rendered(head["path"], head["sha256"], head["year"], head["base"], head["id"], tally, parts)
