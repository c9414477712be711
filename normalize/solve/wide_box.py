"""Boxes of a row between which a wall was lost → the numbers of each column, where the row's total parts them.

“00” over two columns is 0 and 0; “120” is 12 and 0, or 1 and 20: one of them makes the row add up.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence

from gongkai.model import PlacedWord
from gongkai.normalize.solve.belief import COLUMNS
from gongkai.normalize.solve.column_extents import Extent
from gongkai.normalize.solve.word_lines import number_in
from gongkai.record import replace

_DIGITS = re.compile("[0-9]{2,12}")
_TOTAL = COLUMNS[-1]
#: A box reaches so far beyond its sides, in units of the layout.
_ROOM = 3.0


def find_boxes_under(
    values: Sequence[PlacedWord], heads: Mapping[str, tuple[Extent, str]]
) -> dict[str, PlacedWord] | None:
    """The one box under the middle of each head, the same one under several; None where none is, or one has a text too many."""
    placed: dict[str, PlacedWord] = {}
    for column, ((x0, x1), _) in heads.items():
        under = [w for w in values if w.x0 - _ROOM <= (x0 + x1) / 2 <= w.x1 + _ROOM]
        if len(under) != 1:
            return None
        placed[column] = under[0]
    used = {id(w) for w in placed.values()}
    return None if any(w.text and id(w) not in used for w in values) else placed


def part_wide_boxes(
    values: Sequence[PlacedWord], heads: Mapping[str, tuple[Extent, str]]
) -> dict[str, PlacedWord] | None:
    """The numbers of a row by column, those of the one box that stands under several heads parted among these.

    None where there is no such box or several, where it holds the total, where its number as a whole makes the row add
    up, and where not one way alone to part it does.
    """
    placed = find_boxes_under(values, heads)
    if placed is None or len(placed) != len(COLUMNS):
        return None
    columns = _find_wide(placed, heads)
    if not columns or _TOTAL in columns:
        return None
    wide = placed[columns[0]]
    rest = number_in(placed[_TOTAL].text) - sum(
        number_in(w.text) for c, w in placed.items() if c not in (*columns, _TOTAL)
    )
    if number_in(wide.text) == rest != 0:
        return None
    fits = [parts for parts in _cut(wide.text, len(columns)) if sum(map(int, parts)) == rest]
    if len(fits) != 1:
        return None
    pieces = (replace(wide, text=text, cell=replace(wide.cell, text=text)) for text in fits[0])
    return {**placed, **dict(zip(columns, pieces, strict=True))}


def _find_wide(placed: Mapping[str, PlacedWord], heads: Mapping[str, tuple[Extent, str]]) -> list[str]:
    """The columns of the one box that stands under several, from left to right; empty where there are several such boxes."""
    under: dict[int, list[str]] = {}
    for column in sorted(placed, key=lambda c: heads[c][0][0]):
        under.setdefault(id(placed[column]), []).append(column)
    wide = [columns for columns in under.values() if len(columns) > 1]
    return wide[0] if len(wide) == 1 else []


def _cut(text: str, count: int) -> Iterator[tuple[str, ...]]:
    """The ways to part digits into so many numbers; blanks between them part them so."""
    spaced = tuple(text.split())
    if len(spaced) == count and all(part.isascii() and part.isdecimal() for part in spaced):
        yield spaced
    elif _DIGITS.fullmatch(text):
        for cuts in itertools.combinations(range(1, len(text)), count - 1):
            parts = tuple(text[a:b] for a, b in itertools.pairwise((0, *cuts, len(text))))
            if all(part == "0" or part[0] != "0" for part in parts):
                yield parts
