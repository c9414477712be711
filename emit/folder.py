"""A dataset folder: written aside, then moved into place whole."""

from __future__ import annotations

import glob
import hashlib
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Both stand in every folder that we wrote.
MARKS = ("datapackage.json", "run.json")


def ours(folder: Path) -> bool:
    """Whether a folder is a dataset that we wrote."""
    return all((folder / mark).is_file() for mark in MARKS)


def check(folder: Path, names: frozenset[str]) -> None:
    """That `folder` may be written: new, empty, or a dataset of ours with nothing but our files.

    Raises FileExistsError where writing would destroy what we did not write.
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        raise FileExistsError(f"{folder}: is a file; name a folder for the datasets")
    found = {path.name for path in folder.iterdir()}
    if found and not ours(folder):
        raise FileExistsError(
            f"{folder}: holds files and is not a dataset folder of ours; name another or an empty one"
        )
    if found - names:
        others = ", ".join(sorted(found - names)[:3])
        raise FileExistsError(
            f"{folder}: beside our dataset it holds {others}; move that, or name another folder"
        )


def stamp(folder: Path) -> str:
    """64 hex digits that change when a file of a dataset folder is written, added or taken away.

    "" where there is no dataset of ours.
    """
    if not ours(folder):
        return ""
    told = [(path.name, path.stat()) for path in sorted(folder.iterdir())]
    text = repr([(name, found.st_size, found.st_mtime_ns) for name, found in told])
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()


def recover(folder: Path) -> None:
    """Clear away what a run left that was killed while it wrote `folder`; nobody else may be writing it.

    Killed between the two renames of a swap, it left the old dataset aside: that comes back.
    """
    target = folder.resolve()
    for old in sorted(target.parent.glob(f".{glob.escape(target.name)}.*.old")):
        if target.exists():
            shutil.rmtree(old, ignore_errors=True)
        else:
            old.rename(target)
    for partial in target.parent.glob(f".{glob.escape(target.name)}.*.partial"):
        shutil.rmtree(partial, ignore_errors=True)


@contextmanager
def replacing(folder: Path, names: frozenset[str]) -> Iterator[Path]:
    """A new folder beside `folder` that takes its place when all went well, and else disappears.

    The old dataset stays until the new one is whole. Only `names` are ever replaced.
    """
    target = folder.resolve()
    check(target, names)
    target.parent.mkdir(parents=True, exist_ok=True)
    token = uuid.uuid4().hex[:12]
    fresh = target.parent / f".{target.name}.{token}.partial"
    fresh.mkdir()
    try:
        yield fresh
        check(target, names)  # again: a run may take hours
        _swap(fresh, target, target.parent / f".{target.name}.{token}.old")
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _swap(fresh: Path, target: Path, old: Path) -> None:
    """`fresh` to `target`. A folder cannot be renamed over a full one, so the old one steps aside first."""
    try:
        if target.exists():
            target.rename(old)
        fresh.rename(target)
    finally:
        if old.exists() and not target.exists():
            old.rename(target)
    shutil.rmtree(old, ignore_errors=True)
