"""The file of corrections: Corrections to its lines and back. Lines are appended and never changed."""

from __future__ import annotations

import csv
import io
import os
import re
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from decimal import Decimal
from pathlib import Path
from typing import Literal, get_args

from gongkai.model import BadCorrection, Correction, ReportField, Verdict, guard, unguard

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

COLUMNS = (
    "sha256",
    "report",
    "source_file",
    "field",
    "verdict",
    "printed",
    "old",
    "new",
    "who",
    "when",
    "why",
)

#: what stands in `new` where the box holds no number, or a report has no body, year or title
BLANK = "blank"

#: characters of a box's text that are kept: it is there to be recognised, and a CSV reader has a limit
LONGEST = 2_000

_BOM = b"\xef\xbb\xbf"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FIELD = re.compile(r"[a-z0-9_]+\.[a-z0-9_]+\.[a-z0-9_]+")
#: how a text of a report as a whole is written, where that is fixed, and an example
_WRITTEN: dict[str, tuple[re.Pattern[str], str]] = {
    "year": (re.compile(r"(?:19|20)\d\d"), "2023"),
    "published": (re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"), "2024-01-31"),
    "division_code": (re.compile(r"\d{6}|\d{9}"), "341824"),
    "body_id": (re.compile(r"\S+"), "341824/财政局"),
}
_NUMBER = re.compile(r"-?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")

#: seconds between two tries where the system has no way to wait
_PAUSE = 0.02
#: tries until a folder that is not there is taken for missing: a run replaces it in two steps
_TRIES = 100


def number(text: str) -> Decimal | None:
    """A number as a person types it, full-width digits and thousands separators read through.

    >>> number("１,234"), number("减3")
    (Decimal('1234'), None)
    """
    folded = unicodedata.normalize("NFKC", text).strip().replace("−", "-")
    return Decimal(folded.replace(",", "")) if _NUMBER.fullmatch(folded) else None


#: why a box of a field ("table.row.column") cannot hold a number, None where it can
Refuses = Callable[[str, Decimal], str | None]


def _takes_all(_field: str, _value: Decimal) -> None:
    """Any number in any box."""


def read(path: Path, refuses: Refuses = _takes_all) -> tuple[Correction, ...]:
    """Every correction in a file, oldest first; none where the file is empty.

    Raises BadCorrection for a line that is none, or gives a box what it `refuses`; OSError where the
    file cannot be opened.
    """
    return parse(path.read_bytes(), str(path), refuses)


def parse(data: bytes, name: str, refuses: Refuses = _takes_all) -> tuple[Correction, ...]:
    """The corrections in the bytes of a file. Raises BadCorrection, with `name` in front."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadCorrection(f"{name}: line {line}: not UTF-8; save it as “CSV UTF-8”") from error
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    result: list[Correction] = []
    first = 1
    try:
        for cells in lines:
            if first == 1 and tuple(cells) != COLUMNS:
                raise BadCorrection(f"{name}: line 1: the columns are not {','.join(COLUMNS)}")
            if first > 1 and any(cells):
                said = _correction(cells, f"{name}: line {first}")
                _held_by_its_box(said, f"{name}: line {first}", refuses)
                result.append(said)
            first = lines.line_num + 1
    except csv.Error as error:
        raise BadCorrection(f"{name}: line {first}: {error}; is the line cut off?") from error
    return tuple(result)


def _correction(cells: Sequence[str], where: str) -> Correction:
    """One line. `where` goes in front of what is wrong with it."""
    if len(cells) != len(COLUMNS):
        raise BadCorrection(f"{where}: {len(cells)} cells, {len(COLUMNS)} are due; is the line cut off?")
    sha256, report, file, field, verdict, printed, old, new, who, when, why = map(unguard, cells)
    wrong = _wrong(sha256, report, field, verdict, who)
    if wrong is not None:
        raise BadCorrection(f"{where}: {wrong}")
    if field in get_args(ReportField):
        return _report_correction(tuple(map(unguard, cells)), where)
    values = []
    for column, text in (("old", old), ("new", new)):
        value = Decimal(0) if text == BLANK else number(text)
        if value is None and text.strip():
            raise BadCorrection(f"{where}: {column} is {text!r}, which is no number")
        values.append(value)
    if verdict == "corrected" and values[1] is None:
        raise BadCorrection(f"{where}: corrected, and new is empty")
    kind: Verdict = "corrected" if verdict == "corrected" else "as_printed"
    return Correction(
        sha256, int(report), file, field, kind, printed, values[0], values[1], new == BLANK, who, when, why
    )


def _report_correction(cells: Sequence[str], where: str) -> Correction:
    """A line about the report as a whole: `new` is a text."""
    sha256, report, file, field, verdict, printed, _, new, who, when, why = cells
    text = "" if new == BLANK else new
    wrong = refuse_text(field, text) if verdict == "corrected" else None
    if not new and verdict == "corrected":
        wrong = f"new is empty; `{BLANK}` says that there is none"
    if wrong is not None:
        raise BadCorrection(f"{where}: {field}: {wrong}")
    kind: Verdict = "corrected" if verdict == "corrected" else "as_printed"
    return Correction(
        sha256, int(report), file, field, kind, printed, None, None, False, who, when, why, text
    )


def refuse_text(field: str, text: str) -> str | None:
    """Why a text cannot stand in a column of a report, None where it can; an empty one says that there is nothing.

    >>> refuse_text("year", "2023"), refuse_text("published", "31.1.2024")
    (None, "'31.1.2024' is not written like 2024-01-31")
    """
    if text != " ".join(text.split()) or len(text) > LONGEST:
        return "is no text of one line"
    if not text or field not in _WRITTEN:
        return None
    pattern, example = _WRITTEN[field]
    return None if pattern.fullmatch(text) else f"{text!r} is not written like {example}"


def _held_by_its_box(said: Correction, where: str, refuses: Refuses) -> None:
    """Raises BadCorrection where the new number is none that its box can hold. A confirmation says what is printed."""
    if said.verdict == "as_printed" or said.new is None:
        return
    why = refuses(said.field, said.new)
    if why is not None:
        raise BadCorrection(f"{where}: {said.field}: {_text(said.new)} {why}; mend or delete the line")


def _wrong(sha256: str, report: str, field: str, verdict: str, who: str) -> str | None:
    """What is wrong with the cells that tell which value and whose word, None where nothing is."""
    if not _SHA256.fullmatch(sha256):
        return f"sha256 is {sha256!r}; 64 hex digits are due"
    if not (report.isascii() and report.isdigit() and int(report) > 0):
        return f"report is {report!r}; 1 is the first report of its file"
    if not _FIELD.fullmatch(field) and field not in get_args(ReportField):
        return f"field is {field!r}; table.row.column is due, or {', '.join(get_args(ReportField))}"
    if verdict not in get_args(Verdict):
        return f"verdict is {verdict!r}; {' or '.join(get_args(Verdict))} is due"
    if not who.strip():
        return "who is empty"
    return None


def line(correction: Correction) -> str:
    """A correction as the file has it, its line end included; what a spreadsheet would calculate is guarded."""
    old, new = _text(correction.old), BLANK if correction.blank else _text(correction.new)
    if correction.text is not None:
        old, new = guard(correction.printed[:LONGEST]), guard(correction.text) or BLANK
    cells = (
        correction.sha256,
        str(correction.report),
        guard(correction.source_file),
        correction.field,
        correction.verdict,
        guard(correction.printed[:LONGEST]),
        old,
        new,
        guard(" ".join(correction.who.split())),
        guard(correction.when),
        guard(" ".join(correction.why.split())),
    )
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


def _text(value: Decimal | None) -> str:
    return "" if value is None else format(value, "f")


def append(path: Path, corrections: Sequence[Correction]) -> None:
    """Append corrections to a file, which is made where there is none. They are on the disk when this returns.

    Any number of processes may do so at once. Raises BadCorrection, and writes nothing, where the file
    holds a line that is none.
    """
    with locked(path, create=True) as descriptor:
        held = _held(descriptor)
        parse(held, str(path))
        text = "".join(map(line, corrections)).encode("utf-8", "replace")
        if not held:
            text = _BOM + (",".join(COLUMNS) + "\r\n").encode() + text
        elif not held.endswith(b"\n"):
            text = b"\r\n" + text
        _write(descriptor, text)


def _held(descriptor: int) -> bytes:
    """All that a file holds."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    with os.fdopen(os.dup(descriptor), "rb") as file:
        return file.read()


def _write(descriptor: int, data: bytes) -> None:
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
