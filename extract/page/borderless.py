"""Lines of a page without rules → Grids, from alignment alone.

A table is told from prose by its numbers: rows of them stand under each other in columns. Labels
may be broken over lines, and a group's label stands beside the middle of its rows.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import NamedTuple

from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.glyph_text import line_text
from gongkai.model import BBox, Cell, Grid, Place

#: A gap wider than this many times the character height parts two words of a line.
WORD_GAP = 0.85
#: After a character that is no digit, this is enough.
LABEL_GAP = 0.3
#: A value stands at most so many character heights beside its column's middle.
OFF = 1.4
#: A table has at least so many rows of values and so many columns of them in one row.
LEAST_ROWS = 1
#: Lines further apart than this many character heights do not belong to one table.
APART = 4.0

_VALUE = re.compile(r"[+\-－−]?[\d,，.．]+(?:\s?(?:万元|元|件|项|条|次))?|[/\\—–\-－无]{1,2}|[增减]少?加?\d+")


class Word(NamedTuple):
    """A run of glyphs without a gap."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def level(self) -> float:
        return (self.top + self.bottom) / 2


Line = list[Word]


def words(line: Sequence[Glyph]) -> Line:
    """The words of a line, from left to right.

    Characters of one label touch, so a small gap parts two labels; a unit may stand off its number.
    """
    runs: list[list[Glyph]] = [[line[0]]]
    for before, g in itertools.pairwise(line):
        wide = WORD_GAP if before.text.isascii() else LABEL_GAP
        if g.x0 - before.x1 > wide * (g.bottom - g.top):
            runs.append([g])
        else:
            runs[-1].append(g)
    return [
        Word(line_text(r), r[0].x0, min(g.top for g in r), r[-1].x1, max(g.bottom for g in r)) for r in runs
    ]


def find_aligned_grids(lines: Sequence[Sequence[Glyph]], page: int) -> tuple[list[Grid], set[int]]:
    """The tables among the lines of a page, and the numbers of the lines that they took."""
    spread = [words(line) for line in lines]
    grids: list[Grid] = []
    taken: set[int] = set()
    for run in _runs(spread):
        for part in _parts([spread[i] for i in run]):
            grid = _grid(part, page)
            if grid is not None:
                grids.append(grid)
                inside = {id(line) for line in part}
                taken |= {i for i in run if id(spread[i]) in inside}
    return grids, taken


def _is_value(word: Word) -> bool:
    return _VALUE.fullmatch(word.text.strip()) is not None


def _runs(spread: Sequence[Line]) -> list[list[int]]:
    """Runs of lines of one character size, close together, with values in columns somewhere."""
    runs: list[list[int]] = []
    left = min((w.x0 for line in spread for w in line), default=0.0)
    right = max((w.x1 for line in spread for w in line), default=0.0)
    for i, line in enumerate(spread):
        if _is_prose(line, right - left) and not _between_values(spread, i):
            runs.append([])
            continue
        if runs and runs[-1]:
            last = spread[runs[-1][-1]][0]
            size = line[0].bottom - line[0].top
            same = abs(size - (last.bottom - last.top)) < 0.2 * size
            if same and line[0].top - last.bottom < APART * size:
                runs[-1].append(i)
                continue
        runs.append([i])
    return [
        r
        for r in runs
        if sum(sum(map(_is_value, spread[i])) >= 1 and len(spread[i]) >= 2 for i in r) >= LEAST_ROWS
    ]


def _is_prose(line: Line, width: float) -> bool:
    """One word across most of the page (its words are `width` points from first to last), or a sentence."""
    wide = max(w.x1 - w.x0 for w in line) > 0.55 * width
    if sum(map(_is_value, line)) >= 2:
        return False
    return wide or any("。" in w.text or ("，" in w.text and len(w.text) > 24) for w in line)


#: Lines of a label stand so close to the values above and below, in character heights.
CLOSE = 1.2
#: Values in a line that make it a row of a table for certain.
SURE_VALUES = 4


