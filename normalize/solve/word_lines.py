"""Placed words → lines, and which words are values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from gongkai.model import UNREAD, LayoutKind, PlacedWord
from gongkai.normalize.form.number import NotANumber, parse

#: Layouts whose words are boxes: a blank one says that nothing was printed.
BOXED: frozenset[LayoutKind] = frozenset({"boxes", "bars", "tabs"})
#: Words whose middles differ by less than this share of their height stand on one line.
_LEVEL = 0.45
#: What may be a number, or a part of one, that was not read.
_DIGIT_OR_UNREAD = re.compile(rf"\d|{UNREAD}|\ufffd")


@lru_cache(maxsize=16384)
def is_value(text: str) -> bool:
    """Whether a text is a number, a placeholder or nothing."""
    try:
        parse(text)
    except NotANumber:
        return False
    return True


def number_in(text: str) -> Decimal:
    """The number that a value stands for. Raises NotANumber for other texts."""
    return parse(text).value


def may_hold_number(text: str) -> bool:
    """Whether a text that is no value has a digit, or something that was not read."""
    return not is_value(text) and _DIGIT_OR_UNREAD.search(text) is not None


def is_spoilt_number(text: str) -> bool:
    """Whether a text without a Chinese character is no value and may hold a number that was not read."""
    return may_hold_number(text) and not any("一" <= c <= "鿿" for c in text)


def group_levels(words: Sequence[PlacedWord]) -> list[list[PlacedWord]]:
    """Words of one level each, from top to bottom, each from left to right."""
    lines: list[list[PlacedWord]] = []
    for w in sorted(words, key=lambda w: w.y):
        if lines and w.y - sum(v.y for v in lines[-1]) / len(lines[-1]) < _LEVEL * w.height:
            lines[-1].append(w)
        else:
            lines.append([w])
    return [sorted(line, key=lambda w: w.x0) for line in lines]


def group_reading_lines(words: Sequence[PlacedWord]) -> list[list[PlacedWord]]:
    """Words in reading order as lines: a new one begins where the level changes."""
    lines: list[list[PlacedWord]] = []
    for w in words:
        last = lines[-1][0] if lines else None
        if last is not None and abs(last.y - w.y) < 0.5 * min(last.height, w.height):
            lines[-1].append(w)
        else:
            lines.append([w])
    return lines


def group_box_rows(words: Sequence[PlacedWord]) -> list[list[PlacedWord]]:
    """Boxes by the level where they begin: a tall one is of the row in which it begins."""
    rows: dict[int, list[PlacedWord]] = {}
    for w in words:
        rows.setdefault(round(w.top), []).append(w)
    return [sorted(rows[top], key=lambda w: w.x0) for top in sorted(rows)]
