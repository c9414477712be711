"""A Grid with each column once for this year and once for the year before → the Grid of this year.

Its heads tell the years (2023年 beside 2022年, 本年 beside 上年), below each head of the form or over all of them. Where
they do not tell it of every box the Grid stays as it is: two numbers in the place of one are no value.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from gongkai.model import Cell, Grid
from gongkai.normalize.form.number import is_blank, is_label
from gongkai.normalize.rearrange.grid_rows import list_rows
from gongkai.record import replace

_YEAR = re.compile(r"(20\d\d)年?度?(?:数[值据量]?)?")
_OWN = re.compile("(?:本年度?|今年|当年|本期)(?:数[值据量]?)?")
_OTHER = re.compile(
    r"""
      (?: 上一?年度? | 去年 | 上期 | 前一?年度? ) (?: 同期 )? (?: 数[值据量]? )?   # the year before
    | 同比 .{0,6} | 增减 .{0,6} | 增幅 .{0,3} | 增长率? .{0,3} | 变[化动] .{0,3}    # what changed since
    """,
    re.VERBOSE,
)


#: A head of a year has at most so many characters, line breaks included.
_LONGEST = 20


class _YearHead(NamedTuple):
    """A box that names a year, or what changed since, over some columns. `is_own`: this year's."""

    cell: Cell
    is_own: bool

    @property
    def reach(self) -> range:
        return _reach(self.cell)


class _YearBand(NamedTuple):
    """The rows that a row of years governs, behind it up to `end`, and its heads from left to right."""

    row: int
    end: int
    heads: Sequence[_YearHead]


def names_years(grid: Grid) -> bool:
    """Whether boxes of a Grid may be heads of years."""
    return any(len(c.text) <= _LONGEST and _names_year(_text(c)) for c in grid.cells)


def keep_own_year(grid: Grid, years: Collection[int]) -> Grid:
    """The Grid without the columns of other years; itself where it has none or where that is not sure.

    `years` are those in the titles of the document: the last year in the heads is the report's where it is among them.
    """
    rows = list_rows(grid)
    heads = {
        r: found for r, own in enumerate(rows) if (found := _read_years(own, grid.columns, years)) is not None
    }
    if not heads:
        return grid
    starts = sorted(heads)
    ends = [*(_first_head_row(rows, r) for r in starts[1:]), grid.rows]
    changed: dict[int, Cell | None] = {}
    for r, end in zip(starts, ends, strict=True):
        band = _settle(grid, rows, _YearBand(r, end, heads[r]))
        if band is None:
            return grid
        changed |= band
    cells = [changed.get(id(cell), cell) for cell in grid.cells]
    kept = sorted((c for c in cells if c is not None), key=lambda c: (c.row, c.column))
    return replace(grid, cells=tuple(kept))


def _reach(cell: Cell) -> range:
    return range(cell.column, cell.column + cell.colspan)


# Heads of years ------------------------------------------------------------------------------


def _read_years(cells: Sequence[Cell], columns: int, years: Collection[int]) -> list[_YearHead] | None:
    """The heads of a row that names years over all columns behind the labels; None where it does not."""
    named = [*itertools.dropwhile(lambda c: not _names_year(_text(c)), cells)]
    reach = [x for c in named for x in _reach(c)]
    if not named or reach != list(range(reach[0], columns)) or not all(_names_year(_text(c)) for c in named):
        return None
    numbers = {int(m[1]) for c in named if (m := _YEAR.fullmatch(_text(c)))}
    last = max(numbers, default=0)
    heads = [_YearHead(c, _is_own(_text(c), last)) for c in named]
    is_told = not numbers or last in years
    return heads if is_told and len({h.is_own for h in heads}) == 2 else None


def _text(cell: Cell) -> str:
    return re.sub(r"\s", "", cell.text)


def _names_year(text: str) -> bool:
    return any(pattern.fullmatch(text) for pattern in (_YEAR, _OWN, _OTHER))


