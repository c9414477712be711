"""Characters of a page that are not its text: stamps, watermarks, hidden and white ones.

A page is looked at only if it has text in another colour, text that is not painted, or text that is turned. A
character is foreign when it is slanted, when it stands over other characters, or when it is large and
pale. It is hidden when nobody sees it.
"""

from __future__ import annotations

import ctypes
import math
import struct
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any, NamedTuple

from gongkai.extract.page.ruling_line import RulingLine
from gongkai.extract.pdfium.calls import Box, Pieces, Placer, bind
from gongkai.model import BBox

#: Slant in radians, from the next quarter turn, beyond which text is a stamp or a watermark.
SLANT = 0.1
#: Text none of whose colours is stronger than this, of 255, counts as black.
DARK = 0x60
#: Two characters stand over each other when they share so much of the smaller one's area, and so much
#: of its width: neighbours in a line touch.
COVERED, WIDTH = 0.06, 0.2
#: A box so many times as high as the page's usual character is an error of its font.
ABSURD = 4.0
#: Ink lighter than the first is pale; ink lighter than the second is white on white.
PALE, WHITE = 0.6, 0.96
#: Pale text so many times as large as the page's own is a watermark.
LARGE = 1.5
#: No character of a page's text is larger, in points; one of a damaged font may cover millions of squares.
LARGEST = 300.0
#: Characters are looked up in squares of so many points.
SIDE = 16
#: A stamp has at most so many characters. Of more characters in one ink at least this share must stand over
#: something; otherwise the page is printed in two colours.
MOST_OF_A_STAMP, STRAY = 60, 0.1
#: Hidden text is left out where at least so large a share of the page's text is seen.
SEEN = 0.3

#: Red, green, blue and opacity, each to 255.
Ink = tuple[int, int, int, int]
BLACK: Ink = (0, 0, 0, 255)


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


#: Characters by the squares of the page that they touch.
Squares = dict[tuple[int, int], list[Mark]]


class Foreign(NamedTuple):
    """Which characters of a page are not its text, by number.

    `out` are laid over the page, `hidden` are not seen. `doubtful` are those of `out` that stand upright, over no text, and
    are no larger than the page's own: they may be a number in another ink as well as a piece of a stamp. `layer`: nearly
    all characters are hidden, and none is left out for that. They are what a scanner's program read in the picture.
    """

    out: set[int]
    hidden: set[int]
    doubtful: set[int]
    layer: bool


def find_foreign(
    pdfium: Any,
    text: Any,
    place: Placer,
    rules: Sequence[RulingLine],
    where: Sequence[Box | None],
    pieces: Pieces,
    unseen: Collection[int],
) -> Foreign:
    """The characters of a page that are not its text. `where` are the boxes of all characters, `unseen` those not seen."""
    marks = _read_marks(pdfium, text, place, where, pieces, unseen)
    seen = [m for m in marks if not m.hidden]
    layer = len(seen) < SEEN * len(marks)
    if layer:
        seen = marks
    hidden = {m.number for m in marks if m.hidden and not layer}
    out = {m.number for m in seen if m.slanted}
    doubtful: set[int] = set()
    if seen:
        over, doubtful = _find_laid_over(seen, _main_ink(seen), rules)
        out |= over
    return Foreign(out, hidden, doubtful & out, layer)


def _main_ink(marks: Sequence[Mark]) -> Ink:
    """The ink of most characters that stand upright."""
    own = Counter(m.ink for m in marks if not m.slanted).most_common(1)
    return own[0][0] if own else (0, 0, 0, 255)


def may_be_foreign(pdfium: Any, odd: Sequence[Any], place: Placer, rules: Sequence[RulingLine]) -> bool:
    """Whether pieces of text that are not plainly black may be more than a grey running head.

    They are slanted, hidden or white, or stand among the ruling lines.
    """
    if not odd or None in odd or not rules:
        return bool(odd)
    left, right = min(r.x0 for r in rules), max(r.x1 for r in rules)
    top, bottom = min(r.top for r in rules), max(r.bottom for r in rules)
    return any(_is_suspect(pdfium, item, place, (left, top, right, bottom)) for item in odd)


def _is_suspect(pdfium: Any, item: Any, place: Placer, hull: BBox) -> bool:
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(item, ctypes.byref(matrix))
    straight = min(abs(matrix.a), abs(matrix.b)) <= SLANT * max(abs(matrix.a), abs(matrix.b))
    sides = [ctypes.c_float() for _ in range(4)]
    if (
        not straight
        or lightness(ink(pdfium, item)) > PALE
        or not pdfium.FPDFPageObj_GetBounds(item, *map(ctypes.byref, sides))
    ):
        return True
    box = place(sides[0].value, sides[1].value, sides[2].value, sides[3].value)
    return box[0] < hull[2] and hull[0] < box[2] and box[1] < hull[3] and hull[1] < box[3]


