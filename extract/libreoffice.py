"""Word's binary format, WPS, RTF and Word's XML of 2003 → Document, converted to DOCX by LibreOffice."""

from __future__ import annotations

import re
from dataclasses import replace

from gongkai.extract import docx
from gongkai.extract.office.conversion import LOCKED, convert, find_converted, old_format
from gongkai.extract.office.zip_package import open_package
from gongkai.model import Document, Encrypted, Limits, Source, flag

#: A table was lost if the file has so many more marks of table boxes than its conversion has boxes.
CELL_MARKS = 20


def sniff(data: bytes) -> bool:
    """Whether LibreOffice is needed: an OLE file with a Word document, RTF, or Word's XML of 2003."""
    return old_format(data) is not None


def read(source: Source, limits: Limits) -> Document:
    """The document as its conversion to DOCX lays it out.

    Raises MissingTool where LibreOffice is not installed, Encrypted, Unreadable where the conversion
    writes nothing.
    """
    format = old_format(source.data) or "doc"
    if LOCKED in source.data:
        raise Encrypted("the file asks for a password; save it without one")
    converted = find_converted(source, limits) or convert(source.data, "docx")
    document = docx.read_converted(replace(source, data=converted), limits)
    findings = list(document.findings)
    part = open_package(converted, limits).part("word/document.xml")
    if format == "doc" and _has_lost_table(source.data, part):
        message = "the file holds more table boxes than its conversion: a table was lost; save it as DOCX with Word or WPS"
        findings.append(flag("table-lost", message))
    name = "word-xml" if format == "xml" else format
    return replace(
        document, source=source, format=name, reader="libreoffice", findings=tuple(findings), reread=None
    )


def _has_lost_table(data: bytes, converted: bytes) -> bool:
    """Whether the conversion has fewer boxes than the file: LibreOffice drops a table at the end of a file.

    A binary file has a mark behind every box and every row ([MS-DOC] 2.4.3). The same two bytes
    come up by chance once in 65,536, in pictures too; so many more marks are no sign of a loss.
    """
    marks = data.count(b"\x07\x00")
    boxes = len(re.findall(rb"<w:tc[ >]", converted)) + len(re.findall(rb"<w:tr[ >]", converted))
    return marks - boxes >= CELL_MARKS + len(data) // 32_768


def as_pdf(source: Source) -> bytes:
    """The document printed to PDF, for people to look at: its lines and pages may break otherwise than on paper.

    Raises as `read` does.
    """
    return convert(source.data, "pdf")


#: See `gongkai.model.Reader`.
render = None
