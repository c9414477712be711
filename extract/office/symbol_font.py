"""Characters of a symbol font → what they print, as far as that is a number or a sign; else a mark."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gongkai.model import mark_unread

#: Characters without a meaning of their own: only the font says what they look like.
PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
#: Where Windows puts the 256 characters of a symbol font.
_FIRST, _LAST = 0xF000, 0xF0FF
_UNKNOWN = mark_unread("symbol")

#: The font Symbol has ASCII's figures and signs in their places; its minus is a true one.
_SYMBOL: Mapping[int, str] = {
    **{code: chr(code) for code in range(0x20, 0x40) if chr(code) not in "\"$'*@"},
    0x2D: "-",
    0xA5: "∞",
    0xB1: "±",
    0xB4: "×",
    0xB8: "÷",
}
#: Wingdings has figures in circles only: none of a number.
_WINGDINGS: Mapping[int, str] = {
    0x20: " ",
    0x80: "⓪",
    **{0x81 + i: chr(0x2460 + i) for i in range(10)},
    **{0x8C + i: chr(0x2776 + i) for i in range(10)},
    0xFC: "✓",
}
_FONTS: Mapping[str, Mapping[int, str]] = {
    "symbol": _SYMBOL,
    "wingdings": _WINGDINGS,
    "wingdings 2": {0x20: " "},
    "wingdings 3": {0x20: " "},
    "webdings": {0x20: " "},
    "zapfdingbats": {0x20: " "},
    "zapf dingbats": {0x20: " "},
    "marlett": {0x20: " "},
    "mt extra": {0x20: " "},
}


def is_symbol_font(font: str | None) -> bool:
    """Whether a font draws something else than the characters that stand in the file."""
    return font is not None and font.lower() in _FONTS


def translate_symbols(text: str, font: str | None) -> str:
    """What characters print in a font: in a symbol font by its table, else a mark for private ones.

    >>> translate_symbols("\\uf02d\\uf033", "Symbol")
    '-3'
    >>> translate_symbols("12", "SimSun")
    '12'
    """
    if is_symbol_font(font):
        return "".join(_translate(c, _FONTS[str(font).lower()]) for c in text)
    return PRIVATE.sub(_UNKNOWN, text)


def _translate(character: str, table: Mapping[int, str]) -> str:
    code = ord(character)
    if _FIRST <= code <= _LAST:
        code -= _FIRST
    elif code >= 0x100 and PRIVATE.match(character) is None:
        return character  # the font has no such character: another font prints it
    return table.get(code, _UNKNOWN)