def _between_values(spread: Sequence[Line], i: int) -> bool:
    """Whether a line is a long label's: rows of values stand close above and below it, in its size."""
    if "。" in "".join(w.text for w in spread[i]):
        return False
    for other in (i - 1, i + 1):
        if not 0 <= other < len(spread) or sum(map(_is_value, spread[other])) < SURE_VALUES:
            return False
        upper, lower = sorted((spread[i][0], spread[other][0]), key=lambda w: w.top)
        size = upper.bottom - upper.top
        if lower.top - upper.bottom > CLOSE * size or abs(size - (lower.bottom - lower.top)) > 0.2 * size:
            return False
    return True


def _parts(run: Sequence[Line]) -> list[list[Line]]:
    """A run cut where new heads begin: after values, words in the columns of values."""
    parts: list[list[Line]] = [[]]
    valued = False
    labels = [w.x0 for line in run if any(map(_is_value, line)) for w in line if not _is_value(w)]
    start = max(labels, default=0.0) + 5.0
    for n, line in enumerate(run):
        heads = not any(map(_is_value, line))
        after = run[n + 1] if n + 1 < len(run) else []
        new = heads and (_reaches(line, start) or (not any(map(_is_value, after)) and _reaches(after, start)))
        if valued and new:
            parts.append([])
            valued = False
        parts[-1].append(line)
        valued = valued or not heads
    return parts


def _reaches(line: Line, start: float) -> bool:
    """Whether a word stands where values do: a head, for labels do not go so far."""
    return any(w.x0 > start and not _is_value(w) for w in line)


