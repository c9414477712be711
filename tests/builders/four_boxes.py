"""A report of four boxes made by hand, with the document it stands in."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from gongkai.model import (
    Cell,
    Check,
    Document,
    Fact,
    Field,
    Finding,
    Grid,
    Label,
    Match,
    Paragraph,
    Place,
    Report,
    Source,
)

SOURCE = Source("made.pdf", b"", "0" * 64, 0)
NEW = Label("new_requests", ("一、本年新收政府信息公开申请数量",), "new requests")
GRANTED = Label("granted", ("三、本年度办理结果", "（一）予以公开"), "granted")
PERSON = Label("natural_person", ("申请人情况", "自然人"), "natural person")
TOTAL = Label("total", ("申请人情况", "总计"), "total")


def place(row: int, column: int, block: int = 1) -> Place:
    """Boxes of 100 × 20 points from (50, 100) on; a block is 200 points high."""
    x0, top = 50.0 + 100 * column, 100.0 + 200 * (block - 1) + 20 * row
    return Place(2, block, row, column, (x0, top, x0 + 100, top + 20))


def cell(row: int, column: int, text: str, block: int = 1) -> Cell:
    return Cell(row, column, 1, 1, text, place(row, column, block))


def fact(row: Label, column: Label, printed: str, at: Place) -> Fact:
    """A value whose labels are printed as the form has them."""
    return Fact(
        Field("2021", "requests", row, column, "件"),
        Decimal(printed or 0),
        not printed,
        printed,
        at,
        Match(row.zh, row.id, 100.0, "exact"),
        Match(column.zh, column.id, 100.0, "exact"),
    )


@pytest.fixture
def document() -> Document:
    """A table with a box too many (7), and a frame around a sentence that is no table."""
    texts = (("", "自然人", "总计"), ("新收", "3", "3"), ("予以“公开", "", "2"), ("七", "7", ""))
    cells = tuple(cell(r, c, text) for r, row in enumerate(texts) for c, text in enumerate(row))
    blocks = (
        Paragraph("二、标题", Place(2, 0)),
        Grid(cells, 4, 3, Place(2, 1)),
        Grid((cell(0, 0, "一句话", 2),), 1, 1, Place(2, 2)),
    )
    return Document(SOURCE, "pdf", "pdf", blocks, 2)


@pytest.fixture
def report() -> Report:
    """One sum holds, one fails; one label was near; one finding names a field, one a row, one another table."""
    near = Match(
        "办理结果 / 予以“公开", "granted", 88.9, "fuzzy", (("granted", 88.9), ("partially_granted", 61.5))
    )
    facts = (
        fact(NEW, PERSON, "3", place(1, 1)),
        fact(NEW, TOTAL, "3", place(1, 2)),
        replace(fact(GRANTED, PERSON, "", place(2, 1)), row_match=near),
        replace(fact(GRANTED, TOTAL, "2", place(2, 2)), row_match=near, confidence=0.97),
    )
    addresses = [f.field.address for f in facts]
    checks = (
        Check("R3", "requests", "new_requests", None, Decimal(3), Decimal(3), "pass", tuple(addresses[:2])),
        Check("R3", "requests", "granted", None, Decimal(2), Decimal(0), "fail", tuple(addresses[2:])),
        Check("R1", "requests", None, "total", Decimal(3), Decimal(2), "fail", (addresses[3],)),
    )
    findings = (
        Finding("label-fuzzy", "warning", "near: 予以公开", table="requests", row="granted"),
        Finding(
            "sum-differs",
            "warning",
            "requests.total: R1 form's rule: 3 against 2",
            table="requests",
            column="total",
        ),
        Finding("grid-joined", "note", "two halves", place=place(1, 1)),
        Finding("row-missing", "warning", "another table's", table="review", row="granted"),
    )
    return Report(
        SOURCE, "pdf", "pdf", 2, "2021", "某县", 2023, "某县报告", None, facts, (), findings, checks
    )
