"""Files to packed Reports, by child processes of which each may be killed."""

from __future__ import annotations

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
from typing import Any

from gongkai import extract
from gongkai.run.discover import Input, signature
from gongkai.run.gone import failed
from gongkai.run.heartbeat import Heartbeat
from gongkai.run.result_store import kept
from gongkai.run.worker import MEMORY_EXIT, Budget, main

# Files given to a child at a time: one to read, one to go on with while we are busy writing.
AHEAD = 2

# Of files that LibreOffice converts so many are given together, looked for among so many of the next
# ones. By bench/legacy.py a file then takes a sixth of the time; more of them gain little.
TOGETHER, LOOK_AHEAD = 12, 64

# A child that says nothing for this many seconds before its first document will never say anything.
START_SECONDS = 120.0

# So many children in a row that end before their first document are no accident.
STILLBORN = 3

# How long a child may take to end once it has closed its connection.
DYING_SECONDS = 5.0

# How long the pool listens to its children before it looks whether the run is to end.
CHECK_SECONDS = 1.0

# The environment belongs to all threads: only one of them starts a child at a time.
_STARTING = Lock()

# How much of a dead child's last words is read, in bytes.
LAST_WORDS = 8_192


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one file: its Reports as `shard.kept` has them, their statuses, and the hash of the file.

    `signature` is what told the file before it was read; `lost` says that its process was
    ended, which more time or memory may change.
    """

    number: int
    packed: tuple[bytes, ...]
    statuses: tuple[str, ...]
    sha256: str
    signature: str
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Work:
    """A file to read; what told it apart when it was given out; how often its process was killed from outside."""

    number: int
    input: Input
    signature: str = ""
    killed: int = 0


@dataclass(slots=True, eq=False)
class _Child:
    """A child process and what we know of it. `given` are files it holds, of which it may have begun the first.

    `heard` is when it was last known to get on, `looked` when we last asked; of `begun` documents
    it has `finished` all or all but one.
    """

    process: BaseProcess
    connection: Connection
    clock: Heartbeat
    folder: Path
    heard: float
    looked: float
    given: deque[Work] = field(default_factory=deque)
    begun: int = 0
    finished: int = 0

    @property
    def running(self) -> Work | None:
        """The document that it reads, as far as we know."""
        return self.given[0] if self.given and self.begun > self.finished else None

    def look(self) -> None:
        """Look up what it is at."""
        self.looked = time.monotonic()
        self.begun, told = self.clock.look()
        self.heard = max(self.heard, min(told, self.looked))  # nothing was told in the future


class _Queue:
    """Files that wait to be read, taken from their source one at a time; true while there is one."""

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
        """The one that `take` takes; there must be one."""
        return self._next[0]

    def take(self) -> Work:
        """The next one, with what tells it apart now."""
        work = self._next.popleft()
        return replace(work, signature=signature(work.input.path))

    def take_alike(self, alike: Callable[[Work], bool], shares: int) -> list[Work]:
        """Of the next ones those for which `alike` is true, as many as one of so many shares should have.

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
        """These are next."""
        self._next.extendleft(reversed(list(work)))


