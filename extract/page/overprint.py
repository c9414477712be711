"""Figures that stand over a label of their line: they are no part of it.

Where no wall is drawn either, a label that is longer than its column goes on through the numbers of its row. Characters
of one text never stand over each other.
"""

from __future__ import annotations

from collections.abc import Sequence

from gongkai.extract.page.glyph import Glyph

#: A figure stands over a character if this share of its width does.
_OVER = 0.25
#: Figures of one number stand no further apart, in heights.
_APART = 0.3
#: Characters of values, and so many neighbours of one in its line may stand over it.
_OF_VALUES, _NEAR = "0123456789０１２３４５６７８９.,，/／", 2


def part_figures(line: Sequence[Glyph]) -> list[list[Glyph]]:
    """A line as it is, or its words and the figures that stand over them apart; glyphs stay in their order.

    Figures right behind such words are values too: a label ends in none.
    """
    over = {i for i in range(len(line)) if _stands_over(line, i)}
    if not over:
        return [list(line)]
    _add_rest_of_numbers(line, over)
    words = [g for i, g in enumerate(line) if i not in over]
    end = len(words)
    while end and words[end - 1].text.isdecimal():
        end -= 1
    return [part for part in (words[:end], words[end:], [line[i] for i in sorted(over)]) if part]


def _add_rest_of_numbers(line: Sequence[Glyph], over: set[int]) -> None:
    """Adds the figures that touch those of a number which stand over a label."""
    steps = [(i, i - 1) for i in range(1, len(line))] + [(i, i + 1) for i in range(len(line) - 2, -1, -1)]
    for i, beside in steps:
        if beside in over and line[i].text in _OF_VALUES and _touch(line[i], line[beside]):
            over.add(i)


def _stands_over(line: Sequence[Glyph], i: int) -> bool:
    g = line[i]
    if g.text not in _OF_VALUES:
        return False
    beside = (*line[max(0, i - _NEAR) : i], *line[i + 1 : i + 1 + _NEAR])
    return any(
        min(g.x1, o.x1) - max(g.x0, o.x0) > _OVER * (g.x1 - g.x0) for o in beside if "一" <= o.text <= "鿿"
    )


def _touch(one: Glyph, other: Glyph) -> bool:
    return max(one.x0, other.x0) - min(one.x1, other.x1) < _APART * (one.bottom - one.top)
