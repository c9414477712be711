"""Lines of a page without ruling lines → Grids, from alignment alone.

Numbers tell a table from prose: rows of them stand under each other in columns. Labels may be broken over
lines, and a group's label stands beside the middle of its rows.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple

from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.glyph_text import line_text, part_figures
from gongkai.model import BBox, Cell, Grid, Place

#: A gap wider than this many times the character height separates two words of a line.
WORD_GAP = 0.85
#: After a character that is no digit, this is enough.
LABEL_GAP = 0.3
#: A gap wider than this separates two words where it stands under the beginning of so many others.
SLIT, UNDER = 0.06, 3
#: A value stands at most so many character heights beside its column's middle.
OFF = 1.4
#: A table has at least so many rows of values.
LEAST_ROWS = 1
#: Lines further apart than this many character heights do not belong to one table.
APART = 4.0
#: Characters of two sizes differ by at least this share.
RESIZED = 0.2
#: A line with a word over more than this share of the page's text is prose, as is a sentence of more characters.
BROAD, SENTENCE = 0.55, 24
#: A head without values stands at most in so many lines above the first row.
HEAD_LINES = 3

_VALUE = re.compile(
    r"""
    [+\-－−]? [\d,，.．]+ (?: \s? (?: 万元 | 元 | 件 | 项 | 条 | 次 ) )?   # a number, with its unit
    | [/\\—–\-－无]{1,2}                                               # a placeholder
    | [增减] 少? 加? \d+                                                # a difference in words
    """,
    re.VERBOSE,
)


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
#: The words of a row's label, and its values by column.
Row = tuple[list[Word], dict[int, Word]]


def split_lines(lines: Sequence[Sequence[Glyph]]) -> list[list[list[Glyph]]]:
    """The glyphs of each word of each line of a page.

    Characters of one label touch, so a small gap separates two labels. A unit may stand off its number. In narrow boxes
    without room at their walls, a label nearly touches what stands beside it: there a gap tells where other words
    begin at the same place. Figures over a label are words of their own.
    """
    runs = [
        sorted((run for part in part_figures(line) for run in _split_line(part)), key=lambda run: run[0].x0)
        for line in lines
    ]
    starts = Counter(round(run[0][1]) for words in runs for run in words)
    places = {x for x, n in starts.items() if n + max(starts[x - 1], starts[x + 1]) >= UNDER}
    return [[part for run in words for part in _cut_at(run, places)] for words in runs]


def _cut_at(run: Sequence[Glyph], places: Set[int]) -> Iterator[list[Glyph]]:
    """A word, cut at its gaps that stand at one of the places."""
    part = [run[0]]
    for before, g in itertools.pairwise(run):
        text, start, top, _, bottom = g
        if (
            start - before[3] > SLIT * (bottom - top)
            and round(start) in places
            and (before[0].isalnum() or before[0] in ")）")  # a number of a label stands off its words
            and not (before[0].isascii() and text.isascii())
        ):
            yield part
            part = []
        part.append(g)
    yield part


def _make_word(run: Sequence[Glyph]) -> Word:
    return Word(line_text(run), run[0].x0, min(g.top for g in run), run[-1].x1, max(g.bottom for g in run))


def _split_line(line: Sequence[Glyph]) -> list[list[Glyph]]:
    """The glyphs of each word of a line, by their gaps alone."""
    run = [line[0]]
    runs = [run]
    for before, g in itertools.pairwise(line):
        text, _, above, end, below = before
        _, start, top, _, bottom = g
        wide = WORD_GAP if text.isascii() else LABEL_GAP
        high = max(bottom - top, below - above)  # 一 and dashes are flat
        if start - end > wide * high:
            run = [g]
            runs.append(run)
        else:
            run.append(g)
    return runs


def find_aligned_grids(lines: Sequence[Sequence[Glyph]], page: int) -> tuple[list[Grid], set[int]]:
    """The tables among the lines of a page, and the numbers of the lines that they consist of."""
    spread = [[_make_word(run) for run in words] for words in split_lines(lines)]
    grids: list[Grid] = []
    taken: set[int] = set()
    for run in _find_runs(spread):
        for part in _split_at_heads([spread[i] for i in run]):
            grid = _build_grid(part, page)
            if grid is not None:
                grids.append(grid)
                inside = {id(line) for line in part}
                taken |= {i for i in run if id(spread[i]) in inside}
    return grids, taken


def _is_value(word: Word) -> bool:
    return _VALUE.fullmatch(word.text.strip()) is not None


def _count_values(line: Line) -> int:
    return sum(map(_is_value, line))


def _find_runs(spread: Sequence[Line]) -> list[list[int]]:
    """Runs of lines of one character size, close together, with values in columns somewhere."""
    runs: list[list[int]] = []
    left = min((w.x0 for line in spread for w in line), default=0.0)
    right = max((w.x1 for line in spread for w in line), default=0.0)
    for i, line in enumerate(spread):
        if _is_prose(line, right - left) and not _is_between_values(spread, i):
            runs.append([])
        elif runs and runs[-1] and _is_next_line(spread[runs[-1][-1]][0], line[0]):
            runs[-1].append(i)
        else:
            runs.append([i])
    return [run for run in runs if sum(_is_row(spread[i]) for i in run) >= LEAST_ROWS]


def _is_next_line(above: Word, below: Word) -> bool:
    """Whether two lines may be of one table, by the first word of each."""
    size = below.bottom - below.top
    same_size = abs(size - (above.bottom - above.top)) < RESIZED * size
    return same_size and below.top - above.bottom < APART * size


def _is_row(line: Line) -> bool:
    return len(line) >= 2 and _count_values(line) >= 1


def _is_prose(line: Line, width: float) -> bool:
    """Whether a line is a sentence, or one word across most of the page's text, which is `width` points wide."""
    if _count_values(line) >= 2:
        return False
    return (
        max(w.x1 - w.x0 for w in line) > BROAD * width
        or any("。" in w.text for w in line)
        or any("，" in w.text and len(w.text) > SENTENCE for w in line)
    )


