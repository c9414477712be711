"""What of a page's text is seen, and what else is drawn there: the page rendered with and without its text.

A character that leaves no trace when it is taken away is not seen: clipped, covered, switched off, not painted, or in the
colour of its ground. Rendering costs as much as reading a page. Pages that hold only plain text and ruling lines are
therefore not rendered; `Doubts` says what makes a page doubtful.
"""

from __future__ import annotations

import ctypes
import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from gongkai.extract.page.ruling_line import RulingLine
from gongkai.extract.pdfium.calls import Box, Pieces, Placer, bind, list_objects
from gongkai.extract.pdfium.camera import Camera, Pixels
from gongkai.extract.pdfium.clip_path import SPECKS, find_cut_digits, find_cut_off
from gongkai.extract.pdfium.watermark import ink, lightness
from gongkai.model import BBox

if TYPE_CHECKING:
    from PIL.Image import Image

#: Pixels a point.
SCALE = 1.5
#: A difference of a colour, of 255, that the eye sees.
SEEN = 12
#: Shades up to this, of 255, are all black to the eye.
DARK = 48
#: A digit that leaves less of its ink than this is not whole.
WHOLE = 0.8
#: A character inks at least such a share of its box.
INKY = 0.12
#: A pixel counts as inked from this difference on, of 255.
INKED = 70
#: Kinds of objects that may cover text, as PDFium numbers them: path, picture, shading.
_DRAWINGS = (2, 3, 4)
_TEXT = 1
#: Pieces of text that stand over each other are taken away one after the other, in so many steps at the most.
MOST_STEPS = 6
#: Ink differs so much, of 255, from the ground of its box: less is a watermark or a shade.
INK = 90
#: A drawing that stands in one box alone is no watermark: it shows from this difference on, as the outlines of letters do.
FAINT = 40
#: So far inside its walls, in points, the ground of a box begins.
WALL = 2.0
#: Pairs of a cover and a text beyond which they are compared by bands of the page, and beyond which rendering is cheaper.
FEW_PAIRS, MOST_PAIRS = 4_000, 40_000
#: The height of such a band, in points; text reaches into at most so many.
BAND, MOST_BANDS = 16.0, 40
#: Where a larger share of the pieces of text must be looked at, the whole page is.
MOST_SUSPECTS = 0.5

#: Where ink may be looked for: whether anything but text and ground is drawn in a box of the page as displayed.
InkTest = Callable[[BBox], bool]


#: The number of an object in drawing order, and its box.
_Numbered = tuple[int, Box]


@dataclass(slots=True)
class Doubts:
    """Why text of a page may not be seen, collected while its objects are listed.

    `texts` and `covers` have the number of an object in drawing order and its box: what is painted later covers. `shapes`
    are the boxes of pictures and of drawings that are no ruling lines. By address, `items` are the pieces of text of
    `texts`, `suspects` those that for reasons of their own may not be seen, and `clipped` those that reach beyond their
    clip paths. `certain`: any piece may not be seen.
    """

    certain: bool = False
    texts: list[_Numbered] = field(default_factory=list)
    items: list[int] = field(default_factory=list)
    covers: list[_Numbered] = field(default_factory=list)
    shapes: list[BBox] = field(default_factory=list)
    suspects: set[int] = field(default_factory=set)
    clipped: list[int] = field(default_factory=list)

    def find_suspects(self) -> set[int] | None:
        """The pieces of text that must be looked at to know whether they are seen, whatever clip paths cut off; None: all."""
        if self.certain:
            return None
        covered = _find_covered(self.covers, self.texts)
        if covered is None:
            return None
        suspects = self.suspects | {self.items[n] for n in covered}
        return None if suspects and self.clipped else suspects


def _find_covered(covers: Sequence[_Numbered], texts: Sequence[_Numbered]) -> set[int] | None:
    """Which pieces of text a drawing may lie over, by their place in the list; None where there are too many of both."""
    if not covers or not texts:
        return set()
    covers = [cover for cover in covers if cover[0] > texts[0][0]]
    if len(covers) * len(texts) > FEW_PAIRS:
        return _find_covered_in_bands(covers, texts)
    pairs = ((n, number, own, at, box) for at, box in covers for n, (number, own) in enumerate(texts))
    return {n for n, number, own, at, box in pairs if at > number and _covers(box, own)}


