"""A picture of a page → the same without red seals and with level lines, and its ruling lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import cv2
import numpy

from gongkai.extract.ocr.fill import find_fills

Stroke = tuple[float, float, float, float]

#: Values of a mask: a pixel that a grey seal may cover, and one where its rim was.
COVERED, RIM = 2, 3
#: The widest gap, in pixels, that a rim (crossing aslant) and a star cut into a ruling line.
BRIDGE, STAR = 28, 130
#: A pixel this much darker than its background is ink.
INK = 45
#: A seal's stroke is so much more red than green and blue; so is the haze around it.
SEAL, HAZE = 35, 18
#: Print under a seal is lighter than print on paper: its distance from paper is multiplied by this.
DARKER = 1.4
#: The shortest level and the shortest upright rule, in pixels at 200 an inch.
LONG, TALL = 60, 34
#: Ink so broad in both directions, in pixels, is no line but the star of a seal, which a wall may run into.
SOLID = 13
#: The broadest stroke of a rule in pixels: at one place with its bends, and on average.
THICK, THICK_ON_AVERAGE = 26, 14
#: A pale line is so much darker than what lies within so many pixels of it.
PALE, HAT = 18, 17
#: Pale lines are looked for so near to a fill: half of this many pixels.
NEAR_FILL = 121
#: A line of dots or dashes is at most so thick, in pixels, the gap between two of them at most so wide.
DOT, DOT_GAP = 8, 11
#: The shortest level and the shortest upright line of dots: strokes of characters in a row may look like shorter ones.
LONG_OF_DOTS, TALL_OF_DOTS = 120, 44
#: So far above and below a line of dots, in pixels, less than this share is ink.
BESIDE, ALONE = 4, 0.15
#: A line of dots or dashes has a gap on every so many pixels, and more ink than this along its middle: noise has less.
PERIOD, DENSE = 20, 0.4
#: A page is tilted by at most so many degrees.
MOST_TURN = 4


def remove_seal(image: Any) -> tuple[Any, Any | None]:
    """A page (RGB) in grey with red ink made paper, and a mask that is 1 where a seal was, None without a seal.

    A red box that is filled is a head and no seal. Black under a seal stays black. The remains of a seal's rim in a JPEG may look like print.
    """
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    channel = image[:, :, 0]
    red = cv2.subtract(channel, numpy.maximum(image[:, :, 1], image[:, :, 2]))
    strokes = red > SEAL
    if strokes.mean() < 0.0005:
        return grey, None
    fills = find_fills(grey, exact=True)
    if fills is not None:
        red[cv2.dilate(fills, numpy.ones((9, 9), numpy.uint8)) > 0] = 0
        strokes = red > SEAL
        if strokes.mean() < 0.0005:
            return grey, None
    # In the red channel a seal is nearly as light as paper, and print is darker than most of the seal.
    # The level is measured on each seal: thin rules under it are grey (150 dpi), and a table needs them.
    level = float(numpy.percentile(channel[strokes], 25))
    paper = float(numpy.median(channel))
    stamped = cv2.dilate((red > HAZE).astype(numpy.uint8), numpy.ones((5, 5), numpy.uint8))
    beneath = numpy.clip(paper - DARKER * (level - channel[stamped > 0].astype(numpy.float32)), 0, paper)
    cleaned = grey.copy()
    cleaned[stamped > 0] = beneath.astype(numpy.uint8)
    return cleaned, stamped


def measure_tilt(grey: Any) -> float:
    """By how many degrees to turn a page so that its lines run level.

    At that angle the sums of ink by row of pixels differ most from row to row.
    """
    small = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    dark = (small < float(numpy.median(small)) - INK).astype(numpy.uint8)
    coarse = cv2.resize(dark * 255, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)

    def sharpness(picture: Any, angle: float) -> float:
        turned = rotate(picture, angle, 0, cv2.INTER_NEAREST)
        profile = cv2.reduce(turned, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S)[:, 0].astype(numpy.int64)
        return float(((profile[1:] - profile[:-1]) ** 2).sum())

    def best(picture: Any, angles: list[float]) -> float:
        return max(angles, key=lambda a: (sharpness(picture, a), -abs(a)))  # of equals the smallest

    about = best(coarse, [a / 4 for a in range(-4 * MOST_TURN, 4 * MOST_TURN + 1)])
    return best(dark, [about + a / 20 for a in range(-6, 7)])


def rotate(picture: Any, angle: float, paper: int, kind: int) -> Any:
    """A picture turned about its middle, of the same size; `kind` is OpenCV's interpolation."""
    high, wide = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), angle, 1.0)
    return cv2.warpAffine(picture, matrix, (wide, high), flags=kind, borderValue=paper)


