"""Ruling lines of a page → snapped edges, one group for each table.

A table is often drawn in pieces: double lines, dashes, a rectangle for each box. Pieces that stand on
one position become one edge; edges that touch become one table.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from gongkai.extract.page.ruling_line import RulingLine

#: Lines nearer than this, in points, are one edge: a double line, the two sides of a thin rectangle,
#: the sides of two boxes that are drawn apart.
SNAP = 4.2
#: The same on a scanned page, where strokes of letters stand as near to a line.
WORN_SNAP = 3.0
#: Pieces of a dashed line stand at most so far apart, in points.
GAP = 4.5
#: A column at the side of a table is at least so wide, in points, and at most this share of the table.
NARROW, SIDE = 8.0, 1 / 3
#: Lines that together are no larger than this, in points, draw a character, not a table.
LETTER = 24.0
#: A piece no longer than this, in points, is a dot: of a line across as well as of one down.
DOT = 1.6
#: A short line that ends further from a wall than this, in points, does not reach it.
END = 2.5
#: Edges that go on so far beyond the last wall, in points, draw boxes that are open at the table's side.
OPEN = 12.0
#: So many walls of a scan that end together close a row: one or two may be strokes of a seal.
TOGETHER = 3
#: Where a line of text stands between them so many of its heights are enough.
LINE = 0.9


class Edge(NamedTuple):
    """A line by its position (x of a vertical, y of a horizontal) and its extent along itself."""

    at: float
    start: float
    end: float


#: What an Edge has, of a line that is not yet one: a page has thousands.
_Piece = tuple[float, float, float]


class Edges(NamedTuple):
    """The edges of a page or of one table."""

    horizontal: list[Edge]
    vertical: list[Edge]


def snap_distance(worn: bool) -> float:
    """How near two lines of one edge stand, in points."""
    return WORN_SNAP if worn else SNAP


def snap_edges(lines: Sequence[RulingLine], snap: float) -> Edges:
    """The edges that the ruling lines of a page draw."""
    level: list[_Piece] = []
    upright: list[_Piece] = []
    for x0, top, x1, bottom in lines:
        wide, high = x1 - x0, bottom - top
        if wide >= high or high <= DOT:  # a dot is both
            level.append(((top + bottom) / 2, x0, x1))
        if wide < high or wide <= DOT:
            upright.append(((x0 + x1) / 2, top, bottom))
    return Edges(merge_edges(level, snap), merge_edges(upright, snap))


def drop_strokes(edges: Edges) -> Edges:
    """The edges without short ones that reach no wall: they draw a character or a frame inside a box."""
    level, upright = ([e for e in side if e.end - e.start > 2 * DOT] for side in edges)
    long_level, long_upright = ([e for e in side if e.end - e.start > LETTER] for side in (level, upright))
    return Edges(
        [e for e in level if _reaches(e, long_upright)], [e for e in upright if _reaches(e, long_level)]
    )


def _reaches(edge: Edge, walls: Sequence[Edge]) -> bool:
    """Whether an edge is long, or meets one of the walls that run across it."""
    at, start, end = edge
    return end - start > LETTER or any(
        wall.start - END <= at <= wall.end + END and start - END <= wall.at <= end + END for wall in walls
    )


def merge_edges(edges: Iterable[_Piece], snap: float = SNAP) -> list[Edge]:
    """Edges on one position joined: double lines, dashes, one piece for each box."""
    groups: list[list[_Piece]] = []
    for edge in sorted(edges):
        if groups and edge[0] - groups[-1][0][0] <= snap:
            groups[-1].append(edge)
        else:
            groups.append([edge])
    return list(chain.from_iterable(map(_join_pieces, groups)))


def _join_pieces(pieces: Sequence[_Piece]) -> Iterator[Edge]:
    """The pieces of one position as edges, cut where a gap is wider than between dashes.

    Each edge stands where its own pieces do: a wall of another table of the page, some points aside, does not move it.
    """
    (at, start, end), *rest = sorted(pieces, key=itemgetter(1))
    count = 1
    for position, begin, stop in rest:
        if begin - end <= GAP:
            end = max(end, stop)
            at, count = at + position, count + 1
        else:
            yield Edge(at / count, start, end)
            at, start, end, count = position, begin, stop, 1
    yield Edge(at / count, start, end)


def group_edges(edges: Edges, worn: bool) -> list[Edges]:
    """Edges that touch, as one group for each table."""
    horizontal, vertical = edges
    snap = snap_distance(worn)
    n = len(horizontal)
    parent = list(range(n + len(vertical)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for j, (x, top, bottom) in enumerate(vertical):
        for i, (y, left, right) in enumerate(horizontal):
            if left - snap <= x <= right + snap and top - snap <= y <= bottom + snap:
                parent[root(i)] = root(n + j)
    groups: dict[int, Edges] = {}
    for i, h in enumerate(horizontal):
        groups.setdefault(root(i), Edges([], [])).horizontal.append(h)
    for j, v in enumerate(vertical):
        groups.setdefault(root(n + j), Edges([], [])).vertical.append(v)
    return [group for group in groups.values() if _may_be_table(group, worn)]


def _may_be_table(group: Edges, worn: bool) -> bool:
    """Whether there are enough edges for a table.

    Its sides may be open; on a scanned page two strokes of a letter look like that too.
    """
    least, both = (2, 4) if worn else (1, 3)
    across, down = len(group.horizontal), len(group.vertical)
    if min(across, down) < least or across + down < both:
        return False
    wide = max(h.end for h in group.horizontal) - min(h.start for h in group.horizontal)
    high = max(v.end for v in group.vertical) - min(v.start for v in group.vertical)
    return max(wide, high) > LETTER


def touch(h: Edge, v: Edge) -> bool:
    """Whether a horizontal and a vertical edge meet or cross."""
    return h.start - SNAP <= v.at <= h.end + SNAP and v.start - SNAP <= h.at <= v.end + SNAP


def add_side_column(table: Edges, walls: Sequence[Edge]) -> Edges:
    """The edges of a table with the column beside it that none of them touches, if there is one.

    The box of a group can begin on the page before and end on the page after. Then it has no top and no
    bottom here, only a wall of the table's own height, beside the table.
    """
    top, bottom = min(v.start for v in table.vertical), max(v.end for v in table.vertical)
    left, right = min(h.start for h in table.horizontal), max(h.end for h in table.horizontal)
    for wall in walls:
        away = left - wall.at if wall.at < left else wall.at - right
        same_height = abs(wall.start - top) <= SNAP and abs(wall.end - bottom) <= SNAP
        if same_height and NARROW < away < SIDE * (right - left):
            ends = (wall.at, left) if wall.at < left else (right, wall.at)
            return Edges([*table.horizontal, Edge(top, *ends), Edge(bottom, *ends)], [*table.vertical, wall])
    return table


def close_open_sides(table: Edges, lines: Sequence[tuple[float, float]] = ()) -> Edges:
    """The edges of a table with the sides that are not drawn: where most edges across end together.

    `lines` are the heights at which characters stand between the sides of the table, top and bottom of each: small print
    has rows lower than any stub of a wall.
    """
    left_right = [*_open_ends(table.horizontal, table.vertical)]
    top_bottom = [*_open_ends(table.vertical, table.horizontal, lines)]
    if not left_right and not top_bottom:
        return table
    xs = [v.at for v in table.vertical] + left_right
    ys = [h.at for h in table.horizontal] + top_bottom
    return Edges(
        table.horizontal + [Edge(y, min(xs), max(xs)) for y in top_bottom],
        table.vertical + [Edge(x, min(ys), max(ys)) for x in left_right],
    )


def close_open_ends(table: Edges) -> Edges:
    """The edges of a table of a scan with its top or foot where a page's end left it open: its walls end there together."""
    ends = [at for wall in table.vertical for at in (wall.start, wall.end)]
    open_ends = [
        y
        for y in _open_ends(table.vertical, table.horizontal)
        if sum(abs(at - y) <= SNAP for at in ends) >= TOGETHER
    ]
    if not open_ends:
        return table
    xs = [v.at for v in table.vertical]
    closed = [Edge(y, min(xs), max(xs)) for y in open_ends]
    return Edges([*table.horizontal, *closed], table.vertical)


