"""Tables that only horizontal lines draw, a piece for each box → their edges.

Walls stand where the pieces of a line meet.
"""

from __future__ import annotations

from collections.abc import Sequence

from gongkai.extract.page.edges import SNAP, Edge, Edges, merge_edges, snap_positions, touch
from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.ruling_line import RulingLine

#: A table of horizontal lines alone has walls at so many positions; one of a single row at more.
LEAST_WALLS, LEAST_OF_A_ROW = 3, 4
#: Two lines of one table stand at most so far apart and run side by side for at least so long, in points.
FAR, SHARED = 90.0, 40.0
#: Characters so many times as large as most of the page are a heading.
HEADING = 1.25


def find_horizontal_tables(edges: Edges, lines: Sequence[RulingLine], glyphs: Sequence[Glyph]) -> list[Edges]:
    """The edges of tables without vertical lines; `lines` are all of the page."""
    pieces = [line for line in lines if line.is_horizontal]
    tables = []
    for run in _find_runs(edges, pieces, glyphs):
        ys = snap_positions(h.at for h in run)
        walls = _find_walls(ys, [[p for p in pieces if abs(p.top - y) <= SNAP] for y in ys])
        if len(snap_positions(w.at for w in walls)) >= (LEAST_WALLS if len(ys) > 2 else LEAST_OF_A_ROW):
            tables.append(Edges(run, merge_edges(walls)))
    return tables


def _find_runs(edges: Edges, pieces: Sequence[RulingLine], glyphs: Sequence[Glyph]) -> list[list[Edge]]:
    """Runs of horizontal edges below each other that no vertical edge touches."""
    runs: list[list[Edge]] = []
    for h in sorted(h for h in edges.horizontal if not any(touch(h, v) for v in edges.vertical)):
        if runs and _follows(runs[-1][-1], h) and not _is_parted(runs[-1][-1].at, h.at, glyphs, pieces):
            runs[-1].append(h)
        else:
            runs.append([h])
    return runs


def _follows(above: Edge, below: Edge) -> bool:
    return below.at - above.at < FAR and min(below.end, above.end) - max(below.start, above.start) > SHARED


def _is_parted(top: float, bottom: float, glyphs: Sequence[Glyph], pieces: Sequence[RulingLine]) -> bool:
    """Whether two tables meet between two lines: a heading stands there, or nothing at all.

    A row of blank boxes has nothing in it either, but its two lines are broken at the same positions.
    """
    inside = [g.bottom - g.top for g in glyphs if top < (g.top + g.bottom) / 2 < bottom]
    if inside:
        sizes = sorted(g.bottom - g.top for g in glyphs)
        return min(inside) > HEADING * sizes[len(sizes) // 4]
    ends = [
        {round(x / SNAP) for p in pieces if abs(p.top - y) <= SNAP for x in (p.x0, p.x1)}
        for y in (top, bottom)
    ]
    return bottom - top > 2 * SNAP and len(ends[0] & ends[1]) < 4


def _find_walls(ys: Sequence[float], lines: Sequence[Sequence[RulingLine]]) -> list[Edge]:
    """The walls between lines; `lines` are the pieces at each y."""
    xs = snap_positions(x for pieces in lines for p in pieces for x in (p.x0, p.x1))
    return [wall for x in xs for wall in _find_walls_at(x, ys, lines)]


def _find_walls_at(x: float, ys: Sequence[float], lines: Sequence[Sequence[RulingLine]]) -> list[Edge]:
    """The walls at one x: from a line with an end there to the next line that reaches x, if it has an end there too.

    A line that runs through x is a box that goes on.
    """
    walls = []
    above: tuple[float, bool] | None = None
    for y, pieces in zip(ys, lines, strict=True):
        reach = [p for p in pieces if p.x0 - SNAP <= x <= p.x1 + SNAP]
        if not reach:
            continue
        ends_here = any(abs(x - p.x0) <= SNAP or abs(x - p.x1) <= SNAP for p in reach)
        if above is not None and above[1] and ends_here:
            walls.append(Edge(x, above[0], y))
        above = (y, ends_here)
    return walls
