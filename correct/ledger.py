"""The file of corrections: Corrections to its lines and back. Lines are appended and never changed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import cast, get_args

from gongkai.correct.appended_file import AppendedFile, csv_line, parse_rows
from gongkai.correct.appended_file import locked as locked
from gongkai.model import BadCorrection, Correction, ReportField, Verdict, guard, unguard

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

_SHA256 = re.compile(r"[0-9a-f]{64}")
_FIELD = re.compile(r"[a-z0-9_]+\.[a-z0-9_]+\.[a-z0-9_]+")
#: how a text of a report as a whole is written, where that is fixed, and an example
_WRITTEN: dict[str, tuple[re.Pattern[str], str]] = {
    "year": (re.compile(r"(?:19|20)\d\d"), "2023"),
    "published": (re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"), "2024-01-31"),
    "division_code": (re.compile(r"\d{6}|\d{9}"), "341824"),
    "body_id": (re.compile(r"\S+"), "341824/财政局"),
    "template": (re.compile(r"\d{4}"), "2021"),
}
_NUMBER = re.compile(r"-?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")


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
    result: list[Correction] = []
    for cells, where in parse_rows(data, name, COLUMNS):
        said = _correction(cells, where)
        _held_by_its_box(said, where, refuses)
        result.append(said)
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
    kind = cast(Verdict, verdict)  # `_wrong` has looked at it
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
    kind = cast(Verdict, verdict)  # `_wrong` has looked at it
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
    if said.verdict != "corrected" or said.new is None:
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
    return csv_line(cells)


def _text(value: Decimal | None) -> str:
    return "" if value is None else format(value, "f")


def append(path: Path, corrections: Sequence[Correction]) -> None:
    """Append corrections to a file, which is made where there is none. They are on the disk when this returns.

    Any number of processes may do so at once. Raises BadCorrection, and writes nothing, where the file
    holds a line that is none.
    """
    corrections_file(path).append(corrections)


def corrections_file(path: Path, refuses: Refuses = _takes_all) -> AppendedFile[Correction]:
    """A file of corrections that stays open to lines of others; see `read`."""

    def take(cells: Sequence[str], where: str) -> Correction:
        said = _correction(cells, where)
        _held_by_its_box(said, where, refuses)
        return said

    return AppendedFile(path, COLUMNS, take, line)
