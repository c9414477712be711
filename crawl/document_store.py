"""The archive folder: bytes under their hash, currently published documents under readable names."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from gongkai.crawl.filename import slug
from gongkai.crawl.state_tables import DocumentRow
from gongkai.run.results.state_folder import remove

#: Digits of the hash in a readable name.
SHORT = 8


class Archive:
    """ARCHIVE on disk. Files in objects/ never change; a file gets its name when all its bytes are written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._objects = folder / "objects"
        self._half = self._objects / "half"

    def open(self) -> None:
        """Create the folders and remove half-written files of a crash. The caller has locked the archive."""
        self._half.mkdir(parents=True, exist_ok=True)
        for path in self._half.iterdir():
            remove(path)

    def path(self, sha256: str) -> Path:
        """The path of the bytes with this hash."""
        return self._objects / sha256[:2] / sha256

    def has(self, sha256: str, size: int) -> bool:
        """Whether the archive has the bytes, all of them."""
        try:
            return self.path(sha256).stat().st_size == size
        except OSError:
            return False

    def put(self, data: bytes) -> str:
        """Store bytes; their SHA-256. They are on the disk when this returns."""
        sha256 = hashlib.sha256(data).hexdigest()
        path = self.path(sha256)
        if self.has(sha256, len(data)):
            return sha256
        path.parent.mkdir(exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._half, delete=False) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(file.name, 0o444)
        os.replace(file.name, path)
        return sha256

    def publish(self, site: str, documents: Sequence[DocumentRow], whole: bool = True) -> dict[str, str]:
        """Bring current/SITE up to date; the file of each address, relative to current/.

        Equal bytes at two addresses are one file. Other files are removed where the documents are the `whole` of it.
        """
        folder = self.folder / "current" / site
        names: dict[str, str] = {}
        for document in documents:
            if document.sha256 not in names:
                names[document.sha256] = f"{slug(document.title)}-{document.sha256[:SHORT]}{document.suffix}"
        folder.mkdir(parents=True, exist_ok=True)
        wanted = {name: sha256 for sha256, name in names.items()}
        for path in sorted(folder.iterdir()):
            if whole and path.name not in wanted and not path.is_dir():
                path.unlink()
        for name, sha256 in wanted.items():
            if not (folder / name).exists():
                self._link(self.path(sha256), folder / name)
        return {document.url: f"{site}/{names[document.sha256]}" for document in documents}

    def _link(self, source: Path, to: Path) -> None:
        """Hard-link the bytes; copy them where the file system has no hard links."""
        half = self._half / to.name
        with contextlib.suppress(FileNotFoundError):
            half.unlink()
        try:
            os.link(source, half)
        except OSError:
            shutil.copyfile(source, half)
        os.replace(half, to)

    def write(self, name: str, text: str) -> None:
        """Write a file of the archive atomically."""
        with tempfile.NamedTemporaryFile("w", dir=self._half, delete=False, encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(file.name, 0o644)
        os.replace(file.name, self.folder / name)