#: Lines of a label stand so close to the values above and below, in character heights.
CLOSE = 1.2
#: Values in a line that make it a row of a table for certain.
SURE_VALUES = 4


def _is_between_values(spread: Sequence[Line], i: int) -> bool:
    """Whether a line is a long label's: rows of values stand close above and below it, in its size."""
    if "。" in "".join(w.text for w in spread[i]):
        return False
    for other in (i - 1, i + 1):
        if not 0 <= other < len(spread) or _count_values(spread[other]) < SURE_VALUES:
            return False
        upper, lower = sorted((spread[i][0], spread[other][0]), key=lambda w: w.top)
        size = upper.bottom - upper.top
        resized = abs(size - (lower.bottom - lower.top)) > RESIZED * size
        if resized or lower.top - upper.bottom > CLOSE * size:
            return False
    return True


def _split_at_heads(run: Sequence[Line]) -> list[list[Line]]:
    """A run cut where new heads begin: after values, words in the columns of values."""
    parts: list[list[Line]] = [[]]
    has_values = False
    labels = [w.x0 for line in run if any(map(_is_value, line)) for w in line if not _is_value(w)]
    start = max(labels, default=0.0) + 5.0
    for n, line in enumerate(run):
        after = run[n + 1] if n + 1 < len(run) else []
        if has_values and _begins_heads(line, after, start):
            parts.append([])
            has_values = False
        parts[-1].append(line)
        has_values = has_values or any(map(_is_value, line))
    return parts


def _begins_heads(line: Line, after: Line, start: float) -> bool:
    """Whether a line, or the one after it, has heads: words without values that go further than labels do."""
    if any(map(_is_value, line)):
        return False
    return _reaches(line, start) or (not any(map(_is_value, after)) and _reaches(after, start))


def _reaches(line: Line, start: float) -> bool:
    """Whether a word stands where values do: a head, for labels do not go so far."""
    return any(w.x0 > start and not _is_value(w) for w in line)


