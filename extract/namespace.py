"""A process in a namespace of its own, where the system allows it: without a network, or with all that it starts."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import tempfile
from functools import cache, partial
from pathlib import Path

# From Linux's sched.h; Python has os.unshare from 3.12 on.
_NEW_USER, _NEW_NETWORK, _NEW_PROCESSES = 0x10000000, 0x40000000, 0x20000000


def can_go_offline() -> bool:
    """Whether `go_offline` works here: on Linux, as root or where every user may create a user namespace."""
    return _can_enter(_NEW_NETWORK)


def go_offline() -> None:
    """Cuts this process and all its future children off the network. Raises OSError where that is forbidden."""
    _enter(_NEW_NETWORK)


def can_hold_children() -> bool:
    """Whether `hold_children` works here; the same systems as `can_go_offline`, mostly."""
    return _can_enter(_NEW_PROCESSES)


def hold_children() -> None:
    """The next child of this process is the first of a process namespace, in which all its children live from now on.

    When that first one ends, the system kills all others. Afterwards this process can start no thread.
    Raises OSError where it is forbidden.
    """
    _enter(_NEW_PROCESSES)


@cache
def _can_enter(kind: int) -> bool:
    """Whether a child process enters a namespace, starts a process in it and writes a file there: some systems forbid that then."""
    if sys.platform != "linux":
        return False
    with tempfile.TemporaryDirectory(prefix="gongkai-") as name:
        written = Path(name) / "written"
        try:
            subprocess.run(
                ["/bin/sh", "-c", '(: > "$0"); :', str(written)],
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                preexec_fn=partial(_enter, kind),
            )
        except (OSError, subprocess.SubprocessError):
            return False
        return written.exists()


def _enter(kind: int) -> None:
    """Make a namespace for this process, in a user namespace of its own where it is not root's."""
    user, group = os.getuid(), os.getgid()
    system = ctypes.CDLL(None, use_errno=True)
    if system.unshare(kind) == 0:  # root
        return
    if system.unshare(_NEW_USER | kind) != 0:
        raise OSError(ctypes.get_errno(), "cannot create a namespace")
    # In a new user namespace a process has no user until its ids are mapped, and may create no file.
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        Path(f"/proc/self/{name}").write_text(text, "ascii")
