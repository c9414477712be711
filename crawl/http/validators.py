"""What a server says that tells one version of an address from another: its ETag."""

from __future__ import annotations

import re

#: what servers add to an ETag where they compress: Apache "…-gzip", others "…;gz"
_PACKED = re.compile(r"(?:[-;]{1,2}(?:gzip|gz|br|brotli|deflate|df|zstd))+$")


def same_etag(one: str, other: str) -> bool:
    """Whether two ETags name the same version, however it was compressed on the way (RFC 9110, 8.8.3.2).

    >>> same_etag('W/"5f3-gzip"', '"5f3"'), same_etag('"5f3"', '"5f4"')
    (True, False)
    """
    return _bare(one) == _bare(other)


def _bare(etag: str) -> str:
    return _PACKED.sub("", etag.strip().removeprefix("W/").strip('"'))
