"""Call a function in a process of its own, which may be killed: it opens files from strangers."""

from __future__ import annotations

import importlib
from multiprocessing.connection import Connection, Pipe
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import Any

from gongkai.run.child.processes import end
from gongkai.run.child.temporary_folder import TemporaryFolder
from gongkai.run.pool import context, start
from gongkai.run.worker import Budget, isolate


class WorkerCall:
    """One child process for any number of calls; a new one replaces it when it dies or is late."""

    def __init__(self, function: str, budget: Budget) -> None:
        self._function, self._budget = function, budget
        self._temporary = TemporaryFolder()
        self._folder = self._temporary.path
        self._child: tuple[BaseProcess, Connection] | None = None

    def __enter__(self) -> WorkerCall:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._end()
        self._temporary.remove()

    def __call__(self, *arguments: Any) -> Any:
        """The result of the function, None where the process died or was late."""
        if self._child is None:
            self._child = self._start()
        connection = self._child[1]
        try:
            connection.send(arguments)
            if connection.poll(self._budget.seconds):
                return connection.recv()
        except (EOFError, OSError):
            pass
        self._end()
        return None

    def _start(self) -> tuple[BaseProcess, Connection]:
        ours, theirs = Pipe()
        arguments = (theirs, self._function, self._budget, self._folder)
        child = context(self._function.partition(":")[0]).Process(target=main, args=arguments, daemon=True)
        start(child)
        theirs.close()
        return child, ours

    def _end(self) -> None:
        if self._child is None:
            return
        child, connection = self._child
        self._child = None
        connection.close()
        end(child, self._folder)


def main(connection: Connection, function: str, budget: Budget, folder: Path) -> None:
    """Call "module:function" with what the parent sends, until it closes the connection."""
    isolate(folder, budget)
    module, _, name = function.partition(":")
    call = getattr(importlib.import_module(module), name)
    while True:
        try:
            arguments = connection.recv()
        except EOFError:
            return
        connection.send(call(*arguments))
