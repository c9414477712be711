"""A box of a scanned table → what stands in it, looked at alone: blank, a number, a placeholder."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from gongkai.extract.ocr.deskew import COVERED, INK
from gongkai.extract.ocr.ppocr import WIDE, Box, OcrText, recognise
from gongkai.model import Cell

#: Highest confidence of anything read from a picture.
MOST = 0.97
#: Fewer dark pixels than this, at 200 dpi, are a speck.
SPECK = 12
#: Ink nearer to a wall than this, in pixels, may go on behind it.
NEAR = 14
#: So many pixels along the sides of a box are its walls.
INSET = 4
#: Paper left around the ink of a crop, in pixels.
MARGIN = 6
#: A line's reading of a number at this score need not be read again when it took in all the box's ink.
SURE = 0.98

#: A number of which this share of the area was under a seal is less sure than others.
UNDER = 0.15
#: Print under a seal is darker than the paper by this much, what a seal leaves is not.
BLACK = 130

#: What a box may say instead where a seal covers it or its ink is of two boxes.
UNSURE = "?"
#: Ink that stands further apart than this, in heights of the number, is two numbers.
APART = 0.8

#: A stroke that leans by more than this (pixels across a pixel down) is a slash.
LEAN = 0.17
#: what the recogniser takes a slash for
_STROKES = ("1", "7", "l", "I", "J")

_WORD = re.compile(r"[一-鿿]{2,}|[A-Za-z]{2,}")
_PLACEHOLDER = re.compile(r"[/\\—–\-－一无]{1,2}")
_MARKS = re.compile(r"[.,]")
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")
#: what a free reading takes a digit for; believed only where the reading held to digits says the digit
_LIKE_DIGITS = str.maketrans("OoＯ〇○Il", "0000011")


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """A page as a picture that stands upright: grey pixels, points a pixel, and its lines already read.

    `stamped` is not 0 where a seal was, COVERED where one without colour may hide what is printed.
    """

    grey: Any
    scale: float
    lines: Sequence[tuple[Box, OcrText]]
    stamped: Any | None = None


def checked(cell: Cell, sheet: ScannedPage) -> Cell:
    """A box of the page looked at alone: blank, or a number read a second time.

    Boxes with words keep what their lines say. A number that its line has wholly and surely is
    not read again: the same network would see the same pixels.
    """
    if cell.place.bbox is None or _WORD.search(cell.text):
        return replace(cell, origin="ocr", confidence=MOST)
    crop, ink = _ink(cell, sheet)
    read = _read(cell, crop, ink, sheet)
    box = tuple(v / sheet.scale for v in cell.place.bbox)
    doubtful = _is_covered(box if crop is None else ink, sheet) or (
        crop is not None and _is_cut(box, ink, sheet)
    )
    if doubtful or (crop is not None and sum(map(str.isdecimal, read.text)) > 1 and _parted(crop)):
        return replace(read, confidence=0.5, alternative=read.alternative or UNSURE)
    return read


def _is_cut(box: tuple[float, ...], ink: Box, sheet: ScannedPage) -> bool:
    """Whether ink ends at a side of its box where a seal was: what is left of a rim cuts numbers in two like a wall."""
    if sheet.stamped is None or min(ink[0] - box[0], box[2] - ink[2]) > NEAR:
        return False
    x0, top, x1, bottom = (int(v) for v in box)
    return bool(sheet.stamped[top : bottom + 1, max(0, x0 - INSET) : x1 + INSET].any())


def _parted(crop: Any) -> bool:
    """Whether the figures of a crop stand far apart: two numbers between which the wall was lost are no number."""
    _, boxes, _ = _pieces(crop)
    tallest = max((int(b[3]) for b in boxes[1:]), default=0)
    # specks are no figures
    spans = sorted((int(x), int(x + w)) for x, _, w, h, _ in boxes[1:] if h > 0.5 * tallest)
    gaps = (after[0] - before[1] for before, after in itertools.pairwise(spans))
    return any(gap > APART * tallest for gap in gaps)


def _read(cell: Cell, crop: Any | None, ink: Box, sheet: ScannedPage) -> Cell:
    """What the ink of a box says."""
    first = "".join(cell.text.split())
    if crop is None:
        sure = first == ""
        return replace(
            cell, text="", origin="ocr", confidence=MOST if sure else 0.6, alternative=None if sure else first
        )
    high, wide = crop.shape[0] - 2 * MARGIN, crop.shape[1] - 2 * MARGIN
    if high <= 6 and wide >= 1.3 * high:
        return _doubted(replace(cell, text="—", origin="ocr", confidence=0.93), ink, sheet)
    if _is_sure(cell, first, ink, sheet):
        cell = replace(cell, text=first, origin="ocr", confidence=MOST)
    else:
        cell = _second(cell, first, crop)
    stroke = slanted(crop) if cell.text in _STROKES else ""
    if stroke and (cell.text, stroke) != ("7", "\\"):  # nothing takes that for a 7
        return replace(cell, text=stroke, confidence=min(cell.confidence, 0.93), alternative=None)
    if cell.text.isdecimal() and cell.alternative is None and _points_between(crop):
        # Whether it is a speck or the point of an amount nobody can tell, and it is a factor of a hundred.
        return replace(cell, alternative=f"{cell.text}.")
    return _doubted(cell, ink, sheet)


def _pieces(picture: Any) -> tuple[Any, Any, float]:
    """The pieces of ink in a picture: which of them each pixel is of (0 for paper), by number the box and
    area of each, and how light the paper is."""
    import cv2
    import numpy

    paper = float(numpy.percentile(picture, 75))
    dark = (picture < paper - INK).astype(numpy.uint8)
    _, marked, boxes, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    return marked, boxes, paper


def slanted(crop: Any) -> str:
    """ "/" or "\\" where the ink of a crop is one straight leaning stroke, else "".

    To the recogniser a slash is a 1. A 1 stands upright, and a 7 is broader at its head.
    """
    import cv2
    import numpy

    marked, boxes, _ = _pieces(crop)
    if len(boxes) < 2:
        return ""
    largest = 1 + int(boxes[1:, cv2.CC_STAT_AREA].argmax())
    ys, xs = numpy.nonzero(marked == largest)
    rows = numpy.unique(ys)
    if len(rows) < 8:
        return ""
    middles = numpy.array([xs[ys == y].mean() for y in rows])
    widths = numpy.array([numpy.ptp(xs[ys == y]) + 1 for y in rows])
    lean, start = numpy.polyfit(rows, middles, 1)
    straight = float(numpy.abs(middles - (lean * rows + start)).max()) < 2.5
    even = float(numpy.percentile(widths, 90)) <= 1.8 * float(numpy.median(widths))
    if abs(lean) < LEAN or not straight or not even:
        return ""
    return "/" if lean < 0 else "\\"


def _doubted(cell: Cell, ink: Box, sheet: ScannedPage) -> Cell:
    """A box whose ink stands where a seal was: less sure; a 1 or 7 as pale as a seal's rim is held back.

    What JPEG leaves of a rim is an arc, and reads as one of these.
    """
    import numpy

    x0, top, x1, bottom = (int(v) for v in ink)
    area = (slice(top, bottom + 1), slice(x0, x1 + 1))
    if sheet.stamped is None:
        return cell
    if (sheet.stamped[area] > 0).mean() < UNDER:
        # a figure beside the others may have gone with the seal over it
        beside = sheet.stamped[top : bottom + 1, max(0, x0 - (bottom - top)) : x1 + bottom - top]
        return replace(cell, confidence=min(cell.confidence, 0.85)) if (beside > 0).any() else cell
    part = sheet.grey[area]
    paper = float(numpy.median(sheet.grey))
    dark = part[part < paper - INK]
    pale = dark.size == 0 or float(numpy.percentile(dark, 20)) > paper - BLACK
    if pale and cell.alternative is None and cell.text.strip("17") == "":
        return replace(cell, confidence=min(cell.confidence, 0.5), alternative="")
    return replace(cell, confidence=min(cell.confidence, 0.85))


def _is_covered(box: tuple[float, ...], sheet: ScannedPage) -> bool:
    """Whether a seal without colour goes over a box of pixels: what is print there and what the seal, nobody can tell."""
    if sheet.stamped is None:
        return False
    x0, top, x1, bottom = (int(v) for v in box)
    return bool((sheet.stamped[top : bottom + 1, x0 : x1 + 1] >= COVERED).any())


def _is_sure(cell: Cell, first: str, ink: Box, sheet: ScannedPage) -> bool:
    """Whether one line of this box alone holds all of its ink, and reads as a number surely, either way."""
    assert cell.place.bbox is not None  # asked by the caller
    x0, top, x1, bottom = (v / sheet.scale for v in cell.place.bbox)
    slack = 3.0
    for box, reading in sheet.lines:
        if not (x0 - slack <= box[0] and box[2] <= x1 + slack and top < (box[1] + box[3]) / 2 < bottom):
            continue
        if box[2] - box[0] > WIDE * (box[3] - box[1]):
            continue  # it was narrowed
        if reading.text != first or reading.digits != first or not first.isdecimal():
            continue
        covers = box[0] - slack <= ink[0] and box[1] - slack <= ink[1] and ink[2] <= box[2] + slack
        if covers and ink[3] <= box[3] + slack and min(reading.score, reading.digit_score) >= SURE:
            return True
    return False


def _second(cell: Cell, first: str, crop: Any) -> Cell:
    """A box read again, its ink cropped tight, and held against what its lines said."""
    readings = recognise(_stacked(crop))
    free = "".join(r.text for r in readings)
    if _PLACEHOLDER.fullmatch(free) and min(r.score for r in readings) > 0.5:
        return replace(cell, text="—" if free == "一" else free, origin="ocr", confidence=0.93)
    second = "".join(r.digits for r in readings).strip(".,")
    digit_score = min(r.digit_score for r in readings)
    if first == "" and (second == "" or digit_score < 0.9):
        # ink, and no number in it: the rest of a seal, a note in handwriting
        return replace(cell, text=free or "?", origin="ocr", confidence=0.3)
    if first.translate(_LIKE_DIGITS) == second:
        first = second
    if not (_bare(first) == _bare(second) or first == "" or (second == "" and _bare(first).isdigit())):
        return replace(cell, text=first, origin="ocr", confidence=0.5, alternative=second or free or "?")
    text = first or second
    confidence = min(MOST if first and second else 0.92, 0.5 + digit_score / 2 if second else 0.9)
    if not _MARKS.search(text + second):
        return replace(cell, text=text, origin="ocr", confidence=confidence)
    return _with_marks(replace(cell, origin="ocr", confidence=confidence), text, second, crop)


def _with_marks(cell: Cell, text: str, second: str, crop: Any) -> Cell:
    """A number with commas or points, as their ink says which; where it does not say, both readings.

    A reading that the ink confirms is its own alternative: it was seen twice.
    """
    marks = separators(crop)
    candidates = [t for t in (text, second) if marks and "".join(_MARKS.findall(t)) == marks]
    digits = re.split(_MARKS, text)
    if not candidates and marks and len(digits) == len(marks) + 1:
        candidates = ["".join(d + m for d, m in zip(digits, (*marks, ""), strict=True))]
    if candidates and (candidates[0] == text == second or not _THOUSANDS.fullmatch(candidates[0])):
        sure = min(cell.confidence, MOST if candidates[0] == text == second else 0.92)
        if _THOUSANDS.fullmatch(candidates[0]):
            sure = min(sure, 0.89)  # three digits behind a point: on a worn page it may be a comma
        return replace(cell, text=candidates[0], alternative=candidates[0], confidence=sure)
    return replace(cell, text=text, alternative=second if second and second != text else None)


def separators(crop: Any) -> str:
    """The commas and points in a number's ink, from left to right; "" where one is doubtful.

    A comma hangs below the digits' feet and is higher than wide; a point stands on their line.
    """
    _, boxes, _ = _pieces(crop)
    parts = sorted(tuple(int(v) for v in b) for b in boxes[1:] if b[4] >= 4)
    tallest = max((h for _, _, _, h, _ in parts), default=0)
    feet = sorted(y + h for _, y, _, h, _ in parts if h > 0.7 * tallest)
    result = ""
    for _, y, w, h, _ in parts:
        line = feet[len(feet) // 2]
        if h > 0.6 * tallest or y + h < line - 0.25 * tallest:
            continue
        hangs = (y + h - line) / tallest
        if hangs >= 0.12 and h > w:
            result += ","
        elif hangs <= 0.06 and h <= 1.5 * w:
            result += "."
        else:
            return ""
    return result


def _bare(text: str) -> str:
    """A reading without separators, sign words and units, to compare two."""
    return re.sub(r"[^\d]", "", text)


def _stacked(crop: Any) -> list[Any]:
    """A crop cut into its lines: a number too long for its box goes on below."""
    import numpy

    dark = crop < numpy.median(crop) - INK
    rows = dark.any(axis=1)
    edges = numpy.flatnonzero(numpy.diff(numpy.concatenate(([0], rows.astype(int), [0]))))
    lines = [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= 8]
    if len(lines) < 2:
        return [crop]
    return [crop[max(0, a - MARGIN) : b + MARGIN] for a, b in lines]


def _points(boxes: Any, digits: Any) -> Any:
    """Which components may be points: small ones on the line that the digits stand on, between two of them."""
    import numpy

    result = numpy.zeros(len(boxes), bool)
    tallest = max(
        (int(b[3]) for b, is_digit in zip(boxes[1:], digits[1:], strict=True) if is_digit), default=0
    )
    large = [tuple(int(v) for v in b) for b in boxes[1:] if b[3] > 0.6 * tallest and b[3] > 8]
    if len(large) < 2 or tallest == 0:
        return result
    feet = sorted(y + h for _, y, _, h, _ in large)[len(large) // 2]
    left, right = min(x + w for x, _, w, _, _ in large), max(x for x, _, _, _, _ in large)
    for i in range(1, len(boxes)):
        x, y, w, h, area = (int(v) for v in boxes[i])
        stands = abs(y + h - feet) <= 0.2 * tallest and left - 1 <= x + w / 2 <= right + 1
        result[i] = stands and area >= 4 and max(w, h) <= 0.4 * tallest
    return result


def _points_between(crop: Any) -> bool:
    """Whether something like a point stands between the digits of a crop."""
    import numpy

    _, boxes, _ = _pieces(crop)
    return bool(_points(boxes, numpy.ones(len(boxes), bool)).any())


def _ink(cell: Cell, sheet: ScannedPage) -> tuple[Any | None, Box]:
    """The ink in a box, cropped tight with a MARGIN, and where it stands in pixels; None where there is none."""
    import numpy

    assert cell.place.bbox is not None  # asked by the caller
    x0, top, x1, bottom = (v / sheet.scale for v in cell.place.bbox)
    left, above = max(0, int(x0) + INSET), max(0, int(top) + INSET)
    part = sheet.grey[above : int(bottom) - INSET, left : int(x1) - INSET]
    nothing = (0.0, 0.0, 0.0, 0.0)
    if part.shape[0] < 8 or part.shape[1] < 8:
        return None, nothing
    marked, boxes, paper = _pieces(part)
    count = len(boxes)
    high, wide = part.shape
    keep = numpy.zeros(count, bool)
    for i in range(1, count):
        x, y, w, h, area = (int(v) for v in boxes[i])
        rim = x == 0 or y == 0 or x + w == wide or y + h == high
        stroke = (w > 4 * h and w > 0.3 * wide) or (h > 4 * w and h > 0.6 * high)
        keep[i] = area >= SPECK and not (rim and (stroke or min(w, h) <= 4))
    keep |= _points(boxes, keep)
    held = keep[marked]
    if not held.any():
        return None, nothing
    ys, xs = numpy.nonzero(held)
    if ys.max() - ys.min() < 3 and xs.max() - xs.min() < 3:
        return None, nothing
    ink = float(left + xs.min()), float(above + ys.min()), float(left + xs.max()), float(above + ys.max())
    clean = numpy.where(held | (marked == 0), part, paper).astype(numpy.uint8)
    first_row, first_column = max(0, ys.min() - MARGIN), max(0, xs.min() - MARGIN)
    return clean[first_row : ys.max() + MARGIN + 1, first_column : xs.max() + MARGIN + 1], ink
