"""A box of a scanned page → its ink, cropped tight, and what the shape of the ink says."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any

import cv2
import numpy

from gongkai.extract.ocr.deskew import INK
from gongkai.extract.ocr.ppocr import Box

#: Fewer dark pixels than this, at 200 dpi, are a speck.
SPECK = 12
#: So many pixels along the sides of a box are its walls.
INSET = 4
#: Paper left around the ink of a crop, in pixels.
MARGIN = 6
#: Ink that stands further apart than this, in heights of the number, is two numbers.
APART = 0.8
#: The last figure of a number stands above the feet of the others by more than this share of the tallest: a mark of a note.
MARK = 0.14
#: A digit is no broader than this, in its heights; by hand a 0 may be round.
BROADEST, BROAD = 0.78, {"1": 0.75, "0": 1.0}
#: Ink lower than this share of a crop is a point. Pieces of a worn digit stand nearer than this, in its heights.
PIECE, BROKEN = 0.2, 0.3
#: By hand a digit is no broader than this, in its heights. A stroke upright over this share of a height may be a 1;
#: these digits have one at their left, or right, themselves.
BY_HAND, UPRIGHT = 0.98, 0.7
UPRIGHT_LEFT, UPRIGHT_RIGHT = "06", "09"
#: Digits that touch share their room: a third one may hide in that of two.
TOUCHING = 0.9
#: A stroke that leans by more than this (pixels across a pixel down) is no 1 as it is printed; more, it is a slash.
LEAN, SLASH = 0.17, 0.3

_NOWHERE: Box = (0.0, 0.0, 0.0, 0.0)


def crop_ink(grey: Any, box: Box) -> tuple[Any | None, Box]:
    """The ink in a box of a page (grey, both in pixels) and where the ink stands; None where there is none.

    The crop is tight, with a MARGIN of paper around it; specks and pieces of the walls are paper in it.
    """
    x0, top, x1, bottom = box
    left, above = max(0, int(x0) + INSET), max(0, int(top) + INSET)
    part = grey[above : int(bottom) - INSET, left : int(x1) - INSET]
    if part.shape[0] < 8 or part.shape[1] < 8:
        return None, _NOWHERE
    marked, boxes, paper = _label_components(part)
    ink = _choose_ink(boxes, *part.shape)[marked]
    if not ink.any():
        return None, _NOWHERE
    ys, xs = numpy.nonzero(ink)
    if ys.max() - ys.min() < 3 and xs.max() - xs.min() < 3:
        return None, _NOWHERE
    where = float(left + xs.min()), float(above + ys.min()), float(left + xs.max()), float(above + ys.max())
    clean = numpy.where(ink | (marked == 0), part, paper).astype(numpy.uint8)
    first_row, first_column = max(0, ys.min() - MARGIN), max(0, xs.min() - MARGIN)
    return clean[first_row : ys.max() + MARGIN + 1, first_column : xs.max() + MARGIN + 1], where


def _label_components(picture: Any) -> tuple[Any, Any, float]:
    """The components of ink in a picture: the number of each pixel's component (0 for paper), the box and
    area of each component, and how light the paper is."""
    paper = float(numpy.percentile(picture, 75))
    dark = (picture < paper - INK).astype(numpy.uint8)
    _, marked, boxes, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    return marked, boxes, paper


def _choose_ink(boxes: Any, high: int, wide: int) -> Any:
    """Which components are print: neither a speck (points of a number aside) nor a piece of a wall."""
    chosen = numpy.zeros(len(boxes), bool)
    for i in range(1, len(boxes)):
        area = int(boxes[i][4])
        chosen[i] = area >= SPECK and not _is_wall(boxes[i], high, wide)
    return chosen | _find_points(boxes, chosen)


def _is_wall(component: Any, high: int, wide: int) -> bool:
    """Whether a component is a long stroke or a thin one at the edge of its box."""
    x, y, w, h, _ = (int(v) for v in component)
    at_edge = x == 0 or y == 0 or x + w == wide or y + h == high
    stroke = (w > 4 * h and w > 0.3 * wide) or (h > 4 * w and h > 0.6 * high)
    return at_edge and (stroke or min(w, h) <= 4)


def _find_points(boxes: Any, digits: Any) -> Any:
    """Which components may be points: small ones on the line that the digits stand on, between two of them."""
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


def has_point(crop: Any) -> bool:
    """Whether something like a point stands between the digits of a crop."""
    _, boxes, _ = _label_components(crop)
    return bool(_find_points(boxes, numpy.ones(len(boxes), bool)).any())


def is_two_numbers(crop: Any) -> bool:
    """Whether the digits of a crop stand far apart, or far below each other: two numbers between which the wall was lost."""
    _, boxes, _ = _label_components(crop)
    tallest = max((int(b[3]) for b in boxes[1:]), default=0)
    # a speck is no digit
    digits = [(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, _ in boxes[1:] if h > 0.5 * tallest]
    sides = (sorted((d[axis], d[axis + 2]) for d in digits) for axis in (0, 1))
    return any(_have_gap(spans, APART * tallest) for spans in sides)


def _have_gap(spans: Sequence[tuple[int, int]], least: float) -> bool:
    """Whether a gap wider than `least` parts some spans, which rise."""
    ends = itertools.accumulate((end for _, end in spans), max)
    return any(start - end > least for (start, _), end in zip(spans[1:], ends, strict=False))


def has_raised_end(crop: Any) -> bool:
    """Whether what stands last in a crop ends above the feet of the digits before it: a note's mark, no digit of theirs."""
    _, boxes, _ = _label_components(crop)
    tallest = max((int(b[3]) for b in boxes[1:]), default=0)
    pieces = [
        (int(x), int(x + w), int(y + h), h > PIECE * tallest)
        for x, y, w, h, area in boxes[1:]
        if area >= SPECK or h > PIECE * tallest
    ]
    last = max((p for p in pieces if p[3]), key=lambda p: p[1], default=None)
    if last is None:
        return False
    feet: dict[bool, list[int]] = {True: [], False: []}
    for left, right, foot, is_tall in pieces:
        # digits that lean reach over the next one; pieces of one worn digit, a flat stroke too, stand above each other
        is_of_last = min(right, last[1]) - max(left, last[0]) > 0.5 * min(right - left, last[1] - last[0])
        if is_of_last or is_tall:
            feet[is_of_last].append(foot)
    return bool(feet[False]) and median(feet[False]) - max(feet[True]) > MARK * tallest


