"""The first process of a namespace: all that a process starts ends with it, however it loses its parents. Linux only."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

from gongkai import extract

#: From Linux's prctl.h.
_SET_PARENT_DEATH_SIGNAL = 1
_OPEN_FILES = 4_096


def hold_children() -> int | None:
    """From now on what this process starts, directly or not, is killed by the system when this process ends.

    The number of the process that stands for it, which ends with this one; None where the system has no process
    namespaces for us. Call it when all is loaded: this process can start no thread afterwards.
    """
    if not extract.can_hold_children():
        return None
    ours, theirs = os.pipe()
    try:
        extract.hold_children()
    except OSError:  # the user has as many namespaces as the system allows
        os.close(ours)
        os.close(theirs)
        return None
    first = os.fork()
    if first == 0:
        _wait_for_parent(ours)
    os.close(ours)
    os.write(theirs, b"x")
    os.close(theirs)
    return first


def _wait_for_parent(told: int) -> None:
    """End when the parent ends. Others of the namespace cannot send a signal to its first process."""
    if sys.platform != "linux":
        return
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        # of a terminal, say; and where children are ignored, the system buries them
        if number < signal.SIGRTMIN:
            signal.signal(number, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    # pipes of which the parent's end must be the last. Not by closerange(0, 0), which closes all files there are:
    # the pipe is the first of them where standard input was closed.
    if told > 0:
        os.closerange(0, told)
    os.closerange(told + 1, _OPEN_FILES)
    if not os.read(told, 1):
        os._exit(0)  # the parent ended before it was watched
    while True:
        signal.pause()
