"""A file whose reading ended badly to a Report that says so."""

from __future__ import annotations

import hashlib
from pathlib import Path

from gongkai.model import Report, Source


def failed(path: Path, name: str, code: str, message: str) -> Report:
    """A Report of status "failed" with one finding.

    The file's hash and size are taken if it can be opened: they make its report_id.
    """
    sha256, size = "", 0
    if path.is_file():
        with path.open("rb") as file:
            sha256, size = hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size
    return Report.failed(Source(name, b"", sha256, size), code, message)
