"""A box of a scanned table → its value, read from its own ink: blank, a number, a placeholder."""

from __future__ import annotations

import itertools
import re
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy

from gongkai.extract.ocr.deskew import COVERED, INK
from gongkai.extract.ocr.ink import (
    INSET,
    MARGIN,
    VARIANTS,
    crop_ink,
    explains,
    has_point,
    has_raised_end,
    is_two_numbers,
    read_separators,
    read_slash,
    split_lines,
)
from gongkai.extract.ocr.ppocr import WIDE, Box, OcrText, recognise
from gongkai.extract.ocr.text_layer import UNSURE, TextLayer
from gongkai.model import Cell

#: Highest confidence of anything read from a picture.
MOST = 0.97
#: Ink nearer to a wall than this, in pixels, may go on behind it.
NEAR = 14
#: A line's reading of a number at this score is final when it covers all the ink of the box. A letter of a 0's shape counts
#: for the 0 where the decoder that is free to choose has taken the digit.
SURE = 0.98
#: A box may overlap the line that fills it by so many pixels.
SLACK = 3.0

#: A number of which this share of the area was under a seal is less sure than others.
UNDER = 0.15
#: Print under a seal is darker than the paper by this much; the remains of a seal are not.
BLACK = 130

#: Confidence of a number that was doubtful and in which many readings agree.
AGREED = 0.88
#: A reading with a lower score says nothing by itself.
LEAST_SCORE = 0.5
#: With this score a letter is one, and no digit that looks like it.
LETTER = 0.97
#: Every reading of a digit that is unusually broad has at least this score.
CERTAIN = 0.9

#: What the recogniser reads a slash as.
_STROKES = ("1", "7", "l", "I", "J")

_WORD = re.compile(r"[一-鿿]{2,}|[A-Za-z]{2,}")
_PLACEHOLDER = re.compile(r"[/\\—–\-－一无]{1,2}")
_MARKS = re.compile(r"[.,]")
#: What a number may have besides its digits.
_MORE = re.compile(r"[一-鿿㐀-䶿.,，．%％+＋/\\—–－-]")
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")
_NO_DIGIT = re.compile(r"[^\d]")
#: Letters that the free decoder may read for a digit. They count only where the digit decoder agrees.
_LIKE_DIGITS = str.maketrans("OoＯ〇○CcUIl|", "00000000111")


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """A page as an upright picture: grey pixels, points a pixel, and its lines with their texts.

    `stamped` is not 0 where a seal was, and COVERED where a grey seal may hide print. `paper` is how light the page is
    between its print. `layer` is text hidden under the picture.
    """

    grey: Any
    scale: float
    lines: Sequence[tuple[Box, OcrText]]
    stamped: Any | None = None
    paper: float = 255.0
    layer: TextLayer | None = None

    def pixels(self, cell: Cell) -> Box:
        """Where a box of the page stands, in pixels."""
        assert cell.place.bbox is not None  # `check_cell` reads no box without a place
        x0, top, x1, bottom = cell.place.bbox
        return x0 / self.scale, top / self.scale, x1 / self.scale, bottom / self.scale


#: A box that is being read: it gives crops whose texts it has to know, is sent these, and returns itself as read.
_Steps = Generator[Sequence[Any], list[OcrText], Cell]


def check_cells(cells: Sequence[Cell], page: ScannedPage) -> list[Cell]:
    """Boxes of the page read from their own ink: blank, or a number read a second time.

    Boxes with words keep the text of their lines. A number that its line holds wholly and surely is
    not read again: the same network would see the same pixels. The crops of all boxes are read together, because a
    call of the network for a single digit takes twice its share.
    """
    return read_together([_check_cell(cell, page) for cell in cells])


def read_together(boxes: Sequence[_Steps]) -> list[Cell]:
    """What all boxes return; in each round the crops that they wait for are read in one go."""
    read: dict[int, Cell] = {}
    texts: dict[int, list[OcrText] | None] = dict.fromkeys(range(len(boxes)))
    while texts:
        crops: dict[int, Sequence[Any]] = {}
        for i, given in texts.items():
            try:
                crops[i] = next(boxes[i]) if given is None else boxes[i].send(given)
            except StopIteration as end:
                read[i] = end.value
        wanted = [crop for some in crops.values() for crop in some]
        every = iter(recognise(wanted) if wanted else [])
        texts = {i: list(itertools.islice(every, len(some))) for i, some in crops.items()}
    return [read[i] for i in range(len(boxes))]


