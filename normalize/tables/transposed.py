"""A drawn table whose rows are printed across the top → the same boxes as the form has them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from gongkai.model import Cell, Grid
from gongkai.normalize.form.lexicon import Glossary, TableGlossaries
from gongkai.normalize.form.number import is_label

#: So many applicants down the side, and so many results across the top, turn table three around.
_LEAST_SIDE, _LEAST_TOP = 4, 6


def turn_upright(grid: Grid, glossaries: TableGlossaries) -> Grid:
    """Table three with its applicants down the side is turned; any other Grid stays as it is.

    Boxes keep their Place: where they stand on the page does not change.
    """
    if not _lies_on_its_side([c for c in grid.cells if is_label(c.text)], glossaries):
        return grid
    turned = [
        replace(c, row=c.column, column=c.row, rowspan=c.colspan, colspan=c.rowspan) for c in grid.cells
    ]
    return replace(
        grid,
        cells=tuple(sorted(turned, key=lambda c: (c.row, c.column))),
        rows=grid.columns,
        columns=grid.rows,
    )


def _lies_on_its_side(labels: list[Cell], glossaries: TableGlossaries) -> bool:
    """Whether applicants stand in one column, each in a row of its own, and results above and right of them."""
    # 其他 and 总计 are the names of results as well
    applicants = _first_by_id(labels, glossaries.columns)
    side = [c for id, c in applicants.items() if id not in ("other", "total")]
    columns, rows = {c.column for c in side}, {c.row for c in side}
    if len(side) < _LEAST_SIDE or len(columns) != 1 or len(rows) < len(side):
        return False
    above = (c for c in labels if c.row < min(rows) and c.column > min(columns))
    top = _first_by_id(above, glossaries.rows)
    return len({c.column for c in top.values()}) >= _LEAST_TOP


def _first_by_id(cells: Iterable[Cell], glossary: Glossary) -> dict[str, Cell]:
    """The first box of each id that stands among some boxes word for word."""
    first: dict[str, Cell] = {}
    for cell in cells:
        m = glossary.exact(cell.text)
        if m is not None:
            first.setdefault(m.id, cell)
    return first
