"""Files → packed Reports, by worker processes that may be killed one by one."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import re
import shutil
import signal
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import accumulate, islice
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.forkserver import ensure_running
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Protocol

from gongkai import extract
from gongkai.model import Report, Source
from gongkai.run.child.heartbeat import Heartbeat
from gongkai.run.child.processes import (
    ChildProcess,
    computing_seconds,
    end,
    kill_all,
    kill_orphans,
    marked,
    parent_of,
)
from gongkai.run.child.temporary_folder import TemporaryFolder, folder_of_process
from gongkai.run.discover import Input, signature
from gongkai.run.results.result_store import pack_reports
from gongkai.run.worker import Budget, main
from gongkai.soft_limits import MEMORY_EXIT

# Files assigned to a worker at a time: one to read, and the next one while the parent is busy writing.
AHEAD = 2

# Files that LibreOffice converts are assigned together: so many, looked for among so many of the next files.
# By bench/legacy.py a file then takes a sixth of the time; larger numbers gain little.
TOGETHER, LOOK_AHEAD = 12, 64

# A worker that shows no sign of life for this many seconds before its first document never will.
START_SECONDS = 120.0

# So many workers in a row that end before their first document are no accident.
MOST_FAILED_STARTS = 3

# How long a worker may take to exit once it has closed its connection.
EXIT_SECONDS = 5.0

# How often a child is tried to be started while a fork server ends, and how long it is waited between.
STARTS, RESTART_SECONDS = 20, 0.1

# How often the pool checks whether the run is to end.
CHECK_SECONDS = 1.0

# A file whose worker was killed from outside so often has failed.
MOST_KILLED = 3

# The path of a socket has 108 bytes at the most (104 on macOS), of which multiprocessing adds some 30 and our folder 17.
LONGEST_SOCKET_FOLDER = 47

# The environment belongs to all threads: only one of them starts a child at a time.
_STARTING = Lock()

# A child that is late and computed less than this share of its seconds was kept waiting, by other
# programs or by a slow disk, or waits for something: it is tried again, alone.
LITTLE = 0.5

# It then has as much more time as its processor was shared by, if it had at least this share of one: a child that had
# less waits for something that no processor gives.
LEAST = 0.1

# How much of the end of a dead worker's stderr is read.
STDERR_BYTES = 8_192


class Launched(ChildProcess, Protocol):
    """A child that is a program of its own."""

    def start(self, ours: Connection) -> None: ...


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one file: its packed Reports, their statuses, and the hash of the file.

    `signature` is that of the file before it was read. `lost` means that its worker was killed or
    died, which more time or memory may prevent; `doubtful` that it was late and hardly computed, also alone:
    the machine is loaded, and the next run tries again.
    """

    number: int
    packed: tuple[bytes, ...]
    statuses: tuple[str, ...]
    sha256: str
    signature: str
    lost: bool = False
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Work:
    """A file to read, its signature when it was assigned, and how often its worker was killed from outside.

    `alone`: it was late without computing much, or killed twice, and is tried again when all others are done.
    `patience`: how many times its seconds it has then.
    """

    number: int
    input: Input
    signature: str = ""
    killed: int = 0
    alone: bool = False
    patience: float = 1.0


@dataclass(slots=True, eq=False)
class _Child:
    """A worker process as the pool sees it. It may have begun the first of the files `assigned` to it.

    `last_sign` is the time of its last known progress, `last_look` that of our last look at its heartbeat.
    Of the documents that it has `begun`, it has `finished` all or all but one. `computed` are its seconds of
    computing at its last sign of life.
    """

    process: ChildProcess
    connection: Connection
    heartbeat: Heartbeat
    folder: Path
    last_sign: float
    last_look: float
    assigned: deque[Work] = field(default_factory=deque)
    begun: int = 0
    finished: int = 0
    computed: float = 0.0

    @property
    def current(self) -> Work | None:
        """The document that it is reading, as far as we know."""
        return self.assigned[0] if self.assigned and self.begun > self.finished else None

    def end(self) -> None:
        """Kill it and everything that it started, and wait until it is gone."""
        self.connection.close()
        end(self.process, self.folder)

    def look(self) -> None:
        """Read its heartbeat."""
        self.last_look = time.monotonic()
        self.begun, beat, computed = self.heartbeat.read()
        if beat > self.last_sign:
            self.last_sign, self.computed = min(beat, self.last_look), computed  # no beat is from the future


