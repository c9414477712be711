"""Pages of formats that nobody renders: drawn again from their own text (OFD), or printed by LibreOffice (.doc)."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from builders.old_formats import saved
from gongkai import pipeline
from gongkai.extract import find_libreoffice, libreoffice
from gongkai.model import Document, Paragraph, Place, Report, Source, Unreadable
from gongkai.review.redraw import redraw
from gongkai.run.report_paper import make_page

SAMPLES = Path(__file__).parents[2] / "samples"
EVIL = "<script>alert(1)</script>\"'&"
FRAME = re.compile(
    r'<rect class="frame[^"]*" data-field="([^"]+)" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"'
)


def test_the_pages_of_an_ofd_have_their_text_their_boxes_and_a_frame_for_each_value() -> None:
    source = pipeline.source_of(SAMPLES / "2022_pages.ofd")
    report = pipeline.read_source(source)[0]
    html = make_page("0" * 16, 1, report, source, "", corrections=(), dataset="out")
    frames = FRAME.findall(html)
    assert {field for field, *_ in frames} == {".".join(f.field.address) for f in report.facts}
    rules = set(
        re.findall(r'<rect class="rule" (x="[\d.]+" y="[\d.]+" width="[\d.]+" height="[\d.]+")', html)
    )
    for _, x, y, width, height in frames:
        assert f'x="{x}" y="{y}" width="{width}" height="{height}"' in rules
    assert "一、总体情况" in html.partition("<svg")[2].partition("</svg>")[0]
    assert "seals and pictures are not shown" in html
    assert 'class="paper grid"' in html  # the tables as they stand in the file come after


def test_nothing_of_a_document_gets_out_of_the_drawing(report: Report, document: Document) -> None:
    line = Paragraph(EVIL, Place(2, 0, None, None, (50.0, 40.0, 500.0, 60.0)), size=12.0)
    html = redraw(report, replace(document, blocks=(line, *document.blocks)))
    assert "<script" not in html and "&lt;script&gt;alert(1)" in html


def test_a_text_is_broken_and_made_smaller_until_it_fits_its_box(report: Report, document: Document) -> None:
    html = redraw(report, document)
    sizes = [float(s) for s in re.findall(r'font-size="([\d.]+)"', html)]
    assert max(sizes) == 12.0
    grid = document.blocks[1]
    cell = grid.cells[0]  # type: ignore[union-attr]
    long = replace(cell, text="补正后申请内容仍不明确的政府信息公开申请" * 3)
    html = redraw(report, replace(document, blocks=(replace(grid, cells=(long,)),)))  # type: ignore[type-var]
    (size,) = (float(s) for s in re.findall(r'font-size="([\d.]+)"', html))
    lines = re.findall(r"<tspan[^>]*>([^<]+)</tspan>", html)
    assert size < 12.0 and "".join(lines) == long.text and len(lines) > 1


def test_a_report_without_places_is_not_drawn(report: Report, document: Document) -> None:
    bare = replace(report, facts=tuple(replace(f, place=Place(block=1)) for f in report.facts))
    assert redraw(bare, document) == ""


@pytest.fixture
def old(tmp_path: Path) -> Source:
    """A sample in Word's binary format, its tables with rules, as those of published reports are."""
    if find_libreoffice() is None:
        pytest.skip("LibreOffice is not installed")
    document = docx.Document(str(SAMPLES / "2021_city.docx"))
    for table in document.tables:
        sides = "".join(
            f'<w:{s} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
            for s in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        table._tbl.tblPr.append(parse_xml(f"<w:tblBorders {nsdecls('w')}>{sides}</w:tblBorders>"))
    document.save(str(tmp_path / "2021_city.docx"))
    (path,) = saved(tmp_path, "doc", tmp_path / "2021_city.docx")
    return pipeline.source_of(path)


def test_a_word_file_shows_its_pages_and_each_frame_lies_on_its_value(old: Source) -> None:
    import pypdfium2

    report = pipeline.read_source(old)[0]
    html = make_page("0" * 16, 1, report, old, "", corrections=(), dataset="out")
    assert "laid out by LibreOffice" in html and 'class="paper grid"' in html
    printed = {".".join(f.field.address): f.printed.strip() for f in report.facts}
    found = 0
    with pypdfium2.PdfDocument(libreoffice.as_pdf(old)) as pdf:
        for number, page in re.findall(r'id="page-(\d+)".*?</figcaption>(.*?)</figure>', html, re.S):
            text = pdf[int(number) - 1].get_textpage()
            height = pdf[int(number) - 1].get_height()
            for field, *numbers in FRAME.findall(page):
                x, y, width, tall = map(float, numbers)
                inside = text.get_text_bounded(x, height - y - tall, x + width, height - y)
                assert "".join(inside.split()) == "".join(printed[field].split()), field
                found += 1
    assert found >= 0.95 * len(report.facts)


def test_without_the_pictures_the_tables_stand_and_the_page_says_why(
    old: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = pipeline.read_source(old)[0]
    real = libreoffice.convert

    def only_docx(data: bytes, to: str) -> bytes:
        if to == "pdf":
            raise Unreadable("LibreOffice makes nothing of it")
        return real(data, to)

    monkeypatch.setattr(libreoffice, "convert", only_docx)
    html = make_page("0" * 16, 1, report, old, "", corrections=(), dataset="out")
    assert "There is no picture of the pages: LibreOffice makes nothing of it" in html
    assert html.count('class="paper grid"') == 3
