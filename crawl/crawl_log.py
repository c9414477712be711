"""The log of a night: events as JSON lines in log.jsonl, requests in state.sqlite and in a WARC file."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

from gongkai.crawl.http.fetcher import HEAD
from gongkai.crawl.http.response import FetchError, HttpResponse
from gongkai.crawl.http.warc import Warc
from gongkai.crawl.state import CrawlState
from gongkai.crawl.state_tables import RequestRow
from gongkai.crawl.summary import stamp

#: Characters of a response's headers that the state stores.
HEADERS = 8_000
#: Bytes of log.jsonl after which it becomes log.1.jsonl, and the one before that goes.
LONGEST = 64 * 1024 * 1024


class CrawlLog:
    """The open log of one night."""

    def __init__(self, path: Path, state: CrawlState, night: int, warc: Warc | None) -> None:
        if path.exists() and path.stat().st_size > LONGEST:
            path.replace(path.with_suffix(".1.jsonl"))
        self._file = path.open("ab")
        if self._file.tell() and not _ends_well(path):
            self._file.write(b"\n")  # a crash cut the last line
        self._state = state
        self._night = night
        self._warc = warc
        #: requests by kind
        self.requests: Counter[str] = Counter()
        self.by_site: Counter[str] = Counter()

    def write(self, event: str, at: float, **more: Any) -> None:
        """Write one event as a line of log.jsonl."""
        line = {"at": stamp(at), "night": self._night, "event": event} | more
        self._file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        self._file.flush()

    def record(
        self, site: str, url: str, kind: str, found_on: str, started: float, result: HttpResponse | FetchError
    ) -> None:
        """Log a request with its response or its error."""
        self.requests[kind] += 1
        self.by_site[site] += 1
        status = result.status
        if isinstance(result, FetchError):
            fetch = RequestRow(site, url, kind, started, 0.0, status, result.reason, 0, "", "", found_on, "")
            self.write(
                "refused",
                started,
                site=site,
                url=url,
                kind=kind,
                status=status,
                reason=result.reason,
                message=str(result),
            )
        else:
            digest = hashlib.sha256(result.body).hexdigest() if result.body else ""
            headers = json.dumps(dict(result.headers), ensure_ascii=False)[:HEADERS] if status != 304 else ""
            size = len(result.body)
            fetch = RequestRow(
                site,
                url,
                kind,
                started,
                result.seconds,
                status,
                "",
                size,
                digest,
                result.address,
                found_on,
                headers,
            )
            event = "asked" if kind == HEAD else "fetched"
            self.write(event, started, site=site, url=url, kind=kind, status=status, bytes=size)
            if self._warc is not None and kind != HEAD:  # an answer without its body is no record of a page
                self._warc.write(url, started, result)
        self._state.add_request(self._night, fetch)

    def close(self) -> None:
        """Close the files."""
        self._file.close()
        if self._warc is not None:
            self._warc.close()


def _ends_well(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"
