"""The web → an archive of reports. The only part of Gongkai that touches the network.

sites.toml → list pages → reports' pages → files, kept under their hash. What is published now lies in
ARCHIVE/current, for `gongkai run`; what a night did, in ARCHIVE/crawl.json.
"""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from gongkai.crawl.site import BadAddress, Sites, is_web, load
from gongkai.crawl.summary import summary_lines
from gongkai.user_toml import BadToml

__all__ = [
    "BadAddress",
    "BadToml",
    "CrawlError",
    "Sites",
    "available",
    "crawl",
    "load",
    "preview",
    "summary_lines",
]


class CrawlError(OSError):
    """The crawl did not start or did not reach its end; the message is one line. `bug`: the process died of itself."""

    def __init__(self, message: str, *, bug: bool = False) -> None:
        super().__init__(message)
        self.bug = bug


def available() -> bool:
    """Whether the extra that crawls is installed."""
    return all(importlib.util.find_spec(name) is not None for name in ("scrapy", "protego", "warcio"))


def crawl(
    sites: Path,
    to: Path,
    *,
    allow_private: bool = False,
    recheck: bool = False,
    warc: bool = False,
    version: str = "",
) -> dict[str, Any]:
    """Crawl the sites of a file into an archive, in a separate process; the content of crawl.json.

    `recheck` requests every document of the archive again. Raises BadToml, and CrawlError where the
    extra is missing, another crawl is at work there, or the process died.
    """
    load(sites)
    order = {"do": "crawl", "sites": str(sites), "to": str(to), "warc": warc, "recheck": recheck}
    return _child(order | {"allow_private": allow_private, "version": version})


def preview(
    url: str, sites: Path | None = None, *, contact: str = "", allow_private: bool = False, version: str = ""
) -> dict[str, Any]:
    """What would be taken from one page, and why; with the table to paste.

    A site of `sites` that has the page's host gives its rules. Raises BadAddress, and what `crawl` raises.
    """
    if not is_web(url):
        raise BadAddress(f"{url!r} is no address of http or https")
    if sites is not None:
        load(sites)
    order = {"do": "try", "url": url, "sites": None if sites is None else str(sites), "contact": contact}
    return _child(order | {"allow_private": allow_private, "version": version})


def _child(order: dict[str, Any]) -> dict[str, Any]:
    """Give an order to a separate process, which ends when this one does."""
    if not available():
        raise CrawlError("crawling needs Scrapy: pip install 'gongkai[crawl]'")
    # -P keeps the current folder off the path: no file that lies there is run
    command = [sys.executable, "-P", "-m", "gongkai.crawl.crawl_process"]
    with tempfile.TemporaryFile() as errors:
        with subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=os.environ | {"PYTHONUTF8": "1"},
        ) as child:
            answer = _send_order(child, order)
        errors.seek(0)
        message = errors.read().decode("utf-8", "replace").strip()
    code = child.returncode
    if code == 3:
        raise CrawlError(message)
    if code < 0 and not message:
        raise CrawlError("stopped before the first request; run the same command to go on")
    if code:
        sys.stderr.write(message + "\n" if message else "")
        raise CrawlError(
            f"the crawling process ended with {code}; the archive keeps what was fetched, and the next crawl goes on",
            bug=True,
        )
    result: dict[str, Any] = json.loads(answer)
    return result


def _send_order(child: subprocess.Popen[bytes], order: dict[str, Any]) -> bytes:
    """The output of the child. The first Ctrl-C or SIGTERM lets it finish in order; the second kills it."""
    assert child.stdin is not None and child.stdout is not None
    signals: list[int] = []

    def stop(number: int, frame: object) -> None:
        child.kill() if signals else child.terminate()
        signals.append(number)

    mine = threading.current_thread() is threading.main_thread()
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM) if mine}
    try:
        child.stdin.write(json.dumps(order).encode() + b"\n")
        child.stdin.flush()
        # the pipe to the child stays open: the child ends when the pipe is closed
        return child.stdout.read()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
