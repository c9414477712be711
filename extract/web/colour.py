"""A colour of a style sheet or an attribute → red, green, blue."""

from __future__ import annotations

import re
from colorsys import hls_to_rgb

Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)
#: Colours that differ by no more in each part look the same.
_ALIKE = 8
_NAMED: dict[str, Colour] = {
    "white": WHITE, "snow": (255, 250, 250), "ivory": (255, 255, 240), "whitesmoke": (245, 245, 245),
    "ghostwhite": (248, 248, 255), "floralwhite": (255, 250, 240), "black": (0, 0, 0), "red": (255, 0, 0),
    "green": (0, 128, 0), "blue": (0, 0, 255), "yellow": (255, 255, 0), "gray": (128, 128, 128),
    "grey": (128, 128, 128), "silver": (192, 192, 192), "navy": (0, 0, 128), "maroon": (128, 0, 0),
    "purple": (128, 0, 128), "teal": (0, 128, 128), "olive": (128, 128, 0), "lime": (0, 255, 0),
    "aqua": (0, 255, 255), "cyan": (0, 255, 255), "fuchsia": (255, 0, 255), "magenta": (255, 0, 255),
    "orange": (255, 165, 0), "windowtext": (0, 0, 0), "window": WHITE, "canvas": WHITE, "canvastext": (0, 0, 0),
    "lightgray": (211, 211, 211), "lightgrey": (211, 211, 211), "darkred": (139, 0, 0), "darkblue": (0, 0, 139),
}  # fmt: skip
_HEX = re.compile(r"#?([0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})")
_RGB = re.compile(r"rgba?\(([^()]{1,80})\)")
_HSL = re.compile(r"hsla?\(([^()]{1,80})\)")
_NUMBER = re.compile(r"-?\d{1,6}(?:\.\d{1,6})?|\.\d{1,6}")


def read_colour(text: str) -> tuple[Colour, float] | None:
    """A colour and how opaque it is, 0 to 1; None where the text is none that is known here.

    >>> read_colour("#fff"), read_colour("rgba(255, 0, 0, 50%)")
    (((255, 255, 255), 1.0), ((255, 0, 0), 0.5))
    """
    word = text.strip().lower()
    if word == "transparent":
        return WHITE, 0.0
    if word in _NAMED:
        return _NAMED[word], 1.0
    digits = _HEX.fullmatch(word)
    if digits is not None:
        return _read_hex(digits[1])
    parts = _RGB.fullmatch(word)
    if parts is not None:
        return _read_rgb(parts[1])
    parts = _HSL.fullmatch(word)
    return None if parts is None else _read_hsl(parts[1])


def are_alike(one: Colour, other: Colour) -> bool:
    """Whether nobody sees the one on the other."""
    (r, g, b), (red, green, blue) = one, other
    return abs(r - red) <= _ALIKE and abs(g - green) <= _ALIKE and abs(b - blue) <= _ALIKE


def _read_hex(digits: str) -> tuple[Colour, float]:
    if len(digits) <= 4:
        digits = "".join(c * 2 for c in digits)
    red, green, blue, *alpha = (int(digits[i : i + 2], 16) for i in range(0, len(digits), 2))
    return (red, green, blue), (alpha[0] / 255 if alpha else 1.0)


def _read_numbers(text: str, whole: float) -> list[float]:
    """The numbers of a colour; a share of a hundred is one of `whole`."""
    return [
        float(n[0]) / 100 * whole if text[n.end() : n.end() + 1] == "%" else float(n[0])
        for n in _NUMBER.finditer(text)
    ]


def _read_alpha(text: str) -> float:
    found = list(_NUMBER.finditer(text))
    if len(found) < 4:
        return 1.0
    share = text[found[3].end() : found[3].end() + 1] == "%"
    return float(found[3][0]) / (100 if share else 1)


def _read_rgb(text: str) -> tuple[Colour, float] | None:
    numbers = _read_numbers(text, 255)
    if len(numbers) not in (3, 4):
        return None
    red, green, blue = (max(0, min(255, round(n))) for n in numbers[:3])
    return (red, green, blue), _read_alpha(text)


def _read_hsl(text: str) -> tuple[Colour, float] | None:
    numbers = _read_numbers(text, 1)
    if len(numbers) not in (3, 4):
        return None
    red, green, blue = (round(c * 255) for c in hls_to_rgb(numbers[0] % 360 / 360, numbers[2], numbers[1]))
    return (red, green, blue), _read_alpha(text)
