"""styles.xml and a run's own properties → how its text looks: hidden, crossed out, raised, in which colour and font."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gongkai.extract.office.docx_numbering import W, read_integer
from gongkai.extract.office.shown_color import WHITE, color_of, is_invisible
from gongkai.extract.office.symbol_font import is_symbol_font

W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_VAL = W + "val"
#: Properties that a style toggles: where two kinds of style set one, the second takes it off again (ISO 29500-1, 17.7.3).
_TOGGLES = ("vanish", "strike")
#: Text is raised or lowered by its position from so many half-points on; less only evens out fonts.
_RAISED = 4
#: Text of so many half-points is too small to be seen.
_TINY = 2
#: Why text is not seen that the file itself hides, pictures in it included.
HIDDEN = "hidden"
_OFF = ("0", "false", "off", "none")
#: The fonts of figures and signs: those for Chinese and for Arabic print none of them.
_FONTS = ("ascii", "hAnsi")

#: What of a run's properties says how its text looks, by name.
Properties = Mapping[str, str]
_NONE: Properties = {}


@dataclass(frozen=True, slots=True)
class RunLook:
    """How a run's text looks. `unseen` says why nobody sees it ("" where it is seen); `level` is 1 for
    raised and -1 for lowered text; `font` is a symbol font."""

    unseen: str = ""
    level: int = 0
    font: str | None = None


PLAIN = RunLook()


@dataclass(slots=True)
class DocxStyles:
    """The styles of a document, as far as they say how text looks, by style id."""

    default: Properties = field(default_factory=dict)
    styles: Mapping[str, Properties] = field(default_factory=dict)
    #: The ids of the default paragraph style and the default character style.
    usual: Mapping[str, str] = field(default_factory=dict)
    #: Styles of tables that paint a ground, which no reader here follows.
    painted: frozenset[str] = frozenset()
    _known: dict[tuple[str, ...], RunLook] = field(default_factory=dict)

    def of(self, names: set[str]) -> list[Properties]:
        """What is in force by default and by the styles of these names, each by itself."""
        wanted = names | set(self.usual.values())
        return [self.default, *(self.styles[name] for name in wanted if name in self.styles)]

    def look(
        self, run_properties: Any | None, paragraph: str, table: str = "", ground: str | None = WHITE
    ) -> RunLook:
        """How a run looks in a paragraph and a table of these styles, on a ground."""
        own = read_properties(run_properties)
        character = own.get("style") or self.usual.get("character", "")
        key = (table, paragraph, character, str(ground), *(x for pair in sorted(own.items()) for x in pair))
        if key not in self._known:
            styles = [
                self.styles.get(s, _NONE)
                for s in (table, paragraph or self.usual.get("paragraph", ""), character)
            ]
            self._known[key] = _look(_combine(self.default, styles, own), ground)
        return self._known[key]


def read_docx_styles(root: Any | None) -> DocxStyles:
    """The styles of styles.xml. A style that is based on itself ends where it meets itself."""
    if root is None:
        return DocxStyles()
    own: dict[str, tuple[str, Properties]] = {}
    usual: dict[str, str] = {}
    painted = set()
    for style in root.iterchildren(W + "style"):
        name = style.get(W + "styleId") or ""
        base = style.find(W + "basedOn")
        kind = style.get(W + "type") or ""
        own[name] = (
            "" if base is None else base.get(_VAL) or "",
            read_properties(style.find(W + "rPr")),
        )
        if style.get(W + "default") in ("1", "true", "on"):
            usual[kind] = name
        if kind == "table" and any(_fill_of(shd) not in (None, WHITE) for shd in style.iter(W + "shd")):
            painted.add(name)
    default = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
    styles = {name: _inherit(name, own) for name in own}
    return DocxStyles(read_properties(default), styles, usual, frozenset(painted))


def _inherit(name: str, own: Mapping[str, tuple[str, Properties]]) -> Properties:
    """A style's properties with those of the styles that it is based on."""
    chain: list[Properties] = []
    seen: set[str] = set()
    while name in own and name not in seen:
        seen.add(name)
        base, properties = own[name]
        chain.append(properties)
        name = base
    merged: dict[str, str] = {}
    for properties in reversed(chain):
        merged |= properties
    merged.pop("style", None)
    return merged


def read_properties(properties: Any | None) -> Properties:
    """What of a w:rPr says how its text looks, by name; nothing where all of it is usual."""
    if properties is None or not len(properties):
        return _NONE
    found: dict[str, str] = {}
    for item in properties:
        reader = _READERS.get(item.tag)
        if reader is not None:
            reader(item, found)
    return found


