"""Grid → rows: which boxes of a row are labels, which are values.

A row's labels stand left of its values; a box is a value by its text (a number, a blank, a
placeholder), whatever column a broken merge has pushed it to.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import field
from operator import attrgetter

from gongkai.model import Cell, Grid
from gongkai.normalize.form.label import squeeze
from gongkai.normalize.form.number import is_blank, is_label, value_of
from gongkai.record import dataclass, replace

#: Which box belongs to which column id, and how that was decided.
Pairs = tuple[dict[str, Cell], str]
_DOUBT: Pairs = ({}, "doubt")

#: 00 stands for two boxes.
_NOUGHTS = re.compile("0\\s*0")
_SERIAL = re.compile(r"\d{1,3}[.、]?")
_SERIAL_HEAD = re.compile(r"序\s*号?|编\s*号|行\s*次|项\s*次|[Nn][Oo]\.?")
#: A column of numbers before the labels is taken for serial numbers if it has so many, one after another.
_LEAST_SERIALS = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a drawn table.

    `cells` are the boxes that begin here, `above` those that reach down from earlier rows.
    `grid` is the number of the Grid in its document; `flat`: the row was put together
    from lines of text, so that its columns are mere counting.
    """

    grid: int
    index: int
    cells: tuple[Cell, ...]
    above: tuple[Cell, ...]
    flat: bool = False
    #: labels stand left of this grid column, where the heads show it
    stop: int | None = None
    #: False where alignment alone gave the boxes of its Grid
    ruled: bool = True
    #: which box is the label next to the values, -1 where none is; found once, for a row is asked a dozen times
    _leaf: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_leaf", self._leaf_index())

    @property
    def labels(self) -> tuple[Cell, ...]:
        """The boxes before the first number, blanks between them left out."""
        return tuple(c for c in self.cells[: self._leaf + 1] if is_label(c.text))

    @property
    def leaf(self) -> Cell | None:
        """The label next to the values."""
        return self.cells[self._leaf] if self._leaf >= 0 else None

    @property
    def leaf_text(self) -> str:
        """The text of the label next to the values, "" where there is none."""
        return self.leaf.text if self.leaf is not None else ""

    @property
    def label_end(self) -> int | None:
        """The first grid column behind the row's label, None where there is none."""
        return self.leaf.column + self.leaf.colspan if self.leaf is not None else None

    @property
    def values(self) -> tuple[Cell, ...]:
        """The boxes after the leaf label."""
        return self.cells[self._leaf + 1 :]

    @property
    def path(self) -> str:
        """The printed labels from the group to the leaf, joined by " / "."""
        covering = [c for c in self.above if is_label(c.text)]
        # no set: spans that overlap stand in one column, and a set has another order in every process
        parts = [squeeze(c.text) for c in sorted((*covering, *self.labels), key=lambda c: c.column)]
        return " / ".join(dict.fromkeys(parts))

    def _leaf_index(self) -> int:
        at = -1
        for i, cell in enumerate(self.cells):
            if self.stop is not None and at >= 0 and cell.column >= self.stop:
                break
            if is_label(cell.text):
                at = i
            elif not is_blank(cell.text):
                break
        return at


_column = attrgetter("column")


def rows(grid: Grid, number: int) -> tuple[Row, ...]:
    """A Grid's rows, top to bottom. `number` is the Grid's in its document."""
    own: dict[int, list[Cell]] = {r: [] for r in range(grid.rows)}
    above: dict[int, list[Cell]] = {r: [] for r in range(grid.rows)}
    for cell in drop_serials(grid):
        own[cell.row].append(cell)
        for r in range(cell.row + 1, min(cell.row + cell.rowspan, grid.rows)):
            above[r].append(cell)
    return tuple(
        Row(number, r, tuple(sorted(own[r], key=_column)), tuple(above[r]), ruled=grid.ruled)
        for r in range(grid.rows)
    )