def _check_cell(cell: Cell, page: ScannedPage) -> _Steps:
    if cell.place.bbox is None or _is_worded(cell):
        return replace(cell, origin="ocr", confidence=MOST)
    box = page.pixels(cell)
    crop, ink = crop_ink(page.grey, box)
    if crop is None:
        read = _read_blank(cell)
        doubtful = _is_covered(box, page)
    else:
        read = yield from _read_ink(cell, crop, ink, page)
        several = sum(map(str.isdecimal, read.text)) > 1
        doubtful = (
            _is_covered(ink, page)
            or _is_cut(box, ink, page)
            or (several and (is_two_numbers(crop) or has_raised_end(crop)))
        )
    if page.layer is not None:
        read = page.layer.compare(read, is_sealed=page.stamped is not None)
    if not doubtful:
        return read
    is_one = read.alternative in (None, "", read.text)
    return replace(read, confidence=0.5, alternative=UNSURE if is_one else read.alternative)


def _is_worded(cell: Cell) -> bool:
    """Whether there are words in a box, and not a number behind a label whose digits were taken for letters (1CCC, by hand)."""
    is_like_number = cell.column > 0 and cell.text.translate(_LIKE_DIGITS).isdecimal()
    return _WORD.search(cell.text) is not None and not is_like_number


def _is_cut(box: Box, ink: Box, page: ScannedPage) -> bool:
    """Whether ink ends at a side of its box where a seal was: the remains of its rim may stand for a wall there."""
    if page.stamped is None or min(ink[0] - box[0], box[2] - ink[2]) > NEAR:
        return False
    x0, top, x1, bottom = (int(v) for v in box)
    return bool(page.stamped[top : bottom + 1, max(0, x0 - INSET) : x1 + INSET].any())


def _is_covered(box: Box, page: ScannedPage) -> bool:
    """Whether a grey seal goes over a box of pixels: its print cannot be separated from the seal."""
    if page.stamped is None:
        return False
    x0, top, x1, bottom = (int(v) for v in box)
    return bool((page.stamped[top : bottom + 1, x0 : x1 + 1] >= COVERED).any())


def _without_spaces(text: str) -> str:
    return "".join(text.split())


def _read_blank(cell: Cell) -> Cell:
    """A box without ink. Where a line of the page holds text in it, that text stays as the alternative."""
    first = _without_spaces(cell.text)
    if first == "":
        return replace(cell, text="", origin="ocr", confidence=MOST, alternative=None)
    return replace(cell, text="", origin="ocr", confidence=0.6, alternative=first)


def _read_ink(cell: Cell, crop: Any, ink: Box, page: ScannedPage) -> _Steps:
    """A box with ink: a dash, a number, a slash, or a number with a doubtful point."""
    first = _without_spaces(cell.text)
    if first.rstrip(".,").translate(_LIKE_DIGITS).isdecimal():
        first = first.rstrip(".,")  # no number ends so: a speck
    high, wide = crop.shape[0] - 2 * MARGIN, crop.shape[1] - 2 * MARGIN
    if high <= 6 and wide >= 1.3 * high:
        return lower_under_seal(replace(cell, text="—", origin="ocr", confidence=0.93), ink, page)
    if _is_final(cell, first, ink, crop, page):
        cell = replace(cell, text=first, origin="ocr", confidence=MOST)
    else:
        cell = yield from read_again(cell, first, crop)
    stroke, is_slash = read_slash(crop) if cell.text in _STROKES else ("", False)
    if stroke and (cell.text, stroke) != ("7", "\\"):  # the recogniser never reads a backslash as 7
        if is_slash:
            return replace(cell, text=stroke, confidence=min(cell.confidence, 0.93), alternative=None)
        return replace(cell, text="1", confidence=0.5, alternative=stroke)  # by hand a 1 may lean
    if cell.text.isdecimal() and cell.alternative is None and has_point(crop):
        # A speck and the decimal point of an amount look alike, and the point is a factor of a hundred.
        return replace(cell, alternative=f"{cell.text}.")
    return lower_under_seal(cell, ink, page)


