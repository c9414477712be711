"""Characters of a page that are not its text: stamps, watermarks, hidden and white ones.

Only a page that has text of another colour, text that is not painted, or text that is turned
comes here. A character counts as laid over the page when it is slanted, when its ink covers other
characters, or when it is large and pale; as hidden when nobody sees it.
"""

from __future__ import annotations

import ctypes
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

from gongkai.extract.page.ruling_line import RulingLine
from gongkai.extract.pdfium.calls import Box, Placer
from gongkai.model import BBox

#: Slant in radians, from the next quarter turn, beyond which text is a stamp or a watermark.
SLANT = 0.1
#: Text none of whose colours is stronger than this, of 255, is as good as black.
DARK = 0x60
#: Of two characters that cover each other this share of the smaller one is covered, and this share
#: of its width: neighbours in a line touch.
COVERED, WIDTH = 0.06, 0.2
#: A box so many times as high as the page's usual character is an error of its font.
ABSURD = 4.0
#: Ink lighter than this is pale, lighter than the second is white on white.
PALE, WHITE = 0.6, 0.96
#: Pale text so many times as large as the page's own is a watermark.
LARGE = 1.5
#: No character of a page's text is larger, in points; a damaged font's may cover millions of squares.
LARGEST = 300.0
#: Characters are looked up in squares of so many points.
SIDE = 16
#: More characters of one ink than a stamp has; where less than this share of them stand over something
#: the page prints in two colours.
OWN, STRAY = 60, 0.1
#: What is hidden is left out where the page has at least so large a share of text that is seen.
SEEN = 0.3

_INVISIBLE = (3, 7)
_PATH, _IMAGE, _FORM = 2, 3, 5

Ink = tuple[int, int, int, int]


class Mark(NamedTuple):
    """One character of the text layer: its number, box on the page, ink and kind."""

    number: int
    box: BBox
    ink: Ink
    hidden: bool
    slanted: bool

    @property
    def height(self) -> float:
        return self.box[3] - self.box[1]


class Foreign(NamedTuple):
    """What of a page's characters is not its text, by number.

    `out` are laid over the page or hidden. `doubtful` are those of them that stand upright, alone and no larger
    than the page's own: as likely a number in another ink as a piece of a stamp. `layer`: nearly all characters
    are hidden, and none is taken out for that: they are what a scanner's program read in the picture of the page.
    """

    out: set[int]
    doubtful: set[int]
    layer: bool


def find_foreign(
    pdfium: Any, page: Any, text: Any, place: Placer, rules: Sequence[RulingLine], where: Sequence[Box | None]
) -> Foreign:
    """What stands on a page and is not its text. `where` are the boxes of its characters."""
    marks = list(_marks(pdfium, text, place, where))
    seen = [m for m in marks if not m.hidden]
    out = set()
    layer = len(seen) < SEEN * len(marks)
    if not layer:
        out = {m.number for m in marks if m.hidden}
        marks = seen
    out |= {m.number for m in marks if m.slanted}
    doubtful: set[int] = set()
    if marks:
        own = Counter(m.ink for m in marks if not m.slanted).most_common(1)
        over, doubtful = _laid_over(marks, own[0][0] if own else (0, 0, 0, 255), rules)
        out |= over
    white = [m for m in marks if _lightness(m.ink) > WHITE and m.number not in out]
    if white:
        dark = _backgrounds(pdfium, page, place)
        out |= {m.number for m in white if not any(_holds(b, m.box) for b in dark)}
    return Foreign(out, doubtful & out, layer)


def may_be_foreign(pdfium: Any, odd: Sequence[Any], place: Placer, rules: Sequence[RulingLine]) -> bool:
    """Whether pieces of text that are not plainly black may be more than a grey running head: they are
    slanted, hidden or white, or stand among the rules."""
    if not odd or None in odd or not rules:
        return bool(odd)
    left, right = min(r.x0 for r in rules), max(r.x1 for r in rules)
    top, bottom = min(r.top for r in rules), max(r.bottom for r in rules)
    return any(_strays(pdfium, item, place, (left, top, right, bottom)) for item in odd)


def _strays(pdfium: Any, item: Any, place: Placer, hull: BBox) -> bool:
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(item, ctypes.byref(matrix))
    straight = min(abs(matrix.a), abs(matrix.b)) <= SLANT * max(abs(matrix.a), abs(matrix.b))
    sides = [ctypes.c_float() for _ in range(4)]
    painted = pdfium.FPDFTextObj_GetTextRenderMode(item) == 0 and _lightness(ink(pdfium, item)) <= PALE
    if not straight or not painted or not pdfium.FPDFPageObj_GetBounds(item, *map(ctypes.byref, sides)):
        return True
    box = place(sides[0].value, sides[1].value, sides[2].value, sides[3].value)
    return box[0] < hull[2] and hull[0] < box[2] and box[1] < hull[3] and hull[1] < box[3]