def write_out_noughts(row: Row, places: Sequence[int]) -> Row:
    """The row with a merged box of nought (0, 均为0, /) as a box of its own under each of the heads that it covers.

    Nobody counts less than nothing: such a box is nought everywhere, whether it means each count or their sum. `places` are
    the grid columns of the heads. On a page, walls that are not there say less: a wall may not have been seen, and a row that
    ends behind its first box is drawn as one wide box.
    """
    if not row.ruled:
        return row
    cells: list[Cell] = []
    for cell in (*row.cells, *row.above):
        under = [p for p in places if cell.column <= p < cell.column + cell.colspan]
        if (len(under) > 1 or (under and cell.rowspan > 1)) and _is_nought(cell):
            cells += [replace(cell, row=row.index, column=p, rowspan=1, colspan=1) for p in under]
        elif cell.row == row.index:
            cells.append(cell)
    above = tuple(c for c in row.above if not _is_nought(c))
    return replace(row, cells=tuple(sorted(cells, key=lambda c: c.column)), above=above)


def _is_nought(cell: Cell) -> bool:
    is_read = not is_blank(cell.text) and cell.place.bbox is None
    number = value_of(cell.text) if is_read and not _NOUGHTS.search(cell.text) else None
    return number is not None and number[0] == 0


def drop_serials(grid: Grid) -> Sequence[Cell]:
    """The boxes of a Grid without a first column that only counts the rows: 1 | 规章 | 0."""
    if grid.counted:
        return grid.cells
    first = [c for c in grid.cells if c.column == 0 and not is_blank(c.text)]
    serials = [c for c in first if _SERIAL.fullmatch(c.text.strip()) is not None]
    if len(serials) < _LEAST_SERIALS or not _count_up(serials) or not _stand_before_labels(serials, grid):
        return grid.cells
    heads = {c for c in first if _SERIAL_HEAD.fullmatch(c.text.strip()) is not None}
    return [c for c in grid.cells if c not in heads and c not in serials]


def _count_up(serials: Sequence[Cell]) -> bool:
    """Whether the numbers go 1, 2, 3 …; they may begin again."""
    numbers = [int(re.sub(r"\D", "", c.text)) for c in sorted(serials, key=lambda c: c.row)]
    return numbers[0] == 1 and all(b in (a + 1, 1) for a, b in itertools.pairwise(numbers))


def _stand_before_labels(serials: Sequence[Cell], grid: Grid) -> bool:
    second: dict[int, Cell] = {}
    for cell in sorted(grid.cells, key=lambda c: c.column):
        if cell.column > 0:
            second.setdefault(cell.row, cell)
    return all(c.row in second and is_label(second[c.row].text) for c in serials)


# Boxes to columns ----------------------------------------------------------------------------


def spread(
    values: Sequence[Cell],
    heads: Sequence[tuple[str, int]],
    label_end: int | None,
    *,
    counted: bool = False,
    whole: bool = True,
) -> Pairs:
    """Which value box belongs to which column: {column id: Cell} and how that was decided.

    `heads` are (column id, grid column) from left to right; `label_end` is the first grid column
    after the row's label. Two ways are tried: by the drawn columns ("place") and by counting
    from the label ("count"). "both" means that they agree; "doubt" that nothing is sure, and
    then there are no pairs. Where `heads` are not the `whole` of them, counting decides nothing; where they
    are `counted`, their grid columns say nothing.
    """
    ids = [id for id, _ in heads]
    in_order = _pair_by_count(values, ids) if whole else None
    if counted:
        # "3 | 3 | | | | | | |": more boxes than columns, and blank ones may have been lost between
        has_extra = len(values) > len(ids) and any(is_blank(c.text) for c in values[: len(ids)])
        has_lost = has_extra and not all(is_blank(c.text) for c in values)
        return (in_order, "count") if in_order and not has_lost else _DOUBT
    placed = _pair_by_place(values, heads)
    if placed is not None and in_order is not None:
        return (placed, "both") if placed == in_order else _settle(values, placed)
    if placed is not None:
        return placed, "place"
    if in_order is not None:
        return in_order, "count"
    return _pair_ragged(values, heads, label_end, whole)