def _read_switch(item: Any, found: dict[str, str]) -> None:
    found[item.tag.rpartition("}")[2]] = "0" if (item.get(_VAL) or "1").lower() in _OFF else "1"


def _read_value(item: Any, found: dict[str, str]) -> None:
    found[item.tag.rpartition("}")[2]] = item.get(_VAL) or ""


def _read_style(item: Any, found: dict[str, str]) -> None:
    found["style"] = item.get(_VAL) or ""


def find_color(item: Any) -> str | None:
    """The colour that a w:color names, by itself or by the theme's colour of the ground; None for "auto"."""
    is_ground = item.get(W + "themeColor") in ("background1", "light1")
    return color_of(item.get(_VAL)) or (WHITE if is_ground else None)


def _read_color(item: Any, found: dict[str, str]) -> None:
    found["color"] = find_color(item) or ""


def _read_fill(item: Any, found: dict[str, str]) -> None:
    found["fill"] = _fill_of(item) or ""


def _read_highlight(item: Any, found: dict[str, str]) -> None:
    found["highlight"] = color_of(item.get(_VAL)) or ""


def _read_text_fill(item: Any, found: dict[str, str]) -> None:
    """Word 2010's own way to fill letters: with nothing, or with a colour that may be transparent."""
    if item.find(W14 + "noFill") is not None:
        found["no_fill"] = "1"
    solid = item.find(f"{W14}solidFill/{W14}srgbClr")
    if solid is not None:
        alpha = solid.find(W14 + "alpha")
        # 100 % here is wholly transparent
        found["no_fill"] = "1" if alpha is not None and alpha.get(W14 + "val") == "100000" else "0"
        found["color"] = color_of(solid.get(W14 + "val")) or ""


def _read_font(item: Any, found: dict[str, str]) -> None:
    fonts = [item.get(W + name) for name in _FONTS]
    found["font"] = next((font for font in fonts if is_symbol_font(font)), "")


_READERS = {
    **{W + t: _read_switch for t in ("vanish", "strike", "dstrike")},
    **{W + t: _read_value for t in ("vertAlign", "position", "sz")},
    W + "rStyle": _read_style,
    W + "color": _read_color,
    W + "shd": _read_fill,
    W + "highlight": _read_highlight,
    W + "rFonts": _read_font,
    W14 + "textFill": _read_text_fill,
}


def _fill_of(shading: Any) -> str | None:
    """The colour of a ground; None where it has none."""
    if (shading.get(_VAL) or "") == "solid":
        return color_of(shading.get(W + "color")) or "000000"
    return color_of(shading.get(W + "fill"))


def find_ground(properties: Any | None) -> str | None:
    """The colour that the properties of a paragraph, box or table paint under the text; None where none."""
    shading = None if properties is None else properties.find(W + "shd")
    return None if shading is None else _fill_of(shading)


def changes_text(found: Properties) -> bool:
    """Whether properties may make text look otherwise than it stands, colours aside."""
    return _look({**found, "color": ""}, None) != PLAIN


def _combine(default: Properties, styles: list[Properties], own: Properties) -> Properties:
    """What is in force: the run's own, else that of its styles, else the document's default."""
    merged = dict(default)
    for style in styles:
        merged |= style
    for name in _TOGGLES:
        if default.get(name) != "1":
            merged[name] = str(sum(style.get(name) == "1" for style in styles) % 2)
    return {**merged, **own}


def _look(found: Properties, ground: str | None) -> RunLook:
    on = {name for name in ("vanish", "strike", "dstrike", "no_fill") if found.get(name) == "1"}
    under = found.get("highlight") or found.get("fill") or ground
    unseen = ""
    if on & {"strike", "dstrike"}:
        unseen = "crossed out"
    elif on & {"vanish", "no_fill"}:
        unseen = HIDDEN
    elif is_invisible(found.get("color") or None, under):
        unseen = "in the colour of the ground"
    elif "sz" in found and read_integer(found["sz"], _TINY + 1) <= _TINY:
        unseen = "too small to be seen"
    return RunLook(unseen, _level(found), found.get("font") or None)


def _level(found: Properties) -> int:
    named = {"superscript": 1, "subscript": -1}.get(found.get("vertAlign", ""), 0)
    position = read_integer(found.get("position", "0"), 0)
    return named or (0 if abs(position) < _RAISED else 1 if position > 0 else -1)
