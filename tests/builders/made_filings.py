"""Filings made by hand."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from gongkai.model import Address, Filing


def filed(
    year: int,
    values: Mapping[str, int | str | None],
    *,
    body: str = "某县某局",
    form: str = "2021",
    empty: tuple[str, ...] = (),
    text: str = "",
    name: str = "",
    sha256: str = "",
) -> Filing:
    """A report with these boxes, "table.row.column": value; None is unread, and `empty` ones are 0."""
    given = {_address(a): None if v is None else Decimal(v) for a, v in values.items()}
    blanks = {_address(a): Decimal(0) for a in empty}
    forms = {t: form for t in ("proactive", "requests", "review")}
    file = name or f"{body}{year}.docx"
    sections = (("overview", text),) if text else ()
    return Filing(
        file, file, sha256 or file, body, body, year, forms, {**given, **blanks}, frozenset(blanks), sections
    )


def _address(text: str) -> Address:
    table, row, column = text.split(".")
    return table, row, column
