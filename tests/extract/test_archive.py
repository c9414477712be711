from __future__ import annotations

import pytest

from extract import extract
from model import Source, UnknownFormat


@pytest.mark.parametrize(
    ("begins", "name"),
    [(b"Rar!\x1a\x07\x01\x00", "RAR"), (b"7z\xbc\xaf\x27\x1c\x00", "7z"), (b"\x1f\x8b\x08\x00", "gzip")],
)
def test_an_archive_that_is_not_opened_is_named(begins: bytes, name: str) -> None:
    data = begins + bytes(100)
    with pytest.raises(UnknownFormat, match=f"a {name} archive is not opened here; unpack it"):
        extract(Source("x.zip", data, "", len(data)))
