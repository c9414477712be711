"""Ruling lines and glyphs of a page → Grids; pure geometry.

Input and output are in points from the page's top left. Lines → snapped edges → walls between
unit boxes → boxes → Grid.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.overflow import run_over
from gongkai.extract.page.superscript import marked
from gongkai.model import BBox, Cell, Grid, Place


class RulingLine(NamedTuple):
    """A ruling line, or a piece of one: horizontal where top = bottom, vertical where x0 = x1."""

    x0: float
    top: float
    x1: float
    bottom: float


#: A filled rectangle thinner than this, in points, is a ruling line.
THIN = 3.2


def line_of(x0: float, top: float, x1: float, bottom: float) -> RulingLine:
    """A thin box as the line through its middle."""
    if x1 - x0 >= bottom - top:
        y = (top + bottom) / 2
        return RulingLine(x0, y, x1, y)
    x = (x0 + x1) / 2
    return RulingLine(x, top, x, bottom)


class Span(NamedTuple):
    """A line's place across (x of a vertical, y of a horizontal) and its extent along itself."""

    at: float
    start: float
    end: float


#: Lines nearer than this, in points, are one: a double rule, the two edges of a thin rectangle, the
#: edges of two boxes that are drawn apart.
SNAP = 4.2
#: The same on a worn page, where strokes of letters stand as near to a rule.
WORN_SNAP = 3.0
#: Pieces of a dashed line stand at most so far apart, in points.
GAP = 4.5
#: A wall stands where a line covers this share of it.
COVER = 0.6
#: A table has at least so many unit boxes.
LEAST_BOXES = 2


def grids(
    rules: Sequence[RulingLine], glyphs: Sequence[Glyph], page: int | None, *, worn: bool = False
) -> tuple[list[Grid], set[int]]:
    """The Grids that the rules of a page draw, from top to bottom, and the glyphs inside them by number.

    On a `worn` page (a scan) rules have gaps: a wall that stands above and below a row without
    words stands in it too.
    """
    pieces = [r for r in rules if _is_horizontal(r)]
    snap = WORN_SNAP if worn else SNAP
    horizontal = _merged((((top + bottom) / 2, x0, x1) for x0, top, x1, bottom in pieces), snap)
    upright = [r for r in rules if not _is_horizontal(r)]
    vertical = _merged((((x0 + x1) / 2, top, bottom) for x0, top, x1, bottom in upright), snap)
    result: list[tuple[Grid, set[int]]] = []
    tables = _components(horizontal, vertical, worn)
    if not worn:
        tables = [_with_sides(h, v, vertical) for h, v in tables]
    for h, v in [*tables, *_unwalled(horizontal, vertical, pieces, glyphs)]:
        drawn = _grid(h, v, glyphs, page, worn)
        if drawn is not None:
            result.append(drawn)
    result.sort(key=lambda pair: (pair[0].place.bbox or (0.0,) * 4)[1])
    inside = {i for _, taken in result for i in taken}
    return [grid for grid, _ in result], inside


def _is_horizontal(rule: RulingLine) -> bool:
    return rule.x1 - rule.x0 >= rule.bottom - rule.top


def _merged(spans: Iterable[tuple[float, float, float]], snap: float = SNAP) -> list[Span]:
    """Lines on the same place joined: double rules, dashes, one piece a box. They come as Spans do."""
    rows: list[list[tuple[float, float, float]]] = []
    for span in sorted(spans):
        if rows and span[0] - rows[-1][0][0] <= snap:
            rows[-1].append(span)
        else:
            rows.append([span])
    result: list[Span] = []
    for row in rows:
        at = sum(s[0] for s in row) / len(row)
        start, end = None, 0.0
        for _, begin, stop in sorted(row, key=itemgetter(1)):
            if start is None:
                start, end = begin, stop
            elif begin - end <= GAP:
                end = max(end, stop)
            else:
                result.append(Span(at, start, end))
                start, end = begin, stop
        if start is not None:
            result.append(Span(at, start, end))
    return result


