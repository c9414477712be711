"""What people wrote into published versions → the ledger of corrections that every night replays, and the marks of their review."""

from __future__ import annotations

from pathlib import Path

from gongkai.model import CORRECTIONS, REVIEW_MARKS, Correction
from gongkai.nightly.handover import Handover
from gongkai.run import corrections
from gongkai.run.dataset_files import append, marks_file, read_marks


def collect(version: Path, ledger: Path, note: Handover) -> int:
    """Copy corrections that were appended to a version since it was published into the ledger; their number.

    A line that the ledger has already is left out. Raises BadCorrection where a file holds
    something else, OSError where it cannot be read or written.
    """
    said = _read(version / CORRECTIONS)
    taken: dict[str, int] = note.get("gathered") or {}
    known = frozenset(_read(ledger))
    fresh = [line for line in said[taken.get(version.name, 0) :] if line not in known]
    if fresh:
        ledger.parent.mkdir(parents=True, exist_ok=True)
        append(ledger, fresh)
    if taken.get(version.name, 0) != len(said):
        note.put(gathered=taken | {version.name: len(said)})
    return len(fresh)


def mark_published(version: str, corrections: Path, note: Handover) -> None:
    """Record how many corrections a version has when it is published: they came from the ledger."""
    note.put(gathered=(note.get("gathered") or {}) | {version: len(_read(corrections))})


def forget(version: str, note: Handover) -> None:
    """Remove the record of a version that was removed."""
    note.put(gathered={k: v for k, v in (note.get("gathered") or {}).items() if k != version})


def copy_kept(kept: Path, own: Path) -> None:
    """Copy a kept file of what people say to its place in a dataset folder: a run replays corrections, and carries marks."""
    if kept.exists():
        own.parent.mkdir(parents=True, exist_ok=True)
        half = own.parent.parent / f".{own.name}.half"
        half.write_bytes(kept.read_bytes())
        half.replace(own)
    elif own.exists():
        own.unlink()


def collect_marks(version: Path, kept: Path) -> None:
    """Copy the marks of a version (seen, done, question) that are not in the kept file yet into it.

    Raises BadCorrection where a file holds something else, OSError where it cannot be read or written.
    """
    path = version / REVIEW_MARKS
    said = read_marks(path) if path.exists() else ()
    known = frozenset(read_marks(kept)) if kept.exists() else frozenset()
    fresh = [mark for mark in said if mark not in known]
    if fresh:
        marks_file(kept).append(fresh)


def _read(path: Path) -> tuple[Correction, ...]:
    return corrections.read(path) if path.exists() else ()
