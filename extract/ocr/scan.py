"""A picture of a page → glyphs and ruling lines, as a PDF page has them, and a second reading of every box.

Seals are removed by their colour, the page is turned upright, rules are found by morphology,
lines of text by PP-OCR. A number that its line leaves doubtful is read a second time, alone in its
box and with the decoder limited to digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

import cv2
import numpy

from gongkai.extract.ocr.cell import ScannedPage, check_cells
from gongkai.extract.ocr.deskew import INK, find_rules, remove_seal, straighten
from gongkai.extract.ocr.dewarp import unbend
from gongkai.extract.ocr.fill import find_fills, reverse_fills
from gongkai.extract.ocr.photo import map_box, take_paper
from gongkai.extract.ocr.ppocr import Box, OcrText, detect, recognise
from gongkai.extract.ocr.seal import remove_ring
from gongkai.extract.ocr.stack import crop_box, cut_stack
from gongkai.extract.ocr.text_layer import lay_over
from gongkai.extract.ocr.word import find_words
from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.layout import Page
from gongkai.extract.page.ruling_line import RulingLine
from gongkai.model import BBox, Cell

#: Pixels of a page, at the most: a poster is read at fewer pixels an inch.
MOST_PIXELS = 9_000_000
#: Lines are looked for in the picture at this scale.
COARSE = 0.5
#: A page stands upright if at least this share of its characters is in lines that make sense.
SENSE = 0.3
#: A page has print where at least this share of its pixels is ink: some characters.
PRINTED = 5e-4
#: A line lies, or stands, where it is so many times as long as broad; words of two characters are 1.8 times.
LONGER = 1.5
#: A character's stroke goes beyond its line by at most so many pixels.
SPILL = 3
#: Two rules meet in a corner where their ends are at most so many pixels apart.
CORNER = 6
#: Score of a line that makes sense, and of a single character that is read surely.
CLEAR, SURE = 0.6, 0.9


@contextmanager
def on_one_processor() -> Iterator[None]:
    """OpenCV without threads of its own: a run has a process for every processor, and threads that wait compute as well."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)


def read_page(
    picture: Any, number: int, width: float, height: float, dpi: int, hidden: Sequence[Glyph] = ()
) -> Page:
    """The page in a picture (a Pillow image of the whole page), read at so many pixels an inch; sizes in points.

    `hidden` is text under the picture, the second reading of its figures where it fits the page.
    """
    rgb = numpy.asarray(picture.convert("RGB"))
    points = width / rgb.shape[1]
    rgb, back = take_paper(rgb)
    if back is not None:
        height = width * rgb.shape[0] / rgb.shape[1]
    unwarp = None if back is None else partial(_unwarp, pixels=rgb.shape[1] / width, back=back, points=points)
    grey, stamped = remove_seal(rgb)
    grey, stamped = _scale(grey, width, dpi), None if stamped is None else _scale(stamped, width, dpi)
    if stamped is None:
        grey, stamped = remove_ring(grey, width / grey.shape[1])
    turn, read = _read_upright(grey, stamped)
    read = replace(read, lines=split_stacked(read.grey, read.lines))
    if turn in (90, 270):
        width, height = height, width
    scale = width / read.grey.shape[1]
    paper = float(numpy.median(read.grey))
    glyphs = [g for box, text in read.lines for g in _spread_glyphs(box, widen_marks(text.text), scale)]
    layer = lay_over(hidden, glyphs, [(_to_points(box, scale), text) for box, text in read.lines])
    page = ScannedPage(read.grey, scale, read.lines, read.stamped, paper, layer)

    def check(cells: Sequence[Cell]) -> list[Cell]:
        return check_cells(cells, page)

    def has_ink(box: BBox) -> bool:
        x0, top, x1, bottom = (max(0, round(v / scale)) for v in box)
        if read.stamped is not None and read.stamped[top:bottom, x0:x1].any():
            return False  # what is left of a seal is no character
        part = read.grey[top:bottom, x0:x1]
        return bool(part.size) and int(numpy.median(read.grey[top:bottom])) - int(part.min()) > 2 * INK

    @cache  # every order of the pages asks for them
    def words() -> list[Cell] | None:
        return find_words(page, number)

    drawn = [RulingLine(*(v * scale for v in rule)) for rule in read.rules]
    return Page(
        number,
        width,
        height,
        glyphs,
        drawn,
        check=check,
        turn=turn,
        has_ink=has_ink,
        unwarp=unwarp,
        words=words,
        compared=layer is not None,
    )


