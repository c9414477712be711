"""A text of a workbook, in a box or shared by several → what of it is seen, raised and lowered figures apart."""

from __future__ import annotations

import re
from typing import Any

from gongkai.extract.left_out import LeftOut
from gongkai.extract.office.symbol_font import translate_symbols
from gongkai.extract.page.superscript import join_levels
from gongkai.extract.spreadsheet.xlsx_styles import X, find_unseen, font_of, level_of

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read_rich_text(element: Any, left_out: LeftOut, ground: str | None, font: str = "") -> str:
    """The text of an x:si or x:is, without its reading aids; `ground` is the colour behind it, where it is known."""
    plain = element.find(X + "t")
    if plain is not None:
        return translate_symbols(_unescape(plain.text or ""), font or None)
    pieces: list[tuple[str, int]] = []
    for run in element.iterchildren(X + "r"):
        properties = run.find(X + "rPr")
        text = "".join(t.text or "" for t in run.iterchildren(X + "t"))
        unseen = find_unseen(properties, ground)
        if unseen:
            left_out.add(unseen, text)
        else:
            name = font_of(properties) or font
            pieces.append((translate_symbols(_unescape(text), name or None), level_of(properties)))
    return join_levels(pieces)


def _unescape(text: str) -> str:
    """Text with the characters that XML cannot hold: _x000D_ is a line end."""
    return _ESCAPED.sub(lambda m: chr(int(m[1], 16)), text) if "_x" in text else text
