"""What a page of a PDF draws beside its text: ruling lines, pictures, and how its forms place their text."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from gongkai.extract.page.matrix import IDENTITY, Matrix, multiply, transform
from gongkai.extract.page.ruling_line import THIN, RulingLine, centre_line
from gongkai.extract.pdfium.calls import Box, Placer, address_of, bind, list_objects, read_bounds
from gongkai.extract.pdfium.clip_path import find_clipped
from gongkai.extract.pdfium.visible import Doubts, may_be_unseen
from gongkai.extract.pdfium.watermark import find_odd_inks, ink, is_light, lightness, make_ink_test
from gongkai.model import BBox, TooLarge

#: A page with more objects is no report: a bomb, or a map.
MOST_OBJECTS = 60_000
#: Forms nested deeper than this are not looked into.
DEEPEST = 8

#: Kinds of objects, and of segments of a path, as PDFium numbers them.
_TEXT, _PATH, _IMAGE, _SHADING, _FORM = 1, 2, 3, 4, 5
_LINE, _CURVE, _MOVE = 0, 1, 2
#: A path of at most so many segments is a line or a box.
PLAIN = 5
#: What PDFium gives as the colour of a pattern, in which anything may be drawn.
PATTERN = (191, 191, 191, 255)
#: A ground darker than this, of 1, may hide dark text.
GROUND = 0.65
#: A drawing of more segments that is no higher or no broader than this, in points, may be a character or a round frame.
LETTER = 30.0


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

    `images` are the boxes of its pictures on the page as displayed. `odd` are the pieces of text that are
    not painted plainly in black, None for those inside a form. `inside` has the matrix that places a piece of
    text inside a form, by the address of the piece. `doubts`: why some of its text may not be seen.
    `annotated` are lines that annotations draw: they strike text, but are no walls of boxes. `noted` are the boxes of
    annotations on the page as displayed.
    """

    rules: list[RulingLine]
    images: list[BBox]
    odd: list[Any]
    inside: dict[int, Matrix]
    doubts: Doubts
    annotated: list[RulingLine]
    noted: list[BBox]


def read_drawing(
    pdfium: Any, page: Any, place: Placer, number: int, layers: bool, own: int | None = None
) -> Drawing:
    """What the page of this number draws; `layers`: the file may have optional layers.

    `own`: so many of its objects are its own, and the others are annotations; None where it has none.

    Raises TooLarge where that is more than a report has.
    """
    count = pdfium.FPDFPage_CountObjects(page)
    if count > MOST_OBJECTS:
        raise TooLarge(f"page {number + 1}: {count:,} objects; the limit is {MOST_OBJECTS:,}")
    drawing = Drawing([], [], [], {}, Doubts(), [], [])
    items = list_objects(pdfium, page)
    kinds = list(map(bind(pdfium, "FPDFPageObj_GetType"), items))
    bounds = read_bounds(pdfium, items)
    size = bind(pdfium, "FPDFPath_CountSegments")
    for i, (item, what, box) in enumerate(zip(items, kinds, bounds, strict=True)):
        if box is None:
            continue
        if own is not None and i >= own:
            drawing.noted.append(place(*box))
        if what == _PATH:
            x0, top, x1, bottom = placed = place(*box)
            wide, high = x1 - x0, bottom - top
            thin, long = (wide, high) if wide < high else (high, wide)
            if thin <= THIN and (
                long > LETTER or size(item) <= PLAIN
            ):  # pieces of dotted lines, by thousands
                drawing.rules.append(centre_line(x0, top, x1, bottom))
            else:
                _read_path(pdfium, i, item, box, placed, place, drawing)
        elif what != _TEXT:
            noted = own is not None and i >= own
            _read_other(pdfium, i, item, what, box, place, _set_apart(drawing) if noted else drawing)
    _read_texts(pdfium, page, items, kinds, bounds, drawing, layers)
    return drawing


def _set_apart(drawing: Drawing) -> Drawing:
    """The same drawing, whose ruling lines from now on are those of annotations."""
    return drawing._replace(rules=drawing.annotated)


