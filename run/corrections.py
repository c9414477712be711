"""A file of corrections → what replays them on Reports: the ledger, the forms and the sums put together."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from gongkai import correct
from gongkai.audit import audit
from gongkai.model import Correction
from gongkai.normalize import templates


def read(path: Path) -> tuple[Correction, ...]:
    """The corrections in a file, oldest first.

    Raises OSError where it cannot be opened, BadCorrection where it holds something else, or a
    number that its box cannot hold.
    """
    slots = {".".join(f.address): f for form in templates() for t in form.tables for f in t.fields}

    def refuses(field: str, value: Decimal) -> str | None:
        slot = slots.get(field)  # a place's own line is in no form: what it may hold is not known
        return None if slot is None else slot.refuses(value)

    return correct.read(path, refuses)


def replay(corrections: Sequence[Correction]) -> correct.Replay:
    """A function that applies corrections to Reports."""
    return correct.Replay(corrections, lambda report: audit(report, templates())[0])