def _build_grid(part: Sequence[Line], page: int) -> Grid | None:
    """One table: the heads above its values, then a row for each line of values."""
    size = sorted(w.bottom - w.top for line in part for w in line)[sum(map(len, part)) // 2]
    first = next((n for n, line in enumerate(part) if any(map(_is_value, line))), None)
    if first is None:
        return None
    head, body = list(part[:first]), list(part[first:])
    while head and _begins_label(head[-1], body, size):
        body = [head.pop(), *body]  # the first row's label stands higher than its values
    centres = _find_centres(head, body, size)
    rows = _build_rows(body, centres, size) if centres else None
    return _write_grid(head, rows, centres, size, page) if rows else None


def _begins_label(line: Line, body: Sequence[Line], size: float) -> bool:
    """Whether a line above the first values is the upper half of their label."""
    values = next(line for line in body if any(map(_is_value, line)))
    level = next(w.level for w in values if _is_value(w))
    return (
        len(line) <= 2
        and level - line[0].level < 0.9 * size
        and line[0].x1 < min(w.x0 for w in values if _is_value(w))
    )


def _find_centres(head: Sequence[Line], body: Sequence[Line], size: float) -> list[float]:
    """The middles of the columns: where values stand, and the lowest heads that stand over no value."""
    groups: list[list[float]] = []
    for x in sorted(w.middle for line in body for w in line if _is_value(w)):
        if groups and x - groups[-1][-1] < OFF * size:
            groups[-1].append(x)
        else:
            groups.append([x])
    centres = [sum(group) / len(group) for group in groups]
    for n, line in enumerate(head):
        for word in line:
            if centres and n >= len(head) - HEAD_LINES and _is_blank_column(word, n, head, centres, size):
                centres.append(word.middle)
    return sorted(centres)


def _is_blank_column(word: Word, n: int, head: Sequence[Line], centres: Sequence[float], size: float) -> bool:
    """Whether a word in line `n` of the heads stands over a column of its own without values."""
    if word.x0 <= centres[0] or _is_near(word, centres, size):
        return False
    begun = next((w for w in (head[n - 1] if n else ()) if _is_next_line_of(word, w, size)), None)
    if begun is not None and _is_near(begun, centres, size):
        return False  # the rest of a head whose column is known
    below = [w for line in head[n + 1 :] for w in line if word.x0 - size < w.middle < word.x1 + size]
    return len({round(w.middle / size) for w in below}) <= 1


def _is_near(word: Word, centres: Sequence[float], size: float) -> bool:
    """Whether a word stands in one of the columns."""
    return any(abs(word.middle - x) <= OFF * size for x in centres)


#: Two lines of one head stand at most so far apart, in character heights, and begin (or have their
#: middles) this near each other.
HEAD_GAP, HEAD_EDGE = 0.6, 0.35


def _is_next_line_of(word: Word, above: Word, size: float) -> bool:
    """Whether a word of the heads is the next line of the one above it: 社会公 over 益组织."""
    return (
        word.top - above.bottom < HEAD_GAP * size
        and word.x1 - word.x0 < above.x1 - above.x0 + HEAD_EDGE * size
        and min(abs(word.x0 - above.x0), abs(word.middle - above.middle)) < HEAD_EDGE * size
    )


def _build_rows(body: Sequence[Line], centres: Sequence[float], size: float) -> list[Row] | None:
    """The rows of values; None where a word stands neither in a column nor among the labels."""
    values: list[tuple[float, dict[int, Word]]] = []
    labels: list[Word] = []
    for line in body:
        placed: dict[int, Word] = {}
        for w in line:
            column = min(range(len(centres)), key=lambda i: abs(centres[i] - w.middle))
            if _is_value(w) and abs(centres[column] - w.middle) <= OFF * size:
                if column in placed:
                    return None
                placed[column] = w
            elif w.x0 < centres[0]:
                labels.append(w)
            else:
                return None
        if placed:
            values.append((sum(w.level for w in placed.values()) / len(placed), placed))
    levels = [level for level, _ in values]
    left = (
        [(w, at, min([abs(at - level) for level in levels])) for w in labels for at in (w.level,)]
        if levels
        else []
    )
    return [(_find_label(level, left, size), placed) for level, placed in values]


def _find_label(level: float, left: Sequence[tuple[Word, float, float]], size: float) -> list[Word]:
    """The words of a row's own label: those next to its values, a broken label's lines together.

    `left` has each word, its level, and how far from it the nearest row of values is.
    """
    near = [w for w, at, least in left if abs(at - level) <= least and abs(at - level) < 1.6 * size]
    if not near:
        return []
    start = max(w.x0 for w in near)
    return sorted((w for w in near if abs(w.x0 - start) < size), key=lambda w: w.top)


def _write_grid(
    head: Sequence[Line], rows: Sequence[Row], centres: Sequence[float], size: float, page: int
) -> Grid:
    labels_end = max((w.x0 for label, _ in rows for w in label), default=0.0) + size / 2
    heads = _place_heads(head, centres, labels_end, size)
    levels = {r: n for n, r in enumerate(sorted({r for r, _, _ in heads}))}
    cells = [_write_cell(levels[r], column, printed, page) for r, column, printed in heads]
    for r, row in enumerate(rows, len(levels)):
        cells += _write_row(r, row, centres, size, page)
    boxes = [c.place.bbox for c in cells if c.place.bbox is not None]
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    bbox = min(lefts), min(tops), max(rights), max(bottoms)
    cells.sort(key=lambda c: (c.row, c.column))
    return Grid(tuple(cells), len(levels) + len(rows), len(centres) + 1, Place(page, bbox=bbox), ruled=False)


def _write_row(r: int, row: Row, centres: Sequence[float], size: float, page: int) -> Iterator[Cell]:
    """The label of a row and a cell for each column, blank where no value stands."""
    label, values = row
    if label:
        yield _write_cell(r, 0, label, page)
    level = next(iter(values.values()))
    for column, x in enumerate(centres):
        word = values.get(column) or Word("", x - size / 2, level.top, x + size / 2, level.bottom)
        yield _write_cell(r, column + 1, [word], page)


def _place_heads(
    head: Sequence[Line], centres: Sequence[float], labels_end: float, size: float
) -> list[tuple[int, int, list[Word]]]:
    """(row, column, words) of the boxes above the values; a head broken over lines is one box.

    A head wider than its column (法人或其他组织) stands over several, and nothing below is its next line.
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
                if column and other and word.x1 - word.x0 <= pitch and _is_next_line_of(w, word, size):
                    row, column = begun, other
            boxes.setdefault((row, column), []).append(w)
            latest[column] = (row, w)
        above = latest
    return [(row, column, printed) for (row, column), printed in boxes.items()]


def _write_cell(row: int, column: int, label: Sequence[Word], page: int) -> Cell:
    bbox: BBox = (
        round(min(w.x0 for w in label), 2),
        round(min(w.top for w in label), 2),
        round(max(w.x1 for w in label), 2),
        round(max(w.bottom for w in label), 2),
    )
    text = "\n".join(w.text for w in label)
    return Cell(row, column, 1, 1, text, Place(page, None, row, column, bbox), confidence=0.98)
