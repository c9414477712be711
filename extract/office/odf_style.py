"""The styles of OpenDocument → how text looks: hidden, crossed out, raised, in which colour and font."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gongkai.extract.office.shown_color import color_of, is_invisible
from gongkai.extract.office.symbol_font import is_symbol_font

_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
STYLE = f"{{{_ODF}style:1.0}}"
#: Text is raised or lowered from so many per cent of its size on; less only evens out fonts.
_RAISED = 10
#: Text of so many points is too small to be seen.
_TINY = 1.5
_PERCENT = re.compile(r"(-?\d{1,4}(?:\.\d+)?)%")
_POINTS = re.compile(r"(\d{1,4}(?:\.\d+)?)pt")

#: Properties by name, those of a style and of the styles that it is based on.
Properties = Mapping[str, str]
_NONE: Properties = {}


@dataclass(frozen=True, slots=True)
class OdfStyles:
    """The properties of styles by family ("text", "paragraph", "table-cell", …) and name."""

    properties: Mapping[tuple[str, str], Properties]
    titles: frozenset[str]

    def of(self, family: str, name: str | None) -> Properties:
        """The properties of a style; nothing where there is none of this name."""
        if not name:
            return _NONE
        found = self.properties.get((family, name))
        return self.properties.get(("", name), _NONE) if found is None else found


def read_odf_styles(sheets: Iterable[Any]) -> OdfStyles:
    """The styles of a document's roots, styles.xml before content.xml."""
    own: dict[tuple[str, str], tuple[str, Properties]] = {}
    titles: set[str] = set()
    for sheet in sheets:
        for style in sheet.iter(STYLE + "style"):
            family, name = style.get(STYLE + "family") or "", style.get(STYLE + "name") or ""
            parent = style.get(STYLE + "parent-style-name") or ""
            if "title" in (name + parent).lower():
                titles.add(name)
            own[family, name] = parent, _read_properties(style)
    return OdfStyles({key: _inherit(key, own) for key in own}, frozenset(titles))


def _read_properties(style: Any) -> Properties:
    found: dict[str, str] = {}
    for group in style.iterchildren():
        kind = group.tag.rpartition("}")[2]
        for key, value in group.attrib.items():
            name = key.rpartition("}")[2]
            # a ground belongs to what it is painted behind: letters, a paragraph, a box
            found[f"{kind}:{name}" if name == "background-color" else name] = value
    return found


def _inherit(key: tuple[str, str], own: Mapping[tuple[str, str], tuple[str, Properties]]) -> Properties:
    chain: list[Properties] = []
    seen: set[tuple[str, str]] = set()
    while key in own and key not in seen:
        seen.add(key)
        parent, properties = own[key]
        chain.append(properties)
        key = (key[0], parent)
    merged: dict[str, str] = {}
    for properties in reversed(chain):
        merged |= properties
    return merged


def ground_of(properties: Properties) -> str | None:
    """The colour that a style of a paragraph, box, row or table paints; None where it paints none."""
    return next(
        (color_of(v) for k, v in properties.items() if k.endswith(":background-color") and color_of(v)), None
    )


def find_unseen(chain: Sequence[Properties], ground: str | None) -> str:
    """Why text in styles, the outermost first, cannot be seen on a ground; "" where it can."""
    found = _merge(chain)
    if any(found.get(f"text-line-through-{name}", "none") != "none" for name in ("style", "type")):
        return "crossed out"
    if found.get("display") == "none":
        return "hidden"
    under = color_of(found.get("text-properties:background-color")) or ground
    if found.get("use-window-font-color") != "true" and is_invisible(color_of(found.get("color")), under):
        return "in the colour of the ground"
    size = _POINTS.fullmatch(found.get("font-size", ""))
    return "too small to be seen" if size is not None and float(size[1]) < _TINY else ""


def _merge(chain: Sequence[Properties]) -> dict[str, str]:
    found: dict[str, str] = {}
    for properties in chain:
        found |= properties
    return found


def level_of(chain: Sequence[Properties]) -> int:
    """1 for raised text, -1 for lowered, 0 for neither: by name, or by per cent."""
    position = _merge(chain).get("text-position", "").split()
    if not position:
        return 0
    if position[0] in ("super", "sub"):
        return 1 if position[0] == "super" else -1
    percent = _PERCENT.fullmatch(position[0])
    if percent is None or abs(float(percent[1])) < _RAISED:
        return 0
    return 1 if float(percent[1]) > 0 else -1


def symbol_font_of(chain: Sequence[Properties]) -> str | None:
    """The symbol font that text is in; None where it is in none. Word's names may bear a number (Symbol1)."""
    found = _merge(chain)
    for name in ("font-name", "font-family"):
        font = found.get(name, "").strip("'\"").rstrip("0123456789")
        if is_symbol_font(font):
            return font
    return None
