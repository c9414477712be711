"""Pictures on a page with a text layer: which of them may be tables, and what OCR reads in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from gongkai.extract.ocr import read_page
from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.layout import Inset, Page
from gongkai.extract.page.ruling_line import RulingLine
from gongkai.model import BBox, Block, Grid, Paragraph
from gongkai.startup_cache import read_toml

#: A picture of at least this share of its page may be a table, a smaller one if it is wide: table four is low.
PICTURED, PICTURED_LOW, WIDE = 0.1, 0.03, 0.4
#: Strips of one picture touch, and their sides differ by no more than so many points.
TOUCH = 2.0
#: A picture with more Chinese characters of the text layer on it is the page's ground.
GROUND = 60
#: A heading is no longer, in characters.
LONGEST_HEADING = 45
_NUMBERED = re.compile("[一二三四五六七]+[、.．,，]")


@cache
def _wordings(name: str) -> Sequence[Any]:
    wordings = read_toml("gongkai.extract", "table_titles.toml")
    return tuple(wordings[name])


def lacks_tables(blocks: Sequence[Block]) -> bool:
    """Whether a heading announces a table and none follows before the next one: it may be a picture."""
    texts = ["".join(b.text.split()) for b in blocks if isinstance(b, Paragraph)]
    if not any(isinstance(b, Grid) for b in blocks):
        whole = "".join(texts)
        return any(title in whole for title in _wordings("titles")) or any(map(_is_heading, texts))
    waits = False
    for block in blocks:
        if isinstance(block, Grid):
            waits = False
        elif isinstance(block, Paragraph) and _is_heading("".join((block.number + block.text).split())):
            if waits:
                return True
            waits = True
    return waits


def _is_heading(text: str) -> bool:
    """Whether a paragraph begins as the heading of a section with a table; the section's text may follow at once."""
    start = text[:LONGEST_HEADING]
    if _NUMBERED.match(start) and any(
        all(w in start.partition("。")[0] for w in words) for words in _wordings("headings")
    ):
        return True
    return len(text) < LONGEST_HEADING and any(title in text for title in _wordings("titles"))


def find_areas(pictures: Sequence[BBox], width: float, height: float) -> tuple[BBox, ...]:
    """The places of pictures that are large enough for a table. Strips of one picture are one."""
    areas: list[BBox] = []
    for x0, top, x1, bottom in sorted(pictures, key=lambda p: (p[1], p[0])):
        box = max(x0, 0.0), max(top, 0.0), min(x1, width), min(bottom, height)
        if box[0] >= box[2] or box[1] >= box[3]:
            continue
        above = next((a for a in areas if _is_strip_below(a, box)), None)
        if above is None:
            areas.append(box)
        else:
            areas[areas.index(above)] = (above[0], above[1], above[2], max(above[3], box[3]))
    return tuple(a for a in areas if _is_large(a, width, height))


def _is_large(area: BBox, width: float, height: float) -> bool:
    share = (area[2] - area[0]) * (area[3] - area[1]) / (width * height)
    return share >= (PICTURED_LOW if area[2] - area[0] >= WIDE * width else PICTURED)


def _is_strip_below(above: BBox, box: BBox) -> bool:
    is_flush = abs(above[0] - box[0]) <= TOUCH and abs(above[2] - box[2]) <= TOUCH
    return is_flush and -TOUCH <= box[1] - above[3] <= TOUCH


def read_areas(page: Page, picture: Any) -> Page:
    """The page with what OCR reads in its large pictures. `picture` is the whole page, as a Pillow image."""
    scale = picture.width / page.width
    areas = [a for a in page.pictures if not _is_ground(page, a)]
    insets = []
    for area in areas:
        x0, top, x1, bottom = area
        crop = picture.crop(tuple(round(v * scale) for v in area))
        insets.append(Inset(read_page(crop, page.number, x1 - x0, bottom - top), area))

    def is_outside(thing: Glyph | RulingLine) -> bool:
        return not any(_has_middle(a, (thing.x0, thing.top, thing.x1, thing.bottom)) for a in areas)

    return replace(
        page,
        glyphs=list(filter(is_outside, page.glyphs)),
        rules=list(filter(is_outside, page.rules)),
        unread=tuple(filter(is_outside, page.unread)),
        insets=tuple(insets),
    )


def _is_ground(page: Page, area: BBox) -> bool:
    on_it = sum("一" <= g.text <= "鿿" and _has_middle(area, g[1:]) for g in page.glyphs)
    return on_it > GROUND


def _has_middle(area: BBox, box: BBox) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return area[0] < x < area[2] and area[1] < y < area[3]
