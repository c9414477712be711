"""Reports with made-up boxes, for rules that look at values only."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from gongkai.model import Address, Fact, Match, Place, Report, Source
from gongkai.normalize.form.number import parse
from gongkai.normalize.form.template import table

COLUMNS = [c.id for c in table("2021", "requests").columns]
ROWS = [r.id for r in table("2021", "requests").rows]
PARTS = [r for r in ROWS if r not in ("new_requests", "carried_in", "outcomes_total", "carried_out")]


def report(cells: Mapping[Address, str], form: str = "2021") -> Report:
    """A report that prints these boxes and no others."""
    facts = []
    for i, ((name, row, column), printed) in enumerate(cells.items()):
        slot = next(f for f in table(form, name).fields if f.address == (name, row, column))
        value, blank = parse(printed)[:2]
        rows, columns = Match(row, row, 100.0, "exact"), Match(column, column, 100.0, "exact")
        facts.append(Fact(slot, value, blank, printed, Place(block=0, row=i), rows, columns))
    source = Source("x", b"", "", 0)
    return Report(source, "docx", "docx", None, form, "某县某局", 2023, None, None, tuple(facts), (), ())


def requests(cells: Mapping[tuple[str, str], str], rest: str = "0") -> dict[Address, str]:
    """Table three of 2021, with `rest` in every box that `cells` does not name."""
    return {("requests", r, c): cells.get((r, c), rest) for r in ROWS for c in COLUMNS}


def balanced(
    new: Mapping[str, int], granted: Mapping[str, int], rest: str = "0"
) -> dict[tuple[str, str], str]:
    """Boxes of table three by column that agree: what is new is granted or else carried out."""
    cells: dict[tuple[str, str], int] = {}
    for column in COLUMNS[:-1]:
        n, g = new.get(column, 0), granted.get(column, 0)
        lines = {"new_requests": n, "granted": g, "outcomes_total": g, "carried_out": n - g}
        for row, value in lines.items():
            cells[row, column] = value
            cells[row, "total"] = cells.get((row, "total"), 0) + value
    return {a: str(v) if v else rest for a, v in cells.items()}


def number(text: str) -> Decimal:
    """Short for Decimal."""
    return Decimal(text)