def _read_marks(
    pdfium: Any,
    text: Any,
    place: Placer,
    where: Sequence[Box | None],
    pieces: Pieces,
    unseen: Collection[int],
) -> list[Mark]:
    """The characters of the pieces, in the order of the file."""
    marks = []
    for owner, numbers in pieces.items():
        colour, slanted = ink(pdfium, owner), _is_slanted(pdfium, text, numbers[0])
        for i in numbers:
            if (box := where[i]) is not None:
                placed = place(box[0], box[3], box[2], box[1])
                marks.append(Mark(i, placed, colour, i in unseen, slanted))
    marks.sort(key=itemgetter(0))
    return marks


def _is_slanted(pdfium: Any, text: Any, number: int) -> bool:
    """Whether the line of a character runs aslant. Letters that lean on a level line are italics."""
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFText_GetMatrix(text, number, ctypes.byref(matrix)):
        return False
    if not (math.isfinite(matrix.a) and math.isfinite(matrix.b)):
        return False
    turn = math.atan2(matrix.b, matrix.a) % (math.pi / 2)
    return SLANT < turn < math.pi / 2 - SLANT


#: Red, green, blue and opacity, for PDFium to write to.
_INK = (ctypes.c_uint * 4)()
_AT = [ctypes.addressof(_INK) + 4 * n for n in range(4)]


@cache
def _fill(pdfium: Any) -> Callable[..., int]:
    """FPDFPageObj_GetFillColor with addresses for arguments: it is called once for every piece of text."""
    address = ctypes.cast(pdfium.FPDFPageObj_GetFillColor, ctypes.c_void_p).value
    return ctypes.CFUNCTYPE(ctypes.c_int, *[ctypes.c_void_p] * 5)(address)  # type: ignore[arg-type]


def ink(pdfium: Any, item: Any) -> Ink:
    """What an object is filled with: red, green, blue and opacity, each to 255. Every dark colour counts as black."""
    if not _fill(pdfium)(item, *_AT):
        return 0, 0, 0, 255
    red, green, blue, alpha = _INK
    return (0, 0, 0, 255) if alpha == 255 and max(red, green, blue) <= DARK else (red, green, blue, alpha)


def find_odd_inks(pdfium: Any, items: Sequence[int]) -> Iterator[int]:
    """The numbers of the objects that `make_ink_test` finds odd; `items` are addresses."""
    room = (ctypes.c_uint * (4 * len(items)))()
    start = ctypes.addressof(room)
    sides = [range(start + 4 * n, start + ctypes.sizeof(room), 16) for n in range(4)]
    have = map(bind(pdfium, "FPDFPageObj_GetFillColor"), items, *sides)
    for i, (there, colour) in enumerate(zip(list(have), struct.iter_unpack("4I", room), strict=True)):
        if there and colour != BLACK and (max(colour[:3]) > DARK or colour[3] != 255):
            yield i


def make_ink_test(pdfium: Any) -> Callable[[Any], bool]:
    """A test whether a piece of text is painted in another colour than a plain dark one.

    The page of such a piece must be looked at more closely.
    """
    fill = _fill(pdfium)
    one, two, three, four = _AT

    def is_odd(item: Any) -> bool:
        if not fill(item, one, two, three, four):
            return False
        red, green, blue, alpha = _INK
        return red > DARK or green > DARK or blue > DARK or alpha != 255

    return is_odd


def is_light(pdfium: Any, item: Any) -> bool:
    """Whether a piece of text is so light that it may not be seen on its ground."""
    return lightness(ink(pdfium, item)) > WHITE


def lightness(colour: Ink) -> float:
    """From 0, black, to 1, white or not painted at all."""
    red, green, blue, alpha = colour
    light = (0.299 * red + 0.587 * green + 0.114 * blue) / 255
    return 1 - (1 - light) * alpha / 255


