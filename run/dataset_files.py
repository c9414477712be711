"""A dataset folder, as `run` wrote it and people correct it: what the commands ask of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gongkai.correct.ledger import append as append
from gongkai.correct.ledger import number as typed
from gongkai.correct.ledger import refuse_text as refuse_text
from gongkai.correct.review_mark import marks_file as marks_file
from gongkai.correct.review_mark import read as read_marks
from gongkai.emit.read.read_rows import lines as lines
from gongkai.emit.read.restore import number_of as number_of
from gongkai.emit.read.restore import over_years as over_years
from gongkai.emit.read.restore import overview as overview
from gongkai.emit.read.restore import restore
from gongkai.model import Report
from gongkai.normalize import templates

__all__ = [
    "append",
    "lines",
    "marks_file",
    "number_of",
    "over_years",
    "overview",
    "read_marks",
    "refuse_text",
    "restored",
    "typed",
]


def restored(folder: Path, only: frozenset[str] | None = None) -> Iterator[tuple[str, Report]]:
    """The Reports of a dataset with their ids, all or `only` some, without sections.

    Raises FileNotFoundError and ValueError where it is no dataset of this version.
    """
    return restore(folder, templates(), only)
