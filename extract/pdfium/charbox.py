"""Where each character of a page stands: PDFium's boxes, corrected where PDFium errs.

A box is (left, top, right, bottom) in points in the page's own space, where y grows upwards.
"""

from __future__ import annotations

import ctypes
import math
from array import array
from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat
from operator import sub
from typing import Any

from gongkai.extract.page.matrix import Matrix, transform
from gongkai.extract.pdfium.calls import Box, Pieces, address_of, bind, unpack_boxes

#: Of characters taller than this, in points, the outline is measured too.
TALL = 20.0
#: A box so many times as large as the outline in it is wrong.
ABSURD = 4.0
#: Letters that lean more than this, in shares of their height, are no italics.
STEEP = 0.5
#: An outline lower than this, in points, is a full stop or a dash.
SPECK = 4.0
#: A box higher than so many times its font's size reaches into the lines above and below.
HIGH = 1.8
#: How far a Chinese character goes above and below the line that it is written on, in shares of the font's size.
ABOVE, BELOW = 0.88, 0.12
#: Chinese characters and their radicals have codes from here on; they are as wide as their font's size.
FIRST_CHINESE = 0x2E80


def locate_characters(
    pdfium: Any, text: Any, count: int, inside: Mapping[int, Matrix]
) -> tuple[list[Box | None], set[int]]:
    """The box of every character, None where PDFium has none, and the numbers of those whose place is not known.

    `inside` has the matrix that places a piece of text inside a form, by the address of the piece.
    """
    room = (ctypes.c_float * (4 * count))()
    start = ctypes.addressof(room)
    get = bind(pdfium, "FPDFText_GetLooseCharBox")
    have = list(map(get, repeat(address_of(text), count), range(count), range(start, start + 16 * count, 16)))
    found = unpack_boxes(room, have)
    sides = array("f", bytes(room))
    stands = math.isfinite(sum(sides))
    if not stands:  # a damaged matrix: its letters stand nowhere
        found = [box if box is not None and all(map(math.isfinite, box)) else None for box in found]
    astray = _correct_forms(pdfium, text, found, inside) if inside else set()
    tallest = max(map(abs, map(sub, sides[1::4], sides[3::4])), default=0.0)
    if not stands or inside or tallest > TALL:
        for i, box in enumerate(found):
            if box is not None and abs(box[1] - box[3]) > TALL:
                found[i] = _measure_tall(pdfium, text, i, box)
    return found, astray


def straighten(matrices: Iterable[Matrix], pieces: Pieces, where: list[Box | None]) -> None:
    """Narrows the boxes of slanted letters: the upright box around one reaches into the boxes beside it.

    `matrices` are those of the pieces.
    """
    for (a, b, c, d, _, _), numbers in zip(matrices, pieces.values(), strict=True):
        if c == 0 or b != 0 or a == 0 or d == 0 or not math.isfinite(c / d) or abs(c / d) > STEEP:
            continue
        for i in numbers:
            if (box := where[i]) is not None:
                off = min(abs(c / d * (box[1] - box[3])) / 2, (box[2] - box[0]) / 4)
                where[i] = box[0] + off, box[1], box[2] - off, box[3]


def lower(
    pdfium: Any, text: Any, codes: Sequence[int], pieces: Mapping[int, Sequence[int]], where: list[Box | None]
) -> None:
    """Lowers the boxes of fonts that tell a height for all their characters together, as a rewritten PDF's may.

    Such a font is thrice as high as its size: lines that follow each other in one box of a table would mix.
    """
    if not any(_is_high(where[i]) for numbers in pieces.values() if codes[i := numbers[0]] >= FIRST_CHINESE):
        return
    for numbers in pieces.values():
        size = _font_size(pdfium, text, numbers[0])
        for i in numbers if size else ():
            box = where[i]
            if box is not None and box[1] - box[3] > HIGH * size:
                y = _origin(pdfium, text, i)
                where[i] = box if y is None else (box[0], y + ABOVE * size, box[2], y - BELOW * size)


def _is_high(box: Box | None) -> bool:
    return box is not None and box[1] - box[3] > HIGH * (box[2] - box[0])


