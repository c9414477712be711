"""Packages (DOCX, XLSX, OFD: zips of parts) that tests change a little."""

from __future__ import annotations

import io
import zipfile


def rewritten(data: bytes, part: str, old: str, new: str, **more: str) -> bytes:
    """A package with the first of a text in one of its parts put for another, and with `more` parts.

    Raises AssertionError where the part does not have it: the test would try the package as it was.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as whole, zipfile.ZipFile(out, "w") as copy:
        assert old.encode() in whole.read(part)
        for name in whole.namelist():
            content = whole.read(name)
            copy.writestr(name, content.replace(old.encode(), new.encode(), 1) if name == part else content)
        for name, text in more.items():
            copy.writestr(name, text)
    return out.getvalue()
