"""Figures that a line is drawn through: somebody withdrew them, and only a person can see what holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.ruling_line import RulingLine

#: Ruling lines are looked up in bands of this height, in points.
BAND = 4.0
#: A line strikes a figure when it is no further from its middle than this share of its height.
MIDDLE = 0.2


def find_struck(glyphs: Iterable[Glyph], rules: Sequence[RulingLine]) -> list[Glyph]:
    """The digits whose middle a horizontal line crosses from side to side."""
    bands: dict[int, list[RulingLine]] = defaultdict(list)
    for rule in rules:
        if rule.x1 - rule.x0 > rule.bottom - rule.top:
            bands[int((rule.top + rule.bottom) / 2 // BAND)].append(rule)
    return [g for g in glyphs if "0" <= g.text <= "9" and _is_struck(g, bands)]


def _is_struck(glyph: Glyph, bands: dict[int, list[RulingLine]]) -> bool:
    middle, reach = (glyph.top + glyph.bottom) / 2, MIDDLE * (glyph.bottom - glyph.top)
    low, high = int((middle - reach) // BAND), int((middle + reach) // BAND)
    # A letter of a damaged font can be higher than all bands that have lines.
    near = range(low, high + 1) if high - low < len(bands) else list(bands)
    return any(
        rule.x0 <= glyph.x0 + 1
        and rule.x1 >= glyph.x1 - 1
        and abs((rule.top + rule.bottom) / 2 - middle) < reach
        for band in near
        if band in bands
        for rule in bands[band]
    )
