"""A box of a Word table holds what is seen in it: no more, and a mark for what is seen and not read."""

from __future__ import annotations

import io
import zipfile

import pytest

from gongkai.extract import docx
from gongkai.extract.office.symbol_font import translate_symbols
from gongkai.model import Document, Grid, Limits, Paragraph, Source, Unreadable, mark_unread

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NS = (
    f'xmlns:w="{W}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
)
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def pack(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def relations(**targets: str) -> str:
    items = "".join(
        f'<Relationship Id="{kind}" Type="{RELATION}/{kind}" Target="{target}"/>'
        for kind, target in targets.items()
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{items}</Relationships>'


def read_body(body: str, **parts: str) -> Document:
    document = f"<w:document {NS}><w:body>{body}</w:body></w:document>"
    data = pack({"word/document.xml": document, **{f"word/{name}.xml": text for name, text in parts.items()}})
    return docx.read(Source("x.docx", data, "", len(data)), Limits())


def box_text(content: str, properties: str = "", **parts: str) -> str:
    """The text of the box with this content, in a table with another box."""
    table = f"<w:tbl><w:tr><w:tc><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc><w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc></w:tr></w:tbl>"
    (grid,) = [b for b in read_body(table, **parts).blocks if isinstance(b, Grid)]
    return grid.cells[1].text


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def p(*runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def styles(*inner: str) -> str:
    return f'<w:styles xmlns:w="{W}">{"".join(inner)}</w:styles>'


def style(id: str, kind: str, properties: str, base: str = "") -> str:
    based = f'<w:basedOn w:val="{base}"/>' if base else ""
    return f'<w:style w:type="{kind}" w:styleId="{id}">{based}<w:rPr>{properties}</w:rPr></w:style>'


@pytest.mark.parametrize(
    "properties",
    [
        "<w:strike/>",
        "<w:dstrike/>",
        "<w:vanish/>",
        '<w:color w:val="FFFFFF"/>',
        '<w:color w:val="auto" w:themeColor="background1"/>',
        '<w:color w:val="FFFF00"/><w:highlight w:val="yellow"/>',
        '<w:sz w:val="1"/>',
    ],
)
def test_text_that_nobody_sees_is_left_out_with_a_note(properties: str) -> None:
    table = f"<w:tbl><w:tr><w:tc>{p(run('甲'))}</w:tc><w:tc>{p(run('5', properties), run('3'))}</w:tc></w:tr></w:tbl>"
    document = read_body(table)
    (grid,) = [b for b in document.blocks if isinstance(b, Grid)]
    assert grid.cells[1].text == "3"
    assert [f.code for f in document.findings] == ["text-left-out"]
    assert "“5” (block 1, row 1, column 2)" in document.findings[0].message


def test_white_text_on_a_dark_box_is_seen() -> None:
    white = p(run("24", '<w:color w:val="FFFFFF"/>'))
    assert box_text(white, '<w:shd w:val="clear" w:fill="1F3864"/>') == "24"
    assert box_text(white, '<w:shd w:val="clear" w:fill="FFFFFF"/>') == ""


def test_what_hides_text_may_stand_in_any_style_and_in_what_it_is_based_on() -> None:
    sheet = styles(
        style("Old", "character", "<w:vanish/>"),
        style("Older", "character", "", "Old"),
        style("Draft", "paragraph", "<w:strike/>"),
        style("Shown", "character", '<w:vanish w:val="0"/>', "Old"),
    )
    assert box_text(p(run("9", '<w:rStyle w:val="Older"/>'), run("3")), styles=sheet) == "3"
    assert box_text(p(run("9"), properties='<w:pStyle w:val="Draft"/>') + p(run("3")), styles=sheet) == "\n3"
    assert box_text(p(run("9", '<w:rStyle w:val="Shown"/>')), styles=sheet) == "9"


def test_two_styles_that_toggle_the_same_property_take_it_off_again() -> None:
    sheet = styles(
        style("Gone", "paragraph", "<w:vanish/>"),
        style("Back", "character", "<w:vanish/>"),
        style("N", "table", ""),
    )
    text = p(run("9"), run("3", '<w:rStyle w:val="Back"/>'), properties='<w:pStyle w:val="Gone"/>')
    assert box_text(text, styles=sheet) == "3"


@pytest.mark.parametrize(
    ("properties", "text"),
    [
        ('<w:vertAlign w:val="superscript"/>', "12²"),
        ('<w:vertAlign w:val="subscript"/>', "12₂"),
        ('<w:position w:val="10"/>', "12²"),
        ('<w:position w:val="-8"/>', "12₂"),
        ('<w:position w:val="1"/>', "122"),
    ],
)
def test_a_raised_or_lowered_figure_is_none_of_the_number(properties: str, text: str) -> None:
    assert box_text(p(run("12"), run("2", properties))) == text


def test_a_figure_raised_before_the_number_is_none_of_it_and_one_raised_whole_is_a_number() -> None:
    raised = '<w:vertAlign w:val="superscript"/>'
    assert box_text(p(run("1", raised), run("2"))) == "¹2"
    assert box_text(p(run("12", raised))) == "12"


def test_symbols_are_mapped_where_their_font_says_what_they_are_and_else_marked() -> None:
    symbol = '<w:r><w:sym w:font="{}" w:char="{}"/></w:r>'
    assert box_text(p(symbol.format("Symbol", "F02D"), symbol.format("Symbol", "F033"))) == "-3"
    assert box_text(p(symbol.format("Wingdings", "F033"))) == mark_unread("symbol")
    assert box_text(p("<w:r><w:sym/></w:r>", run("9"))) == mark_unread("symbol") + "9"
    assert (
        box_text(p(run("12", '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>')))
        == mark_unread("symbol") * 2
    )
    assert box_text(p(run("\uf032\uf033", '<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>'))) == "23"
    assert box_text(p(run("\ue0a1"))) == mark_unread("symbol")
    assert translate_symbols("\u4e00", "Symbol") == "\u4e00"


def test_an_equation_that_is_a_number_is_read_and_any_other_is_marked() -> None:
    plain = "<m:oMath><m:r><m:rPr><m:sty m:val='p'/></m:rPr><m:t>128.46</m:t></m:r></m:oMath>"
    power = "<m:oMath><m:sSup><m:e><m:r><m:t>2</m:t></m:r></m:e><m:sup><m:r><m:t>3</m:t></m:r></m:sup></m:sSup></m:oMath>"
    assert box_text(p(plain)) == "128.46"
    assert box_text(p(run("1"), power)) == "1" + mark_unread("equation")


def test_the_base_of_a_reading_aid_is_text_and_the_aid_is_not() -> None:
    ruby = "<w:ruby><w:rt><w:r><w:t>er</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>2</w:t></w:r></w:rubyBase></w:ruby>"
    assert box_text(p(run("1"), f"<w:r>{ruby}</w:r>")) == "12"


def test_a_choice_in_a_list_is_read_as_it_is_shown() -> None:
    begin = '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="{}"/><w:listEntry w:val="0"/><w:listEntry w:val="7"/></w:ddList></w:ffData></w:fldChar></w:r>'
    code = "<w:r><w:instrText> FORMDROPDOWN </w:instrText></w:r>"
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    assert box_text(p(begin.format(1), code, end)) == "7"
    assert box_text(p(begin.format(9), code, end)) == mark_unread("drop-down")


@pytest.mark.parametrize(
    ("code", "what"),
    [
        (" EQ \\o(2,3) ", "equation field"),
        (" =SUM(LEFT) ", "formula without a result"),
        (" SYMBOL 50 ", "symbol field"),
    ],
)
def test_a_field_that_shows_what_the_file_does_not_hold_is_marked(code: str, what: str) -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{}</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    assert box_text(p(field.format(code))) == mark_unread(what)
    assert box_text(p(f'<w:fldSimple w:instr="{code}"/>')) == mark_unread(what)


def test_the_result_of_a_formula_is_its_text() -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>=SUM(LEFT)</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        + run("21")
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    assert box_text(p(field)) == "21"


def test_a_picture_or_an_object_in_a_box_leaves_a_mark() -> None:
    extent = '<wp:inline><wp:extent cx="{0}" cy="{0}"/><a:blip/></wp:inline>'
    assert box_text(p(f"<w:r><w:drawing>{extent.format(500_000)}</w:drawing></w:r>")) == mark_unread(
        "picture"
    )
    assert box_text(p(f"<w:r><w:drawing>{extent.format(9_525)}</w:drawing></w:r>")) == ""
    assert box_text(p("<w:r><w:object/></w:r>")) == mark_unread("object")


def test_a_table_of_one_box_is_the_text_of_the_box_around_it() -> None:
    inner = "<w:tbl><w:tr>{}</w:tr></w:tbl>"
    cell = f"<w:tc>{p(run('8'))}</w:tc>"
    assert box_text(inner.format(cell) + p()) == "8\n"


def test_deleted_boxes_and_hidden_rows_are_not_there() -> None:
    row = "<w:tr><w:trPr>{}</w:trPr><w:tc>{}</w:tc><w:tc><w:tcPr>{}</w:tcPr>{}</w:tc><w:tc>{}</w:tc></w:tr>"
    hidden = row.format("<w:hidden/>", p(run("乙")), "", p(run("1")), p(run("2")))
    low = row.format('<w:trHeight w:val="1" w:hRule="exact"/>', p(run("丙")), "", p(run("1")), p(run("2")))
    shown = row.format("", p(run("甲")), "<w:cellDel/>", p(run("9")), p(run("3")))
    (grid,) = [b for b in read_body(f"<w:tbl>{hidden}{low}{shown}</w:tbl>").blocks if isinstance(b, Grid)]
    assert str(grid) == "甲 | 3"


NUMBERING = (
    f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
    "</w:lvlOverride></w:num></w:numbering>"
)


def test_an_automatic_number_is_part_of_a_label_and_of_no_value() -> None:
    listed = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    assert box_text(p(run("其他"), properties=listed), numbering=NUMBERING) == "1.其他"
    assert box_text(p(run("5"), properties=listed), numbering=NUMBERING) == "5"
    assert box_text(p(properties=listed), numbering=NUMBERING) == mark_unread("list number")


def test_lists_of_one_kind_go_on_counting_unless_they_begin_anew() -> None:
    listed = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{}"/></w:numPr>'
    body = "".join(p(run("段"), properties=listed.format(n)) for n in (1, 2, 3))
    blocks = read_body(body, numbering=NUMBERING).blocks
    assert [b.number for b in blocks if isinstance(b, Paragraph)] == ["1.", "2.", "1."]


def test_a_style_gives_its_list_to_the_styles_based_on_it() -> None:
    own = '<w:style w:type="paragraph" w:styleId="A"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    sheet = styles(own, style("B", "paragraph", "", "A"))
    (block,) = read_body(
        p(run("段"), properties='<w:pStyle w:val="B"/>'), styles=sheet, numbering=NUMBERING
    ).blocks
    assert isinstance(block, Paragraph) and block.number == "1."


@pytest.mark.parametrize(
    ("rels", "main"),
    [
        ("/word/document2.xml", "word/document2.xml"),
        ("word\\document2.xml", "word\\document2.xml"),
        ("report/main.xml", "report/main.xml"),
    ],
)
def test_the_document_is_found_by_its_relation(rels: str, main: str) -> None:
    document = f"<w:document {NS}><w:body>{p(run('文'))}</w:body></w:document>"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    types = f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/x" ContentType="{kind}"/></Types>'
    data = pack({"[Content_Types].xml": types, "_rels/.rels": relations(officeDocument=rels), main: document})
    assert docx.sniff(data)
    (block,) = docx.read(Source("x.docx", data, "", len(data)), Limits()).blocks
    assert isinstance(block, Paragraph) and block.text == "文"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_what_hides_text_is_found_in_any_encoding_and_under_any_prefix(encoding: str) -> None:
    body = p(run("5", "<w:strike/>"), run("3")).replace("w:", "")
    document = f'<?xml version="1.0" encoding="{encoding}"?><document xmlns="{W}" xmlns:w="{W}"><body>{body}</body></document>'
    document = document.replace("<pPr></pPr>", "<?x y?>")
    data = pack({"word/document.xml": document.encode(encoding)})
    (block,) = docx.read(Source("x.docx", data, "", len(data)), Limits()).blocks
    assert isinstance(block, Paragraph) and block.text == "3"


def test_a_figure_with_a_processing_instruction_inside_is_whole_and_a_late_doctype_is_refused() -> None:
    assert box_text(p(run("2<?x y?>4"))) == "24"
    late = f"<!--{' ' * 5000}--><!DOCTYPE x [<!ENTITY e '9'>]><w:document {NS}><w:body/></w:document>"
    data = pack({"word/document.xml": late})
    with pytest.raises(Unreadable, match="DOCTYPE"):
        docx.read(Source("x.docx", data, "", len(data)), Limits())


def test_a_web_page_inserted_into_the_document_is_part_of_it() -> None:
    page = "<html><meta charset='utf-8'><body><p>一、总体情况</p><table><tr><td>甲</td><td>3</td></tr></table></body></html>"
    document = f'<w:document {NS}><w:body><w:altChunk r:id="aFChunk"/></w:body></w:document>'
    data = pack(
        {
            "word/document.xml": document,
            "word/_rels/document.xml.rels": relations(aFChunk="chunk.html"),
            "word/chunk.html": page.encode(),
        }
    )
    blocks = docx.read(Source("x.docx", data, "", len(data)), Limits()).blocks
    assert [str(b) for b in blocks if isinstance(b, Grid)] == ["甲 | 3"]
    assert [b.place.block for b in blocks] == list(range(len(blocks)))


def test_a_number_of_thousands_of_digits_in_an_attribute_is_an_error_of_the_document() -> None:
    with pytest.raises(Unreadable, match="digits"):
        box_text(p(run("1")), f'<w:gridSpan w:val="{"9" * 5000}"/>')


# What Word shows otherwise than it stands ------------------------------------------------------

THEME = (
    '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:themeElements><a:clrScheme name="x">'
    '<a:dk1><a:sysClr val="windowText" lastClr="000000"/></a:dk1><a:lt1><a:sysClr val="window" lastClr="FFFFFF"/></a:lt1>'
    '<a:dk2><a:srgbClr val="1F497D"/></a:dk2><a:accent1><a:srgbClr val="FFFFFF"/></a:accent1>'
    "</a:clrScheme></a:themeElements></a:theme>"
)


@pytest.mark.parametrize(
    "properties",
    [
        '<w:w w:val="1"/>',
        '<w:sz w:val="3"/>',
        '<w:color w:val="000000" w:themeColor="background1"/>',
        '<w:color w:val="FF0000" w:themeColor="accent1"/>',
        '<w:color w:val="000000" w:themeColor="text1" w:themeTint="00"/>',
    ],
)
def test_letters_without_width_or_in_the_theme_s_colour_of_the_ground_are_left_out(properties: str) -> None:
    assert box_text(p(run("9", properties), run("3")), **{"theme/theme1": THEME, "theme": THEME}) == "3"


def test_a_colour_of_the_theme_made_darker_is_seen() -> None:
    grey = '<w:color w:val="A6A6A6" w:themeColor="background1" w:themeShade="A6"/>'
    assert box_text(p(run("3", grey), run("", "<w:strike/>"))) == "3"


def test_the_ground_may_come_from_a_style_of_paragraphs_or_tables() -> None:
    dark = '<w:pPr><w:shd w:val="clear" w:fill="003366"/></w:pPr>'
    sheet = styles(f'<w:style w:type="paragraph" w:styleId="D">{dark}</w:style>')
    on_dark = '<w:pStyle w:val="D"/>'
    assert box_text(p(run("3", '<w:color w:val="FFFFFF"/>'), properties=on_dark), styles=sheet) == "3"
    assert box_text(p(run("3", '<w:color w:val="003366"/>'), properties=on_dark), styles=sheet) == ""


def test_a_figure_in_one_of_the_colours_that_a_style_of_tables_paints_is_doubtful() -> None:
    band = '<w:tblStylePr w:type="band1Horz"><w:tcPr><w:shd w:val="clear" w:fill="003366"/></w:tcPr></w:tblStylePr>'
    sheet = styles(f'<w:style w:type="table" w:styleId="T">{band}</w:style>')

    def read(color: str) -> str:
        cells = "".join(f"<w:tc>{p(run(t, color))}</w:tc>" for t in ("甲", "3"))
        table = f'<w:tbl><w:tblPr><w:tblStyle w:val="T"/></w:tblPr><w:tr>{cells}</w:tr></w:tbl>'
        (grid,) = [b for b in read_body(table, styles=sheet).blocks if isinstance(b, Grid)]
        return " ".join(c.text for c in grid.cells)

    doubt = mark_unread("text that may have the colour of the ground")
    assert read('<w:color w:val="FFFFFF"/>') == f"甲 {doubt}3"
    assert read('<w:color w:val="FF0000"/>') == "甲 3"


def test_what_is_hidden_by_default_is_left_out_though_no_style_is_named() -> None:
    default = "<w:docDefaults><w:rPrDefault><w:rPr><w:vanish/></w:rPr></w:rPrDefault></w:docDefaults>"
    shown = '<w:vanish w:val="0"/>'
    assert box_text(p(run("9"), run("3", shown)), styles=styles(default)) == "3"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (p(run("12"), properties='<w:ind w:left="20000"/>'), "text outside its box"),
        (p(run("12"), properties='<w:framePr w:w="500" w:x="9000"/>'), "text in a frame"),
        (p(run("-12"), properties="<w:bidi/>"), "signs from right to left"),
        (p('<w:subDoc r:id="x"/>'), "inserted document"),
    ],
)
def test_what_stands_elsewhere_or_in_another_order_leaves_a_mark(content: str, what: str) -> None:
    assert mark_unread(what) in box_text(content)


def test_a_box_with_nothing_but_a_struck_figure_is_unread() -> None:
    assert box_text(p(run("9", "<w:strike/>"))) == mark_unread("crossed out")


def test_a_line_that_is_too_low_is_left_out() -> None:
    low = '<w:spacing w:line="1" w:lineRule="exact"/>'
    assert box_text(p(run("9"), properties=low) + p(run("3"))) == "\n3"


@pytest.mark.parametrize("text", ["9", "单击此处输入文字"])
def test_a_content_control_that_nobody_filled_in_is_unread(text: str) -> None:
    inner = f"<w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run(text)}</w:sdtContent>"
    assert box_text(p(f"<w:sdt>{inner}</w:sdt>")) == mark_unread("text to be replaced")


def test_a_content_control_shows_what_the_part_of_data_holds() -> None:
    path = 'w:xpath="/a:x[1]/a:v[1]" w:prefixMappings="xmlns:a=\'u\'" w:storeItemID="{A1}"'
    control = (
        f"<w:sdt><w:sdtPr><w:dataBinding {path}/></w:sdtPr><w:sdtContent>{run('12')}</w:sdtContent></w:sdt>"
    )
    body = f"<w:tbl><w:tr><w:tc>{p(run('甲'))}</w:tc><w:tc>{p(control)}</w:tc></w:tr></w:tbl>"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"

    def read(value: str) -> str:
        data = pack(
            {
                "word/document.xml": f"<w:document {NS}><w:body>{body}</w:body></w:document>",
                "word/_rels/document.xml.rels": relations(customXml="../customXml/item1.xml"),
                "customXml/item1.xml": f'<x xmlns="u"><v>{value}</v></x>',
                "customXml/_rels/item1.xml.rels": relations(customXmlProps="itemProps1.xml"),
                "customXml/itemProps1.xml": f'<d:datastoreItem xmlns:d="{kind}" d:itemID="{{A1}}"/>',
            }
        )
        (grid,) = [
            b for b in docx.read(Source("x.docx", data, "", 0), Limits()).blocks if isinstance(b, Grid)
        ]
        return grid.cells[1].text

    assert read("12") == "12"
    assert read("77") == "12" + mark_unread("content control with another value")


def field_of(code: str, result: str | None, more: str = "") -> str:
    begin = (
        f'<w:r><w:fldChar w:fldCharType="begin" {more}/></w:r><w:r><w:instrText>{code}</w:instrText></w:r>'
    )
    shown = "" if result is None else f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(result)}'
    return f'{begin}{shown}<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def test_a_field_shows_its_result_nothing_or_something_that_only_word_knows() -> None:
    assert box_text(p(field_of("=SUM(LEFT)", "12"))) == "12"
    assert mark_unread("field without a result") in box_text(p(field_of("PAGE", None)))
    assert mark_unread("field that is computed when the file is opened") in box_text(
        p(field_of("=SUM(LEFT)", "12", 'w:dirty="true"'))
    )
    assert box_text(p(field_of('SET a "9"', "9"), run("12"))) == "12"
    assert box_text(p(field_of("SEQ a \\h", "9"), run("12"))) == "12"
    assert mark_unread("moved text") in box_text(p(run("1"), field_of("ADVANCE \\r 40", None), run("2")))


