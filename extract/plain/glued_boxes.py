"""Tables with bars in which several boxes stand in one → the same lines without bars.

    | （一）予以公开 |     | 3 1 | 1   | 1   | 1 0 7 |

A program that finds columns by the words of a PDF's page (markitdown) puts some of them together, in other lines others.
Its bars tell nothing then; the words of a line keep their order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_BARRED = re.compile(r"\s*\|.*\|\s*")
_DASHES = re.compile(r"\s*\|(?:\s*:?-{2,}:?\s*\|)+\s*")
#: Several numbers in one box: one of them is a nought, so that blanks do not part the digits of one number.
_NUMBERS = re.compile(r"(?=.*(?<!\S)0(?!\S))\s*\d[\d,.]*(?:\ \d[\d,.]*)+\s*")
#: So many such boxes, in so many lines, are no misprint.
_LEAST_BOXES = 3


def loosen_glued_boxes(lines: Sequence[str]) -> list[str]:
    """The lines; in a text with such boxes, those with bars without them, and without the lines of dashes."""
    glued = sum(
        any(map(_NUMBERS.fullmatch, line.split("|"))) for line in lines if _BARRED.fullmatch(line) is not None
    )
    if glued < _LEAST_BOXES:
        return list(lines)
    return [_loosen(line) for line in lines if _DASHES.fullmatch(line) is None]


def _loosen(line: str) -> str:
    if _BARRED.fullmatch(line) is None:
        return line
    boxes = (box.strip(" \t") for box in line.split("|"))  # a wide blank is a blank box of the page
    return " ".join(box for box in boxes if box)