class _Queue:
    """The files that wait to be read, taken from their source one at a time; true while there is one."""

    def __init__(self, inputs: Iterable[tuple[int, Input]]) -> None:
        self._inputs = iter(inputs)
        self._next: deque[Work] = deque()

    def __bool__(self) -> bool:
        if not self._next:
            for number, input in self._inputs:
                self._next.append(Work(number, input))
                break
        return bool(self._next)

    @property
    def next(self) -> Work:
        """The file that `take` would return; there must be one."""
        return self._next[0]

    def take(self) -> Work:
        """Take the next file, with its signature as it is now."""
        work = self._next.popleft()
        return replace(work, signature=signature(work.input.path))

    def take_alike(self, alike: Callable[[Work], bool], shares: int) -> list[Work]:
        """Take one share of those of the next files for which `alike` is true.

        The others keep their place.
        """
        for number, input in islice(self._inputs, max(0, LOOK_AHEAD - len(self._next))):
            self._next.append(Work(number, input))
        found = [work for work in islice(self._next, LOOK_AHEAD) if alike(work)]
        found = found[: min(TOGETHER, -(-len(found) // shares))]
        for work in found:
            self._next.remove(work)
        return [replace(work, signature=signature(work.input.path)) for work in found]

    def give_back(self, work: Iterable[Work]) -> None:
        """Put files back in front."""
        self._next.extendleft(reversed(list(work)))


class Pool:
    """Worker processes that read files. Closing the pool kills them all.

    A file whose worker is killed from outside is read once more, and then alone, before it counts as failed.
    """

    def __init__(
        self,
        workers: int,
        reader: str,
        options: object,
        budget: Budget,
        check: Callable[[], None],
        launch: Callable[[Connection, tuple[object, ...]], Launched] | None = None,
    ) -> None:
        """`check` is called about every second and may raise, which ends the reading.

        Children are forks of a server that has loaded what reading takes, or what `launch` makes of their end
        of a connection and of their order.
        """
        self._check = check
        self._launch = launch
        self._context = context(reader.partition(":")[0]) if launch is None else None
        self._workers, self._reader, self._options, self._budget = workers, reader, options, budget
        self._quiet = min(CHECK_SECONDS, budget.seconds)
        self._children: list[_Child] = []
        self._temporary = TemporaryFolder()
        self._folder = self._temporary.path
        self._again: list[Work] = []
        self._started = self._failed_starts = 0
        #: the process that forks the workers
        self._server: int | None = None

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._retire()
        kill_all(marked(self._folder))
        self._kill_orphans()
        self._temporary.remove()

    def _kill_orphans(self) -> None:
        """Kill what workers that died had started and left behind: their fork server has adopted it."""
        if self._server is None:
            return
        with _STARTING:  # a worker that is being forked is known as one when this is free
            known = {process.pid for process in multiprocessing.active_children() if process.pid is not None}
            kill_orphans(self._server, known)

    def _retire(self) -> None:
        """Kill all children."""
        for child in self._children:
            child.end()
            child.heartbeat.close()
        self._children.clear()

    def results(self, inputs: Iterable[tuple[int, Input]]) -> Iterator[Result]:
        """One Result for each numbered input, as they come; inputs are taken as they are needed.

        Raises RuntimeError where children die before they read anything.
        """
        yield from self._read(_Queue(inputs))
        if self._again:
            # what was late and hardly computed, or was killed twice, one after the other, with the machine to themselves
            self._retire()
            alone, many = _Queue(()), self._workers
            alone.give_back(self._again)
            self._again, self._workers = [], 1
            try:
                yield from self._read(alone)
            finally:
                self._workers = many

    def _read(self, waiting: _Queue) -> Iterator[Result]:
        while waiting or any(child.assigned for child in self._children):
            self._check()
            self._assign_work(waiting)
            ready = set(wait([child.connection for child in self._children], self._seconds_to_wait()))
            for child in list(self._children):
                if child.connection in ready:
                    yield from self._receive(child, waiting)
            for child in list(self._children):
                if self._is_late(child):
                    yield from self._end(child, waiting, late=True)

    def _assign_work(self, waiting: _Queue) -> None:
        """Start workers as long as there is work, and assign files to each in turn."""
        while waiting and len(self._children) < self._workers and all(c.assigned for c in self._children):
            self._children.append(self._start())
            self._assign(self._children[-1], waiting)
        for share in range(AHEAD):
            for child in self._children:
                if waiting and len(child.assigned) == share:
                    self._assign(child, waiting)

    def _assign(self, child: _Child, waiting: _Queue) -> None:
        """Assign the next file; several of an old format, because LibreOffice spends most of its time on starting."""
        if _needs_conversion(waiting.next):
            works = waiting.take_alike(_needs_conversion, self._workers)
        else:
            works = [waiting.take()]
        ahead = [os.fspath(work.input.path) for work in works] if len(works) > 1 else []
        for work in works:
            child.assigned.append(work)
            # It may have just died: we notice that next, and another worker gets the file.
            with suppress(OSError):
                # as text: a path takes longer to pack
                child.connection.send((os.fspath(work.input.path), work.input.name, ahead))
            ahead = []

    def _start(self) -> _Child:
        folder = self._folder / str(self._started)
        folder.mkdir()
        heartbeat = Heartbeat(folder)
        heartbeat.beat()  # nothing begun
        self._started += 1
        ours, theirs = multiprocessing.Pipe()
        arguments = (theirs, self._reader, self._options, self._budget, folder)
        process: ChildProcess
        if self._context is not None:
            process = forked = self._context.Process(target=main, args=arguments, daemon=True)
            start(forked)
            if sys.platform != "win32" and forked.pid is not None:
                self._server = parent_of(forked.pid) or self._server
        else:
            assert self._launch is not None
            process = launched = self._launch(theirs, arguments[1:])
            launched.start(ours)
        theirs.close()
        now = time.monotonic()
        return _Child(process, ours, heartbeat, folder, now, now)

    def _is_late(self, child: _Child) -> bool:
        """Whether a worker is over its time limit. Its heartbeat is read now and then, and before this is true."""
        now = time.monotonic()
        if now > child.last_look + self._quiet or now > self._deadline(child):
            child.look()
        return now > self._deadline(child)

    def _deadline(self, child: _Child) -> float:
        if not child.assigned:
            return float("inf")
        current = child.current
        return child.last_sign + (
            START_SECONDS if current is None else self._budget.seconds * current.patience
        )

    def _seconds_to_wait(self) -> float:
        """Seconds until the next worker is late, or until the next check whether the run is to end."""
        deadline = min((self._deadline(child) for child in self._children), default=float("inf"))
        return min(self._quiet, max(0.0, deadline - time.monotonic()))

    def _receive(self, child: _Child, waiting: _Queue) -> Iterator[Result]:
        """Receive the result of a worker's document, or notice that it died."""
        try:
            message = child.connection.recv_bytes()
        except (EOFError, OSError):
            yield from self._end(child, waiting, late=False)
        else:
            yield self._finish(child, message)

    def _finish(self, child: _Child, message: bytes) -> Result:
        work = child.assigned.popleft()
        line, _, data = message.partition(b"\n")
        summary: dict[str, Any] = json.loads(line)
        ends = list(accumulate(summary["lengths"]))
        packed = tuple(data[start:end] for start, end in zip([0, *ends], ends, strict=False))
        result = Result(work.number, packed, tuple(summary["statuses"]), summary["sha256"], work.signature)
        child.finished += 1
        child.last_sign = child.last_look = time.monotonic()
        self._failed_starts = 0
        return result

    def _try_again(self, work: Work, waiting: _Queue, *, killed: bool, idle: bool) -> bool:
        """Have a file read again, at once, or alone when all others are done; False where it has failed.

        Its worker was late without computing, or killed by the system that ran out of memory, or by somebody: once or
        twice may be no fault of the file's, but of what is read beside it.
        """
        killed = killed and work.killed < MOST_KILLED
        if killed and (work.killed == 1 or work.alone):
            waiting.give_back([work])
            return True
        if work.alone or not (killed or idle):
            return False
        self._again.append(replace(work, alone=True))
        return True

    def _end(self, child: _Child, waiting: _Queue, *, late: bool) -> Iterator[Result]:
        """Remove a worker that is late or dead.

        The file that it was reading has failed; those that it had not begun go back to the queue.
        """
        computed = None
        if late:
            computed = None if child.process.pid is None else computing_seconds(child.process.pid)
        else:
            child.process.join(EXIT_SECONDS)  # its own exit code, not that of our kill
        child.end()
        child.look()
        self._children.remove(child)
        if not late:
            self._kill_orphans()
        child.heartbeat.close()
        error = _read_last_error(child.folder)
        shutil.rmtree(child.folder, ignore_errors=True)
        current = child.current
        if current is not None:
            child.assigned.popleft()
        elif child.finished == 0:
            self._failed_starts += 1
            if self._failed_starts >= MOST_FAILED_STARTS:
                raise RuntimeError(
                    f"no child process can be started; the last one said: {error or 'nothing'}"
                )
        waiting.give_back(child.assigned)
        if current is None:
            return
        seconds = self._budget.seconds
        share = None if computed is None else (computed - child.computed) / (seconds * current.patience)
        idle = share is not None and share < LITTLE
        is_killed = not late and child.process.exitcode == -signal.SIGKILL
        patience = 1 / share if share is not None and LEAST < share < LITTLE else current.patience
        work = replace(current, killed=current.killed + is_killed, patience=patience)
        if self._try_again(work, waiting, killed=is_killed, idle=idle):
            return
        code, message = _verdict(child.process.exitcode, error, self._budget, late=late)
        report = _failed_report(current.input.path, current.input.name, code, message)
        packed, sha256 = tuple(pack_reports((report,))), report.source.sha256
        yield Result(current.number, packed, ("failed",), sha256, current.signature, lost=True, doubtful=idle)


def _failed_report(path: Path, name: str, code: str, message: str) -> Report:
    """A Report of status "failed" with one finding.

    It has the file's hash and size, which make its report_id, if the file can be opened.
    """
    sha256, size = "", 0
    if path.is_file():
        with path.open("rb") as file:
            sha256, size = hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size
    return Report.failed(Source(name, b"", sha256, size), code, message)


def _needs_conversion(work: Work) -> bool:
    return extract.needs_conversion(work.input.path)


def context(module: str) -> ForkServerContext | SpawnContext:
    """A way of starting processes that inherit no locks and no open files.

    A fork server loads what reading takes once, so that a child that was killed is replaced in
    milliseconds. It is started by this.
    """
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    loaded = "gongkai.run.child.preload" if module == "gongkai.pipeline" else module
    ours = "gongkai.run.child"
    context.set_forkserver_preload([f"{ours}.fork_server", loaded, f"{ours}.last_preload"])
    with _safe_path():
        ensure_running()  # now: it loads while the caller does
    return context


def start(process: BaseProcess) -> None:
    """Start a child. A fork server that has died is started again by this, and on Windows Python itself."""
    with _safe_path():
        for left in reversed(range(STARTS)):
            try:
                return process.start()
            except (EOFError, OSError):  # the fork server is just ending: it was killed, or its namespace was
                if not left:
                    raise
                time.sleep(RESTART_SECONDS)


@contextmanager
def _safe_path() -> Iterator[None]:
    """Python that is started meanwhile runs no file of the current folder.

    multiprocessing starts its fork server, its resource tracker and spawned children as `python -c`, which
    looks for modules in the current folder first, even for Python's own. Afterwards the variable is as it
    was: a script of the user's that a night calls may import what lies beside it. The sockets that it makes
    lie in a folder of ours, which the next run removes where this process is killed.
    """
    with _STARTING:
        before = os.environ.get("PYTHONSAFEPATH")
        os.environ["PYTHONSAFEPATH"] = "1"
        place = tempfile.tempdir
        tempfile.tempdir = folder_of_process(_short_folder())
        try:
            yield
        finally:
            tempfile.tempdir = place
            if before is None:
                del os.environ["PYTHONSAFEPATH"]
            else:
                os.environ["PYTHONSAFEPATH"] = before


def _short_folder() -> str:
    """The temporary folder, or another one where its path is too long for the socket of a fork server."""
    usual = tempfile.gettempdir()
    if len(os.fsencode(usual)) <= LONGEST_SOCKET_FOLDER:
        return usual
    others = ("/tmp", "/var/tmp", "/dev/shm")
    return next((folder for folder in others if os.access(folder, os.W_OK | os.X_OK)), usual)


def _verdict(exitcode: int | None, error: str, budget: Budget, *, late: bool) -> tuple[str, str]:
    """Why a worker ended: the finding's code and message."""
    memory = "memory", f"needs more than {budget.memory // 2**20} MiB of memory"
    if late:
        return "timeout", f"not read after {budget.seconds:g} seconds"
    if exitcode == MEMORY_EXIT or error.startswith("MemoryError"):
        return memory
    if exitcode is not None and exitcode < 0:
        name = signal.Signals(-exitcode).name
        if name == "SIGKILL":  # not by us
            return "memory", "killed by the system three times, as when its memory runs out"
        if name == "SIGXCPU":
            return "timeout", f"not read after {budget.cpu:g} seconds of computing"
        return "crashed", f"the reader was stopped by {name}; it may have run out of memory"
    bug = error or f"the reader ended with exit code {exitcode}"
    return "crashed", f"a bug in gongkai, please report it with the file: {bug}"


def _read_last_error(folder: Path) -> str:
    """The exception that ended a worker and where it was raised, from its traceback.

    The same for the same file on any machine: no folders, no addresses in memory.
    """
    path = folder / "stderr"
    if not path.exists():
        return ""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - STDERR_BYTES))
        text = file.read().decode("utf-8", "replace").rstrip()
    frames = re.findall(r'File "([^"]+)", line (\d+)', text)
    where = f" ({'/'.join(Path(frames[-1][0]).parts[-2:])}, line {frames[-1][1]})" if frames else ""
    last = text.rpartition("\n")[2]
    return re.sub(r"0x[0-9a-fA-F]{6,}", "0x…", last) + where if last else ""
