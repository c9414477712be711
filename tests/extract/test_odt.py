"""OpenDocument text, as an office program writes it and as it may not."""

from __future__ import annotations

import io
import zipfile

import pytest

from gongkai.extract import find_reader, odt
from gongkai.model import Encrypted, Grid, Limits, Paragraph, Source, TooLarge, Unreadable

HEAD = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0">'
    "<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:text>"
)
TAIL = "</office:text></office:body></office:document-content>"


def source(body: str, styles: str = "", **more: str) -> Source:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("content.xml", HEAD.format(styles=styles) + body + TAIL)
        for name, text in more.items():
            package.writestr(name, text)
    return Source("x.odt", out.getvalue(), "", len(out.getvalue()))


def blocks(body: str, styles: str = "") -> list[str]:
    document = odt.read(source(body, styles), Limits())
    return [b.number + b.text if isinstance(b, Paragraph) else str(b) for b in document.blocks]


def cell(text: str, more: str = "") -> str:
    return f"<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>"


def test_the_bytes_say_what_they_are() -> None:
    assert find_reader(source("").data).__name__ == "gongkai.extract.odt"


def test_white_space_and_what_nobody_sees() -> None:
    styles = '<style:style style:name="T1"><style:text-properties text:display="none"/></style:style>'
    body = (
        '<text:p>全年<text:s text:c="2"/>收到<text:tab/>3件'
        '<text:span text:style-name="T1">隐藏</text:span>'
        "<text:note><text:note-body><text:p>注</text:p></text:note-body></text:note>。</text:p>"
        "<text:tracked-changes><text:p>删去</text:p></text:tracked-changes>"
    )
    assert blocks(body, styles) == ["全年  收到\t3件。"]


def test_spans_covered_cells_and_repeats_keep_their_places() -> None:
    wide, covered = 'table:number-columns-spanned="2"', "<table:covered-table-cell/>"
    body = (
        "<table:table><table:table-header-rows><table:table-row>"
        + cell("申请人", wide) + covered + cell("总计", 'table:number-rows-spanned="2"')
        + "</table:table-row></table:table-header-rows><table:table-row>"
        + cell("自然人") + cell("企业") + covered
        + "</table:table-row><table:table-row>"
        + cell("0", 'table:number-columns-repeated="3"')
        + "</table:table-row></table:table>"
    )  # fmt: skip
    (grid,) = odt.read(source(body), Limits()).blocks
    assert isinstance(grid, Grid)
    assert [(c.row, c.column, c.rowspan, c.colspan, c.text) for c in grid.cells] == [
        (0, 0, 1, 2, "申请人"),
        (0, 2, 2, 1, "总计"),
        (1, 0, 1, 1, "自然人"),
        (1, 1, 1, 1, "企业"),
        (2, 0, 1, 1, "0"),
        (2, 1, 1, 1, "0"),
        (2, 2, 1, 1, "0"),
    ]


def test_numbers_of_lists_are_those_that_are_printed() -> None:
    styles = (
        '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" '
        'style:num-format="一, 二, 三, ..." style:num-suffix="、"/></text:list-style>'
    )
    item = "<text:list-item><text:p>{}</text:p></text:list-item>"
    body = (
        f'<text:list text:style-name="L1">{item.format("总体情况")}</text:list><text:p>正文</text:p>'
        f'<text:list text:style-name="L1" text:continue-numbering="true">{item.format("主动公开")}</text:list>'
    )
    assert blocks(body, styles) == ["一、总体情况", "正文", "二、主动公开"]


def test_absurd_repeats_are_clamped_or_refused() -> None:
    many = 'table:number-columns-repeated="1000000000"'
    row = f"<table:table-row>{cell('0', many)}</table:table-row>"
    (grid,) = odt.read(source(f"<table:table>{row * 2}</table:table>"), Limits()).blocks
    assert isinstance(grid, Grid) and grid.columns == Limits().colspan
    with pytest.raises(TooLarge):
        odt.read(source(f"<table:table>{row * 2}</table:table>"), Limits(cells=100))


def test_a_locked_and_a_broken_file_are_said_to_be() -> None:
    with pytest.raises(Encrypted):
        odt.read(source("", **{"META-INF/manifest.xml": "<manifest:encryption-data/>"}), Limits())
    with pytest.raises(Unreadable):
        odt.read(source("<text:p>"), Limits())


def test_a_box_keeps_what_stands_in_the_head_of_a_list() -> None:
    listed = (
        "<text:list><text:list-header><text:p>12</text:p></text:list-header>"
        "<text:list-item><text:p>件</text:p></text:list-item></text:list>"
    )
    body = f"<table:table><table:table-row>{cell('规章')}<table:table-cell>{listed}</table:table-cell></table:table-row></table:table>"
    (grid,) = odt.read(source(body), Limits()).blocks
    assert isinstance(grid, Grid)
    assert [c.text for c in grid.cells] == ["规章", "12\n件"]
