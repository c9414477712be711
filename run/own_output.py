"""Whether a file is a page, a workbook or a picture that this program made: such a file is never read as a report."""

from __future__ import annotations

import codecs
import zipfile
from pathlib import Path

from gongkai.model import OWN_OUTPUT

#: bytes at the beginning of a page or a picture in which its mark stands
_HEAD = 4_096
#: how our tables begin that have a report's labels in them
_OUR_COLUMNS = (b"report_id,", b"variable,", b"printed,")
#: what a datapackage.json of ours says near its beginning
_DESCRIBES_OURS = b'"name": "gongkai'
_PROPERTIES = "docProps/core.xml"
#: what the properties of a workbook may unpack to
_MOST = 65_536


def is_own_output(path: Path) -> bool:
    """Whether a file says of itself that we made it. One that cannot be opened does not."""
    if not path.is_file():  # a pipe would wait for somebody to write into it
        return False
    mark = OWN_OUTPUT.encode()
    try:
        match path.suffix.lower():
            case ".html" | ".htm":
                return b'<meta name="generator" content="' + mark + b'">' in _begin(path)
            case ".png":
                return b"Software\0" + mark in _begin(path)
            case ".xlsx":
                return mark in _properties(path)
            case ".csv":
                return _begin(path).removeprefix(codecs.BOM_UTF8).startswith(_OUR_COLUMNS)
            case ".json":
                return _DESCRIBES_OURS in _begin(path)
            case _:
                return False
    except OSError:  # reading it fails in its own process, and the datasets say so
        return False


def _begin(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD)


def _properties(path: Path) -> bytes:
    """The document properties of a workbook; none where it is no zip, or has none."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(_PROPERTIES) as file:
            return file.read(_MOST)
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, ValueError):
        return b""