def _find_covered_in_bands(covers: Sequence[_Numbered], texts: Sequence[_Numbered]) -> set[int] | None:
    """The same where there are many of both: those are compared that reach into one band of the page."""
    if not all(map(math.isfinite, chain.from_iterable(box for _, box in chain(covers, texts)))):
        return None
    bands: dict[int, list[tuple[int, int, Box]]] = defaultdict(list)
    for n, (number, own) in enumerate(texts):
        reached = _bands_of(own)
        if len(reached) > MOST_BANDS:
            return None
        for band in reached:
            bands[band].append((n, number, own))
    covered, pairs = set(), 0
    for at, box in covers:
        for band in _bands_of(box):
            near = bands.get(band, ())
            pairs += 1 + len(near)
            if pairs > MOST_PAIRS:
                return None
            covered.update([n for n, number, own in near if at > number and _covers(box, own)])
    return covered


def _bands_of(box: Box) -> range:
    """The bands of the page that a box reaches into."""
    low, high = min(box[1], box[3]), max(box[1], box[3])
    return range(math.floor(low / BAND), math.floor(high / BAND) + 1)


def _covers(cover: Box, text: Box) -> bool:
    """Whether a drawing lies over a good part of a piece of text. Boxes are left, bottom, right, top."""
    if cover[2] - text[0] <= 1 or text[2] - cover[0] <= 1 or cover[1] >= text[3] or text[1] >= cover[3]:
        return False  # most do not, and all are tried
    wide = min(cover[2], text[2]) - max(cover[0], text[0])
    high = min(cover[3], text[3]) - max(cover[1], text[1])
    return wide > 1 and high > 0.4 * (text[3] - text[1])


_INVISIBLE = (3, 7)


def may_be_unseen(pdfium: Any, items: Sequence[int], layers: bool) -> bool:
    """Whether one of these pieces of text is not painted or stands in an optional layer.

    `items` are addresses; `layers` whether the file may have optional layers at all.
    """
    if any(mode in _INVISIBLE for mode in map(bind(pdfium, "FPDFTextObj_GetTextRenderMode"), items)):
        return True
    if not layers:
        return False
    marks = map(bind(pdfium, "FPDFPageObj_CountMarks"), items)
    return any(_is_optional(pdfium, item) for item, count in zip(items, marks, strict=True) if count)


def _is_optional(pdfium: Any, item: int) -> bool:
    """Whether an object is marked as content of an optional layer."""
    name, size = (ctypes.c_ushort * 8)(), ctypes.c_ulong()
    mark, get = bind(pdfium, "FPDFPageObj_GetMark"), bind(pdfium, "FPDFPageObjMark_GetName")
    for i in range(bind(pdfium, "FPDFPageObj_CountMarks")(item)):
        get(mark(item, i), ctypes.addressof(name), ctypes.sizeof(name), ctypes.addressof(size))
        if bytes(name)[:6] == b"O\0C\0\0\0":
            return True
    return False


@dataclass(frozen=True, slots=True)
class Seen:
    """The characters of a page that nobody sees, by number, and what is drawn beside its text.

    Of the digits that are `partly` hidden nobody knows which they are.
    """

    unseen: frozenset[int]
    has_ink: InkTest | None
    has_faint_ink: InkTest | None = None
    partly: frozenset[int] = frozenset()


NOTHING = Seen(frozenset(), None)


def look_at(
    pdfium: Any,
    page: Any,
    text: Any,
    codes: Sequence[int],
    where: Sequence[Box | None],
    place: Placer,
    doubts: Doubts,
    rules: Sequence[RulingLine],
    pieces: Pieces,
) -> Seen:
    """Renders a page with and without its text where that can tell anything.

    `codes` are the Unicode of all characters, `where` their boxes.
    """
    suspects, has_shapes = doubts.find_suspects(), _stand_among(doubts.shapes, rules)
    if suspects is not None and not suspects and not doubts.clipped and not has_shapes:
        return NOTHING
    camera = Camera(pdfium, page, place, SCALE)
    has_ink, has_faint_ink = _make_ink_tests(camera, pieces) if has_shapes else (None, None)
    if suspects is not None and doubts.clipped:
        cut = _find_cut_off(pdfium, page, text, codes, where, camera, pieces, doubts.clipped)
        if cut is not None:
            return Seen(cut[0], has_ink, has_faint_ink, cut[1])
        suspects = None
    near = pieces
    if suspects is not None:
        suspects &= pieces.keys()
        if not suspects:
            return Seen(frozenset(), has_ink, has_faint_ink)
        if len(suspects) <= MOST_SUSPECTS * len(pieces):
            near = _focus(camera, suspects, pieces, where)
    wanted = pieces.keys() if near is pieces else suspects or set()
    unseen, partly = _look(pdfium, page, text, codes, where, camera, pieces, near, wanted)
    return Seen(unseen, has_ink, has_faint_ink, partly)


