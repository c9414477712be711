"""The folder that a crawl fills: bytes under their hash, what is published now under readable names."""

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

#: Signs of the hash in a readable name.
SHORT = 8


class Archive:
    """ARCHIVE on disk. Nothing in objects/ is ever changed; a name is there only once all its bytes are."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._objects = folder / "objects"
        self._half = self._objects / "half"

    def open(self) -> None:
        """Make the folders, and clear away what a crash left half-written. The caller holds the lock."""
        self._half.mkdir(parents=True, exist_ok=True)
        for path in self._half.iterdir():
            path.unlink()

    def path(self, sha256: str) -> Path:
        """Where the bytes of this hash lie."""
        return self._objects / sha256[:2] / sha256

    def has(self, sha256: str, size: int) -> bool:
        """Whether the bytes are here, all of them."""
        try:
            return self.path(sha256).stat().st_size == size
        except OSError:
            return False

    def put(self, data: bytes) -> str:
        """Keep bytes; their SHA-256. They are on the disk when this returns."""
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

    def publish(self, site: str, documents: Sequence[DocumentRow]) -> dict[str, str]:
        """Make current/SITE what is published now; the file of each address, relative to current/.

        Bytes that stand at two addresses are there once.
        """
        folder = self.folder / "current" / site
        names: dict[str, str] = {}
        for document in documents:
            if document.sha256 not in names:
                names[document.sha256] = f"{slug(document.title)}-{document.sha256[:SHORT]}{document.suffix}"
        folder.mkdir(parents=True, exist_ok=True)
        wanted = {name: sha256 for sha256, name in names.items()}
        for path in sorted(folder.iterdir()):
            if path.name not in wanted:
                path.unlink()
        for name, sha256 in wanted.items():
            if not (folder / name).exists():
                self._link(self.path(sha256), folder / name)
        return {document.url: f"{site}/{names[document.sha256]}" for document in documents}

    def _link(self, source: Path, to: Path) -> None:
        """A second name for the bytes; a copy where the file system has no such thing."""
        half = self._half / to.name
        with contextlib.suppress(FileNotFoundError):
            half.unlink()
        try:
            os.link(source, half)
        except OSError:
            shutil.copyfile(source, half)
        os.replace(half, to)

    def write(self, name: str, text: str) -> None:
        """A file of the archive's own, whole or not at all."""
        with tempfile.NamedTemporaryFile("w", dir=self._half, delete=False, encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(file.name, 0o644)
        os.replace(file.name, self.folder / name)
