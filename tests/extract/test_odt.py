"""OpenDocument text, as an office program writes it and as it may not."""

from __future__ import annotations

import io
import zipfile

import pytest

from gongkai.extract import find_reader, odt
from gongkai.model import Encrypted, Grid, Limits, Paragraph, Source, TooLarge, Unreadable, mark_unread

HEAD = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:field="urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0" '
    'xmlns:loext="urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0">'
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


# What is seen ------------------------------------------------------------------------------------


FOREIGN = (
    '<field:fieldmark-start field:type="vnd.oasis.opendocument.field.UNHANDLED"><field:param '
    'field:name="vnd.oasis.opendocument.field.code" field:value="{}"/></field:fieldmark-start>'
    "<field:fieldmark-separator/>{}<field:fieldmark-end/>"
)


def text_style(name: str, properties: str, parent: str = "", family: str = "text") -> str:
    based = f' style:parent-style-name="{parent}"' if parent else ""
    return f'<style:style style:name="{name}" style:family="{family}"{based}><style:text-properties {properties}/></style:style>'


def box(content: str, styles: str = "", style: str = "") -> tuple[str, list[str]]:
    """The text of a box with this content, in a table with another box, and the codes of findings."""
    named = f' table:style-name="{style}"' if style else ""
    table = (
        f"<table:table><table:table-row>{cell('甲')}<table:table-cell{named}>{content}</table:table-cell>"
        "</table:table-row></table:table>"
    )
    document = odt.read(source(table, styles), Limits())
    (grid,) = [b for b in document.blocks if isinstance(b, Grid)]
    return grid.cells[1].text, [f.code for f in document.findings]


FO = 'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" '


def span(text: str) -> str:
    return f'<text:span text:style-name="T">{text}</text:span>'


SPAN = '<text:p>{}<text:span text:style-name="T">{}</text:span></text:p>'


@pytest.mark.parametrize(
    "properties",
    [
        'text:display="none"',
        'style:text-line-through-style="solid"',
        'style:text-line-through-type="double"',
        FO + 'fo:color="#ffffff"',
        FO + 'fo:font-size="1pt"',
    ],
)
def test_text_that_nobody_sees_is_left_out_whatever_style_says_so(properties: str) -> None:
    own = text_style("T", properties)
    based = text_style("Base", properties) + text_style("T", "", "Base")
    for styles in (own, based):
        assert box(SPAN.format("3", "5"), styles) == ("3", ["text-left-out"])


def test_white_text_on_a_dark_box_is_seen() -> None:
    dark = f'<style:style style:name="C" style:family="table-cell"><style:table-cell-properties {FO}fo:background-color="#1f3864"/></style:style>'
    white = text_style("T", FO + 'fo:color="#ffffff"')
    assert box(SPAN.format("", "24"), white + dark, "C")[0] == "24"


@pytest.mark.parametrize(
    ("position", "text"),
    [("super 58%", "1²"), ("33% 58%", "1²"), ("-25% 58%", "1₂"), ("sub", "1₂"), ("0% 100%", "12")],
)
def test_a_raised_or_lowered_figure_is_none_of_the_number(position: str, text: str) -> None:
    assert box(SPAN.format("1", "2"), text_style("T", f'style:text-position="{position}"'))[0] == text


def test_objects_pictures_and_form_fields_leave_a_mark() -> None:
    draw = 'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
    for inner, what in (
        (f"<draw:frame {draw}><draw:image/></draw:frame>", "picture"),
        (f"<draw:frame {draw}><draw:object/><draw:image/></draw:frame>", "object"),
        (f"<draw:control {draw}/>", "form field"),
        ("<text:expression/>", "field without a result"),
    ):
        assert box(f"<text:p>2{inner}</text:p>")[0] == "2" + mark_unread(what)


def test_a_table_of_one_box_is_the_text_of_the_box_around_it() -> None:
    inner = f"<table:table><table:table-row>{cell('8')}</table:table-row></table:table>"
    assert box(inner)[0] == "8"


