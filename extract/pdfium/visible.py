"""What of a page's text is seen, and what else is drawn there: the page rendered with and without its text.

A character that leaves no trace when it is taken away is not seen: clipped, covered, switched off, not painted, or in the
colour of its ground. Rendering costs as much as reading a page. Pages that hold only plain text and ruling lines are
therefore not rendered; `Doubts` says what makes a page doubtful.
"""

from __future__ import annotations

import ctypes
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from gongkai.extract.page.ruling_line import RulingLine
from gongkai.extract.pdfium.calls import Box, Placer, address_of, bind
from gongkai.extract.pdfium.watermark import ink, lightness
from gongkai.model import BBox

if TYPE_CHECKING:
    from PIL.Image import Image

#: Pixels a point, and pixels of a page at the most.
SCALE, MOST_PIXELS = 1.5, 4_000_000
#: A difference of a colour, of 255, that the eye sees.
SEEN = 12
#: So much of a character's box, left and right, may be its neighbour's ink.
RIM = 0.14
#: Pieces of text that stand over each other are taken away one after the other, in so many steps at the most.
MOST_STEPS = 6
#: Ink differs so much, of 255, from the ground of its box: less is a watermark or a shade.
INK = 90
#: So far inside its walls, in points, the ground of a box begins.
WALL = 2.0
#: Marks that may leave less than a pixel.
_SPECKS = frozenset(".,．，。、·-‐–—一_:：；;'’‘\"")
#: Pairs of a cover and a text beyond which rendering is cheaper than comparing.
MOST_PAIRS = 40_000

#: Where ink may be looked for: whether anything but text and ground is drawn in a box of the page as displayed.
InkTest = Callable[[BBox], bool]


@dataclass(slots=True)
class Doubts:
    """Why text of a page may not be seen, collected while its objects are listed.

    `texts` and `covers` have the number of an object in drawing order and its box: what is painted later covers.
    `shapes` are the boxes of pictures and of drawings that are no ruling lines.
    """

    certain: bool = False
    texts: list[tuple[int, Box]] = field(default_factory=list)
    covers: list[tuple[int, Box]] = field(default_factory=list)
    shapes: list[BBox] = field(default_factory=list)

    def exist(self) -> bool:
        """Whether the page must be rendered to know what of its text is seen."""
        if self.certain or not self.covers or not self.texts:
            return self.certain
        first = self.texts[0][0]
        covers = [cover for cover in self.covers if cover[0] > first]
        if len(covers) * len(self.texts) > MOST_PAIRS:
            return True
        return any(at > number and _covers(box, own) for at, box in covers for number, own in self.texts)


def _covers(cover: Box, text: Box) -> bool:
    """Whether a drawing lies over a good part of a piece of text. Boxes are left, bottom, right, top."""
    wide = min(cover[2], text[2]) - max(cover[0], text[0])
    high = min(cover[3], text[3]) - max(cover[1], text[1])
    return wide > 1 and high > 0.4 * (text[3] - text[1])


_INVISIBLE = (3, 7)


def may_be_unseen(pdfium: Any, items: Sequence[int], bounds: Sequence[Box | None], layers: bool) -> bool:
    """Whether one of these pieces of text is not painted, leaves its clip path, or stands in an optional layer.

    `items` are addresses; `layers` whether the file may have optional layers at all.
    """
    if any(mode in _INVISIBLE for mode in map(bind(pdfium, "FPDFTextObj_GetTextRenderMode"), items)):
        return True
    clips = list(map(bind(pdfium, "FPDFPageObj_GetClipPath"), items))
    paths = map(bind(pdfium, "FPDFClipPath_CountPaths"), clips)
    clipped = [i for i, count in enumerate(paths) if 0 < count < 0x7FFFFFFF]
    if any(_leaves_clip(pdfium, clips[i], bounds[i]) for i in clipped):
        return True
    return layers and any(_is_optional(pdfium, item) for item in items)


def _leaves_clip(pdfium: Any, clip: int, box: Box | None) -> bool:
    """Whether a piece of text reaches beyond the box of one of its clip paths."""
    if box is None:
        return False
    x, y = ctypes.c_float(), ctypes.c_float()
    at = [ctypes.addressof(x), ctypes.addressof(y)]
    segment, point = bind(pdfium, "FPDFClipPath_GetPathSegment"), bind(pdfium, "FPDFPathSegment_GetPoint")
    for path in range(bind(pdfium, "FPDFClipPath_CountPaths")(clip)):
        xs, ys = [], []
        for i in range(max(0, bind(pdfium, "FPDFClipPath_CountPathSegments")(clip, path))):
            point(segment(clip, path, i), *at)
            xs.append(x.value)
            ys.append(y.value)
        if xs and (
            box[0] < min(xs) - 1 or box[2] > max(xs) + 1 or box[1] < min(ys) - 1 or box[3] > max(ys) + 1
        ):
            return True
    return False


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
    """The characters of a page that nobody sees, by number, and what is drawn beside its text."""

    unseen: frozenset[int]
    has_ink: InkTest | None


