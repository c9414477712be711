"""Parts of datasets to files: one writer a format. It holds an open file and at most one batch of lines."""

from __future__ import annotations

import ctypes
import io
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from gongkai.emit import libraries as lib
from gongkai.emit.schema import Column, Dataset
from gongkai.emit.write.csv_chunk import CsvChunk, line_writer, print_chunk
from gongkai.emit.write.rows import Row

# A batch of Parquet is written at this many rows or characters of long text, whichever comes
# first: it bounds the memory (8,192 rows of facts are some 2.5 MiB of text), and readers want
# batches of more than a few thousand rows.
BATCH_ROWS = 8_192
BATCH_CHARACTERS = 400_000

# Batches wait, as Arrow has them, until a row group is worth its entry in the file's footer, which
# is held in memory until the end: some 24 KiB of it for a group of facts. Groups end after so many
# reports, in all datasets after the same ones: each at its own size, they would be largest together
# now and then, the more often the longer a run. One too small to be worth it goes on, not for ever.
GROUP_REPORTS, MOST_REPORTS = 256, 2_048
GROUP_BYTES, MOST_BYTES = 2 * 1024**2, 16 * 1024**2

# `part.unguard` for RE2, which Arrow has.
_GUARD = "^'('*[=+\\-@\\t\\r\\n＝＋－＠])"


class Writer(Protocol):
    """What a format must offer."""

    suffix: str

    def __init__(self, dataset: Dataset, path: Path) -> None: ...
    def write(self, chunk: CsvChunk) -> None: ...
    def close(self) -> None: ...


class CsvWriter:
    """CSV for everyone: UTF-8 with a byte order mark, so that Excel reads Chinese."""

    suffix = ".csv"

    def __init__(self, dataset: Dataset, path: Path) -> None:
        head = io.StringIO(newline="")
        line_writer(head).writerow(dataset.names)
        self._file = path.open("wb")
        self._file.write(head.getvalue().encode("utf-8-sig"))

    def write(self, chunk: CsvChunk) -> None:
        self._file.write(chunk.text)

    def close(self) -> None:
        self._file.close()


class ParquetWriter:
    """Parquet with real types, in batches, from the text of the CSV file.

    A decimal is a float64 here: pandas, R, Stata and DuckDB calculate with it as it comes,
    while decimal128 turns into Python objects in pandas and is converted by R. Numbers of up
    to 15 digits come back as printed; the CSV file is exact whatever their length.
    """

    suffix = ".parquet"

    def __init__(self, dataset: Dataset, path: Path, dropped: frozenset[str] = frozenset()) -> None:
        """`dropped` are columns of the dataset that the file has not."""
        _frugal()
        self._columns = tuple(c for c in dataset.columns if c.name not in dropped)
        self._text, self._schema = schema(dataset.columns), schema(self._columns)
        self._writer = lib.pq.ParquetWriter(
            path, self._schema, compression="zstd", compression_level=3, version="2.6"
        )
        # an empty text from its buffers: `pa.scalar` would load pandas, a third of a second and 40 MiB
        buffers = [None, lib.pa.py_buffer(bytes(8)), lib.pa.py_buffer(b"")]
        self._empty = lib.pa.Array.from_buffers(lib.pa.string(), 1, buffers)[0]
        self._texts: list[bytes] = []
        self._empties: dict[str, list[int]] = {}
        self._lines = self._characters = 0
        self._group: list[Any] = []
        self._reports = 0

    def write(self, chunk: CsvChunk) -> None:
        for name, lines in chunk.empties.items():
            self._empties.setdefault(name, []).extend(self._lines + n for n in lines)
        self._texts.append(chunk.text)
        self._lines += chunk.lines
        self._characters += chunk.characters
        self._reports += 1
        if self._lines >= BATCH_ROWS or self._characters >= BATCH_CHARACTERS:
            self._flush()
        if self._reports % GROUP_REPORTS == 0:
            self._flush()
            if self._waiting() >= GROUP_BYTES or self._reports >= MOST_REPORTS:
                self._end_group()

    def close(self) -> None:
        self._flush()
        self._end_group()
        self._writer.close()

    def _flush(self) -> None:
        if not self._lines:
            return
        self._group.append(self._table())
        if self._waiting() >= MOST_BYTES:
            self._end_group()
        _trim()

    def _waiting(self) -> int:
        """Bytes of the batches of this group."""
        return sum(t.nbytes for t in self._group)

    def _table(self) -> Any:
        """The lines that wait, as Arrow has them."""
        text = b"".join(self._texts)
        self._texts.clear()
        table = _parsed(text, self._text)
        if table.num_rows != self._lines:
            raise AssertionError(f"{table.num_rows} lines in the text of {self._lines}")
        guarded = b"'" in text
        arrays = [self._array(table[c.name], c, guarded) for c in self._columns]
        self._empties.clear()
        self._lines = self._characters = 0
        return lib.pa.Table.from_arrays(arrays, schema=self._schema)

    def _end_group(self) -> None:
        """Write what waits as one row group."""
        if self._group:
            table = lib.pa.concat_tables(self._group)
            self._group.clear()
            self._reports = 0
            self._writer.write_table(table, row_group_size=table.num_rows)

    def _array(self, values: Any, column: Column, guarded: bool) -> Any:
        """A column as one array, with what the text could not say. `guarded`: some text may begin with an apostrophe."""
        if guarded and column.kind == "text" and lib.pc.any(lib.pc.starts_with(values, "'")).as_py():
            values = lib.pc.replace_substring_regex(
                values, pattern=_GUARD, replacement=r"\1", max_replacements=1
            )
        if column.kind in ("text", "id") and not column.empty:
            if values.null_count:
                values = lib.pc.coalesce(values, self._empty)
        elif column.name in self._empties:
            values = lib.pc.if_else(
                _mask(self._empties[column.name], len(values)), self._empty, values.combine_chunks()
            )
        return values if isinstance(values, lib.pa.Array) else values.combine_chunks()


