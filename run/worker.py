"""The worker process of pool.py: it reads one document after the other, and the pool may kill it."""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from gongkai import extract
from gongkai.model import Report
from gongkai.pipeline import Options
from gongkai.run.child.heartbeat import Heartbeat
from gongkai.run.child.processes import adopt_orphans
from gongkai.run.discover import content
from gongkai.run.results.result_store import pack_reports
from gongkai.soft_limits import MEMORY_EXIT, limit_computing, limit_space

if sys.platform != "win32":
    import resource

Reader = Callable[[Path, str, Any], tuple[Report, ...]]

# A worker is replaced after this many documents, in case a library leaks memory. Starting one costs as
# much as reading a few documents.
DOCUMENTS = 1_000

# The share of a document's time that may be spent on converting several documents together.
PREPARING = 0.6

# The largest file that a worker may write: the conversion of an old format is the largest.
FILE_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Budget:
    """What one document may take: wall-clock and computing seconds, bytes of address space and in a written file.

    None for `computing` is four cores' worth of the time.
    Every page that is read by OCR has as many seconds again, and so have its boxes and its words where they are read a
    second time: a scan of thirty pages is not lost because it is long.
    """

    seconds: float
    memory: int
    computing: float | None = None
    written: int = FILE_BYTES

    @property
    def cpu(self) -> float:
        """Seconds of computing."""
        return 4 * self.seconds if self.computing is None else self.computing

    def __str__(self) -> str:
        return f"{self.seconds:g}/{self.memory}/{self.cpu:g}/{self.written}"


def main(connection: Connection, reader: str, options: object, budget: Budget, folder: Path) -> None:
    """Read every document that the parent sends, until it closes the connection.

    `reader` is "module:function". The worker calls it with (path, name) and sends its Reports back in one
    message, because every message wakes the parent: a line of JSON, then the packed reports. Its
    `Heartbeat` shows when it began. A document may come with the paths of others that are to be
    prepared with it.

    An exception in the reader is a bug: the worker ends with a traceback, whose last lines the parent
    reads in `folder`/stderr. `folder` also takes the temporary files.
    """
    isolate(folder, budget)
    if extract.can_go_offline():
        extract.go_offline()
    module, _, function = reader.partition(":")
    read: Reader = getattr(importlib.import_module(module), function)
    heartbeat = Heartbeat(folder)
    options = _add_callback(options, heartbeat, budget, folder)
    before = _peak()
    for _ in range(DOCUMENTS):
        try:
            path, name, ahead = connection.recv()
        except EOFError:
            return
        heartbeat.begin()
        os.ftruncate(2, 0)
        limit_computing(budget.cpu)  # besides the parent's clock, in case the parent is gone
        if ahead and isinstance(options, Options):
            extract.convert_ahead([Path(p) for p in ahead], options.limits, budget.seconds * PREPARING)
            options.limits.after_page()
        try:
            _read_document(connection, read, Path(path), name, options)
        except MemoryError:
            os._exit(MEMORY_EXIT)  # at once: an orderly end needs memory
        if _peak() - before > budget.memory // 4:
            return  # the next documents would lack the memory that a large one leaves occupied


def _add_callback(options: object, heartbeat: Heartbeat, budget: Budget, folder: Path) -> object:
    """Options with a callback that restarts the time limits after every page read by OCR, or read again.

    Conversions that are made ahead go to `folder`.
    """

    def after_page() -> None:
        heartbeat.beat()
        limit_computing(budget.cpu)

    if not isinstance(options, Options):
        return options
    limits = replace(options.limits, after_page=after_page, converted=folder / "converted")
    return replace(options, limits=limits)


def _read_document(connection: Connection, read: Reader, path: Path, name: str, options: object) -> None:
    sha256 = content(path)  # before it is read: a file that changes now is read again by the next run
    reports = read(path, name, options)
    if not reports:
        raise AssertionError("no Report, where every file gives one")
    statuses = [report.status for report in reports]
    for report in reports:
        _assert_sound(report)
    packed = list(pack_reports(reports))
    summary = {"statuses": statuses, "sha256": sha256, "lengths": [len(data) for data in packed]}
    connection.send_bytes(b"".join((json.dumps(summary).encode(), b"\n", *packed)))


def _assert_sound(report: Report) -> None:
    """(report, table, row, column) is the key of `facts`: two facts of one field are a bug of ours."""
    counts = Counter(fact.field.address for fact in report.facts)
    twice = [".".join(address) for address, count in counts.items() if count > 1]
    if twice:
        raise AssertionError(f"{len(twice)} fields have two values, the first is {twice[0]}")


def isolate(folder: Path, budget: Budget) -> None:
    """Give this process its own process group, standard streams, temporary folder and limits."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    null = os.open(os.devnull, os.O_RDWR)
    errors = os.open(folder / "stderr", os.O_RDWR | os.O_CREAT | os.O_APPEND)
    for number, file in ((0, null), (1, null), (2, errors)):
        os.dup2(file, number)
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    adopt_orphans()
    _leave_fork_server()
    if sys.platform != "win32":
        os.setpgrp()  # so that what the child starts can be killed with it
        limit_space(budget.memory, budget.written)


def _leave_fork_server() -> None:
    """Close our end of the pipe by which a fork server learns that nobody needs it: only the run is to hold one.

    Else it stays for as long as a worker reads, though the run was killed, and with it what the worker started.
    """
    server: Any = forkserver._forkserver  # Python has no official door to it
    if server._forkserver_alive_fd is not None:  # None in a process that no fork server made
        os.close(server._forkserver_alive_fd)
        server._forkserver_alive_fd = None


def _peak() -> int:
    """The most memory that this process ever used, in bytes; 0 where the system does not tell."""
    if sys.platform == "win32":
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