class Pool:
    """Child processes that read files. Closing the pool kills them all.

    A file whose process is killed from outside is read once more before it is given up.
    """

    def __init__(
        self, workers: int, reader: str, options: object, budget: Budget, check: Callable[[], None]
    ) -> None:
        """`check` is called about every second and may raise, which ends the reading."""
        self._check = check
        self._context = context(reader.partition(":")[0])
        self._workers, self._reader, self._options, self._budget = workers, reader, options, budget
        self._quiet = min(CHECK_SECONDS, budget.seconds)
        self._children: list[_Child] = []
        self._folder = Path(tempfile.mkdtemp(prefix="gongkai-"))
        self._started = self._stillborn = 0

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        for child in self._children:
            _kill(child)
            child.clock.close()
        self._children.clear()
        shutil.rmtree(self._folder, ignore_errors=True)

    def results(self, inputs: Iterable[tuple[int, Input]]) -> Iterator[Result]:
        """One Result for each numbered input, as they come; inputs are taken as they are needed.

        Raises RuntimeError where children die before they read anything.
        """
        waiting = _Queue(inputs)
        while waiting or any(child.given for child in self._children):
            self._check()
            self._employ(waiting)
            ready = set(wait([child.connection for child in self._children], self._patience()))
            for child in list(self._children):
                if child.connection in ready:
                    yield from self._hear(child, waiting)
            for child in list(self._children):
                if self._is_late(child):
                    yield from self._bury(child, waiting, late=True)

    def _employ(self, waiting: _Queue) -> None:
        """Start children as far as there is work, and give every one its share, in turn."""
        while waiting and len(self._children) < self._workers and all(c.given for c in self._children):
            self._children.append(self._start())
            self._give(self._children[-1], waiting)
        for share in range(AHEAD):
            for child in self._children:
                if waiting and len(child.given) == share:
                    self._give(child, waiting)

    def _give(self, child: _Child, waiting: _Queue) -> None:
        """The next file; of an old format several, because LibreOffice takes most of its time to start."""
        if _converted(waiting.next):
            works = waiting.take_alike(_converted, self._workers)
        else:
            works = [waiting.take()]
        ahead = [os.fspath(work.input.path) for work in works] if len(works) > 1 else []
        for work in works:
            child.given.append(work)
            # It may have just ended: we hear that next, and the file is given to another.
            with suppress(OSError):
                # as text: a path takes longer to pack
                child.connection.send((os.fspath(work.input.path), work.input.name, ahead))
            ahead = []

    def _start(self) -> _Child:
        folder = self._folder / str(self._started)
        folder.mkdir()
        clock = Heartbeat(folder)
        clock.tell()  # nothing begun
        self._started += 1
        ours, theirs = multiprocessing.Pipe()
        arguments = (theirs, self._reader, self._options, self._budget, folder)
        process = self._context.Process(target=main, args=arguments, daemon=True)
        start(process)
        theirs.close()
        now = time.monotonic()
        return _Child(process, ours, clock, folder, now, now)

    def _is_late(self, child: _Child) -> bool:
        """Whether a child has had its time. It is asked only now and then, and before it is found late."""
        now = time.monotonic()
        if now > child.looked + self._quiet or now > self._deadline(child):
            child.look()
        return now > self._deadline(child)

    def _deadline(self, child: _Child) -> float:
        if not child.given:
            return float("inf")
        return child.heard + (START_SECONDS if child.running is None else self._budget.seconds)

    def _patience(self) -> float:
        """Seconds until the next child is late, or until the next look at whether the run is to end."""
        deadline = min((self._deadline(child) for child in self._children), default=float("inf"))
        return min(self._quiet, max(0.0, deadline - time.monotonic()))

    def _hear(self, child: _Child, waiting: _Queue) -> Iterator[Result]:
        """What a child says: the result of the document that it had."""
        try:
            message = child.connection.recv_bytes()
        except (EOFError, OSError):
            yield from self._bury(child, waiting, late=False)
        else:
            yield self._finish(child, message)

    def _finish(self, child: _Child, message: bytes) -> Result:
        work = child.given.popleft()
        line, _, data = message.partition(b"\n")
        told: dict[str, Any] = json.loads(line)
        ends = list(accumulate(told["lengths"]))
        packed = tuple(data[start:end] for start, end in zip([0, *ends], ends, strict=False))
        result = Result(work.number, packed, tuple(told["statuses"]), told["sha256"], work.signature)
        child.finished += 1
        child.heard = child.looked = time.monotonic()
        self._stillborn = 0
        return result

    def _bury(self, child: _Child, waiting: _Queue, *, late: bool) -> Iterator[Result]:
        """End a child that is late or dead.

        What it was reading has failed; what it had not begun goes back.
        """
        if not late:
            child.process.join(DYING_SECONDS)  # its own exit code, not that of our kill
        _kill(child)
        child.look()
        self._children.remove(child)
        child.clock.close()
        words = _last_words(child.folder)
        shutil.rmtree(child.folder, ignore_errors=True)
        running = child.running
        if running is not None:
            child.given.popleft()
        elif child.finished == 0:
            self._stillborn += 1
            if self._stillborn >= STILLBORN:
                raise RuntimeError(
                    f"no child process can be started; the last one said: {words or 'nothing'}"
                )
        waiting.give_back(child.given)
        if running is None:
            return
        if not late and child.process.exitcode == -signal.SIGKILL and not running.killed:
            # By the system that ran out of memory, or by somebody: once may be no fault of the file's.
            waiting.give_back([replace(running, killed=1)])
            return
        code, message = _verdict(child.process.exitcode, words, self._budget, late=late)
        report = failed(running.input.path, running.input.name, code, message)
        packed, sha256 = tuple(kept((report,))), report.source.sha256
        yield Result(running.number, packed, ("failed",), sha256, running.signature, lost=True)


