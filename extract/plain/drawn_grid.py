"""A table drawn in characters, with ruled lines between its rows → a Grid with its spans.

Grid tables of pandoc and reST, and boxes of ┌─┬─┐. Walls stand below each other where each character takes the places that
it takes on a screen; signs that take one or two (“ ” ─) leave some play, and a wall is looked for within it.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from gongkai.model import Cell, Grid, Place

_UPRIGHT = frozenset("|｜│┃║╎╏┆┇┊┋¦")
_LEVEL = frozenset("-=－＝─━═╌╍┄┅┈┉╴╶╸╺~_")
#: Every other sign of this block is a joint, and so is a plus.
_FIRST_SIGN, _LAST_SIGN = "\u2500", "\u257f"
#: A ruled line is so long between two walls, in characters: a lone hyphen is a placeholder.
_SHORTEST_RULE = 2
#: A table has so many ruled lines, and that share of its lines are.
_LEAST_RULES, _RULED_SHARE = 3, 0.25
#: A table has so many lines at the most.
_MOST_LINES = 2000


class _Manner(NamedTuple):
    """How many places characters take: those of Chinese, and signs of which walls are drawn."""

    chinese: int
    sign: int


_MANNERS = (_Manner(2, 1), _Manner(2, 2), _Manner(1, 1))


class _Sign(NamedTuple):
    """A character of a line and the places between which it may begin."""

    character: str
    least: int
    most: int


def read_drawn_grid(lines: Sequence[str], start: int, block: int) -> tuple[Grid, int] | None:
    """The table whose first ruled line this is, and the number of the line behind it; None where none begins."""
    if not _is_rule(lines[start]):
        return None
    end = start + 1
    while end < min(len(lines), start + _MOST_LINES) and _has_walls(lines[end]):
        end += 1
    while end > start and not _is_rule(lines[end - 1]):
        end -= 1
    own = lines[start:end]
    rules = sum(map(_is_rule, own))
    if rules < _LEAST_RULES or rules < _RULED_SHARE * len(own):
        return None
    for manner in _MANNERS:
        grid = _read(own, manner, block)
        if grid is not None:
            return grid, end
    return None


def _is_joint(character: str) -> bool:
    is_drawn = _FIRST_SIGN <= character <= _LAST_SIGN
    return character == "+" or (is_drawn and character not in _UPRIGHT and character not in _LEVEL)


def _is_wall(character: str) -> bool:
    return character in _UPRIGHT or _is_joint(character)


def _has_walls(line: str) -> bool:
    text = line.strip()
    return len(text) > 1 and _is_wall(text[0]) and _is_wall(text[-1])


def _is_rule(line: str) -> bool:
    """Whether a line is drawn over the whole table, or over all of it but boxes that are blank there."""
    text = line.strip()
    signs = all(_is_wall(c) or c in _LEVEL or c.isspace() for c in text)
    return signs and _has_walls(text) and any(map(_is_joint, text)) and _rules_in(text)


def _rules_in(text: str) -> bool:
    runs = itertools.groupby(text, key=lambda c: c in _LEVEL)
    return any(is_rule and len(list(run)) >= _SHORTEST_RULE for is_rule, run in runs)


def _read(lines: Sequence[str], manner: _Manner, block: int) -> Grid | None:
    """The table, if all its walls stand below each other in this manner of counting."""
    placed = [_place(line.rstrip(), manner) for line in lines]
    columns = sorted({s.least for line in placed for s in line if s.least == s.most and _is_corner(line, s)})
    if len(columns) < _LEAST_RULES:
        return None
    cut: list[dict[tuple[int, int], str]] = []
    for line in placed:
        segments = _cut(line, columns)
        if segments is None:
            return None
        cut.append(segments)
    return _make_grid(cut, len(columns) - 1, block)


def _place(line: str, manner: _Manner) -> list[_Sign]:
    placed: list[_Sign] = []
    least = most = 0
    for c in line:
        placed.append(_Sign(c, least, most))
        kind = unicodedata.east_asian_width(c)
        if _FIRST_SIGN <= c <= _LAST_SIGN:
            least, most = least + manner.sign, most + manner.sign
        elif unicodedata.combining(c):
            continue
        elif kind in "WF":
            least, most = least + manner.chinese, most + manner.chinese
        elif kind == "A":
            least, most = least + 1, most + manner.chinese
        else:
            least, most = least + 1, most + 1
    return placed


def _is_corner(line: Sequence[_Sign], sign: _Sign) -> bool:
    """Whether a sign is a joint at the end of a piece of a ruled line."""
    if not _is_joint(sign.character):
        return False
    at = line.index(sign)
    beside = [line[i].character for i in (at - 1, at + 1) if 0 <= i < len(line)]
    return any(c in _LEVEL for c in beside)


def _cut(line: Sequence[_Sign], columns: Sequence[int]) -> dict[tuple[int, int], str] | None:
    """What stands between the walls of a line, by the numbers of the columns' walls; None where one has no place."""
    walls: list[tuple[int, int]] = []  # (number of the wall, place in the line)
    for at, sign in enumerate(line):
        if not _is_wall(sign.character):
            continue
        near = [k for k, column in enumerate(columns) if sign.least <= column <= sign.most]
        near = [k for k in near if not walls or k > walls[-1][0]]
        if len(near) > 1:
            return None
        if near:
            walls.append((near[0], at))
        elif sign.character in _UPRIGHT:
            return None
    if len(walls) < 2 or walls[0][0] != 0 or walls[-1][0] != len(columns) - 1:
        return None
    return {
        (a, b): "".join(s.character for s in line[i + 1 : j]) for (a, i), (b, j) in itertools.pairwise(walls)
    }


