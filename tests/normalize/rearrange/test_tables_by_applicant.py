"""Table three as one table for each kind of applicant."""

from __future__ import annotations

from decimal import Decimal

import pytest

from builders import made_grids as build
from gongkai.model import Block
from gongkai.normalize import normalize
from gongkai.normalize.form.template import table

FORM = table("2021", "requests")
NAMES = ["自然人", *build.APPLICANTS, "总计"]
Lines = list[list[str | None]]


def part(n: int, head: list[str | None] | None = None, skip: str = "") -> Lines:
    """The table of one applicant, whose number in a row is a hundred times its own and that of the row."""
    rows: Lines = [[r.path[-1], str(100 * n + i)] for i, r in enumerate(FORM.rows) if r.id != skip]
    return [head, *rows] if head is not None else rows


def values(*blocks: Lines | str) -> dict[tuple[str, str], Decimal | None]:
    placed: list[Block | str] = [
        b if isinstance(b, str) else build.grid(b, i) for i, b in enumerate(("标题", *blocks))
    ]
    (report,) = normalize(build.document(*placed))
    return {(f.field.row.id, f.field.column.id): f.value for f in report.facts}


def expected() -> dict[tuple[str, str], int]:
    columns = [c.id for c in FORM.columns]
    return {(r.id, c): 100 * n + i for n, c in enumerate(columns) for i, r in enumerate(FORM.rows)}


def test_a_head_of_each_table_names_the_applicant() -> None:
    assert values(*(part(n, ["项目", name]) for n, name in enumerate(NAMES))) == expected()


def test_a_line_before_each_table_names_the_applicant() -> None:
    lines: list[Lines | str] = []
    for n, name in enumerate(NAMES):
        lines += [f"（{'一二三四五六七'[n]}）{name if n in (0, 6) else f'法人或其他组织：{name}'}", part(n)]
    assert values(*lines) == expected()


def test_tables_that_stand_in_one_grid_are_parted_at_their_names() -> None:
    whole = [line for n, name in enumerate(NAMES) for line in part(n, [name, "·"])]
    assert values(whole) == expected()


@pytest.mark.parametrize("fault", ["one twice", "other rows"])
def test_tables_that_do_not_fit_each_other_are_not_joined(fault: str) -> None:
    tables = [part(n, ["项目", name]) for n, name in enumerate(NAMES)]
    if fault == "one twice":
        tables[2][0][1] = "商业企业"
    else:
        tables[2] = part(2, ["项目", "科研机构"], skip="granted")
    assert values(*tables) == {}