def _converted(work: Work) -> bool:
    return extract.needs_conversion(work.input.path)


def context(module: str) -> ForkServerContext | SpawnContext:
    """A way of starting processes that inherit no locks and no open files.

    A fork server loads what reading takes once, so that a child that was killed is replaced in
    milliseconds. It is started by this.
    """
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["gongkai.run.preload" if module == "gongkai.pipeline" else module])
    with _safe_path():
        ensure_running()  # now: it loads while the caller does
    return context


def start(process: BaseProcess) -> None:
    """Start a child. A fork server that has died is started again by this, and on Windows Python itself."""
    with _safe_path():
        process.start()


@contextmanager
def _safe_path() -> Iterator[None]:
    """Python that is started meanwhile runs no file of the current folder.

    multiprocessing starts its fork server, its resource tracker and spawned children as `python -c`, which
    looks for modules in the current folder first, even for Python's own. Afterwards the variable is as it
    was: a script of the user's that a night calls may import what lies beside it.
    """
    with _STARTING:
        before = os.environ.get("PYTHONSAFEPATH")
        os.environ["PYTHONSAFEPATH"] = "1"
        try:
            yield
        finally:
            if before is None:
                del os.environ["PYTHONSAFEPATH"]
            else:
                os.environ["PYTHONSAFEPATH"] = before


def _verdict(exitcode: int | None, words: str, budget: Budget, *, late: bool) -> tuple[str, str]:
    """Why a child ended: the finding's code and message."""
    memory = "memory", f"needs more than {budget.memory // 2**20} MiB of memory"
    if late:
        return "timeout", f"not read after {budget.seconds:g} seconds"
    if exitcode == MEMORY_EXIT or words.startswith("MemoryError"):
        return memory
    if exitcode is not None and exitcode < 0:
        name = signal.Signals(-exitcode).name
        if name == "SIGKILL":  # not by us
            return "memory", "killed by the system twice, as when its memory runs out"
        if name == "SIGXCPU":
            return "timeout", f"not read after {budget.cpu:g} seconds of computing"
        return "crashed", f"the reader was stopped by {name}; it may have run out of memory"
    bug = words or f"the reader ended with exit code {exitcode}"
    return "crashed", f"a bug in gongkai, please report it with the file: {bug}"


def _last_words(folder: Path) -> str:
    """The exception that ended a child and where it was raised, as its traceback tells.

    The same for the same file on any machine: no folders, no addresses in memory.
    """
    path = folder / "stderr"
    if not path.exists():
        return ""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - LAST_WORDS))
        text = file.read().decode("utf-8", "replace").rstrip()
    frames = re.findall(r'File "([^"]+)", line (\d+)', text)
    where = f" ({'/'.join(Path(frames[-1][0]).parts[-2:])}, line {frames[-1][1]})" if frames else ""
    last = text.rpartition("\n")[2]
    return re.sub(r"0x[0-9a-fA-F]{6,}", "0x…", last) + where if last else ""


# Ending a child ------------------------------------------------------------------------------


def _kill(child: _Child) -> None:
    """Kill a child and whatever it started, and wait until it is gone."""
    child.connection.close()
    pid = child.process.pid
    if pid is not None and hasattr(os, "killpg"):
        for descendant in _descendants(pid):
            with suppress(ProcessLookupError, PermissionError):
                os.kill(descendant, signal.SIGKILL)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
    child.process.kill()
    child.process.join()


def _descendants(pid: int) -> list[int]:
    """Processes that a process started, and those that they started: also those in a group of their own.

    Only Linux tells, in /proc; elsewhere none.
    """
    children: dict[int, list[int]] = {}
    # listed by name: `glob` looks at each by itself, and raises where one has ended meanwhile
    for name in filter(str.isdecimal, os.listdir("/proc") if os.path.isdir("/proc") else ()):
        try:
            # pid (name) state parent …; the name may hold anything (proc(5))
            stat = Path("/proc", name, "stat").read_text("utf-8", "replace")
            parent = int(stat.rpartition(")")[2].split()[1])
        except OSError:  # ended meanwhile
            continue
        children.setdefault(parent, []).append(int(name))
    result: list[int] = []
    pending = [pid]
    while pending:
        found = children.get(pending.pop(), [])
        result += found
        pending += found
    return result
