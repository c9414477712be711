"""The parts of a zipped document (DOCX, OFD), within limits and without surprises."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any

from gongkai.model import Encrypted, Limits, TooLarge, Truncated, Unreadable

# What zipfile raises for a zip that contradicts itself: little of it is told in its documentation.
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    IndexError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)


class Bomb(TooLarge):
    """A small file that unpacks to a huge one."""

    code = "bomb"


@dataclass(frozen=True, slots=True)
class Package:
    """A zip whose members are read one by one, each no larger than the limits allow."""

    archive: zipfile.ZipFile
    limits: Limits

    def names(self) -> list[str]:
        """The members' names as stored."""
        return self.archive.namelist()

    def part(self, name: str) -> bytes:
        """One member's bytes.

        Raises KeyError where there is none, Bomb where it grows past the limits, Unreadable
        where it is damaged. What the directory says of its size is not believed.
        """
        info = self.archive.getinfo(name)
        if info.flag_bits & 1:
            raise Encrypted(f"{name}: asks for a password")
        most = min(self.limits.unpacked_bytes, max(info.compress_size * self.limits.ratio, 1 << 20))
        try:
            with self.archive.open(info) as member:
                data = member.read(most + 1)
        except DAMAGED as error:
            raise Unreadable(f"{name}: cannot be unpacked ({error})") from error
        if len(data) > most:
            raise Bomb(f"{name}: unpacks to more than {most:,} bytes")
        return data


def opened(data: bytes, limits: Limits) -> Package:
    """A zip in memory.

    Raises Truncated, Unreadable, TooLarge, Bomb.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        infos = archive.infolist()
    except DAMAGED as error:
        if b"PK\x05\x06" not in data[-65600:]:
            raise Truncated("the zip ends early; fetch the file again") from error
        raise Unreadable(f"the zip is damaged ({error})") from error
    if len(infos) > limits.members:
        raise TooLarge(f"{len(infos):,} members; the limit is {limits.members:,}")
    if sum(i.file_size for i in infos) > limits.unpacked_bytes:
        raise Bomb(
            f"unpacks to {sum(i.file_size for i in infos):,} bytes; the limit is {limits.unpacked_bytes:,}"
        )
    return Package(archive, limits)


def xml(data: bytes, name: str) -> Any:
    """The root element of an XML part.

    Raises Unreadable where it is damaged, nested too deep, or holds a DOCTYPE (no document of
    ours needs one, and every entity attack does).
    """
    from lxml import etree

    head = data[:4096].replace(b"\x00", b"")
    if b"<!DOCTYPE" in head.upper() or b"<!ENTITY" in head.upper():
        raise Unreadable(f"{name}: holds a DOCTYPE, which is refused")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"{name}: {error.msg}") from error
