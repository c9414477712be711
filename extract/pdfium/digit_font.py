"""Digits of a page whose font names another character than it shows.

The outline of each digit of a font is held against the digits of many fonts. A font whose map leads from two glyphs to one
digit shows by their sizes: all glyphs of one digit in one font are equally large. What is doubtful so is looked at in a
picture of the page, because a font may have several glyphs for one digit, and Type 3 fonts have no outlines.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain
from typing import Any, NamedTuple

from gongkai.extract.pdfium.calls import Box, Pieces, Placer, address_of, bind
from gongkai.extract.pdfium.camera import Camera
from gongkai.extract.pdfium.digit_shape import LIKELY, SAME, Contour, Shape, is_digit, is_other, trace, view

#: Pixels a point at which doubtful digits are looked at.
SCALE = 4.0
#: A font names a digit wrongly where at least this share of those that are looked at are others.
LIES = 0.2
#: Of digits that are one glyph by their sizes so many are looked at.
PICKED = 4
#: A character slanted by more than this, in radians, is not looked at.
SLANT = 0.1
#: Kinds of segments of a path, as PDFium numbers them.
_LINE, _CURVE, _MOVE = 0, 1, 2
#: An outline of more segments is no character.
MOST_SEGMENTS = 4_000
#: Pieces that a curve is drawn in.
PIECES = 6
#: How much each of a curve's four points counts at the end of each piece.
_WEIGHTS = [
    (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t)
    for t in (n / PIECES for n in range(1, PIECES + 1))
    for u in (1 - t,)
]
#: Sizes of one glyph, in shares of its width, differ by at most so much.
EQUAL = 0.004
#: A glyph and the outline that its font has for its character differ by at most so much.
ALIKE = 0.02
#: An outline lower and narrower than this, in points, leaves no ink.
INK = 0.1
#: A digit that begins so far above the foot of its line, or below it and is no higher, in heights of its font, is shifted.
#: Old-style digits that reach below the line are higher.
RAISED, LOWERED, SMALL = 0.15, 0.04, 0.5
#: A shape broader than this, in heights, is no digit.
BROADEST = 0.95
#: What stands for nothing in a box, or beside a number, and the digits that it may look like.
PLACEHOLDERS = {
    "/": "17",
    "\\": "17",
    "|": "1",
    "-": "1",
    "—": "1",
    "–": "1",
    "一": "1",
    "无": "",
    "、": "17",
    ".": "0",
    "〇": "0",
    "○": "0",
    "°": "0",
    "(": "1",
    ")": "17",
    "!": "1",
    "丨": "1",
}

#: Where the outline of a glyph begins, and how wide it is, in shares of the glyph's own width.
Size = tuple[float, float]
#: The points of a path: kind of segment, x, y.
Segments = tuple[tuple[int, int, int], ...]


def find_false_digits(
    pdfium: Any,
    page: Any,
    text: Any,
    codes: Sequence[int],
    where: Sequence[Box | None],
    place: Placer,
    doubtful: Collection[int],
    alike: Iterable[Sequence[int]],
) -> dict[int, bool]:
    """Of the doubtful characters digits that the page shows as others, and others that it shows as digits.

    The second part says whether its font names a digit wrongly: a good part of the page's digits of that name are others.
    A few may be printed over or cut. Of each list of `alike` digits, which are one glyph by their sizes, some are looked
    at, and the others where one of those is not what its font says.
    """
    if not doubtful:
        return {}
    camera = Camera(pdfium, page, place, SCALE)
    turned = ((i, where[i], _quarters(pdfium, text, i)) for i in sorted(doubtful))
    seen = {i: (box, turn) for i, box, turn in turned if box is not None and turn is not None}
    groups = [[i for i in numbers if i in seen] for numbers in alike]
    spared = set(chain.from_iterable(groups)).difference(*map(_pick_some, groups))
    shown = pdfium.FPDFPage_GetRotation(page)
    false = _look(camera, codes, {i: there for i, there in seen.items() if i not in spared}, shown)
    lying = chain.from_iterable(numbers for numbers in groups if not false.keys().isdisjoint(numbers))
    if suspects := sorted(spared.intersection(lying)):
        false |= _look(camera, codes, {i: seen[i] for i in suspects}, shown)
    looked = Counter(codes[i] for i in doubtful)
    lies = Counter(codes[i] for i, other in false.items() if other)
    return {i: other and lies[codes[i]] >= LIES * looked[codes[i]] for i, other in false.items()}


def _pick_some(numbers: Sequence[int]) -> Sequence[int]:
    """Some of these, from all over the page."""
    return numbers[:: max(1, math.ceil(len(numbers) / PICKED))]


def _look(
    camera: Camera, codes: Sequence[int], seen: Mapping[int, tuple[Box, int]], shown: int
) -> dict[int, bool]:
    """Of some characters those that are not what they are named, and whether they are another digit.

    `seen` has the box of each and how it is turned, `shown` how the page is.
    """
    false = {}
    pictures = camera.cut_out([box for box, _ in seen.values()])
    for (i, (_, turn)), picture in zip(seen.items(), pictures, strict=True):
        quarters = (turn + shown) % 4
        upright = picture.rotate(90 * quarters, expand=True) if quarters else picture
        shape, named = view(upright), chr(codes[i])
        if _is_false(shape, named, LIKELY):
            other = shape is not None and is_digit(shape, named, LIKELY)
            false[i] = other and unicodedata.digit(named, None) is not None
    return false


def find_shifted_digits(
    pdfium: Any, text: Any, codes: Sequence[int], where: Sequence[Box | None], doubtful: Collection[int]
) -> set[int]:
    """Of the doubtful digits those that their font draws raised or lowered, as marks of notes: they are of no number."""
    shifted = set()
    x, y = ctypes.c_double(), ctypes.c_double()
    refs = ctypes.addressof(x), ctypes.addressof(y)
    origin, measure, at = (
        bind(pdfium, "FPDFText_GetCharOrigin"),
        bind(pdfium, "FPDFText_GetCharBox"),
        address_of(text),
    )
    for i in doubtful:
        box = where[i]
        if box is None or not 48 <= codes[i] <= 57 or _quarters(pdfium, text, i) != 0:
            continue
        if origin(at, i, *refs) and measure(at, i, *_AT):
            high, (_, _, lower, upper) = abs(box[1] - box[3]), _SIDES
            foot = lower - y.value
            if foot > RAISED * high or (foot < -LOWERED * high and upper - lower < SMALL * high):
                shifted.add(i)
    return shifted


def _quarters(pdfium: Any, text: Any, number: int) -> int | None:
    """By how many quarters clockwise a character is turned; None where it is slanted, as in a watermark."""
    angle = pdfium.FPDFText_GetCharAngle(text, number)
    if not math.isfinite(angle):
        return None
    quarters = round(angle / (math.pi / 2))
    return quarters % 4 if abs(angle - quarters * math.pi / 2) < SLANT else None


def find_doubtful_digits(
    pdfium: Any, text: Any, codes: Sequence[int], where: Sequence[Box | None], pieces: Pieces
) -> tuple[set[int], list[list[int]]]:
    """The digits, and other characters that may stand in a number, whose outlines in their font are not surely theirs.

    And lists of those that are one glyph, by their sizes, only not the one that their font has for their character.
    """
    get_font = bind(pdfium, "FPDFTextObj_GetFont")
    kinds = {code: is_wanted(code) for code in set(codes)}
    beside = {n for i, code in enumerate(codes) if 48 <= code <= 57 for n in (i - 1, i + 1)}
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    for owner, numbers in pieces.items():
        font = 0
        for i in numbers:
            if (wanted := kinds[codes[i]]) or (wanted is None and i in beside):
                font = font or get_font(owner)
                groups[font, codes[i]].append(i)
    doubtful: set[int] = set()
    alike: list[list[int]] = []
    for (font, code), numbers in groups.items():
        character = chr(code)
        if character.isdecimal():
            outline = _find_outline(pdfium, font, character)
            sizes = [] if outline.is_lie else list(_measure(pdfium, text, numbers, where))
            odd = outline.is_lie or _differ(sizes, EQUAL)
            if not odd and _differ([*sizes[:1], *_expect(pdfium, font, code, outline)], ALIKE):
                alike.append(numbers)
        else:
            odd = not _is_broad(pdfium, text, numbers[0]) and _find_outline(pdfium, font, character).is_lie
        if odd:
            doubtful.update(numbers)
    return doubtful.union(*alike), alike


@cache
def is_wanted(code: int) -> bool | None:
    """Whether a character may be a number or stand for none; None for one that may only stand beside digits."""
    character = chr(code)
    if character in PLACEHOLDERS or unicodedata.digit(character, None) is not None:
        return True
    return False if character.isspace() or (character.isalpha() and code < 0x2E80) else None


_SIDES = (ctypes.c_double * 4)()
_AT = [ctypes.addressof(_SIDES) + 8 * n for n in range(4)]


def _is_broad(pdfium: Any, text: Any, number: int) -> bool:
    """Whether a character's outline is broader than that of any digit, as most Chinese characters are."""
    bind(pdfium, "FPDFText_GetCharBox")(address_of(text), number, *_AT)
    left, right, lower, upper = _SIDES
    return right - left > BROADEST * (upper - lower)


