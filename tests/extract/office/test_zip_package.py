"""Zips that contradict themselves are damaged documents, not bugs of ours."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from gongkai.extract.office.zip_package import open_package
from gongkai.model import Limits, Unreadable


def build_zip(method: int = zipfile.ZIP_STORED) -> bytearray:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr("a.xml", "<a/>" * 50)
    return bytearray(buffer.getvalue())


def test_members_that_begin_before_the_file_are_damaged() -> None:
    data = build_zip()
    end = data.rindex(b"PK\x05\x06")
    (offset,) = struct.unpack_from("<L", data, end + 16)
    struct.pack_into("<L", data, end + 16, offset + 1_000)
    with pytest.raises(Unreadable, match=r"a\.xml: cannot be unpacked"):
        open_package(bytes(data), Limits()).part("a.xml")


def test_a_damaged_lzma_member_is_damaged() -> None:
    data = build_zip(zipfile.ZIP_LZMA)
    start = data.index(b"a.xml") + 5
    data[start + 4 : start + 9] = b"\xff" * 5  # its properties
    with pytest.raises(Unreadable, match=r"a\.xml: cannot be unpacked"):
        open_package(bytes(data), Limits()).part("a.xml")
