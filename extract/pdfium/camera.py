"""An open page of a PDF → pictures of it, with or without some of its objects."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from gongkai.extract.pdfium.calls import Box, Placer, bind

if TYPE_CHECKING:
    from PIL.Image import Image

#: Pixels of a page at the most.
MOST_PIXELS = 9_000_000
#: So much of a character's box, left and right, may be its neighbour's ink.
RIM = 0.14
#: A box of pixels: left, top, right, bottom.
Pixels = tuple[int, int, int, int]


class Camera:
    """Renders an open page at so many pixels a point, some of its objects taken away."""

    def __init__(self, pdfium: Any, page: Any, place: Placer, scale: float) -> None:
        self._pdfium, self._page, self._place = pdfium, page, place
        wide, high = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
        self.scale = min(scale, (MOST_PIXELS / max(1.0, wide * high)) ** 0.5)
        self.size = max(1, round(wide * self.scale)), max(1, round(high * self.scale))
        self._whole: Image | None = None

    def pixels(self, box: Box) -> Pixels:
        """The core of a character's box (left, top, right, bottom in the page's own space), in pixels."""
        x0, top, x1, bottom = (v * self.scale for v in self._place(box[0], box[3], box[2], box[1]))
        rim = RIM * (x1 - x0)
        left, upper = round(x0 + rim), floor(top)
        return left, upper, max(left + 1, round(x1 - rim)), max(upper + 1, ceil(bottom))

    def whole(self) -> Image:
        """The page as it is; it is rendered once."""
        if self._whole is None:
            self._whole = self.shoot(())
        return self._whole

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