def _is_own(text: str, last: int) -> bool:
    m = _YEAR.fullmatch(text)
    return int(m[1]) == last if m is not None else _OWN.fullmatch(text) is not None


def _first_head_row(rows: Sequence[Sequence[Cell]], row: int) -> int:
    """The first of the rows of words that end in a row of years."""
    while row and all(is_label(c.text) for c in rows[row - 1]):
        row -= 1
    return row


# Boxes under them ----------------------------------------------------------------------------


def _settle(grid: Grid, rows: Sequence[Sequence[Cell]], band: _YearBand) -> dict[int, Cell | None] | None:
    """What becomes of the boxes under a row of years, by their ids: gone, or in another place; None where it is not sure."""
    begin = band.heads[0].cell.column
    above = [
        c for c in grid.cells if c.row + c.rowspan == band.row and c.column >= begin and is_label(c.text)
    ]
    over = [next((c for c in above if _is_over(c, h)), None) for h in band.heads]
    below = [c for r in range(band.row + 1, band.end) for c in rows[r]]
    if all(over):
        changed = _widen(band, [c for c in over if c is not None], below)
    else:
        changed = _drop_others(band, below)
    years: dict[int, Cell | None] = {id(h.cell): None for h in band.heads}
    return None if changed is None else years | changed


def _is_over(cell: Cell, head: _YearHead) -> bool:
    """Whether a label stands over a head of a year and over another one beside it."""
    return cell.colspan > head.cell.colspan and set(head.reach) <= set(_reach(cell))


def _widen(band: _YearBand, over: Sequence[Cell], below: Sequence[Cell]) -> dict[int, Cell | None] | None:
    """The boxes of this year under the whole of the form's heads, which stand `over` the years."""
    owners = [o for o, h in zip(over, band.heads, strict=True) if h.is_own]
    if len({id(o) for o in owners}) != len(owners) or len({id(o) for o in over}) != len(owners):
        return None  # each head of the form has this year once
    changed: dict[int, Cell | None] = {}
    places = {h.reach: (h, o) for h, o in zip(band.heads, over, strict=True)}
    begin = band.heads[0].cell.column
    for cell in below:
        if cell.column + cell.colspan <= begin or _is_title_row(cell, begin):
            continue
        found = places.get(_reach(cell))
        if found is None or cell.rowspan > 1:
            return None
        head, owner = found
        changed[id(cell)] = replace(cell, column=owner.column, colspan=owner.colspan) if head.is_own else None
    return changed


def _is_title_row(cell: Cell, begin: int) -> bool:
    """Whether a box is a label that goes over the labels and the values: （三）不予公开 as a row of its own."""
    return cell.column < begin and is_label(cell.text)


def _drop_others(band: _YearBand, below: Sequence[Cell]) -> dict[int, Cell | None] | None:
    """The boxes under other years, gone; each year has the same heads."""
    texts = [_heads_under(h, below) for h in band.heads]
    if len(band.heads) != len({h.is_own for h in band.heads}) or not texts[0] or len(set(texts)) > 1:
        return None
    others = {x for h in band.heads if not h.is_own for x in h.reach}
    begin = band.heads[0].cell.column
    changed: dict[int, Cell | None] = {}
    for cell in below:
        inside = others & set(_reach(cell))
        if not inside or _is_title_row(cell, begin):
            continue
        if len(inside) < cell.colspan:
            return None
        changed[id(cell)] = None
    return changed


def _heads_under(head: _YearHead, below: Sequence[Cell]) -> tuple[tuple[int, str], ...]:
    """The labels under a head of a year, with their places below it: those before its first value."""
    under = [c for c in below if c.column in head.reach]
    first = min((c.row for c in under if is_blank(c.text) or not is_label(c.text)), default=0)
    return tuple((c.column - head.cell.column, _text(c)) for c in under if c.row < first)
