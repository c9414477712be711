"""Flat OPC, a Word package written as one XML file (also under the name .doc or .xml) → Document."""

from __future__ import annotations

import base64
import binascii
import io
import zipfile
from dataclasses import replace
from typing import Any

from lxml import etree

from gongkai.extract import docx
from gongkai.extract.office.xml_part import parse_xml
from gongkai.model import Document, Limits, Source, TooLarge, Unreadable

_PKG = "http://schemas.microsoft.com/office/2006/xmlPackage"
_NAMESPACE = f"{{{_PKG}}}"
#: The namespace stands at the root, which comments may stand before.
_HEAD = 4096


def sniff(data: bytes) -> bool:
    """Whether the bytes are XML whose root is a package."""
    head = data[:_HEAD].replace(b"\x00", b"")
    return head.lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").startswith(b"<") and _PKG.encode() in head


def read(source: Source, limits: Limits) -> Document:
    """The document, from its parts put into a package as Word saves it. Raises Unreadable, TooLarge."""
    root = parse_xml(source.data, "the package")
    parts = list(root.iterchildren(_NAMESPACE + "part"))
    if len(parts) > limits.members:
        raise TooLarge(f"{len(parts):,} parts; the limit is {limits.members:,}")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for part in parts:
            content = _content_of(part)
            if content is not None:
                archive.writestr((part.get(_NAMESPACE + "name") or "").lstrip("/"), content)
    document = docx.read(replace(source, data=packed.getvalue()), limits)
    return replace(document, source=source, format="flat-opc", reread=None)


def _content_of(part: Any) -> bytes | None:
    """The bytes of a part; None where it is empty."""
    xml = part.find(f"{_NAMESPACE}xmlData")
    if xml is not None:
        return etree.tostring(xml[0], encoding="utf-8") if len(xml) else None
    binary = part.findtext(f"{_NAMESPACE}binaryData")
    try:
        return None if binary is None else base64.b64decode("".join(binary.split()), validate=True)
    except binascii.Error as error:
        raise Unreadable(f"{part.get(_NAMESPACE + 'name')}: is no base64 ({error})") from error


#: See `gongkai.model.Reader`.
render = as_pdf = None