def lower_under_seal(cell: Cell, ink: Box, page: ScannedPage) -> Cell:
    """A box with less confidence where its ink stands under a seal.

    A 1 or 7 as pale as a seal's rim is held back: the arc that JPEG leaves of a rim reads as one of these.
    """
    if page.stamped is None:
        return cell
    x0, top, x1, bottom = (int(v) for v in ink)
    area = (slice(top, bottom + 1), slice(x0, x1 + 1))
    if (page.stamped[area] > 0).mean() < UNDER:
        # a digit beside the others may have been removed with the seal over it
        beside = page.stamped[top : bottom + 1, max(0, x0 - (bottom - top)) : x1 + bottom - top]
        return replace(cell, confidence=min(cell.confidence, 0.85)) if (beside > 0).any() else cell
    part = page.grey[area]
    dark = part[part < page.paper - INK]
    pale = dark.size == 0 or float(numpy.percentile(dark, 20)) > page.paper - BLACK
    if pale and cell.alternative is None and cell.text.strip("17") == "":
        return replace(cell, confidence=min(cell.confidence, 0.5), alternative="")
    return replace(cell, confidence=min(cell.confidence, 0.85))


def _is_final(cell: Cell, first: str, ink: Box, crop: Any, page: ScannedPage) -> bool:
    """Whether one line of this box alone covers all of its ink, and both decoders read it surely as one number."""
    box = page.pixels(cell)
    return first.isdecimal() and any(
        _is_within(line, box)
        and line[2] - line[0] <= WIDE * (line[3] - line[1])  # a wider line was narrowed for the network
        and text.text == text.digits == first
        and _covers(line, ink)
        and text.shape_score >= SURE
        and explains(crop, text.digits, _places_in_crop(text, line, ink, crop))
        for line, text in page.lines
    )


def _places_in_crop(text: OcrText, line: Box, ink: Box, crop: Any) -> list[float]:
    """Where a line's digits were seen, as shares of the width of a crop around its ink."""
    left, wide = ink[0] - MARGIN, float(crop.shape[1])
    return [(line[0] + at * (line[2] - line[0]) - left) / wide for at in text.places]


def _is_within(line: Box, box: Box) -> bool:
    """Whether a line stands in a box and in no box beside it."""
    sideways = box[0] - SLACK <= line[0] and line[2] <= box[2] + SLACK
    return sideways and box[1] < (line[1] + line[3]) / 2 < box[3]


def _covers(line: Box, ink: Box) -> bool:
    """Whether a line's box holds all of the ink."""
    before = line[0] - SLACK <= ink[0] and line[1] - SLACK <= ink[1]
    return before and ink[2] <= line[2] + SLACK and ink[3] <= line[3] + SLACK


def read_again(cell: Cell, first: str, crop: Any) -> _Steps:
    """A box read from its cropped ink, and compared with `first`, the text of its lines."""
    lines = split_lines(crop)
    readings = yield lines
    free = "".join(r.text for r in readings)
    if _PLACEHOLDER.fullmatch(free) and min(r.score for r in readings) > 0.5:
        return replace(cell, text="—" if free == "一" else free, origin="ocr", confidence=0.93)
    second = "".join(r.digits for r in readings).strip(".,")
    digit_score = min(r.digit_score for r in readings)
    if first == "" and (second == "" or digit_score < 0.9):
        # ink, and no number in it: the remains of a seal, a note in handwriting
        return replace(cell, text=free or "?", origin="ocr", confidence=0.3, alternative=UNSURE)
    is_lettered = first != second and first.translate(_LIKE_DIGITS) == second
    is_figures = _MORE.search(first) is None
    is_unsure = digit_score < LEAST_SCORE
    if is_figures and (
        is_lettered or is_unsure or not _explain(lines, readings) or not _agree(first, second)
    ):
        return (
            yield from _read_many(replace(cell, text=first, origin="ocr"), second or free, lines, readings)
        )
    if not _agree(first, second):
        return _in_two_ways(replace(cell, origin="ocr"), first, [second or free or "?"])
    text = first or second
    read = replace(cell, text=text, origin="ocr", confidence=_confidence(first, second, digit_score))
    return _choose_marks(read, second, crop) if _MARKS.search(text + second) else read