def _open_ends(
    edges: Sequence[Edge], walls: Sequence[Edge], lines: Sequence[tuple[float, float]] = ()
) -> Iterator[float]:
    """Where edges end together beyond the last wall across them."""
    low, high = min(w.at for w in walls), max(w.at for w in walls)
    # the walls of a box that goes on from the page before may be drawn from where that page has them
    starts, ends = [e.start for e in edges if e.start >= 0] or [low], [e.end for e in edges]
    for at, others, wall, beyond in (
        (min(starts), starts, low, low - min(starts)),
        (max(ends), ends, high, max(ends) - high),
    ):
        if beyond <= OPEN and not (beyond > 0 and _holds_line(lines, min(at, wall), max(at, wall))):
            continue
        together = sum(abs(x - at) <= SNAP for x in others)
        if together > 2 or 2 * together >= len(edges):
            yield at


def _holds_line(lines: Sequence[tuple[float, float]], first: float, last: float) -> bool:
    """Whether a line of text stands between two places, which it nearly fills at least."""
    return any(
        first < (top + bottom) / 2 < last and LINE * (bottom - top) < last - first for top, bottom in lines
    )


def snap_positions(values: Iterable[float], snap: float = SNAP) -> list[float]:
    """Positions in rising order, one for all that stand nearer than `snap` to it."""
    positions: list[float] = []
    for value in sorted(values):
        if not positions or value - positions[-1] > snap:
            positions.append(value)
    return positions


def nearest(positions: Sequence[float], at: float) -> int:
    """The number of the position nearest to `at`, of equally near ones the first. Positions rise."""
    i = bisect_left(positions, at)
    if i == len(positions) or (i and at - positions[i - 1] <= positions[i] - at):
        return i - 1
    return i
