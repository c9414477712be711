"""A package of Office Open XML → its parts, found by what they are to each other and not by their names."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from gongkai.extract.office.xml_part import parse_xml
from gongkai.extract.office.zip_package import Package, open_package
from gongkai.model import DocumentError, Encrypted, Limits, Unreadable
from gongkai.record import dataclass

_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
CONTENT_TYPES = "[Content_Types].xml"


@dataclass(frozen=True, slots=True)
class Relationship:
    """What a part refers to: the last word of the relation ("styles"), and the other part's name."""

    kind: str
    target: str


def read_relationships(package: Package, part: str) -> Mapping[str, Relationship]:
    """What a part ("" for the package itself) refers to inside the package, by id; parts that are not there are left out."""
    folder, _, name = part.rpartition("/")
    rels = package.find(posixpath.join(folder, "_rels", f"{name}.rels"))
    if rels is None:
        return {}
    found: dict[str, Relationship] = {}
    for item in parse_xml(package.part(rels), rels).iter(_RELATIONSHIP):
        target = (item.get("Target") or "").replace("\\", "/")
        if item.get("TargetMode") == "External" or not target:
            continue
        stored = package.find(target if target.startswith("/") else posixpath.join(folder, target))
        if stored is not None:
            kind = (item.get("Type") or "").rstrip("/").rpartition("/")[2]
            found[item.get("Id") or str(len(found))] = Relationship(kind, stored)
    return found


def find_main_part(package: Package, usual: str) -> str:
    """The name of the part that is the document, by the package's own relation to it, else by its `usual` name.

    Raises Encrypted, Unreadable.
    """
    if "EncryptedPackage" in package.names():
        raise Encrypted("the file asks for a password")
    for relation in read_relationships(package, "").values():
        if relation.kind == "officeDocument":
            return relation.target
    found = package.find(usual)
    if found is None:
        raise Unreadable(f"the package holds no {usual}")
    return found


def is_office_package(data: bytes, folder: str, *kinds: bytes) -> bool:
    """Whether bytes are a package of Office Open XML whose document is of one of these kinds (b"wordprocessingml.").

    Where the package does not say so, or cannot be opened, a part in the usual `folder` does ("word").
    """
    if not data.startswith(b"PK"):
        return False
    try:
        package = open_package(data, Limits())
        listed = package.find(CONTENT_TYPES)
        types = b"" if listed is None else package.part(listed).replace(b"\x00", b"")
        names = package.names()
    except DocumentError:
        return f"{folder}/".encode() in data  # its reader says what is wrong
    main = _MAIN.findall(types)
    if main:
        return any(kind.startswith(kinds) for kind in main)
    return any(name.startswith(f"{folder}/") for name in names)


#: The content type of the part that is the document: application/vnd.ms-word.document.macroEnabled.main+xml.
_MAIN = re.compile(rb"application/vnd\.(?:openxmlformats-officedocument\.)?([\w.-]+\.main)\+xml")