def straighten(grey: Any, stamped: Any | None) -> tuple[Any, Any | None]:
    """A page (grey) turned so that its lines run level, and the mask of its seals."""
    angle = measure_tilt(grey)
    if abs(angle) < 0.03:
        return grey, stamped
    if stamped is not None:
        stamped = rotate(stamped, angle, 0, cv2.INTER_NEAREST)
    return rotate(grey, angle, 255, cv2.INTER_CUBIC), stamped


def find_rules(grey: Any, stamped: Any | None = None, fills: Any | None = None) -> list[Stroke]:
    """Ruling lines in pixels: long thin strokes of ink, slightly bent ones at their median.

    Between dark `fills` (1 in a mask) pale lines are looked for as well: they go on in cells without a fill.

    Where the rim of a seal was (RIM in the mask), a line goes on; a stroke of a seal's star or name is none.
    """
    ink = _binarise(grey, stamped)
    if _join_dots(ink, LONG_OF_DOTS):
        _join_dots(ink.T, TALL_OF_DOTS)  # no table has walls of dots alone
    if fills is not None:
        hat = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, numpy.ones((HAT, HAT), numpy.uint8))
        beside = cv2.dilate(fills, numpy.ones((NEAR_FILL, NEAR_FILL), numpy.uint8))
        pale = (hat > PALE) & (fills == 0)
        ink[pale & (beside > 0)] = 255
        # far from a fill only what is much longer than a stroke of print
        thick = cv2.dilate(pale.astype(numpy.uint8), numpy.ones((3, 1), numpy.uint8))
        ink[cv2.morphologyEx(thick, cv2.MORPH_OPEN, numpy.ones((1, 3 * LONG), numpy.uint8)) > 0] = 255
    strokes = [*_find_strokes(ink, True, LONG), *_find_strokes(ink, False, TALL)]
    return strokes if stamped is None else [s for s in strokes if not _is_covered(s, stamped)]


def _binarise(grey: Any, stamped: Any | None) -> Any:
    """The ink of a page (255) without solid shapes; lines that a rim or a star cut are whole again."""
    ink = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 41, 12)
    broad = cv2.morphologyEx(ink, cv2.MORPH_OPEN, numpy.ones((SOLID, SOLID), numpy.uint8))
    solid = cv2.dilate(broad, numpy.ones((5, 5), numpy.uint8)) > 0
    ink[solid] = 0
    for removed, most in ((solid, STAR), *(() if stamped is None else ((stamped == RIM, BRIDGE),))):
        _bridge_gaps(ink, removed, most)
        _bridge_gaps(ink.T, removed.T, most)
    return ink