def _to_points(box: Box, scale: float) -> BBox:
    return box[0] * scale, box[1] * scale, box[2] * scale, box[3] * scale


def _unwarp(box: BBox, pixels: float, back: Any, points: float) -> BBox:
    """Where a box of the paper stands in the picture from which it was taken, both in points."""
    x0, top, x1, bottom = map_box((box[0] * pixels, box[1] * pixels, box[2] * pixels, box[3] * pixels), back)
    return round(x0 * points, 2), round(top * points, 2), round(x1 * points, 2), round(bottom * points, 2)


@dataclass(frozen=True, slots=True)
class _ReadPicture:
    """A level page: its grey pixels, where seals were, its ruling lines, and its lines of text."""

    grey: Any
    stamped: Any | None
    rules: Sequence[Box]
    lines: list[tuple[Box, OcrText]]

    def has_print(self) -> bool:
        """Whether there is ink on the page, be it that no line of text was found in it."""
        return bool((self.grey < float(numpy.median(self.grey)) - INK).mean() > PRINTED)

    def sense(self) -> float:
        """The share of the page's characters that stand in lines of words which were read surely."""
        total = sum(len(text.text) for _, text in self.lines)
        clear = (
            len(text.text)
            for _, text in self.lines
            if text.score >= CLEAR and sum("一" <= c <= "鿿" for c in text.text) >= 2
        )
        return sum(clear) / total if total else 0.0


def _read_upright(grey: Any, stamped: Any | None) -> tuple[int, _ReadPicture]:
    """By how many degrees clockwise a page had to be turned, and what was then read.

    The network gives low scores to text that lies on its side or its head. Only a page without any
    other text is read again in other directions.
    """
    first = _read_picture(grey, stamped)
    if first.sense() >= SENSE or not (first.lines or first.has_print()):
        return 0, first
    tall = sum((y1 - y0) > LONGER * (x1 - x0) for (x0, y0, x1, y1), _ in first.lines)
    wide = sum((x1 - x0) > LONGER * (y1 - y0) for (x0, y0, x1, y1), _ in first.lines)
    best = (first.sense(), 0, first)
    for turn in (90, 270) if tall > wide else (180,) if wide > tall else (90, 270, 180):
        read = _read_picture(*(_turn(picture, turn) for picture in (grey, stamped)))
        best = max(best, (read.sense(), turn, read), key=lambda b: b[0])
    return (best[1], best[2]) if best[0] >= SENSE else (0, first)


def _read_picture(grey: Any, stamped: Any | None) -> _ReadPicture:
    grey, stamped = unbend(*straighten(grey, stamped))
    fills = find_fills(grey)
    if fills is not None:
        grey = reverse_fills(grey, fills)
    found = _find_lines(grey)
    rules = drop_strokes(find_rules(grey, stamped, fills), found)
    return _ReadPicture(grey, stamped, rules, _read_lines(grey, found, rules))


