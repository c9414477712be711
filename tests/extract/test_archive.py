from __future__ import annotations

import io
import zipfile

import pytest

from gongkai.extract import extract, unpack_archive
from gongkai.model import Limits, Source, UnknownFormat


@pytest.mark.parametrize(
    ("begins", "name"),
    [(b"Rar!\x1a\x07\x01\x00", "RAR"), (b"7z\xbc\xaf\x27\x1c\x00", "7z"), (b"\x1f\x8b\x08\x00", "gzip")],
)
def test_an_archive_that_is_not_opened_is_named(begins: bytes, name: str) -> None:
    data = begins + bytes(100)
    with pytest.raises(UnknownFormat, match=f"a {name} archive is not opened here; unpack it"):
        extract(Source("x.zip", data, "", len(data)))


def test_a_member_without_a_name_is_a_member() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        nameless = zipfile.ZipInfo("x")
        nameless.filename = ""
        archive.writestr(nameless, b"no document")
        archive.writestr("b.txt", "年报")
    data = out.getvalue()
    found = unpack_archive(Source("a.zip", data, "", len(data)), Limits())
    assert found is not None and [m.path for m in found] == ["a.zip!/", "a.zip!/b.txt"]