NOTHING = Seen(frozenset(), None)


def look_at(
    pdfium: Any,
    page: Any,
    text: Any,
    where: Sequence[Box | None],
    place: Placer,
    doubts: Doubts,
    rules: Sequence[RulingLine],
) -> Seen:
    """Renders a page with and without its text where that can tell anything. `where` are the boxes of all characters."""
    has_doubts, has_shapes = doubts.exist(), _stand_among(doubts.shapes, rules)
    if not has_doubts and not has_shapes:
        return NOTHING
    camera = _Camera(pdfium, page, place)
    pieces = _find_pieces(pdfium, text, where)
    without = camera.shoot(pieces)
    unseen: Iterable[int] = ()
    if has_doubts:
        unseen = _judge(pdfium, text, camera, pieces, where, without)
    return Seen(frozenset(unseen), _make_ink_test(without, camera.scale) if has_shapes else None)


def _stand_among(shapes: Sequence[BBox], rules: Sequence[RulingLine]) -> bool:
    """Whether one of the shapes stands where the ruling lines of the page stand."""
    if not shapes or not rules:
        return False
    left, right = min(r.x0 for r in rules), max(r.x1 for r in rules)
    top, bottom = min(r.top for r in rules), max(r.bottom for r in rules)
    return any(x0 < right and left < x1 and y0 < bottom and top < y1 for x0, y0, x1, y1 in shapes)


#: The numbers of the characters of each piece of text, by its address.
Pieces = dict[int, list[int]]


def _find_pieces(pdfium: Any, text: Any, where: Sequence[Box | None]) -> Pieces:
    count = len(where)
    owners = map(bind(pdfium, "FPDFText_GetTextObject"), repeat(address_of(text), count), range(count))
    pieces: Pieces = defaultdict(list)
    for i, (owner, box) in enumerate(zip(owners, where, strict=True)):
        if owner and box is not None:
            pieces[owner].append(i)
    return pieces


def _judge(
    pdfium: Any, text: Any, camera: _Camera, pieces: Pieces, where: Sequence[Box | None], without: Image
) -> Iterator[int]:
    """The characters that nobody sees.

    A font that is not in the file may lack on this machine and not on another: where none of its characters
    leaves a trace, only those that the file does not paint count as unseen.
    """
    boxes = [None if box is None else camera.pixels(box) for box in where]
    codes = [chr(pdfium.FPDFText_GetUnicode(text, i)) for i in range(len(where))]
    lost = set(_find_unseen(camera, pieces, boxes, codes, without))
    lost |= set(_find_blended(pdfium, pieces, boxes, without))
    fonts = {item: bind(pdfium, "FPDFTextObj_GetFont")(item) for item in pieces}
    shown = {
        fonts[item] for item, own in pieces.items() if any(i not in lost and codes[i].strip() for i in own)
    }
    embedded, mode = bind(pdfium, "FPDFFont_GetIsEmbedded"), bind(pdfium, "FPDFTextObj_GetTextRenderMode")
    for item, own in pieces.items():
        if fonts[item] in shown or embedded(fonts[item]) == 1 or mode(item) in _INVISIBLE:
            yield from (i for i in own if i in lost)


#: A box of pixels: left, top, right, bottom.
Pixels = tuple[int, int, int, int]


class _Camera:
    """Renders an open page, some of its objects taken away."""

    def __init__(self, pdfium: Any, page: Any, place: Placer) -> None:
        self._pdfium, self._page, self._place = pdfium, page, place
        wide, high = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
        self.scale = min(SCALE, (MOST_PIXELS / max(1.0, wide * high)) ** 0.5)
        self.size = max(1, round(wide * self.scale)), max(1, round(high * self.scale))

    def pixels(self, box: Box) -> Pixels:
        """The core of a character's box (left, top, right, bottom in the page's own space), in pixels."""
        x0, top, x1, bottom = (v * self.scale for v in self._place(box[0], box[3], box[2], box[1]))
        rim = RIM * (x1 - x0)
        left, upper = round(x0 + rim), floor(top)
        return left, upper, max(left + 1, round(x1 - rim)), max(upper + 1, ceil(bottom))

    def shoot(self, without: Iterable[int]) -> Image:
        """The page without some objects, which are given by their addresses."""
        # Pillow takes as long to load as a plain page takes to read, and few pages are rendered.
        from PIL import Image

        switch = bind(self._pdfium, "FPDFPageObj_SetIsActive")
        away = list(without)
        for item in away:
            switch(item, 0)
        wide, high = self.size
        room = ctypes.create_string_buffer(wide * high * 4)
        bitmap = self._pdfium.FPDFBitmap_CreateEx(wide, high, self._pdfium.FPDFBitmap_BGRx, room, wide * 4)
        try:
            self._pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, wide, high, 0xFFFFFFFF)
            self._pdfium.FPDF_RenderPageBitmap(bitmap, self._page, 0, 0, wide, high, 0, 0)
        finally:
            self._pdfium.FPDFBitmap_Destroy(bitmap)
            for item in away:
                switch(item, 1)
        return Image.frombytes("RGB", self.size, room.raw, "raw", "BGRX")


