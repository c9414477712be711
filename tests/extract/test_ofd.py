"""OFD from hand-written parts."""

from __future__ import annotations

import io
import zipfile

import pytest

from extract import ofd, reader
from model import Document, Encrypted, Grid, Limits, Paragraph, Source, Unreadable

NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def package(content: str, template: str = "", **parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            "OFD.xml",
            f"<ofd:OFD {NS}><ofd:DocBody><ofd:DocRoot>/Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        )
        archive.writestr(
            "Doc_0/Document.xml",
            f"<ofd:Document {NS}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
            '<ofd:TemplatePage ID="9" BaseLoc="Tpls/T.xml"/></ofd:CommonData>'
            '<ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/P/content.XML"/></ofd:Pages></ofd:Document>',
        )
        archive.writestr(
            "Doc_0/Pages/P/Content.xml",
            f"<ofd:Page {NS}><ofd:Content><ofd:Layer>{content}</ofd:Layer></ofd:Content></ofd:Page>",
        )
        archive.writestr(
            "Doc_0/Tpls/T.xml",
            f"<ofd:Page {NS}><ofd:Content><ofd:Layer>{template}</ofd:Layer></ofd:Content></ofd:Page>",
        )
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def text(x: float, y: float, words: str, **how: str) -> str:
    attributes = "".join(f' {k}="{v}"' for k, v in how.items())
    return (
        f'<ofd:TextObject Boundary="{x} {y} 100 5" Size="4"{attributes}>'
        f'<ofd:TextCode X="0" Y="4" DeltaX="g {max(1, len(words) - 1)} 4">{words}</ofd:TextCode></ofd:TextObject>'
    )


def line(x0: float, y0: float, x1: float, y1: float) -> str:
    return f'<ofd:PathObject Boundary="{x0} {y0} {x1 - x0} {y1 - y0}"><ofd:AbbreviatedData>M 0 0 L {x1 - x0} {y1 - y0}</ofd:AbbreviatedData></ofd:PathObject>'


RULES = "".join(line(20, y, 100, y) for y in (50, 60, 70)) + "".join(
    line(x, 50, x, 70) for x in (20, 60, 100)
)
WORDS = text(22, 52, "甲") + text(62, 52, "12") + text(22, 62, "乙") + text(62, 62, "3")


def read(data: bytes) -> Document:
    return ofd.read(Source("x.ofd", data, "", len(data)), Limits())


def test_text_and_lines_make_boxes() -> None:
    (grid,) = [b for b in read(package(RULES + WORDS)).blocks if isinstance(b, Grid)]
    assert str(grid) == "甲 | 12\n乙 | 3"
    assert grid.cells[1].place.page == 1


def test_a_template_page_is_under_every_page_that_uses_it() -> None:
    data = package('<ofd:Template TemplateID="9"/>' + WORDS, RULES)
    assert [str(b) for b in read(data).blocks] == ["甲 | 12\n乙 | 3"]


def test_a_matrix_moves_what_it_belongs_to() -> None:
    moved = text(0, 0, "年度报告", CTM="1 0 0 1 30 40")
    (block,) = read(package(moved)).blocks
    assert isinstance(block, Paragraph) and block.text == "年度报告"
    assert block.place.bbox is not None and round(block.place.bbox[0]) == round(30 * 72 / 25.4)


def test_the_reader_is_chosen_by_content() -> None:
    assert reader(package(WORDS)).__name__ == "extract.ofd"


def test_a_part_that_is_not_there_is_said() -> None:
    data = package(WORDS).replace(b"Doc_0/Pages/P/Content.xml", b"Doc_0/Pages/P/Missing.xml")
    with pytest.raises(Unreadable, match="not there"):
        read(data)


def test_an_encrypted_file_is_encrypted() -> None:
    with pytest.raises(Encrypted):
        read(package(WORDS, **{"Encryptions.xml": "<x/>"}))