def _mask(lines: Sequence[int], length: int) -> Any:
    """A column of truths, true in these lines; from its bits, because `pa.array` would load pandas."""
    bits = bytearray(-(-length // 8))
    for line in lines:
        bits[line // 8] |= 1 << line % 8
    return lib.pa.Array.from_buffers(lib.pa.bool_(), length, [None, lib.pa.py_buffer(bytes(bits))])


# From glibc's malloc.h: what is larger comes from the system and goes back to it.
_MMAP_THRESHOLD, _LARGE = -3, 128 * 1024


@cache
def _frugal() -> None:
    """Memory of a batch goes back to the system at once: kept, it is a quarter of a run's memory and grows with it.

    By itself glibc keeps ever larger pieces for the next time, and between them small ones stay.
    """
    tune = _libc("mallopt")
    if tune is not None and tune(_MMAP_THRESHOLD, _LARGE):
        lib.pa.set_memory_pool(lib.pa.system_memory_pool())
    elif "jemalloc" in lib.pa.supported_memory_backends():  # not on every system
        lib.pa.set_memory_pool(lib.pa.jemalloc_memory_pool())
        lib.pa.jemalloc_set_decay_ms(0)


def _trim() -> None:
    """What lies free between pieces in use goes back too: after hours it is as much as they are."""
    trim = _libc("malloc_trim")
    if trim is not None:
        trim(0)


@cache
def _libc(name: str) -> Callable[..., int] | None:
    """A function of glibc; None elsewhere."""
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None


def schema(columns: Sequence[Column]) -> Any:
    """Columns of a dataset with Arrow's types."""
    types = {
        "text": lib.pa.string(),
        "id": lib.pa.string(),
        "integer": lib.pa.int64(),
        "decimal": lib.pa.float64(),
        "number": lib.pa.float64(),
        "boolean": lib.pa.bool_(),
    }
    return lib.pa.schema([lib.pa.field(c.name, types[c.kind], nullable=c.empty) for c in columns])


def _parsed(text: bytes, schema: Any) -> Any:
    """CSV text without a header as a table; an empty text is no value. Arrow does it, not Python."""
    return lib.pa_csv.read_csv(
        lib.pa.BufferReader(text),
        # one block: lines are not to be cut; one thread: the others read documents
        read_options=lib.pa_csv.ReadOptions(
            column_names=schema.names, use_threads=False, block_size=len(text) + 1, encoding="utf8"
        ),
        parse_options=lib.pa_csv.ParseOptions(newlines_in_values=True),
        convert_options=lib.pa_csv.ConvertOptions(
            column_types=schema,
            null_values=[""],
            true_values=["true"],
            false_values=["false"],
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
        ),
    )


WRITERS: tuple[type[Writer], ...] = (CsvWriter, ParquetWriter)


@contextmanager
def open_writers(
    datasets: Iterable[Dataset], folder: Path
) -> Iterator[Callable[[str, Sequence[Row] | CsvChunk], None]]:
    """New files for some datasets in every format: give it a dataset's name and its next lines."""
    with ExitStack() as stack:
        known = {d.name: d for d in datasets}
        files = {
            name: [stack.enter_context(closing(w(d, folder / f"{name}{w.suffix}"))) for w in WRITERS]
            for name, d in known.items()
        }

        def put(name: str, lines: Sequence[Row] | CsvChunk) -> None:
            if not isinstance(lines, CsvChunk):
                if not lines:
                    return
                lines = print_chunk(known[name], lines)
            for file in files[name]:
                file.write(lines)

        yield put
