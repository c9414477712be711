"""DOCX from hand-written XML: what Word shows is what is read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from builders.zip_parts import rewritten
from gongkai.extract import docx
from gongkai.extract.office.zip_package import Bomb
from gongkai.model import Encrypted, Grid, Limits, Paragraph, Place, Source, TooLarge, Truncated, Unreadable

SAMPLES = Path(__file__).parents[2] / "samples"
NS = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)


def package(body: str, **parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"<w:document {NS}><w:body>{body}</w:body></w:document>")
        for name, text in parts.items():
            archive.writestr(f"word/{name}.xml", text)
    return out.getvalue()


def read(data: bytes, limits: Limits = Limits()) -> docx.Document:
    return docx.read(Source("x.docx", data, "", len(data)), limits)


def reread(data: bytes, places: Sequence[Place]) -> tuple[str | None, ...]:
    document = read(data)
    assert document.reread is not None
    return document.reread([(place, "") for place in places])


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def tc(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"


def tbl(*rows: str) -> str:
    return "<w:tbl>" + "".join(f"<w:tr>{r}</w:tr>" for r in rows) + "</w:tbl>"


def grid(body: str) -> Grid:
    (found,) = [b for b in read(package(body)).blocks if isinstance(b, Grid)]
    return found


def test_a_merge_with_and_without_its_value_goes_on_below() -> None:
    first = tc("甲", '<w:vMerge w:val="restart"/>') + tc("1")
    rest = tc("", "<w:vMerge/>") + tc("2")
    last = tc("", '<w:vMerge w:val="continue"/>') + tc("3")
    assert str(grid(tbl(first, rest, last))) == "甲 | 1\n· | 2\n· | 3"


def test_a_span_takes_its_columns() -> None:
    found = grid(tbl(tc("甲", '<w:gridSpan w:val="2"/>') + tc("1"), tc("a") + tc("b") + tc("c")))
    assert str(found) == "甲 | · | 1\na | b | c"


def test_a_ragged_row_lacks_its_boxes() -> None:
    found = grid(tbl(tc("a") + tc("b"), tc("c")))
    assert [(c.row, c.column) for c in found.cells] == [(0, 0), (0, 1), (1, 0)]


def test_deleted_text_and_deleted_rows_do_not_count() -> None:
    changed = "<w:tc><w:p><w:del><w:r><w:delText>99</w:delText></w:r></w:del><w:ins><w:r><w:t>7</w:t></w:r></w:ins></w:p></w:tc>"
    body = (
        "<w:tbl><w:tr>"
        + changed
        + tc("x")
        + "</w:tr><w:tr><w:trPr><w:del/></w:trPr>"
        + tc("8")
        + tc("y")
        + "</w:tr></w:tbl>"
    )
    assert str(grid(body)) == "7 | x"


def test_a_text_box_is_read_once() -> None:
    inner = f"<w:txbxContent>{tbl(tc('a') + tc('b'), tc('1') + tc('2'))}</w:txbxContent>"
    body = f"<w:p><w:r><mc:AlternateContent><mc:Choice>{inner}</mc:Choice><mc:Fallback>{inner}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    assert str(grid(body)) == "a | b\n1 | 2"


def test_a_layout_table_becomes_what_it_holds() -> None:
    inner = tbl(tc("a") + tc("b"), tc("1") + tc("2"))
    body = f"<w:tbl><w:tr><w:tc>{p('前')}{inner}{p('后')}</w:tc></w:tr></w:tbl>"
    blocks = read(package(body)).blocks
    assert [b.text if isinstance(b, Paragraph) else str(b) for b in blocks] == ["前", "a | b\n1 | 2", "后"]


def test_content_controls_are_looked_through() -> None:
    row = f"<w:sdt><w:sdtContent><w:tr>{tc('a')}<w:sdt><w:sdtContent>{tc('b')}</w:sdtContent></w:sdt></w:tr></w:sdtContent></w:sdt>"
    assert str(grid(f"<w:sdt><w:sdtContent><w:tbl>{row}</w:tbl></w:sdtContent></w:sdt>")) == "a | b"


def test_an_automatic_number_is_told_apart_from_the_text() -> None:
    numbering = (
        f"<w:numbering {NS}><w:abstractNum w:abstractNumId='0'><w:lvl w:ilvl='0'><w:start w:val='1'/>"
        "<w:numFmt w:val='chineseCountingThousand'/><w:lvlText w:val='%1、'/></w:lvl></w:abstractNum>"
        "<w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num></w:numbering>"
    )
    properties = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    blocks = read(
        package(p("总体情况", properties) + p("中间") + p("主动公开", properties), numbering=numbering)
    ).blocks
    assert [(b.number, b.text) for b in blocks if isinstance(b, Paragraph)] == [
        ("一、", "总体情况"),
        ("", "中间"),
        ("二、", "主动公开"),
    ]


def test_line_breaks_in_a_box_are_kept() -> None:
    cell = "<w:tc><w:p><w:r><w:t>本年新</w:t><w:br/><w:t>制作数量</w:t></w:r></w:p></w:tc>"
    assert grid(f"<w:tbl><w:tr>{cell}{tc('1')}</w:tr></w:tbl>").cells[0].text == "本年新\n制作数量"


def test_hidden_text_and_footnote_marks_are_not_seen() -> None:
    body = '<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r><w:r><w:t>5</w:t><w:footnoteReference w:id="1"/></w:r></w:p>'
    (block,) = read(package(body)).blocks
    assert isinstance(block, Paragraph) and block.text == "5"


def test_an_absurd_span_is_clamped() -> None:
    found = grid(tbl(tc("a", '<w:gridSpan w:val="2000000000"/>') + tc("b")))
    assert found.columns == Limits().colspan + 1


def test_a_doctype_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    with pytest.raises(Unreadable, match="DOCTYPE"):
        read(out.getvalue())


def test_a_file_that_unpacks_to_too_much_is_refused() -> None:
    data = package("<w:p><w:r><w:t>" + "0" * 3_000_000 + "</w:t></w:r></w:p>")
    with pytest.raises(Bomb):
        read(data, Limits(unpacked_bytes=1_000_000))


def test_a_table_of_too_many_boxes_is_refused() -> None:
    with pytest.raises(TooLarge):
        read(package(tbl(*[tc("1") * 20] * 20)), Limits(cells=100))


def test_half_a_file_is_truncated() -> None:
    data = package(p("x" * 100))
    with pytest.raises(Truncated):
        read(data[: len(data) // 2])


def test_a_locked_file_is_encrypted() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("EncryptedPackage", "x")
    with pytest.raises(Encrypted):
        read(out.getvalue())


def test_python_docx_reads_the_same_boxes_again() -> None:
    import importlib.util
    from pathlib import Path

    sample = Path(__file__).parents[2] / "samples" / "2021_city.docx"
    assert importlib.util.find_spec("docx") is not None
    data = sample.read_bytes()
    source = Source(sample.name, data, "", len(data))
    document = docx.read(source, Limits())
    boxes = [(c.place, c.text) for g in document.blocks if isinstance(g, Grid) for c in g.cells]
    assert document.reread is not None and list(document.reread(boxes)) == [text for _, text in boxes]


def test_a_raised_figure_behind_a_number_is_a_footnote_mark() -> None:
    raised = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>1</w:t></w:r>'
    box = f"<w:tc><w:p><w:r><w:t>12</w:t></w:r>{raised}</w:p></w:tc>"
    alone = f"<w:tc><w:p>{raised}</w:p></w:tc>"
    assert [c.text for c in grid(tbl(box + alone)).cells] == ["12¹", "1"]


def test_the_second_reading_needs_no_part_but_that_of_the_text() -> None:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles"
    parts = {
        "word/styles.xml": "<w:styles",
        "word/_rels/document.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="a" Type="{relation}" Target="styles.xml"/></Relationships>',
    }
    end = f'<Override PartName="/word/styles.xml" ContentType="{kind}"/></Types>'
    city = (SAMPLES / "2021_city.docx").read_bytes()
    data = rewritten(city, "[Content_Types].xml", "</Types>", end, **parts)
    grid = next(b for b in read(data).blocks if isinstance(b, Grid))
    assert reread(data, [grid.cells[0].place]) == (grid.cells[0].text,)


def test_a_merge_that_goes_on_from_nothing_is_read_and_costs_its_own_second_reading() -> None:
    data = package(tbl(tc("甲", "<w:vMerge/>") + tc("1"), tc("", "<w:vMerge/>") + tc("2")))
    source = Source("x.docx", data, "", len(data))
    places = [c.place for c in docx.read(source, Limits()).blocks[0].cells]  # type: ignore[union-attr]
    assert str(docx.read(source, Limits()).blocks[0]) == "甲 | 1\n· | 2"
    assert reread(data, places) == (None, "1", "2")


def test_a_span_that_does_not_say_how_many_columns_costs_the_second_reading_only() -> None:
    city = (SAMPLES / "2021_city.docx").read_bytes()
    data = rewritten(city, "word/document.xml", '<w:gridSpan w:val="3"/>', "<w:gridSpan/>")
    source = Source("x.docx", data, "", len(data))
    grids = [b for b in docx.read(source, Limits()).blocks if isinstance(b, Grid)]
    cells = [cell for grid in grids for cell in grid.cells]
    texts = reread(data, [cell.place for cell in cells])
    lost = [cell for cell, text in zip(cells, texts, strict=True) if text is None]
    assert 0 < len(lost) < len(cells) and any(
        cell.text for cell in lost
    )  # those rows are not read again, but read


def test_a_box_that_spans_millions_of_columns_is_not_read_a_second_time() -> None:
    wide = '<w:gridSpan w:val="99999999"/>'
    data = package(tbl(tc("甲", wide) + tc("1")))
    source = Source("x.docx", data, "", len(data))
    places = [c.place for c in docx.read(source, Limits()).blocks[0].cells]  # type: ignore[union-attr]
    assert reread(data, places) == (None, None)


def test_parts_that_documents_share_are_read_once_and_counted_anew() -> None:
    numbering = (
        f"<w:numbering {NS}><w:abstractNum w:abstractNumId='0'><w:lvl w:ilvl='0'><w:start w:val='1'/>"
        "<w:numFmt w:val='decimal'/><w:lvlText w:val='%1.'/></w:lvl></w:abstractNum>"
        "<w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num></w:numbering>"
    )
    styles = (
        f"<w:styles {NS}><w:style w:type='paragraph' w:styleId='n'><w:name w:val='heading 1'/>"
        "<w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr></w:style>{more}</w:styles>"
    )
    body = p("甲", '<w:pStyle w:val="n"/>') + p("乙", '<w:pStyle w:val="n"/>')
    shared = {"numbering": numbering, "styles": styles.format(more="")}
    for _ in range(2):  # the second document goes on with no number of the first
        blocks = read(package(body, **shared)).blocks
        assert [(b.number, b.role) for b in blocks if isinstance(b, Paragraph)] == [
            ("1.", "heading"),
            ("2.", "heading"),
        ]
    hidden = "<w:style w:type='paragraph' w:styleId='h'><w:rPr><w:vanish/></w:rPr></w:style>"
    other = read(package(p("甲", '<w:pStyle w:val="h"/>'), styles=styles.format(more=hidden)))
    assert other.blocks == ()
    same = read(package(p("甲", '<w:pStyle w:val="h"/>'), **shared))
    assert [b.text for b in same.blocks if isinstance(b, Paragraph)] == ["甲"]
