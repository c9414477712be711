"""A picture of a page → glyphs and ruling lines, as a PDF page has them, and a second look at every box.

Seals are taken out by their colour, the page is turned upright, rules are found by morphology,
lines of text by PP-OCR. A number whose line leaves a doubt is read a second time, alone in its
box with the decoder held to digits.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from gongkai.extract.ocr.cell import ScannedPage, checked
from gongkai.extract.ocr.deskew import rules, upright, without_seal
from gongkai.extract.ocr.ppocr import Box, OcrText, available, detect, recognise
from gongkai.extract.ocr.seal import without_ring
from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.layout import Page
from gongkai.extract.page.ruling_line import RulingLine
from gongkai.model import Cell

__all__ = ["DPI", "available", "read_page"]

#: Pixels an inch at which pictures are read.
DPI = 200
#: Pixels of a page, at the most: a poster is read at fewer an inch.
MOST_PIXELS = 9_000_000
#: How much smaller the picture is in which lines are looked for.
COARSE = 0.5


def read_page(picture: Any, number: int, width: float, height: float) -> Page:
    """The page in a picture (a Pillow image of the whole page); sizes in points.

    Raises MissingTool where the extra is not installed.
    """
    grey, stamped = without_seal(_pixels(picture))
    grey, stamped = _sized(grey, width), None if stamped is None else _sized(stamped, width)
    if stamped is None:
        grey, stamped = without_ring(grey, width / grey.shape[1])
    turn, (grey, stamped, strokes, lines) = _facing(grey, stamped)
    if turn in (90, 270):
        width, height = height, width
    scale = width / grey.shape[1]
    sheet = ScannedPage(grey, scale, lines, stamped)
    glyphs = [g for box, reading in lines for g in _glyphs(box, widened(reading.text), scale)]

    def check(cell: Cell) -> Cell:
        return checked(cell, sheet)

    drawn = [RulingLine(*(v * scale for v in r)) for r in strokes]
    return Page(number, width, height, glyphs, drawn, check=check, turn=turn)


#: Grey pixels, where seals were, ruling lines, and lines of text with what they say.
_Read = tuple[Any, Any | None, Sequence[Box], list[tuple[Box, OcrText]]]

#: A page of which at least this share of the characters is read surely stands upright.
SENSE = 0.3
#: Score of a line that makes sense.
CLEAR = 0.6


def _facing(grey: Any, stamped: Any | None) -> tuple[int, _Read]:
    """By how many degrees clockwise a page had to be turned, and what it then says.

    The network reads what lies or stands on its head as rubbish, with low scores; only a page that
    gives nothing else is tried in other ways.
    """
    first = _read(grey, stamped)
    if _sense(first[3]) >= SENSE or not first[3]:
        return 0, first
    tall = sum((y1 - y0) > 2 * (x1 - x0) for (x0, y0, x1, y1), _ in first[3])
    wide = sum((x1 - x0) > 2 * (y1 - y0) for (x0, y0, x1, y1), _ in first[3])
    best = (_sense(first[3]), 0, first)
    for turn in (90, 270) if tall > wide else (180,):
        read = _read(*(_quarter(picture, turn) for picture in (grey, stamped)))
        best = max(best, (_sense(read[3]), turn, read), key=lambda b: b[0])
    return (best[1], best[2]) if best[0] >= SENSE else (0, first)


def _read(grey: Any, stamped: Any | None) -> _Read:
    grey, stamped = upright(grey, stamped)
    strokes = rules(grey, stamped)
    return grey, stamped, strokes, _lines(grey, strokes)


def _sense(lines: Sequence[tuple[Box, OcrText]]) -> float:
    """The share of a page's characters that stand in lines of words which were read surely."""
    told = sum(len(r.text) for _, r in lines)
    clear = (
        len(r.text) for _, r in lines if r.score >= CLEAR and sum("一" <= c <= "鿿" for c in r.text) >= 2
    )
    return sum(clear) / told if told else 0.0


def _quarter(picture: Any, turn: int) -> Any:
    import numpy

    return None if picture is None else numpy.ascontiguousarray(numpy.rot90(picture, -turn // 90))


def _pixels(picture: Any) -> Any:
    import numpy

    return numpy.asarray(picture.convert("RGB"))


def _sized(grey: Any, width: float) -> Any:
    """The page at DPI pixels an inch, fewer where it is very large."""
    import cv2

    factor = (DPI / 72 * width) / grey.shape[1]
    factor *= min(1.0, (MOST_PIXELS / (grey.size * factor**2)) ** 0.5)
    if abs(factor - 1) <= 0.02:
        return grey
    kind = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return cv2.resize(grey, None, fx=factor, fy=factor, interpolation=kind)


def _lines(grey: Any, strokes: Sequence[Box]) -> list[tuple[Box, OcrText]]:
    """The lines of text that the detector finds, cut where an upright rule crosses, with what they say."""
    import cv2

    small = cv2.resize(grey, None, fx=COARSE, fy=COARSE, interpolation=cv2.INTER_AREA)
    found = [(x0 / COARSE, y0 / COARSE, x1 / COARSE, y1 / COARSE) for x0, y0, x1, y1 in detect(small)]
    walls = [s for s in strokes if s[0] == s[2]]
    boxes, crops = [], []
    for box in (piece for whole in found for piece in _cut(whole, walls)):
        x0, y0, x1, y1 = box
        crop = grey[max(0, int(y0)) : int(y1) + 1, max(0, int(x0)) : int(x1) + 1]
        if crop.shape[0] >= 6 and crop.shape[1] >= 4:
            boxes.append(box)
            crops.append(crop)
    readings = recognise(crops)
    return [(b, r) for b, r in zip(boxes, readings, strict=True) if r.text.strip()]


def _cut(box: Box, walls: Sequence[Box]) -> list[Box]:
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
_MARK = re.compile(r"(?<=[一-鿿”》）])[,;:!?()]|[,;:!?()](?=[一-鿿“《（])|(?<=[\d%])[,;](?=[一-鿿“《])")


def widened(text: str) -> str:
    """A line with the marks between Chinese characters as they are printed: the network gives them narrow.

    >>> widened("(一)主动公开,全年1,234条")
    '（一）主动公开，全年1,234条'
    """
    return _MARK.sub(lambda m: m[0].translate(_WIDE_MARKS), text)


def _glyphs(box: Box, text: str, scale: float) -> list[Glyph]:
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
