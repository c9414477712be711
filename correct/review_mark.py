"""The file of marks: what reviewers say of a report that is no correction, one line each, appended and never changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import cast, get_args

from gongkai.correct.appended_file import AppendedFile, csv_line, parse_rows
from gongkai.model import BadCorrection, BBox, MarkKind, ReviewMark, guard, unguard

COLUMNS = ("sha256", "report", "source_file", "mark", "field", "note", "page", "x0", "top", "x1", "bottom", "who", "when")  # fmt: skip

#: characters of a note that are kept
LONGEST = 2_000


def marks_file(path: Path) -> AppendedFile[ReviewMark]:
    """A file of marks; a line that is none raises BadCorrection when it is read."""
    return AppendedFile(path, COLUMNS, _take, _line)


def read(path: Path) -> tuple[ReviewMark, ...]:
    """Every mark in a file, oldest first, without its lock. Raises BadCorrection and OSError."""
    return parse(path.read_bytes(), str(path))


def parse(data: bytes, name: str) -> tuple[ReviewMark, ...]:
    """The marks in the bytes of a file, none in no bytes. Raises BadCorrection, with `name` in front."""
    return tuple(_take(cells, where) for cells, where in parse_rows(data, name, COLUMNS)) if data else ()


def taken_back(marks: Iterable[ReviewMark]) -> set[tuple[str, str]]:
    """Who and when of actions on a report that were taken back, and of those that did it: together they change nothing."""
    undone = [m for m in marks if m.mark == "undone"]
    return {(m.who, m.note) for m in undone} | {(m.who, m.when) for m in undone}


def pointed(marks: Sequence[ReviewMark]) -> dict[str, ReviewMark]:
    """field → where a person pointed for it last, of the marks of one report; what was taken back is left out."""
    back = taken_back(marks)
    return {m.field: m for m in marks if m.mark == "place" and (m.who, m.when) not in back}


def _take(cells: Sequence[str], where: str) -> ReviewMark:
    if len(cells) != len(COLUMNS):
        raise BadCorrection(f"{where}: {len(cells)} cells, {len(COLUMNS)} are due; is the line cut off?")
    sha256, report, file, mark, field, note, page, *edges, who, when = map(unguard, cells)
    if mark not in get_args(MarkKind):
        raise BadCorrection(f"{where}: mark is {mark!r}; {', '.join(get_args(MarkKind))} are due")
    if not who.strip():
        raise BadCorrection(f"{where}: who is empty")
    number = _number(report, int, where, "report") or 1
    box = tuple(_number(edge, float, where, "a box") for edge in edges) if all(edges) else None
    kind = cast(MarkKind, mark)
    return ReviewMark(
        sha256,
        number,
        file,
        kind,
        field,
        note,
        _number(page, int, where, "page"),
        cast(BBox | None, box),
        who,
        when,
    )


def _number(text: str, kind: Callable[[str], float], where: str, what: str) -> int | None:
    """The number in a cell, None where it is empty. Raises BadCorrection for anything else."""
    try:
        return cast(int, kind(text)) if text else None
    except ValueError as error:
        raise BadCorrection(f"{where}: {what} is {text!r}, which is no number") from error


def _line(mark: ReviewMark) -> str:
    """A mark as the file has it; what a spreadsheet would calculate is guarded."""
    edges = [""] * 4 if mark.box is None else [f"{x:.6g}" for x in mark.box]
    return csv_line(
        (
            mark.sha256,
            str(mark.report),
            guard(mark.source_file),
            mark.mark,
            guard(mark.field),
            guard(" ".join(mark.note.split())[:LONGEST]),
            "" if mark.page is None else str(mark.page),
            *edges,
            guard(" ".join(mark.who.split())),
            guard(mark.when),
        )
    )