def _find_cut_off(
    pdfium: Any,
    page: Any,
    text: Any,
    codes: Sequence[int],
    where: Sequence[Box | None],
    camera: Camera,
    pieces: Pieces,
    clipped: Sequence[int],
) -> tuple[frozenset[int], frozenset[int]] | None:
    """The characters that clip paths cut off, and the digits that they cut in two; None where that is not sure."""
    find_lost = partial(_find_lost_alone, camera, where)
    cut_off = find_cut_off(pdfium, page, text, codes, where, pieces, clipped, find_lost)
    if cut_off is None:
        return None
    digits = {i: owner for owner, own in pieces.items() for i in own if 48 <= codes[i] <= 57}
    cut = frozenset(find_cut_digits(pdfium, text, digits, where)) - cut_off
    return cut_off, cut | frozenset(_find_broken(frozenset(digits), pieces, cut_off))


def _focus(camera: Camera, suspects: Collection[int], pieces: Pieces, where: Sequence[Box | None]) -> Pieces:
    """Has the camera look at some pieces of text alone; those that it shows."""
    numbers = chain.from_iterable(pieces[item] for item in suspects)
    camera.look_near([box for i in numbers if (box := where[i]) is not None])
    return {item: own for item, own in pieces.items() if item not in camera.away}


def _make_ink_tests(camera: Camera, pieces: Pieces) -> tuple[InkTest, InkTest]:
    without = camera.shoot(pieces)
    return _make_ink_test(without, camera.scale, INK), _make_ink_test(without, camera.scale, FAINT)


def _look(
    pdfium: Any,
    page: Any,
    text: Any,
    codes: Sequence[int],
    where: Sequence[Box | None],
    camera: Camera,
    pieces: Pieces,
    near: Pieces,
    wanted: Collection[int],
) -> tuple[frozenset[int], frozenset[int]]:
    """The characters that nobody sees, and the digits of which nobody knows which they are, of the `wanted` pieces.

    Of the others, which are seen, the camera shows those that are `near`, or a part of them.
    """
    digits = frozenset(i for own in near.values() for i in own if 48 <= codes[i] <= 57)
    without = camera.shoot(near)
    traces = _differences(camera.whole(), without)
    known = [item for item in pieces if item not in wanted]
    unseen, unsure = _judge(pdfium, codes, camera, near, known, where, without, traces)
    partly = frozenset(_find_partly(pdfium, page, text, digits, camera, near, where, without, traces, unseen))
    partly = partly - unseen | frozenset(_find_broken(digits, near, unseen))
    left_out = [item for item in _find_objects(pdfium, page, (_TEXT,)) if item not in pieces]
    hidden = digits & unseen
    if hidden and left_out:
        traces = _differences(camera.whole(), camera.shoot([*near, *left_out]))
    partly |= frozenset(_find_printed_over(hidden, camera, where, traces, unseen))
    own = frozenset(chain.from_iterable(pieces[item] for item in wanted))
    return unseen & own, (partly | unsure) & own


def _stand_among(shapes: Sequence[BBox], rules: Sequence[RulingLine]) -> bool:
    """Whether one of the shapes stands where the ruling lines of the page stand."""
    if not shapes or not rules:
        return False
    left, right = min(r.x0 for r in rules), max(r.x1 for r in rules)
    top, bottom = min(r.top for r in rules), max(r.bottom for r in rules)
    return any(x0 < right and left < x1 and y0 < bottom and top < y1 for x0, y0, x1, y1 in shapes)


