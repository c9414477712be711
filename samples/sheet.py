"""A sample → XLSX, by hand: one sheet, a row of it for each line and each row of a table."""

from __future__ import annotations

import io
import zipfile
from html import escape

from form import Box, Rows

_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def book(blocks: list[tuple[str, object]]) -> bytes:
    """The workbook of blocks: ("title", text), ("heading", text), ("text", text), ("table", rows)."""
    placed: list[tuple[int, int, Box]] = []
    merged: list[str] = []
    row = 0
    for kind, content in blocks:
        if kind != "table":
            placed.append((row, 0, Box(str(content))))
            row += 1
            continue
        rows: Rows = content  # type: ignore[assignment]
        held: set[tuple[int, int]] = set()
        for line in rows:
            column = 0
            for box in line:
                while (row, column) in held:
                    column += 1
                placed.append((row, column, box))
                covered = {(row + r, column + c) for r in range(box.rowspan) for c in range(box.colspan)}
                held |= covered
                if len(covered) > 1:
                    last = _name(row + box.rowspan - 1, column + box.colspan - 1)
                    merged.append(f'<mergeCell ref="{_name(row, column)}:{last}"/>')
                column += box.colspan
            row += 1
    lines: dict[int, str] = {}
    for r, c, box in placed:
        lines[r] = lines.get(r, "") + _cell(_name(r, c), box.text)
    body = "".join(f'<row r="{r + 1}">{cells}</row>' for r, cells in sorted(lines.items()))
    sheet = (
        f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData>'
        f'<mergeCells count="{len(merged)}">{"".join(merged)}</mergeCells></worksheet>'
    )
    return _zip(sheet)


def _name(row: int, column: int) -> str:
    return f"{chr(65 + column)}{row + 1}"


def _cell(name: str, text: str) -> str:
    if text.replace(".", "", 1).isdecimal() and text.isascii():
        return f'<c r="{name}"><v>{text}</v></c>'
    return (
        f'<c r="{name}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>' if text else ""
    )


def _zip(sheet: str) -> bytes:
    files = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _relation(f"{_OFFICE}/officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="年报" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relation(f"{_OFFICE}/worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": sheet,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text.encode())
    return out.getvalue()


def _relation(kind: str, target: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{kind}" Target="{target}"/></Relationships>'
