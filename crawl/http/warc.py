"""Responses → a WARC file (ISO 28500), the exchange format of web archives."""

from __future__ import annotations

import io
import os
from http import HTTPStatus
from pathlib import Path
from typing import Any

from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from gongkai.crawl.http.response import HttpResponse
from gongkai.crawl.summary import stamp

#: The body is stored decompressed, so the headers about its compression are left out.
_PACKING = {"content-encoding", "transfer-encoding", "content-length"}


class Warc:
    """A WARC file; its name ends in `.open` until it is complete."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(exist_ok=True)
        self._path = path
        self._open = path.with_name(path.name + ".open")
        self._file = self._open.open("wb")
        self._writer: Any = WARCWriter(self._file, gzip=True)
        self._writer.write_record(self._writer.create_warcinfo_record(path.name, {"software": "Gongkai"}))

    def write(self, url: str, begun: float, answer: HttpResponse) -> None:
        """A response."""
        headers = [(n.title(), v) for n, v in answer.headers.items() if n not in _PACKING]
        headers.append(("Content-Length", str(len(answer.body))))
        phrase = HTTPStatus(answer.status).phrase
        head = StatusAndHeaders(f"{answer.status} {phrase}", headers, protocol="HTTP/1.1")
        more = {"WARC-Date": stamp(begun)} | ({"WARC-IP-Address": answer.address} if answer.address else {})
        record = self._writer.create_warc_record(
            url, "response", payload=io.BytesIO(answer.body), http_headers=head, warc_headers_dict=more
        )
        self._writer.write_record(record)

    def close(self) -> None:
        """Complete the file and give it its name."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._open.replace(self._path)
