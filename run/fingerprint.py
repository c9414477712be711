"""What decides how a file is read, besides the file: the program, its tools and the user's options."""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.metadata import Distribution, distributions
from importlib.resources import files
from importlib.resources.abc import Traversable

from gongkai.emit import VERSION
from gongkai.extract import find_libreoffice
from gongkai.pipeline import Options

#: what takes part in reading a file and in rendering what was read
_PACKAGES = ("extract", "normalize", "audit")
_RENDERING = (
    "schema.py",
    "datasets.toml",
    "write/csv_chunk.py",
    "write/render.py",
    "write/rows.py",
    "write/dataset_counts.py",
)
_ENDINGS = (".py", ".toml")


def fingerprint(options: object) -> str:
    """64 hex digits that stay the same as long as a file is read in the same way.

    Program (version and source), installed libraries, LibreOffice, limits and the user's
    wordings by their content.
    """
    digest = hashlib.sha256(VERSION.encode())
    for package in _PACKAGES:
        for entry in _entries(files(f"gongkai.{package}")):
            digest.update(entry.name.encode() + b"\0" + entry.read_bytes())
    for name in _RENDERING:
        digest.update(name.encode() + b"\0" + files("gongkai.emit").joinpath(name).read_bytes())
    for module in ("model", "pipeline", "record"):
        digest.update(_source(f"gongkai.{module}"))
    for name, version in installed().items():
        digest.update(f"{name}=={version}\n".encode())
    digest.update((find_libreoffice() or "").encode())
    digest.update(_chosen(options))
    return digest.hexdigest()


@cache
def installed() -> Mapping[str, str]:
    """The versions of what is installed, by name. Asking takes some time, so it is done once."""
    return dict(sorted(filter(None, map(_name_and_version, distributions()))))


def _name_and_version(package: Distribution) -> tuple[str, str] | None:
    """What a package is called, from the first lines of its description.

    Python's own way parses the whole of it as a mail, long texts and all: half a second for 160 packages.
    """
    head = (package.read_text("METADATA") or package.read_text("PKG-INFO") or "").partition("\n\n")[0]
    found = {key: value.strip() for key, _, value in (line.partition(":") for line in head.split("\n"))}
    return (found["Name"], found["Version"]) if "Name" in found and "Version" in found else None


def _entries(folder: Traversable) -> list[Traversable]:
    """The files of a package that decide anything, in order."""
    found: list[Traversable] = []
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.is_dir() and not entry.name.startswith("__"):
            found += _entries(entry)
        elif entry.name.endswith(_ENDINGS):
            found.append(entry)
    return found


def _source(module: str) -> bytes:
    path = importlib.import_module(module).__file__
    return b"" if path is None else open(path, "rb").read()


def _chosen(options: object) -> bytes:
    """The options as bytes; a file of wordings counts by what it says, not by its name."""
    if not isinstance(options, Options):
        return repr(options).encode()
    words = b"" if options.aliases is None else options.aliases.read_bytes()
    return repr(replace(options, aliases=None)).encode() + b"\0" + words
