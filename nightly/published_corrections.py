"""Corrections that people wrote into published versions → the ledger that every night replays."""

from __future__ import annotations

from pathlib import Path

from gongkai.model import CORRECTIONS, Correction
from gongkai.nightly.handover import Handover
from gongkai.run import corrections
from gongkai.run.dataset_files import append


def collect(version: Path, ledger: Path, note: Handover) -> int:
    """Take over the lines that were appended to a version since it was published; their number.

    A line that the ledger has is not taken twice. Raises BadCorrection where a file holds
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
    """What a version holds when it is published came from the ledger."""
    note.put(gathered=(note.get("gathered") or {}) | {version: len(_read(corrections))})


def forget(version: str, note: Handover) -> None:
    """A version is gone."""
    note.put(gathered={k: v for k, v in (note.get("gathered") or {}).items() if k != version})


def copy_ledger(ledger: Path, dataset: Path) -> None:
    """The ledger as it is now to the file of corrections of a dataset folder, which a run replays."""
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
