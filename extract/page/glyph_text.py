"""Glyphs → lines and their text, from positions alone."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from operator import itemgetter

from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.superscript import has_odd_figures, mark_superscripts
from gongkai.model import mark_unread

#: A gap wider than this share of the glyphs' height is a blank between two words or numbers.
BLANK = 0.45
#: Between two Latin letters a smaller gap is a blank.
LATIN_BLANK = 0.15
#: Where digits touch, a gap wider than this share of their height parts two numbers; one of thousands is smaller.
APART = 0.8
#: Among fewer glyphs than this a raised figure is a footnote mark behind a number; in a text it may be anything.
FEW = 16
#: A line of a number that leaves less room than so many heights of a figure goes on in the next line.
FULL = 2.2
#: Marks that may be lower than the characters of their line, and by how much: a share of the line's height.
MARKS = frozenset("，、。．,.;；:：·'’‘\"“”-–—_…")
LOW = 0.6
#: Figures of a number in two lines differ in their heights by less than this share.
EVEN = 0.2


def group_lines(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Glyphs as lines from top to bottom, each from left to right, whatever order they were drawn in."""
    lines: list[list[Glyph]] = []
    middle = 0.0
    for g in sorted(glyphs, key=lambda g: g[2] + g[4]):
        _, _, top, _, bottom = g
        y = (top + bottom) / 2
        high = bottom - top
        if lines and y - middle <= 0.5 * (high if high > 4.0 else 4.0):
            line = lines[-1]
            line.append(g)
            middle += (y - middle) / len(line)
        else:
            lines.append([g])
            middle = y
    if any(line[0].text in MARKS for line in lines):
        lines = _join_marks(lines)
    for line in lines:
        line.sort(key=itemgetter(1))
    return lines


def _join_marks(lines: list[list[Glyph]]) -> list[list[Glyph]]:
    """The lines; marks alone on a level that another line holds belong to that one.

    Where a font tells no height of its own, every box is as high as the ink in it: a comma stands lower than its line.
    """
    joined: list[list[Glyph]] = []
    kept: list[list[Glyph]] = []
    for line in lines:
        (joined if all(g.text in MARKS for g in line) else kept).append(line)
    extents = [(min(g.top for g in line), max(g.bottom for g in line)) for line in kept]
    for marks in joined:
        middle = sum(g.top + g.bottom for g in marks) / 2 / len(marks)
        high = max(g.bottom - g.top for g in marks)
        around = (
            i
            for i, (top, bottom) in enumerate(extents)
            if top <= middle <= bottom and high < LOW * (bottom - top)
        )
        i = next(around, None)
        if i is None:
            kept.append(marks)
        else:
            kept[i] += marks
    return sorted(kept, key=lambda line: line[0].top + line[0].bottom)


def text_of(glyphs: Sequence[Glyph]) -> str:
    """The text of glyphs: one line for each of theirs, a blank where a gap is wide enough."""
    if len(glyphs) <= 1:
        return glyphs[0].text if glyphs else ""
    return "\n".join(map(line_text, _group_marked(glyphs)))


def _group_marked(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Glyphs as lines; raised figures of a few are marked."""
    return group_lines(mark_superscripts(glyphs) if len(glyphs) < FEW else glyphs)


def line_text(line: Sequence[Glyph]) -> str:
    """The text of one line."""
    parts = [line[0].text]
    apart: list[int] = []
    for (before, _, _, end, _), (text, start, top, _, bottom) in itertools.pairwise(line):
        gap = start - end
        if gap > LATIN_BLANK * (bottom - top):  # most glyphs touch
            ascii = before.isascii() and text.isascii()
            latin = ascii and (before.isalpha() or text.isalpha())
            wide = (LATIN_BLANK if latin else BLANK) * (bottom - top)
            if gap > wide and (gap > 2.2 * wide or ascii):
                if gap > APART * (bottom - top) and (before + text).isdigit():
                    apart.append(len(parts))
                parts.append(" ")
        parts.append(text)
    if apart and _has_touching_digits(line):
        for n in apart:
            parts[n] = "  "
    return "".join(parts)


def _has_touching_digits(line: Sequence[Glyph]) -> bool:
    """Whether two digits of a line stand side by side, so that a wide gap between others parts two numbers."""
    return any(
        a.text.isdigit() and b.text.isdigit() and b.x0 - a.x1 < LATIN_BLANK * (b.bottom - b.top)
        for a, b in itertools.pairwise(line)
    )


#: Glyphs that reach over so many heights stand in more than one line.
TWO_LINES = 1.6


def is_wrapped(text: str, glyphs: Sequence[Glyph]) -> bool:
    """Whether a box's text is one number from several lines: two numbers, one under the other, may look so as well."""
    if not text[:1].isdigit() or "\n" in text:
        return False
    tops, bottoms = [g.top for g in glyphs], [g.bottom for g in glyphs]
    return max(bottoms) - min(tops) > TWO_LINES * (bottoms[0] - tops[0])


#: What is said of a number with figures that stand higher or lower than the others.
_ODD_FIGURE = mark_unread("raised or lowered figure")


def _may_be_number(text: str, glyphs: Sequence[Glyph]) -> bool:
    return len(glyphs) < FEW and not any("一" <= c <= "鿿" for c in text)


def figures_text(run: Sequence[Glyph]) -> str:
    """The text of a word. Figures of a number that stand higher or lower than the others are marked, as in a box."""
    marked = mark_superscripts(run)
    text = line_text(marked)
    if len(run) > 1 and _may_be_number(text, run) and has_odd_figures([marked]):
        return text + _ODD_FIGURE
    return text


def box_text(glyphs: Sequence[Glyph], room: float, *, worn: bool = False) -> str:
    """The text of a box `room` points wide. A number too long for it is wrapped: 3,28 over 2 is 3,282.

    Figures that stand higher or lower than their number are marked, except on a scan, where nobody knows it.
    """
    if len(glyphs) <= 1:
        return text_of(glyphs)
    marked = _group_marked(glyphs)
    text = "\n".join(map(line_text, marked))
    if not worn and _may_be_number(text, glyphs) and has_odd_figures(marked):
        return text + _ODD_FIGURE
    if "\n" in text and all(g.text in "0123456789０１２３４５６７８９.,，．" for g in glyphs):
        size = glyphs[0].bottom - glyphs[0].top
        lines = group_lines(glyphs)
        even = all(abs(g.bottom - g.top - size) < EVEN * size for g in glyphs)
        if even and all(room - (line[-1].x1 - line[0].x0) < FULL * size for line in lines[:-1]):
            return text.replace("\n", "")
    return text


# Figures over a label ------------------------------------------------------------------------
#
# Where no wall is drawn, a label that is longer than its column goes on through the numbers of its row. Characters of one
# text never stand over each other.

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