def test_the_own_mark_of_a_note_is_no_figure_and_alone_it_is_unread() -> None:
    own = '<w:r><w:footnoteReference w:id="2" w:customMarkFollows="1"/><w:t>1</w:t></w:r>'
    assert box_text(p(run("12"), own)) == "12¹"
    alone = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    assert box_text(p(alone)) == mark_unread("mark of a note")
    assert box_text(p(run("12"), alone)) == "12"


def test_a_sign_that_a_list_sets_before_a_figure_is_marked() -> None:
    level = '<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="-"/></w:lvl>'
    lists = f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0">{level}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    assert box_text(p(run("12"), properties=numbered), numbering=lists) == "12" + mark_unread(
        "sign of a list"
    )
    assert box_text(p(run("规章"), properties=numbered), numbering=lists) == "规章"


@pytest.mark.parametrize(
    ("shape", "what"),
    [
        ('<v:rect xmlns:v="v" fillcolor="white"/>', "shape"),
        ('<v:line xmlns:v="v" from="0,0" to="9,9"/>', "line"),
        ('<v:rect xmlns:v="v" filled="f"/>', ""),
        ('<v:shape xmlns:v="v" path="m0,0l9,9e"/>', "shape"),
        ('<v:shape xmlns:v="v" type="#_x0000_t202"/>', ""),
    ],
)
def test_a_shape_over_a_figure_is_marked_where_it_covers_or_crosses_it(shape: str, what: str) -> None:
    text = box_text(p(run("9"), f"<w:r><w:pict>{shape}</w:pict></w:r>"))
    assert text == ("9" + mark_unread(what) if what else "9")


