"""Files in Word's old formats → DOCX or PDF, by LibreOffice in a process of its own."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from gongkai.extract.namespace import can_go_offline, go_offline
from gongkai.extract.office.rtf_source import mark_lost
from gongkai.model import Limits, MissingTool, Source, Unreadable

if sys.platform != "win32":  # Windows has no such module, and all other formats are read there
    import resource

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: An OLE file with this name in its directory is encrypted.
LOCKED = "EncryptedPackage".encode("utf-16-le")
#: The root of Word's XML of 2003, and how far from the start it stands.
_WORD_2003 = re.compile(rb"<(?:\w+:)?wordDocument\b[^>]*schemas\.microsoft\.com/office/word/2003/wordml")
_HEAD = 8192
#: Seconds of computing that one conversion may take, and by the clock: on a loaded machine it waits for most of them.
SECONDS, WAITING = 45, 300
#: Bytes of memory that LibreOffice may ask for: it takes a fifth of that for a report, and far more for a file made to harm.
MEMORY = 2_500_000_000
#: Processes that it may have at a time, itself among them (it has three), and how often they are counted, in seconds.
PROCESSES, COUNTING = 16, 0.25
#: File names that end so belong to formats that LibreOffice converts.
_SUFFIXES = frozenset({".doc", ".wps", ".rtf"})


def needs_conversion(path: Path) -> bool:
    """Whether a file, by its name, is of a format that LibreOffice converts."""
    return path.suffix.lower() in _SUFFIXES


#: Names that LibreOffice has for formats which it would not always recognise.
_FILTERS = {"doc": "MS Word 97", "xml": "MS Word 2003 XML"}


def find_libreoffice() -> str | None:
    """The path of LibreOffice, which .doc, .wps and .rtf need; None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def old_format(data: bytes) -> str | None:
    """ "doc" for an OLE file with a Word document or an encrypted one, "rtf" for RTF, "xml" for Word's XML of 2003.

    None for anything else.
    """
    if data.startswith(_OLE):
        return "doc" if "WordDocument".encode("utf-16-le") in data or LOCKED in data else None
    if data.lstrip()[:5] == b"{\\rtf":
        return "rtf"
    head = data[:_HEAD].replace(b"\x00", b"")
    return (
        "xml" if _WORD_2003.search(head) and head.lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t")[:1] == b"<" else None
    )


def convert_ahead(paths: Sequence[Path], limits: Limits, seconds: float) -> None:
    """Converts those of the files that are of an old format, within so many seconds.

    One start of LibreOffice takes as long as converting four files. The results go to the folder that
    `limits` names, as sha256.docx; `find_converted` finds them there. Raises nothing: a file that does
    not convert (it may have stopped LibreOffice) is converted alone when it is read.
    """
    if limits.converted is None or find_libreoffice() is None:
        return
    by_format: dict[str, dict[str, bytes]] = {}
    for data in (_read_bytes(path, limits) for path in paths):
        format = old_format(data)
        if format is not None:
            by_format.setdefault(format, {})[hashlib.sha256(data).hexdigest()] = data
    for format, files in by_format.items():
        if len(files) > 1:
            _convert_together(files, format, limits.converted, seconds / len(by_format))


def find_converted(source: Source, limits: Limits) -> bytes | None:
    """The DOCX that `convert_ahead` made of a file; None where there is none."""
    if limits.converted is None:
        return None
    path = limits.converted / f"{source.sha256}.docx"
    return path.read_bytes() if path.is_file() else None


def convert(data: bytes, to: str, format: str = "") -> bytes:
    """A file in an old format as "docx", "pdf" or "xlsx"; `format` is the one that it has, where the bytes do not tell.

    Raises MissingTool where LibreOffice is not installed, Unreadable where it writes nothing: its exit
    code says little.
    """
    if find_libreoffice() is None:
        needed = f"libreoffice-calc for .{format}" if format else "libreoffice-writer for .doc, .wps and .rtf"
        raise MissingTool(f"LibreOffice is needed: install {needed}")
    format = format or old_format(data) or "doc"
    with tempfile.TemporaryDirectory(prefix="gongkai-") as name:
        folder = Path(name)
        (folder / f"in.{format}").write_bytes(mark_lost(data) if format == "rtf" else data)
        _run_libreoffice([folder / f"in.{format}"], format, to, folder, WAITING)
        written = folder / "out" / f"in.{to}"
        if not written.is_file() or not written.stat().st_size:
            raise Unreadable(
                "LibreOffice cannot convert the file: it is damaged, or takes more than 2.5 GB of memory"
                f" or {SECONDS} seconds of computing"
            )
        return written.read_bytes()


