"""The limits that a child sets itself before it reads a file from a stranger. A command starts with this module: it is light.

Soft limits only: a converter that the child starts may need more, and raises its own. Windows has none.
"""

from __future__ import annotations

import sys

if sys.platform != "win32":
    import resource

#: The exit code of a child that ran out of memory; Python itself does not use it.
MEMORY_EXIT = 77


def limit_space(memory: int, written: int) -> None:
    """Limit this process to so many bytes of address space and of a file that it writes, and to no core dump."""
    if sys.platform != "win32":
        _set(resource.RLIMIT_AS, memory)
        _set(resource.RLIMIT_FSIZE, written)
    limit_core()


def limit_core() -> None:
    """Let this process leave no core dump."""
    if sys.platform != "win32":
        _set(resource.RLIMIT_CORE, 0)


def limit_computing(seconds: float) -> None:
    """Limit this process to so many more seconds of computing."""
    if sys.platform != "win32":
        used = resource.getrusage(resource.RUSAGE_SELF)
        _set(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime + seconds) + 1)


def _set(what: int, limit: int) -> None:
    if sys.platform != "win32":
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
