"""What is installed here, whether it reads a sample of each format, and what to paste for the rest. 检查本机可读取哪些格式。"""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.resources import files
from typing import Annotated

import typer

from gongkai import crawl, extract, pipeline
from gongkai.commands.output.install_hint import install_hint
from gongkai.commands.output.language import say
from gongkai.commands.output.screen import pad, write, write_json
from gongkai.model import Source

#: the samples' endings, in the order in which they are told; each holds the report of one body with the same value
SAMPLES = ("docx", "pdf", "ofd", "html", "mhtml", "xlsx", "txt", "doc")
#: the value that every sample prints
_FIELD = ("requests", "new_requests", "total")


@dataclass(frozen=True, slots=True)
class Capability:
    """Something that works here or not; `cure` is what to do where it is not."""

    what: str
    works: bool
    cure: str = ""


def command(
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> int:
    """List what each format needs and whether it is there; a small built-in sample of each format is read."""
    lines = [*_formats(), *_parts()]
    if as_json:
        write_json([asdict(line) for line in lines])
        return 0
    for line in lines:
        hint = f"    → {line.cure}" if line.cure and not line.works else ""
        write(f"{pad(say('yes') if line.works else say('no'), 4)}{line.what}{hint}\n")
    return 0


def _formats() -> Iterator[Capability]:
    """Whether the sample of each format is read, and gives its value."""
    data = files("gongkai.commands").joinpath("doctor_samples.zip").read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in sorted(archive.namelist(), key=lambda n: SAMPLES.index(n.rpartition(".")[2])):
            ending = name.rpartition(".")[2]
            cure = say("this is a bug, please report it")
            if ending == "doc":
                cure = say("install LibreOffice (Debian: libreoffice-writer)")
            kinds = ".doc .wps .rtf .xlsb .ods" if ending == "doc" else ending.upper()
            yield Capability(kinds, _is_read(name, archive.read(name)), cure)


def _is_read(name: str, data: bytes) -> bool:
    """Whether a sample gives the number of new requests, with sums that hold."""
    if name.endswith(".doc") and extract.find_libreoffice() is None:
        return False
    reports = pipeline.read_source(Source(name, data, "", len(data)), pipeline.Options())
    return any(f.field.address == _FIELD and f.value for r in reports for f in r.facts)


def _parts() -> Iterator[Capability]:
    """What is there of the rest."""
    yield Capability(say("scans and pictures (OCR)"), extract.can_read_pictures(), install_hint("ocr"))
    yield Capability(
        say("files are read without a network"),
        extract.can_go_offline(),
        say("root, or a system that allows user namespaces"),
    )
    yield Capability(
        say("nothing that a reader starts outlives it"),
        sys.platform == "linux",
        say("Linux, whose /proc tells who started what"),
    )
    yield Capability(
        say("what a reader starts ends with its run, also where that is killed (process namespace)"),
        extract.can_hold_children(),
        say("root, or a system that allows user namespaces"),
    )
    yield Capability("gongkai crawl", crawl.available(), install_hint("crawl"))