def _differences(one: Image, other: Image) -> Image:
    """Where two pictures differ visibly: 255, elsewhere 0."""
    # as in `shoot`: few pages are rendered
    from PIL import ImageChops

    red, green, blue = ImageChops.difference(one, other).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return most.point([0] * SEEN + [255] * (256 - SEEN))


def _find_unseen(
    camera: _Camera,
    pieces: Pieces,
    boxes: Sequence[Pixels | None],
    codes: Sequence[str],
    without: Image,
) -> Iterator[int]:
    """The characters that leave no trace when they are taken away."""
    steps = _take_apart(pieces, boxes)
    with_text = camera.shoot(())
    for step in steps:
        traces = _differences(with_text, without if len(steps) == 1 else camera.shoot(step))
        for piece in step:
            yield from _find_traceless(pieces[piece], boxes, codes, traces)


def _find_traceless(
    numbers: Sequence[int], boxes: Sequence[Pixels | None], codes: Sequence[str], traces: Image
) -> Iterator[int]:
    """Of the characters of one piece those without a trace; a speck is seen where the rest of its piece is."""
    inked = [i for i in numbers if codes[i].strip() and boxes[i] is not None]
    lost = [i for i in inked if traces.crop(boxes[i]).getbbox() is None]
    if len(lost) == len(inked):
        yield from lost
    else:
        yield from (i for i in lost if codes[i] not in _SPECKS)


def _find_blended(
    pdfium: Any, pieces: Pieces, boxes: Sequence[Pixels | None], without: Image
) -> Iterator[int]:
    """The characters in the colour of their ground: they show only where they cut into something else."""
    grey = without.convert("L")
    for piece, numbers in pieces.items():
        shade = round(255 * lightness(ink(pdfium, piece)))
        if shade <= SEEN:
            continue
        for i in numbers:
            box = boxes[i]
            if box is not None:
                counts = grey.crop(box).histogram()
                if abs(counts.index(max(counts)) - shade) <= SEEN:
                    yield i


def _take_apart(pieces: Pieces, boxes: Sequence[Pixels | None]) -> list[list[int]]:
    """The pieces in steps; those of one step do not stand over each other."""
    side = 16
    taken: list[dict[tuple[int, int], list[Pixels]]] = []
    steps: list[list[int]] = []
    for piece, numbers in pieces.items():
        own = [box for i in numbers if (box := boxes[i]) is not None]
        squares = {
            (x, y): box
            for box in own
            for x in range(box[0] // side, min(box[2] // side, box[0] // side + 64) + 1)
            for y in range(box[1] // side, min(box[3] // side, box[1] // side + 64) + 1)
        }
        for number in range(MOST_STEPS):
            if number == len(steps):
                steps.append([])
                taken.append(defaultdict(list))
            last = number == MOST_STEPS - 1
            if last or not any(
                _meet(box, other) for key in squares for box in own for other in taken[number].get(key, ())
            ):
                steps[number].append(piece)
                for key in squares:
                    taken[number][key] += own
                break
    return steps


def _meet(a: Pixels, b: Pixels) -> bool:
    """Whether two characters stand over each other; lines set close may touch."""
    touch = min(a[3] - a[1], b[3] - b[1]) // 5 + 1
    return a[0] < b[2] and b[0] < a[2] and a[1] + touch < b[3] and b[1] + touch < a[3]


def _make_ink_test(picture: Image, scale: float) -> InkTest:
    """Whether a picture has ink in a box of the page: pixels that differ from the ground of the box."""
    grey = picture.convert("L")

    def has_ink(box: BBox) -> bool:
        x0, top, x1, bottom = box
        inner = (
            round((x0 + WALL) * scale),
            round((top + WALL) * scale),
            round((x1 - WALL) * scale),
            round((bottom - WALL) * scale),
        )
        if inner[2] - inner[0] < 2 or inner[3] - inner[1] < 2:
            return False
        counts = grey.crop(inner).histogram()
        ground = counts.index(max(counts))
        return any(count for shade, count in enumerate(counts) if abs(shade - ground) > INK)

    return has_ink
