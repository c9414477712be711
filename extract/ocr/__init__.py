"""A picture of a page → characters and ruling lines, as a page of a PDF has them."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gongkai.model import MissingTool

if TYPE_CHECKING:
    from gongkai.extract.page.glyph import Glyph
    from gongkai.extract.page.layout import Page

__all__ = ["DPI", "MISSING", "is_available", "read_page"]

#: Pixels an inch at which pages are read.
DPI = 200
#: What to do where the optional packages are not installed.
MISSING = "reading pictures needs the extra: pip install 'gongkai[ocr]'"

_PACKAGES = ("rapidocr", "onnxruntime", "cv2")


def is_available() -> bool:
    """Whether the extra `gongkai[ocr]` is installed."""
    return all(importlib.util.find_spec(name) is not None for name in _PACKAGES)


def read_page(
    picture: Any, number: int, width: float, height: float, hidden: Sequence[Glyph] = (), *, dpi: int = DPI
) -> Page:
    """The page in a picture (a Pillow image of the whole page), read at so many pixels an inch; sizes in points.

    `hidden` is text under the picture, in points of the page: its figures are compared with those that are read.

    Raises MissingTool where the extra is not installed.
    """
    if not is_available():
        raise MissingTool(MISSING)
    # The one door to the engines: numpy, OpenCV and onnxruntime are optional, and take longer to
    # import than a document without pictures takes to read. Behind it they are imported as usual.
    from gongkai.extract.ocr import scan

    with scan.on_one_processor():
        return scan.read_page(picture, number, width, height, dpi, hidden)
