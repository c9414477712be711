"""Letters that a page draws as outlines below their own text, which is not painted → the text painted in their place.

Browsers make letters bold for which a font has no bold ones: Skia draws their outlines, thickened, and prints the same
letters over them with an alpha of 0, so that they can be copied. Where every outline has the shape of its letter, the
text is what the page shows.
"""

from __future__ import annotations

import ctypes
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from gongkai.extract.pdfium.calls import address_of, bind, list_objects
from gongkai.extract.pdfium.digit_font import contours_of, is_false_digit, read_glyph
from gongkai.extract.pdfium.digit_shape import Contour, distance, trace
from gongkai.extract.pdfium.paths import matrix_of, read_mode, read_segments

#: Kinds of objects, as PDFium numbers them.
_TEXT, _PATH = 1, 2
#: A letter and the same one thickened differ by less; most other letters have another number of contours as well.
THICKENED = 0.32
#: A contour belongs to the letter whose box its middle stands in, or beside it by so much, in points.
BESIDE = 0.4
#: An outline of more segments is no line of text.
MOST_SEGMENTS = 40_000

#: The boxes of the letters of a piece of text with their codes: left, right, bottom, top.
_Letter = tuple[int, tuple[float, float, float, float]]


def may_outline(data: bytes) -> bool:
    """Whether a file may hold text with an alpha of 0: it names that, or packs the part where it would."""
    return b"/ca 0" in data or b"/ObjStm" in data


def paint_outlined(pdfium: Any, page: Any) -> int:
    """Paints the text of a page that stands over its own outlines, and takes these away; how many were taken."""
    items = list_objects(pdfium, page)
    kinds = list(map(bind(pdfium, "FPDFPageObj_GetType"), items))
    runs = _find_runs(pdfium, items, kinds)
    if not runs:
        return 0
    text = pdfium.FPDFText_LoadPage(page)
    try:
        letters = _read_letters(pdfium, text, set(chain.from_iterable(runs.values())))
    finally:
        pdfium.FPDFText_ClosePage(text)
    same = [path for path, pieces in runs.items() if _is_same(pdfium, path, pieces, letters)]
    get, fill = bind(pdfium, "FPDFPageObj_GetFillColor"), bind(pdfium, "FPDFPageObj_SetFillColor")
    for path in same:
        get(path, *_PARTS)
        for piece in runs[path]:
            fill(piece, *_COLOUR)
        bind(pdfium, "FPDFPage_RemoveObject")(address_of(page), path)
        bind(pdfium, "FPDFPageObj_Destroy")(path)
    return len(same)


def _find_runs(pdfium: Any, items: Sequence[int], kinds: Sequence[int]) -> dict[int, list[int]]:
    """The paths that pieces of text which are not painted stand behind, with these pieces."""
    runs: dict[int, list[int]] = defaultdict(list)
    path = 0
    for item, kind in zip(items, kinds, strict=True):
        if kind == _PATH:
            path = item
        elif path and kind == _TEXT and _is_unpainted(pdfium, item):
            if runs[path] or read_mode(pdfium, path) == (True, False):
                runs[path].append(item)
        else:
            path = 0
    return {path: pieces for path, pieces in runs.items() if pieces}


_COLOUR = (ctypes.c_uint * 4)()
_PARTS = [ctypes.addressof(_COLOUR) + 4 * n for n in range(4)]


def _is_unpainted(pdfium: Any, piece: int) -> bool:
    """Whether a piece of text has an alpha of 0."""
    if not bind(pdfium, "FPDFPageObj_HasTransparency")(piece):
        return False
    return bind(pdfium, "FPDFPageObj_GetFillColor")(piece, *_PARTS) != 0 and _COLOUR[3] == 0


def _read_letters(pdfium: Any, text: Any, pieces: set[int]) -> dict[int, list[_Letter]]:
    """The letters of some pieces of text."""
    own: dict[int, list[_Letter]] = defaultdict(list)
    at, owner = address_of(text), bind(pdfium, "FPDFText_GetTextObject")
    sides = (ctypes.c_double * 4)()
    refs = [ctypes.addressof(sides) + 8 * n for n in range(4)]
    for i in range(pdfium.FPDFText_CountChars(text)):
        piece = owner(at, i)
        code = pdfium.FPDFText_GetUnicode(text, i) if piece in pieces else 0
        if code > 32 and bind(pdfium, "FPDFText_GetCharBox")(at, i, *refs):
            own[piece].append((code, (sides[0], sides[1], sides[2], sides[3])))
    return own


def _is_same(pdfium: Any, path: int, pieces: Sequence[int], letters: Mapping[int, Sequence[_Letter]]) -> bool:
    """Whether a path draws the letters of these pieces, and nothing else."""
    if bind(pdfium, "FPDFPageObj_HasTransparency")(path):
        return False
    if bind(pdfium, "FPDFPath_CountSegments")(path) > MOST_SEGMENTS:
        return False
    segments = ((kind, x, y) for _, kind, (x, y) in read_segments(pdfium, path, matrix_of(pdfium, path)))
    contours = [(_find_middle(contour), contour) for contour in contours_of(segments)]
    drawn = 0
    for piece in pieces:
        font = bind(pdfium, "FPDFTextObj_GetFont")(piece)
        for code, (left, right, low, high) in letters.get(piece, ()):
            columns = left - BESIDE, right + BESIDE
            rows = low - BESIDE, high + BESIDE
            own = [c for (x, y), c in contours if columns[0] <= x <= columns[1] and rows[0] <= y <= rows[1]]
            if not _is_letter(own, list(contours_of(read_glyph(pdfium, font, code))), chr(code)):
                return False
            drawn += len(own)
    return drawn == len(contours) > 0


def _is_letter(own: Sequence[Contour], known: Sequence[Contour], character: str) -> bool:
    """Whether contours are those that a font has for a character, but for their thickness."""
    if len(own) != len(known):
        return False
    shape, expected = trace(own), trace(known)
    if shape is None or expected is None:
        return not own
    return distance(shape, expected) <= THICKENED and not is_false_digit(shape, character)


def _find_middle(contour: Contour) -> tuple[float, float]:
    xs, ys = zip(*contour, strict=True)
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
