"""The process that reads for `gongkai.read`: python -P -m gongkai.run.child.limited_process DESCRIPTOR.

Not by multiprocessing, whose children run the caller's script again: a script that calls `gongkai.read`
need not stand under `if __name__ == "__main__":`.
"""

from __future__ import annotations

import sys
from multiprocessing.connection import Connection

from gongkai.run.worker import main as read_documents


def main() -> None:
    """Take the reader, its options and limits from the connection, then one document after the other."""
    connection = Connection(int(sys.argv[1]))
    reader, options, budget, folder = connection.recv()
    read_documents(connection, reader, options, budget, folder)


if __name__ == "__main__":
    main()
