"""Bytes → Document. Every reader is asked; exactly one says yes."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import cast

from gongkai.extract.archive import members
from gongkai.extract.offline import can_go_offline, go_offline
from gongkai.model import Document, Limits, Reader, Source, TooLarge, UnknownFormat

__all__ = [
    "can_go_offline",
    "extract",
    "go_offline",
    "is_converted",
    "libreoffice_path",
    "members",
    "prepare",
    "reader",
    "readers",
    "reads_pictures",
]

#: How archives begin that are not opened: a user is told what it is instead of that it is nothing.
_PACKED = {
    b"Rar!\x1a\x07": "RAR",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
}


#: Who is asked about bytes that begin so and hold such. The others would say no; not loading them saves a third of
#: the time that a single file takes.
_ASKED = {
    b"PK\x03\x04": {"docx": b"word/", "odt": b"opendocument", "ofd": b"OFD.xml", "sheet": b"xl/workbook"},
    b"%PDF-": {"pdf": b"%PDF-"},
}


def extract(source: Source, limits: Limits = Limits()) -> Document:
    """The file as laid out.

    Raises a DocumentError: UnknownFormat where no reader knows the bytes, TooLarge past a
    limit, and what the format's own reader raises.
    """
    if len(source.data) > limits.bytes:
        raise TooLarge(f"{len(source.data):,} bytes; the limit is {limits.bytes:,}")
    return reader(source.data).read(source, limits)


#: Endings of the formats that LibreOffice converts, several files in the time of one.
_CONVERTED = frozenset({".doc", ".wps", ".rtf"})


def is_converted(path: Path) -> bool:
    """Whether a file, by its name, is of a format that LibreOffice converts."""
    return path.suffix.lower() in _CONVERTED


def libreoffice_path() -> str | None:
    """The path of LibreOffice, which .doc, .wps and .rtf take; None where it is not installed."""
    from gongkai.extract.libreoffice import program  # lxml and python-docx come with it

    return program()


def reads_pictures() -> bool:
    """Whether the extra for OCR is installed."""
    from gongkai.extract.ocr import is_available

    return is_available()


def prepare(paths: Sequence[Path], limits: Limits, seconds: float) -> None:
    """Does for files that are read next what costs less together, within so many seconds: conversions of old formats.

    They go to the folder that `limits` names. Raises nothing: reading a file says what is wrong with it.
    """
    from gongkai.extract.libreoffice import convert

    if limits.converted is not None:
        convert(paths, limits.converted, limits, seconds)


def reader(data: bytes) -> Reader:
    """The module that reads these bytes.

    Raises UnknownFormat.
    """
    wanted = [module for module in _asked(data) if module.sniff(data)]
    if not wanted:
        packed = next((name for start, name in _PACKED.items() if data.startswith(start)), None)
        if packed is not None:
            raise UnknownFormat(f"a {packed} archive is not opened here; unpack it, or pack it as zip")
        raise UnknownFormat("no reader knows these bytes; is it a report at all?")
    if len(wanted) > 1:
        names = ", ".join(m.__name__.rpartition(".")[2] for m in wanted)
        raise UnknownFormat(f"several readers claim these bytes: {names}")
    return wanted[0]


def _asked(data: bytes) -> tuple[Reader, ...]:
    marks = next((marks for start, marks in _ASKED.items() if data.startswith(start)), None)
    if marks is None:
        return readers()
    names = (name for name, mark in marks.items() if mark in data)
    return tuple(cast(Reader, importlib.import_module(f"{__name__}.{name}")) for name in names)


@cache
def readers() -> tuple[Reader, ...]:
    """The modules of this folder that have a `sniff` and a `read`, by name."""
    found = []
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda m: m.name):
        module = importlib.import_module(f"{__name__}.{info.name}")
        if "sniff" in vars(module) and "read" in vars(module):
            found.append(cast(Reader, module))
    return tuple(found)