def _explain(lines: Sequence[Any], readings: Sequence[OcrText], *, agreed: bool = False) -> bool:
    return all(explains(c, r.digits, r.places, agreed=agreed) for c, r in zip(lines, readings, strict=True))


def _read_many(cell: Cell, second: str, lines: Sequence[Any], readings: Sequence[OcrText]) -> _Steps:
    """A box whose two readings differ, or leave ink over, read in several ways: all of them must agree with one.

    Else both readings stand, and neither is taken. `second` is what the `readings` of its lines say.
    """
    seen = []
    sure = min(r.digit_score for r in readings)
    every = yield [vary(line) for vary in VARIANTS for line in lines]
    for begin in range(0, len(every), len(lines)):
        varied = every[begin : begin + len(lines)]
        texts = "".join(r.digits for r in varied).strip(".,")
        seen.append(texts if all(map(_is_number, varied)) else "")
        sure = min(sure, *(r.digit_score for r in varied))
    first = cell.text.translate(_LIKE_DIGITS)
    if not cell.text.isdecimal() and any(r.score >= LETTER and not r.text.isdecimal() for r in readings):
        if cell.column > 0 and first.isdecimal():  # behind a label: by hand, a digit may be read as a letter
            return _in_two_ways(cell, cell.text, [first])
        return replace(cell, confidence=0.5, alternative=second or UNSURE)  # surely a letter
    # in a longer number a broad digit may have a 1 or a point run into it
    agreed = sure > CERTAIN and len(second) == 1
    if second.isdecimal() and set(seen) == {second} and _explain(lines, readings, agreed=agreed):
        return replace(cell, text=second, confidence=AGREED, alternative=None)
    return _in_two_ways(cell, first, [t for t in (second, *seen) if t])


def _in_two_ways(cell: Cell, first: str, others: Sequence[str]) -> Cell:
    """A box with two readings of which none is taken; a number stands first, so that its row is one of numbers."""
    readings = sorted(dict.fromkeys((first, *others)), key=lambda text: not text.isdecimal())
    return replace(cell, text=readings[0], confidence=0.5, alternative=(*readings, UNSURE)[1])


def _is_number(reading: OcrText) -> bool:
    """Whether the free decoder saw the digits as well, or letters that look like them and are not sure."""
    if reading.text == reading.digits:
        return True
    return reading.text.translate(_LIKE_DIGITS) == reading.digits and reading.score < LETTER


def _agree(first: str, second: str) -> bool:
    """Whether two readings have the same digits, or one of them is empty and the other only a number."""
    digits = _NO_DIGIT.sub("", first)
    return first == "" or digits == _NO_DIGIT.sub("", second) or (second == "" and digits.isdigit())


def _confidence(first: str, second: str, digit_score: float) -> float:
    """The confidence of a number by how many readings it has and how sure the second is."""
    most = MOST if first and second else 0.92
    return min(most, 0.5 + digit_score / 2 if second else 0.9)


def _choose_marks(cell: Cell, second: str, crop: Any) -> Cell:
    """A number with commas or points, as its ink shows them; where the ink is unclear, both readings.

    A reading that the ink confirms becomes its own alternative: two ways of reading agree on it.
    """
    text = cell.text
    marks = read_separators(crop)
    candidates = [t for t in (text, second) if marks and "".join(_MARKS.findall(t)) == marks]
    digits = _MARKS.split(text)
    if not candidates and marks and len(digits) == len(marks) + 1:
        candidates = ["".join(d + m for d, m in zip(digits, (*marks, ""), strict=True))]
    if not candidates:
        return _with_alternative(cell, second)
    best = candidates[0]
    thousands = _THOUSANDS.fullmatch(best) is not None
    agreed = best == text == second
    if thousands and not agreed:
        return _with_alternative(cell, second)
    sure = min(cell.confidence, MOST if agreed else 0.92)
    if thousands:
        sure = min(sure, 0.89)  # three digits behind a point: on a worn page it may be a comma
    return replace(cell, text=best, alternative=best, confidence=sure)


def _with_alternative(cell: Cell, second: str) -> Cell:
    return replace(cell, alternative=second if second and second != cell.text else None)