def explains(crop: Any, digits: str, places: Sequence[float], *, agreed: bool = False) -> bool:
    """Whether digits that were seen at some places (shares of a crop's width) are all that its ink can be.

    Each piece of ink has a digit, and none is so broad that it may be two that touch. Where many readings `agreed`, a
    digit by hand may be broader, unless a stroke as high as itself stands at its side, which may be a 1.
    """
    marked, boxes, _ = _label_components(crop)
    pieces = [
        (int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, _ in boxes[1:] if h > PIECE * crop.shape[0]
    ]
    if not pieces:
        return False
    tallest = max(p[3] for p in pieces) - min(p[1] for p in pieces)
    spans = _merge_spans((p[0], p[2]) for p in pieces)
    own = _share_out(digits, [at * crop.shape[1] for at in places], spans)
    spans, own = _join_broken(spans, own, tallest)
    for (left, right), here in zip(spans, own, strict=True):
        share = 1.0 if len(here) == 1 else TOUCHING
        if right - left <= share * sum(BROAD.get(d, BROADEST) for d in here) * tallest:
            continue
        if not agreed or len(here) != 1 or right - left > BY_HAND * tallest or here[0] == "1":
            return False
        if _has_upright_side(marked[:, left:right] > 0, tallest, here[0]):
            return False
    return True


def _has_upright_side(ink: Any, tallest: int, digit: str) -> bool:
    """Whether an upright stroke as high as a digit stands at one of its sides, where that digit has none."""
    reach = max(2, round(0.2 * ink.shape[1]))
    for side, with_stroke in ((ink[:, :reach], UPRIGHT_LEFT), (ink[:, -reach:], UPRIGHT_RIGHT)):
        if digit in with_stroke:
            continue
        high = max(int(side[:, n : n + 4].any(axis=1).sum()) for n in range(max(1, reach - 3)))
        if high >= UPRIGHT * tallest:
            return True
    return False


def _share_out(digits: str, xs: Sequence[float], spans: Sequence[tuple[int, int]]) -> list[str]:
    """The digits of each span: each goes to the nearest."""
    own = [""] * len(spans)
    for digit, x in zip(digits, xs, strict=True):
        if digit.isdigit():
            own[min(range(len(spans)), key=lambda n: max(spans[n][0] - x, x - spans[n][1]))] += digit
    return own


def _join_broken(
    spans: Sequence[tuple[int, int]], own: Sequence[str], tallest: int
) -> tuple[list[tuple[int, int]], list[str]]:
    """Spans and their digits, with the arcs of a worn digit as one; a 1 has no second piece."""
    joined: list[tuple[int, int]] = []
    digits: list[str] = []
    for (left, right), here in zip(spans, own, strict=True):
        whole = digits[-1] + here if digits else here
        fits = (
            len(whole) == 1 and whole != "1" and right - joined[-1][0] <= BROADEST * tallest
            if digits
            else False
        )
        if fits and left - joined[-1][1] < BROKEN * tallest:
            joined[-1], digits[-1] = (joined[-1][0], right), whole
        else:
            joined.append((left, right))
            digits.append(here)
    return joined, digits


def _merge_spans(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans from left to right, those that stand over each other as one."""
    merged: list[tuple[int, int]] = []
    for left, right in sorted(spans):
        if merged and left < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(right, merged[-1][1]))
        else:
            merged.append((left, right))
    return merged


def read_slash(crop: Any) -> tuple[str, bool]:
    """ "/" or "\\" where the ink of a crop is one straight leaning stroke, else "", and whether it is no 1 by hand.

    The recogniser reads a slash as 1. A printed 1 stands upright, and a 7 is broader at its head.
    """
    marked, boxes, _ = _label_components(crop)
    if len(boxes) < 2:
        return "", False
    largest = 1 + int(boxes[1:, cv2.CC_STAT_AREA].argmax())
    ys, xs = numpy.nonzero(marked == largest)
    rows = numpy.unique(ys)
    if len(rows) < 8:
        return "", False
    middles = numpy.array([xs[ys == y].mean() for y in rows])
    widths = numpy.array([numpy.ptp(xs[ys == y]) + 1 for y in rows])
    lean, start = numpy.polyfit(rows, middles, 1)
    straight = float(numpy.abs(middles - (lean * rows + start)).max()) < 2.5
    even = float(numpy.percentile(widths, 90)) <= 1.8 * float(numpy.median(widths))
    if abs(lean) < LEAN or not straight or not even:
        return "", False
    return "/" if lean < 0 else "\\", lean < -SLASH


def read_separators(crop: Any) -> str:
    """The commas and points in a number's ink, from left to right; "" where one is doubtful.

    A comma hangs below the digits' feet and is higher than wide; a point stands on their line.
    """
    _, boxes, _ = _label_components(crop)
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


def split_lines(crop: Any) -> list[Any]:
    """A crop cut into its lines: a number too long for its box goes on below."""
    dark = crop < numpy.median(crop) - INK
    rows = dark.any(axis=1)
    edges = numpy.flatnonzero(numpy.diff(numpy.concatenate(([0], rows.astype(int), [0]))))
    lines = [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= 8]
    if len(lines) < 2:
        return [crop]
    return [crop[max(0, a - MARGIN) : b + MARGIN] for a, b in lines]


def _pad(crop: Any) -> Any:
    """A crop with more paper around its ink, so that the digits are smaller for the network."""
    paper = int(numpy.percentile(crop, 75))
    return cv2.copyMakeBorder(crop, MARGIN, MARGIN, MARGIN, MARGIN, cv2.BORDER_CONSTANT, value=paper)


def _thicken(crop: Any) -> Any:
    """A crop with broader strokes."""
    return cv2.erode(_pad(crop), numpy.ones((3, 3), numpy.uint8))


def _widen(crop: Any) -> Any:
    """A crop a fifth wider, its strokes softer."""
    wide = cv2.resize(crop, None, fx=1.2, fy=1.0, interpolation=cv2.INTER_CUBIC)
    return cv2.GaussianBlur(wide, (0, 0), 0.8)


#: Ways in which a doubtful crop is changed before it is read again: what is a digit stays that digit.
VARIANTS = (_pad, _thicken, _widen)