def test_folded_rows_are_not_there_and_a_list_number_is_no_part_of_a_value() -> None:
    row = "<table:table-row{}>" + cell("甲") + cell("1") + "</table:table-row>"
    folded = row.format(' table:visibility="collapse"')
    assert blocks(f"<table:table>{folded}{row.format('')}</table:table>") == ["甲 | 1"]
    styles = (
        '<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="1" '
        'style:num-suffix="."/></text:list-style>'
    )
    listed = '<text:list text:style-name="L"><text:list-item><text:p>{}</text:p></text:list-item></text:list>'
    assert box(listed.format("5"), styles)[0] == "5"
    assert box(listed.format("其他"), styles)[0] == "1.其他"


@pytest.mark.parametrize("count", ["x", "²"])
def test_a_damaged_count_of_blanks_makes_no_number_of_two(count: str) -> None:
    assert box(f'<text:p>2<text:s text:c="{count}"/>4</text:p>')[0] == "2  4"


@pytest.mark.parametrize(
    "properties", ['style:text-scale="1%"', 'fo:font-size="2%"', 'fo:color="#000000" loext:opacity="0%"']
)
def test_letters_without_width_size_or_colour_are_left_out(properties: str) -> None:
    assert box(f"<text:p>{span('9')}3</text:p>", text_style("T", properties))[0] == "3"


def test_what_a_family_of_styles_has_by_default_holds_for_every_paragraph() -> None:
    default = '<style:default-style style:family="paragraph"><style:text-properties text:display="none"/></style:default-style>'
    shown = text_style("T", 'text:display="true"')
    assert box(f"<text:p>9{span('3')}</text:p>", default + shown)[0] == "3"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (span("9"), mark_unread("crossed out")),
        ("<text:note><text:note-citation>1</text:note-citation></text:note>", mark_unread("mark of a note")),
        ("12<text:chapter/>", "12" + mark_unread("field without a result")),
        ("<text:page-number>0</text:page-number>", mark_unread("field")),
        (FOREIGN.format("FOO", ""), mark_unread("field without a result")),
        (FOREIGN.format("=SUM(LEFT)", "12"), "12"),
        (FOREIGN.format("PRIVATE", "9") + "12", "12"),
        ("<text:placeholder>9</text:placeholder>", mark_unread("text to be replaced")),
        ('<text:variable-set text:display="none">9</text:variable-set>12', "12"),
        ('<text:hidden-text text:is-hidden="true">9</text:hidden-text>12', "12"),
        ("12<draw:line/>", "12" + mark_unread("line")),
        ("12<draw:rect/>", "12" + mark_unread("shape")),
        ("1<text:bookmark/>2<text:soft-page-break/>", "12"),
    ],
)
def test_fields_shapes_and_marks_of_notes_are_read_left_out_or_marked(content: str, text: str) -> None:
    assert (
        box(f"<text:p>{content}</text:p>", text_style("T", 'style:text-line-through-style="solid"'))[0]
        == text
    )


def test_a_section_in_a_box_is_read_and_one_that_is_switched_off_is_not() -> None:
    inner = '<text:section><text:p>12</text:p></text:section><text:section text:display="none"><text:p>9</text:p></text:section>'
    body = f"<table:table><table:table-row>{cell('甲')}<table:table-cell>{inner}</table:table-cell></table:table-row></table:table>"
    (grid,) = odt.read(source(body), Limits()).blocks
    assert isinstance(grid, Grid) and grid.cells[1].text == "12"


def test_an_opacity_without_a_colour_of_its_own_hides_nothing() -> None:
    # as LibreOffice 7.4 writes it for text in the usual colour
    default = (
        '<style:default-style style:family="paragraph"><style:text-properties style:use-window-font-color="true" '
        'loext:opacity="0%"/></style:default-style>'
    )
    colored = text_style("T", 'fo:color="#ff0000"')
    assert box(f"<text:p>1{span('2')}</text:p>", default + colored)[0] == "12"
    assert box(f"<text:p>1{span('2')}</text:p>", default + text_style("T", 'fo:color="#ffffff"'))[0] == "1"
