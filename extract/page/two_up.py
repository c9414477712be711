"""A sheet with two pages, or two documents, side by side → where to cut it, and in which order its halves are read."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.ruling_line import RulingLine

#: The gutter stands within this share of the page's width about its middle.
MIDDLE = 0.08
#: It is at least so many points wide, and each side has at least so many characters.
WIDE, LEAST = 9.0, 120
#: The number of a section at the beginning of its heading. Rows of table three have numbers as well.
_SECTION = re.compile(r"\s*([一二三四五六])[、.．](?!\s*(?:本年|上年|结转))")
_NUMBERS = "一二三四五六"

T = TypeVar("T")


def find_gutter(
    glyphs: Sequence[Glyph], rules: Sequence[RulingLine], width: float, height: float
) -> float | None:
    """The middle of the gutter between two pages, which nothing crosses; None where there is none."""
    if width <= 1.1 * height:
        return None
    low, high = width * (0.5 - MIDDLE), width * (0.5 + MIDDLE)
    spans = [(g.x0, g.x1) for g in glyphs] + [(r.x0, r.x1) for r in rules]
    edge, best = low, (0.0, 0.0)
    for x0, x1 in sorted(s for s in spans if s[1] > low and s[0] < high):
        if x0 - edge > best[0]:
            best = (x0 - edge, (edge + x0) / 2)
        edge = max(edge, x1)
    if high - edge > best[0]:
        best = (high - edge, (edge + high) / 2)
    room, at = best
    if room < WIDE:
        return None
    left = sum((g.x0 + g.x1) / 2 < at for g in glyphs)
    return at if left >= LEAST and len(glyphs) - left >= LEAST else None


def order_halves(left: Sequence[T], right: Sequence[T], lines: Callable[[T], Iterable[str]]) -> list[T]:
    """The halves of some sheets in the order in which the sections of reports stand; `lines` are those of a half.

    Of two documents side by side the left halves come first, then the right ones; of one, each left half before its
    right one.
    """
    # sheet by sheet where both fit: the end of a report has text without a heading
    orders = [half for pair in zip(left, right, strict=True) for half in pair], [*left, *right]
    return min(
        orders, key=lambda halves: _count_steps_back(itertools.chain.from_iterable(map(lines, halves)))
    )


def _count_steps_back(lines: Iterable[str]) -> int:
    """How often a section does not go on from the one before it: its number is as low, or lower."""
    numbers = [_NUMBERS.index(m[1]) for line in lines if (m := _SECTION.match(line)) is not None]
    return sum(b <= a for a, b in itertools.pairwise(numbers))
