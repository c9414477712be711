"""White print on dark fills → dark print on white, and where the fills stand: their sides are walls of a table."""

from __future__ import annotations

from typing import Any

import cv2
import numpy

#: A fill is darker than this share of the paper.
DARK = 0.72
#: Fills are looked for in the picture at this scale.
HALF = 0.5
#: A fill is dark without print over so many pixels at that scale, across and down: no stroke of print is.
BARE = (30, 5)
#: Strokes of print in a fill are thinner than this, in pixels at that scale.
STROKE = 5
#: The least width and height of a fill in pixels at that scale.
WIDE, HIGH = 24, 9
#: The least share of a fill that is dark without print.
MOSTLY = 0.35
#: The share of the smallest box around a fill that it fills.
SQUARE = 0.85
#: Fills as large as this share of the page are its ground, not a part of a table.
GROUND = 0.6
#: Half the breadth of the line along a fill's sides, in pixels of the page.
SIDE = 3


def find_fills(grey: Any, *, exact: bool = False) -> Any | None:
    """A mask (1) of the dark upright boxes of a page, None where there are none.

    `exact`: boxes alone are taken; the star of a seal is none.
    """
    small = cv2.resize(grey, None, fx=HALF, fy=HALF, interpolation=cv2.INTER_AREA)
    dark = (small < DARK * float(numpy.percentile(small[::4, ::4], 90))).astype(numpy.uint8)
    bare = cv2.morphologyEx(dark, cv2.MORPH_OPEN, numpy.ones(BARE[::-1], numpy.uint8))
    if not bare.any():
        return None
    # white strokes in a fill are closed; black ones on paper are as well, but they leave little bare
    closed = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, numpy.ones((STROKE, STROKE), numpy.uint8))
    whole = cv2.morphologyEx(closed, cv2.MORPH_OPEN, numpy.ones((HIGH, WIDE), numpy.uint8))
    _, marked, boxes, _ = cv2.connectedComponentsWithStats(whole, connectivity=4)
    bared = numpy.bincount(marked.ravel(), weights=bare.ravel(), minlength=len(boxes))
    high, wide = small.shape
    chosen = numpy.zeros(len(boxes), numpy.uint8)
    for i, (x, y, w, h, area) in enumerate(boxes.tolist()):
        at_rim = x == 0 or y == 0 or x + w == wide or y + h == high
        chosen[i] = i > 0 and not at_rim and area <= GROUND * small.size and bared[i] >= MOSTLY * area
        if exact and chosen[i]:
            chosen[i] = _is_box((marked[y : y + h, x : x + w] == i).astype(numpy.uint8), area)
    if not chosen.any():
        return None
    return cv2.resize(chosen[marked], grey.shape[::-1], interpolation=cv2.INTER_NEAREST)


def _is_box(shape: Any, area: int) -> bool:
    """Whether a shape (1 in a mask) has four right angles, though it may lean."""
    outlines, _ = cv2.findContours(shape, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    (_, (wide, high), _) = cv2.minAreaRect(max(outlines, key=cv2.contourArea))
    return area > SQUARE * (wide + 1) * (high + 1)


def reverse_fills(grey: Any, fills: Any) -> Any:
    """A page with dark print on white in its fills, and a dark line along their sides."""
    paper = float(numpy.percentile(grey[::4, ::4], 90))
    level = _measure_level(grey, fills, paper)
    apart = numpy.abs(grey.astype(numpy.float32) - level) / numpy.maximum(paper - level, 1.0)
    reversed_ = numpy.clip(paper * (1.0 - apart), 0, 255).astype(numpy.uint8)
    inside = cv2.erode(fills, numpy.ones((SIDE, SIDE), numpy.uint8))
    around = cv2.dilate(fills, numpy.ones((SIDE, SIDE), numpy.uint8))
    result = numpy.where(inside > 0, reversed_, grey)
    return numpy.where((around > 0) & (inside == 0), numpy.uint8(0), result)


def _measure_level(grey: Any, fills: Any, paper: float) -> Any:
    """How light the fill itself is around every pixel, print aside."""
    ground = ((fills > 0) & (grey < DARK * paper)).astype(numpy.float32)
    size = (41, 41)
    total = cv2.boxFilter(grey * ground, -1, size, normalize=False)
    count = cv2.boxFilter(ground, -1, size, normalize=False)
    return total / numpy.maximum(count, 1.0)
