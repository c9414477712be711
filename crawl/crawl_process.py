"""The process that crawls: Scrapy's reactor can be started only once in a process."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
import threading
from typing import Any

from gongkai.crawl.site import BadAddress
from gongkai.run.lock import Busy
from gongkai.user_toml import BadToml

#: exit code of the child when it refuses an order; standard error says why
REFUSED = 3


def main() -> None:
    """Read an order, a line of JSON, from standard input; crawl until done, or until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent receives Ctrl-C too, and sends SIGTERM
    # unbuffered: at exit, Python would wait for the buffer's lock, which the thread below holds
    with open(0, "rb", buffering=0, closefd=False) as orders:
        order = json.loads(orders.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # Loading Scrapy takes a second. From the first moment on this process must leave Ctrl-C to its
    # parent and end when the parent does.
    from gongkai.crawl import crawl_night, try_page

    try:
        if order["do"] == "try":
            result: Any = try_page.preview(order)
        else:
            result = crawl_night.crawl_archive(order)
    except (BadAddress, BadToml, Busy, OSError, sqlite3.Error) as error:
        sys.stderr.write(f"{error}\n")
        sys.stderr.flush()
        os._exit(REFUSED)
    sys.stdout.write(json.dumps(result))
    sys.stdout.flush()


def _end_with_parent() -> None:
    """End when standard input is closed: the parent was killed."""
    while os.read(0, 1024):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
