"""Bytes → Document. Every reader looks at the bytes; exactly one claims them."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import cast

from gongkai.extract.archive import Member, unpack_archive
from gongkai.extract.namespace import can_go_offline, can_hold_children, go_offline, hold_children
from gongkai.extract.ocr import is_available as can_read_pictures
from gongkai.extract.office.conversion import convert_ahead, find_libreoffice, needs_conversion
from gongkai.model import Document, Limits, Reader, Source, TooLarge, UnknownFormat

__all__ = [
    "Member",
    "can_go_offline",
    "can_hold_children",
    "can_read_pictures",
    "convert_ahead",
    "extract",
    "find_libreoffice",
    "find_reader",
    "first_sheet",
    "go_offline",
    "hold_children",
    "load_readers",
    "needs_conversion",
    "unpack_archive",
]

#: First bytes → archives that are not opened, so that the error names them.
_CLOSED_ARCHIVES = {
    b"Rar!\x1a\x07": "RAR",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
}

#: First bytes → the readers that may claim them, each where this mark is in the bytes. All other
#: readers would refuse; not loading them saves a third of the time that a single file takes.
_CANDIDATES = {
    b"PK\x03\x04": {"docx": b"word", "odt": b"opendocument", "ofd": b"OFD.xml", "sheet": b"xl/"},
    b"%PDF-": {"pdf": b"%PDF-"},
}


def first_sheet(data: bytes) -> list[list[str]]:
    """The boxes of a workbook's first sheet as texts. Raises Unreadable."""
    reader = importlib.import_module("gongkai.extract.sheet")  # its library is loaded where it is needed
    return cast(list[list[str]], reader.first_sheet(data))


def extract(source: Source, limits: Limits = Limits()) -> Document:
    """The file as laid out.

    Raises a DocumentError: UnknownFormat where no reader knows the bytes, TooLarge past a
    limit, and what the format's own reader raises.
    """
    if len(source.data) > limits.bytes:
        raise TooLarge(f"{len(source.data):,} bytes; the limit is {limits.bytes:,}")
    return find_reader(source.data).read(source, limits)


def find_reader(data: bytes) -> Reader:
    """The module that reads these bytes.

    Raises UnknownFormat.
    """
    claiming = [module for module in _load_candidates(data) if module.sniff(data)]
    if not claiming and data.startswith(b"PK"):  # the parts of a package may have any names
        claiming = [module for module in load_readers() if module.sniff(data)]
    if not claiming:
        archive = next((name for start, name in _CLOSED_ARCHIVES.items() if data.startswith(start)), None)
        if archive is not None:
            raise UnknownFormat(f"a {archive} archive is not opened here; unpack it, or pack it as zip")
        raise UnknownFormat("no reader knows these bytes; is it a report at all?")
    if len(claiming) > 1:
        names = ", ".join(module.__name__.rpartition(".")[2] for module in claiming)
        raise UnknownFormat(f"several readers claim these bytes: {names}")
    return claiming[0]


def _load_candidates(data: bytes) -> tuple[Reader, ...]:
    """The readers that may claim these bytes."""
    marks = next((marks for start, marks in _CANDIDATES.items() if data.startswith(start)), None)
    if marks is None:
        return load_readers()
    names = (name for name, mark in marks.items() if mark in data)
    return tuple(cast(Reader, importlib.import_module(f"{__name__}.{name}")) for name in names)


@cache
def load_readers() -> tuple[Reader, ...]:
    """The modules of this folder that have a `sniff` and a `read`, by name."""
    names = sorted(info.name for info in pkgutil.iter_modules(__path__))
    modules = (importlib.import_module(f"{__name__}.{name}") for name in names)
    return tuple(cast(Reader, module) for module in modules if {"sniff", "read"} <= vars(module).keys())
