"""A dataset folder, as `run` wrote it and people correct it: what the commands ask of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pipeline
from emit.ledger import append as append
from emit.ledger import number as typed
from emit.restore import number_of as number_of
from emit.restore import over_years as over_years
from emit.restore import overview as overview
from emit.restore import restore
from emit.walk import lines as lines
from model import Report

__all__ = ["append", "lines", "number_of", "over_years", "overview", "restored", "typed"]


def restored(folder: Path, only: frozenset[str] | None = None) -> Iterator[tuple[str, Report]]:
    """The Reports of a dataset with their ids, all or `only` some, without sections.

    Raises FileNotFoundError and ValueError where it is no dataset of this version.
    """
    return restore(folder, pipeline.templates(), only)