def _pair_by_count(values: Sequence[Cell], ids: Sequence[str]) -> dict[str, Cell] | None:
    """As many boxes as columns; blank boxes and words (备注) after the last column do not count."""
    extra = values[len(ids) :]
    if len(values) < len(ids) or any(
        re.search(r"[^\s()（）|]", c.text) and not is_label(c.text) for c in extra
    ):
        return None
    return dict(zip(ids, values, strict=False))  # the extra boxes are blank


def _pair_by_place(values: Sequence[Cell], heads: Sequence[tuple[str, int]]) -> dict[str, Cell] | None:
    """Every column has a box that begins where its head does, and no number is left over.

    Words behind the last column are a remark.
    """
    at = {c.column: c for c in values}
    placed = {id: at[column] for id, column in heads if column in at}
    if len(placed) < len(heads):
        return None
    used = {id(c) for c in placed.values()}
    last = max((c.column for c in placed.values()), default=0)
    rest = [c for c in values if id(c) not in used]
    return placed if all(is_blank(c.text) or (c.column > last and is_label(c.text)) for c in rest) else None


def _settle(values: Sequence[Cell], placed: dict[str, Cell]) -> Pairs:
    """Drawn columns and counting differ: a blank too many stands before the values.

    Anything else is for the solver, which tries both ways and asks the sums.
    """
    if all(is_blank(c.text) for c in values):
        return placed, "place"
    # blanks before the first column's place are covered parts of an unmerged label
    first = min(c.column for c in placed.values())
    if all(is_blank(c.text) for c in values if c.column < first):
        return placed, "place"
    return _DOUBT


def _pair_ragged(
    values: Sequence[Cell], heads: Sequence[tuple[str, int]], label_end: int | None, whole: bool
) -> Pairs:
    """A ragged row: boxes are missing at its end, those that are there stand in order.

    The solver has no such row: it takes seven boxes or none, for a row with fewer has no total to prove it. Without this
    step reports whose last boxes were cut off lose a row to fifteen values each.
    """
    if not values or len(values) > len(heads):
        return _DOUBT
    columns = [c.column for c in values]
    has_spans = any(c.colspan > 1 for c in values)
    if has_spans and columns != [c for _, c in heads[: len(values)]]:
        return _DOUBT
    pairs, way = _pair_in_place(values, heads, label_end) or _pair_behind_label(
        values, heads, label_end, whole
    )
    return {id: c for id, c in pairs.items() if not _has_number_in_several_columns(c, heads)}, way


def _has_number_in_several_columns(cell: Cell, heads: Sequence[tuple[str, int]]) -> bool:
    """Whether no wall was seen between two columns, and a number stands there: in either, or as two. 0 is 0 in each."""
    columns = sum(cell.column <= column < cell.column + cell.colspan for _, column in heads)
    number = value_of(cell.text)
    return columns > 1 and (number is None or number[0] != 0)


def _pair_in_place(
    values: Sequence[Cell], heads: Sequence[tuple[str, int]], label_end: int | None
) -> Pairs | None:
    """Every box begins where a head does. Heads that stand over the label are not the heads of this row."""
    at = {column: id for id, column in heads}
    if any(c.column not in at for c in values):
        return None
    if label_end is not None and min(at) < label_end:
        return _DOUBT
    return {at[c.column]: c for c in values}, "place"


def _pair_behind_label(
    values: Sequence[Cell], heads: Sequence[tuple[str, int]], label_end: int | None, whole: bool
) -> Pairs:
    """The boxes stand side by side right behind the label."""
    if not whole or label_end is None:
        return _DOUBT
    if [c.column for c in values] != list(range(label_end, label_end + len(values))):
        return _DOUBT
    return {id: c for (id, _), c in zip(heads, values, strict=False)}, "count"
