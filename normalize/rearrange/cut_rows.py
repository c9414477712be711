"""A row whose label the end of a page cuts behind the name of its group → one row again.

The numbers stand beside the first lines of the label (三、本年度办理结果, （四）无法提供), and below the cut its last one
has blank boxes. Only the form's labels tell that both are one: readers of pages do not know them.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from gongkai.model import Cell, Grid
from gongkai.normalize.form.lexicon import Glossary
from gongkai.normalize.form.number import is_blank, is_label
from gongkai.normalize.rearrange.grid_rows import list_rows
from gongkai.record import replace


def heal_cut_rows(grid: Grid, rows: Glossary) -> Grid:
    """The Grid with such rows in one piece; itself where it has none.

    Where the rest of the label may be a row of its own, its blank boxes are none: the numbers may be its own.
    """
    if len({c.place.page for c in grid.cells}) < 2:
        return grid
    changed: dict[int, Cell | None] = {}
    rows_with_boxes = [row for row in list_rows(grid) if row]
    labels = [re.sub(r"\s", "", c.text) for c in grid.cells if is_label(c.text)]
    for upper, lower in itertools.pairwise(rows_with_boxes):
        if not _may_be_cut(upper, lower, rows):
            continue
        first, rest = upper[0], lower[0]
        begun = re.sub(r"\s", "", first.text)
        is_path = any(text != begun and text.startswith(begun) for text in labels)
        if is_path and rows.exact(first.text + "\n" + rest.text) is not None:
            changed |= {id(first): replace(first, text=first.text + "\n" + rest.text), id(rest): None}
        changed |= dict.fromkeys(map(id, lower[1:]))
    if not changed:
        return grid
    cells = (changed.get(id(c), c) for c in grid.cells)
    return replace(grid, cells=tuple(c for c in cells if c is not None))


def _may_be_cut(upper: Sequence[Cell], lower: Sequence[Cell], rows: Glossary) -> bool:
    """Whether a page ends between two rows of the same boxes: a label that is none of the form's, with numbers, and one with none."""
    if upper[0].place.page == lower[0].place.page or len(upper) < 2:
        return False
    if [(c.column, c.colspan) for c in upper] != [(c.column, c.colspan) for c in lower]:
        return False
    if not is_label(upper[0].text) or not is_label(lower[0].text):
        return False
    has_numbers = any(not is_blank(c.text) and not is_label(c.text) for c in upper[1:])
    is_below_blank = all(is_blank(c.text) for c in lower[1:])
    return has_numbers and is_below_blank and rows.exact(upper[0].text) is None
