"""The bytes of a response → their format, whatever the server declares."""

from __future__ import annotations

import io
import re
import zipfile

_HTML_TAGS = (
    rb"!doctype|html|head|body|div|table|tr|td|script|style|meta|title|p|span|ul|ol|li|a|h[1-6]|form|center|font"
    rb"|img|iframe|frameset|section|article|link"
)
_HTML = re.compile(rb"<(?:" + _HTML_TAGS + rb")[\s>/!]", re.IGNORECASE)
_PICTURES = {b"\xff\xd8\xff": ".jpg", b"\x89PNG": ".png", b"II*\0": ".tif", b"MM\0*": ".tif"}
#: A page and its pictures in one file, as Word and browsers save it under .doc or .mht.
_MESSAGE = re.compile(rb"(?:[A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){1,12}")
#: XML that Word and Excel save. HTML that they save has its namespaces in <html>.
_OFFICE = re.compile(
    rb"""
    \s* <\?xml [^>]* > \s*
    (?: <\?mso-application [^>]* > \s* | <!-- [^>]* > \s* )*
    < (?: w:wordDocument | pkg:package | (?:ss:)? (?P<sheet>Workbook) ) \b
    """,
    re.VERBOSE,
)
#: The head of the old Office container does not name the program that wrote it.
_OLE = (".doc", ".xls", ".wps", ".et")
#: First bytes in which a format's signature is searched.
LOOK = 1_024
#: Bytes of a zip archive's directory that are read: a document's is far smaller.
_DIRECTORY = 1_000_000


def suffix(data: bytes, named: str = "") -> str:
    """The file ending for the bytes: ".pdf", ".docx", ".html", ".json", ".txt"…; "" for an unknown format.

    `named` is the ending that the address or the server gave, which decides only between
    formats of one container (.doc, .xls, .wps).
    """
    head = data[:LOOK]
    if b"%PDF-" in head:
        return ".pdf"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return named if named in _OLE else ".doc"
    if head.startswith(b"PK\x03\x04"):
        return _zip_suffix(data)
    if head.startswith(b"Rar!\x1a\x07"):
        return ".rar"
    if head.startswith(b"{\\rtf"):
        return ".rtf"
    for magic, ending in _PICTURES.items():
        if head.startswith(magic):
            return ending
    return _text_suffix(data)


def _zip_suffix(data: bytes) -> str:
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 66_000))
    if end < 0 or int.from_bytes(data[end + 12 : end + 16], "little") > _DIRECTORY:
        return ".zip"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError):
        return ".zip"
    if "[Content_Types].xml" in names:
        return ".xlsx" if any(n.startswith("xl/") for n in names) else ".docx"
    if "OFD.xml" in names:
        return ".ofd"
    return ".odt" if {"mimetype", "content.xml"} <= names else ".zip"


def _text_suffix(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = data.decode("utf-16", "replace").encode()
    head = data[:8_192].lstrip(b"\xef\xbb\xbf \t\r\n")
    message = _MESSAGE.match(head)
    if message is not None and b"mime-version:" in message[0].lower():
        return ".mhtml"
    office = _OFFICE.match(head)
    if office is not None:
        return ".xls" if office["sheet"] else ".doc"
    if _HTML.search(head) is not None:
        return ".html"
    if head.startswith((b"<?xml", b"<urlset", b"<sitemapindex", b"<datastore")):
        return ".xml"
    if head.startswith((b"{", b"[")) or re.match(rb"[\w.$]{1,80}\s*\(\s*[\[{]", head):
        return ".json"
    if not head or b"\0" in head:
        return ""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        try:
            data.decode("gb18030")
        except UnicodeDecodeError:
            return ""
    return ".txt"


#: formats that are searched for links
PAGES = (".html", ".xml", ".json", ".txt")
