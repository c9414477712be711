"""A length of a style sheet → pixels."""

from __future__ import annotations

import re

_LENGTH = re.compile(
    r"([+-]?(?:\d{1,9}(?:\.\d{0,6})?|\.\d{1,6}))(px|pt|pc|cm|mm|in|em|rem|ex|ch|vw|vh|%)?", re.IGNORECASE
)
_PIXELS = {"px": 1.0, "pt": 4 / 3, "pc": 16.0, "cm": 37.8, "mm": 3.78, "in": 96.0, "vw": 12.8, "vh": 7.2}
#: Names of sizes of letters.
_NAMED = {
    "xx-small": 9.0, "x-small": 10.0, "small": 13.0, "medium": 16.0, "large": 18.0, "x-large": 24.0, "xx-large": 32.0,
}  # fmt: skip


def read_length(text: str, size: float, whole: float) -> float | None:
    """A length in pixels, where letters have `size` and a hundred per cent are `whole`; None where it is none.

    >>> read_length("-9999px", 16, 0), read_length("1.5em", 16, 0), read_length("50%", 16, 200)
    (-9999.0, 24.0, 100.0)
    """
    word = text.strip().lower()
    if word in _NAMED:
        return _NAMED[word]
    hit = _LENGTH.fullmatch(word)
    if hit is None:
        return None
    number, unit = float(hit[1]), hit[2] or "px"
    if unit == "%":
        return number / 100 * whole
    if unit in ("em", "ex", "ch"):
        return number * size * (1.0 if unit == "em" else 0.5)
    return number * (16.0 if unit == "rem" else _PIXELS[unit])


def read_lengths(text: str, size: float) -> list[float]:
    """The lengths of a property that has up to four."""
    found = [read_length(part, size, 0.0) for part in text.split()[:4]]
    return [length or 0.0 for length in found]
