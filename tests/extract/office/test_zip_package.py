"""Zips that contradict themselves are damaged documents, not bugs of ours."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile

import pytest

from gongkai.extract.office.zip_package import Bomb, open_package
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


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, zipfile.ZIP_DEFLATED])
def test_a_bomb_of_any_packing_is_not_unpacked_further_than_the_limits(method: int) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr("a.xml", bytes(240_000_000))
    for claimed, told in ((None, Bomb), (1 << 20, Unreadable)):
        package = open_package(buffer.getvalue(), Limits())
        (info,) = package.archive.infolist()
        if claimed is not None:
            info.file_size = claimed  # the directory lies
        tracemalloc.start()
        with pytest.raises(told):
            package.unpack(info)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert most < 150_000_000  # a block of bz2 is 46 MB of zeros


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, zipfile.ZIP_STORED])
def test_members_of_any_packing_are_read_whole(method: int) -> None:
    data = b"".join(b"%d\n" % n for n in range(100_000))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr("a.xml", data)
    package = open_package(buffer.getvalue(), Limits())
    assert package.part("a.xml") == data
