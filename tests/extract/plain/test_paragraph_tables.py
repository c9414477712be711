"""Tables that a Word file has as paragraphs, with tabs or blanks between their boxes."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

import pytest

from gongkai.extract import docx
from gongkai.model import Document, Grid, Limits, Source
from gongkai.normalize import normalize

NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TABLE = [
    "第二十条第（一）项",
    "信息内容|本年制发件数|本年废止件数|现行有效件数",
    "规章|0|0|12",
    "行政规范性文件|3|1|25",
    "第二十条第（五）项",
    "信息内容|本年处理决定数量",
    "行政许可|41",
    "第二十条第（六）项",
    "信息内容|本年处理决定数量",
    "行政处罚|7",
    "行政强制|2",
    "第二十条第（八）项",
    "信息内容|本年收费金额（单位：万元）",
    "行政事业性收费|3.5",
]
LINES = [
    "青石县财政局2023年政府信息公开工作年度报告",
    "一、总体情况",
    "2023年，我局认真贯彻条例。",
    "二、主动公开政府信息情况",
    *TABLE,
    "三、收到和处理政府信息公开申请情况",
    "没有收到申请。",
]


def paragraph(line: str, separator: str) -> str:
    runs = []
    for i, piece in enumerate(line.split("|")):
        gap = (
            ("<w:tab/>" if separator == "\t" else f'<w:t xml:space="preserve">{separator}</w:t>') if i else ""
        )
        runs.append(f"<w:r>{gap}<w:t>{escape(piece)}</w:t></w:r>")
    return f"<w:p>{''.join(runs)}</w:p>"


def read(lines: list[str], separator: str, more: str = "") -> Document:
    body = "".join(paragraph(line, separator) for line in lines) + more
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", f"<w:document {NS}><w:body>{body}</w:body></w:document>")
    data = out.getvalue()
    return docx.read(Source("x.docx", data, "0" * 64, len(data)), Limits())


@pytest.mark.parametrize("separator", ["\t", "   ", "\u3000\u3000"])
def test_rows_of_paragraphs_are_a_table(separator: str) -> None:
    lines = [*LINES[:6], "规章|0|0|12", "行政规范性文件|3|1|25", "其他文件|4|0|9", *LINES[8:]]
    (report,) = normalize(read(lines, separator))
    got = {(f.field.row.id, f.field.column.id): f.value for f in report.facts}
    assert got["normative_documents", "in_force"] == 25
    assert got["administrative_licensing", "decisions"] == 41
    assert [s.id for s in report.sections if s.level == 1] == ["overview", "proactive", "requests"]
    assert report.org == "青石县财政局"


def test_paragraphs_beside_a_drawn_table_stay_as_they_are() -> None:
    cell = "<w:tc><w:p><w:r><w:t>规章</w:t></w:r></w:p></w:tc>"
    drawn = f"<w:tbl><w:tr>{cell}{cell}</w:tr></w:tbl>"
    document = read([*LINES, *["1|2|3|4"] * 3], "\t", drawn)
    assert sum(isinstance(b, Grid) for b in document.blocks) == 1


def test_blocks_are_numbered_in_their_order() -> None:
    document = read([*LINES, *["其他|2|3|4"] * 3], "\t")
    assert [b.place.block for b in document.blocks] == list(range(len(document.blocks)))