def _grid(part: Sequence[Line], page: int) -> Grid | None:
    """One table: the heads above its values, then a row for each line of values."""
    size = sorted(w.bottom - w.top for line in part for w in line)[sum(map(len, part)) // 2]
    first = next((n for n, line in enumerate(part) if any(map(_is_value, line))), None)
    if first is None:
        return None
    body = part[first:]
    head = [line for line in part[:first]]
    while head and body and _labels_begin(head[-1], body, size):
        body = [head.pop(), *body]  # the first row's label stands higher than its values
    centres = _centres(head, body, size)
    if len(centres) < 1:
        return None
    rows = _rows(body, centres, size)
    if rows is None or not rows:
        return None
    return _drawn(head, rows, centres, size, page)


def _labels_begin(line: Line, body: Sequence[Line], size: float) -> bool:
    """Whether a line above the first values is the upper half of their label."""
    values = next(line for line in body if any(map(_is_value, line)))
    level = next(w.level for w in values if _is_value(w))
    return (
        len(line) <= 2
        and level - line[0].level < 0.9 * size
        and line[0].x1 < min(w.x0 for w in values if _is_value(w))
    )


def _centres(head: Sequence[Line], body: Sequence[Line], size: float) -> list[float]:
    """The middles of the columns: where values stand, and the lowest heads over none."""
    centres: list[list[float]] = []
    for x in sorted(w.middle for line in body for w in line if _is_value(w)):
        if centres and x - centres[-1][-1] < OFF * size:
            centres[-1].append(x)
        else:
            centres.append([x])
    found = [sum(c) / len(c) for c in centres]
    for n, line in enumerate(head):
        for w in line:
            below = [v for other in head[n + 1 :] for v in other if w.x0 - size < v.middle < w.x1 + size]
            split = len({round(v.middle / size) for v in below}) > 1
            alone = all(abs(w.middle - x) > OFF * size for x in found)
            begun = next((v for v in (head[n - 1] if n else ()) if _goes_on(w, v, size)), None)
            if begun is not None and any(abs(begun.middle - x) <= OFF * size for x in found):
                continue  # the rest of a head whose column is known
            if found and alone and not split and w.x0 > found[0] and n >= len(head) - 3:
                found.append(w.middle)
    return sorted(found)


#: Two lines of one head stand at most so far apart, in character heights, and begin (or have their
#: middles) this near each other.
HEAD_GAP, HEAD_EDGE = 0.6, 0.35


def _goes_on(word: Word, above: Word, size: float) -> bool:
    """Whether a word of the heads is the next line of the one above it: 社会公 over 益组织."""
    return (
        word.top - above.bottom < HEAD_GAP * size
        and word.x1 - word.x0 < above.x1 - above.x0 + HEAD_EDGE * size
        and min(abs(word.x0 - above.x0), abs(word.middle - above.middle)) < HEAD_EDGE * size
    )


def _rows(
    body: Sequence[Line], centres: Sequence[float], size: float
) -> list[tuple[list[Word], dict[int, Word]]] | None:
    """For each line of values the words of its label and its values by column; None where one stands
    in no column."""
    values: list[tuple[float, dict[int, Word]]] = []
    words_left: list[Word] = []
    for line in body:
        placed: dict[int, Word] = {}
        for w in line:
            column = min(range(len(centres)), key=lambda i: abs(centres[i] - w.middle))
            if _is_value(w) and abs(centres[column] - w.middle) <= OFF * size:
                if column in placed:
                    return None
                placed[column] = w
            elif w.x0 < centres[0]:
                words_left.append(w)
            else:
                return None
        if placed:
            values.append((sum(w.level for w in placed.values()) / len(placed), placed))
    return [(_label(level, words_left, values, size), placed) for level, placed in values]


def _label(
    level: float, left: Sequence[Word], values: Sequence[tuple[float, dict[int, Word]]], size: float
) -> list[Word]:
    """The words of a row's own label: those next to its values, a broken label's lines together."""
    nearest = [w for w in left if all(abs(w.level - level) <= abs(w.level - other) for other, _ in values)]
    near = [w for w in nearest if abs(w.level - level) < 1.6 * size]
    if not near:
        return []
    start = max(w.x0 for w in near)
    return sorted((w for w in near if abs(w.x0 - start) < size), key=lambda w: w.top)


def _drawn(
    head: Sequence[Line],
    rows: Sequence[tuple[list[Word], dict[int, Word]]],
    centres: Sequence[float],
    size: float,
    page: int,
) -> Grid:
    cells: list[Cell] = []
    labels_end = max((w.x0 for label, _ in rows for w in label), default=0.0) + size / 2
    boxes_above = _heads(head, centres, labels_end, size)
    levels = {r: n for n, r in enumerate(sorted({r for r, _, _ in boxes_above}))}
    cells += [_cell(levels[r], column, held, page) for r, column, held in boxes_above]
    for n, (label, placed) in enumerate(rows):
        r = len(levels) + n
        if label:
            cells.append(_cell(r, 0, label, page))
        level = next(iter(placed.values()))
        for column, x in enumerate(centres):
            word = placed.get(column) or Word("", x - size / 2, level.top, x + size / 2, level.bottom)
            cells.append(_cell(r, column + 1, [word], page))
    boxes = [c.place.bbox for c in cells if c.place.bbox is not None]
    bbox = (
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    )
    cells.sort(key=lambda c: (c.row, c.column))
    return Grid(tuple(cells), len(levels) + len(rows), len(centres) + 1, Place(page, bbox=bbox), ruled=False)


def _heads(
    head: Sequence[Line], centres: Sequence[float], labels_end: float, size: float
) -> list[tuple[int, int, list[Word]]]:
    """(row, column, words) of the boxes above the values; a head broken over lines is one box.

    One wider than its column (法人或其他组织) stands over several, and nothing below is its next line.
    """
    pitch = min((b - a for a, b in itertools.pairwise(centres)), default=0.0)
    boxes: dict[tuple[int, int], list[Word]] = {}
    above: dict[int, tuple[int, Word]] = {}
    for r, line in enumerate(head):
        latest: dict[int, tuple[int, Word]] = {}
        for w in line:
            near = min(range(len(centres)), key=lambda i: abs(centres[i] - w.middle))
            column = near + 1 if w.x0 > labels_end else 0
            row = r
            for other, (begun, word) in above.items():
                if column and other and word.x1 - word.x0 <= pitch and _goes_on(w, word, size):
                    row, column = begun, other
            boxes.setdefault((row, column), []).append(w)
            latest[column] = (row, w)
        above = latest
    return [(row, column, held) for (row, column), held in boxes.items()]


def _cell(row: int, column: int, label: Sequence[Word], page: int) -> Cell:
    bbox: BBox = (
        round(min(w.x0 for w in label), 2),
        round(min(w.top for w in label), 2),
        round(max(w.x1 for w in label), 2),
        round(max(w.bottom for w in label), 2),
    )
    text = "\n".join(w.text for w in label)
    return Cell(row, column, 1, 1, text, Place(page, None, row, column, bbox), confidence=0.98)
