"""Figures that cannot be trusted as they stand, and lines drawn inside a box, as glyphs that mark their boxes.

Two figures over each other, a number that runs through a wall, a short line that may be a minus, a 1 or a stroke through
something: the text of such a box says less, or more, than the page shows.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from gongkai.extract.page.edges import DOT
from gongkai.extract.page.frames import find_frames
from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.ruling_line import RulingLine
from gongkai.model import BBox, Grid

#: Two figures that share more of the narrower one's width, and of the lower one's height, stand over each other.
WIDTH, HEIGHT = 0.4, 0.5
#: A wall that leaves so much of a figure's width on both sides goes through it.
CUT = 0.3
#: Figures of one number stand no further apart than this, in shares of their height.
NEAR = 0.25
#: Figures that both stand clear of the wall by this, in shares of their height, stand in two narrow boxes.
CLEAR = 0.06
#: A line in a box is at most so long, in points; a longer one is a wall, or a rule under a line of text.
SHORT = 40.0
#: A shorter line, in points, leaves no ink: a path that closes where it began.
NONE = 0.05
#: So near to a wall, in points, a line is a piece of it.
WALL = 2.2
#: A line so far down in a figure's box, in shares of its height, underlines it.
UNDER = 0.72
#: A frame around characters is at least so high, in heights of a character: nearer lines strike it out.
FRAMED = 0.8


def find_odd_figures(glyphs: Sequence[Glyph], rules: Sequence[RulingLine]) -> list[Glyph]:
    """Marks for figures that stand over each other and for numbers that run through a wall."""
    figures = [g for g in glyphs if "0" <= g[0] <= "9"]
    if len(figures) < 2:
        return []
    marks: dict[Glyph, None] = {}
    walls = _index_walls(rules)
    for half in (0.0, 0.5):
        for a, b in _neighbours(figures, half):
            if _stand_over(a, b):
                marks |= {_mark(g, "figures over each other"): None for g in (a, b)}
            elif (at := _wall_between(a, b, walls)) is not None:
                marks |= {_mark(g, "number across a wall"): None for g in _sides(a, b, at)}
    return list(marks)


def _mark(glyph: Glyph, what: str) -> Glyph:
    return glyph._replace(text=what)


#: Figures are compared within bands of this height, in points.
BAND = 6.0


def _neighbours(figures: Sequence[Glyph], shift: float) -> Iterator[tuple[Glyph, Glyph]]:
    """Figures of about one height on the page that follow each other from left to right."""
    placed = sorted((int((g[2] + g[4]) / 2 / BAND + shift), g[1], g) for g in figures)
    for (band, _, a), (next_band, _, b) in pairwise(placed):
        if band == next_band:
            yield a, b


def _stand_over(a: Glyph, b: Glyph) -> bool:
    wide, high = min(a.x1 - a.x0, b.x1 - b.x0), min(a.bottom - a.top, b.bottom - b.top)
    if min(a.x1, b.x1) - max(a.x0, b.x0) <= WIDTH * wide:
        return False
    # The same figure printed twice to look bold comes once from PDFium; where it comes twice, the number has both.
    return min(a.bottom, b.bottom) - max(a.top, b.top) > HEIGHT * high


def _index_walls(rules: Sequence[RulingLine]) -> list[RulingLine]:
    """The upright rules from left to right."""
    return sorted(rule for rule in rules if not rule.is_horizontal)


def _wall_between(a: Glyph, b: Glyph, walls: Sequence[RulingLine]) -> float | None:
    """Where a wall parts two figures of one number, or goes through the second; None where none does."""
    if b.x0 - a.x1 > NEAR * (a.bottom - a.top):
        return None
    start, end = a.x1 - CUT * (a.x1 - a.x0), b.x1 - CUT * (b.x1 - b.x0)
    middle = (a.top + a.bottom + b.top + b.bottom) / 4
    first, last = bisect_left(walls, (start,)), bisect_right(walls, (end,))
    clear = CLEAR * (a.bottom - a.top)
    return next(
        (
            w.x0
            for w in walls[first:last]
            if w.top < middle < w.bottom and not a.x1 + clear < w.x0 < b.x0 - clear
        ),
        None,
    )


def _sides(a: Glyph, b: Glyph, at: float) -> tuple[Glyph, Glyph]:
    """Two figures moved to both sides of the wall between them, so that both boxes are marked."""
    return a._replace(x0=at - 2, x1=at - 1), b._replace(x0=at + 1, x1=at + 2)


def find_short_lines(rules: Iterable[RulingLine]) -> list[RulingLine]:
    """The lines of a page that are too short for walls."""
    return [rule for rule in rules if NONE < max(rule[2] - rule[0], rule[3] - rule[1]) <= SHORT]


def find_lines_inside(grid: Grid, short: Sequence[RulingLine], glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Marks for `short` lines that stand inside the boxes of a grid and are no pieces of walls."""
    if grid.place.bbox is None:
        return []
    x0, top, x1, bottom = grid.place.bbox
    within = [r for r in short if x0 < r.x0 and r.x1 < x1 and top < r.top and r.bottom < bottom]
    if not within:
        return []
    boxes = _BoxesByBand(cell.place.bbox for cell in grid.cells if cell.place.bbox is not None)
    inside = [r for r in within if not boxes.have_wall(r)]
    if not inside:
        return []
    frames = _find_frames(short, set(inside), glyphs)
    return [Glyph("line", *r) for r in inside if r not in frames and not _is_underline(r, glyphs)]


