"""A drawn table whose rows are printed across the top → the same boxes as the form has them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from gongkai.model import Cell, Grid
from gongkai.normalize.form.label import exact
from gongkai.normalize.form.number import is_label

#: So many applicants down the side, and so many results across the top, turn table three around.
_LEAST_SIDE, _LEAST_TOP = 4, 6


def upright(grid: Grid, extra: Path | None) -> Grid:
    """Table three with its applicants down the side is turned; any other Grid stays as it is.

    Boxes keep their Place: where they stand on the page does not change.
    """
    labels = [c for c in grid.cells if is_label(c.text)]
    # 其他 and 总计 are the names of results as well
    side = {id: c for id, c in _known(labels, "columns", extra).items() if id not in ("other", "total")}
    column = {c.column for c in side.values()}
    if len(side) < _LEAST_SIDE or len(column) != 1 or len({c.row for c in side.values()}) < len(side):
        return grid
    begin = min(c.row for c in side.values())
    top = _known([c for c in labels if c.row < begin and c.column > min(column)], "rows", extra)
    if len({c.column for c in top.values()}) < _LEAST_TOP:
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


def _known(cells: list[Cell], kind: str, extra: Path | None) -> dict[str, Cell]:
    """The first box of each id of table three's "rows" or "columns" among some boxes."""
    found: dict[str, Cell] = {}
    for cell in cells:
        m = exact(cell.text, ("requests", kind, extra))
        if m is not None:
            found.setdefault(m.id, cell)
    return found
