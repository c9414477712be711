from __future__ import annotations

import io
import unicodedata
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
    assert found is not None and [m.source.path for m in found] == ["a.zip!/", "a.zip!/b.txt"]


def pack(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def unpack(data: bytes) -> list[tuple[str, bytes, str]]:
    """Name, bytes and code of the error of every member."""
    found = unpack_archive(Source("a.zip", data, "", len(data)), Limits())
    assert found is not None
    return [(m.source.path.partition("!/")[2], m.source.data, m.error.code if m.error else "") for m in found]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_members_of_one_name_are_each_read() -> None:
    found = unpack(pack(("a.txt", b"1"), ("a.txt", b"2")))
    assert found == [("a.txt", b"1", ""), ("a.txt", b"2", "")]


@pytest.mark.parametrize(
    "beside", ["word/notes.txt", "mimetype", "[Content_Types].xml", "META-INF/manifest.xml"]
)
def test_the_name_of_a_part_alone_makes_no_document_of_an_archive(beside: str) -> None:
    names = [name for name, _, _ in unpack(pack(("a.txt", b"1"), (beside, b"no part")))]
    assert names == sorted(["a.txt", beside])


def test_a_locked_and_an_exotic_member_do_not_touch_the_others() -> None:
    data = bytearray(pack(("a.txt", b"1"), ("b.txt", b"2"), ("c.txt", b"3")))
    directory = [i for i in range(len(data)) if data[i : i + 4] == b"PK\x01\x02"]
    data[directory[0] + 8] |= 1  # locked
    data[directory[1] + 10] = 9  # packed by deflate64
    assert unpack(bytes(data)) == [
        ("a.txt", b"", "encrypted"),
        ("b.txt", b"", "unreadable"),
        ("c.txt", b"3", ""),
    ]


def test_a_name_of_macos_is_composed_and_its_litter_left_out() -> None:
    name = unicodedata.normalize("NFD", "é年报.txt").encode().decode("cp437")
    data = pack((name, b"1"), ("__MACOSX/._x.txt", b""), ("a/__MACOSX/b.txt", b""), ("Thumbs.db", b""))
    unflagged = bytearray(pack(("x" * 20 + ".txt", b"1")))
    raw = unicodedata.normalize("NFD", "é年报").encode().ljust(20, b"x")
    renamed = bytes(unflagged).replace(b"x" * 20, raw)
    assert unpack(renamed)[0][0].startswith("é年报xx")
    assert len(unpack(data)) == 1


def test_a_zip_behind_other_bytes_is_opened() -> None:
    assert unpack(b"MZ" + bytes(90) + pack(("a.txt", b"1"))) == [("a.txt", b"1", "")]
