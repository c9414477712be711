"""Rows of a text whose boxes one wide blank parts, or whose values are listed behind a colon → the same with tabs.

    规章　0　2　　                     the blank of Chinese typing between boxes, also where they are blank
    规章 0 　 2                        or in blank boxes, which narrow blanks part
    （一）予以公开：12，1，0，0，0，0，13   a label, a colon and the values in the order of the columns

Either is believed only where many rows have the same number of values: then nothing but boxes stands between the signs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

_WIDE = "\u3000"
#: A value: a number with its sign and unit, a placeholder, or nothing.
_VALUE = re.compile(
    r"""
    \s* (?: (?: [-+－−] | [增减][加少]? )?
            [\d０-９][\d０-９.．]* (?: [,，]\d{3} )* (?: \.\d+ )?
            \s* (?: 万元|元|件|项|条|个|次 )?
          | [/／\\\-－—–无]{1,2} )? \s*
    """,
    re.VERBOSE,
)
_LISTED = re.compile(r"(?P<label>[^：:。]{2,90}?)\s*[：:]\s*(?P<values>[^：:。]*?)\s*。?")
_LISTS = (
    re.compile("[，、]"),
    re.compile(", ?"),
    re.compile("、"),
    re.compile(r"[;；/|｜]"),
    re.compile(r"\s+"),
)
#: So many rows with as many values as table three has columns make a table.
_COLUMNS, _LEAST_ROWS = 7, 8
#: A box of a row has at most so many characters.
_LONGEST = 90

_Split = Callable[[str], list[str] | None]


def put_tabs_between(lines: Sequence[str]) -> list[str]:
    """The lines; of such rows, with tabs between the boxes."""
    splits = (_split_around_wide, _split_wide, *map(_list_splitter, _LISTS))
    for split in splits[not _has_boxes_of_blanks(lines) :]:
        rows = [None if "\t" in line or "|" in line else split(line) for line in lines]
        counts = Counter(_count_values(row) for row in rows if row is not None)
        longer = sum(n for count, n in counts.items() if count > _COLUMNS and count != 15)
        if counts[_COLUMNS] >= _LEAST_ROWS and not longer:
            return [line if row is None else "\t".join(row) for line, row in zip(lines, rows, strict=True)]
    return list(lines)


def _count_values(row: Sequence[str]) -> int:
    """The values at the end of a row."""
    labels = [i for i, box in enumerate(row) if _VALUE.fullmatch(box) is None]
    return len(row) - 1 - labels[-1] if labels else len(row)


def _split_wide(line: str) -> list[str] | None:
    """The boxes between wide blanks; None for a line that begins with one, which is a paragraph, or has a sentence."""
    if _WIDE not in line or line.startswith(_WIDE) or "。" in line or "  " in line.strip(" "):
        return None
    boxes = [box.strip(" ") for box in line.split(_WIDE)]
    return boxes if all(len(box) <= _LONGEST for box in boxes) else None


def _has_boxes_of_blanks(lines: Sequence[str]) -> bool:
    return any(f" {_WIDE} " in line for line in lines)


def _split_around_wide(line: str) -> list[str] | None:
    """The boxes between single blanks, of which some may hold a wide one, as a page's blank boxes do; None without a value."""
    boxes = line.strip(" ").split(" ")
    is_row = len(boxes) > 1 and _VALUE.fullmatch(boxes[-1]) is not None and "" not in boxes
    return boxes if is_row and "。" not in line else None


def _list_splitter(sign: re.Pattern[str]) -> _Split:
    def split(line: str) -> list[str] | None:
        m = _LISTED.fullmatch(line.strip())
        if m is None:
            return None
        boxes = sign.split(m["values"])
        return [m["label"], *boxes] if all(map(_VALUE.fullmatch, boxes)) else None

    return split
