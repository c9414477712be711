"""The styles of OpenDocument → how text looks: hidden, crossed out, raised, in which colour and font."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from gongkai.extract.left_out import CROSSED_OUT
from gongkai.extract.office.shown_color import color_of, is_invisible
from gongkai.extract.office.symbol_font import is_symbol_font
from gongkai.record import dataclass

_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
STYLE = f"{{{_ODF}style:1.0}}"
#: Text is raised or lowered from so many per cent of its size on; less only evens out fonts.
_RAISED = 10
#: Text of so many points is too small to be seen.
_TINY = 1.5
#: Letters of so few per cent of their size or width are too small to be seen.
_SMALLEST = 10.0
_NARROWEST = 5.0
#: Letters are clear that let so few per cent of their colour be seen.
_CLEAREST = 5.0
#: Letters that are drawn nearer together by so many points lie over each other.
_OVERLAID = -4.0
#: A line of so many points is too low; text that begins so many points (14 cm) beside its box is not seen in it.
_LOWEST, _AWAY = 2.0, 400.0
_PERCENT = re.compile(r"(-?\d{1,4}(?:\.\d+)?)%")
_LENGTH = re.compile(r"(-?\d{1,4}(?:\.\d+)?)(pt|cm|mm|in|px)")
_POINTS = {"pt": 1.0, "cm": 28.35, "mm": 2.835, "in": 72.0, "px": 0.75}

#: Properties by name, those of a style and of the styles that it is based on.
Properties = Mapping[str, str]
_NONE: Properties = {}


@dataclass(frozen=True, slots=True)
class OdfStyles:
    """The properties of styles by family ("text", "paragraph", "table-cell", …) and name."""

    properties: Mapping[tuple[str, str], Properties]
    titles: frozenset[str]

    def of(self, family: str, name: str | None) -> Properties:
        """The properties of a style; those of the family by default where there is none of this name."""
        found = self.properties.get((family, name or ""))
        found = self.properties.get(("", name or "")) if found is None and name else found
        return self.properties.get((family, ""), _NONE) if found is None else found


def read_odf_styles(sheets: Iterable[Any]) -> OdfStyles:
    """The styles of a document's roots, styles.xml before content.xml."""
    own: dict[tuple[str, str], tuple[str, Properties]] = {}
    titles: set[str] = set()
    for sheet in sheets:
        for style in sheet.iter(STYLE + "style", STYLE + "default-style"):
            family, name = style.get(STYLE + "family") or "", style.get(STYLE + "name") or ""
            parent = style.get(STYLE + "parent-style-name") or ""
            if "title" in (name + parent).lower():
                titles.add(name)
            own[family, name] = parent, _read_properties(style)
    return OdfStyles({key: _inherit(key, own) for key in own}, frozenset(titles))


#: Properties that mean something else for letters, for paragraphs and for boxes.
_OF_KIND = frozenset({"background-color", "opacity"})


def _read_properties(style: Any) -> Properties:
    found: dict[str, str] = {}
    for group in style.iterchildren():
        kind = group.tag.rpartition("}")[2]
        for key, value in group.attrib.items():
            name = key.rpartition("}")[2]
            # a ground belongs to what it is painted behind: letters, a paragraph, a box
            found[f"{kind}:{name}" if name in _OF_KIND else name] = value
        # LibreOffice writes an opacity of 0 % where the colour is the usual one: it belongs to a colour of its own only
        if kind == "text-properties" and ("color" in found or "text-properties:opacity" in found):
            is_own = "color" in found and found.get("use-window-font-color") != "true"
            found["text-properties:opacity"] = found.get("text-properties:opacity", "") if is_own else ""
        if kind == "text-properties" and "color" in found:
            found.setdefault("use-window-font-color", "false")
    return found


def _inherit(key: tuple[str, str], own: Mapping[tuple[str, str], tuple[str, Properties]]) -> Properties:
    chain: list[Properties] = []
    seen: set[tuple[str, str]] = set()
    while key in own and key not in seen:
        seen.add(key)
        parent, properties = own[key]
        chain.append(properties)
        key = (key[0], parent)  # that of no name is what the family has by default
    merged: dict[str, str] = {}
    for properties in reversed(chain):
        merged |= properties
    return merged


def ground_of(properties: Properties) -> str | None:
    """The colour that a style of a paragraph, box, row or table paints; None where it paints none."""
    return next(
        (color_of(v) for k, v in properties.items() if k.endswith(":background-color") and color_of(v)), None
    )


def find_unseen(found: Properties, ground: str | None) -> str:
    """Why text of some properties cannot be seen on a ground; "" where it can."""
    if any(found.get(f"text-line-through-{name}", "none") != "none" for name in ("style", "type")):
        return CROSSED_OUT
    if found.get("display") == "none" or _is_below(found.get("text-properties:opacity"), _CLEAREST):
        return "hidden"
    under = color_of(found.get("text-properties:background-color")) or ground
    if found.get("use-window-font-color") != "true" and is_invisible(color_of(found.get("color")), under):
        return "in the colour of the ground"
    points = read_points(found.get("font-size", ""))
    is_tiny = (points is not None and points < _TINY) or _is_below(found.get("font-size"), _SMALLEST)
    return "too small to be seen" if is_tiny or _is_below(found.get("text-scale"), _NARROWEST) else ""


def _is_below(value: str | None, limit: float) -> bool:
    percent = _PERCENT.fullmatch(value or "")
    return percent is not None and float(percent[1]) <= limit


def read_points(text: str) -> float | None:
    """A length in points; None where it is none.

    >>> read_points("1in"), read_points("50%")
    (72.0, None)
    """
    length = _LENGTH.fullmatch(text.strip())
    return None if length is None else float(length[1]) * _POINTS[length[2]]


def find_doubt(found: Properties) -> str:
    """What makes a figure of some properties doubtful; "" where nothing does."""
    if found.get("display") == "condition":
        return "text under a condition"
    spacing = read_points(found.get("letter-spacing", ""))
    return "letters over each other" if spacing is not None and spacing <= _OVERLAID else ""


def find_misplaced(properties: Properties) -> tuple[str, str]:
    """Why the text of a paragraph is not seen, and what makes its figures doubtful; "" where nothing does."""
    height = read_points(properties.get("line-height", ""))
    if height is not None and height < _LOWEST:
        return "in a line that is too low", ""
    sides = (read_points(properties.get(name, "")) for name in ("margin-left", "margin-right", "text-indent"))
    away = any(side is not None and abs(side) >= _AWAY for side in sides)
    return "", "text outside its box" if away else ""


def level_of(found: Properties) -> int:
    """1 for raised text, -1 for lowered, 0 for neither: by name, or by per cent."""
    position = found.get("text-position", "").split()
    if not position:
        return 0
    if position[0] in ("super", "sub"):
        return 1 if position[0] == "super" else -1
    percent = _PERCENT.fullmatch(position[0])
    if percent is None or abs(float(percent[1])) < _RAISED:
        return 0
    return 1 if float(percent[1]) > 0 else -1


def symbol_font_of(found: Properties) -> str | None:
    """The symbol font that text is in; None where it is in none. Word's names may bear a number (Symbol1)."""
    for name in ("font-name", "font-family"):
        font = found.get(name, "").strip("'\"")
        for written in (font, font.rstrip("0123456789")):
            if is_symbol_font(written):
                return written
    return None
