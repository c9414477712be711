"""What the clip paths of a page cut off its text, as far as their boxes tell."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from gongkai.extract.pdfium.calls import Box, Pieces, address_of, bind, list_objects, read_bounds

#: A clip path may cut off so much of a digit's outline, in shares of its width or height.
CUT = 0.12
#: Text that is drawn no further than this beyond its clip path, in points, counts as whole: so far its box may be too large.
RIM = 1.0
#: A character whose outline reaches no further than the first beyond its clip path, in points, is surely seen; one that
#: begins further out than the second surely is not: a renderer may draw one more pixel at the edge.
WITHIN, BEYOND = 0.1, 1.5
#: Marks that may leave less than a pixel.
SPECKS = frozenset(".,．，。、·-‐–—一_:：；;'’‘\"")
_TEXT = 1


def find_clipped(pdfium: Any, items: Sequence[int], bounds: Sequence[Box | None]) -> list[int]:
    """The pieces of text that reach beyond their clip paths. `items` are addresses."""
    clips = list(map(bind(pdfium, "FPDFPageObj_GetClipPath"), items))
    paths = map(bind(pdfium, "FPDFClipPath_CountPaths"), clips)
    clipped = [i for i, count in enumerate(paths) if 0 < count < 0x7FFFFFFF]
    return [items[i] for i in clipped if _leaves_clip(pdfium, items[i], bounds[i])]


def _leaves_clip(pdfium: Any, item: int, box: Box | None) -> bool:
    window = _find_window(pdfium, item)
    return box is not None and window is not None and not _lies_in(box, window, RIM)


def _lies_in(box: Box, window: Box, rim: float) -> bool:
    """Whether a box reaches no further than a rim beyond a window; both are left, bottom, right, top."""
    return (
        box[0] >= window[0] - rim
        and box[2] <= window[2] + rim
        and box[1] >= window[1] - rim
        and box[3] <= window[3] + rim
    )


def _find_window(pdfium: Any, item: int) -> Box | None:
    """The box (left, bottom, right, top) that an object's clip paths leave; None where it has none."""
    window: Box | None = None
    for points in _read_clip(pdfium, item):
        own = _surround(points)
        window = own if window is None else _cut_box(window, own)
    return window


def _read_clip(pdfium: Any, item: int) -> Iterator[list[tuple[float, float]]]:
    """The points of each clip path of an object."""
    clip = bind(pdfium, "FPDFPageObj_GetClipPath")(item)
    count = bind(pdfium, "FPDFClipPath_CountPaths")(clip)
    x, y = ctypes.c_float(), ctypes.c_float()
    at = [ctypes.addressof(x), ctypes.addressof(y)]
    segment, point = bind(pdfium, "FPDFClipPath_GetPathSegment"), bind(pdfium, "FPDFPathSegment_GetPoint")
    for path in range(count if 0 < count < 0x7FFFFFFF else 0):
        points = []
        for i in range(max(0, bind(pdfium, "FPDFClipPath_CountPathSegments")(clip, path))):
            point(segment(clip, path, i), *at)
            points.append((x.value, y.value))
        if points:
            yield points


def _surround(points: Sequence[tuple[float, float]]) -> Box:
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _are_boxes(paths: Iterable[Sequence[tuple[float, float]]]) -> bool:
    """Whether clip paths are upright boxes, in which nothing is cut off but at the sides."""
    boxes = ((points, _surround(points)) for points in paths)
    return all(
        x in (left, right) and y in (low, high)
        for points, (left, low, right, high) in boxes
        for x, y in points
    )


def _cut_box(a: Box, b: Box) -> Box:
    return max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])


def find_cut_digits(
    pdfium: Any, text: Any, digits: Mapping[int, int], where: Sequence[Box | None]
) -> Iterator[int]:
    """The digits whose outline reaches beyond the clip path of their piece."""
    measure = _make_measure(pdfium, text)
    windows = {owner: _find_window(pdfium, owner) for owner in set(digits.values())}
    for i, owner in digits.items():
        window = windows[owner]
        if window is None or where[i] is None or (own := measure(i)) is None:
            continue
        if _is_cut(own, window):
            yield i


def _is_cut(box: Box, window: Box) -> bool:
    """Whether so much of a digit's outline lies beyond a window that it may be another digit."""
    left, lower, right, upper = box
    rim_x, rim_y = CUT * (right - left), CUT * (upper - lower)
    return (
        left + rim_x < window[0]
        or lower + rim_y < window[1]
        or right - rim_x > window[2]
        or upper - rim_y > window[3]
    )