def _judge(
    pdfium: Any,
    numbers: Sequence[int],
    camera: Camera,
    pieces: Pieces,
    known: Sequence[int],
    where: Sequence[Box | None],
    without: Image,
    traces: Image,
) -> tuple[frozenset[int], frozenset[int]]:
    """The characters that nobody sees, and digits that perhaps nobody does.

    A font that is not in the file may lack on this machine and not on another: where none of its characters
    leaves a trace, only those that the file does not paint count as unseen. The `known` pieces are seen.
    """
    boxes = _place_characters(camera, pieces, where)
    codes = list(map(chr, numbers))
    lost = set(_find_unseen(camera, pieces, boxes, codes, traces))
    lost |= set(_find_blended(pdfium, pieces, boxes, without))
    get_font = bind(pdfium, "FPDFTextObj_GetFont")
    fonts = {item: get_font(item) for item in pieces}
    shown = {get_font(item) for item in known} | {
        fonts[item] for item, own in pieces.items() if any(i not in lost and codes[i].strip() for i in own)
    }
    embedded, mode = bind(pdfium, "FPDFFont_GetIsEmbedded"), bind(pdfium, "FPDFTextObj_GetTextRenderMode")
    sure = {
        i
        for item, own in pieces.items()
        if fonts[item] in shown or embedded(fonts[item]) == 1 or mode(item) in _INVISIBLE
        for i in own
    }
    return frozenset(lost & sure), frozenset(i for i in lost - sure if "0" <= codes[i] <= "9")


def _place_characters(camera: Camera, pieces: Pieces, where: Sequence[Box | None]) -> list[Pixels | None]:
    """Where in the picture the characters of the pieces stand, by number; None for all others."""
    places: list[Pixels | None] = [None] * len(where)
    for i in chain.from_iterable(pieces.values()):
        if (box := where[i]) is not None:
            places[i] = camera.pixels(box)
    return places


def _differences(one: Image, other: Image) -> Image:
    """Where two pictures differ visibly: 255, elsewhere 0."""
    return _darkness(one, other).point([0] * SEEN + [255] * (256 - SEEN))


class Traces:
    """The bytes of a picture, one a pixel, where it differs from another one; each character asks for its own box.

    `at` is where the picture begins in that of the page, left and top.
    """

    def __init__(self, picture: Image, at: tuple[int, int]) -> None:
        self._width, self._height = picture.size
        self._left, self._top = at
        self._data = picture.tobytes()

    def reach_into(self, box: Pixels) -> bool:
        """Whether a pixel in a box is not 0."""
        left, top, right, bottom = box
        left, right = max(0, left - self._left), min(self._width, right - self._left)
        if left >= right:
            return False
        width, data = self._width, self._data
        top, bottom = max(0, top - self._top), min(self._height, bottom - self._top)
        rows = range(top * width, bottom * width, width)
        return any(data[row + left : row + right].strip(b"\0") for row in rows)


def _find_unseen(
    camera: Camera,
    pieces: Pieces,
    boxes: Sequence[Pixels | None],
    codes: Sequence[str],
    all_traces: Image,
) -> Iterator[int]:
    """The characters that leave no trace when they are taken away. `all_traces` are what all text leaves together."""
    steps = _take_apart(pieces, boxes)
    with_text = camera.whole()
    for step in steps:
        if len(steps) == 1:
            traces = Traces(all_traces, (0, 0))
        else:
            own = [box for piece in step for i in pieces[piece] if (box := boxes[i]) is not None]
            area = camera.surround(own) if own else (0, 0, 1, 1)
            traces = Traces(_differences(with_text.crop(area), camera.shoot(step, area)), area[:2])
        for piece in step:
            yield from _find_traceless(pieces[piece], boxes, codes, traces)


def _find_traceless(
    numbers: Sequence[int], boxes: Sequence[Pixels | None], codes: Sequence[str], traces: Traces
) -> Iterator[int]:
    """Of the characters of one piece those without a trace; a speck is seen where the rest of its piece is."""
    inked = [i for i in numbers if codes[i].strip() and boxes[i] is not None]
    lost = [i for i in inked if (box := boxes[i]) is not None and not traces.reach_into(box)]
    if len(lost) == len(inked):
        yield from lost
    else:
        yield from (i for i in lost if codes[i] not in SPECKS)


def _find_lost_alone(
    camera: Camera, where: Sequence[Box | None], piece: int, numbers: Sequence[int]
) -> set[int]:
    """Of some characters of one piece those that leave no trace when the piece is taken away."""
    boxes = {i: box for i in numbers if (box := where[i]) is not None}
    places = {i: camera.pixels(box) for i, box in boxes.items()}
    area = camera.surround(list(places.values()))
    near = list(boxes.values())
    traces = Traces(_differences(camera.shoot_near(near, ()), camera.shoot_near(near, [piece])), area[:2])
    return {i for i, place in places.items() if not traces.reach_into(place)}


