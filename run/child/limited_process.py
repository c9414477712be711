"""The process that reads for `gongkai.read`; the descriptor of its connection is its first argument.

Not by multiprocessing, whose children run the caller's script again: a script that calls `gongkai.read`
need not stand under `if __name__ == "__main__":`.
"""

from __future__ import annotations

import os
import signal
import sys
from multiprocessing.connection import Connection

from gongkai.run.child.namespace_first import hold_children
from gongkai.run.child.processes import adopt_orphans, descendants, kill_all, own_number
from gongkai.run.worker import main as read_documents
from gongkai.soft_limits import limit_core


def main() -> None:
    """Start the process that reads, and end as it ends, after all that it started."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the caller's to handle
    adopt_orphans()
    hold_children()
    number = int(sys.argv[1])
    child = os.fork()
    if child == 0:
        return _read(Connection(number))
    os.close(number)  # that of the child is the last: where it ends, the caller is told
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    kill_all(descendants(own_number()))
    if code < 0:
        limit_core()
        os.kill(os.getpid(), -code)
    os._exit(code)


def _read(connection: Connection) -> None:
    """Take the reader, its options and limits from the connection, then one document after the other."""
    reader, options, budget, folder = connection.recv()
    read_documents(connection, reader, options, budget, folder)