def find_cut_off(
    pdfium: Any,
    page: Any,
    text: Any,
    codes: Sequence[int],
    where: Sequence[Box | None],
    pieces: Pieces,
    clipped: Sequence[int],
    find_lost: Callable[[int, Sequence[int]], set[int]],
) -> frozenset[int] | None:
    """The characters of the clipped pieces that nobody sees, found without the whole page's picture; None where that is not sure.

    A character well inside its clip path is seen, and one well outside is not. Those at the edge are looked at: `find_lost`
    gives those of one piece that leave no trace. What is left of a digit at the edge nobody knows here, nor which character
    it is that stands where a digit is cut off. `where` are the boxes of all characters.
    """
    unseen: set[int] = set()
    for item in clipped:
        own = [i for i in pieces.get(item, ()) if chr(codes[i]).strip()]
        cut = _find_cut(pdfium, text, codes, item, own, find_lost)
        if cut is None:
            return None
        # a speck is seen where the rest of its piece is
        unseen |= cut if len(cut) == len(own) else {i for i in cut if chr(codes[i]) not in SPECKS}
    digits = [box for i in _pick_digits(unseen, codes) if (box := where[i]) is not None]
    return None if digits and _has_text_over(pdfium, page, pieces, unseen, digits) else frozenset(unseen)


def _find_cut(
    pdfium: Any,
    text: Any,
    codes: Sequence[int],
    item: int,
    own: Sequence[int],
    find_lost: Callable[[int, Sequence[int]], set[int]],
) -> set[int] | None:
    """Of some characters of one piece those that its clip path cuts off; None where that is not sure."""
    window, measure = _find_window(pdfium, item), _make_measure(pdfium, text)
    outlines = {i: box for i in own if (box := measure(i)) is not None and _is_inked(box)}
    if window is None or len(outlines) < len(own) or not _are_boxes(_read_clip(pdfium, item)):
        return None
    cut = {i for i in own if _stands_apart(outlines[i], window)}
    edge = [i for i in own if i not in cut and not _lies_in(outlines[i], window, WITHIN)]
    if any(not _is_cut(outlines[i], window) for i in _pick_digits(edge, codes)):
        return None
    cut |= find_lost(item, edge) if edge else set()
    if cut and bind(pdfium, "FPDFFont_GetIsEmbedded")(bind(pdfium, "FPDFTextObj_GetFont")(item)) != 1:
        return None  # what another font draws in its place is not known
    return cut


def _pick_digits(numbers: Iterable[int], codes: Sequence[int]) -> list[int]:
    return [i for i in numbers if 48 <= codes[i] <= 57]


def _is_inked(box: Box) -> bool:
    return box[0] < box[2] and box[1] < box[3]


def _stands_apart(box: Box, window: Box) -> bool:
    return (
        box[2] < window[0] - BEYOND
        or box[0] > window[2] + BEYOND
        or box[3] < window[1] - BEYOND
        or box[1] > window[3] + BEYOND
    )


def _has_text_over(pdfium: Any, page: Any, pieces: Pieces, unseen: set[int], digits: Sequence[Box]) -> bool:
    """Whether text that may be seen stands where these digits are, boxes of (left, top, right, bottom)."""
    kind = bind(pdfium, "FPDFPageObj_GetType")
    seen = [
        item
        for item in list_objects(pdfium, page)
        if kind(item) == _TEXT and not unseen.issuperset(pieces.get(item, (-1,)))
    ]
    bounds = [box for box in read_bounds(pdfium, seen) if box is not None]
    return any(
        own[0] < right and left < own[2] and own[1] < upper and lower < own[3]
        for left, upper, right, lower in digits
        for own in bounds
    )


def _make_measure(pdfium: Any, text: Any) -> Any:
    """The box (left, bottom, right, top) of a character's outline, by its number; None where there is none."""
    sides = (ctypes.c_double * 4)()
    refs = [ctypes.addressof(sides) + 8 * n for n in range(4)]
    get, at = bind(pdfium, "FPDFText_GetCharBox"), address_of(text)

    def measure(i: int) -> Box | None:
        if not get(at, i, *refs):
            return None
        left, right, lower, upper = sides
        return left, lower, right, upper

    return measure
