"""Corrections that people wrote into published versions → the ledger that every night replays."""

from __future__ import annotations

from pathlib import Path

from gongkai.model import CORRECTIONS, Correction
from gongkai.nightly.handover import Handover
from gongkai.run import corrections
from gongkai.run.dataset_files import append


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


def copy_ledger(ledger: Path, dataset: Path) -> None:
    """Copy the ledger to the file of corrections of a dataset folder, which a run replays."""
    own = dataset / CORRECTIONS
    if ledger.exists():
        dataset.mkdir(parents=True, exist_ok=True)
        half = dataset.parent / f".{CORRECTIONS}.half"
        half.write_bytes(ledger.read_bytes())
        half.replace(own)
    elif own.exists():
        own.unlink()


def _read(path: Path) -> tuple[Correction, ...]:
    return corrections.read(path) if path.exists() else ()
