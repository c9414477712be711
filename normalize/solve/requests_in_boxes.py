"""Table three in drawn boxes: blank ones are there and say so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from gongkai.model import PlacedWord
from gongkai.normalize.solve.belief import COLUMNS
from gongkai.normalize.solve.column_extents import Extent, find_heads
from gongkai.normalize.solve.filled_requests import FilledRequests, conclude, leave_out
from gongkai.normalize.solve.label_runs import RowLabels, fit_rows
from gongkai.normalize.solve.solution import Solution, SolvedBox, SolvedWay
from gongkai.normalize.solve.table_region import Region
from gongkai.normalize.solve.wide_box import find_boxes_under, part_wide_boxes
from gongkai.normalize.solve.word_lines import group_box_rows, is_value

_COUNT = len(COLUMNS)
#: With fewer rows a table is not recognised.
_LEAST_ROWS = 6


class _BoxRow(NamedTuple):
    """A label and the boxes behind it. `above`, `below`: numbers in the rows beside it that have no label."""

    label: PlacedWord
    values: Sequence[PlacedWord]
    above: int
    below: int

    @property
    def may_be_broken(self) -> bool:
        """Whether numbers below it are so few that they may be last digits of its own: 13 over a page's end, and 1."""
        return 0 < self.below < _COUNT

    @property
    def may_lack_numbers(self) -> bool:
        """Whether it is blank and numbers stand beside it that may be its own."""
        return bool(self.above or self.below) and not any(w.text for w in self.values)


def solve_in_boxes(region: Region, labels: RowLabels, first: PlacedWord) -> list[Solution]:
    """Blank boxes are there and say so. Rows by their level, columns by the heads over them or by counting."""
    top = first.top - 1
    box_rows = _find_box_rows([w for w in region.words if w.box and w.y >= top])
    fit = fit_rows([row.label for row in box_rows], labels)
    if len(fit.rows) < _LEAST_ROWS:
        return []
    heads = find_heads([w for w in region.texts if w.box and w.y < top])
    by_label = {id(row.words[0]): row.id for row in fit.rows}
    lines = [(by_label[id(row.label)], row) for row in box_rows if id(row.label) in by_label]
    broken = {id for id, row in lines if row.may_be_broken}
    solutions = []
    for how, order in _find_box_orders(heads):
        filled = _fill_boxes(lines, how, order, heads)
        whole = conclude(region, labels, fit.rows, heads, filled)
        if broken and whole.verdict.failed:
            whole = conclude(region, labels, fit.rows, heads, leave_out(filled, broken))
        solutions.append(whole)
    return solutions


def _find_box_rows(boxes: Sequence[PlacedWord]) -> list[_BoxRow]:
    """The rows of boxes that have a label."""
    rows: list[_BoxRow] = []
    stray = 0
    for own in group_box_rows(boxes):
        texts = [w for w in own if not is_value(w.text)]
        if texts:
            label = texts[-1]
            rows.append(_BoxRow(label, [w for w in own if is_value(w.text) and w.x0 >= label.x0], stray, 0))
            stray = 0
            continue
        stray = sum(w.text != "" for w in own)
        if rows and stray:
            rows[-1] = rows[-1]._replace(below=stray)
    return rows


def _find_box_orders(heads: Mapping[str, tuple[Extent, str]]) -> list[tuple[str, Sequence[str]]]:
    """Under the heads and in their order; in the form's, for spans that a page lost move heads past each other."""
    if len(heads) < _COUNT:
        return [("last", COLUMNS)]
    own = tuple(sorted(heads, key=lambda id: heads[id][0]))
    return [("heads", own), *(("last", order) for order in dict.fromkeys([own, COLUMNS]))]


def _fill_boxes(
    lines: Sequence[tuple[str, _BoxRow]],
    how: str,
    order: Sequence[str],
    heads: Mapping[str, tuple[Extent, str]],
) -> FilledRequests:
    boxes: dict[tuple[str, str], SolvedBox] = {}
    doubtful: set[str] = set()
    counted = 0
    for id, row in lines:
        placed = _boxes_under_heads(row.values, heads) if how == "heads" else _last_boxes(row.values, order)
        parted = part_wide_boxes(row.values, heads) if how == "heads" and placed is None else None
        if (placed is None and parted is None) or row.may_lack_numbers:
            doubtful.add(id)
            continue
        counted += placed is not None
        way: SolvedWay = "aligned" if placed is None else "fitted"
        boxes.update({(id, c): SolvedBox(w.cell, way) for c, w in (placed or parted or {}).items()})
    return FilledRequests(how, order, boxes, doubtful, counted)


def _boxes_under_heads(
    values: Sequence[PlacedWord], heads: Mapping[str, tuple[Extent, str]]
) -> dict[str, PlacedWord] | None:
    """The one box under the middle of each head; None where one lacks, or another box has a text."""
    placed = find_boxes_under(values, heads)
    return None if placed is None or len({id(w) for w in placed.values()}) < len(placed) else placed


def _last_boxes(values: Sequence[PlacedWord], order: Sequence[str]) -> dict[str, PlacedWord] | None:
    """The last seven boxes of a row; those before them must be blank: places that a span covers."""
    if len(values) < _COUNT or any(w.text for w in values[:-_COUNT]):
        return None
    return dict(zip(order, values[-_COUNT:], strict=True))
