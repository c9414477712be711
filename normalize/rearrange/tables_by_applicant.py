"""A table for each kind of applicant, all with the same rows and one number in each → table three with all columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from gongkai.model import Block, Cell, Grid, Paragraph, Place
from gongkai.normalize.form.lexicon import Glossary, TableGlossaries
from gongkai.normalize.form.number import is_blank, is_label
from gongkai.normalize.rearrange.grid_rows import list_rows
from gongkai.normalize.solve.belief import COLUMNS
from gongkai.record import replace

#: Tables of so many applicants at least, each with so many rows of the form.
_LEAST_APPLICANTS, _LEAST_ROWS = 6, 12
#: A caption has at most so many characters.
_LONGEST = 30
#: What stands before the name of an applicant: a number, the name of what five of them are.
_BEFORE = re.compile(
    r"""
    ^ (?: 表? [(（]? [一二三四五六七八九十\d]{1,2} [)）]? [、.．:：]? )?
      (?: 申[请請]人 (?: 类[别型] | 情况 )? [:：] )?
      (?: 法人[或和及与]?其[他它]组[织織] [^一-鿿]* )?
    """,
    re.VERBOSE,
)


class _ApplicantTable(NamedTuple):
    """The table of one applicant: its block, the box that names it, the boxes of its rows, and its value column."""

    block: int
    applicant: str
    name: Cell
    cells: Sequence[Cell]
    column: int

    @property
    def values(self) -> list[Cell]:
        """Its numbers from top to bottom, without blank strips that the end of a page leaves."""
        own = (c for c in self.cells if c.column == self.column and not is_label(c.text))
        beside = self._labels_by_row()
        return [c for c in own if not is_blank(c.text) or c.row in beside]

    @property
    def labels(self) -> tuple[str, ...]:
        """The label beside each number: the same in the tables of all applicants."""
        beside = self._labels_by_row()
        return tuple(beside.get(c.row, "") for c in self.values)

    def _labels_by_row(self) -> Mapping[int, str]:
        """The label next to the value column, by the row in which it begins."""
        labels = [c for c in self.cells if c.column < self.column and is_label(c.text)]
        return {c.row: re.sub(r"\s", "", c.text) for c in sorted(labels, key=lambda c: c.column)}


def join_applicants(blocks: Sequence[Block], glossaries: TableGlossaries) -> list[Block]:
    """The blocks with the tables of the applicants as one, in the place of the first; the same where these are no such.

    Blocks keep their numbers: a blank paragraph stands for a table that was joined, and for its caption.
    """
    result = list(blocks)
    for run in _find_runs(blocks, glossaries):
        grid = blocks[run[0].block]
        assert isinstance(grid, Grid)  # a part is one of a Grid
        result[run[0].block] = _join(run, grid)
        others = {part.block for part in run} | {part.name.place.block for part in run}
        for i in others - {run[0].block, None}:
            result[i or 0] = Paragraph("", blocks[i or 0].place)
    return result


def _find_runs(blocks: Sequence[Block], glossaries: TableGlossaries) -> Iterator[list[_ApplicantTable]]:
    """Tables one behind the other, of one applicant each, with the same rows."""
    run: list[_ApplicantTable] = []
    for i, block in enumerate(blocks):
        if not isinstance(block, Grid):
            continue
        parts = _read_parts(blocks, i, block, glossaries.columns)
        if parts and run and all(part.labels == run[0].labels for part in parts):
            run += parts
            continue
        if _is_whole(run, glossaries.rows):
            yield run
        run = parts
    if _is_whole(run, glossaries.rows):
        yield run


def _is_whole(run: Sequence[_ApplicantTable], rows: Glossary) -> bool:
    """Whether these are the tables of all applicants, each of one, with the same rows, those of the form."""
    if len(run) < _LEAST_APPLICANTS or len({part.applicant for part in run}) < len(run):
        return False
    labels = run[0].labels
    known = sum(rows.exact(text) is not None for text in labels)
    return known >= _LEAST_ROWS and "" not in labels and all(part.labels == labels for part in run)


# One applicant -------------------------------------------------------------------------------


def _read_parts(blocks: Sequence[Block], i: int, grid: Grid, columns: Glossary) -> list[_ApplicantTable]:
    """The tables of single applicants in a Grid, each named by a head of its own or by the line before the Grid."""
    if grid.columns < 2 or grid.rows < _LEAST_ROWS:
        return []
    named = dict(_find_names(grid, columns))
    if 0 not in named:
        caption = _find_caption(blocks, i, columns)
        return [] if named or caption is None else [_take_part(i, grid, caption, range(grid.rows))]
    if len(named) > len(COLUMNS):
        return []
    ends = [*sorted(named)[1:], grid.rows]
    return [
        _take_part(i, grid, named[r], range(r + 1, end)) for r, end in zip(sorted(named), ends, strict=True)
    ]


def _take_part(i: int, grid: Grid, name: tuple[Cell, str], rows: range) -> _ApplicantTable:
    return _ApplicantTable(i, name[1], name[0], [c for c in grid.cells if c.row in rows], grid.columns - 1)


def _find_names(grid: Grid, columns: Glossary) -> Iterator[tuple[int, tuple[Cell, str]]]:
    """The rows of nothing but words, one of which names an applicant: each begins a table."""
    for r, own in enumerate(list_rows(grid)):
        if not own or not all(is_label(c.text) for c in own) or own[0].column:
            continue
        if max(c.column + c.colspan for c in own) < grid.columns:
            continue
        names = [(c, id) for c in own if (id := _read_applicant(c.text, columns)) is not None]
        if len(names) == 1:
            yield r, names[0]


def _find_caption(blocks: Sequence[Block], i: int, columns: Glossary) -> tuple[Cell, str] | None:
    """The line right before a table, where it names an applicant."""
    for n in range(i - 1, -1, -1):
        block = blocks[n]
        if not isinstance(block, Paragraph):
            return None
        if block.text.strip():
            id = _read_applicant(block.text, columns) if len(block.text) <= _LONGEST else None
            return None if id is None else (Cell(0, 0, 1, 1, block.text, replace(block.place, block=n)), id)
    return None


def _read_applicant(text: str, columns: Glossary) -> str | None:
    """The column of the form that a text names."""
    name = _BEFORE.sub("", re.sub(r"\s", "", text))
    m = columns.exact(name) if name else None
    return m.id if m is not None else None


# All of them ---------------------------------------------------------------------------------


def _join(run: Sequence[_ApplicantTable], grid: Grid) -> Grid:
    """Table three: the labels of the table that no page end cut, and beside them the numbers of each."""
    base = min(run, key=lambda part: len(part.cells))
    at = base.column
    top = min(c.row for c in base.cells) - 1
    cells = [Cell(0, 0, 1, at, "", Place(page=grid.place.page, block=run[0].block))]
    rows = [value.row - top for value in base.values]
    for n, part in enumerate(run):
        text = _BEFORE.sub("", re.sub(r"\s", "", part.name.text))
        cells.append(replace(part.name, row=0, column=at + n, rowspan=1, colspan=1, text=text))
        cells += [replace(c, row=r, column=at + n) for r, c in zip(rows, part.values, strict=True)]
    own = {id(c) for c in base.values}
    for c in base.cells:
        if id(c) not in own:
            goes_over = c.column + c.colspan > at
            span = at + len(run) - c.column if goes_over else c.colspan
            cells.append(replace(c, row=c.row - top, colspan=span))
    ordered = tuple(sorted(cells, key=lambda c: (c.row, c.column)))
    high = max(c.row + c.rowspan for c in ordered)
    return replace(grid, cells=ordered, rows=high, columns=at + len(run))
