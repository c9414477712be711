"""A zip of documents → its members, each a Source of its own: a.zip!/b.docx."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from dataclasses import replace

from gongkai.extract.office.zip_package import Bomb, Package, open_package
from gongkai.model import Limits, Source

#: Archives in archives are opened to this depth.
DEEPEST = 2
#: A zip with one of these members is a single document, not an archive of documents.
_DOCUMENT_PARTS = ("[Content_Types].xml", "OFD.xml", "META-INF/manifest.xml", "mimetype")


def unpack_archive(source: Source, limits: Limits, depth: int = 0) -> tuple[Source, ...] | None:
    """The documents in an archive, by name; None where the bytes are no archive of documents.

    Names are as stored, in UTF-8 or GBK; they never become paths. Raises Truncated, Unreadable,
    TooLarge, Bomb.
    """
    if not source.data.startswith(b"PK\x03\x04"):
        return None
    package = open_package(source.data, limits)
    infos = [info for info in package.archive.infolist() if not info.filename.endswith("/")]
    if any(info.filename in _DOCUMENT_PARTS or info.filename.startswith("word/") for info in infos):
        return None
    documents: list[Source] = []
    for name, data in _read_members(package, infos, limits):
        member = replace(
            source,
            path=f"{source.path}!/{name}",
            data=data,
            sha256=hashlib.sha256(data).hexdigest(),
            size=len(data),
        )
        inner = unpack_archive(member, limits, depth + 1) if depth + 1 < DEEPEST else None
        documents += (member,) if inner is None else inner
    return tuple(documents)


def _read_members(
    package: Package, infos: list[zipfile.ZipInfo], limits: Limits
) -> Iterator[tuple[str, bytes]]:
    """Names and bytes by name, without hidden files. Raises Bomb where they are too large in all."""
    total = 0
    for info in sorted(infos, key=_decode_name):
        name = _decode_name(info)
        last = name.replace("\\", "/").rpartition("/")[2]
        if last.startswith(".") or name.startswith("__MACOSX/"):
            continue
        data = package.part(info.filename)
        total += len(data)
        if total > limits.unpacked_bytes:
            raise Bomb(f"unpacks to more than {limits.unpacked_bytes:,} bytes")
        yield name, data


def _decode_name(info: zipfile.ZipInfo) -> str:
    """A member's name: without the flag for UTF-8 it was most likely written in GBK."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gbk")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return info.filename
