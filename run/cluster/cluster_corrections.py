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
from gongkai.correct.review_mark import parse as parse_marks
from gongkai.model import CORRECTIONS, REVIEW_MARKS, Correction
from gongkai.run.cluster.cluster_inputs import file_system
from gongkai.run.corrections import parse, with_places

#: path and SHA-256 of a document
Source = tuple[str, str]


def load(fs: Any, top: str, named: Path | None) -> tuple[bytes, bytes, tuple[Correction, ...]]:
    """The bytes of a file of corrections, those of the marks beside it, and what both say: the named one, or else that
    of the dataset folder, if it has one.

    Raises OSError where one cannot be opened, BadCorrection.
    """
    own, marks = f"{top}/{CORRECTIONS}", b""
    if named is not None:
        data, beside = named.read_bytes(), named.with_name(REVIEW_MARKS)
        if beside.exists():
            marks = beside.read_bytes()
    elif fs.exists(own):
        data, kept = fs.cat_file(own), f"{top}/{REVIEW_MARKS}"
        if fs.exists(kept):
            marks = fs.cat_file(kept)
    else:
        return b"", b"", ()
    return data, marks, _both(data, marks, str(named or own))


@lru_cache(maxsize=2)
def fetch(address: str, marks: str) -> tuple[Correction, ...]:
    """The corrections at an address that the host that asks has written, with the marks at another; none for "".

    Their number is in no message.
    """
    if not address:
        return ()
    fs, path = file_system(address)
    pointed = fs.cat_file(file_system(marks)[1]) if marks else b""
    return _both(fs.cat_file(path), pointed, address)


def _both(data: bytes, marks: bytes, name: str) -> tuple[Correction, ...]:
    return with_places(parse(data, name), parse_marks(marks, f"{REVIEW_MARKS} beside {name}"))


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
