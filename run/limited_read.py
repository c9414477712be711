"""One file → its report, read in a child process with the limits of a run: what `gongkai.read` is."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import fields, replace
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock

import gongkai
from gongkai import pipeline
from gongkai.model import Limits, Report
from gongkai.pipeline import DEFAULTS, Options, ReadReport
from gongkai.run import BUDGET, READER
from gongkai.run.discover import Input
from gongkai.run.pool import Pool
from gongkai.run.results.result_store import unpack
from gongkai.run.worker import Budget

_PLAIN = Limits()
#: What the child runs: folders are added behind those of Python, so that nothing in them stands for a module of it.
_PROGRAM = """
import sys
sys.path += [folder for folder in sys.argv[2:] if folder not in sys.path]
from gongkai.run.child.limited_process import main
main()
"""


def read(path: str | Path, options: Options = DEFAULTS, *, limited: bool = True) -> ReadReport:
    """The report in one file. A file that cannot be read gives a Report of status "failed".

    It is read in a child process, which stays for the next call (some 150 MB) and ends with this one: a file that takes
    more than 60 seconds or 2 GiB, or that ends its reader, is a Report of status "failed" (`timeout`, `memory`,
    `crashed`). With `limited=False` it is read in this process: faster for one small file, and a file made to harm
    may take all memory, take for ever or end Python. So it is read on Windows always.
    """
    if not limited or sys.platform == "win32":
        return pipeline.read(path, options)
    report = CHILD.read(Path(path), options)
    return ReadReport(*(getattr(report, f.name) for f in fields(Report)))


class ScriptProcess:
    """A child process as a Pool wants it, started as a program of its own."""

    def __init__(self, connection: Connection, order: tuple[object, ...]) -> None:
        self._connection, self._order = connection, order
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, ours: Connection) -> None:
        """Start it and send its order through our end of the connection."""
        number = self._connection.fileno()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _PROGRAM, str(number), *_found_in()],
            pass_fds=(number,),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        with suppress(OSError):  # it has just died: the pool notices that next
            ours.send(self._order)

    @property
    def pid(self) -> int | None:
        """Its number; None before it is started."""
        return None if self._process is None else self._process.pid

    @property
    def exitcode(self) -> int | None:
        """How it ended, minus the signal that ended it; None while it runs."""
        return None if self._process is None else self._process.poll()

    def kill(self) -> None:
        """Kill it."""
        if self._process is not None:
            self._process.kill()

    def join(self, timeout: float | None = None) -> None:
        """Wait until it has ended, or for so many seconds."""
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout)


def _found_in() -> list[str]:
    """The folder in which Python found us, for the child; none where that is a checkout of another name.

    Python has a hook of its own for such a one. What lies beside it is not ours, and may bear the names of modules.
    """
    ours = Path(gongkai.__path__[0])
    return [str(ours.parent)] if ours.name == gongkai.__name__ else []


class _ReadingChild:
    """The child of this process that reads, started when it is first needed; another one where the options differ."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._pool: Pool | None = None
        self._made_for: tuple[int, Options, Budget] | None = None

    def read(self, path: Path, options: Options) -> Report:
        options = replace(
            options, limits=replace(options.limits, after_page=_PLAIN.after_page, converted=None)
        )
        with self._lock:
            pool = self._get(options)
            try:
                (result,) = pool.results([(1, Input(path, path.name))])
            except BaseException:
                self.close()  # what it is at now is nobody's any more
                raise
        return unpack(result.packed[0])

    def _get(self, options: Options) -> Pool:
        wanted = os.getpid(), options, BUDGET
        if self._pool is None or self._made_for != wanted:
            if (
                self._made_for is not None and self._made_for[0] == os.getpid()
            ):  # a fork has its parent's child
                self.close()
            self._pool = Pool(1, READER, options, BUDGET, _do_nothing, launch=ScriptProcess)
            self._made_for = wanted
        return self._pool

    def close(self) -> None:
        """End the child."""
        if self._pool is not None and self._made_for is not None and self._made_for[0] == os.getpid():
            self._pool.__exit__()
        self._pool = self._made_for = None


def _do_nothing() -> None:
    pass


#: the child of this process
CHILD = _ReadingChild()
atexit.register(CHILD.close)
