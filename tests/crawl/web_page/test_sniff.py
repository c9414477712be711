"""Bytes to what they are, and names to what is safe."""

from __future__ import annotations

import io
import zipfile

import pytest

from gongkai.crawl.filename import disposition_name, slug, strip_unsafe
from gongkai.crawl.web_page.sniff import suffix


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("data", "named", "found"),
    [
        (b"%PDF-1.7\n", ".doc", ".pdf"),
        (b"\xef\xbb\xbf%PDF-1.7\n", "", ".pdf"),
        (OLE, ".xls", ".xls"),
        (OLE, ".wps", ".wps"),
        (OLE, ".pdf", ".doc"),
        (zipped("[Content_Types].xml", "word/document.xml"), ".zip", ".docx"),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), "", ".xlsx"),
        (zipped("OFD.xml"), ".pdf", ".ofd"),
        (zipped("mimetype", "content.xml"), "", ".odt"),
        (zipped("a.doc"), "", ".zip"),
        (b"PK\x03\x04 cut off", "", ".zip"),
        (b"Rar!\x1a\x07\0", "", ".rar"),
        (b"{\\rtf1", ".doc", ".rtf"),
        (b"\xff\xd8\xff\xe0", ".pdf", ".jpg"),
        (b"<!DOCTYPE html><html>", ".pdf", ".html"),
        ("  <HTML>临江".encode("gb18030"), "", ".html"),
        ("<html>临江".encode("utf-16"), "", ".html"),
        ("一、总体情况".encode("utf-16"), "", ".txt"),
        ('<a href="/">首页</a><h1>2023'.encode(), ".pdf", ".html"),
        (b'{"a": 1}', "", ".json"),
        (b"From: <Saved>\r\nMIME-Version: 1.0\r\n\r\n<html>", ".doc", ".mhtml"),
        (b"Note: all of this is <html>", "", ".html"),
        (b'<?xml version="1.0"?>\n<?mso-application progid="Word.Document"?>\n<w:wordDocument>', "", ".doc"),
        (b'<?xml version="1.0"?><pkg:package xmlns:pkg="x">', "", ".doc"),
        (b'<?xml version="1.0"?><Workbook xmlns="x">', ".xls", ".xls"),
        (b'<?xml version="1.0"?><urlset/>', "", ".xml"),
        ("一、总体情况".encode("gb18030"), "", ".txt"),
        (b"\0\1\2\3", ".pdf", ""),
        (b"", ".pdf", ""),
    ],
)
def test_bytes_say_what_they_are(data: bytes, named: str, found: str) -> None:
    assert suffix(data, named) == found


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ('attachment; filename="2023.docx"', "2023.docx"),
        ("attachment; filename*=UTF-8''%E5%B9%B4%E6%8A%A5.pdf; filename=x.pdf", "年报.pdf"),
        ('attachment; filename="' + "年报.doc".encode("gb18030").decode("latin-1") + '"', "年报.doc"),
        ('attachment; filename="%C4%EA%B1%A8.doc"', "年报.doc"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        (r'attachment; filename="..\\..\\windows\\a.doc"', "a.doc"),
        ('attachment; filename="/"', ""),
        ('attachment; filename="a\x00\x1b[2Jb.doc"', "a[2Jb.doc"),
        ("inline", ""),
        ("", ""),
    ],
)
def test_a_servers_name_is_harmless(header: str, found: str) -> None:
    assert disposition_name(header) == found


def test_names_for_people_are_names_for_disks() -> None:
    assert slug("../../etc/passwd") == "etc-passwd"
    assert slug("临江市\u202e 2023年 / “年报”") == "临江市-2023年-年报"
    assert slug("///") == "document"
    assert len(slug("年" * 500).encode()) <= 150
    assert strip_unsafe(".hidden.") == "hidden"
