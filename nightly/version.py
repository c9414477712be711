"""Versions of the published dataset: prepared aside, published in one step, the oldest removed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from gongkai.model import CORRECTIONS, PEOPLES_FILES
from gongkai.nightly.handover import Handover

#: files that are equal in equal versions; datapackage.json has the hash of every dataset
_COMPARED = ("datapackage.json", "codebook.md", CORRECTIONS)


class Versions:
    """The folder DATASETS/versions and the link DATASETS/current. The caller has taken the lock."""

    def __init__(self, datasets: Path, note: Handover) -> None:
        self._folder, self._link, self._note = datasets / "versions", datasets / "current", note

    def open(self) -> str | None:
        """Create the folder and remove leftovers; the name of a version that a killed night did not publish.

        Raises FileExistsError where `current` is no link of ours.
        """
        if self._link.exists() and not self._link.is_symlink():
            raise FileExistsError(f"{self._link}: is no link that we made; move it, or name another folder")
        self._folder.mkdir(parents=True, exist_ok=True)
        lost: str | None = self._note.get("switching")
        if lost is not None:
            if lost == self.current:
                lost = None
            elif (self._folder / lost).exists():
                self._remove(self._folder / lost)
            self._note.put(switching=None)
        for path in self._folder.glob(".*"):  # partly written, or partly removed
            shutil.rmtree(path)
        for link in self._link.parent.glob(".current.*"):
            link.unlink()
        return lost

    @property
    def current(self) -> str | None:
        """The name of the published version; None where there is none."""
        if not self._link.is_symlink() or not self._link.is_dir():
            return None
        return Path(os.readlink(self._link)).name

    @property
    def published(self) -> Path | None:
        """Its folder."""
        return None if self.current is None else self._link.resolve()

    def all(self) -> list[Path]:
        """The folders of all versions, the oldest first."""
        return sorted(p for p in self._folder.iterdir() if p.is_dir() and not p.name.startswith("."))

    def candidate(self, dataset: Path, name: str) -> Path:
        """Prepare a version that nobody sees yet: hard links, or copies, of the files of a dataset."""
        fresh = self._folder / f".{name}.partial"
        shutil.copytree(dataset, fresh, copy_function=link_or_copy)
        return fresh

    def is_same(self, candidate: Path) -> bool:
        """Whether it equals the published version."""
        old = self.published
        return old is not None and all(_bytes(old / n) == _bytes(candidate / n) for n in _COMPARED)

    def drop(self, candidate: Path) -> None:
        """Remove a version that will not be published."""
        shutil.rmtree(candidate)

    def publish(self, candidate: Path, name: str) -> None:
        """Make it the current version in one step: readers of `current` see the old one or the new one.

        All of it is on the disk before the switch. Until then the handover names it as `switching`, and the
        next `open` removes it if this night is killed.
        """
        for path in candidate.rglob("*"):
            sync_path(path)
        sync_path(candidate)
        candidate.rename(self._folder / name)
        sync_path(self._folder)
        half = self._link.with_name(f".current.{name}")
        half.symlink_to(Path("versions") / name, target_is_directory=True)
        half.replace(self._link)
        sync_path(self._link.parent)
        self._note.put(switching=None)

    def prune(self, keep: int, before: Callable[[Path], None]) -> list[str]:
        """Remove all but the last `keep` and the published one; `before` is called for each first. Their names."""
        spared = {path.name for path in self.all()[-keep:]} | {self.current}
        # If a person published an old version by hand, a newer one is removed in its place.
        gone = [path for path in self.all() if path.name not in spared]
        for path in gone:
            before(path)
            self._remove(path)
        return [path.name for path in gone]

    def _remove(self, path: Path) -> None:
        """Rename it in one step, then delete it."""
        aside = path.with_name(f".{path.name}.gone")
        path.rename(aside)
        shutil.rmtree(aside)


def link_or_copy(path: str, to: str) -> None:
    """Hard-link a file; copy it where there are no hard links.

    People write corrections and marks, so each version has a copy of its own. The other files are
    never written again, only replaced.
    """
    if os.path.basename(path) not in PEOPLES_FILES:
        try:
            os.link(path, to)
            return
        except OSError:  # none on this file system; a full disk says so below
            pass
    shutil.copy2(path, to)


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def sync_path(path: Path) -> None:
    """Flush a file or a folder to the disk."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
