"""The shape of a printed character → whether it is the digit that its font names.

A font in a PDF or OFD file says which character each of its glyphs is, and the file may say it wrongly: the page shows 3
and the text has 8. A glyph is therefore compared with the digits of many fonts. Shapes are stretched to one grid; how dark
each square is counts in steps, one bit a step, so that the difference of two shapes is the number of bits that differ.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from PIL.Image import Image

#: Squares across and down, rows of a square that are looked at, and how dark (of 1) a square is for each of its bits.
WIDE, HIGH, FINE = 10, 14, 4
STEPS = (0.19, 0.41, 0.63, 0.85)
#: The bits of a shape.
_ALL = WIDE * HIGH * len(STEPS)
#: The bits of a square by how many of the steps it is darker than, as digits of base 16: four steps, four bits.
_SQUARES = "0137f"
#: What a shape twice as broad as another counts, in shares of all bits.
BROAD = 0.15
#: A shape as near as this to a digit of a known font is that digit: the nearest two digits are further apart.
SAME = 0.08
#: A shape is another digit than the one named where that one is so many times as far. Of fonts that were left out of
#: the comparison 3 digits in 1,260 passed it, all of slanted display fonts; 0.3 % of wrong names stay below it.
FURTHER = 1.2
#: A shape nearer than this to a digit probably is one, in whatever font.
LIKELY = 0.2
#: A shape further than this from every digit is none.
NO_DIGIT = 0.45

#: A picture of a character that is dark in a larger share of it has a dark ground: no digit inks so much of its box.
GROUND = 0.6

#: A closed line of points.
Contour = Sequence[tuple[float, float]]


class Shape(NamedTuple):
    """A glyph on the grid, and how broad it is for its height."""

    bits: int
    aspect: float


def trace(contours: Sequence[Contour]) -> Shape | None:
    """The shape that contours enclose, y growing upwards; None where they enclose nothing."""
    points = [point for contour in contours for point in contour]
    if not points:
        return None
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    low, top = min(y for _, y in points), max(y for _, y in points)
    if right - left <= 0 or top - low <= 0:
        return None
    across, down = WIDE / (right - left), HIGH * FINE / (top - low)
    rows: list[list[float]] = [[] for _ in range(HIGH * FINE)]
    for contour in contours:
        places = [((x - left) * across, (top - y) * down) for x, y in contour]
        for i, place in enumerate(places):
            _cross(rows, places[i - 1], place)
    dark = [0.0] * (WIDE * HIGH)
    for n, crossings in enumerate(rows):
        crossings.sort()
        for start, end in zip(crossings[::2], crossings[1::2], strict=len(crossings) % 2 == 0):
            _darken(dark, n // FINE * WIDE, start, end)
    return Shape(_encode([value / FINE for value in dark]), (right - left) / (top - low))


def _cross(rows: Sequence[list[float]], a: tuple[float, float], b: tuple[float, float]) -> None:
    """Adds where a stroke crosses the middle of each row."""
    (x0, y0), (x1, y1) = (a, b) if a[1] <= b[1] else (b, a)
    for n in range(max(0, math.ceil(y0 - 0.5)), min(len(rows), math.ceil(y1 - 0.5))):
        rows[n].append(x0 + (x1 - x0) * (n + 0.5 - y0) / (y1 - y0))


def _darken(dark: list[float], first: int, start: float, end: float) -> None:
    """Adds what a stretch of a row covers to the squares of that row."""
    for n in range(int(start), min(WIDE, math.ceil(end))):
        dark[first + n] += min(end, n + 1) - max(start, n)


def view(picture: Image) -> Shape | None:
    """The shape in a grey picture, dark on light or light on dark; None where there is no ink."""
    counts = picture.histogram()
    shades = [shade for shade, count in enumerate(counts) if count]
    if not shades:
        return None
    darkest, lightest = shades[0], shades[-1]
    dark = sum(counts[: (darkest + lightest) // 2 + 1])
    # bytes are translated: Pillow rounds each of 256 numbers whenever it is given a table
    data = picture.tobytes().translate(_stretch(darkest, lightest, dark > GROUND * sum(counts)))
    ink = picture.copy()
    ink.frombytes(data.translate(_INKED))
    box = ink.getbbox()
    if box is None:
        return None
    ink.frombytes(data)
    ink = ink.crop(box)
    most = ink.getextrema()[1]
    squares = ink.resize((WIDE, HIGH)).tobytes().translate(_encode_shades(most))
    return Shape(int(squares, 16), ink.width / ink.height)


#: From which shade on a square of a picture has ink.
_INKED = bytes([0] * 64 + [255] * 192)


@lru_cache(1024)
def _stretch(darkest: int, lightest: int, is_light: bool) -> bytes:
    """How much ink each shade of a picture is; `is_light`: light characters on a dark ground."""
    if is_light:
        return bytes([min(255, max(0, v - darkest)) for v in range(256)])
    return bytes([min(255, max(0, lightest - v)) for v in range(256)])


@cache
def _encode_shades(most: int) -> bytes:
    """The bits of a square by its shade, of a picture whose strongest ink is `most`."""
    return "".join(_SQUARES[bisect_left(STEPS, shade / most)] for shade in range(256)).encode("ascii")


def _encode(dark: Sequence[float]) -> int:
    return int("".join([_SQUARES[bisect_left(STEPS, value)] for value in dark]), 16)


@cache
def known_digits() -> dict[str, list[Shape]]:
    """The digits of many fonts; bench/digit_shapes.py makes the file."""
    known: dict[str, list[Shape]] = {digit: [] for digit in "0123456789"}
    for line in files(__package__).joinpath("digit_shapes.txt").read_text("ascii").splitlines():
        digit, aspect, bits = line.split()
        known[digit].append(Shape(int(bits, 16), float(aspect)))
    return known


def distance(one: Shape, other: Shape) -> float:
    """How much two shapes differ: 0 for the same, some 0.05 for one digit in two fonts alike, 0.2 for two digits."""
    bits = (one.bits ^ other.bits).bit_count() / _ALL
    return bits + BROAD * abs(math.log2(one.aspect / other.aspect))


def _is_near(shape: Shape, shapes: Sequence[Shape], reach: float) -> bool:
    """Whether one of the shapes is nearer than `reach`; most differ by more in their bits alone."""
    most, bits = reach * _ALL + 1, shape.bits
    return any((bits ^ other.bits).bit_count() < most and distance(shape, other) < reach for other in shapes)


_BITS = itemgetter(0)


def _nearest(shape: Shape, shapes: Sequence[Shape], best: float = math.inf) -> float:
    """The distance of the nearest shape, or `best` where none is nearer; few are measured: bits alone differ by more."""
    bits = shape.bits
    counts = list(map(int.bit_count, map(bits.__xor__, map(_BITS, shapes))))
    least = min(counts)
    if least / _ALL < best:
        best = min(best, distance(shape, shapes[counts.index(least)]))
    if least / _ALL >= best:
        return best
    for other, count in zip(shapes, counts, strict=True):
        if count / _ALL < best:
            best = min(best, distance(shape, other))
    return best


def is_other(shape: Shape, digit: str, known: Mapping[str, Sequence[Shape]] | None = None) -> bool:
    """Whether a shape is surely not the digit that its font names: it is nearer to another, or like none.

    `known` are the digits that it is held against, those of the file by default.
    """
    known = known_digits() if known is None else known
    if _is_near(shape, known[digit], SAME):
        return False
    best = own = _nearest(shape, known[digit])
    for shapes in known.values():
        best = _nearest(shape, shapes, best)
    return own > FURTHER * best or best > NO_DIGIT


def is_digit(shape: Shape, but: str = "", reach: float = SAME) -> bool:
    """Whether a shape is a digit, those in `but` aside: surely, or with a wider `reach` probably."""
    return any(_is_near(shape, shapes, reach) for digit, shapes in known_digits().items() if digit not in but)