def _components(
    horizontal: list[Span], vertical: list[Span], worn: bool
) -> list[tuple[list[Span], list[Span]]]:
    """Lines that touch belong to one table."""
    snap = WORN_SNAP if worn else SNAP
    parent = list(range(len(horizontal) + len(vertical)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    n = len(horizontal)
    for j, (x, top, bottom) in enumerate(vertical):
        for i, (y, left, right) in enumerate(horizontal):
            if left - snap <= x <= right + snap and top - snap <= y <= bottom + snap:
                parent[root(i)] = root(n + j)
    groups: dict[int, tuple[list[Span], list[Span]]] = {}
    for i, h in enumerate(horizontal):
        groups.setdefault(root(i), ([], []))[0].append(h)
    for j, v in enumerate(vertical):
        groups.setdefault(root(n + j), ([], []))[1].append(v)
    # A table may be open at its sides; on a worn page two strokes of a letter look like that too.
    least, both = (2, 4) if worn else (1, 3)
    return [(h, v) for h, v in groups.values() if min(len(h), len(v)) >= least and len(h) + len(v) >= both]


#: A column at the side of a table is at least so wide, in points, and at most this share of the table.
NARROW, SIDE = 8.0, 1 / 3


def _with_sides(
    horizontal: list[Span], vertical: list[Span], upright: Sequence[Span]
) -> tuple[list[Span], list[Span]]:
    """The lines of a table with a column at its side that no line of it touches: a group's box whose top and
    bottom are both on other pages is drawn as a wall of the table's own height, beside the table."""
    top, bottom = min(v.start for v in vertical), max(v.end for v in vertical)
    left, right = min(h.start for h in horizontal), max(h.end for h in horizontal)
    for wall in upright:
        away = left - wall.at if wall.at < left else wall.at - right
        alike = abs(wall.start - top) <= SNAP and abs(wall.end - bottom) <= SNAP
        if alike and NARROW < away < SIDE * (right - left):
            ends = (wall.at, left) if wall.at < left else (right, wall.at)
            return [*horizontal, Span(top, *ends), Span(bottom, *ends)], [*vertical, wall]
    return horizontal, vertical


#: A table of horizontal rules alone has walls at so many places; one of a single row at more.
LEAST_WALLS, LEAST_OF_A_ROW = 3, 4


def _unwalled(
    horizontal: list[Span], vertical: list[Span], pieces: Sequence[RulingLine], glyphs: Sequence[Glyph]
) -> list[tuple[list[Span], list[Span]]]:
    """Tables of horizontal rules alone, drawn a piece a box: walls stand where pieces meet.

    A wall runs between two rules when pieces of both begin or end there.
    """
    alone = [h for h in horizontal if not any(_crosses(h, v) for v in vertical)]
    runs: list[list[Span]] = []
    for h in sorted(alone):
        last = runs[-1][-1] if runs else None
        if (
            last is not None
            and h.at - last.at < 90.0
            and min(h.end, last.end) - max(h.start, last.start) > 40.0
            and not _parted(last.at, h.at, glyphs, pieces)
        ):
            runs[-1].append(h)
        else:
            runs.append([h])
    result = []
    for run in runs:
        ys = _edges(h.at for h in run)
        walls = _walls_between(ys, [[r for r in pieces if abs(r.top - y) <= SNAP] for y in ys])
        if len(_edges(w.at for w in walls)) >= (LEAST_WALLS if len(ys) > 2 else LEAST_OF_A_ROW):
            result.append((run, _merged(walls)))
    return result


def _parted(top: float, bottom: float, glyphs: Sequence[Glyph], pieces: Sequence[RulingLine]) -> bool:
    """Whether a heading, or nothing at all, stands between two rules: two tables meet there.

    A row of blank boxes has nothing in it either, but its two rules are broken at the same places.
    """
    inside = [g.bottom - g.top for g in glyphs if top < (g.top + g.bottom) / 2 < bottom]
    if inside:
        sizes = sorted(g.bottom - g.top for g in glyphs)
        return min(inside) > 1.25 * sizes[len(sizes) // 4]
    ends = [
        {round(x / SNAP) for r in pieces if abs(r.top - y) <= SNAP for x in (r.x0, r.x1)}
        for y in (top, bottom)
    ]
    return bottom - top > 2 * SNAP and len(ends[0] & ends[1]) < 4


def _crosses(h: Span, v: Span) -> bool:
    return h.start - SNAP <= v.at <= h.end + SNAP and v.start - SNAP <= h.at <= v.end + SNAP


def _walls_between(ys: Sequence[float], lines: Sequence[Sequence[RulingLine]]) -> list[Span]:
    """The walls between rules: from one rule that has an end at x to the next that reaches x, if
    that has one too. A rule that leaves x out is a box going on."""
    walls = []
    for x in _edges(x for pieces in lines for r in pieces for x in (r.x0, r.x1)):
        before: tuple[float, bool] | None = None
        for y, pieces in zip(ys, lines, strict=True):
            reach = [r for r in pieces if r.x0 - SNAP <= x <= r.x1 + SNAP]
            if not reach:
                continue
            ends = any(abs(x - r.x0) <= SNAP or abs(x - r.x1) <= SNAP for r in reach)
            if before is not None and before[1] and ends:
                walls.append(Span(x, before[0], y))
            before = (y, ends)
    return walls


def _edges(values: Iterable[float], snap: float = SNAP) -> list[float]:
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > snap:
            edges.append(value)
    return edges


def _grid(
    horizontal: list[Span], vertical: list[Span], glyphs: Sequence[Glyph], page: int | None, worn: bool
) -> tuple[Grid, set[int]] | None:
    """One table from the lines that touch."""
    if not worn:
        horizontal, vertical = _closed(horizontal, vertical)
    snap = WORN_SNAP if worn else SNAP
    ys, xs = _edges((h.at for h in horizontal), snap), _edges((v.at for v in vertical), snap)
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 1 or columns < 1 or rows * columns < LEAST_BOXES:
        return None
    below = _walls(horizontal, ys, xs, worn)  # below[i][j]: a line on ys[i] between xs[j] and xs[j+1]
    beside = _walls(vertical, xs, ys, worn)
    boxes = _boxes(rows, columns, below, beside)
    inside = list(_inside(glyphs, xs, ys))
    held: dict[tuple[int, int], list[Glyph]] = {}
    for i, unit in inside if worn else ():
        held.setdefault(unit, []).append(glyphs[i])
    words = {unit for unit, own in held.items() if any("一" <= g.text <= "鿿" for g in own)}
    if worn and (_healed(boxes, below, beside, words) | _itemized(boxes, below, held)):
        boxes = _boxes(rows, columns, below, beside)
    texts: dict[tuple[int, int], list[int]] = {(r, c): [] for r, c, _, _ in boxes}
    owner = {unit: texts[box[:2]] for box in boxes for unit in _units(box)}
    taken: set[int] = set()
    for i, unit in inside:
        if unit in owner:
            owner[unit].append(i)
            taken.add(i)
    if not worn and not all(below[rows]):
        last = [b for b in boxes if b[0] + b[2] == rows and not any(below[rows][b[1] : b[1] + b[3]])]
        more = run_over(glyphs, ys[-1], [(xs[c], xs[c + width]) for _, c, _, width in last])
        for box, numbers in zip(last, more, strict=True):
            texts[box[:2]] += numbers
            taken.update(numbers)
    if not worn:
        boxes = _closed_boxes(boxes, beside[columns], columns, texts)
    cells = []
    across, down = [round(x, 2) for x in xs], [round(y, 2) for y in ys]
    for r, c, height, width in boxes:
        text = _whole([glyphs[i] for i in texts[r, c]], xs[c + width] - xs[c])
        bbox = (across[c], down[r], across[c + width], down[r + height])
        cells.append(Cell(r, c, height, width, text, Place(page, None, r, c, bbox)))
    if sum(bool(cell.text) for cell in cells) < 2 and len(cells) < 4:
        return None  # a frame around a paragraph
    place = Place(page, None, None, None, _rounded((xs[0], ys[0], xs[-1], ys[-1])))
    return Grid(tuple(cells), rows, columns, place), taken


#: Lines that go on so far beyond the last wall, in points, draw boxes that are open at the table's side.
OPEN = 12.0


def _closed(horizontal: list[Span], vertical: list[Span]) -> tuple[list[Span], list[Span]]:
    """The lines with the sides of the table that are not drawn: where most lines across end together."""
    left_right = [*_open_ends(horizontal, vertical)]
    top_bottom = [*_open_ends(vertical, horizontal)]
    if not left_right and not top_bottom:
        return horizontal, vertical
    xs = [v.at for v in vertical] + left_right
    ys = [h.at for h in horizontal] + top_bottom
    return (
        horizontal + [Span(y, min(xs), max(xs)) for y in top_bottom],
        vertical + [Span(x, min(ys), max(ys)) for x in left_right],
    )


def _open_ends(lines: Sequence[Span], walls: Sequence[Span]) -> Iterator[float]:
    """Where lines end together beyond the last wall across them."""
    low, high = min(w.at for w in walls), max(w.at for w in walls)
    starts, ends = [h.start for h in lines], [h.end for h in lines]
    for at, others, beyond in ((min(starts), starts, low - min(starts)), (max(ends), ends, max(ends) - high)):
        if beyond <= OPEN:
            continue
        alike = sum(abs(x - at) <= SNAP for x in others)
        if alike > 2 or 2 * alike >= len(lines):
            yield at


def _whole(glyphs: Sequence[Glyph], room: float) -> str:
    """The text of a box `room` points wide. A number too long for it goes on in the next line: 3,28 / 2 is 3,282."""
    text = text_of(glyphs)
    if "\n" in text and all(g.text in "0123456789０１２３４５６７８９.,，．" for g in glyphs):
        size = glyphs[0].bottom - glyphs[0].top
        lines = lines_of(glyphs)
        if all(room - (line[-1].x1 - line[0].x0) < 2.2 * size for line in lines[:-1]):
            return text.replace("\n", "")
    return text


def _rounded(bbox: BBox) -> BBox:
    x0, top, x1, bottom = bbox
    return round(x0, 2), round(top, 2), round(x1, 2), round(bottom, 2)


def _walls(lines: list[Span], places: list[float], steps: list[float], worn: bool) -> list[list[bool]]:
    """Which unit pieces of every edge are drawn: by one line, or by several together.

    On a worn page by one: strokes of letters above each other would be a wall as well.
    """
    walls = [[False] * (len(steps) - 1) for _ in places]
    parts: dict[tuple[int, int], float] = {}  # of pieces that are drawn in part, how much
    for line in lines:
        at, start, end = line
        i = nearest(places, at)
        wall = walls[i]
        first = max(0, bisect_right(steps, start) - 1)
        last = min(len(steps) - 1, bisect_left(steps, end))
        for j in range(first, last):
            left, right = steps[j], steps[j + 1]
            covered = (end if end < right else right) - (start if start > left else left)
            if covered < right - left and not worn:
                covered = parts[i, j] = parts.get((i, j), 0.0) + covered
            if covered >= COVER * (right - left):
                wall[j] = True
    return walls


def nearest(places: Sequence[float], at: float) -> int:
    """The number of the place nearest to `at`, of equally near ones the first. Places rise."""
    i = bisect_left(places, at)
    if i == len(places) or (i and at - places[i - 1] <= places[i] - at):
        return i - 1
    return i


def _boxes(
    rows: int, columns: int, below: list[list[bool]], beside: list[list[bool]]
) -> list[tuple[int, int, int, int]]:
    """The boxes as (row, column, height, width): unit boxes grown over the walls that are not there.

    What no wall closes at the table's rim is not a box.
    """
    used = [[False] * columns for _ in range(rows)]
    boxes = []
    for r in range(rows):
        for c in range(columns):
            if used[r][c]:
                continue
            width = 1
            while c + width < columns and not beside[c + width][r] and not used[r][c + width]:
                width += 1
            height = 1
            while r + height < rows and all(
                not below[r + height][k] and not used[r + height][k] for k in range(c, c + width)
            ):
                if any(beside[k][r + height] for k in range(c + 1, c + width)):
                    break
                height += 1
            for i in range(r, r + height):
                for k in range(c, c + width):
                    used[i][k] = True
            open_side = not beside[c][r] or not beside[c + width][r]
            open_end = not all(below[r][c : c + width]) or not all(below[r + height][c : c + width])
            if open_side and open_end:
                continue
            boxes.append((r, c, height, width))
    return boxes


def _closed_boxes(
    boxes: list[tuple[int, int, int, int]],
    side: Sequence[bool],
    columns: int,
    texts: Mapping[tuple[int, int], Sequence[int]],
) -> list[tuple[int, int, int, int]]:
    """The boxes without those that the table's right `side` leaves open, though it is drawn for most rows.

    There a row is shorter than the others, and what it lacks is not a blank box.
    """
    if all(side) or 2 * sum(side) < len(side):
        return boxes
    return [
        (r, c, height, width)
        for r, c, height, width in boxes
        if c == 0 or c + width < columns or texts[r, c] or any(side[r : r + height])
    ]


#: What a seal hides is at most so many boxes high or wide.
LARGEST = 10


def _healed(
    boxes: Sequence[tuple[int, int, int, int]],
    below: list[list[bool]],
    beside: list[list[bool]],
    words: set[tuple[int, int]],
) -> bool:
    """Puts the walls back that a scan lost among values; whether there were any.

    A wall is put back where the same line stands on both sides of the box.
    """
    found = False
    for r, c, height, width in boxes:
        if height * width < 2 or max(height, width) > LARGEST:
            continue
        if any((i, k) in words for i in range(r, r + height) for k in range(c, c + width)):
            continue
        for k in range(c + 1, c + width):
            column = beside[k]
            if r > 0 and r + height < len(column) and column[r - 1] and column[r + height]:
                column[r : r + height] = [True] * height
                found = True
        for i in range(r + 1, r + height):
            line = below[i]
            if c > 0 and line[c - 1] and (c + width >= len(line) or line[c + width]):
                line[c : c + width] = [True] * width
                found = True
    return found


_ITEM = re.compile(r"\d{1,2}[.．、]")


def _itemized(
    boxes: Sequence[tuple[int, int, int, int]],
    below: list[list[bool]],
    held: Mapping[tuple[int, int], Sequence[Glyph]],
) -> bool:
    """Puts rules back between labels that are items ("3.", "4."), one in each row of a box; whether there were any.

    Without them the labels are one, and it would be the label of the wrong row.
    """
    found = False
    for r, c, height, width in boxes:
        rows = [[g for k in range(c, c + width) for g in held.get((i, k), ())] for i in range(r, r + height)]
        if height > 1 and all(own and _ITEM.match(text_of(own)) for own in rows):
            for line in below[r + 1 : r + height]:
                line[c : c + width] = [True] * width
            found = True
    return found


def _units(box: tuple[int, int, int, int]) -> Iterable[tuple[int, int]]:
    r, c, height, width = box
    return ((i, k) for i in range(r, r + height) for k in range(c, c + width))


def _inside(
    glyphs: Sequence[Glyph], xs: list[float], ys: list[float]
) -> Iterable[tuple[int, tuple[int, int]]]:
    """The glyphs whose middle lies in the table, each with its unit box."""
    left, right, top, bottom = xs[0], xs[-1], ys[0], ys[-1]
    lower, further = ys[1:-1], xs[1:-1]  # so that what stands on the last edge is in the last box
    for i, (_, x0, y0, x1, y1) in enumerate(glyphs):
        y = (y0 + y1) / 2
        if top <= y <= bottom:
            x = (x0 + x1) / 2
            if left <= x <= right:
                yield i, (bisect_right(lower, y), bisect_right(further, x))


def lines_of(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Glyphs put into lines, top to bottom, each from left to right, whatever order they were drawn in."""
    lines: list[list[Glyph]] = []
    middle = 0.0
    for g in sorted(glyphs, key=lambda g: g[2] + g[4]):
        _, _, top, _, bottom = g
        y = (top + bottom) / 2
        high = bottom - top
        if lines and y - middle <= 0.5 * (high if high > 4.0 else 4.0):
            line = lines[-1]
            line.append(g)
            middle += (y - middle) / len(line)
        else:
            lines.append([g])
            middle = y
    for line in lines:
        line.sort(key=itemgetter(1))
    return lines


#: A gap wider than this share of the glyphs' height is a blank between two words or numbers.
BLANK = 0.45
#: Between two Latin letters a smaller gap is one.
LATIN_BLANK = 0.15


#: Beside fewer glyphs than this a raised figure is a mark behind a number; in a text it may be anything.
FEW = 16


def text_of(glyphs: Sequence[Glyph]) -> str:
    """The text of some glyphs: a line a line, a blank where a gap is wide enough."""
    if len(glyphs) <= 1:
        return glyphs[0].text if glyphs else ""
    if len(glyphs) < FEW:
        glyphs = marked(glyphs)
    return "\n".join(joined(line) for line in lines_of(glyphs))


def joined(line: Sequence[Glyph]) -> str:
    """The text of one line."""
    parts = [line[0].text]
    for (before, _, _, end, _), (text, start, top, _, bottom) in itertools.pairwise(line):
        gap = start - end
        if gap > LATIN_BLANK * (bottom - top):  # most glyphs touch
            ascii = before.isascii() and text.isascii()
            latin = ascii and (before.isalpha() or text.isalpha())
            wide = (LATIN_BLANK if latin else BLANK) * (bottom - top)
            if gap > wide and (gap > 2.2 * wide or ascii):
                parts.append(" ")
        parts.append(text)
    return "".join(parts)
