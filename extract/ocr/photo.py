"""A photograph of a page → the paper alone, upright and as if lit evenly; other pictures stay as they are."""

from __future__ import annotations

from typing import Any

import cv2
import numpy

from gongkai.extract.ocr.deskew import Stroke

#: Longest side in pixels of the small picture in which paper and light are looked for.
SMALL = 480
#: The table under a page is darker than the page by this factor at most, and fills this share of the picture's rim.
DARKER, RIM = 0.75, 0.5
#: Over three pixels of the small picture a shadow changes by less than this share of the light, paper's edge by more.
STEP = 0.1
#: The paper fills at least this share of a photograph, and its outline this share of a figure with four sides.
FILLED, STRAIGHT = 0.25, 0.96
#: Parts of a page with less than this share of the light of the brightest part stand in a shadow.
SHADED = 0.85
#: Ink and fills narrower than this share of the page hide no light.
BROADEST = 0.16


def take_paper(rgb: Any) -> tuple[Any, Any | None]:
    """A picture (RGB) without what lies around the paper, its corners right angles again, and evenly lit.

    And the matrix that leads from its pixels back to those of the picture, None where nothing lies around.
    """
    grey, factor = _shrink(rgb)
    corners = _find_corners(grey, factor)
    if corners is None:
        return _even_light(rgb, grey), None
    rgb, back = _flatten(rgb, corners)
    return _even_light(rgb, _shrink(rgb)[0]), back


def map_box(box: Stroke, matrix: Any) -> Stroke:
    """The upright box around a box that a matrix moves."""
    x0, top, x1, bottom = box
    four = numpy.array([[[x0, top], [x1, top], [x1, bottom], [x0, bottom]]], numpy.float32)
    moved = cv2.perspectiveTransform(four, matrix)[0]
    (left, upper), (right, lower) = moved.min(axis=0), moved.max(axis=0)
    return float(left), float(upper), float(right), float(lower)


def _shrink(rgb: Any) -> tuple[Any, float]:
    """A small grey picture, and how many of its pixels go to one of the large."""
    high, wide = rgb.shape[:2]
    factor = min(1.0, SMALL / max(high, wide))
    step = max(1, int(0.5 / factor))  # a mean of some pixels is enough, and a quarter of the work
    size = (round(wide * factor), round(high * factor))
    small = cv2.resize(numpy.ascontiguousarray(rgb[::step, ::step]), size, interpolation=cv2.INTER_AREA)
    return cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), factor


def _find_corners(grey: Any, factor: float) -> Any | None:
    """The paper's corners from the top left clockwise, in pixels; None where no darker table is seen around it.

    `grey` is the picture made smaller by a factor.
    """
    desk = _find_desk(cv2.medianBlur(grey, 7))
    if desk is None:
        return None
    # what is printed on the page are holes in the paper
    shapes, _ = cv2.findContours(1 - desk, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = max(shapes, key=cv2.contourArea, default=None)
    if outline is None:
        return None
    area = cv2.contourArea(outline)
    if area < FILLED * grey.size or not _is_step(grey, outline):
        return None
    hull = cv2.convexHull(outline)
    four = _four_corners(hull)
    if four is None or area < STRAIGHT * cv2.contourArea(four):
        return None
    return _sort_corners(four.reshape(4, 2).astype(numpy.float32)) / factor


def _find_desk(smooth: Any) -> Any | None:
    """What is as dark as the picture's rim and goes on from it without a step (1 in a mask): a shadow has soft edges."""
    bright = float(numpy.percentile(smooth, 90))
    frame = numpy.zeros(smooth.shape, bool)
    frame[[0, -1]] = frame[:, [0, -1]] = True
    dark = frame & (smooth < DARKER * bright)
    if dark.sum() < RIM * frame.sum():
        return None
    steps = cv2.morphologyEx(smooth, cv2.MORPH_GRADIENT, numpy.ones((3, 3), numpy.uint8)) > STEP * bright
    _, parts = cv2.connectedComponents((~steps).astype(numpy.uint8), connectivity=4)
    desk = numpy.isin(parts, numpy.setdiff1d(parts[dark], [0]))
    grown = cv2.dilate(desk.astype(numpy.uint8), numpy.ones((5, 5), numpy.uint8))  # over the step itself
    return grown


def _is_step(grey: Any, outline: Any) -> bool:
    """Whether it is darker outside an outline than inside, all along it."""
    high, wide = grey.shape
    inside = numpy.zeros((high, wide), numpy.uint8)
    cv2.drawContours(inside, [outline], -1, 1, -1)
    near = numpy.ones((13, 13), numpy.uint8)
    light = numpy.where(inside > 0, grey, 0).astype(numpy.uint8)
    lightest = cv2.dilate(light, near)
    ring = (cv2.dilate(inside, numpy.ones((9, 9), numpy.uint8)) > 0) & (
        cv2.dilate(inside, numpy.ones((5, 5), numpy.uint8)) == 0
    )
    return bool(ring.any()) and bool((grey[ring] < DARKER * lightest[ring]).mean() > STRAIGHT)


def _four_corners(hull: Any) -> Any | None:
    """The four-sided figure that a convex outline nearly is; None where it is none."""
    around = cv2.arcLength(hull, True)
    for share in numpy.arange(0.01, 0.08, 0.005):
        found = cv2.approxPolyDP(hull, share * around, True)
        if len(found) == 4:
            return found
        if len(found) < 4:
            return None
    return None


def _sort_corners(four: Any) -> Any:
    """Four corners from the top left clockwise."""
    by_sum, by_difference = four.sum(axis=1), four[:, 0] - four[:, 1]
    return numpy.array(
        [
            four[by_sum.argmin()],
            four[by_difference.argmax()],
            four[by_sum.argmax()],
            four[by_difference.argmin()],
        ]
    )


def _flatten(rgb: Any, corners: Any) -> tuple[Any, Any]:
    """The paper between four corners as a rectangle, and the matrix back."""
    sides = numpy.linalg.norm(corners - numpy.roll(corners, -1, axis=0), axis=1)
    wide, high = (sides[0] + sides[2]) / 2, (sides[1] + sides[3]) / 2
    to = numpy.array([[0, 0], [wide, 0], [wide, high], [0, high]], numpy.float32)
    matrix = cv2.getPerspectiveTransform(corners.astype(numpy.float32), to)
    flat = cv2.warpPerspective(
        rgb, matrix, (round(wide), round(high)), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return flat, numpy.linalg.inv(matrix)


def _even_light(rgb: Any, grey: Any) -> Any:
    """A page whose paper is as light everywhere as where it is lightest; `grey` is the page made small."""
    broad = max(3, round(BROADEST * max(grey.shape)))
    # the lightest pixels near by are paper, whatever is printed there
    light = cv2.morphologyEx(
        cv2.medianBlur(grey, 3),
        cv2.MORPH_CLOSE,
        numpy.ones((broad, broad), numpy.uint8),
        borderType=cv2.BORDER_REPLICATE,
    )
    full = float(numpy.percentile(light, 98))
    if float(numpy.percentile(light, 2)) > SHADED * full:
        return rgb
    soft = cv2.GaussianBlur(light.astype(numpy.float32), (0, 0), broad / 6)
    high, wide = rgb.shape[:2]
    gain = cv2.resize(full / numpy.maximum(soft, 1.0), (wide, high), interpolation=cv2.INTER_LINEAR)
    return numpy.clip(rgb * gain[:, :, None], 0, 255).astype(numpy.uint8)
