"""OFD from hand-written parts."""

from __future__ import annotations

import io
import zipfile

import pytest

from builders.drawn_tables import needs_ocr, png, table
from builders.zip_parts import rewritten
from gongkai.extract import find_reader, ofd
from gongkai.model import (
    Document,
    Encrypted,
    Grid,
    Limits,
    Paragraph,
    Source,
    TooLarge,
    Unreadable,
    mark_unread,
)

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
    assert find_reader(package(WORDS)).__name__ == "gongkai.extract.ofd"


def test_a_part_that_is_missing_is_named() -> None:
    data = package(WORDS).replace(b"Doc_0/Pages/P/Content.xml", b"Doc_0/Pages/P/Missing.xml")
    with pytest.raises(Unreadable, match="is missing"):
        read(data)


def test_an_encrypted_file_is_encrypted() -> None:
    with pytest.raises(Encrypted):
        read(package(WORDS, **{"Encryptions.xml": "<x/>"}))


@pytest.mark.parametrize("place", ['X="0"', 'Y="4"', 'Size="4"', 'DeltaX="g'])
def test_a_place_that_is_no_number_is_a_damaged_file(place: str) -> None:
    broken = place.replace('="g', '="g `').replace('="0', '="`0').replace('="4', '="`4')
    with pytest.raises(Unreadable, match="no number"):
        read(package(text(22, 52, "甲乙").replace(place, broken)))


def test_slanted_and_hidden_text_is_none_of_the_boxes() -> None:
    over = (
        text(0, 0, "99", CTM="0.8 0.6 -0.6 0.8 62 52")
        + text(62, 62, "7", Visible="false")
        + text(62, 62, "8", Alpha="0")
    )
    document = read(package(RULES + WORDS + over))
    assert [str(b) for b in document.blocks] == ["甲 | 12\n乙 | 3"]
    assert [f.code for f in document.findings] == ["watermark-left-out", "text-left-out"]


def test_every_document_of_a_file_is_read() -> None:
    second = package(text(22, 52, "第二份"))
    with zipfile.ZipFile(io.BytesIO(second)) as archive:
        parts = {
            n.replace("Doc_0", "Doc_1"): archive.read(n).decode() for n in archive.namelist() if "Doc_0" in n
        }
    both = package(text(22, 52, "第一份"), **parts)
    root = "<ofd:DocBody><ofd:DocRoot>/Doc_1/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    document = read(rewritten(both, "OFD.xml", "</ofd:OFD>", root))
    assert [str(getattr(b, "text", b)) for b in document.blocks] == ["第一份", "第二份"]
    assert document.pages == 2


def page_of_a_picture(data: bytes) -> bytes:
    shown = '<ofd:ImageObject Boundary="10 20 190 138" CTM="190 0 0 138 0 0" ResourceID="5"/>'
    resources = f'<ofd:Res {NS} BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="5" Type="Image"><ofd:MediaFile>p.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>'
    made = package(shown, **{"Doc_0/DocumentRes.xml": resources, "Doc_0/Res/p.png": data})
    return rewritten(
        made,
        "Doc_0/Document.xml",
        "<ofd:CommonData>",
        "<ofd:CommonData><ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>",
    )


@needs_ocr
def test_a_page_that_is_a_picture_is_read_by_ocr() -> None:
    document = read(page_of_a_picture(png(table(size=(1500, 1090)))))
    (grid,) = [b for b in document.blocks if isinstance(b, Grid)]
    assert [c.text for c in grid.cells if c.column] == ["128", "57"]
    assert {c.origin for c in grid.cells} == {"ocr"}
    assert "page-by-ocr" in [f.code for f in document.findings]


@needs_ocr
def test_a_picture_that_cannot_be_opened_fails_the_file() -> None:
    with pytest.raises(Unreadable, match="picture"):
        read(page_of_a_picture(b"no picture"))


LAID_DOWN = '<ofd:CompositeObject Boundary="{} 0 210 297" CTM="{} 0 0 {} 0 0" ResourceID="7"/>'


def with_resources(content: str, resources: str) -> bytes:
    """A page that refers to what is kept beside it."""
    made = package(content, **{"Doc_0/PublicRes.xml": f"<ofd:Res {NS}>{resources}</ofd:Res>"})
    return rewritten(
        made,
        "Doc_0/Document.xml",
        "<ofd:CommonData>",
        "<ofd:CommonData><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>",
    )


def with_a_drawing(content: str, inner: str) -> bytes:
    unit = f'<ofd:CompositeGraphicUnit ID="7" Width="210" Height="297"><ofd:Content>{inner}</ofd:Content></ofd:CompositeGraphicUnit>'
    return with_resources(content, f"<ofd:CompositeGraphicUnits>{unit}</ofd:CompositeGraphicUnits>")


def test_a_drawing_that_a_page_refers_to_stands_where_the_page_puts_it() -> None:
    document = read(with_a_drawing(LAID_DOWN.format(10, 0.5, 0.5), RULES + WORDS.replace("12", "8")))
    (grid,) = [b for b in document.blocks if isinstance(b, Grid)]
    assert str(grid) == "甲 | 8\n乙 | 3"
    assert grid.place.bbox == pytest.approx([n * 72 / 25.4 for n in (20, 25, 60, 35)], abs=0.02)


