"""A process without a network, where the system allows it: in an empty network namespace of its own."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

# From Linux's sched.h; Python has os.unshare from 3.12 on.
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000


@cache
def can_go_offline() -> bool:
    """Whether `go_offline` works here: on Linux, as root or where every user may create a user namespace.

    Some systems allow the namespace and then forbid writing files in it, so a child process tries both.
    """
    if sys.platform != "linux":
        return False
    with tempfile.TemporaryDirectory(prefix="gongkai-") as name:
        written = Path(name) / "written"
        try:
            subprocess.run(
                ["/bin/sh", "-c", ': > "$0"', str(written)],
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                preexec_fn=go_offline,
            )
        except (OSError, subprocess.SubprocessError):
            return False
        return written.exists()


def go_offline() -> None:
    """Cuts this process and all its future children off the network. Raises OSError where that is forbidden."""
    user, group = os.getuid(), os.getgid()
    system = ctypes.CDLL(None, use_errno=True)
    if system.unshare(_NEW_NETWORK) == 0:  # root
        return
    if system.unshare(_NEW_USER | _NEW_NETWORK) != 0:
        raise OSError(ctypes.get_errno(), "cannot create a network namespace")
    # In a new user namespace a process has no user until its ids are mapped, and may create no file.
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        Path(f"/proc/self/{name}").write_text(text, "ascii")
