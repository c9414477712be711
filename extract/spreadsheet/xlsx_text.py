"""A text of a workbook, in a box or shared by several → what of it is seen, raised and lowered figures apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from gongkai.extract.left_out import LeftOut
from gongkai.extract.office.symbol_font import translate_symbols
from gongkai.extract.spreadsheet.shown_box import BoxStyle, hide_unseen, join_runs
from gongkai.extract.spreadsheet.xlsx_styles import SheetColors, X, font_name, level_of, why_unseen
from gongkai.model import Place

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class TextReader:
    """What the texts of a workbook are read with."""

    colors: SheetColors
    left_out: LeftOut

    def read(self, element: Any, style: BoxStyle, place: Place | None = None) -> str:
        """The text of an x:si or x:is in a box, without its reading aids; a run of its own font has that font's look."""
        plain = element.find(X + "t")
        if plain is not None:
            text = translate_symbols(_unescape(plain.text or ""), style.font or None)
            return hide_unseen(text, style, self.left_out, place)
        runs = (self._read_run(run, style) for run in element.iterchildren(X + "r"))
        return join_runs(runs, self.left_out, place)

    def _read_run(self, run: Any, style: BoxStyle) -> tuple[str, str, str, int]:
        properties = run.find(X + "rPr")
        text = "".join(t.text or "" for t in run.iterchildren(X + "t"))
        unseen = style.unseen if properties is None else why_unseen(properties, style.ground, self.colors)
        name = font_name(properties) or style.font
        return text if unseen else _unescape(text), unseen, name, level_of(properties)


def _unescape(text: str) -> str:
    """Text with the characters that XML cannot hold: _x000D_ is a line end."""
    return _ESCAPED.sub(lambda m: chr(int(m[1], 16)), text) if "_x" in text else text
