"""Reports → datasets: a folder of CSV and Parquet files that describes itself.

`emit` writes a dataset folder (`write/`), from the columns that `datasets.toml` declares; `read/` reads one back;
`compare/` finds what changed between two.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gongkai.emit.read.filing import count_outcomes, read_filings
    from gongkai.emit.write.csv_chunk import CsvChunk
    from gongkai.emit.write.datapackage import VERSION, altered_files, codebook, parts_package, run_json
    from gongkai.emit.write.dataset import check_writable, emit, emit_parts, read_counts, stamp
    from gongkai.emit.write.dataset_counts import DatasetCounts
    from gongkai.emit.write.folder import clear_leftovers, is_dataset
    from gongkai.emit.write.join_parts import join_parts
    from gongkai.emit.write.partition import FOLDERS, PartFile
    from gongkai.emit.write.render import Ids, Rendered, pack_rendered, render, unpack_rendered
    from gongkai.emit.write.series_datasets import add_series
    from gongkai.emit.write.sources import add_sources
    from gongkai.emit.write.writer import WRITERS

#: Where the public names stand. A name is imported when it is used: `gongkai show --json` takes the columns
#: of a report from `write/rows.py`, and all the rest would cost it a fifth of its time.
_PLACES = {
    "read.filing": ("count_outcomes", "read_filings"),
    "write.csv_chunk": ("CsvChunk",),
    "write.datapackage": ("VERSION", "altered_files", "codebook", "parts_package", "run_json"),
    "write.dataset": ("check_writable", "emit", "emit_parts", "read_counts", "stamp"),
    "write.dataset_counts": ("DatasetCounts",),
    "write.folder": ("clear_leftovers", "is_dataset"),
    "write.join_parts": ("join_parts",),
    "write.partition": ("FOLDERS", "PartFile"),
    "write.render": ("Ids", "Rendered", "pack_rendered", "render", "unpack_rendered"),
    "write.series_datasets": ("add_series",),
    "write.sources": ("add_sources",),
    "write.writer": ("WRITERS",),
}

__all__ = [
    "FOLDERS",
    "VERSION",
    "WRITERS",
    "CsvChunk",
    "DatasetCounts",
    "Ids",
    "PartFile",
    "Rendered",
    "add_series",
    "add_sources",
    "altered_files",
    "check_writable",
    "clear_leftovers",
    "codebook",
    "count_outcomes",
    "emit",
    "emit_parts",
    "is_dataset",
    "join_parts",
    "pack_rendered",
    "parts_package",
    "read_counts",
    "read_filings",
    "render",
    "run_json",
    "stamp",
    "unpack_rendered",
]


def __getattr__(name: str) -> object:
    """A public name, imported now."""
    for module, names in _PLACES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
