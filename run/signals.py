"""Signals that end a run like an exception, so that everything is cleared away."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Stop:
    """Whether a signal demands the end of the run. It is raised at once, and again by `check`.

    The second time is for an exception that was lost on its way, as may happen while an extension
    module is being imported (pyarrow takes a second): the run would go on.
    """

    def __init__(self) -> None:
        self._why: BaseException | None = None

    def check(self) -> None:
        """Raise what the signal asked for, if there was one."""
        if self._why is not None:
            raise self._why

    def _handle(self, number: int, frame: FrameType | None) -> None:
        self._why = KeyboardInterrupt() if number == signal.SIGINT else SystemExit(128 + number)
        raise self._why

    def signals(self) -> list[int]:
        """Those that are taken over: Python lets only the main thread do so; an own Ctrl-C of the caller stays."""
        if threading.current_thread() is not threading.main_thread():
            return []
        names = ("SIGTERM", "SIGHUP")
        found = [int(getattr(signal, name)) for name in names if hasattr(signal, name)]
        own = signal.getsignal(signal.SIGINT) is signal.default_int_handler
        return [*found, int(signal.SIGINT)] if own else found

    def take(self, number: int) -> None:
        """Listen to a signal."""
        signal.signal(number, self._handle)


@contextmanager
def stoppable() -> Iterator[Stop]:
    """SIGTERM, SIGHUP and SIGINT end what stands inside."""
    stop = Stop()
    before = [(number, signal.getsignal(number)) for number in stop.signals()]
    for number, _ in before:
        stop.take(number)
    try:
        yield stop
    finally:
        for number, handler in before:
            signal.signal(number, handler)