class Outline(NamedTuple):
    """Whether the outline that a font has for a character is not its own, and where it begins and ends.

    In thousandths of its size; it is a lie if a digit's is another, or another's is a digit's.
    """

    is_lie: bool
    left: int
    right: int


#: Outlines by some of their segments, their number, and the character.
_KNOWN: dict[tuple[Segments, int, str], Outline] = {}
#: So many segments, spread over an outline, tell it from others of as many; so many outlines are remembered.
SPREAD, MOST_KNOWN = 8, 20_000


def _find_outline(pdfium: Any, font: int, character: str) -> Outline:
    """The outline that a font has for a character; one of far too many segments is a lie."""
    path, count = _open_glyph(pdfium, font, ord(character))
    if not 0 <= count < MOST_SEGMENTS:
        return Outline(True, 0, 0)
    some = range(0, count, max(1, math.ceil(count / SPREAD)))
    key = _read_outline(pdfium, path, some), count, character
    if key not in _KNOWN:
        if len(_KNOWN) > MOST_KNOWN:
            _KNOWN.clear()
        segments = _read_outline(pdfium, path, range(count))
        is_lie = _is_false(trace(list(contours_of(segments))), character, SAME)
        across = [x for _, x, _ in segments]
        _KNOWN[key] = Outline(is_lie, min(across, default=0), max(across, default=0))
    return _KNOWN[key]


