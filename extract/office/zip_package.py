"""The bytes of a zip (DOCX, ODT, OFD, XLSX) → its members, each within the limits."""

from __future__ import annotations

import io
import lzma
import posixpath
import struct
import zipfile
import zlib
from typing import IO

from gongkai.model import Encrypted, Limits, TooLarge, Truncated, Unreadable
from gongkai.record import dataclass

#: What zipfile raises for a zip that contradicts itself; its documentation names few of these.
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

#: Packed bytes that zipfile is given at a time where it does not limit what becomes of them.
PIECE = 32


class Bomb(TooLarge):
    """A small file that unpacks to a huge one."""

    code = "bomb"


@dataclass(frozen=True, slots=True)
class Package:
    """A zip whose members are read one by one, each no larger than the limits allow."""

    archive: zipfile.ZipFile
    limits: Limits

    def names(self) -> list[str]:
        """The members' names, with slashes where a program stored backslashes."""
        return [name.replace("\\", "/").lstrip("/") for name in self.archive.namelist()]

    def find(self, name: str) -> str | None:
        """The name of a part, which may be written otherwise: absolute, with backslashes, in another case."""
        wanted = posixpath.normpath(name.replace("\\", "/")).lstrip("/")
        names = self.names()
        if wanted in names:
            return wanted
        return next((n for n in names if n.lower() == wanted.lower()), None)

    def part(self, name: str) -> bytes:
        """One member's bytes, by the name that `names` gives, the last of several. Raises KeyError, and what `unpack` raises."""
        return self.unpack(self._info(name))

    def unpack(self, info: zipfile.ZipInfo) -> bytes:
        """One member's bytes.

        Raises Encrypted, Bomb where it grows past the limits, Unreadable where it is damaged. The size
        in the zip directory is not trusted: it may be false.
        """
        name = info.filename
        if info.flag_bits & 1:
            raise Encrypted(f"{name}: asks for a password")
        most = min(self.limits.unpacked_bytes, max(info.compress_size * self.limits.ratio, 1 << 20))
        try:
            with self.archive.open(info) as member:
                data = _read(member, info.compress_type, most + 1)
        except DAMAGED as error:
            raise Unreadable(f"{name}: cannot be unpacked ({error})") from error
        if len(data) > most:
            raise Bomb(f"{name}: unpacks to more than {most:,} bytes")
        return data

    def _info(self, name: str) -> zipfile.ZipInfo:
        if name in self.archive.NameToInfo:
            return self.archive.NameToInfo[name]
        for info, other in zip(self.archive.infolist(), self.names(), strict=True):
            if other == name:
                return info
        raise KeyError(name)


def _read(member: IO[bytes], method: int, most: int) -> bytes:
    """The bytes of an open member, `most` of them at the most.

    zipfile unpacks deflate as far as it is asked to, and other methods as far as what it has read goes: 450 bytes of
    bz2 become 500 MB at once. So of those it gets some bytes at a time, which become 50 MB at the most.
    """
    if method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return member.read(most)
    assert isinstance(member, zipfile.ZipExtFile)
    member.MIN_READ_SIZE = PIECE
    parts, size = [], 0
    while size < most and (part := member.read(PIECE)):
        parts.append(part)
        size += len(part)
    return b"".join(parts)


def open_package(data: bytes, limits: Limits) -> Package:
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
    total = sum(info.file_size for info in infos)
    if total > limits.unpacked_bytes:
        raise Bomb(f"unpacks to {total:,} bytes; the limit is {limits.unpacked_bytes:,}")
    return Package(archive, limits)