def _font_size(pdfium: Any, text: Any, i: int) -> float:
    """The size of a character's font on the page, in points; 0 where its text does not run level."""
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFText_GetMatrix(text, i, ctypes.byref(matrix)) or matrix.b or matrix.c:
        return 0.0
    size = abs(float(pdfium.FPDFText_GetFontSize(text, i) * matrix.d))
    return size if math.isfinite(size) else 0.0


def _origin(pdfium: Any, text: Any, i: int) -> float | None:
    """The height of the line that a character is written on."""
    x, y = ctypes.c_double(), ctypes.c_double()
    got = pdfium.FPDFText_GetCharOrigin(text, i, ctypes.byref(x), ctypes.byref(y))
    return y.value if got and math.isfinite(y.value) else None


def _measure_tall(pdfium: Any, text: Any, i: int, loose: Box) -> Box:
    """The box of a tall character: that of its outline where PDFium's own box is far too large.

    It is too large for fonts that write downwards: PDFium takes their size without the page's scale.
    """
    tight = _outline(pdfium, text, i)
    if tight is None or tight[0] == tight[2]:
        return loose
    beside = (
        tight[2] < loose[0]
        or tight[0] > loose[2]
        or tight[1] < min(loose[1::2])
        or tight[3] > max(loose[1::2])
    )
    least = min(loose[2] - loose[0], abs(loose[1] - loose[3]))
    return tight if beside or ABSURD * max(tight[2] - tight[0], tight[1] - tight[3]) < least else loose


def _correct_forms(pdfium: Any, text: Any, found: list[Box | None], inside: Mapping[int, Matrix]) -> set[int]:
    """Corrects the boxes of characters in forms; the numbers of those that fit nowhere.

    PDFium gives some characters a box in the form's space and not in the page's: those that Unicode takes for
    another, as the radical ⾏ for 行. They would stand in other boxes of a table.
    """
    astray = set()
    piece = bind(pdfium, "FPDFText_GetTextObject")
    where, sides = address_of(text), (ctypes.c_float * 4)()
    refs = [ctypes.addressof(sides) + 4 * n for n in range(4)]
    bounds = bind(pdfium, "FPDFPageObj_GetBounds")
    for i, box in enumerate(found):
        item = piece(where, i)
        matrix = inside.get(item)
        if box is None or matrix is None or not bounds(item, *refs):
            continue
        own = _transform_box(matrix, (sides[0], sides[3], sides[2], sides[1]))
        if _fits(own, box):
            continue
        tight = _outline(pdfium, text, i)
        moved = None if tight is None else _transform_box(matrix, tight)
        if moved is not None and _fits(own, moved):
            found[i] = (moved[0], own[1], moved[2], own[3])
        else:
            found[i] = own
            astray.add(i)
    return astray


def _outline(pdfium: Any, text: Any, i: int) -> Box | None:
    """The box of a character's outline."""
    sides = [ctypes.c_double() for _ in range(4)]
    if not pdfium.FPDFText_GetCharBox(text, i, *map(ctypes.byref, sides)):
        return None
    left, right, lower, upper = (side.value for side in sides)
    return left, upper, right, lower


def _transform_box(matrix: Matrix, box: Box) -> Box:
    """The upright box around a box after a matrix moved it."""
    corners = [transform(matrix, x, y) for x in box[::2] for y in box[1::2]]
    xs, ys = zip(*corners, strict=True)
    return min(xs), max(ys), max(xs), min(ys)


def _fits(own: Box, box: Box) -> bool:
    """Whether a character's box is where its piece of text is: the middle of one lies in the other.

    A full stop or a dash fills only a speck of its box; other characters are about as high as theirs.
    """
    high, higher = own[1] - own[3], box[1] - box[3]
    return (_has_middle(own, box) or _has_middle(box, own)) and (high < SPECK or higher < 2 * high)


def _has_middle(outer: Box, inner: Box) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] - 1 <= x <= outer[2] + 1 and outer[3] - 1 <= y <= outer[1] + 1