def _is_drawn(segment: str) -> bool:
    is_long = len(segment) >= _SHORTEST_RULE or _FIRST_SIGN <= segment <= _LAST_SIGN  # ─ is no placeholder
    return is_long and all(c in _LEVEL for c in segment)


# Boxes ---------------------------------------------------------------------------------------


class _Band(NamedTuple):
    """The lines between two lines with rules: the walls that stand in them, and the texts by their places."""

    walls: set[int]
    texts: list[tuple[int, str]]


def _make_grid(cut: Sequence[Mapping[tuple[int, int], str]], width: int, block: int) -> Grid | None:
    """The boxes; None where they are no rectangles."""
    bands: list[_Band] = []
    open_below: list[set[int]] = []  # for each line with rules, the columns over which none is drawn
    for segments in cut:
        rules = [extent for extent, text in segments.items() if _is_drawn(text)]
        if rules:
            drawn = {k for a, b in rules for k in range(a, b)}
            if bands and not bands[-1].walls and not bands[-1].texts:
                open_below[-1] &= {*range(width)} - drawn  # two ruled lines, one below the other
            else:
                open_below.append({*range(width)} - drawn)
                bands.append(_Band(set(), []))
            bands[-1].texts.extend((a, t) for (a, _), t in segments.items() if not _is_drawn(t) and t.strip())
        elif bands:
            bands[-1].walls.update(wall for extent in segments for wall in extent)
            bands[-1].texts.extend((a, t) for (a, _), t in segments.items())
    if not bands or bands[-1].walls:
        return None  # the last ruled line closes the table
    return _box(bands[:-1], open_below, width, block)


def _box(bands: Sequence[_Band], open_below: Sequence[set[int]], width: int, block: int) -> Grid | None:
    owner = [[(r, c) for c in range(width)] for r in range(len(bands))]
    for r, band in enumerate(bands):
        for c in range(width):
            if c and c not in band.walls:
                owner[r][c] = owner[r][c - 1]
            elif r and c in open_below[r] and _same_walls(bands[r - 1], band, c, width):
                owner[r][c] = owner[r - 1][c]
    texts: dict[tuple[int, int], list[str]] = {}
    for r, band in enumerate(bands):
        for c, text in band.texts:
            if text.strip():
                texts.setdefault(owner[r][c], []).append(text.strip())
    cells: list[Cell] = []
    for r, c in sorted({place for row in owner for place in row}):
        places = [(i, j) for i, row in enumerate(owner) for j, own in enumerate(row) if own == (r, c)]
        rows, columns = {i for i, _ in places}, {j for _, j in places}
        if len(places) != len(rows) * len(columns):
            return None
        at = Place(block=block, row=r, column=c)
        cells.append(Cell(r, c, len(rows), len(columns), "\n".join(texts.get((r, c), ())), at))
    return Grid(tuple(cells), len(bands), width, Place(block=block))


def _same_walls(above: _Band, band: _Band, column: int, width: int) -> bool:
    """Whether a box goes on over an open line: it ends at the same wall in both rows."""
    ends = [next((k for k in range(column + 1, width) if k in b.walls), width) for b in (above, band)]
    return column in above.walls | {0} and ends[0] == ends[1]
