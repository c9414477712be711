"""A box of a scanned page → its ink, cropped tight, and what the shape of the ink says."""

from __future__ import annotations

import itertools
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
#: A stroke that leans by more than this (pixels across a pixel down) is a slash.
LEAN = 0.17

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
    """Whether the digits of a crop stand far apart: two numbers between which the wall was lost."""
    _, boxes, _ = _label_components(crop)
    tallest = max((int(b[3]) for b in boxes[1:]), default=0)
    # a speck is no digit
    spans = sorted((int(x), int(x + w)) for x, _, w, h, _ in boxes[1:] if h > 0.5 * tallest)
    gaps = (after[0] - before[1] for before, after in itertools.pairwise(spans))
    return any(gap > APART * tallest for gap in gaps)


def read_slash(crop: Any) -> str:
    """ "/" or "\\" where the ink of a crop is one straight leaning stroke, else "".

    The recogniser reads a slash as 1. A 1 stands upright, and a 7 is broader at its head.
    """
    marked, boxes, _ = _label_components(crop)
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
