"""The colours of text and of the ground under it → whether the text can be seen."""

from __future__ import annotations

import re

#: The ground of a page.
WHITE = "FFFFFF"
#: Text is not seen where none of its three channels differs from the ground's by more than this, of 255.
_ALIKE = 12
_HEX = re.compile(r"#?([0-9A-Fa-f]{6})")
_NAMED = {
    "white": WHITE,
    "black": "000000",
    "yellow": "FFFF00",
    "red": "FF0000",
    "green": "00FF00",
    "cyan": "00FFFF",
    "magenta": "FF00FF",
    "blue": "0000FF",
    "darkBlue": "000080",
    "darkCyan": "008080",
    "darkGreen": "008000",
    "darkMagenta": "800080",
    "darkRed": "800000",
    "darkYellow": "808000",
    "darkGray": "808080",
    "lightGray": "C0C0C0",
}


def color_of(value: str | None) -> str | None:
    """A colour as RRGGBB; None for "auto", "transparent" and anything that is no colour.

    >>> color_of("#ffffff"), color_of("yellow"), color_of("auto")
    ('FFFFFF', 'FFFF00', None)
    """
    if not value:
        return None
    match = _HEX.fullmatch(value)
    return match[1].upper() if match is not None else _NAMED.get(value)


def is_invisible(color: str | None, ground: str | None) -> bool:
    """Whether text of a colour cannot be seen on a ground; one that is not known (None, "") shows it.

    >>> is_invisible("FFFFFF", "FEFEFE"), is_invisible("FFFFFF", "4472C4")
    (True, False)
    """
    if not color or not ground:
        return False
    pairs = zip(bytes.fromhex(color), bytes.fromhex(ground), strict=True)
    return all(abs(a - b) <= _ALIKE for a, b in pairs)
