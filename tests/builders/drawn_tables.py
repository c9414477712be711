"""Pictures of small tables, as the tests of scans want them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pytest

from gongkai.extract import ocr

needs_ocr = pytest.mark.skipif(not ocr.is_available(), reason="the extra gongkai[ocr] is not installed")
PLAIN = (("A", "128"), ("B", "57"))


def table(
    rows: Sequence[Sequence[str]] = PLAIN,
    size: tuple[int, int] = (1654, 1200),
    corner: tuple[int, int] = (200, 300),
    box: tuple[int, int] = (550, 90),
) -> Any:
    """A page with one table: its upper left corner and the size of a box, in pixels."""
    from PIL import Image, ImageDraw

    page = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(page)
    (left, top), (wide, high) = corner, box
    right, bottom = left + wide * len(rows[0]), top + high * len(rows)
    for n in range(len(rows) + 1):
        pen.line((left, top + high * n, right, top + high * n), fill="black", width=3)
    for n in range(len(rows[0]) + 1):
        pen.line((left + wide * n, top, left + wide * n, bottom), fill="black", width=3)
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            middle = left + wide * (c + 0.5), top + high * (r + 0.5)
            pen.text(middle, text, fill="black", font_size=40, anchor="mm")
    return page


def png(picture: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