def test_a_choice_that_word_does_not_know_gives_way_to_what_stands_for_it() -> None:
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    both = (
        f'<mc:AlternateContent xmlns:mc="{mc}" xmlns:z="urn:z"><mc:Choice Requires="z"><w:t>9</w:t></mc:Choice>'
        "<mc:Fallback><w:t>12</w:t></mc:Fallback></mc:AlternateContent>"
    )
    assert box_text(p(f"<w:r>{both}</w:r>")) == "12"


def test_what_hides_text_in_one_box_leaves_the_others_as_they_are() -> None:
    """Boxes in which nothing is odd are read in one walk, beside those that are read piece by piece."""
    odd = p(run("12"), run("3", "<w:vanish/>"))
    numbered = p(run("规章"), properties='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
    lists = (
        f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/>'
        '<w:lvlText w:val="%1."/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    spans = '<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>'
    boxes = (odd, p(run("4"), run("5")), p(run("6")) + p(run("7")), numbered, f"{spans}{p(run('8'))}")
    table = f"<w:tbl><w:tr>{''.join(f'<w:tc>{box}</w:tc>' for box in boxes)}</w:tr></w:tbl>"
    (grid,) = [b for b in read_body(table, numbering=lists).blocks if isinstance(b, Grid)]
    assert [(cell.text, cell.column, cell.colspan) for cell in grid.cells] == [
        ("12", 0, 1),
        ("45", 1, 1),
        ("6\n7", 2, 1),
        ("1.规章", 3, 1),
        ("8", 4, 2),
    ]
