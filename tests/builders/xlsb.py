"""A workbook in Excel's binary format of 2007 (.xlsb), by hand: one sheet of texts and numbers."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence

_MAIN = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def xlsb(rows: Sequence[Sequence[str | float]], format: str = "General") -> bytes:
    """The bytes of a workbook; its numbers have a format."""
    sheet = _record(129) + _record(145)
    for r, row in enumerate(rows):
        sheet += _record(0, struct.pack("<IIHBBBI", r, 0, 0x12C, 0, 0, 0, 0))
        for c, value in enumerate(row):
            if isinstance(value, str):
                sheet += _record(6, struct.pack("<II", c, 0) + _wide(value))
            else:
                sheet += _record(5, struct.pack("<IId", c, 1, value))
    sheet += _record(146) + _record(130)
    bundle = struct.pack("<II", 0, 1) + _wide("r1") + _wide("年报")
    book = _record(131) + _record(143) + _record(156, bundle) + _record(144) + _record(132)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="bin" ContentType="{_MAIN}"/><Override PartName="/xl/worksheets/sheet1.bin" ContentType="application/vnd.ms-excel.worksheet"/><Override PartName="/xl/styles.bin" ContentType="application/vnd.ms-excel.styles"/></Types>'.encode(),
        "_rels/.rels": _relations(("officeDocument", "xl/workbook.bin")),
        "xl/_rels/workbook.bin.rels": _relations(
            ("worksheet", "worksheets/sheet1.bin"), ("styles", "styles.bin")
        ),
        "xl/workbook.bin": book,
        "xl/worksheets/sheet1.bin": sheet,
        "xl/styles.bin": _styles(format),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return out.getvalue()


def _styles(format: str) -> bytes:
    font = (
        struct.pack("<HHHHBBBB", 220, 0, 400, 0, 0, 2, 0, 0)
        + bytes([1, 8])
        + bytes(6)
        + b"\0"
        + _wide("Arial")
    )
    fill = struct.pack("<I", 0) + bytes(64)
    border = bytes(51)
    plain = struct.pack("<HHHHHBBHH", 0xFFFF, 0, 0, 0, 0, 0, 0, 0, 0)
    cells = [struct.pack("<HHHHHBBHH", 0, n, 0, 0, 0, 0, 0, 0, 1) for n in (0, 164)]
    return b"".join(
        (
            _record(278),
            _record(615, struct.pack("<I", 1))
            + _record(44, struct.pack("<H", 164) + _wide(format))
            + _record(616),
            _record(611, struct.pack("<I", 1)) + _record(43, font) + _record(612),
            _record(603, struct.pack("<I", 1)) + _record(45, fill) + _record(604),
            _record(613, struct.pack("<I", 1)) + _record(46, border) + _record(614),
            _record(626, struct.pack("<I", 1)) + _record(47, plain) + _record(627),
            _record(617, struct.pack("<I", 2)) + b"".join(_record(47, c) for c in cells) + _record(618),
            _record(279),
        )
    )


def _record(number: int, data: bytes = b"") -> bytes:
    return _vary(number) + _vary(len(data)) + data


def _vary(number: int) -> bytes:
    """A number in as few bytes as it takes, seven bits in each."""
    parts = []
    while True:
        number, low = number >> 7, number & 0x7F
        parts.append(low | (0x80 if number else 0))
        if not number:
            return bytes(parts)


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _relations(*pairs: tuple[str, str]) -> bytes:
    items = "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(pairs, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}">{items}</Relationships>'.encode()
