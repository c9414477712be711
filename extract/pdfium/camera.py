"""An open page of a PDF → pictures of it, with or without some of its objects."""

from __future__ import annotations

import ctypes
import mmap
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from gongkai.extract.pdfium.calls import Box, Placer, bind, list_objects, read_bounds

if TYPE_CHECKING:
    from PIL.Image import Image

#: Pixels of a page at the most.
MOST_PIXELS = 9_000_000
#: So much of a character's box, left and right, may be its neighbour's ink.
RIM = 0.14
#: A box of pixels: left, top, right, bottom.
Pixels = tuple[int, int, int, int]
#: Boxes that stand no further apart than this, in pixels, are cut out together.
NEAR = 100
#: Text and paths that end further from all boxes than this, in points, show nothing in them.
REACH = 8.0
#: Objects are looked up in bands of the page of this height, in points.
BAND = 4.0
#: A box that reaches further than this, in points, is of a damaged font.
FURTHEST = 20_000.0
#: Every shade as white.
_WHITE = [255] * 256
#: Kinds of objects, as PDFium numbers them.
_TEXT, _PATH = 1, 2


class Camera:
    """Renders an open page at so many pixels a point, some of its objects taken away."""

    def __init__(self, pdfium: Any, page: Any, place: Placer, scale: float) -> None:
        self._pdfium, self._page, self._place = pdfium, page, place
        wide, high = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
        self.scale = min(scale, (MOST_PIXELS / max(1.0, wide * high)) ** 0.5)
        self.size = max(1, round(wide * self.scale)), max(1, round(high * self.scale))
        self._page_size, self._at = self.size, (0, 0)
        #: Objects that are never drawn.
        self.away: frozenset[int] = frozenset()
        self._whole: Image | None = None

    def pixels(self, box: Box) -> Pixels:
        """The core of a character's box (left, top, right, bottom in the page's own space), in pixels.

        A damaged font has boxes of any size: what reaches further than a page beyond the page is cut off.
        """
        x0, top, x1, bottom = self._place(box[0], box[3], box[2], box[1])
        scale, (wide, high), (across, down) = self.scale, self._page_size, self._at
        x0, top, x1, bottom = x0 * scale, top * scale, x1 * scale, bottom * scale
        if not (-wide <= x0 < 2 * wide - 1 and -wide <= x1 < 2 * wide - 1):
            x0, x1 = (min(max(x, -wide), 2.0 * wide - 1) for x in (x0, x1))
        if not (-high <= top < 2 * high - 1 and -high <= bottom < 2 * high - 1):
            top, bottom = (min(max(y, -high), 2.0 * high - 1) for y in (top, bottom))
        rim = RIM * (x1 - x0)
        left, upper = round(x0 + rim) - across, floor(top) - down
        return left, upper, max(left + 1, round(x1 - rim) - across), max(upper + 1, ceil(bottom) - down)

    def look_near(self, boxes: Sequence[Box]) -> None:
        """From now on shows the part of the page alone that boxes stand in, with little of what stands elsewhere."""
        left, top, right, bottom = self.surround([self.pixels(box) for box in boxes])
        self.away = frozenset(self._find_distant(boxes))
        self._at, self.size, self._whole = (left, top), (right - left, bottom - top), None

    def whole(self) -> Image:
        """The page as it is; it is rendered once."""
        if self._whole is None:
            self._whole = self.shoot(())
        return self._whole

    def shoot(self, without: Iterable[int], area: Pixels | None = None) -> Image:
        """The page, or a part of it, without some objects, which are given by their addresses."""
        part = area or (0, 0, *self.size)
        return self._develop(self._render(without, [part]), part)

    def shoot_near(self, boxes: Sequence[Box], without: Iterable[int]) -> Image:
        """The part of the page that boxes of characters stand in, without some objects: few of the others are drawn."""
        part = self.surround([self.pixels(box) for box in boxes])
        return self._develop(self._render([*self._find_distant(boxes), *without], [part]), part)

    def cut_out(self, boxes: Sequence[Box]) -> list[Image]:
        """What the page shows in each box (left, top, right, bottom in the page's own space), in grey.

        A page is many megabytes at a fine scale: only where the boxes are is it filled, drawn and taken over.
        """
        places = [self.pixels(box) for box in boxes]
        groups = [(numbers, self.surround([places[i] for i in numbers])) for numbers in _group_near(places)]
        room = self._render(self._find_distant(boxes), [area for _, area in groups])
        found: dict[int, Image] = {}
        for numbers, area in groups:
            grey = self._develop(room, area).convert("L")
            for i in numbers:
                x0, y0, x1, y1 = places[i]
                # a character as large as the page is of a damaged font: it shows nothing
                is_character = (x1 - x0) * (y1 - y0) < self.size[0] * self.size[1]
                shown = (x0 - area[0], y0 - area[1], x1 - area[0], y1 - area[1])
                found[i] = grey.crop(shown) if is_character else grey.crop((0, 0, 1, 1)).point(_WHITE)
        return [found[i] for i in range(len(boxes))]

    def surround(self, places: Sequence[Pixels]) -> Pixels:
        """The part of the picture that boxes stand in; one pixel where they stand beside it."""
        lefts, tops, rights, bottoms = zip(*places, strict=True)
        left, top = max(0, min(lefts)), max(0, min(tops))
        right, bottom = min(self.size[0], max(rights)), min(self.size[1], max(bottoms))
        return (left, top, right, bottom) if left < right and top < bottom else (0, 0, 1, 1)

    def _find_distant(self, boxes: Sequence[Box]) -> list[int]:
        """The pieces of text and the paths of the page that stand in none of the boxes."""
        if any(abs(side) > FURTHEST for box in boxes for side in box):
            return []
        bands: dict[int, tuple[float, float]] = {}
        for left, upper, right, lower in boxes:
            low, high = min(lower, upper) - REACH, max(lower, upper) + REACH
            for band in range(int(low // BAND), int(high // BAND) + 1):
                begin, end = bands.get(band, (left, right))
                bands[band] = min(begin, left), max(end, right)
        kind = bind(self._pdfium, "FPDFPageObj_GetType")
        items = [i for i in list_objects(self._pdfium, self._page) if kind(i) in (_TEXT, _PATH)]
        bounds = read_bounds(self._pdfium, items)
        return [
            item
            for item, own in zip(items, bounds, strict=True)
            if own is not None and own[0] < own[2] and own[1] < own[3] and not _reaches(own, bands)
        ]

    def _find_part(self, area: Pixels) -> Pixels:
        """Where an area of what is shown is in the picture of the page."""
        (left, top, right, bottom), (across, down) = area, self._at
        return left + across, top + down, right + across, bottom + down

    def _render(self, without: Iterable[int], areas: Sequence[Pixels]) -> Any:
        """The bytes of the page without some objects, right in some areas alone."""
        switch = bind(self._pdfium, "FPDFPageObj_SetIsActive")
        away = [*self.away, *without]
        for item in away:
            switch(item, 0)
        wide, high = self._page_size
        room = _reserve(4 * max(MOST_PIXELS, wide * high))
        bitmap = self._pdfium.FPDFBitmap_CreateEx(wide, high, self._pdfium.FPDFBitmap_BGRx, room, wide * 4)
        try:
            for left, top, right, bottom in map(self._find_part, areas):
                self._pdfium.FPDFBitmap_FillRect(bitmap, left, top, right - left, bottom - top, 0xFFFFFFFF)
            self._pdfium.FPDF_RenderPageBitmap(bitmap, self._page, 0, 0, wide, high, 0, 0)
        finally:
            self._pdfium.FPDFBitmap_Destroy(bitmap)
            for item in away:
                switch(item, 1)
        return room

    def _develop(self, room: Any, area: Pixels) -> Image:
        """A part of what was rendered, as a picture."""
        # Pillow takes as long to load as a plain page takes to read, and few pages are rendered.
        from PIL import Image

        left, top, right, bottom = self._find_part(area)
        stride = 4 * self._page_size[0]
        picture = Image.new("RGB", (right - left, bottom - top), None)  # not filled with a colour first
        part = memoryview(room)[top * stride + 4 * left : (bottom - 1) * stride + 4 * right]
        picture.frombytes(part, "raw", "BGRX", stride, 1)
        return picture


@lru_cache(1)
def _reserve(size: int) -> Any:
    """So many bytes to draw in, the same ones for every page.

    A page is many megabytes, and the system gives each part of them when something is first drawn there: that took
    half as long as the drawing.
    """
    if sys.platform == "win32":
        room = mmap.mmap(-1, size)
    else:  # a process that this one forks gets memory of its own
        room = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    return (ctypes.c_char * size).from_buffer(room)


def _reaches(own: Box, bands: dict[int, tuple[float, float]]) -> bool:
    """Whether an object (left, bottom, right, top) reaches into a stretch of a band."""
    left, low, right, high = own
    first, last = int(low // BAND), int(high // BAND)
    for band in range(first, last + 1) if last - first < len(bands) else bands:
        if first <= band <= last and band in bands:
            begin, end = bands[band]
            if left < end + REACH and begin - REACH < right:
                return True
    return False


def _group_near(boxes: Sequence[Pixels]) -> Iterator[list[int]]:
    """The numbers of boxes that stand beside each other in one line, or touch its boxes."""
    lines: list[list[int]] = []
    foot = 0
    for i in sorted(range(len(boxes)), key=lambda i: boxes[i][1]):
        if lines and boxes[i][1] < foot:
            lines[-1].append(i)
        else:
            lines.append([i])
            foot = boxes[i][3]
    for line in lines:
        line.sort(key=lambda i: boxes[i][0])
        end = boxes[line[0]][2]
        group: list[int] = []
        for i in line:
            if boxes[i][0] - end > NEAR:
                yield group
                group = []
            group.append(i)
            end = max(end, boxes[i][2])
        yield group