def _turn(picture: Any, turn: int) -> Any:
    """A picture turned clockwise by a multiple of 90 degrees."""
    return None if picture is None else numpy.ascontiguousarray(numpy.rot90(picture, -turn // 90))


def _scale(grey: Any, width: float, dpi: int) -> Any:
    """The page at so many pixels an inch, fewer where it is very large; `width` in points."""
    factor = (dpi / 72 * width) / grey.shape[1]
    factor *= min(1.0, (MOST_PIXELS / (grey.size * factor**2)) ** 0.5)
    if abs(factor - 1) <= 0.02:
        return grey
    kind = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return cv2.resize(grey, None, fx=factor, fy=factor, interpolation=kind)


def _find_lines(grey: Any) -> list[Box]:
    """The boxes of the lines of text that the detector finds."""
    small = cv2.resize(grey, None, fx=COARSE, fy=COARSE, interpolation=cv2.INTER_AREA)
    return [(x0 / COARSE, y0 / COARSE, x1 / COARSE, y1 / COARSE) for x0, y0, x1, y1 in detect(small)]


def _read_lines(grey: Any, found: Sequence[Box], rules: Sequence[Box]) -> list[tuple[Box, OcrText]]:
    """The lines of text that were found, cut where an upright rule crosses, with their texts."""
    walls = [rule for rule in rules if rule[0] == rule[2]]
    boxes, crops = [], []
    for box in (piece for whole in found for piece in cut_at_walls(whole, walls)):
        crop = crop_box(grey, box)
        if crop.shape[0] >= 6 and crop.shape[1] >= 4:
            boxes.append(box)
            crops.append(crop)
    texts = recognise(crops)
    return [(box, text) for box, text in zip(boxes, texts, strict=True) if text.text.strip()]


def split_stacked(grey: Any, lines: Sequence[tuple[Box, OcrText]]) -> list[tuple[Box, OcrText]]:
    """The lines of an upright page, those that are characters below each other (总计 in a narrow head) read one by one.

    The network reads lines from left to right: of such a stack it makes one character, or a figure.
    """
    stacks = {i: parts for i, (box, _) in enumerate(lines) if len(parts := cut_stack(grey, box)) > 1}
    parts = [part for some in stacks.values() for part in some]
    texts = iter(recognise([crop_box(grey, part) for part in parts]))
    result: list[tuple[Box, OcrText]] = []
    for i, line in enumerate(lines):
        pieces = [(part, next(texts)) for part in stacks.get(i, ())]
        is_read = all(text.score >= SURE and "一" <= text.text <= "鿿" for _, text in pieces)
        result += pieces if pieces and is_read else [line]
    return result


def drop_strokes(rules: Sequence[Box], lines: Sequence[Box]) -> list[Box]:
    """The rules without the upright strokes of large characters: a wall goes beyond the line beside it.

    The side of a table with one row may not do so, but two level rules begin or end there.
    """
    level = [rule for rule in rules if rule[1] == rule[3]]

    def meets(x: float, y: float, end: int) -> bool:
        return any(abs(rule[1] - y) <= CORNER and abs(rule[end] - x) <= CORNER for rule in level)

    def is_side(x: float, top: float, bottom: float) -> bool:
        return any(meets(x, top, end) and meets(x, bottom, end) for end in (0, 2))

    def is_stroke(rule: Box) -> bool:
        x, top, right, bottom = rule
        return (
            x == right
            and any(
                line[0] < x < line[2] and line[1] - SPILL <= top and bottom <= line[3] + SPILL
                for line in lines
            )
            and not is_side(x, top, bottom)
        )

    return [rule for rule in rules if not is_stroke(rule)]


def cut_at_walls(box: Box, walls: Sequence[Box]) -> list[Box]:
    """A line's box in pieces between the upright rules that go through its middle."""
    x0, y0, x1, y1 = box
    near = 0.3 * (y1 - y0)
    # A rule goes beyond the line on both sides; a long stroke of a large character does not.
    ats = sorted(at for at, top, _, bottom in walls if top <= y0 and y1 <= bottom and x0 < at < x1)
    pieces, left = [], x0
    for at in ats:
        if at - left > near:
            pieces.append((left, y0, at - 2, y1))
        left = at + 2
    if x1 - left > near or not ats:
        pieces.append((left, y0, x1, y1))
    return pieces


_WIDE_MARKS = str.maketrans(",;:!?()", "，；：！？（）")
_MARK = re.compile(
    r"""
    (?<= [一-鿿”》）] ) [,;:!?()]       # behind a Chinese character
    | [,;:!?()] (?= [一-鿿“《（] )       # before one
    | (?<= [\d%] ) [,;] (?= [一-鿿“《] )  # between a number and a character
    """,
    re.VERBOSE,
)


def widen_marks(text: str) -> str:
    """A line with full-width marks beside Chinese characters, as they are printed: the network gives ASCII marks.

    >>> widen_marks("(一)主动公开,全年1,234条")
    '（一）主动公开，全年1,234条'
    """
    return _MARK.sub(lambda m: m[0].translate(_WIDE_MARKS), text)


def _spread_glyphs(box: Box, text: str, scale: float) -> list[Glyph]:
    """A line's characters, spread over its box; half-width ones take half the room."""
    x0, y0, x1, y1 = (v * scale for v in box)
    weights = [0.55 if c.isascii() else 1.0 for c in text]
    unit = (x1 - x0) / sum(weights)
    glyphs = []
    x = x0
    inset = 0.12 * (y1 - y0)  # the detector's boxes are taller than the characters
    for c, weight in zip(text, weights, strict=True):
        if not c.isspace():
            glyphs.append(Glyph(c, x, y0 + inset, x + weight * unit, y1 - inset))
        x += weight * unit
    return glyphs
