"""A table in two halves side by side."""

from __future__ import annotations

from decimal import Decimal

from builders import made_grids as build
from gongkai.model import Grid
from gongkai.normalize import normalize
from gongkai.normalize.form.template import table
from gongkai.normalize.rearrange.grid_halves import stack_halves

FORM = table("2021", "requests")
HEADS = ["项目", "自然人", *build.APPLICANTS, "总计"]
Lines = list[list[str | None]]


def row(i: int) -> list[str | None]:
    numbers = [0 if c != i % 6 else i for c in range(6)]
    return [FORM.rows[i].path[-1], *map(str, [*numbers, sum(numbers)])]


def test_the_right_half_goes_on_below_the_left_one() -> None:
    half = len(FORM.rows) // 2 + 1
    blank: list[str | None] = [""] * 8
    right = [*(row(i) for i in range(half, len(FORM.rows))), blank]
    lines: Lines = [
        [*HEADS, *HEADS],
        *([*row(i), *b] for i, b in zip(range(half), [*right, blank], strict=False)),
    ]
    (report,) = normalize(build.document("标题", build.grid(lines, 1)))
    got: dict[str, Decimal | None] = {
        f.field.row.id: f.value for f in report.facts if f.field.column.id == "total"
    }
    assert got == {r.id: i for i, r in enumerate(FORM.rows)}


def test_halves_with_the_same_rows_are_two_tables() -> None:
    lines: Lines = [[*HEADS, *HEADS], *([*row(i), *row(i)] for i in range(5))]
    whole = build.grid(lines)
    assert stack_halves(whole) is whole


def test_a_box_over_both_halves_parts_nothing() -> None:
    lines: Lines = [[*HEADS, *HEADS], *([*row(i), *row(i + 6)] for i in range(5)), ["备注", *["·"] * 15]]
    whole: Grid = build.grid(lines)
    assert stack_halves(whole) is whole