def _join_dots(ink: Any, length: int) -> bool:
    """Draws (in place) the level lines that stand as dots or dashes through, if they are at least so long; whether there are any.

    Where most of the lines do so, those whose dots run into each other are of the same kind.
    """
    solid = cv2.morphologyEx(ink, cv2.MORPH_OPEN, numpy.ones((DOT + 1, 1), numpy.uint8))
    thin = cv2.dilate(cv2.subtract(ink, solid), numpy.ones((3, 1), numpy.uint8))
    joined = cv2.morphologyEx(thin, cv2.MORPH_CLOSE, numpy.ones((1, DOT_GAP), numpy.uint8))
    lines = cv2.morphologyEx(joined, cv2.MORPH_OPEN, numpy.ones((1, length), numpy.uint8))
    count, marked, boxes, _ = cv2.connectedComponentsWithStats(lines, ltype=cv2.CV_16U)
    parts = [
        tuple(slice(a, a + n) for a, n in ((y, high), (x, wide))) for x, y, wide, high, _ in boxes.tolist()
    ]
    thin_lines = [i for i in range(1, count) if boxes[i, cv2.CC_STAT_HEIGHT] <= DOT + 2]
    cores = {i: _find_core(ink[parts[i]]) for i in thin_lines if _stands_alone(ink, *parts[i])}
    drawn = {i: core for i, core in cores.items() if core.mean() > DENSE}
    dotted = [i for i, core in drawn.items() if (core[:-1] & ~core[1:]).sum() * PERIOD > len(core)]
    for i in drawn if 2 * len(dotted) > len(drawn) else dotted:
        ink[parts[i]][marked[parts[i]] == i] = 255
    return bool(dotted)


def _find_core(line: Any) -> Any:
    """Where there is ink in the row of pixels of a line that has most of it."""
    return line[line.sum(axis=1, dtype=numpy.int64).argmax()] > 0


def _stands_alone(ink: Any, rows: slice, columns: slice) -> bool:
    """Whether there is little ink above and below a line: a row of strokes in a line of text, or of dots in a grey, has more."""
    beside = (
        ink[max(0, rows.start - BESIDE) : rows.start, columns],
        ink[rows.stop : rows.stop + BESIDE, columns],
    )
    return all(float((part > 0).mean()) < ALONE for part in beside if part.size)


def _bridge_gaps(ink: Any, removed: Any, most: int) -> None:
    """Fills (in place) the gaps of at `most` so many pixels that removed ink left in the columns."""
    for x in numpy.flatnonzero(removed.any(axis=0)):
        column = numpy.concatenate(([0], removed[:, x].astype(numpy.int8), [0]))
        edges = numpy.flatnonzero(numpy.diff(column))
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            if (
                end - start <= most
                and ink[max(0, start - 3) : start, x].any()
                and ink[end : end + 3, x].any()
            ):
                ink[start:end, x] = 255


def _find_strokes(ink: Any, level: bool, length: int) -> Iterator[Stroke]:
    """Level or upright strokes of at least this length."""
    # A stroke bent by a pixel or two is whole again when it is thickened first.
    thick = cv2.dilate(ink, numpy.ones((3, 1) if level else (1, 3), numpy.uint8))
    kernel = numpy.ones((1, length) if level else (length, 1), numpy.uint8)
    strokes = cv2.morphologyEx(thick, cv2.MORPH_OPEN, kernel)
    gap = numpy.ones((3, 15) if level else (15, 3), numpy.uint8)
    strokes = cv2.morphologyEx(strokes, cv2.MORPH_CLOSE, gap)
    # there is no room on a page for 65,536 strokes of this length; labels of 16 bits take a third of the time
    count, marked, boxes, _ = cv2.connectedComponentsWithStats(strokes, ltype=cv2.CV_16U)
    for i in range(1, count):
        x, y, wide, high, area = (int(v) for v in boxes[i])
        long, thin = (wide, high) if level else (high, wide)
        if long < length or thin > THICK or area / long > THICK_ON_AVERAGE:
            continue
        rows, columns = numpy.nonzero(marked[y : y + high, x : x + wide] == i)
        if level:
            at = y + float(numpy.median(rows))
            yield float(x), at, float(x + wide), at
        else:
            at = x + float(numpy.median(columns))
            yield at, float(y), at, float(y + high)


def _is_covered(stroke: Stroke, stamped: Any) -> bool:
    """Whether all of a stroke is where a seal's ink was, or the star or name of a grey seal."""
    x0, top, x1, bottom = (int(v) for v in stroke)
    return bool((stamped[top : bottom + 1, x0 : x1 + 1] > 0).all())
