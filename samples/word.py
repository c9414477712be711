"""A sample → DOCX, by hand: the smallest WordprocessingML that shows the oddity."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from html import escape

from form import Box, Rows

_NS = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELS = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)


def paragraph(
    text: str, *, style: str = "", number: bool = False, centered: bool = False, size: int = 0
) -> str:
    """A paragraph; `number` gives it the automatic number of list 1."""
    inner = f'<w:pStyle w:val="{style}"/>' if style else ""
    inner += '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>' if number else ""
    inner += '<w:jc w:val="center"/>' if centered else ""
    run = f'<w:rPr><w:sz w:val="{2 * size}"/></w:rPr>' if size else ""
    return f"<w:p><w:pPr>{inner}</w:pPr>{_run(text, run)}</w:p>"


def _run(text: str, properties: str = "") -> str:
    lines = text.split("\n")
    inner = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in lines)
    return f"<w:r>{properties}{inner}</w:r>"


def deleted(text: str) -> str:
    """A deleted run, as tracked changes keep it."""
    return f'<w:del w:id="9" w:author="a"><w:r><w:delText>{escape(text)}</w:delText></w:r></w:del>'


def table(rows: Rows, *, merge: bool = True, gone: frozenset[int] = frozenset()) -> str:
    """A table. Without `merge` a group's label stands in its first row only; rows in `gone` are deleted."""
    width = sum(box.colspan for box in rows[0])
    held: dict[tuple[int, int], tuple[Box, int]] = {}
    out = []
    for r, line in enumerate(rows):
        cells, column, waiting = [], 0, list(line)
        while waiting or (r, column) in held:
            above = held.get((r, column))
            if above is not None:
                box, _ = above
                mark = "<w:vMerge/>" if merge else ""
                cells.append(_cell("", box.colspan, mark))
                column += box.colspan
                continue
            box = waiting.pop(0)
            mark = '<w:vMerge w:val="restart"/>' if box.rowspan > 1 and merge else ""
            cells.append(_cell(box.text, box.colspan, mark))
            for down in range(1, box.rowspan):
                held[r + down, column] = (box, column)
            column += box.colspan
        dropped = '<w:trPr><w:del w:id="8" w:author="a"/></w:trPr>' if r in gone else ""
        out.append(f"<w:tr>{dropped}{''.join(cells)}</w:tr>")
    grid = "<w:gridCol/>" * width
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(out)}</w:tbl>"


def _cell(text: str, span: int, mark: str) -> str:
    spans = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    inner = text if text.startswith("<w:") else _run(text) if text else ""
    return f"<w:tc><w:tcPr>{spans}{mark}</w:tcPr><w:p>{inner}</w:p></w:tc>"


def text_box(inner: str) -> str:
    """A text box, once as Word draws it and once more for older programs."""
    content = f"<w:txbxContent>{inner}</w:txbxContent>"
    return (
        '<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>'
        f"{content}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{content}</v:textbox></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )


NUMBERING = (
    f'<w:numbering {_NS}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)


def package(body: str, parts: Mapping[str, str] = {}) -> bytes:
    """The DOCX of a body; the same body, the same bytes."""
    document = f'<?xml version="1.0" encoding="UTF-8"?><w:document {_NS}><w:body>{body}<w:sectPr/></w:body></w:document>'
    files = {"[Content_Types].xml": _TYPES, "_rels/.rels": _RELS, "word/document.xml": document, **parts}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text.encode("utf-8"))
    return out.getvalue()
