"""Imported by every fork server last: its workers and all that they start end with it, which ends with the run."""

import os

from gongkai.run.child.namespace_first import hold_children

#: the process that stands for all of them; empty where there is none, and in the workers
_first = [number for number in [hold_children()] if number is not None]


def _end_without_first() -> None:
    """Nothing can be started in a namespace whose first process was killed: the pool starts another fork server."""
    for number in _first:
        try:
            os.kill(number, 0)
            gone = os.waitpid(number, os.WNOHANG)[0] == number
        except (ProcessLookupError, ChildProcessError):
            gone = True
        if gone:
            os._exit(1)


# A worker starts processes too, and in its namespace the number is another one's or nobody's.
os.register_at_fork(before=_end_without_first, after_in_child=_first.clear)