def _find_laid_over(
    marks: Sequence[Mark], own: Ink, rules: Sequence[RulingLine]
) -> tuple[set[int], set[int]]:
    """Text in other inks than the page's own that stands over it or a ruling line, or is large and pale.

    The second set is the part of it that stands over no text, upright and of the size of the page's own. What crosses a
    wall, as a number does that is too long for its box, is of a stamp where that has turned characters in the same ink.
    """
    heights = sorted(m.height for m in marks if m.ink == own)
    usual = heights[len(heights) // 2] if heights else 0.0
    squares = index_marks([m for m in marks if m.ink == own and m.height < ABSURD * usual])
    stamps = _find_stamps(marks, own, usual, squares, rules)
    numbers = {m.number for stamp in stamps.values() for m in stamp} | set(_find_rest(marks, stamps))
    plain = [m for m in marks if m.number in numbers and not m.slanted and m.height <= LARGE * usual]
    turned = {m.ink for m in marks if m.slanted}
    loose = [run for run in _split_runs(plain) if run[0].ink not in turned or not _is_crossed(run, rules)]
    return numbers, set(_find_alone(loose, squares))


def _find_stamps(
    marks: Sequence[Mark], own: Ink, usual: float, squares: Squares, rules: Sequence[RulingLine]
) -> dict[Ink, list[Mark]]:
    """The characters of stamps and watermarks by ink, as far as one stands over something or is large and pale."""
    groups: dict[tuple[Ink, int], list[Mark]] = defaultdict(list)
    for m in marks:
        if m.ink != own:
            groups[m.ink, round(m.height)].append(m)
    stamps: dict[Ink, list[Mark]] = defaultdict(list)
    for (colour, height), group in groups.items():
        if lightness(colour) > PALE and height > LARGE * usual:
            stamps[colour] += group
        elif part := _stamped_part(group, squares, rules):
            stamps[colour] += part
    return stamps


def _stamped_part(group: Sequence[Mark], squares: Squares, rules: Sequence[RulingLine]) -> list[Mark]:
    """The part of a group that is a stamp: all of it if one character stands over something.

    Where only few of many do, they are heads in another colour, and only the run that leaves its box counts.
    """
    over = {m.number for m in group if m.slanted or _covers(m, squares) or _is_cut(m, rules)}
    if not over or len(group) <= MOST_OF_A_STAMP or len(over) >= STRAY * len(group):
        return list(group) if over else []
    return [m for run in _split_runs(group) if any(m.number in over for m in run) for m in run]


def _find_rest(marks: Sequence[Mark], stamps: Mapping[Ink, Sequence[Mark]]) -> Iterator[int]:
    """The rest of each stamp: characters in its ink among those already known."""
    for colour, stamp in stamps.items():
        hull = _hull(stamp)
        yield from (m.number for m in marks if m.ink == colour and _contains(hull, m.box))


def _find_alone(runs: Sequence[Sequence[Mark]], squares: Squares) -> Iterator[int]:
    """The characters of runs that stand over no text."""
    for run in runs:
        if not any(_covers(m, squares) for m in run):
            yield from (m.number for m in run)


def _split_runs(marks: Sequence[Mark]) -> list[list[Mark]]:
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
    """Whether a wall of boxes goes through characters. A line only as long as they are strikes them through."""
    rim = run[0].height / 2
    left, right = run[0].box[0] - rim, run[-1].box[2] + rim
    walls = [r for r in rules if r.x1 - r.x0 < r.bottom - r.top or r.x0 < left or r.x1 > right]
    return any(_is_cut(m, walls) for m in run)


def index_marks(marks: Sequence[Mark]) -> Squares:
    """Characters by the squares of the page that they touch, without those larger than any text."""
    squares: Squares = defaultdict(list)
    for m in marks:
        if max(m.box[2] - m.box[0], m.height) <= LARGEST:
            for key in _squares_of(m.box):
                squares[key].append(m)
    return squares


def _squares_of(box: BBox) -> Iterable[tuple[int, int]]:
    for x in range(int(box[0] // SIDE), int(box[2] // SIDE) + 1):
        for y in range(int(box[1] // SIDE), int(box[3] // SIDE) + 1):
            yield x, y


def _covers(mark: Mark, squares: Squares) -> bool:
    """Whether a character stands over one of the page's own; lines set close may touch."""
    x0, top, x1, bottom = mark.box
    # A damaged font may have characters that touch more squares than there are.
    wide = (x1 - x0) * (bottom - top) > SIDE * SIDE * (len(squares) + 1)
    return any(
        _overlap(_core(mark.box), _core(other.box)) > COVERED
        for key in (list(squares) if wide else _squares_of(mark.box))
        for other in squares.get(key, ())
    )


def _is_cut(mark: Mark, rules: Sequence[RulingLine]) -> bool:
    """Whether a ruling line goes through a character: nothing is printed across the walls of boxes."""
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


def _overlap(a: BBox, b: BBox) -> float:
    """The share of the smaller box that both cover."""
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


def _contains(outer: BBox, inner: BBox) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]
