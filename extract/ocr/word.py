"""A scanned page → its words with their places, where the boxes of a table are in doubt; every ink is in one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from statistics import median
from typing import Any

import cv2
import numpy

from gongkai.extract.ocr.cell import MOST, ScannedPage, check_cells
from gongkai.extract.ocr.deskew import INK
from gongkai.extract.ocr.ink import SPECK
from gongkai.extract.ocr.ppocr import Box, OcrText, recognise
from gongkai.model import Cell, Place, mark_unread

#: Strokes longer than so many pixels, and than so many heights of a line, are ruling lines.
LONG, TIMES = 60, 2.0
#: A gap wider than this, in heights of what stands beside it, parts two words: among characters, and among digits.
GAP, DIGIT_GAP = 0.9, 0.6
#: The number at the beginning of a label stands no further from its words, in heights.
NUMBER_GAP = 1.6
#: Ink lower than this share of a usual line is a speck or a point.
LOW = 0.3
#: A line of text tells how level a page is where it is so many times as long as high; and a page is level whose lines
#: rise by less than this over its breadth, in pixels: less than half a row.
LONG_LINE, MOST_RISE = 8.0, 14.0
#: Paper left around a word, in pixels.
AROUND = 9


def find_words(page: ScannedPage, number: int) -> list[Cell] | None:
    """The words of page `number` as boxes without rows and columns, each with its place.

    None where the lines of the page are not level: a number would stand beside another row's label.

    Numbers are read as the boxes of a table are, from their own ink. Ink that no line of text holds is a word too:
    where it cannot be read, the word says so.
    """
    if not _is_level(page):
        return None
    grey = _erase_rules(page)
    page = replace(page, grey=grey)
    parts = _find_ink(grey)
    usual = median([b[3] - b[1] for b, _ in page.lines]) if page.lines else 0.0
    pieces: list[tuple[Box, OcrText | None]] = []
    rest = parts
    for box, text in page.lines:
        inside, rest = _divide(rest, box)
        runs = [_around(run) for run in _split(inside, text.text)]
        pieces += [(box, text)] if len(runs) < 2 else [(run, None) for run in runs]
    pieces += [(run, None) for run in map(_around, _gather(rest)) if run[3] - run[1] > LOW * usual]
    return _read(pieces, page, number)


def _is_level(page: ScannedPage) -> bool:
    """Whether long lines of text stand as high at their right as at their left, seen over the breadth of the page."""
    rises = []
    for (x0, y0, x1, y1), _ in page.lines:
        if x1 - x0 < LONG_LINE * (y1 - y0):
            continue
        part = page.grey[round(y0) : round(y1), round(x0) : round(x1)]
        dark = part < page.paper - INK
        third = dark.shape[1] // 3
        sides = [numpy.nonzero(side)[0] for side in (dark[:, :third], dark[:, -third:])]
        if all(len(rows) for rows in sides):
            rises.append((sides[1].mean() - sides[0].mean()) / (2 * third) * page.grey.shape[1])
    return len(rises) < 3 or float(numpy.percentile(numpy.abs(rises), 75)) < MOST_RISE


def _erase_rules(page: ScannedPage) -> Any:
    """The page's pixels with paper in place of ruling lines."""
    dark = (page.grey < page.paper - INK).astype(numpy.uint8)
    heights = [b[3] - b[1] for b, _ in page.lines]
    long = round(max(LONG, TIMES * median(heights))) if heights else LONG
    rules = numpy.zeros_like(dark)
    for shape, near in (((1, long), (3, 1)), ((long, 1), (1, 3))):
        thick = cv2.dilate(dark, numpy.ones(near, numpy.uint8))
        rules |= cv2.morphologyEx(thick, cv2.MORPH_OPEN, numpy.ones(shape, numpy.uint8))
    rules = cv2.dilate(rules, numpy.ones((3, 3), numpy.uint8))
    return numpy.where(rules > 0, numpy.uint8(page.paper), page.grey)


def _find_ink(grey: Any) -> list[Box]:
    """The boxes of the page's components of ink that are no specks."""
    dark = (grey < float(numpy.median(grey)) - INK).astype(numpy.uint8)
    _, _, boxes, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    return [
        (float(x), float(y), float(x + w), float(y + h))
        for x, y, w, h, area in boxes[1:].tolist()
        if area >= SPECK
    ]


