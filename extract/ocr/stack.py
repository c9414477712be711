"""A line of text in a picture that is higher than broad → its characters, if they stand below each other."""

from __future__ import annotations

import itertools
from typing import Any

import numpy

from gongkai.extract.ocr.deskew import INK
from gongkai.extract.ocr.ppocr import Box

#: A stack of characters is at least so many times as high as broad.
TALL = 1.5
#: From one character of a stack to the next are so many times its breadth, about; no character is higher, or lower, than these.
PITCH, HIGHEST, LOWEST = 1.2, 1.35, 0.6
#: A level line that closes a box, within a crop: ink along so much of its breadth, so near to its rim (pixels).
ALONG, RIM = 0.9, 6


def crop_box(grey: Any, box: Box) -> Any:
    """The pixels of a box."""
    x0, y0, x1, y1 = box
    return grey[max(0, int(y0)) : int(y1) + 1, max(0, int(x0)) : int(x1) + 1]


def cut_stack(grey: Any, box: Box) -> list[Box]:
    """The boxes of the characters that stand below each other in a line's box; one where it is no such stack.

    Between two characters is a row without ink, where the next is due: parts of one character stand apart as well.
    """
    x0, y0, x1, y1 = box
    if y1 - y0 < TALL * (x1 - x0):
        return [box]
    crop = crop_box(grey, box)
    dark = crop < float(numpy.percentile(crop, 90)) - INK
    _drop_walls(dark)
    _drop_walls(dark.T)
    rows, columns = numpy.flatnonzero(dark.any(axis=1)), numpy.flatnonzero(dark.any(axis=0))
    if not rows.size:
        return [box]
    top, bottom, wide = int(rows[0]), int(rows[-1]) + 1, int(columns[-1] - columns[0]) + 1
    count = round((bottom - top - wide) / (PITCH * wide)) + 1
    blank = numpy.flatnonzero(~dark.any(axis=1))
    due = [top + (bottom - top) * n / count for n in range(1, count)]
    cuts = [top, *(int(min(blank, key=lambda row: abs(row - at), default=top)) for at in due), bottom]
    if not all(LOWEST * wide <= b - a <= HIGHEST * wide for a, b in itertools.pairwise(cuts)):
        return [box]
    begin = max(0, int(y0))
    ends = [y0, *(float(begin + cut) for cut in cuts[1:-1]), y1]
    return [(x0, a, x1, b) for a, b in itertools.pairwise(ends)]


def _drop_walls(dark: Any) -> None:
    """Takes away (in place) the upright lines at the sides of a crop, with what stands behind them."""
    walls = dark.mean(axis=0) > ALONG
    left, right = numpy.flatnonzero(walls[:RIM]), numpy.flatnonzero(walls[-RIM:])
    if left.size:
        dark[:, : int(left[-1]) + 2] = False
    if right.size:
        dark[:, dark.shape[1] - RIM + int(right[0]) - 1 :] = False
