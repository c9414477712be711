"""styles.xml of a workbook → how each box is shown: its number format, its font and the colour behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gongkai.extract.office.docx_numbering import read_integer
from gongkai.extract.office.shown_color import WHITE, color_of, is_invisible
from gongkai.extract.spreadsheet.number_format import BUILT_IN

X = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
#: The colours that are numbered, those that text and grounds are made the same with.
_INDEXED = {0: "000000", 1: WHITE, 8: "000000", 9: WHITE, 64: "000000", 65: WHITE}
#: The colours of a theme that nearly every workbook has alike: the ground and the text.
_THEME = {0: WHITE, 1: "000000"}
_OFF = ("0", "false")
#: Sizes in points that nobody can read.
_TINY = re.compile(r"[01](\.\d*)?")


@dataclass(frozen=True, slots=True)
class BoxStyle:
    """How a box is shown. `format` is None for one that the file does not tell; `unseen` says why its text is not seen."""

    format: str | None = "General"
    unseen: str = ""
    font: str = ""
    ground: str | None = WHITE


USUAL = BoxStyle()


def read_box_styles(root: Any | None) -> Sequence[BoxStyle]:
    """The styles of boxes (cellXfs), by number."""
    if root is None:
        return ()
    formats = {
        read_integer(f.get("numFmtId"), -1): f.get("formatCode") or "General" for f in root.iter(X + "numFmt")
    }
    fonts = list(root.iterfind(f"{X}fonts/{X}font"))
    fills = list(root.iterfind(f"{X}fills/{X}fill"))
    return [_read_style(xf, formats, fonts, fills) for xf in root.iterfind(f"{X}cellXfs/{X}xf")]


def _read_style(xf: Any, formats: Mapping[int, str], fonts: Sequence[Any], fills: Sequence[Any]) -> BoxStyle:
    number = read_integer(xf.get("numFmtId"), 0)
    at, fill = read_integer(xf.get("fontId"), 0), read_integer(xf.get("fillId"), 0)
    font = fonts[at] if 0 <= at < len(fonts) else None
    ground = _ground_of(fills[fill]) if 0 <= fill < len(fills) else WHITE
    return BoxStyle(
        formats.get(number, BUILT_IN.get(number)), find_unseen(font, ground), _font_name(font), ground
    )


def find_unseen(font: Any | None, ground: str | None) -> str:
    """Why text in a font cannot be seen on a ground, "" where it can."""
    if font is None:
        return ""
    strike = font.find(X + "strike")
    if strike is not None and strike.get("val") not in _OFF:
        return "crossed out"
    size = font.find(X + "sz")
    if size is not None and _TINY.fullmatch(size.get("val") or ""):
        return "too small to be seen"
    color = font.find(X + "color")
    return "in the colour of the ground" if is_invisible(_color(color), ground) else ""


def level_of(font: Any | None) -> int:
    """1 for raised text, -1 for lowered, 0 for neither."""
    align = None if font is None else font.find(X + "vertAlign")
    return 0 if align is None else {"superscript": 1, "subscript": -1}.get(align.get("val") or "", 0)


def _font_name(font: Any | None) -> str:
    if font is None:
        return ""
    name = font.find(X + "name")
    name = font.find(X + "rFont") if name is None else name
    return "" if name is None else name.get("val") or ""


def font_of(properties: Any | None) -> str:
    """The name of the font of a run, "" where it has none of its own."""
    return _font_name(properties)


def _ground_of(fill: Any) -> str | None:
    pattern = fill.find(X + "patternFill")
    if pattern is None:
        return None  # a gradient
    if (pattern.get("patternType") or "none") == "none":
        return WHITE
    return _color(pattern.find(X + "fgColor")) if pattern.get("patternType") == "solid" else None


def _color(item: Any | None) -> str | None:
    """A colour as RRGGBB; None where it is not known. A tint makes another colour of it."""
    if item is None or item.get("tint") not in (None, "0", "0.0"):
        return None
    if item.get("rgb"):
        return color_of(item.get("rgb")[-6:])
    if item.get("theme") is not None:
        return _THEME.get(read_integer(item.get("theme"), -1))
    return _INDEXED.get(read_integer(item.get("indexed"), -1))