def _divide(parts: Iterable[Box], box: Box) -> tuple[list[Box], list[Box]]:
    """Those of some boxes whose middle stands in a box, and the others."""
    inside: list[Box] = []
    outside: list[Box] = []
    for p in parts:
        x, y = (p[0] + p[2]) / 2, (p[1] + p[3]) / 2
        (inside if box[0] <= x <= box[2] and box[1] <= y <= box[3] else outside).append(p)
    return inside, outside


def _split(parts: Sequence[Box], text: str) -> list[list[Box]]:
    """The ink of a line in runs, cut at gaps; digits stand nearer to each other than characters."""
    if not parts:
        return []
    high = median(sorted(p[3] - p[1] for p in parts)[len(parts) // 2 :])
    gap = DIGIT_GAP if _is_figures(text) else GAP
    runs: list[list[Box]] = [[]]
    end = None
    for p in sorted(parts):
        # the number of a label stands apart from its words: “1．”
        is_number = len(runs) == 1 and end is not None and end - runs[0][0][0] < high
        if end is not None and p[0] - end > (NUMBER_GAP if is_number and gap == GAP else gap) * high:
            runs.append([])
        runs[-1].append(p)
        end = p[2] if end is None else max(end, p[2])
    return runs


def _is_figures(text: str) -> bool:
    """Whether a line has no characters but figures."""
    return not any("一" <= c <= "鿿" for c in text)


def _gather(parts: Sequence[Box]) -> Iterator[list[Box]]:
    """Ink that no line holds, in runs: what stands at one level and near."""
    left = sorted(parts)
    while left:
        run = [left.pop(0)]
        for p in list(left):
            last = run[-1]
            high = max(last[3] - last[1], p[3] - p[1])
            level = min(last[3], p[3]) - max(last[1], p[1]) > 0.3 * min(last[3] - last[1], p[3] - p[1])
            if level and p[0] - max(q[2] for q in run) < DIGIT_GAP * high:
                run.append(p)
                left.remove(p)
        yield run


def _around(parts: Sequence[Box]) -> Box:
    x0, top, x1, bottom = zip(*parts, strict=True)
    return min(x0), min(top), max(x1), max(bottom)


def _read(pieces: Sequence[tuple[Box, OcrText | None]], page: ScannedPage, number: int) -> list[Cell]:
    """Pieces of lines with their texts; those that are cut off are read anew, and numbers as those of tables are."""
    new = [i for i, (_, text) in enumerate(pieces) if text is None]
    texts = dict(zip(new, recognise([_crop(page.grey, pieces[i][0]) for i in new]), strict=True))
    words = [_word(box, text or texts[i], page, number) for i, (box, text) in enumerate(pieces)]
    figures = [i for i, word in enumerate(words) if sum("一" <= c <= "鿿" for c in word.text) <= 1]
    checked = check_cells([_with_room(words[i], page) for i in figures], page)
    for i, read in zip(figures, checked, strict=True):
        text = read.text or mark_unread("character")
        words[i] = replace(read if read.text else words[i], text=text, place=words[i].place)
    return words


def _crop(grey: Any, box: Box) -> Any:
    x0, y0, x1, y1 = (round(v) for v in box)
    near = 4
    return grey[max(0, y0 - near) : y1 + near, max(0, x0 - near) : x1 + near]


def _word(box: Box, read: OcrText, page: ScannedPage, number: int) -> Cell:
    """A piece as a box of its own."""
    bbox = (box[0] * page.scale, box[1] * page.scale, box[2] * page.scale, box[3] * page.scale)
    return Cell(0, 0, 1, 1, read.text.strip(), Place(page=number, bbox=bbox), origin="ocr", confidence=MOST)


def _with_room(word: Cell, page: ScannedPage) -> Cell:
    """A word with some paper around it, as a number has in the box of a table."""
    x0, top, x1, bottom = page.pixels(word)
    wide = (x0 - AROUND, top - AROUND, x1 + AROUND, bottom + AROUND)
    return replace(word, place=Place(page=word.place.page, bbox=tuple(v * page.scale for v in wide)))  # type: ignore[arg-type]
