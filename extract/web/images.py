"""The pictures of a web page that need not be fetched: in the page itself, or saved beside it in one file."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence

from gongkai.extract.picture import sniff as is_picture


def collect_images(sources: Sequence[str], parts: Mapping[str, bytes]) -> list[bytes]:
    """The bytes of the pictures with these addresses that need not be fetched, in order.

    `parts` are the files saved beside the page, by address and by `cid:` name.
    """
    ends = {_last_part(name): data for name, data in parts.items()}  # an address in a page may be relative
    found = [
        _decode_data_url(s) if s.startswith("data:") else parts.get(s, ends.get(_last_part(s)))
        for s in sources
    ]
    return [data for data in found if data is not None and is_picture(data)]


def _last_part(address: str) -> str:
    """The last part of an address."""
    return _unescape(address.partition("?")[0]).rpartition(b"/")[2].decode("utf-8", "replace")


def _unescape(address: str) -> bytes:
    """An address without its escapes (%20)."""
    return re.sub(rb"%([0-9A-Fa-f]{2})", lambda hit: bytes([int(hit[1], 16)]), address.encode())


def _decode_data_url(source: str) -> bytes | None:
    """The picture in a data: address; None where it is damaged."""
    head, comma, body = source.partition(",")
    if not comma:
        return None
    if not head.lower().endswith(";base64"):
        return _unescape(body)
    try:
        return base64.b64decode(b"".join(_unescape(body).split()), validate=True)
    except binascii.Error:
        return None
