"""Grids of a file without pages, drawn as SVG."""

from __future__ import annotations

from lxml import etree

from gongkai.model import Cell, Document, Grid, Place, Source
from gongkai.normalize import normalize
from gongkai.review.grid_picture import grids_as_svg

SOURCE = Source("x.docx", b"", "", 0)


def test_texts_that_xml_cannot_hold_are_drawn_all_the_same() -> None:
    grid = Grid((Cell(0, 0, 1, 1, "甲\x00<\ud800&", Place()),), 1, 1, Place())
    document = Document(SOURCE, "docx", "docx", (grid,))
    (report,) = normalize(document)
    etree.fromstring(grids_as_svg(document, report))


def test_a_picture_without_a_grid_says_so() -> None:
    document = Document(SOURCE, "docx", "docx", ())
    (report,) = normalize(document)
    assert "no grid was found" in grids_as_svg(document, report).decode()