def _read_bytes(path: Path, limits: Limits) -> bytes:
    """The bytes of a file; none where it is too large or cannot be read: reading the file raises that error."""
    try:
        return path.read_bytes() if path.stat().st_size <= limits.bytes else b""
    except OSError:
        return b""


def _convert_together(files: Mapping[str, bytes], format: str, to: Path, seconds: float) -> None:
    """Converts files, named by their sha256, in one start; whole results are moved to a folder."""
    with tempfile.TemporaryDirectory(prefix="gongkai-") as name:
        folder = Path(name)
        paths = [folder / f"{sha256}.{format}" for sha256 in files]
        for path, data in zip(paths, files.values(), strict=True):
            path.write_bytes(mark_lost(data) if format == "rtf" else data)
        try:
            _run_libreoffice(paths, format, "docx", folder, seconds)
        except Unreadable:
            return  # one file takes all the time, and the result being written is not whole
        for written in (folder / "out").glob("*.docx"):
            if zipfile.is_zipfile(written):
                to.mkdir(exist_ok=True)
                shutil.move(written, to / written.name)


def _run_libreoffice(files: Sequence[Path], format: str, to: str, folder: Path, seconds: float) -> None:
    """Converts files into `folder`/out, without a network and without the user's settings.

    When it has ended, all that it started is killed. When the time is up, or it has too many processes, it is killed
    itself, and Unreadable is raised.
    """
    with subprocess.Popen(
        _command(files, format, to, folder),
        env={"HOME": str(folder), "PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_leave_network if can_go_offline() else _limit,
    ) as process:
        end = time.monotonic() + seconds
        session = _listed_number(process.pid)
        try:
            while process.poll() is None:
                if _count_processes(session) > PROCESSES:
                    raise Unreadable(f"LibreOffice started more than {PROCESSES} processes")
                if time.monotonic() > end:
                    raise Unreadable(f"LibreOffice took more than {seconds:g} seconds")
                with suppress(subprocess.TimeoutExpired):
                    process.wait(COUNTING)
        finally:
            with suppress(ProcessLookupError):  # what it started, too, however it ended
                os.killpg(process.pid, signal.SIGKILL)


def _listed_number(child: int) -> int:
    """The number of a child as /proc lists it: in a namespace of processes, as a worker is in one, it has another."""
    if sys.platform != "linux" or os.readlink("/proc/self") == str(os.getpid()):
        return child
    own = os.readlink("/proc/self")
    for number in filter(str.isdecimal, os.listdir("/proc")):
        with suppress(OSError):  # ended meanwhile
            lines = Path("/proc", number, "status").read_text("utf-8", "replace").splitlines()
            told = {name: values.split() for name, _, values in (line.partition(":") for line in lines)}
            if told["PPid"] == [own] and told["NSpid"][-1] == str(child):
                return int(number)
    return child


def _count_processes(session: int) -> int:
    """The processes of a session, which the one of this number began. 0 where the system does not list them."""
    count = 0
    listed = os.listdir("/proc") if sys.platform == "linux" else []
    for number in filter(str.isdecimal, listed):
        with suppress(OSError):  # ended meanwhile
            stat = Path("/proc", number, "stat").read_text("utf-8", "replace")
            # proc(5): the session is the fourth field behind the name, which may hold anything
            count += stat.rpartition(")")[2].split()[3] == str(session)
    return count


def _command(files: Sequence[Path], format: str, to: str, folder: Path) -> list[str]:
    return [
        find_libreoffice() or "",
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        "--norestore",
        *([f"--infilter={_FILTERS[format]}"] if format in _FILTERS else []),
        "--convert-to",
        to,
        "--outdir",
        str(folder / "out"),
        *map(str, files),
    ]


def _limit() -> None:
    """The worker's own limit of memory is too low for an office program, which gets limits of its own."""
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        most = resource.getrlimit(what)[1]
        resource.setrlimit(what, (limit if most == resource.RLIM_INFINITY else min(limit, most), most))


def _leave_network() -> None:
    _limit()
    go_offline()
