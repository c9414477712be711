"""A dataset folder: written aside, then moved into place whole."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import uuid
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from glob import escape as glob_escape
from pathlib import Path

from gongkai.correct.ledger import append, locked, read
from gongkai.correct.review_mark import marks_file
from gongkai.correct.review_mark import read as read_marks
from gongkai.model import CORRECTIONS, PEOPLES_FILES

# Both stand in every folder that we wrote.
MARKS = ("datapackage.json", "run.json")


def is_dataset(folder: Path, marks: Iterable[str] = MARKS) -> bool:
    """Whether a folder is a dataset that we wrote, or what else has these `marks`."""
    return all((folder / mark).is_file() for mark in marks)


def recover(folder: Path, marks: Iterable[str] = MARKS) -> None:
    """Put back the dataset that a run had moved aside when it was killed between two renames.

    Nothing is done where `folder` is there. What people wrote lies in the old one alone.
    """
    target = folder.resolve()
    if target.exists():
        return
    aside = [p for p in target.parent.glob(f".{glob_escape(target.name)}.*.old") if is_dataset(p, marks)]
    if aside:
        max(aside, key=lambda p: (p.stat().st_mtime_ns, p.name)).rename(target)


def check_folder(folder: Path, names: frozenset[str], marks: Iterable[str] = MARKS) -> None:
    """That `folder` may be written: new, empty, or a dataset of ours with nothing but our files.

    A file that people wrote alone is as good as empty: it is carried over. Raises FileExistsError where writing would destroy what we did not write.
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        raise FileExistsError(f"{folder}: is a file; name a folder for the datasets")
    found = {path.name for path in folder.iterdir()}
    if found - set(PEOPLES_FILES) and not is_dataset(folder, marks):
        raise FileExistsError(
            f"{folder}: holds files and is not a folder that we wrote; name another or an empty one"
        )
    if found - names:
        others = ", ".join(sorted(found - names)[:3])
        raise FileExistsError(
            f"{folder}: beside our own files it holds {others}; move that, or name another folder"
        )


def stamp(folder: Path, names: Iterable[str]) -> str:
    """64 hex digits that change when one of these files of a dataset folder is written or taken away.

    "" where the folder is no dataset of ours, or lacks one.
    """
    paths = [folder / name for name in sorted(names)]
    if not is_dataset(folder) or not all(path.is_file() for path in paths):
        return ""
    states = [(path.name, path.stat()) for path in paths]
    text = repr([(name, found.st_size, found.st_mtime_ns) for name, found in states])
    return hashlib.sha256(text.encode()).hexdigest()


def clear_leftovers(folder: Path) -> None:
    """Clear away what a run left that was killed while it wrote `folder`; nobody else may be writing it.

    Killed between the two renames of a swap, it left the old dataset aside: that comes back.
    """
    recover(folder)
    target = folder.resolve()
    for old in sorted(target.parent.glob(f".{glob_escape(target.name)}.*.old")):
        for name in PEOPLES_FILES:
            rescue(old / name, target / name)
        shutil.rmtree(old, ignore_errors=True)
    for partial in target.parent.glob(f".{glob_escape(target.name)}.*.partial"):
        shutil.rmtree(partial, ignore_errors=True)


@contextmanager
def replace_folder(folder: Path, names: frozenset[str], marks: Iterable[str] = MARKS) -> Iterator[Path]:
    """A new folder beside `folder` that takes its place when all went well, and else disappears.

    The old dataset stays until the new one is whole. Only `names` are ever replaced. The files
    that people write go over to the new one as they stand at the end.
    """
    recover(folder, marks)
    target = folder.resolve()
    check_folder(target, names, marks)
    target.parent.mkdir(parents=True, exist_ok=True)
    token = uuid.uuid4().hex[:12]
    fresh = target.parent / f".{target.name}.{token}.partial"
    fresh.mkdir()
    try:
        yield fresh
        check_folder(target, names, marks)  # again: a run may take hours
        old = target.parent / f".{target.name}.{token}.old"
        with ExitStack() as stack:
            carried = [stack.enter_context(_carry(target / n, fresh / n)) for n in PEOPLES_FILES]
            _swap(fresh, target, old)
        for name, copied in zip(PEOPLES_FILES, carried, strict=True):
            if not copied:
                rescue(old / name, target / name)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


@contextmanager
def _carry(old: Path, new: Path) -> Iterator[bool]:
    """A file that people write in both folders while they change places; gives whether it is a copy.

    A hard link: it is one file under two names, so a line that somebody appends meanwhile is in
    both. Where there are no hard links, a copy, and writers wait until it is in its place (not on
    Windows, where a line of that moment may be lost; NTFS has hard links).
    """
    if not old.exists():
        yield False
        return
    try:
        os.link(old, new)
    except OSError:
        if sys.platform == "win32":  # a folder with an open file in it cannot be renamed there
            shutil.copy2(old, new)
            yield True
        else:
            with locked(old, create=False):
                shutil.copy2(old, new)
                yield True
        return
    yield False


def _swap(fresh: Path, target: Path, old: Path) -> None:
    """`fresh` to `target`. A folder cannot be renamed over a full one, so the old one steps aside first."""
    try:
        if target.exists():
            target.rename(old)
        fresh.rename(target)
    finally:
        if old.exists() and not target.exists():
            old.rename(target)


def rescue(old: Path, new: Path) -> None:
    """Take over a file that people began to write in the old folder in its last moment."""
    if not old.exists() or (new.exists() and os.path.samefile(old, new)):
        return
    with locked(old, create=False):
        if not new.exists():
            old.rename(new)
        elif old.name == CORRECTIONS:
            append(new, read(old))
        else:
            marks_file(new).append(read_marks(old))
