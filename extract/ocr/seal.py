"""A page scanned without colour → the same without the rims of its round seals, which hide the ruling lines."""

from __future__ import annotations

from typing import Any

import cv2
import numpy

from gongkai.extract.ocr.deskew import COVERED, RIM

#: Radius of official seals, in points: a township's seal measures 38 mm across, the State Council's 60 mm.
LEAST, MOST = 46.0, 92.0
#: Half the breadth of a rim, in points: it is 1 to 1.5 mm broad.
RIM_POINTS = 2.6
#: A circle of which at least this share is ink is a seal's rim.
DRAWN = 0.8
#: A rim, be it worn, is ink at one radius along this share of the circle. The print of a dense table is ink along two fifths.
ROUND = 0.6
#: A pixel this much darker than paper may belong to a rim; a seal in grey is paler than print.
FAINT = 40
#: A seal is empty between its star in the middle and the name along its rim; shares of the radius.
STAR, NAME = 0.4, 0.6
#: Points a pixel of the picture in which circles are looked for.
COARSE = 1.2
#: So many circles are tested: a page has one seal or two.
MANY = 8


def remove_ring(grey: Any, scale: float) -> tuple[Any, Any | None]:
    """A page (grey, `scale` points a pixel) without the rims of seals, and a mask of the seals.

    The mask is RIM where a rim was and COVERED where a seal may hide print; None where there is no
    seal. Name and star stay, because print under them cannot be separated from them.
    """
    paper = float(numpy.median(grey))
    dark = grey < paper - FAINT
    found = [_centre(grey, *c, scale) for c in _find_circles(grey, scale) if _is_drawn(dark, *c, scale)]
    found = [circle for circle in found if _is_round(dark, *circle, scale)]
    if not found:
        return grey, None
    where = numpy.zeros(grey.shape, numpy.uint8)
    for x, y, r in found:
        middle, radius, rim = (round(x), round(y)), round(r), _measure_rim(dark, x, y, r, scale)
        cv2.circle(where, middle, radius + rim, COVERED, -1)
        cv2.circle(where, middle, round(NAME * r), 0, -1)
        cv2.circle(where, middle, round(STAR * r), COVERED, -1)
        cv2.circle(where, middle, radius, RIM, rim)
    cleaned = grey.copy()
    cleaned[where == RIM] = numpy.uint8(paper)
    return cleaned, where


def _find_circles(grey: Any, scale: float) -> list[tuple[float, float, float]]:
    """Circles of a seal's size (middle and radius, in pixels), the likeliest first."""
    factor = scale / COARSE
    small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    least, most = round(LEAST / COARSE), round(MOST / COARSE)
    found = cv2.HoughCircles(
        small, cv2.HOUGH_GRADIENT, 1, 2 * least, param1=120, param2=28, minRadius=least, maxRadius=most
    )
    circles = [] if found is None else found[0][:MANY]
    return [(float(x) / factor, float(y) / factor, float(r) / factor) for x, y, r in circles]


def _is_drawn(dark: Any, x: float, y: float, r: float, scale: float) -> bool:
    """Whether a circle is ink nearly all the way round, and paper outside."""
    rim = RIM_POINTS / scale
    on = numpy.any([_pixels_along(dark, x, y, r + d) for d in numpy.arange(-rim, rim + 1)], axis=0).mean()
    outside = numpy.mean([_pixels_along(dark, x, y, r + d).mean() for d in (2 * rim, 3 * rim)])
    return bool(on >= DRAWN and outside < DRAWN / 2)


def _is_round(dark: Any, x: float, y: float, r: float, scale: float) -> bool:
    """Whether the ink of a circle stands at one radius: that of letters and lines beside each other stands at many."""
    rim = RIM_POINTS / scale
    return max(float(_pixels_along(dark, x, y, r + d).mean()) for d in numpy.arange(-rim, rim + 1)) >= ROUND


def _measure_rim(dark: Any, x: float, y: float, r: float, scale: float) -> int:
    """How broad a rim is, in pixels, with the blur on both sides."""
    reach = round(RIM_POINTS / scale)
    inked = [d for d in range(-reach, reach + 1) if _pixels_along(dark, x, y, r + d).mean() > 0.5]
    return 2 * max((abs(d) for d in inked), default=1) + 3


def _centre(grey: Any, x: float, y: float, r: float, scale: float) -> tuple[float, float, float]:
    """A circle moved to where its rim is darkest: the search for circles is some points off."""

    def darkness(circle: tuple[float, float, float]) -> float:
        return -float(
            sum(_pixels_along(grey, circle[0], circle[1], circle[2] + d).mean() for d in (-rim, 0, rim))
        )

    rim = 0.2 * RIM_POINTS / scale
    best, step = (x, y, r), 2.0 / scale
    while step > 0.3 / scale:
        near = [
            (best[0] + i * step, best[1] + j * step, best[2] + k * step)
            for i in _STEPS
            for j in _STEPS
            for k in _STEPS
        ]
        better = max([best, *near], key=darkness)
        step = step if better != best else step / 2
        best = better
    return best


_STEPS = (-1, 0, 1)


def _pixels_along(picture: Any, x: float, y: float, radius: float) -> Any:
    """The pixels along a circle, one a degree."""
    angles = numpy.linspace(0, 2 * numpy.pi, 360, endpoint=False)
    xs = numpy.clip(numpy.rint(x + radius * numpy.cos(angles)), 0, picture.shape[1] - 1).astype(int)
    ys = numpy.clip(numpy.rint(y + radius * numpy.sin(angles)), 0, picture.shape[0] - 1).astype(int)
    return picture[ys, xs]
