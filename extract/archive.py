"""A zip of documents → its members, each a Source of its own: a.zip!/b.docx."""

from __future__ import annotations

import hashlib
import unicodedata
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, replace

from gongkai.extract.office.zip_package import Bomb, Package, open_package
from gongkai.model import DocumentError, Limits, Source

#: Archives in archives are opened to this depth.
DEEPEST = 2
_LOCAL, _END = b"PK\x03\x04", b"PK\x05\x06"
#: The end of a zip stands in so many of its last bytes.
_END_BYTES = 65_557
#: First bytes of other formats, which may carry a zip inside.
_OTHER_FORMATS = (b"%PDF", b"{\\rtf", b"\xd0\xcf\x11\xe0", b"<", b"\xef\xbb\xbf", b"MIME-Version", b"From")
#: Folders and files of a Word file; a folder word/ beside other documents is only a folder.
_WORD_PARTS = ("word/", "docprops/", "_rels/", "customxml/", "[content_types].xml")
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument"
#: What systems leave in folders.
_LITTER = frozenset({"thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class Member:
    """A document in an archive; `error` says why its bytes could not be had."""

    source: Source
    error: DocumentError | None = None


def unpack_archive(source: Source, limits: Limits, depth: int = 0) -> tuple[Member, ...] | None:
    """The documents in an archive, by name; None where the bytes are no archive of documents.

    Members are opened by their entries, since two may have one name. A member that is damaged, locked
    or packed in a way that is not known has its error; the others are not touched by it. Names are as
    stored, in UTF-8 or GBK; they never become paths. Raises Truncated, Unreadable, TooLarge, Bomb.
    """
    if not source.data.startswith(_LOCAL) and not _has_zip_behind(source.data):
        return None
    package = open_package(source.data, limits)
    infos = [info for info in package.archive.infolist() if not info.filename.endswith(("/", "\\"))]
    if _is_document(package, infos):
        return None
    members: list[Member] = []
    total = 0
    for name, info in sorted(_list_members(infos), key=lambda named: named[0]):
        member = _open_member(source, package, name, info)
        total += member.source.size
        if total > limits.unpacked_bytes:
            error = Bomb(f"the archive unpacks to more than {limits.unpacked_bytes:,} bytes up to here")
            member = Member(_member_source(source, name, b""), error)
        members += _unpack_inner(member, limits, depth)
    return tuple(members)


def _has_zip_behind(data: bytes) -> bool:
    """Whether a zip stands behind other bytes, as in an archive that unpacks itself."""
    return _END in data[-_END_BYTES:] and _LOCAL in data and not data.lstrip()[:12].startswith(_OTHER_FORMATS)


def _unpack_inner(member: Member, limits: Limits, depth: int) -> tuple[Member, ...]:
    """A member, or the members of the archive that it is."""
    if member.error is not None or depth + 1 >= DEEPEST:
        return (member,)
    try:
        inner = unpack_archive(member.source, limits, depth + 1)
    except DocumentError as error:
        return (replace(member, error=error),)
    return (member,) if inner is None else inner


def _open_member(source: Source, package: Package, name: str, info: zipfile.ZipInfo) -> Member:
    try:
        return Member(_member_source(source, name, package.unpack(info)))
    except DocumentError as error:
        return Member(_member_source(source, name, b""), error)


def _member_source(source: Source, name: str, data: bytes) -> Source:
    """A member as a Source; one that could not be opened has no bytes, and the hash of none."""
    sha256 = hashlib.sha256(data).hexdigest()
    return replace(source, path=f"{source.path}!/{name}", data=data, sha256=sha256, size=len(data))


def _is_document(package: Package, infos: Iterable[zipfile.ZipInfo]) -> bool:
    """Whether a zip is one document (DOCX, XLSX, ODT, OFD): it has the parts of one, not only a part's name."""
    by_name = {info.filename.replace("\\", "/").lstrip("/").lower(): info for info in infos}
    folders = {name.partition("/")[0] for name in by_name if "/" in name}
    if "ofd.xml" in by_name or ("content.xml" in by_name and "meta-inf/manifest.xml" in by_name):
        return True
    if "[content_types].xml" in by_name and folders & {"_rels", "word", "xl", "ppt"}:
        return True
    if "word/document.xml" in by_name and all(name.startswith(_WORD_PARTS) for name in by_name):
        return True
    return "mimetype" in by_name and _says_open_document(package, by_name["mimetype"])


def _says_open_document(package: Package, info: zipfile.ZipInfo) -> bool:
    try:
        return package.unpack(info).lstrip().startswith(_OPEN_DOCUMENT)
    except DocumentError:
        return False


def _list_members(infos: Iterable[zipfile.ZipInfo]) -> list[tuple[str, zipfile.ZipInfo]]:
    """Members and their names, without hidden files and what macOS and Windows leave."""
    named = [(_decode_name(info), info) for info in infos]
    return [(name, info) for name, info in named if not _is_litter(name)]


def _is_litter(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return parts[-1].startswith(".") or parts[-1].lower() in _LITTER or "__MACOSX" in parts[:-1]


def _decode_name(info: zipfile.ZipInfo) -> str:
    """A member's name, composed: macOS writes UTF-8 without the flag for it, and others write GBK."""
    name = info.filename
    if not info.flag_bits & 0x800:
        name = _decode_unflagged(name)
    return unicodedata.normalize("NFC", name)


def _decode_unflagged(name: str) -> str:
    """A name that zipfile took for code page 437: bytes that are valid UTF-8 are hardly ever anything else."""
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    for encoding in ("utf-8", "gbk"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name