def _marks(pdfium: Any, text: Any, place: Placer, where: Sequence[Box | None]) -> Iterable[Mark]:
    known: dict[int, tuple[Ink, bool, bool]] = {}
    for i, box in enumerate(where):
        item = pdfium.FPDFText_GetTextObject(text, i)
        if not item or box is None:
            continue
        key = ctypes.addressof(item.contents)
        if key not in known:
            turn = pdfium.FPDFText_GetCharAngle(text, i) % 1.5707963
            mode = pdfium.FPDFTextObj_GetTextRenderMode(item)
            known[key] = ink(pdfium, item), mode in _INVISIBLE, SLANT < turn < 1.5707963 - SLANT
        yield Mark(i, place(box[0], box[3], box[2], box[1]), *known[key])


#: Red, green, blue and opacity, for PDFium to write to.
_INK = (ctypes.c_uint * 4)()
_AT = [ctypes.addressof(_INK) + 4 * n for n in range(4)]
#: One piece of text in so many is asked whether it is painted: a hidden layer has many.
SOME = 8


@cache
def _fill(pdfium: Any) -> Callable[..., int]:
    """FPDFPageObj_GetFillColor that takes addresses, for it is called once for every piece of text."""
    address = ctypes.cast(pdfium.FPDFPageObj_GetFillColor, ctypes.c_void_p).value
    return ctypes.CFUNCTYPE(ctypes.c_int, *[ctypes.c_void_p] * 5)(address)  # type: ignore[arg-type]


def ink(pdfium: Any, item: Any) -> Ink:
    """What an object is filled with: red, green, blue and opacity, each to 255. All that is dark is black."""
    if not _fill(pdfium)(item, *_AT):
        return 0, 0, 0, 255
    red, green, blue, alpha = _INK
    return (0, 0, 0, 255) if alpha == 255 and max(red, green, blue) <= DARK else (red, green, blue, alpha)


def make_ink_test(pdfium: Any) -> Callable[[Any, int], bool]:
    """A test of pieces of text, as they stand on a page by number: whether one is painted otherwise
    than plainly and dark, so that its page must be looked at more closely."""
    fill, mode = _fill(pdfium), pdfium.FPDFTextObj_GetTextRenderMode
    one, two, three, four = _AT

    def is_odd(item: Any, number: int) -> bool:
        if number % SOME == 0 and mode(item) != 0:
            return True
        if not fill(item, one, two, three, four):
            return False
        red, green, blue, alpha = _INK
        return red > DARK or green > DARK or blue > DARK or alpha != 255

    return is_odd


def _lightness(colour: Ink) -> float:
    """From 0, black, to 1, white or not painted at all."""
    red, green, blue, alpha = colour
    light = (0.299 * red + 0.587 * green + 0.114 * blue) / 255
    return 1 - (1 - light) * alpha / 255