def _read_path(
    pdfium: Any, number: int, path: int, box: Box, placed: BBox, place: Placer, drawing: Drawing
) -> None:
    """Adds a path that is no ruling line as a whole to what the page draws: the ground of a box, or another shape."""
    x0, top, x1, bottom = placed
    thin = min(x1 - x0, bottom - top) <= THIN
    is_shape = _is_shape(pdfium, path)
    if is_shape or (not thin and read_mode(pdfium, path)[0] and ink(pdfium, path) == PATTERN):
        drawing.doubts.shapes.append((x0, top, x1, bottom))
    if not thin and not (is_shape and min(x1 - x0, bottom - top) < LETTER):
        drawing.rules.extend(_find_lines(pdfium, path, place, None))
    if not thin and read_mode(pdfium, path)[0]:
        # A dark ground hides dark text that is painted over it.
        at = MOST_OBJECTS if lightness(ink(pdfium, path)) < GROUND else number
        drawing.doubts.covers.append((at, box))


def _read_other(
    pdfium: Any, number: int, item: int, what: int, box: Box, place: Placer, drawing: Drawing
) -> None:
    """Adds a picture, a shading or a form to what the page draws."""
    if what == _FORM:
        more, strange = _read_form(pdfium, item, place, drawing, None, 0)
        drawing.images.extend(more)
        drawing.odd.extend([None] * strange)
        if bind(pdfium, "FPDFPageObj_HasTransparency")(item):
            drawing.doubts.shapes.append(place(*box))  # its mask may have the shape of a character
    elif what == _IMAGE:
        drawing.images.append(place(*box))
    drawing.doubts.covers.append((MOST_OBJECTS if what in (_IMAGE, _SHADING) else number, box))
    if what in (_IMAGE, _SHADING):
        drawing.doubts.shapes.append(place(*box))


def _read_texts(
    pdfium: Any,
    page: Any,
    items: Sequence[int],
    kinds: Sequence[int],
    boxes: Sequence[Box | None],
    drawing: Drawing,
    layers: bool,
) -> None:
    """Notes of the pieces of text on a page which may not be seen, and which are not plainly black."""
    numbers = [i for i, what in enumerate(kinds) if what == _TEXT]
    texts = [items[i] for i in numbers]
    drawing.odd.extend(pdfium.FPDFPage_GetObject(page, numbers[n]) for n in find_odd_inks(pdfium, texts))
    bounds = [boxes[i] for i in numbers]
    doubts = drawing.doubts
    placed = [(i, box) for i, box in zip(numbers, bounds, strict=True) if box is not None]
    doubts.texts.extend(placed)
    doubts.items.extend(items[i] for i, _ in placed)
    doubts.suspects.update(address_of(i) for i in drawing.odd if i is not None and is_light(pdfium, i))
    doubts.suspects.update(filter(bind(pdfium, "FPDFPageObj_HasTransparency"), texts))
    doubts.certain = doubts.certain or may_be_unseen(pdfium, texts, layers)
    if not doubts.certain:
        doubts.clipped = find_clipped(pdfium, texts, bounds)


def _read_form(
    pdfium: Any, form: int, place: Placer, drawing: Drawing, outer: Matrix | None, depth: int
) -> tuple[list[BBox], bool]:
    """Adds the ruling lines, shapes and pieces of text inside a form, placed by its matrix.

    Returns the boxes of its pictures, and whether a piece of its text is not painted plainly in black.
    """
    if depth >= DEEPEST:
        return [], False
    own = matrix_of(pdfium, form)
    matrix = own if outer is None else multiply(own, outer)
    images: list[BBox] = []
    odd = False
    get, kind = bind(pdfium, "FPDFFormObj_GetObject"), bind(pdfium, "FPDFPageObj_GetType")
    for i in range(min(bind(pdfium, "FPDFFormObj_CountObjects")(form), MOST_OBJECTS)):
        item = get(form, i)
        what = kind(item)
        if what == _TEXT:
            odd = odd or make_ink_test(pdfium)(item)
            drawing.doubts.suspects.add(item)  # the form's own box may cut it, and PDFium does not tell that
            if matrix != IDENTITY:
                drawing.inside[item] = matrix
        elif what == _PATH:
            drawing.rules.extend(_find_lines(pdfium, item, place, matrix))
            if _is_shape(pdfium, item):
                drawing.doubts.shapes.extend(_place_inside(pdfium, item, place, matrix))
        elif what == _IMAGE:
            boxes = list(_place_inside(pdfium, item, place, matrix))
            images.extend(boxes)
            drawing.doubts.shapes.extend(boxes)
        elif what == _FORM:
            more, strange = _read_form(pdfium, item, place, drawing, matrix, depth + 1)
            images, odd = images + more, odd or strange
    return images, odd


