"""Several reports in one document."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from gongkai import pipeline
from gongkai.model import Block, Document, Grid, Paragraph
from gongkai.normalize import normalize

SAMPLES = Path(__file__).parents[2] / "samples"


def laid_out(name: str) -> Document:
    return pipeline.document(pipeline.source_of(SAMPLES / name))


def behind(first: Document, second: Document) -> Document:
    """One document with the blocks of both, numbered through."""
    n = len(first.blocks)
    moved: list[Block] = []
    for i, block in enumerate(second.blocks):
        place = replace(block.place, block=n + i)
        if isinstance(block, Grid):
            cells = tuple(replace(c, place=replace(c.place, block=n + i)) for c in block.cells)
            moved.append(replace(block, place=place, cells=cells))
        else:
            moved.append(replace(block, place=place))
    return replace(first, blocks=(*first.blocks, *moved))


def test_two_reports_behind_each_other_are_two() -> None:
    reports = normalize(behind(laid_out("2021_city.docx"), laid_out("2019_township.docx")))
    assert [(r.org, r.year, r.template) for r in reports] == [
        ("临江市人民政府", 2023, "2021"),
        ("清溪镇人民政府", 2019, "2019"),
    ]
    assert [len(r.facts) for r in reports] == [200, 198]


def test_a_contents_page_does_not_make_two() -> None:
    assert len(normalize(laid_out("2021_contents.docx"))) == 1


def test_a_report_that_stands_twice_is_one_and_says_so() -> None:
    (report,) = normalize(behind(laid_out("2021_city.docx"), laid_out("2021_city.docx")))
    assert [f.code for f in report.findings] == ["report-repeated"] and len(report.facts) == 200


def of_year_before(document: Document) -> Document:
    """A document as that of the year before, without its first table."""
    blocks = [b for b in document.blocks if not (isinstance(b, Grid) and "规章" in str(b))]
    named = [
        replace(b, text=b.text.replace("2023", "2022").replace("2024", "2023"))
        if isinstance(b, Paragraph)
        else b
        for b in blocks
    ]
    return replace(
        document, blocks=tuple(replace(b, place=replace(b.place, block=i)) for i, b in enumerate(named))
    )


def test_the_year_before_below_this_one_is_a_report_of_its_own_though_its_first_table_is_not_found() -> None:
    document = laid_out("2021_city.docx")
    reports = normalize(behind(document, of_year_before(document)))
    assert [r.year for r in reports] == [2023, 2022]
    assert {f.field.table for f in reports[1].facts} == {"requests", "review"}


def test_the_right_part_of_a_sheet_is_no_second_report() -> None:
    """Its tables have heads and numbers without a label, below the end of the title; table four has labels in none."""
    whole = laid_out("2021_city.docx")
    grids = [b for b in whole.blocks if isinstance(b, Grid)]
    right = [
        replace(g, cells=tuple(c for c in g.cells if c.column + c.colspan > g.columns - 2)) for g in grids
    ]
    lines = [
        "023年政府信息公开工作年度报告",
        *["（一）主动公开情况"] * 8,
    ]  # headings are what makes it look for a second one
    blocks = (*(Paragraph(line, grids[0].place) for line in lines), *right)
    assert len(normalize(behind(whole, replace(whole, blocks=blocks)))) == 1