def _laid_over(marks: Sequence[Mark], own: Ink, rules: Sequence[RulingLine]) -> tuple[set[int], set[int]]:
    """Text in other inks than the page's own that covers it or a rule, or is large and pale; and what of it
    covers nothing by itself, upright and of the size of the page's own."""
    groups: dict[tuple[Ink, int], list[Mark]] = defaultdict(list)
    for m in marks:
        groups[m.ink, round(m.height)].append(m)
    heights = sorted(m.height for m in marks if m.ink == own)
    usual = heights[len(heights) // 2] if heights else 0.0
    cells = index_marks([m for m in marks if m.ink == own and m.height < ABSURD * usual])
    out: dict[Ink, list[Mark]] = defaultdict(list)
    for (colour, height), group in groups.items():
        if colour == own:
            continue
        pale = _lightness(colour) > PALE and height > LARGE * usual
        over = [m for m in group if m.slanted or _covers(m, cells) or _is_cut(m, rules)]
        if len(group) > OWN and len(over) < STRAY * len(group) and not pale:
            numbers = {m.number for m in over}  # heads in another colour, of which one runs over its box
            group = [m for run in _runs(group) if any(m.number in numbers for m in run) for m in run]
        if pale or over:
            out[colour] += group
    result = {m.number for group in out.values() for m in group}
    for colour, group in out.items():  # the rest of a stamp: the same ink, among what was found
        hull = _hull(group)
        result |= {m.number for m in marks if m.ink == colour and _holds(hull, m.box)}
    odd = [m for m in marks if m.number in result and not m.slanted and m.height <= LARGE * usual]
    alone = {
        m.number
        for run in _runs(odd)
        if not any(_covers(m, cells) for m in run) and not _is_crossed(run, rules)
        for m in run
    }
    return result, alone


def _runs(marks: Sequence[Mark]) -> list[list[Mark]]:
    """Characters that follow each other in one line and one ink."""
    runs: list[list[Mark]] = []
    for m in sorted(marks):
        last = runs[-1][-1] if runs else None
        if (
            last is not None
            and m.number == last.number + 1
            and m.ink == last.ink
            and abs(m.box[3] - last.box[3]) < 0.5 * m.height
            and -0.5 * m.height < m.box[0] - last.box[2] < m.height
        ):
            runs[-1].append(m)
        else:
            runs.append([m])
    return runs


def _is_crossed(run: Sequence[Mark], rules: Sequence[RulingLine]) -> bool:
    """Whether a wall of boxes goes through characters; a line as long as they are is drawn through them."""
    rim = run[0].height / 2
    left, right = run[0].box[0] - rim, run[-1].box[2] + rim
    walls = [r for r in rules if r.x1 - r.x0 < r.bottom - r.top or r.x0 < left or r.x1 > right]
    return any(_is_cut(m, walls) for m in run)


def index_marks(marks: Sequence[Mark]) -> dict[tuple[int, int], list[Mark]]:
    """Characters by the squares of the page that they cover; without those no text of a page can be as large as."""
    cells: dict[tuple[int, int], list[Mark]] = defaultdict(list)
    for m in marks:
        if max(m.box[2] - m.box[0], m.height) <= LARGEST:
            for key in _keys(m.box):
                cells[key].append(m)
    return cells


def _keys(box: BBox) -> Iterable[tuple[int, int]]:
    for x in range(int(box[0] // SIDE), int(box[2] // SIDE) + 1):
        for y in range(int(box[1] // SIDE), int(box[3] // SIDE) + 1):
            yield x, y


def _covers(mark: Mark, cells: dict[tuple[int, int], list[Mark]]) -> bool:
    """Whether a character and one of the page's own stand on one place; lines set close may touch."""
    x0, top, x1, bottom = mark.box
    # a damaged font may have characters over more places than there are
    wide = (x1 - x0) * (bottom - top) > SIDE * SIDE * (len(cells) + 1)
    return any(
        _shared(_core(mark.box), _core(other.box)) > COVERED
        for key in (list(cells) if wide else _keys(mark.box))
        for other in cells.get(key, ())
    )


def _is_cut(mark: Mark, rules: Sequence[RulingLine]) -> bool:
    """Whether a rule goes through a character: nothing is written across the walls of boxes."""
    x0, top, x1, bottom = mark.box
    x, y, wide, high = (x0 + x1) / 2, (top + bottom) / 2, (x1 - x0) / 2, (bottom - top) / 4
    return any(
        (r.x0 <= x <= r.x1 and abs(r.top - y) < high)
        if r.x1 - r.x0 >= r.bottom - r.top
        else (r.top <= y <= r.bottom and abs(r.x0 - x) < wide)
        for r in rules
    )


def _core(box: BBox) -> BBox:
    x0, top, x1, bottom = box
    rim = 0.15 * (bottom - top)
    return x0, top + rim, x1, bottom - rim


def _shared(a: BBox, b: BBox) -> float:
    """How much of the smaller box both cover."""
    wide = min(a[2], b[2]) - max(a[0], b[0])
    high = min(a[3], b[3]) - max(a[1], b[1])
    least = min((x[2] - x[0]) * (x[3] - x[1]) for x in (a, b))
    touches = wide < WIDTH * min(a[2] - a[0], b[2] - b[0])
    return 0.0 if touches or wide <= 0 or high <= 0 or least <= 0 else wide * high / least


def _hull(group: Sequence[Mark]) -> BBox:
    rim = max(m.height for m in group) / 2
    return (
        min(m.box[0] for m in group) - rim,
        min(m.box[1] for m in group) - rim,
        max(m.box[2] for m in group) + rim,
        max(m.box[3] for m in group) + rim,
    )


def _holds(outer: BBox, inner: BBox) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]


def _backgrounds(pdfium: Any, page: Any, place: Placer) -> list[BBox]:
    """Boxes on which white text is seen: dark fills, pictures, and forms, whatever they hold."""
    sides = [ctypes.c_float() for _ in range(4)]
    refs = [ctypes.byref(s) for s in sides]
    result = []
    for i in range(pdfium.FPDFPage_CountObjects(page)):
        item = pdfium.FPDFPage_GetObject(page, i)
        kind = pdfium.FPDFPageObj_GetType(item)
        dark = kind in (_IMAGE, _FORM) or (kind == _PATH and _is_dark(pdfium, item))
        if dark and pdfium.FPDFPageObj_GetBounds(item, *refs):
            result.append(place(sides[0].value, sides[1].value, sides[2].value, sides[3].value))
    return result


def _is_dark(pdfium: Any, path: Any) -> bool:
    """Whether a path is filled, and not with white."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
    return fill.value != 0 and _lightness(ink(pdfium, path)) < WHITE
