"""A CSV file of what people say: lines are appended under a lock and never changed; those of others are taken in."""

from __future__ import annotations

import csv
import io
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Generic, Literal, TypeVar

from gongkai.model import BadCorrection

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

T = TypeVar("T")

_BOM = b"\xef\xbb\xbf"

#: seconds between two tries where the system has no way to wait
_PAUSE = 0.02
#: tries until a folder that is not there is taken for missing: a run replaces it in two steps
_TRIES = 100
#: bytes before the end of what was read that must be the same for the rest to be read alone
_TAIL = 256


class AppendedFile(Generic[T]):
    """A file whose lines are known, and read on from where it was read last.

    `take` makes one line of its cells and raises BadCorrection, with the place that it is given in front, where
    they are none; `line` is the way back, the line's end included. A file that is not there has no lines.
    """

    def __init__(
        self,
        path: Path,
        columns: tuple[str, ...],
        take: Callable[[Sequence[str], str], T],
        line: Callable[[T], str],
    ) -> None:
        self.path = path
        self._columns, self._take, self._line = columns, take, line
        self._lines: list[T] = []
        self._size, self._file, self._tail, self._rows, self._state = 0, (0, 0), b"", 0, 0

    @property
    def lines(self) -> Sequence[T]:
        """Every line, oldest first, as of the last look."""
        return self._lines

    def refresh(self) -> None:
        """Take in what was appended since the last look, by whomever.

        Raises BadCorrection where a line is none, OSError where the file cannot be read.
        """
        if self.path.exists():
            with locked(self.path, create=False) as descriptor:
                self._read_on(descriptor)
        elif self._size:
            self._forget()

    def append(self, lines: Sequence[T]) -> None:
        """Append lines; the file is made where there is none. They are on the disk when this returns.

        Raises BadCorrection, and writes nothing, where the file holds a line that is none.
        """
        with self.held() as write:
            write(lines)

    @contextmanager
    def held(self) -> Iterator[Callable[[Sequence[T]], None]]:
        """A function that appends, while nobody else can: `lines` has all that the file holds."""
        with locked(self.path, create=True) as descriptor:
            self._read_on(descriptor)

            def write(lines: Sequence[T]) -> None:
                if lines:
                    self._write(descriptor, lines)

            yield write

    def _forget(self) -> None:
        self._lines = []
        self._size, self._tail, self._rows = 0, b"", 0

    def _read_on(self, descriptor: int) -> None:
        """Read what is new; all of it where the file is another one, or was edited."""
        now = os.fstat(descriptor)
        file, state = (now.st_dev, now.st_ino), now.st_mtime_ns
        if (file, now.st_size, state) == (self._file, self._size, self._state):
            return
        if file != self._file or now.st_size <= self._size or not self._goes_on(descriptor):
            self._forget()
        fresh = _read_from(descriptor, self._size)
        columns = self._columns if not self._size else None
        found = [
            self._take(cells, where)
            for cells, where in parse_rows(fresh, str(self.path), columns, self._rows)
        ]
        self._lines = [*self._lines, *found] if found else self._lines
        self._known(file, state, fresh)

    def _known(self, file: tuple[int, int], state: int, fresh: bytes) -> None:
        self._file, self._state = file, state
        self._size += len(fresh)
        self._rows += fresh.count(b"\n")
        self._tail = (self._tail + fresh[-_TAIL:])[-_TAIL:]

    def _goes_on(self, descriptor: int) -> bool:
        """Whether what was read last still stands before the new lines, and ended with a line."""
        if not self._tail.endswith(b"\n"):
            return False
        return _read_from(descriptor, self._size - len(self._tail), len(self._tail)) == self._tail

    def _write(self, descriptor: int, lines: Sequence[T]) -> None:
        text = "".join(map(self._line, lines)).encode("utf-8", "replace")
        if not self._size:
            text = _BOM + csv_line(self._columns).encode() + text
        elif not self._tail.endswith(b"\n"):
            text = b"\r\n" + text
        _write_all(descriptor, text)
        now = os.fstat(descriptor)
        self._lines = [*self._lines, *lines]
        self._known((now.st_dev, now.st_ino), now.st_mtime_ns, text)


def parse_rows(
    data: bytes, name: str, columns: Sequence[str] | None, before: int = 0
) -> Iterator[tuple[list[str], str]]:
    """The lines of a CSV file as cells, each with the file and the line's number for what is wrong with it.

    `columns` is the first line, None for a piece behind it that `before` lines precede. Empty lines are passed over.
    Raises BadCorrection where the text is no UTF-8, the first line another, or a line is cut off.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = before + data[: error.start].count(b"\n") + 1
        raise BadCorrection(f"{name}: line {line}: not UTF-8; save it as “CSV UTF-8”") from error
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    first = before + 1
    try:
        for number, cells in enumerate(rows):
            if number == 0 and columns is not None:
                if tuple(cells) != tuple(columns):
                    raise BadCorrection(f"{name}: line 1: the columns are not {','.join(columns)}")
            elif any(cells):
                yield cells, f"{name}: line {first}"
            first = before + rows.line_num + 1
    except csv.Error as error:
        raise BadCorrection(f"{name}: line {first}: {error}; is the line cut off?") from error


def csv_line(cells: Sequence[str]) -> str:
    """Cells as one line of CSV, its end included."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


def _read_from(descriptor: int, start: int, most: int = -1) -> bytes:
    """What a file holds from a place on."""
    os.lseek(descriptor, start, os.SEEK_SET)
    with os.fdopen(os.dup(descriptor), "rb") as file:
        return file.read(most)


def _write_all(descriptor: int, data: bytes) -> None:
    """All the bytes in one piece; what a full disk takes half of is taken back."""
    size = os.fstat(descriptor).st_size
    try:
        if os.write(descriptor, data) != len(data):
            raise OSError("the disk took only a part of the line")
        os.fsync(descriptor)
    except OSError:
        os.ftruncate(descriptor, size)
        raise


# The lock ------------------------------------------------------------------------------------


@contextmanager
def locked(path: Path, *, create: bool) -> Iterator[int]:
    """A descriptor that appends to `path`, held by nobody else until the end.

    A run may have put another file in its place while we waited; then that one is opened.
    """
    flags = os.O_RDWR | os.O_APPEND | (os.O_CREAT if create else 0) | getattr(os, "O_BINARY", 0)
    while True:
        descriptor = _open(path, flags)
        try:
            _hold(descriptor, "take")
            try:
                if _same(descriptor, path):
                    yield descriptor
                    return
            finally:
                _hold(descriptor, "give")
        finally:
            os.close(descriptor)


def _open(path: Path, flags: int) -> int:
    for _ in range(_TRIES):
        with suppress(FileNotFoundError):
            return os.open(path, flags, 0o666)
        time.sleep(_PAUSE)
    return os.open(path, flags, 0o666)


def _same(descriptor: int, path: Path) -> bool:
    """Whether the file that is open is still the one of that name."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _hold(descriptor: int, what: Literal["take", "give"]) -> None:
    """Take or give back the lock. It is the system's: it ends with the process that holds it."""
    if sys.platform == "win32":
        # A byte far behind the end: what is locked there cannot be read by others.
        os.lseek(descriptor, 1 << 30, os.SEEK_SET)
        while True:
            try:
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK if what == "take" else msvcrt.LK_UNLCK, 1)
                return
            except OSError:
                if what == "give":
                    raise
                time.sleep(_PAUSE)
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX if what == "take" else fcntl.LOCK_UN)
