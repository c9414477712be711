"""A picture of a page → the same without seals, turned so that its lines run level, and its ruling lines."""

from __future__ import annotations

from typing import Any

#: What a mask says of a pixel that a seal without colour may cover, and of one where its rim was.
COVERED, RIM = 2, 3
#: A rim parts a line by so many pixels at the most, where they cross aslant, and a star.
BRIDGE, STAR = 28, 130
#: A pixel this much darker than its background is ink.
INK = 45
#: So much more red than green and blue: a seal's stroke, the haze around it.
SEAL, HAZE = 35, 18
#: Print under a seal is lighter than print on paper; it is darkened by this factor.
DARKER = 1.4
#: Rules are at least so long, in pixels at 200 an inch; longer across, for a letter's stroke is short.
LONG, TALL = 60, 34
#: Ink so broad, in pixels, both ways is no line: the star of a seal, which a wall may run into.
SOLID = 13
#: A page is turned by at most so many degrees to stand upright.
MOST_TURN = 4


def without_seal(image: Any) -> tuple[Any, Any | None]:
    """A page (RGB) in grey, red ink made paper, and where a seal was (1), None where there is none.

    Black under a seal stays black. What JPEG leaves of a seal's rim may look like print.
    """
    import cv2
    import numpy

    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    channel = image[:, :, 0]
    red = cv2.subtract(channel, numpy.maximum(image[:, :, 1], image[:, :, 2]))
    strokes = red > SEAL
    if strokes.mean() < 0.0005:
        return grey, None
    # In the red channel a seal is nearly paper, and what is darker than most of it is print. Its
    # level and no fixed one: thin rules under a seal are grey (150 dpi), and a table needs them.
    level = float(numpy.percentile(channel[strokes], 25))
    paper = float(numpy.median(channel))
    stamped = cv2.dilate((red > HAZE).astype(numpy.uint8), numpy.ones((5, 5), numpy.uint8))
    beneath = numpy.clip(paper - DARKER * (level - channel[stamped > 0].astype(numpy.float32)), 0, paper)
    cleaned = grey.copy()
    cleaned[stamped > 0] = beneath.astype(numpy.uint8)
    return cleaned, stamped


def tilt(grey: Any) -> float:
    """By how many degrees to turn a page so that its lines run level: the turn with the sharpest profile of rows."""
    import cv2
    import numpy

    small = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    dark = (small < float(numpy.median(small)) - INK).astype(numpy.uint8)
    coarse = cv2.resize(dark * 255, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)

    def sharpness(picture: Any, angle: float) -> float:
        profile = turned(picture, angle, 0, cv2.INTER_NEAREST).sum(axis=1, dtype=numpy.int64)
        return float(((profile[1:] - profile[:-1]) ** 2).sum())

    def best(picture: Any, angles: list[float]) -> float:
        return max(angles, key=lambda a: (sharpness(picture, a), -abs(a)))  # of equals the least turn

    about = best(coarse, [a / 4 for a in range(-4 * MOST_TURN, 4 * MOST_TURN + 1)])
    return best(dark, [about + a / 20 for a in range(-6, 7)])


def turned(picture: Any, angle: float, paper: int, kind: int) -> Any:
    """A picture turned about its middle, its size kept."""
    import cv2

    high, wide = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), angle, 1.0)
    return cv2.warpAffine(picture, matrix, (wide, high), flags=kind, borderValue=paper)


def upright(grey: Any, stamped: Any | None) -> tuple[Any, Any | None]:
    """A page (grey) whose lines run level, and where its seals were."""
    import cv2

    angle = tilt(grey)
    if abs(angle) < 0.03:
        return grey, stamped
    if stamped is not None:
        stamped = turned(stamped, angle, 0, cv2.INTER_NEAREST)
    return turned(grey, angle, 255, cv2.INTER_CUBIC), stamped


def _bridge(block: Any, gone: Any, most: int) -> None:
    """Joins ink (in place) that what was taken out parts by at `most` so many pixels, down the columns."""
    import numpy

    for x in numpy.flatnonzero(gone.any(axis=0)):
        column = numpy.concatenate(([0], gone[:, x].astype(numpy.int8), [0]))
        edges = numpy.flatnonzero(numpy.diff(column))
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            if (
                end - start <= most
                and block[max(0, start - 3) : start, x].any()
                and block[end : end + 3, x].any()
            ):
                block[start:end, x] = 255


def rules(grey: Any, stamped: Any | None = None) -> list[tuple[float, float, float, float]]:
    """Ruling lines in pixels: long thin strokes of ink, slightly bent ones at their median.

    Where the rim of a seal was (RIM), a line goes on; a stroke of its star or name is none.
    """
    import cv2
    import numpy

    block = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 41, 12)
    broad = cv2.morphologyEx(block, cv2.MORPH_OPEN, numpy.ones((SOLID, SOLID), numpy.uint8))
    solid = cv2.dilate(broad, numpy.ones((5, 5), numpy.uint8)) > 0
    block[solid] = 0
    for gone, most in ((solid, STAR), *(() if stamped is None else ((stamped == RIM, BRIDGE),))):
        _bridge(block, gone, most)
        _bridge(block.T, gone.T, most)
    found = []
    for across, length in ((True, LONG), (False, TALL)):
        # A stroke bent by a pixel or two is whole again when it is thickened first.
        thick = cv2.dilate(block, numpy.ones((3, 1) if across else (1, 3), numpy.uint8))
        kernel = numpy.ones((1, length) if across else (length, 1), numpy.uint8)
        strokes = cv2.morphologyEx(thick, cv2.MORPH_OPEN, kernel)
        gap = numpy.ones((3, 15) if across else (15, 3), numpy.uint8)
        strokes = cv2.morphologyEx(strokes, cv2.MORPH_CLOSE, gap)
        count, marked, boxes, _ = cv2.connectedComponentsWithStats(strokes)
        for i in range(1, count):
            x, y, wide, high, area = (int(v) for v in boxes[i])
            long, thin = (wide, high) if across else (high, wide)
            if long < length or thin > 26 or area / long > 14:
                continue
            part = marked[y : y + high, x : x + wide] == i
            if across:
                at = y + float(numpy.median(numpy.nonzero(part)[0]))
                found.append((float(x), at, float(x + wide), at))
            else:
                at = x + float(numpy.median(numpy.nonzero(part)[1]))
                found.append((at, float(y), at, float(y + high)))
    return found if stamped is None else [s for s in found if not _is_covered(s, stamped)]


def _is_covered(stroke: tuple[float, float, float, float], stamped: Any) -> bool:
    """Whether all of a stroke is where a seal's ink was, or the star or name of one without colour."""
    x0, top, x1, bottom = (int(v) for v in stroke)
    return bool((stamped[top : bottom + 1, x0 : x1 + 1] > 0).all())