def read_glyph(pdfium: Any, font: int, code: int) -> Segments:
    """The outline that a font has for a character, in thousandths of its size; none of one of far too many segments."""
    path, count = _open_glyph(pdfium, font, code)
    return _read_outline(pdfium, path, range(count)) if 0 < count < MOST_SEGMENTS else ()


def _open_glyph(pdfium: Any, font: int, code: int) -> tuple[int, int]:
    """The path that a font has for a character, 0 for none, and how many segments it has."""
    # PDFium gives points in shares of the size, whatever size is asked for.
    path = bind(pdfium, "FPDFFont_GetGlyphPath")(font, code, 1.0)
    return path, bind(pdfium, "FPDFGlyphPath_CountGlyphSegments")(path) if path else 0


def _read_outline(pdfium: Any, path: int, numbers: Iterable[int]) -> Segments:
    """Segments of a glyph's outline, by their numbers, in thousandths of its size."""
    x, y = ctypes.c_float(), ctypes.c_float()
    at = ctypes.addressof(x), ctypes.addressof(y)
    get, point = bind(pdfium, "FPDFGlyphPath_GetGlyphPathSegment"), bind(pdfium, "FPDFPathSegment_GetPoint")
    kind = bind(pdfium, "FPDFPathSegment_GetType")
    found = []
    for i in numbers:
        segment = get(path, i)
        point(segment, *at)
        found.append((kind(segment), round(1000 * x.value), round(1000 * y.value)))
    return tuple(found)


