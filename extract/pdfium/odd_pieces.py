"""Pieces of text that do not show what their characters say: turned, mirrored, with a text in place of theirs, or clipping."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gongkai.extract.page.matrix import Matrix, multiply
from gongkai.extract.pdfium.calls import Box, Pieces, bind
from gongkai.extract.pdfium.watermark import ink

#: Ways of painting text that make it a clip path: what is painted later shows in its shape.
_CLIPPING = (4, 5, 6, 7)
#: Text that is neither pale nor thin in itself: if it is transparent, a soft mask or a mode of blending makes it so.
OPAQUE = 255
#: Whether a piece is mirrored, and by how many quarters it is turned.
Facing = tuple[bool, int]
#: How plain text faces.
UPRIGHT: Facing = (False, 0)
#: A piece that is off a quarter by more than this share of one is slanted.
SLANT = 0.06
#: Dashes (– — ―), whose ink is lower than this share of its width.
DASHES, FLAT = "\u2013\u2014\u2015", 0.25
#: How much more a digit counts than a piece of text, for the way that a page faces.
MANY = 1000


def find_odd_pieces(
    pdfium: Any,
    codes: Sequence[int],
    pieces: Pieces,
    matrices: Iterable[Matrix],
    inside: Mapping[int, Matrix],
    where: Sequence[Box | None],
) -> tuple[dict[int, str], set[int]]:
    """What is odd about a character, by its number, and the characters that alone stand in place of another text.

    The second must be looked at: browsers write so what is there. `matrices` are those of the pieces, `inside` has the
    matrix of the form that a piece stands in. Dashes that are flat show what they are: browsers join two of them to one.
    """
    facing = _find_facings(pdfium, pieces, matrices, inside)
    usual = _usual_facing(codes, pieces, facing)
    plain = (usual, 0, 0, 0) if usual == UPRIGHT else ()
    odd: dict[int, str] = {}
    single: set[int] = set()
    modes = map(bind(pdfium, "FPDFTextObj_GetTextRenderMode"), pieces)
    transparent = map(bind(pdfium, "FPDFPageObj_HasTransparency"), pieces)
    marks = map(bind(pdfium, "FPDFPageObj_CountMarks"), pieces)
    states = zip(pieces.items(), facing.values(), modes, transparent, marks, strict=True)
    for (owner, numbers), faces, mode, clear, marked in states:
        if (faces, mode, clear, marked) == plain:
            continue  # as nearly all are
        if faces is not None and faces[0]:
            odd |= dict.fromkeys(numbers, "mirrored text")
        elif faces not in (usual, None):
            odd |= dict.fromkeys(numbers, "turned text")
        elif mode in _CLIPPING:
            odd |= dict.fromkeys(numbers, "text as a clip path")
        elif clear and ink(pdfium, owner)[3] == OPAQUE:
            odd |= dict.fromkeys(numbers, "text under a mask")
        elif marked and _has_replacement(pdfium, owner, marked):
            if len(numbers) == 1:
                single.update(numbers)
            elif not _are_flat_dashes(codes, where, numbers):
                odd |= dict.fromkeys(numbers, "text in place of another")
    return odd, single


def _are_flat_dashes(codes: Sequence[int], where: Sequence[Box | None], numbers: Iterable[int]) -> bool:
    return all(_is_flat_dash(codes[i], where[i]) for i in numbers)


def _is_flat_dash(code: int, box: Box | None) -> bool:
    return chr(code) in DASHES and box is not None and abs(box[3] - box[1]) < FLAT * abs(box[2] - box[0])


def _usual_facing(
    codes: Sequence[int], pieces: Mapping[int, Sequence[int]], facing: Mapping[int, Facing | None]
) -> Facing:
    """How most of the page's digits face; of a page without any, most of its pieces of text."""
    ways = set(facing.values()) - {None}
    if len(ways) < 2:
        return next((way for way in ways if way is not None), UPRIGHT)
    counts: Counter[Facing] = Counter()
    for owner, numbers in pieces.items():
        faces = facing[owner]
        if faces is not None:
            counts[faces] += 1 + MANY * sum(48 <= codes[i] <= 57 for i in numbers)
    return counts.most_common(1)[0][0]


def _find_facings(
    pdfium: Any, pieces: Pieces, matrices: Iterable[Matrix], inside: Mapping[int, Matrix]
) -> dict[int, Facing | None]:
    """How each piece faces."""
    room = (ctypes.c_float * len(pieces))()
    start = ctypes.addressof(room)
    for _ in map(bind(pdfium, "FPDFTextObj_GetFontSize"), pieces, range(start, start + 4 * len(pieces), 4)):
        pass
    facing: dict[int, Facing | None] = {}
    for owner, (a, b, c, d, _, _), size in zip(pieces, matrices, list(room), strict=True):
        if b == 0 == c and 0 < a < math.inf and 0 < d < math.inf and size > 0 and owner not in inside:
            facing[owner] = UPRIGHT  # as nearly all are
        else:
            facing[owner] = _face((a, b, c, d, 0.0, 0.0), size, inside.get(owner))
    return facing


def _face(matrix: Matrix, size: float, form: Matrix | None) -> Facing | None:
    """How a piece with a matrix and a font size faces in its form; None where it is slanted, as a stamp is."""
    a, b, c, d, *_ = matrix if form is None else multiply(matrix, form)
    if size < 0:  # a negative size turns the piece by half
        a, b = -a, -b
        c, d = -c, -d
    if not all(map(math.isfinite, (a, b, c, d))) or not (a or b):
        return None
    quarters = math.atan2(b, a) / (math.pi / 2)
    if abs(quarters - round(quarters)) > SLANT:
        return None
    return a * d - b * c < 0, round(quarters) % 4


_NAME, _LENGTH = (ctypes.c_ushort * 2)(), ctypes.c_ulong()
_ROOM = ctypes.addressof(_NAME), ctypes.sizeof(_NAME), ctypes.addressof(_LENGTH)


def _has_replacement(pdfium: Any, owner: int, marks: int) -> bool:
    """Whether a piece is marked with a text that stands in place of its own, for those who copy it (ActualText)."""
    get, mark = bind(pdfium, "FPDFPageObjMark_GetParamStringValue"), bind(pdfium, "FPDFPageObj_GetMark")
    return any(get(mark(owner, i), b"ActualText", *_ROOM) and _LENGTH.value > 2 for i in range(marks))
