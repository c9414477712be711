"""A page with two documents side by side → where to cut it."""

from __future__ import annotations

from collections.abc import Sequence

from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.ruling_line import RulingLine

#: The gutter stands within this share of the page's width about its middle.
MIDDLE = 0.08
#: It is at least so many points wide, and each side has at least so many characters.
WIDE, LEAST = 9.0, 120


def find_gutter(
    glyphs: Sequence[Glyph], rules: Sequence[RulingLine], width: float, height: float
) -> float | None:
    """The middle of the gutter between two documents, which nothing crosses; None where there is none."""
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