def _place_inside(pdfium: Any, item: int, place: Placer, matrix: Matrix) -> Iterator[BBox]:
    """The box on the page of an object inside a form that is placed by this matrix."""
    (box,) = read_bounds(pdfium, [item])
    if box is not None:
        corners = [transform(matrix, x, y) for x in box[::2] for y in box[1::2]]
        xs, ys = zip(*corners, strict=True)
        yield place(min(xs), min(ys), max(xs), max(ys))


_FILL, _STROKE = ctypes.c_int(), ctypes.c_int()
_MODE = ctypes.addressof(_FILL), ctypes.addressof(_STROKE)


def read_mode(pdfium: Any, path: int) -> tuple[bool, bool]:
    """Whether the inside of a path is painted, and whether its line is."""
    bind(pdfium, "FPDFPath_GetDrawMode")(path, *_MODE)
    return _FILL.value != 0, _STROKE.value != 0


_X, _Y = ctypes.c_float(), ctypes.c_float()
_POINT = ctypes.addressof(_X), ctypes.addressof(_Y)


def read_segments(pdfium: Any, path: int, matrix: Matrix) -> Iterator[tuple[int, int, tuple[float, float]]]:
    """The address, the kind and the end of each segment of a path, moved by a matrix."""
    get, kind = bind(pdfium, "FPDFPath_GetPathSegment"), bind(pdfium, "FPDFPathSegment_GetType")
    point = bind(pdfium, "FPDFPathSegment_GetPoint")
    for i in range(min(bind(pdfium, "FPDFPath_CountSegments")(path), MOST_OBJECTS)):
        segment = get(path, i)
        point(segment, *_POINT)
        yield segment, kind(segment), transform(matrix, _X.value, _Y.value)


def _is_shape(pdfium: Any, path: int) -> bool:
    """Whether a path has a curve or a slanting line: ruling lines and boxes have none."""
    now = (0.0, 0.0)
    # a level line may be turned by the matrix
    for _, what, point in read_segments(pdfium, path, matrix_of(pdfium, path)):
        slants = abs(point[0] - now[0]) > 0.5 and abs(point[1] - now[1]) > 0.5
        if what == _CURVE or (what == _LINE and slants):
            return True
        now = point
    return False


_MATRIX = (ctypes.c_float * 6)()


def matrix_of(pdfium: Any, item: int) -> Matrix:
    """The matrix that moves an object into the space that it stands in."""
    _MATRIX[:] = [0.0] * 6
    bind(pdfium, "FPDFPageObj_GetMatrix")(item, ctypes.addressof(_MATRIX))
    a, b, c, d, e, f = _MATRIX
    return a, b, c, d, e, f


def _find_lines(pdfium: Any, item: int, place: Placer, outer: Matrix | None) -> Iterator[RulingLine]:
    """The ruling lines of a path that is no thin shape as a whole.

    They are the straight parts of its strokes, and inside a form also its thin shapes.
    """
    _, stroked = read_mode(pdfium, item)
    if not stroked and outer is None:
        return  # a white or shaded box behind something
    sides = list(_read_strokes(pdfium, item, place, outer))
    if not stroked and sides and bind(pdfium, "FPDFPath_CountSegments")(item) <= PLAIN:
        lefts, tops, rights, bottoms = zip(*sides, strict=True)
        if min(max(rights) - min(lefts), max(bottoms) - min(tops)) > THIN:
            return  # such a box inside a form
    for x0, top, x1, bottom in sides:
        if min(x1 - x0, bottom - top) <= THIN and (stroked or outer is not None):
            yield centre_line(x0, top, x1, bottom)


def _read_strokes(pdfium: Any, item: int, place: Placer, outer: Matrix | None) -> Iterator[BBox]:
    """The straight parts of a path, as boxes on the page."""
    own = matrix_of(pdfium, item)
    closes = bind(pdfium, "FPDFPathSegment_GetClose")
    start = now = (0.0, 0.0)
    for segment, what, point in read_segments(pdfium, item, own if outer is None else multiply(own, outer)):
        if what == _MOVE:
            start = point
        elif what == _LINE:
            yield place(*_span(now, point))
        now = point
        if what != _MOVE and closes(segment):
            yield place(*_span(now, start))
            now = start


def _span(a: tuple[float, float], b: tuple[float, float]) -> Box:
    """The box between two points: left, bottom, right, top."""
    return min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])
