"""A region of rows → its lines: labels, then the boxes behind them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from gongkai.model import Cell, PlacedWord
from gongkai.normalize.form.number import is_blank, is_label
from gongkai.normalize.form.radical import fold_radicals
from gongkai.normalize.solve.solution import SolvedBox
from gongkai.normalize.solve.table_region import Region

#: The height of a row and the width of a box, in units of our own.
_HIGH, _WIDE = 20.0, 10.0


class RowLine(NamedTuple):
    """One row: its labels, the one next to the values last, and its value boxes. Either may be empty."""

    labels: Sequence[PlacedWord]
    values: Sequence[PlacedWord]

    @property
    def leaf(self) -> str:
        """The label next to the values, "" where there is none."""
        return self.labels[-1].text if self.labels else ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing is printed in its boxes."""
        return all(is_blank(w.text) for w in self.values)


def lay_out_rows(rows: Iterable[Sequence[Cell]]) -> Region:
    """The boxes of rows as a region, each row a level below the one before it. Radicals are read as ideographs: ⼩计 is 小计."""
    words = [
        PlacedWord(fold_radicals(c.text), n * _WIDE, y * _HIGH, (n + 1) * _WIDE, (y + 1) * _HIGH, c, box=True)
        for y, cells in enumerate(rows)
        for n, c in enumerate(cells)
    ]
    texts = tuple(w for w in words if is_label(w.text))
    return Region("rows", tuple(words), tuple(w for w in words if not is_label(w.text)), texts)


def read_lines(region: Region) -> list[RowLine]:
    """The rows of a region. Blanks between labels are left out, and words behind a number are values that are none."""
    return [_part_line(list(line)) for _, line in itertools.groupby(region.words, key=lambda w: w.top)]


def _part_line(words: Sequence[PlacedWord]) -> RowLine:
    end = 0
    for n, w in enumerate(words):
        if is_label(w.text):
            end = n + 1
        elif not is_blank(w.text):
            break
    return RowLine([w for w in words[:end] if is_label(w.text)], words[end:])


def pair_in_order(values: Sequence[PlacedWord], columns: Sequence[str]) -> dict[str, PlacedWord]:
    """As many boxes as columns, in their order; empty where they are fewer, or it is open which are too many.

    Behind the last column words (备注) and blank boxes do not count; where one before it is blank as well, blank ones may
    have been lost from between: “3 | 3 | | | | | | |”.
    """
    own, extra = values[: len(columns)], values[len(columns) :]
    if len(own) < len(columns) or any(not is_blank(w.text) and not is_label(w.text) for w in extra):
        return {}
    if extra and any(is_blank(w.text) for w in own) and not all(is_blank(w.text) for w in values):
        return {}
    return dict(zip(columns, own, strict=True))


def gather_boxes(
    found: Iterable[tuple[tuple[str, str], PlacedWord]], *, blanks_yield: bool = False
) -> dict[tuple[str, str], SolvedBox]:
    """The boxes of a table by row and column, without those for which two stand there that differ.

    `blanks_yield`: a blank one beside one that is not is filler.
    """
    boxes: dict[tuple[str, str], SolvedBox] = {}
    differing: set[tuple[str, str]] = set()
    for slot, w in found:
        known = boxes.get(slot)
        if known is None or (blanks_yield and is_blank(known.cell.text)):
            boxes[slot] = SolvedBox(w.cell, "fitted")
        elif w.text != known.cell.text and not (blanks_yield and is_blank(w.text)):
            differing.add(slot)
    return {slot: box for slot, box in boxes.items() if slot not in differing}
