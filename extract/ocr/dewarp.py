"""A page whose lines are bent or run apart → the same with level and upright lines, by the ruling lines that are seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy

#: Lines are traced in the picture at this scale.
HALF = 0.5
#: A traced line is at least so long, as a share of the page's width or height; a piece of it, in pixels at that scale.
LONG, PIECE = 0.25, 30
#: A line is traced at every so many pixels.
STEP = 12
#: Fewer lines across or down, or lines on less than this share of the page, do not tell how it is bent.
LEAST, SPREAD = 6, 0.3
#: Lines bent by less than this, in pixels at that scale, are level (root of the mean square).
LEVEL = 1.2
#: Bent lines are level afterwards to this share of what they were.
BETTER = 0.5
#: Lines that were straightened once are traced further, and straightened again.
ROUNDS = 2
#: Powers of the place along a line, and across, in the shape that all lines share.
ALONG, ACROSS = (1, 2, 3), (0, 1, 2)


def unbend(grey: Any, stamped: Any | None) -> tuple[Any, Any | None]:
    """A level page (grey) and its mask of seals, without the bends of its lines; as they are where lines are straight."""
    for _ in range(ROUNDS):
        moved = _find_places(grey)
        if moved is None:
            break
        grey = cv2.remap(grey, *moved, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        stamped = None if stamped is None else cv2.remap(stamped, *moved, cv2.INTER_NEAREST)
    return grey, stamped


def _find_places(grey: Any) -> tuple[Any, Any] | None:
    """Where each pixel of the straight page comes from, x and y; None where the lines are straight."""
    small = cv2.resize(grey, None, fx=HALF, fy=HALF, interpolation=cv2.INTER_AREA)
    ink = cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 12)
    level = _fit(_trace(ink), small.shape)
    upright = _fit(_trace(numpy.ascontiguousarray(ink.T)), small.shape[::-1])
    if level is None and upright is None:
        return None
    high, wide = small.shape
    y, x = (v.astype(numpy.float32) for v in numpy.mgrid[0:high:8, 0:wide:8])
    from_x, from_y = x.copy(), y.copy()
    for _ in range(4):  # where a pixel comes from: its place less the shift at that place
        moved_y = y if level is None else y - _shift(level, from_x, from_y, (wide, high))
        moved_x = x if upright is None else x - _shift(upright, from_y, from_x, (high, wide))
        from_x, from_y = moved_x, moved_y
    size = grey.shape[::-1]
    map_x, map_y = (
        cv2.resize((m / HALF).astype(numpy.float32), size, interpolation=cv2.INTER_LINEAR)
        for m in (from_x, from_y)
    )
    return map_x, map_y


def _trace(ink: Any) -> list[Any]:
    """The long level lines of a picture of ink, each as points (x, y)."""
    thick = cv2.dilate(ink, numpy.ones((3, 1), numpy.uint8))
    strokes = cv2.morphologyEx(thick, cv2.MORPH_OPEN, numpy.ones((1, PIECE), numpy.uint8))
    strokes = cv2.morphologyEx(strokes, cv2.MORPH_CLOSE, numpy.ones((3, 15), numpy.uint8))
    _, marked, boxes, _ = cv2.connectedComponentsWithStats(strokes)
    lines = []
    for i, (x, y, wide, high, area) in enumerate(boxes.tolist()):
        if i == 0 or wide < LONG * ink.shape[1] or area > 8 * wide:
            continue
        part = marked[y : y + high, x : x + wide : STEP] == i
        rows = numpy.arange(high)[:, None]
        counts = part.sum(axis=0)
        # where the line meets another one there is more ink than a line has
        own = (counts > 0) & (counts <= 2 * numpy.median(counts[counts > 0]))
        ys = (part * rows).sum(axis=0)[own] / counts[own]
        xs = (numpy.arange(part.shape[1]) * STEP)[own]
        if len(xs) >= 6:
            lines.append(numpy.stack([x + xs, y + ys], axis=1))
    return lines


def _terms(along: Any, across: Any, size: tuple[int, int]) -> Any:
    """The powers of places along and across the lines of a page of this size (along, across)."""
    a, b = along / size[0] - 0.5, across / size[1] - 0.5
    return numpy.stack([a**i * b**j for i in ALONG for j in ACROSS], axis=-1)


def _fit(lines: Sequence[Any], shape: tuple[int, int]) -> Any | None:
    """The factors of the terms whose sum, added to each point's place across its line, makes the lines straight.

    None where the lines are straight, too few, or not of one shape.
    """
    high, wide = shape
    size = (wide, high)
    for _ in range(2):
        if len(lines) < LEAST or numpy.ptp([line[:, 1].mean() for line in lines]) < SPREAD * high:
            return None
        blocks = [_terms(line[:, 0], line[:, 1], size) for line in lines]
        matrix = numpy.concatenate([b - b.mean(axis=0) for b in blocks])
        bends = numpy.concatenate([line[:, 1] - line[:, 1].mean() for line in lines])
        before = float(numpy.sqrt((bends**2).mean()))
        if before < LEVEL:
            return None
        factors = numpy.linalg.lstsq(matrix, -bends, rcond=1e-4)[0]
        left = numpy.split(bends + matrix @ factors, numpy.cumsum([len(line) for line in lines])[:-1])
        errors = numpy.array([float(numpy.sqrt((r**2).mean())) for r in left])
        good = errors <= max(LEVEL, 2.5 * float(numpy.median(errors)))
        if good.all():
            break
        lines = [line for line, is_good in zip(lines, good, strict=True) if is_good]
    after = float(numpy.sqrt(numpy.mean(errors**2)))
    return factors if after <= max(BETTER * before, 0.5) else None


def _shift(factors: Any, along: Any, across: Any, size: tuple[int, int]) -> Any:
    """By how much the points of a page are moved across its lines."""
    return _terms(along, across, size) @ factors