def contours_of(segments: Iterable[tuple[int, float, float]]) -> Iterator[Contour]:
    """The closed lines of an outline, its curves in pieces."""
    contour: list[tuple[float, float]] = []
    curve: list[tuple[float, float]] = []
    for kind, x, y in segments:
        if kind == _MOVE:
            if contour:
                yield contour
            contour = [(x, y)]
        elif kind == _LINE:
            contour.append((x, y))
        else:
            curve.append((x, y))
            if len(curve) == 3:
                contour += _cut(contour[-1] if contour else curve[0], *curve)
                curve = []
    if contour:
        yield contour


def _cut(
    a: tuple[float, float], b: tuple[float, float], c: tuple[float, float], d: tuple[float, float]
) -> Iterator[tuple[float, float]]:
    """Points of a curve from a to d."""
    for w0, w1, w2, w3 in _WEIGHTS:
        yield w0 * a[0] + w1 * b[0] + w2 * c[0] + w3 * d[0], w0 * a[1] + w1 * b[1] + w2 * c[1] + w3 * d[1]


def is_false_digit(shape: Shape, character: str) -> bool:
    """Whether a character is named a digit, and its shape is another one."""
    return character.isdecimal() and _is_false(shape, character, SAME)


@lru_cache(4096)
def _is_false(shape: Shape | None, character: str, reach: float) -> bool:
    """Whether a shape is another digit than the character, or a digit where the character is none."""
    digit = unicodedata.digit(character, None)
    if character.isdecimal():
        return shape is None or is_other(shape, str(digit))
    if shape is None:
        return False
    alike = str(digit) if unicodedata.decomposition(character).startswith(("<super>", "<sub>")) else ""
    return is_digit(shape, alike + PLACEHOLDERS.get(character, ""), reach)


def _measure(
    pdfium: Any, text: Any, numbers: Sequence[int], where: Sequence[Box | None]
) -> Iterator[Size | None]:
    """The outline of each character in shares of its box, None where it leaves no ink."""
    measure, at = bind(pdfium, "FPDFText_GetCharBox"), address_of(text)
    get_angle = bind(pdfium, "FPDFText_GetCharAngle")
    for i in numbers:
        box = where[i]
        if box is None or not measure(at, i, *_AT):
            continue
        left, right, lower, upper = _SIDES
        if right - left < INK and upper - lower < INK:
            yield None
            continue
        wide, high = box[2] - box[0], box[1] - box[3]
        if not get_angle(at, i):
            if wide > 0:
                yield (left - box[0]) / wide, (right - left) / wide
            continue
        turn = _quarters(pdfium, text, i)
        if turn == 1 and high > 0:  # it runs down
            yield (box[1] - upper) / high, (upper - lower) / high
        elif turn == 3 and high > 0:
            yield (lower - box[3]) / high, (upper - lower) / high
        elif turn == 2 and wide > 0:
            yield (box[2] - right) / wide, (right - left) / wide
        elif wide > 0:
            yield (left - box[0]) / wide, (right - left) / wide


def _expect(pdfium: Any, font: int, code: int, outline: Outline) -> Iterator[Size]:
    """The size of a character's outline in its font; nothing where another font stands for one not in the file."""
    if bind(pdfium, "FPDFFont_GetIsEmbedded")(font) != 1:
        return
    width = ctypes.c_float()
    known = bind(pdfium, "FPDFFont_GetGlyphWidth")(font, code, 1.0, ctypes.addressof(width))
    if known and width.value > 0:
        left, right = outline.left / 1000 / width.value, outline.right / 1000 / width.value
        yield left, right - left


def _differ(sizes: Sequence[Size | None], by: float) -> bool:
    """Whether glyphs of one digit in one font differ in size, or one leaves no ink."""
    seen = [size for size in sizes if size is not None]
    return len(seen) < len(sizes) or any(max(side) - min(side) > by for side in zip(*seen, strict=True))
