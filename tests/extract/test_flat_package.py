"""Word packages and workbooks that are one XML file."""

from __future__ import annotations

import base64

import pytest

from gongkai.extract import find_reader, flat_package, spreadsheet_xml
from gongkai.extract.office.conversion import old_format
from gongkai.model import Grid, Limits, Paragraph, Source, TooLarge, Unreadable, mark_unread

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)


def part(name: str, content: str) -> str:
    return f'<pkg:part pkg:name="{name}"><pkg:xmlData>{content}</pkg:xmlData></pkg:part>'


def flat(*parts: str) -> bytes:
    head = '<?xml version="1.0"?><?mso-application progid="Word.Document"?>'
    package = f'<pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">{"".join(parts)}</pkg:package>'
    return (head + package).encode()


DOCUMENT = (
    f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>一、总体情况</w:t></w:r></w:p></w:body></w:document>'
)


def test_a_package_in_one_xml_file_is_read_as_a_package() -> None:
    picture = base64.b64encode(b"\x89PNG").decode()
    binary = f'<pkg:part pkg:name="/word/media/a.png"><pkg:binaryData>{picture}</pkg:binaryData></pkg:part>'
    data = flat(part("/_rels/.rels", RELATIONS), part("/word/document.xml", DOCUMENT), binary)
    assert find_reader(data).__name__ == "gongkai.extract.flat_package"
    document = flat_package.read(Source("x.doc", data, "", len(data)), Limits())
    (block,) = document.blocks
    assert isinstance(block, Paragraph) and (block.text, document.format) == ("一、总体情况", "flat-opc")


def test_a_damaged_or_huge_one_is_an_error_of_the_document() -> None:
    broken = flat('<pkg:part pkg:name="/a"><pkg:binaryData>!</pkg:binaryData></pkg:part>')
    for data, error in (
        (broken, Unreadable),
        (flat(*(6000 * [part("/a", "")])), TooLarge),
        (flat(), Unreadable),
    ):
        with pytest.raises(error):
            flat_package.read(Source("x.doc", data, "", len(data)), Limits())


def test_words_xml_of_2003_goes_to_libreoffice() -> None:
    root = '<?xml version="1.0"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"/>'
    assert old_format(root.encode()) == "xml"
    assert old_format(flat(part("/word/document.xml", DOCUMENT))) is None


# Workbooks ---------------------------------------------------------------------------------------

NS = 'xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel" xmlns:h="http://www.w3.org/TR/REC-html40"'


def row(*cells: str, more: str = "") -> str:
    return f"<Row {more}>{''.join(cells)}</Row>"


def cell(text: str, kind: str = "String", more: str = "") -> str:
    return f'<Cell {more}><ss:Data ss:Type="{kind}">{text}</ss:Data></Cell>'


def shown(*rows: str, styles: str = "", more: str = "") -> tuple[list[str], list[str]]:
    """The tables of a workbook as text, and the codes of findings."""
    sheet = f'<Worksheet ss:Name="a"><Table>{"".join(rows)}</Table></Worksheet>{more}'
    data = f'<?xml version="1.0"?><Workbook {NS}><Styles>{styles}</Styles>{sheet}</Workbook>'.encode()
    assert find_reader(data).__name__ == "gongkai.extract.spreadsheet_xml"
    document = spreadsheet_xml.read(Source("x.xls", data, "", len(data)), Limits())
    return [str(b) for b in document.blocks if isinstance(b, Grid)], [f.code for f in document.findings]


def test_boxes_stand_where_their_numbers_and_spans_say() -> None:
    rows = (
        row(cell("甲", more='ss:MergeAcross="1"'), cell("1", "Number")),
        row(cell("乙"), cell("2", more='ss:Index="3"')),
    )
    assert shown(*rows)[0] == ["甲 | · | 1\n乙 |  | 2"]


def test_hidden_rows_and_sheets_are_not_there_and_struck_text_is_left_out() -> None:
    hidden = '<Worksheet ss:Name="b"><Table/><x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></Worksheet>'
    tables, codes = shown(
        row(cell("去年"), cell("9"), more='ss:Hidden="1"'),
        row(cell("今年"), cell("<h:S>7</h:S>3<h:Sup>1</h:Sup>")),
        more=hidden,
    )
    assert (tables, codes) == (["今年 | 3¹"], ["text-left-out"])


def test_numbers_are_as_their_format_shows_them_and_what_is_not_known_is_marked() -> None:
    style = '<Style ss:ID="Default"><NumberFormat ss:Format="0"/></Style><Style ss:ID="s1"><NumberFormat ss:Format="0\\.0,"/></Style>'
    tables, _ = shown(
        row(cell("甲"), cell("12.6", "Number")),
        row(cell("乙"), cell("12345", "Number", 'ss:StyleID="s1"')),
        row(cell("丙"), cell("#REF!", "Error")),
        row(cell("丁"), '<Cell ss:Formula="=1+1"/>'),
        styles=style,
    )
    marks = mark_unread("error #REF!"), mark_unread("formula without a result")
    assert tables == [f"甲 | 13\n乙 | 1.2\n丙 | {marks[0]}\n丁 | {marks[1]}"]
