"""Raised figures → superscript characters: they mark a footnote behind a number. 12¹ is not 121.

A figure that is smaller than the others of its line, or stands higher or lower, and is no such mark, belongs to no number
for certain: its box is marked as unread.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from gongkai.extract.page.glyph import Glyph

#: Figures to superscript characters, so that the parser of numbers can leave the mark out.
SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
#: Figures to subscript characters: a lowered figure is none of its number.
SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
#: A raised figure ends so much above the foot of the figure before it, and is at most so high, in shares of its height.
RAISED, SMALLER = 0.25, 0.9
#: A lowered figure ends so much below it, and is at most so high.
LOWERED, SMALL = 0.06, 0.75


_SHIFTED: Mapping[int, Mapping[int, int]] = {-1: SUBSCRIPT, 0: {}, 1: SUPERSCRIPT}


def join_levels(pieces: Iterable[tuple[str, int]]) -> str:
    """The text of pieces, each raised (1), lowered (-1) or neither (0).

    Where some stand higher or lower than others, their figures are no figures of the number.
    """
    pieces = [(text, level) for text, level in pieces if text]
    if len({level for text, level in pieces if text.strip()}) < 2:
        return "".join(text for text, _ in pieces)
    return "".join(text.translate(_SHIFTED[level]) for text, level in pieces)


#: A figure of one number is at least so high, and its foot differs from the others' by at most so much, in shares of
#: the highest figure's height. Fonts of one size differ in their heights by less.
LEAST, OFF = 0.76, 0.2


def has_odd_figures(lines: Sequence[Sequence[Glyph]]) -> bool:
    """Whether one of the lines has figures of several sizes or heights above its foot."""
    return any(_is_uneven([g for g in line if "0" <= g.text <= "9"]) for line in lines)


def _is_uneven(figures: Sequence[Glyph]) -> bool:
    if len(figures) < 2:
        return False
    tallest = max(figures, key=lambda g: g.bottom - g.top)
    high = tallest.bottom - tallest.top
    return any(
        g.bottom - g.top < LEAST * high or abs(g.bottom - tallest.bottom) > OFF * high for g in figures
    )


def mark_superscripts(glyphs: Sequence[Glyph]) -> Sequence[Glyph]:
    """The glyphs of a box; small raised or lowered figures behind another become such characters on its line."""
    digits = sorted((g for g in glyphs if "0" <= g.text <= "9"), key=lambda g: g.x0)
    if len(digits) < 2:
        return glyphs
    base, raised = digits[0], {}
    for g in digits[1:]:
        if _is_raised(base, g):
            raised[g] = g._replace(text=g.text.translate(SUPERSCRIPT), top=base.top, bottom=base.bottom)
        elif _is_lowered(base, g):
            raised[g] = g._replace(text=g.text.translate(SUBSCRIPT), top=base.top, bottom=base.bottom)
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


def _is_lowered(base: Glyph, figure: Glyph) -> bool:
    high = base.bottom - base.top
    return (
        LOWERED * high < figure.bottom - base.bottom < high
        and figure.bottom - figure.top < SMALL * high
        and figure.x0 >= base.x1 - 0.25 * high
    )
