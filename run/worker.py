"""The other side of pool.py: a process that reads one document after the other, and may be killed."""

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
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from gongkai import extract
from gongkai.model import Report
from gongkai.pipeline import Options
from gongkai.run.discover import content
from gongkai.run.heartbeat import Heartbeat
from gongkai.run.result_store import kept

if sys.platform != "win32":
    import resource

Reader = Callable[[Path, str, Any], tuple[Report, ...]]

# The exit code of a child that ran out of memory; none of Python's own.
MEMORY_EXIT = 77

# A child is replaced after this many documents, in case a library loses memory; starting one
# costs as much as reading a few documents.
DOCUMENTS = 1_000

# The share of a document's time in which what costs less together is done for several.
PREPARING = 0.6

# The largest file that a child may write: what the conversion of an old format leaves.
FILE_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Budget:
    """What one document may take: seconds by the clock and of computing, bytes of address space and in a written file.

    None for `computing` is four cores' worth of the time.
    Every page that is read by OCR has as many seconds again: a scan of thirty pages is not lost
    because it is long.
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

    `reader` is "module:function". The child gives (path, name) to it and sends its Reports back:
    a line of JSON, then what `shard.kept` has of them, which is one message, because every message
    wakes the parent; when it began stands in its `Heartbeat`. With a document may come the paths of
    those that are to be prepared with it. An exception in it is a bug: the child ends with a traceback, and the parent reads its
    last lines in `folder`/stderr. `folder` also takes the temporary files.
    """
    settle(folder, budget)
    if extract.can_go_offline():
        extract.go_offline()
    module, _, function = reader.partition(":")
    read: Reader = getattr(importlib.import_module(module), function)
    clock = Heartbeat(folder)
    options = _watched(options, clock, budget, folder)
    rested = _peak()
    for _ in range(DOCUMENTS):
        try:
            path, name, ahead = connection.recv()
        except EOFError:
            return
        clock.begin()
        os.ftruncate(2, 0)
        _limit_cpu(budget)
        if ahead and isinstance(options, Options):
            extract.convert_ahead([Path(p) for p in ahead], options.limits, budget.seconds * PREPARING)
            options.limits.after_page()
        try:
            _read(connection, read, Path(path), name, options)
        except MemoryError:
            os._exit(MEMORY_EXIT)  # at once: there is nothing left to end in good order with
        if _peak() - rested > budget.memory // 4:
            return  # what a large document leaves behind would be missing to the next ones


def _watched(options: object, clock: Heartbeat, budget: Budget, folder: Path) -> object:
    """Options under which the parent is told of every page read by OCR, and both clocks begin anew.

    What is converted ahead goes to `folder`.
    """

    def after_page() -> None:
        clock.tell()
        _limit_cpu(budget)

    if not isinstance(options, Options):
        return options
    limits = replace(options.limits, after_page=after_page, converted=folder / "converted")
    return replace(options, limits=limits)


def _read(connection: Connection, read: Reader, path: Path, name: str, options: object) -> None:
    sha256 = content(path)  # before it is read: a file that changes now is read again by the next run
    reports = read(path, name, options)
    if not reports:
        raise AssertionError("no Report, where every file gives one")
    statuses = [report.status for report in reports]
    for report in reports:
        _assert_sound(report)
    packed = list(kept(reports))
    told = {"statuses": statuses, "sha256": sha256, "lengths": [len(data) for data in packed]}
    connection.send_bytes(b"".join((json.dumps(told).encode(), b"\n", *packed)))


def _assert_sound(report: Report) -> None:
    """(report, table, row, column) is the key of `facts`: two facts of one field are a bug of ours."""
    counts = Counter(fact.field.address for fact in report.facts)
    twice = [".".join(address) for address, count in counts.items() if count > 1]
    if twice:
        raise AssertionError(f"{len(twice)} fields have two values, the first is {twice[0]}")


def settle(folder: Path, budget: Budget) -> None:
    """A place of its own: process group, standard streams, temporary files, limits."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    null = os.open(os.devnull, os.O_RDWR)
    errors = os.open(folder / "stderr", os.O_RDWR | os.O_CREAT | os.O_APPEND)
    for number, file in ((0, null), (1, null), (2, errors)):
        os.dup2(file, number)
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    if sys.platform != "win32":
        os.setpgrp()  # so that what the child starts can be killed with it
        # Soft limits only: a converter that the child starts may need more, and raises its own.
        for what, limit in (
            (resource.RLIMIT_AS, budget.memory),
            (resource.RLIMIT_FSIZE, budget.written),
            (resource.RLIMIT_CORE, 0),
        ):
            _soften(what, limit)


def _limit_cpu(budget: Budget) -> None:
    """A second line behind the parent's clock, for when the parent is gone."""
    if sys.platform != "win32":
        usage = resource.getrusage(resource.RUSAGE_SELF)
        _soften(resource.RLIMIT_CPU, int(usage.ru_utime + usage.ru_stime + budget.cpu) + 1)


def _soften(what: int, limit: int) -> None:
    if sys.platform != "win32":
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def _peak() -> int:
    """The most memory that this process ever held, in bytes; 0 where the system does not say."""
    if sys.platform == "win32":
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
