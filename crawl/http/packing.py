"""A compressed body → its bytes, all of them, within a limit.

Scrapy gives out what it can of a body that was cut off. Half a list or half a report is none.
"""

from __future__ import annotations

import contextlib
import importlib
import zlib
from collections.abc import Callable
from typing import Any, Protocol

from gongkai.crawl.http.response import FetchError

#: Bytes that are unpacked at a time.
CHUNK = 65_536


class _Unpacker(Protocol):
    """One stream: `feed` gives its next bytes, b"" where it needs more; `ended` once it has come to its end."""

    @property
    def ended(self) -> bool: ...

    def feed(self, data: bytes) -> bytes: ...


class _Zlib:
    """Deflate with its own head, with that of gzip, or with none, by `wbits` of zlib."""

    def __init__(self, wbits: int) -> None:
        self._stream = zlib.decompressobj(wbits)

    @property
    def ended(self) -> bool:
        return self._stream.eof

    @property
    def rest(self) -> bytes:
        return self._stream.unused_data

    def feed(self, data: bytes) -> bytes:
        return self._stream.decompress(self._stream.unconsumed_tail + data, CHUNK)


class _Brotli:
    def __init__(self, module: Any) -> None:
        self._stream = module.Decompressor()

    @property
    def ended(self) -> bool:
        return bool(self._stream.is_finished())

    def feed(self, data: bytes) -> bytes:
        found: bytes = self._stream.process(data, output_buffer_limit=CHUNK)
        return found


class _Zstandard:
    def __init__(self, module: Any) -> None:
        self._stream = module.ZstdDecompressor()

    @property
    def ended(self) -> bool:
        return bool(self._stream.eof)

    def feed(self, data: bytes) -> bytes:
        found: bytes = self._stream.decompress(data, CHUNK)
        return found


def _first(*names: str) -> Any:
    """The first of some modules that is installed; Scrapy brings one of each kind."""
    for name in names:
        with contextlib.suppress(ImportError):
            return importlib.import_module(name)
    return None


_BROTLI = _first("brotli", "brotlicffi")
_ZSTANDARD = _first("compression.zstd", "backports.zstd")
_ERRORS: tuple[type[Exception], ...] = (
    zlib.error,
    *((_BROTLI.error,) if _BROTLI is not None else ()),
    *((_ZSTANDARD.ZstdError,) if _ZSTANDARD is not None else ()),
)
#: what a request says that we unpack
ACCEPTED = ", ".join(
    (
        "gzip",
        "deflate",
        *(("br",) if _BROTLI is not None else ()),
        *(("zstd",) if _ZSTANDARD is not None else ()),
    )
)


def unpack(body: bytes, encodings: str, most: int) -> bytes:
    """The bytes of a body with the header Content-Encoding; what has another name than ours is left as it is.

    Raises FetchError: `undecodable` where the stream is broken or was cut off, `too-large` beyond `most` bytes.
    """
    names = [name.strip().lower() for name in encodings.split(",") if name.strip()]
    for name in reversed(names):
        known = _UNPACK.get(name)
        if known is None or not body:
            return body
        try:
            body = known(body, most)
        except _ERRORS as error:
            raise FetchError("undecodable", f"its compression ({name}) is broken: {error}", True) from error
    return body


def _gzip(body: bytes, most: int) -> bytes:
    """All members; a last one without its check sum at the end counts as whole, as browsers have it."""
    parts: list[bytes] = []
    while body:
        stream = _Zlib(31)
        try:
            part = _read(stream, body, most)
        except FetchError as error:
            # ten bytes of head where it has no name in it, then deflate (RFC 1952, 2.3)
            if error.reason != "undecodable" or body[3:4] != b"\0":
                raise
            part = _read(_Zlib(-15), body[10:], most)
        parts.append(part)
        most -= len(part)
        body = stream.rest if stream.rest.startswith(b"\x1f\x8b") else b""
    return b"".join(parts)


def _deflate(body: bytes, most: int) -> bytes:
    """With the head of zlib as the standard has it, or without one as many servers send it."""
    try:
        return _read(_Zlib(15), body, most)
    except zlib.error:
        return _read(_Zlib(-15), body, most)


def _read(stream: _Unpacker, body: bytes, most: int) -> bytes:
    """The bytes of one stream. Raises FetchError where it does not come to its end, or is too long."""
    parts: list[bytes] = []
    size = 0
    part = stream.feed(body)
    while part or not stream.ended:
        if not part:
            raise FetchError("undecodable", f"its compression breaks off after {size} bytes", True)
        size += len(part)
        if size > most:
            raise FetchError("too-large", "the answer is larger than [crawl] mebibytes")
        parts.append(part)
        part = b"" if stream.ended else stream.feed(b"")
    return b"".join(parts)


_UNPACK: dict[str, Callable[[bytes, int], bytes]] = {"gzip": _gzip, "x-gzip": _gzip, "deflate": _deflate}
if _BROTLI is not None:
    _UNPACK["br"] = lambda body, most: _read(_Brotli(_BROTLI), body, most)
if _ZSTANDARD is not None:
    _UNPACK["zstd"] = lambda body, most: _read(_Zstandard(_ZSTANDARD), body, most)