def _find_partly(
    pdfium: Any,
    page: Any,
    text: Any,
    figures: frozenset[int],
    camera: Camera,
    pieces: Pieces,
    where: Sequence[Box | None],
    without: Image,
    all_traces: Image,
    unseen: frozenset[int],
) -> Iterator[int]:
    """The digits that leave less ink than alone on a white page, or are cut by a clip path.

    `without` is the page without its text, `all_traces` what all text of the page leaves.
    """
    digits = {i: owner for owner, own in pieces.items() for i in own if i in figures}
    if not digits:
        return
    placed = {i: camera.pixels(box) for i in digits if (box := where[i]) is not None}
    part = camera.surround(list(placed.values())) if placed else (0, 0, 1, 1)
    traces = all_traces.crop(part)
    others = _find_objects(pdfium, page, _DRAWINGS)
    others += [owner for owner, own in pieces.items() if unseen.issuperset(own)]
    if not others:
        alone = _darkness(camera.whole().crop(part), without.crop(part))
    elif {*others, *pieces, *camera.away}.issuperset(list_objects(pdfium, page)):
        picture = camera.shoot(others, part)
        alone = _darkness(picture, picture.point([255] * 768))  # nothing is left to draw: a white page
    else:
        alone = _darkness(camera.shoot(others, part), camera.shoot([*others, *pieces], part))
    inked = alone.point([0] * INKED + [255] * (256 - INKED))
    traces.paste(0, mask=inked.point([255] * 255 + [0]))
    for i, (left, top, right, bottom) in placed.items():
        area = left - part[0], top - part[1], right - part[0], bottom - part[1]
        if _share_seen(inked.crop(area), traces.crop(area)) < WHOLE:
            yield i
    yield from find_cut_digits(pdfium, text, digits, where)


def _find_broken(figures: frozenset[int], pieces: Pieces, unseen: frozenset[int]) -> Iterator[int]:
    """The digits that are seen beside one of their own piece that is not: the number goes on there."""
    for own in pieces.values():
        if not unseen.isdisjoint(own) and not unseen.issuperset(own):
            digits = figures.intersection(own)
            yield from (i for i in digits - unseen if {i - 1, i + 1} & digits & unseen)


def _find_printed_over(
    digits: frozenset[int],
    camera: Camera,
    where: Sequence[Box | None],
    traces: Image,
    unseen: frozenset[int],
) -> Iterator[int]:
    """Of the digits that are not seen those where another character is that PDFium leaves out: it takes it for the same one.

    `traces` are what all pieces of text of the page leave, also those whose characters are left out.
    """
    seen: list[Pixels] | None = None
    for i in digits:
        box = where[i]
        left, top, right, bottom = (0, 0, 0, 0) if box is None else camera.pixels(box)
        area = left + 1, top, max(left + 1, right - 1), bottom  # the next character's edge may reach in
        share = sum(traces.crop(area).histogram()[1:]) / max(1, (area[2] - area[0]) * (bottom - top))
        if share > INKY:
            if seen is None:
                seen = [camera.pixels(b) for n, b in enumerate(where) if b is not None and n not in unseen]
            if not any(_touch(area, other) for other in seen):
                yield i


def _share_seen(inked: Image, seen: Image) -> float:
    """Which share of the pixels that a digit inks alone leave a trace on the page; 1 where it inks none."""
    count = inked.histogram()[255]
    return seen.histogram()[255] / count if count else 1.0


def _find_objects(pdfium: Any, page: Any, kinds: Sequence[int]) -> list[int]:
    """The objects of a page that are of these kinds, by their addresses."""
    kind = bind(pdfium, "FPDFPageObj_GetType")
    return [item for item in list_objects(pdfium, page) if kind(item) in kinds]


def _darkness(one: Image, other: Image) -> Image:
    """How much two pictures differ, from 0 to 255."""
    # as in `shoot`: few pages are rendered
    from PIL import Image, ImageChops

    difference = ImageChops.difference(one, other)
    box = difference.getbbox()
    darkness = Image.new("L", one.size)
    if box is not None:
        red, green, blue = difference.crop(box).split()
        darkness.paste(ImageChops.lighter(ImageChops.lighter(red, green), blue), box)
    return darkness


