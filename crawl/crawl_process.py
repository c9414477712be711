"""The process that crawls: Scrapy's reactor cannot be started twice in one."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
import threading
import time
from pathlib import Path
from typing import Any

from gongkai.crawl.site import BadAddress, load
from gongkai.run.lock import Busy, locked
from gongkai.user_toml import BadToml

#: exit codes of the child: it says why on standard error
REFUSED = 3
#: seconds to wait for a crawl of the same archive that was just killed
_LINGER = 2.0


def main() -> None:
    """Read an order, a line of JSON, from standard input; crawl until done, or until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it too, and says SIGTERM
    # unbuffered: a buffer's lock, held by the thread below, is in the way when Python ends
    with open(0, "rb", buffering=0, closefd=False) as orders:
        order = json.loads(orders.readline())
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    try:
        if order["do"] == "try":
            from gongkai.crawl.try_page import attempt

            found: Any = attempt(order)
        else:
            found = crawl_archive(order)
    except (BadAddress, BadToml, Busy, OSError, sqlite3.Error) as error:
        sys.stderr.write(f"{error}\n")
        sys.stderr.flush()
        os._exit(REFUSED)
    sys.stdout.write(json.dumps(found))
    sys.stdout.flush()


def _end_with_the_parent() -> None:
    """A parent that is killed closes our standard input; nobody is left to tell."""
    while os.read(0, 1024):
        pass
    os._exit(1)


def crawl_archive(order: dict[str, Any]) -> dict[str, Any]:
    """Crawl, once in this process. Raises BadToml, Busy, OSError, sqlite3.Error."""
    from gongkai.crawl.crawl_night import CrawlNight, CrawlOptions, open_archive
    from gongkai.crawl.http import spider

    sites = load(Path(order["sites"]))
    folder = Path(order["to"])
    folder.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + _LINGER
    while True:
        try:
            with locked(folder / "lock", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())):
                archive, state = open_archive(folder)
                choices = CrawlOptions(order["allow_private"], order["recheck"], order["warc"])
                night = CrawlNight(sites, archive, state, choices)
                chosen = spider.settings(sites.manners, order["version"], order["allow_private"])
                spider.run(night.work, chosen)
                found = night.finish()
                state.close()
                return found
        except Busy:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


if __name__ == "__main__":
    main()
