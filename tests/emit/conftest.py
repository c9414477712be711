"""A made-up form of one table and Reports of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest

from gongkai.model import (
    Fact,
    Field,
    Finding,
    Label,
    Match,
    Place,
    Report,
    Section,
    Source,
    Sum,
    Table,
    Template,
)

ROWS = (Label("new", ("一、新收",), "new"), Label("granted", ("三、办理结果", "（一）予以公开"), "granted"))
COLUMNS = (
    Label("person", ("申请人情况", "自然人"), "person"),
    Label("total", ("申请人情况", "总计"), "total"),
)
FIELDS = {(r.id, c.id): Field("2021", "requests", r, c, "件") for r in ROWS for c in COLUMNS}
RULE = Sum("row_total", "columns", ("person",), ("total",), "=", "warning", "相加等于总计。", "They add up.")

Cell = tuple[str | None, str]


@pytest.fixture
def form() -> Template:
    table = Table(
        "requests", "2021", "申请", "requests", "requests", ROWS, COLUMNS, tuple(FIELDS.values()), (RULE,)
    )
    return Template("2021", "国办公开办函〔2021〕30号", (2021, None), (table,))


def _fact(address: tuple[str, str], value: str | None, printed: str, blank: bool) -> Fact:
    field = FIELDS[address]
    row = Match(field.row.zh, field.row.id, 100.0, "exact")
    column = Match(field.column.zh, field.column.id, 97.5, "fuzzy")
    number = None if value is None else Decimal(value)
    place = Place(2, 4, 1, 3, (90.0, 456.504, 284.7, 480.0))
    return Fact(field, number, blank, printed, place, row, column, "件", "printed", 0.98765)


@pytest.fixture
def made() -> Callable[..., Report]:
    """A Report: `cells` gives (value, printed text) by (row, column); other arguments are Report's own."""

    def make(
        path: str = "a.docx",
        cells: Mapping[tuple[str, str], Cell] | None = None,
        blanks: frozenset[tuple[str, str]] = frozenset(),
        **fields: Any,
    ) -> Report:
        given = {("new", "person"): ("3", "3"), ("new", "total"): ("0", "0")} if cells is None else cells
        facts = tuple(_fact(a, value, printed, a in blanks) for a, (value, printed) in given.items())
        whole: dict[str, Any] = {
            "source": Source(path, b"", hashlib.sha256(path.encode(errors="replace")).hexdigest(), 1234),
            "format": "docx",
            "reader": "docx",
            "pages": None,
            "template": "2021",
            "org": "某市人民政府",
            "year": 2023,
            "title": "某市2023年年度报告",
            "published": None,
            "facts": facts,
            "sections": (
                Section("overview", "1", 1, "一、", "总体情况", '第一行。\n第二行，"引号"。', Place(1, 1)),
            ),
            "findings": (Finding("label-fuzzy", "warning", "page 2: x", place=Place(2)),),
        }
        return Report(**{**whole, **fields})

    return make