def _find_blended(
    pdfium: Any, pieces: Pieces, boxes: Sequence[Pixels | None], without: Image
) -> Iterator[int]:
    """The characters in the colour of their ground: they show only where they cut into something else."""
    grey = without.convert("L")
    # Lines vanish where the picture is made smaller, dark grounds do not.
    has_dark = any(grey.reduce(min(8, *grey.size)).histogram()[: DARK + 1])
    for piece, numbers in pieces.items():
        shade = round(255 * lightness(ink(pdfium, piece)))
        if shade <= SEEN and not has_dark:
            continue
        for i in numbers:
            box = boxes[i]
            if box is not None:
                counts = grey.crop(box).histogram()
                ground = counts.index(max(counts))
                if abs(ground - shade) <= (SEEN if max(ground, shade) > DARK else DARK):
                    yield i


def _take_apart(pieces: Pieces, boxes: Sequence[Pixels | None]) -> list[list[int]]:
    """The pieces in steps; those of one step do not stand over each other."""
    taken: list[_BoxesBySquare] = []
    steps: list[list[int]] = []
    for piece, numbers in pieces.items():
        own = [box for i in numbers if (box := boxes[i]) is not None]
        for number in range(MOST_STEPS):
            if number == len(steps):
                steps.append([])
                taken.append(_BoxesBySquare())
            last = number == MOST_STEPS - 1
            if last or not any(map(taken[number].meet, own)):
                steps[number].append(piece)
                for box in own:
                    taken[number].add(box)
                break
    return steps


#: Boxes are looked up in squares of so many pixels; one of more squares in a row is of a damaged font.
SIDE, MOST_SQUARES = 16, 64


class _BoxesBySquare:
    """Boxes of characters by the squares of the picture that they touch; those of damaged fonts apart."""

    def __init__(self) -> None:
        self._squares: dict[tuple[int, int], list[Pixels]] = defaultdict(list)
        self._all: list[Pixels] = []
        self._huge: list[Pixels] = []

    def add(self, box: Pixels) -> None:
        """Puts a box among the others."""
        self._all.append(box)
        if _is_huge(box):
            self._huge.append(box)
        else:
            for square in _squares_of(box):
                self._squares[square].append(box)

    def meet(self, box: Pixels) -> bool:
        """Whether a box stands over one of these."""
        if _is_huge(box):
            return any(_meet(box, other) for other in self._all)
        for other in self._huge:
            if _meet(box, other):
                return True
        for square in _squares_of(box):
            if square in self._squares:
                for other in self._squares[square]:
                    if _meet(box, other):
                        return True
        return False


def _is_huge(box: Pixels) -> bool:
    return max(box[2] - box[0], box[3] - box[1]) >= SIDE * MOST_SQUARES


def _squares_of(box: Pixels) -> list[tuple[int, int]]:
    left, top, right, bottom = box
    rows = range(top // SIDE, bottom // SIDE + 1)
    return [(x, y) for x in range(left // SIDE, right // SIDE + 1) for y in rows]


def _touch(a: Pixels, b: Pixels) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _meet(a: Pixels, b: Pixels) -> bool:
    """Whether two characters stand over each other; lines set close may touch."""
    if a[0] >= b[2] or b[0] >= a[2]:
        return False  # most do not, and all in one square are tried
    touch = min(a[3] - a[1], b[3] - b[1]) // 5 + 1
    return a[1] + touch < b[3] and b[1] + touch < a[3]


def _make_ink_test(picture: Image, scale: float, least: int) -> InkTest:
    """Whether a picture has ink in a box of the page: pixels that differ from the ground of the box by `least`, of 255."""
    grey = picture.convert("L")

    def has_ink(box: BBox) -> bool:
        x0, top, x1, bottom = box
        inner = (  # what is beside the picture has no ink
            max(0, round((x0 + WALL) * scale)),
            max(0, round((top + WALL) * scale)),
            min(grey.width, round((x1 - WALL) * scale)),
            min(grey.height, round((bottom - WALL) * scale)),
        )
        if inner[2] - inner[0] < 2 or inner[3] - inner[1] < 2:
            return False
        counts = grey.crop(inner).histogram()
        ground = counts.index(max(counts))
        return any(count for shade, count in enumerate(counts) if abs(shade - ground) > least)

    return has_ink
