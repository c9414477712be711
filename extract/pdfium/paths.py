"""What a page of a PDF draws beside its text: ruling lines, pictures, and how its forms place their text."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import Any, NamedTuple

from gongkai.extract.page.matrix import IDENTITY, Matrix, multiply, transform
from gongkai.extract.page.ruling_line import THIN, RulingLine, centre_line
from gongkai.extract.pdfium.calls import Box, Placer, address_of, bind, unpack_boxes
from gongkai.extract.pdfium.watermark import make_ink_test
from gongkai.model import BBox, TooLarge

#: A page with more objects is no report: a bomb, or a map.
MOST_OBJECTS = 60_000
#: Forms nested deeper than this are not looked into.
DEEPEST = 8

#: Kinds of objects, and of segments of a path, as PDFium numbers them.
_TEXT, _PATH, _IMAGE, _FORM = 1, 2, 3, 5
_LINE, _MOVE = 0, 2


def page_size(pdfium: Any, page: Any) -> tuple[float, float]:
    """Width and height of a page as displayed."""
    return pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)


def make_placer(pdfium: Any, page: Any) -> Placer:
    """From a box in the page's own space (left, bottom, right, top) to the page as displayed."""
    width, height = page_size(pdfium, page)
    box = [ctypes.c_float() for _ in range(4)]
    refs = [ctypes.byref(b) for b in box]
    if not pdfium.FPDFPage_GetCropBox(page, *refs) and not pdfium.FPDFPage_GetMediaBox(page, *refs):
        left, bottom = 0.0, 0.0
    else:
        left, bottom = min(box[0].value, box[2].value), min(box[1].value, box[3].value)
    turn = pdfium.FPDFPage_GetRotation(page)

    def upright(x0: float, y0: float, x1: float, y1: float) -> BBox:
        return x0 - left, height - (y1 - bottom), x1 - left, height - (y0 - bottom)

    def quarter(x0: float, y0: float, x1: float, y1: float) -> BBox:
        return y0 - bottom, x0 - left, y1 - bottom, x1 - left

    def half(x0: float, y0: float, x1: float, y1: float) -> BBox:
        return width - (x1 - left), y0 - bottom, width - (x0 - left), y1 - bottom

    def three(x0: float, y0: float, x1: float, y1: float) -> BBox:
        return width - (y1 - bottom), height - (x1 - left), width - (y0 - bottom), height - (x0 - left)

    return (upright, quarter, half, three)[turn % 4]


class Drawing(NamedTuple):
    """What a page draws.

    `images` are the areas of its pictures, in square points. `odd` are the pieces of text that are
    not painted plainly in black, None for those inside a form. `inside` has the matrix that places a piece of
    text inside a form, by the address of the piece.
    """

    rules: list[RulingLine]
    images: list[float]
    odd: list[Any]
    inside: dict[int, Matrix]


def read_drawing(pdfium: Any, page: Any, place: Placer, number: int) -> Drawing:
    """What the page of this number draws. Raises TooLarge where that is more than a report has."""
    count = pdfium.FPDFPage_CountObjects(page)
    if count > MOST_OBJECTS:
        raise TooLarge(f"page {number + 1}: {count:,} objects; the limit is {MOST_OBJECTS:,}")
    images: list[float] = []
    rules: list[RulingLine] = []
    odd: list[Any] = []
    inside: dict[int, Matrix] = {}
    items = list(map(bind(pdfium, "FPDFPage_GetObject"), repeat(address_of(page), count), range(count)))
    kinds = list(map(bind(pdfium, "FPDFPageObj_GetType"), items))
    bounds = iter(
        _read_bounds(pdfium, [item for item, what in zip(items, kinds, strict=True) if what == _PATH])
    )
    get, is_odd = pdfium.FPDFPage_GetObject, make_ink_test(pdfium)
    for i, what in enumerate(kinds):
        if what == _TEXT:
            item = get(page, i)
            if is_odd(item, i):
                odd.append(item)
        elif what == _PATH:
            box = next(bounds)
            if box is None:
                continue
            x0, top, x1, bottom = place(*box)
            if min(x1 - x0, bottom - top) <= THIN:
                rules.append(centre_line(x0, top, x1, bottom))
            else:
                rules.extend(_find_lines(pdfium, get(page, i), place, None))
        elif what == _IMAGE:
            images.append(_picture_area(matrix_of(pdfium, get(page, i))))
        elif what == _FORM:
            more, strange = _read_form(pdfium, get(page, i), place, rules, inside, None, 0)
            images += more
            odd += [None] * strange
    return Drawing(rules, images, odd, inside)


