"""Raised figures: the mark of a footnote behind a number. 12¹ is not 121."""

from __future__ import annotations

from collections.abc import Sequence

from gongkai.extract.page.glyph import Glyph

#: Figures as superscript characters, so that whoever reads the number can leave the mark out.
SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
#: A raised figure ends so much above the foot of the one before it, and is so much smaller, in shares of its height.
RAISED, SMALLER = 0.25, 0.9


def mark_superscripts(glyphs: Sequence[Glyph]) -> Sequence[Glyph]:
    """The glyphs of a box, small high figures behind another as superscript characters on its line."""
    digits = sorted((g for g in glyphs if "0" <= g.text <= "9"), key=lambda g: g.x0)
    if len(digits) < 2:
        return glyphs
    base, raised = digits[0], {}
    for g in digits[1:]:
        if _is_raised(base, g):
            raised[g] = g._replace(text=g.text.translate(SUPERSCRIPT), top=base.top, bottom=base.bottom)
        else:
            base = g
    return [raised.get(g, g) for g in glyphs] if raised else glyphs


def _is_raised(base: Glyph, figure: Glyph) -> bool:
    high = base.bottom - base.top
    return (
        RAISED * high < base.bottom - figure.bottom < high
        and figure.bottom - figure.top < SMALLER * high
        and figure.x0 >= base.x1 - 0.25 * high
    )
