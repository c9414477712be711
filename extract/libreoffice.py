"""Word's binary format, WPS and RTF → Document, by LibreOffice in a process of its own."""

from __future__ import annotations

import hashlib
import os
import re
import resource
import shutil
import signal
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from gongkai.extract import docx
from gongkai.extract.office.zip_package import opened
from gongkai.extract.offline import can_go_offline, go_offline
from gongkai.model import Document, Encrypted, Limits, MissingTool, Source, Unreadable, flag

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: Seconds by the clock that a conversion may take.
SECONDS = 45
#: So many marks of table cells more than its conversion has boxes mean that a table was lost.
CELL_MARKS = 20


def sniff(data: bytes) -> bool:
    """Whether LibreOffice is needed: an OLE file with a Word document, or RTF."""
    return _kind(data) is not None


def _kind(data: bytes) -> str | None:
    if data.startswith(_OLE):
        name = "WordDocument".encode("utf-16-le")
        locked = "EncryptedPackage".encode("utf-16-le")
        return "doc" if name in data or locked in data else None
    if data.lstrip()[:5] == b"{\\rtf":
        return "rtf"
    return None


def read(source: Source, limits: Limits) -> Document:
    """The document as its conversion to DOCX lays it out.

    Raises MissingTool where LibreOffice is not installed, Encrypted, Unreadable where nothing comes
    of the conversion.
    """
    kind = _kind(source.data) or "doc"
    if "EncryptedPackage".encode("utf-16-le") in source.data:
        raise Encrypted("the file asks for a password; save it without one")
    converted = _ahead(source, limits) or _converted(source.data, kind)
    document = docx.read(replace(source, data=converted), limits)
    findings = list(document.findings)
    if kind == "doc" and _lost(source.data, opened(converted, limits).part("word/document.xml")):
        message = "the file holds more table boxes than its conversion: a table was lost; save it as DOCX with Word or WPS"
        findings.append(flag("table-lost", message))
    return replace(document, source=source, format=kind, reader="libreoffice", findings=tuple(findings))


def _lost(data: bytes, converted: bytes) -> bool:
    """Whether the conversion has fewer boxes than the file: LibreOffice drops a table that stands last.

    A binary file has a mark behind every box and every row ([MS-DOC] 2.4.3). The same two bytes
    come up by chance once in 65,536, in pictures too, so that many more are allowed for.
    """
    marks = data.count(b"\x07\x00")
    boxes = len(re.findall(rb"<w:tc[ >]", converted)) + len(re.findall(rb"<w:tr[ >]", converted))
    return marks - boxes >= CELL_MARKS + len(data) // 32_768


def as_pdf(source: Source) -> bytes:
    """The document printed to PDF, for people to look at: its lines and pages may break otherwise than on paper.

    Raises as `read` does.
    """
    return _converted(source.data, _kind(source.data) or "doc", "pdf")


def _ahead(source: Source, limits: Limits) -> bytes | None:
    """The conversion of a file that `convert` made; None where there is none."""
    if limits.converted is None:
        return None
    path = limits.converted / f"{source.sha256}.docx"
    return path.read_bytes() if path.is_file() else None


def convert(paths: Sequence[Path], folder: Path, limits: Limits, seconds: float) -> None:
    """Converts old Word files by one start of LibreOffice, which takes as long as converting four of them.

    Those that come out whole are put in `folder` as sha256.docx, where `read` takes them from. What
    does not come out (one of them may have stopped LibreOffice) is for `read` to try alone.
    """
    if program() is None:
        return
    by_kind: dict[str, dict[str, bytes]] = {}
    for data in (_bytes(path, limits) for path in paths):
        kind = _kind(data)
        if kind is not None:
            by_kind.setdefault(kind, {})[hashlib.sha256(data).hexdigest()] = data
    for kind, files in by_kind.items():
        if len(files) > 1:
            _convert(files, kind, folder, seconds / len(by_kind))


def _bytes(path: Path, limits: Limits) -> bytes:
    """The bytes of a file; none where it is too large or cannot be read, which `read` says."""
    try:
        return path.read_bytes() if path.stat().st_size <= limits.bytes else b""
    except OSError:
        return b""


def _convert(files: Mapping[str, bytes], kind: str, to: Path, seconds: float) -> None:
    """Files by their sha256, converted together; those that come out whole go to a folder."""
    with tempfile.TemporaryDirectory(prefix="gongkai-") as place:
        folder = Path(place)
        paths = [folder / f"{name}.{kind}" for name in files]
        for path, data in zip(paths, files.values(), strict=True):
            path.write_bytes(data)
        try:
            _finished(paths, kind, "docx", folder, seconds)
        except Unreadable:
            return  # one of them keeps it busy; what it was writing is not whole
        for written in (folder / "out").glob("*.docx"):
            if zipfile.is_zipfile(written):
                to.mkdir(exist_ok=True)
                shutil.move(written, to / written.name)


def program() -> str | None:
    """The path of LibreOffice; None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def _converted(data: bytes, kind: str, to: str = "docx") -> bytes:
    """The file as DOCX or PDF. The exit code is not believed, only what was written."""
    if program() is None:
        raise MissingTool("LibreOffice is needed for .doc, .wps and .rtf: install libreoffice-writer")
    with tempfile.TemporaryDirectory(prefix="gongkai-") as name:
        folder = Path(name)
        (folder / f"in.{kind}").write_bytes(data)
        _finished([folder / f"in.{kind}"], kind, to, folder, SECONDS)
        written = folder / "out" / f"in.{to}"
        if not written.is_file() or not written.stat().st_size:
            raise Unreadable("LibreOffice makes nothing of it; is the file damaged?")
        return written.read_bytes()


def _finished(files: Sequence[Path], kind: str, to: str, folder: Path, seconds: float) -> None:
    """Files converted into `folder`/out, without a network and none of our settings.

    LibreOffice is killed with all it started when the time is up; Unreadable says so.
    """
    command = [
        program() or "",
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        "--norestore",
        *(["--infilter=MS Word 97"] if kind == "doc" else []),
        "--convert-to",
        to,
        "--outdir",
        str(folder / "out"),
        *map(str, files),
    ]
    environment = {"HOME": str(folder), "PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"}
    offline = can_go_offline()

    def alone() -> None:
        # The worker's own limit of memory is too low for an office program.
        most = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        if offline:
            go_offline()

    with subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=alone,
    ) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            os.killpg(process.pid, signal.SIGKILL)
            raise Unreadable(f"LibreOffice took more than {seconds:g} seconds") from error


#: see `gongkai.model.Reader`
reread = render = None