def _read_bounds(pdfium: Any, items: Sequence[int]) -> list[Box | None]:
    """The box (left, bottom, right, top) of each object, None where it draws nothing. `items` are addresses."""
    room = (ctypes.c_float * (4 * len(items)))()
    start = ctypes.addressof(room)
    end = start + ctypes.sizeof(room)
    sides = [range(start + 4 * side, end, 16) for side in range(4)]
    return unpack_boxes(room, list(map(bind(pdfium, "FPDFPageObj_GetBounds"), items, *sides)))


def _read_form(
    pdfium: Any,
    form: Any,
    place: Placer,
    rules: list[RulingLine],
    inside: dict[int, Matrix],
    outer: Matrix | None,
    depth: int,
) -> tuple[list[float], bool]:
    """Adds the ruling lines and pieces of text inside a form, placed by its matrix.

    Returns the areas of its pictures, and whether a piece of its text is not painted plainly in black.
    """
    if depth >= DEEPEST:
        return [], False
    own = matrix_of(pdfium, form)
    matrix = own if outer is None else multiply(own, outer)
    images: list[float] = []
    odd = False
    for i in range(min(pdfium.FPDFFormObj_CountObjects(form), MOST_OBJECTS)):
        item = pdfium.FPDFFormObj_GetObject(form, i)
        what = pdfium.FPDFPageObj_GetType(item)
        if what == _TEXT:
            odd = odd or make_ink_test(pdfium)(item, i)
            if matrix != IDENTITY:
                inside[address_of(item)] = matrix
        elif what == _PATH:
            rules.extend(_find_lines(pdfium, item, place, matrix))
        elif what == _IMAGE:
            images.append(_picture_area(multiply(matrix_of(pdfium, item), matrix)))
        elif what == _FORM:
            more, strange = _read_form(pdfium, item, place, rules, inside, matrix, depth + 1)
            images, odd = images + more, odd or strange
    return images, odd


def _picture_area(m: Matrix) -> float:
    """The area of a picture: a square of side one, moved by its matrix."""
    return abs(m[0] * m[3] - m[1] * m[2])


def matrix_of(pdfium: Any, item: Any) -> Matrix:
    """The matrix that moves an object into the space that it stands in."""
    m = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(item, ctypes.byref(m))
    return m.a, m.b, m.c, m.d, m.e, m.f


def _find_lines(pdfium: Any, item: Any, place: Placer, outer: Matrix | None) -> Iterator[RulingLine]:
    """The ruling lines of a path that is no thin shape as a whole.

    They are the straight parts of its strokes, and inside a form also its thin shapes.
    """
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item, ctypes.byref(fill), ctypes.byref(stroke))
    if not stroke.value and outer is None:
        return  # a white or shaded box behind something
    for x0, top, x1, bottom in _read_strokes(pdfium, item, place, outer):
        if min(x1 - x0, bottom - top) <= THIN and (stroke.value or outer is not None):
            yield centre_line(x0, top, x1, bottom)


def _read_strokes(pdfium: Any, item: Any, place: Placer, outer: Matrix | None) -> Iterator[BBox]:
    """The straight parts of a path, as boxes on the page."""
    own = matrix_of(pdfium, item)
    matrix = own if outer is None else multiply(own, outer)
    x, y = ctypes.c_float(), ctypes.c_float()
    start = now = (0.0, 0.0)
    for i in range(min(pdfium.FPDFPath_CountSegments(item), MOST_OBJECTS)):
        segment = pdfium.FPDFPath_GetPathSegment(item, i)
        pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        point = transform(matrix, x.value, y.value)
        what = pdfium.FPDFPathSegment_GetType(segment)
        if what == _MOVE:
            start = point
        elif what == _LINE:
            yield place(*_span(now, point))
        now = point
        if pdfium.FPDFPathSegment_GetClose(segment) and what != _MOVE:
            yield place(*_span(now, start))
            now = start


def _span(a: tuple[float, float], b: tuple[float, float]) -> Box:
    """The box between two points: left, bottom, right, top."""
    return min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])