def test_text_that_its_way_of_painting_makes_transparent_is_not_there() -> None:
    paint = '<ofd:DrawParams><ofd:DrawParam ID="8"><ofd:FillColor Value="0 0 0" Alpha="0"/></ofd:DrawParam></ofd:DrawParams>'
    made = with_resources(RULES + WORDS + text(62, 62, "9", DrawParam="8"), paint)
    assert [str(b) for b in read(made).blocks] == ["甲 | 12\n乙 | 3"]


def test_drawings_that_refer_to_each_other_end() -> None:
    with pytest.raises(TooLarge, match="objects"):
        read(with_a_drawing(LAID_DOWN.format(0, 1, 1), LAID_DOWN.format(0, 1, 1) * 40))


ANNOTATIONS = {
    "Doc_0/Annots/List.xml": f'<ofd:Annotations {NS}><ofd:Page PageID="1"><ofd:FileLoc>P1.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>',
}


def annotated(notes: str) -> bytes:
    parts = {**ANNOTATIONS, "Doc_0/Annots/P1.xml": f"<ofd:PageAnnot {NS}>{notes}</ofd:PageAnnot>"}
    whole = package(RULES + WORDS, "", **parts)
    listed = "</ofd:Pages><ofd:Annotations>Annots/List.xml</ofd:Annotations>"
    return rewritten(whole, "Doc_0/Document.xml", "</ofd:Pages>", listed)


def grids(data: bytes) -> list[str]:
    return [str(b) for b in ofd.read(Source("a.ofd", data, "", 0), Limits()).blocks if isinstance(b, Grid)]


def note(content: str, kind: str = "Stamp", seen: str = "true") -> str:
    look = f'<ofd:Appearance Boundary="74 62 20 6">{content}</ofd:Appearance>'
    return f'<ofd:Annot ID="7" Type="{kind}" Visible="{seen}">{look}</ofd:Annot>'


def test_what_an_annotation_shows_is_text_of_the_page() -> None:
    shown = note(text(0, 0, "5")) + note(text(0, 0, "99"), seen="false") + note(text(0, 0, "88"), kind="Link")
    assert grids(annotated(shown)) == ["甲 | 12\n乙 | 3 5"]


def test_a_picture_or_an_outline_in_a_box_is_a_mark() -> None:
    drawn = '<ofd:PathObject Boundary="66 62 3 4"><ofd:AbbreviatedData>M 0 0 B 0 2 1 4 3 4</ofd:AbbreviatedData></ofd:PathObject>'
    assert grids(package(RULES + WORDS + drawn)) == [f"甲 | 12\n乙 | 3{mark_unread('drawing')}"]


def test_text_that_is_clipped_covered_or_white_on_white_is_not_seen() -> None:
    clip = (
        '<ofd:Clips><ofd:Clip><ofd:Area><ofd:Path Boundary="0 0 1 1"><ofd:AbbreviatedData>M 0 0 L 1 1'
        "</ofd:AbbreviatedData></ofd:Path></ofd:Area></ofd:Clip></ofd:Clips>"
    )
    clipped = text(70, 62, "6").replace("<ofd:TextCode", clip + "<ofd:TextCode")
    white = text(80, 62, "7").replace("<ofd:TextCode", '<ofd:FillColor Value="255 255 255"/><ofd:TextCode')
    cover = '<ofd:PathObject Boundary="84 51 12 8" Fill="true" Stroke="false"><ofd:AbbreviatedData>M 0 0 L 12 0 L 12 8 L 0 8 C</ofd:AbbreviatedData></ofd:PathObject>'
    page = RULES + WORDS + clipped + white + text(86, 52, "8") + cover
    document = ofd.read(Source("a.ofd", package(page), "", 0), Limits())
    assert [str(b) for b in document.blocks if isinstance(b, Grid)] == ["甲 | 12\n乙 | 3"]
    assert [f.code for f in document.findings] == ["text-left-out"]


@pytest.mark.parametrize(
    ("drawn", "mark"),
    [
        (text(62, 62, "45", CTM="-1 0 0 1 8 0"), "mirrored text"),
        (text(62, 62, "45", CTM="-1 0 0 -1 8 5"), "turned text"),
        (line(64, 64, 66, 64), "line"),
        (line(63, 61, 67, 68), "drawing"),
        (
            '<ofd:PathObject Boundary="61 65 8 3" Stroke="false" Fill="true"><ofd:FillColor Value="255 255 255"/>'
            "<ofd:AbbreviatedData>M 0 0 L 8 0 L 8 3 L 0 3 C</ofd:AbbreviatedData></ofd:PathObject>",
            "partly hidden",
        ),
    ],
)
def test_a_figure_that_does_not_show_what_is_read_is_marked(drawn: str, mark: str) -> None:
    (grid,) = grids(package(RULES + WORDS + drawn))
    first, _, last = grid.partition("\n")
    assert first == "甲 | 12"
    assert mark_unread(mark) in last
