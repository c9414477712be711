"""styles.xml of a workbook → how each box is shown: its number format, its font and the colour behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gongkai.extract.office.docx_numbering import read_integer
from gongkai.extract.office.shown_color import WHITE, color_of
from gongkai.extract.office.theme_colors import OFFICE_THEME, lighten
from gongkai.extract.spreadsheet.number_format import BUILT_IN
from gongkai.extract.spreadsheet.shown_box import BoxStyle, find_unseen

X = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_BLACK = "000000"
#: The colours of a theme in the order of their numbers (ISO 29500-1, 18.8.3).
_THEME = ("lt1", "dk1", "lt2", "dk2", "accent1", "accent2", "accent3", "accent4", "accent5", "accent6", "hlink", "folHlink")  # fmt: skip
#: The colours that are numbered, from 8 on (ISO 29500-1, 18.8.27); 0 to 7 are the first of them once more.
_PALETTE = (
    "000000", "FFFFFF", "FF0000", "00FF00", "0000FF", "FFFF00", "FF00FF", "00FFFF", "800000", "008000",
    "000080", "808000", "800080", "008080", "C0C0C0", "808080", "9999FF", "993366", "FFFFCC", "CCFFFF",
    "660066", "FF8080", "0066CC", "CCCCFF", "000080", "FF00FF", "FFFF00", "00FFFF", "800080", "800000",
    "008080", "0000FF", "00CCFF", "CCFFFF", "CCFFCC", "FFFF99", "99CCFF", "FF99CC", "CC99FF", "FFCC99",
    "3366FF", "33CCCC", "99CC00", "FFCC00", "FF9900", "FF6600", "666699", "969696", "003366", "339966",
    "003300", "333300", "993300", "993366", "333399", "333333",
)  # fmt: skip
#: The colours of letters and of the ground that a user's system has.
_SYSTEM = {64: _BLACK, 65: WHITE}
_OFF = ("0", "false")
_POINTS = re.compile(r"\d{1,4}(?:\.\d{1,4})?")


@dataclass(frozen=True, slots=True)
class SheetColors:
    """What the names and numbers of colours in a workbook stand for."""

    theme: Mapping[str, str] = field(default_factory=lambda: OFFICE_THEME)
    palette: Sequence[str] = _PALETTE

    def read(self, item: Any | None) -> str | None:
        """A colour as RRGGBB; None where there is none, or one that is not known."""
        if item is None:
            return None
        if item.get("auto") in ("1", "true"):
            return _BLACK
        color = self._find(item)
        try:
            tint = float(item.get("tint") or 0)
        except ValueError:
            return None
        return color if color is None or not tint else lighten(color, tint)

    def _find(self, item: Any) -> str | None:
        if item.get("rgb"):
            return color_of(item.get("rgb")[-6:])
        if item.get("theme") is not None:
            at = read_integer(item.get("theme"), -1)
            return self.theme.get(_THEME[at]) if 0 <= at < len(_THEME) else None
        at = read_integer(item.get("indexed"), -1)
        at -= 8 if at >= 8 else 0
        return self.palette[at] if 0 <= at < len(self.palette) else _SYSTEM.get(at + 8)


def read_colors(root: Any | None, theme: Mapping[str, str]) -> SheetColors:
    """The colours of a workbook, from its styles.xml and its theme; a workbook may bring a palette of its own."""
    own = [] if root is None else list(root.iterfind(f"{X}colors/{X}indexedColors/{X}rgbColor"))
    listed = [color_of((item.get("rgb") or "")[-6:]) or _BLACK for item in own[8:64]]
    return SheetColors(theme, (*listed, *_PALETTE[len(listed) :]))


@dataclass(frozen=True, slots=True)
class WorkbookStyles:
    """The styles of boxes (cellXfs), by number; `changes` are those of conditions (dxf)."""

    colors: SheetColors = field(default_factory=SheetColors)
    boxes: Sequence[BoxStyle] = ()
    changes: Sequence[Any] = ()


def read_workbook_styles(root: Any | None, theme: Mapping[str, str]) -> WorkbookStyles:
    """The styles of a workbook."""
    colors = read_colors(root, theme)
    if root is None:
        return WorkbookStyles(colors)
    formats = {
        read_integer(f.get("numFmtId"), -1): f.get("formatCode") or "General"
        for f in root.iterfind(f"{X}numFmts/{X}numFmt")
    }
    fonts = list(root.iterfind(f"{X}fonts/{X}font"))
    fills = list(root.iterfind(f"{X}fills/{X}fill"))
    boxes = []
    for xf in root.iterfind(f"{X}cellXfs/{X}xf"):
        font = _pick(fonts, xf.get("fontId"))
        number = read_integer(xf.get("numFmtId"), 0)
        ground = ground_of(_pick(fills, xf.get("fillId")), colors)
        unseen = why_unseen(font, ground, colors)
        alignment = xf.find(X + "alignment")
        repeats = alignment is not None and alignment.get("horizontal") == "fill"
        boxes.append(
            BoxStyle(formats.get(number, BUILT_IN.get(number)), unseen, font_name(font), ground, repeats)
        )
    return WorkbookStyles(colors, boxes, list(root.iterfind(f"{X}dxfs/{X}dxf")))


def _pick(items: Sequence[Any], number: str | None) -> Any | None:
    at = read_integer(number, 0)
    return items[at] if 0 <= at < len(items) else None


def why_unseen(font: Any | None, ground: str | None, colors: SheetColors) -> str:
    """Why text in a font cannot be seen on a ground, "" where it can. A font without a colour is black."""
    if font is None:
        return find_unseen(False, None, _BLACK, ground)
    strike, size, color = font.find(X + "strike"), font.find(X + "sz"), font.find(X + "color")
    is_struck = strike is not None and strike.get("val") not in _OFF
    text = "" if size is None else size.get("val") or ""
    points = float(text) if _POINTS.fullmatch(text) else None
    return find_unseen(is_struck, points, _BLACK if color is None else colors.read(color), ground)


def level_of(font: Any | None) -> int:
    """1 for raised text, -1 for lowered, 0 for neither."""
    align = None if font is None else font.find(X + "vertAlign")
    return 0 if align is None else {"superscript": 1, "subscript": -1}.get(align.get("val") or "", 0)


def font_name(font: Any | None) -> str:
    """The name of a font, "" where it has none of its own."""
    if font is None:
        return ""
    name = font.find(X + "name")
    name = font.find(X + "rFont") if name is None else name
    return "" if name is None else name.get("val") or ""


def ground_of(fill: Any | None, colors: SheetColors) -> str | None:
    """The colour that a fill paints; None for a pattern or one that is not known, white for none."""
    if fill is None:
        return WHITE
    pattern = fill.find(X + "patternFill")
    if pattern is None:
        return None  # a gradient
    if (pattern.get("patternType") or "none") == "none":
        return WHITE
    if pattern.get("patternType") != "solid":
        return None
    color = pattern.find(X + "fgColor")
    return WHITE if color is None else colors.read(color)
