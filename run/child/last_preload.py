"""Imported by every fork server last: its workers and all that they start end with it, which ends with the run."""

import os

from gongkai.run.child.namespace_first import hold_children

_server, _first = os.getpid(), hold_children()


def _end_without_first() -> None:
    """Nothing can be started in a namespace whose first process was killed: the pool starts another fork server."""
    if os.getpid() != _server or _first is None:
        return
    try:
        os.kill(_first, 0)
        gone = os.waitpid(_first, os.WNOHANG)[0] == _first
    except (ProcessLookupError, ChildProcessError):
        gone = True
    if gone:
        os._exit(1)


os.register_at_fork(before=_end_without_first)
