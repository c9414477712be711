"""Corrections on a cluster: one file on the shared file system, of which each shard replays those of its own documents."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from gongkai.correct.replay import ReplayCounts
from gongkai.model import CORRECTIONS, Correction
from gongkai.run.cluster.cluster_inputs import file_system
from gongkai.run.corrections import parse

#: path and SHA-256 of a document
Source = tuple[str, str]


def load(fs: Any, top: str, named: Path | None) -> tuple[bytes, tuple[Correction, ...]]:
    """The bytes of a file of corrections and what they say: the named one, or else that of the dataset folder, if it has one.

    Raises OSError where it cannot be opened, BadCorrection.
    """
    own = f"{top}/{CORRECTIONS}"
    if named is not None:
        data = named.read_bytes()
    elif fs.exists(own):
        data = fs.cat_file(own)
    else:
        return b"", ()
    return data, parse(data, str(named or own))


@lru_cache(maxsize=2)
def fetch(address: str) -> tuple[Correction, ...]:
    """The corrections at an address that the host that asks has written; none for "". Their number is in no message."""
    if not address:
        return ()
    fs, path = file_system(address)
    return parse(fs.cat_file(path), address)


def digest(corrections: Iterable[Correction], sources: Iterable[Source]) -> str:
    """64 hex digits of the corrections that concern these documents; "" where none does."""
    known = {key for source in sources for key in source}
    own = [c for c in corrections if c.sha256 in known or c.source_file in known]
    return hashlib.sha256(repr(own).encode()).hexdigest() if own else ""


def count(corrections: Sequence[Correction], notes: Iterable[Mapping[str, Any]]) -> dict[str, object]:
    """What run.json says of the corrections, from the notes of all shards."""
    counts: Counter[str] = Counter()
    met: set[str] = set()
    for note in notes:
        counts.update(note["replayed"])
        met |= {key for source in note["sources"] for key in source}
    unmet = dict.fromkeys(
        (c.source_file, c.sha256) for c in corrections if not {c.sha256, c.source_file} & met
    )
    return {
        "lines": len(corrections),
        **{f.name: counts[f.name] for f in fields(ReplayCounts)},
        "without_document": [f"{file} ({sha256})" for file, sha256 in unmet],
    }