class _BoxesByBand:
    """The boxes of a grid by where they stand. A line is held against the walls of its own box:
    where another row has a wall, a line in this one may strike a figure out.
    """

    def __init__(self, boxes: Iterable[BBox]) -> None:
        self._bands: dict[int, list[BBox]] = defaultdict(list)
        for box in boxes:
            for band in range(int((box[1] - WALL) // BAND), int((box[3] + WALL) // BAND) + 1):
                self._bands[band].append(box)

    def have_wall(self, rule: RulingLine) -> bool:
        """Whether a line is a wall of a box that its middle stands in, or on whose wall it stands."""
        x0, top, x1, bottom = rule
        x, y = (x0 + x1) / 2, (top + bottom) / 2
        level = x1 - x0 >= bottom - top
        for box in self._bands.get(int(y // BAND), ()):
            left, upper, right, lower = box
            if left - WALL <= x <= right + WALL and upper - WALL <= y <= lower + WALL:
                # most lines are pieces of walls, and all are tried
                at, one, other = (top, upper, lower) if level else (x0, left, right)
                if -WALL <= at - one <= WALL or -WALL <= at - other <= WALL or _is_wall(rule, box):
                    return True
        return False


def _is_wall(rule: RulingLine, box: BBox) -> bool:
    """Whether a line stands on a wall of the box, or reaches from one of its walls to the other."""
    level = rule.is_horizontal
    along, across = (box[::2], box[1::2]) if level else (box[1::2], box[::2])
    at = rule.top if level else rule.x0
    start, end = (rule.x0, rule.x1) if level else (rule.top, rule.bottom)
    if _is_near(at, across) or (end - start <= DOT and _is_near(start, along)):
        return True
    return _is_near(start, along) and _is_near(end, along)


def _is_near(at: float, walls: Sequence[float]) -> bool:
    return any(abs(wall - at) <= WALL for wall in walls)


def _is_underline(rule: RulingLine, glyphs: Sequence[Glyph]) -> bool:
    """Whether a line stands under a character, on its foot or just below."""
    return rule.is_horizontal and any(
        g.x0 < rule.x1
        and rule.x0 < g.x1
        and g.top + UNDER * (g.bottom - g.top) < rule.top < g.bottom + 0.3 * (g.bottom - g.top)
        for g in glyphs
    )


def _find_frames(
    rules: Sequence[RulingLine], wanted: set[RulingLine], glyphs: Sequence[Glyph]
) -> set[RulingLine]:
    """The sides of the frames that characters stand in, of those that one of the wanted lines is a side of."""
    frames = (frame for frame in find_frames(rules) if not wanted.isdisjoint(frame.sides))
    return {rule for frame in frames if _has_text(glyphs, frame.box) for rule in frame.sides}


def _has_text(glyphs: Sequence[Glyph], box: BBox) -> bool:
    """Whether a character fits into a frame and stands in it."""
    x0, top, x1, bottom = box
    return any(
        x0 < (g.x0 + g.x1) / 2 < x1
        and top < (g.top + g.bottom) / 2 < bottom
        and bottom - top >= FRAMED * (g.bottom - g.top)
        for g in glyphs
    )
