"""A zip of documents → its members, each a Source of its own: a.zip!/b.docx."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import replace

from gongkai.extract.office.zip_package import Bomb, opened
from gongkai.model import Limits, Source

#: Archives in archives are opened to this depth.
DEEPEST = 2
#: Members that mark a zip as a document of its own kind, not a parcel of documents.
_OWN = ("[Content_Types].xml", "OFD.xml", "META-INF/manifest.xml", "mimetype")


def members(source: Source, limits: Limits, depth: int = 0) -> tuple[Source, ...] | None:
    """The documents in an archive, by name; None where the bytes are no archive of documents.

    Names are as stored, in UTF-8 or GBK; they never become paths. Raises Truncated, Unreadable,
    TooLarge, Bomb.
    """
    if not source.data.startswith(b"PK\x03\x04"):
        return None
    package = opened(source.data, limits)
    infos = [i for i in package.archive.infolist() if not i.filename.endswith("/")]
    if any(i.filename in _OWN or i.filename.startswith("word/") for i in infos):
        return None
    found: list[Source] = []
    total = 0
    for info in sorted(infos, key=_name):
        name = _name(info)
        last = name.replace("\\", "/").rpartition("/")[2]
        if last.startswith(".") or name.startswith("__MACOSX/"):
            continue
        data = package.part(info.filename)
        total += len(data)
        if total > limits.unpacked_bytes:
            raise Bomb(f"unpacks to more than {limits.unpacked_bytes:,} bytes")
        member = replace(
            source,
            path=f"{source.path}!/{name}",
            data=data,
            sha256=hashlib.sha256(data).hexdigest(),
            size=len(data),
        )
        inner = members(member, limits, depth + 1) if depth + 1 < DEEPEST else None
        found += (member,) if inner is None else inner
    return tuple(found)


def _name(info: zipfile.ZipInfo) -> str:
    """A member's name: without the flag for UTF-8 it was most likely written in GBK."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gbk")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return info.filename
