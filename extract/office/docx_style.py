"""styles.xml and a run's own properties → how its text looks: hidden, crossed out, raised, in which colour and font."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from gongkai import record
from gongkai.extract.left_out import CROSSED_OUT
from gongkai.extract.office.docx_numbering import W, read_integer
from gongkai.extract.office.shown_color import WHITE, color_of, is_invisible
from gongkai.extract.office.symbol_font import is_symbol_font
from gongkai.extract.office.theme_colors import OFFICE_THEME, lighten, name_color

W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_VAL = W + "val"
#: Properties that a style toggles: where two kinds of style set one, the second takes it off again (ISO 29500-1, 17.7.3).
_TOGGLES = ("vanish", "strike")
#: Text is raised or lowered by its position from so many half-points on; less only evens out fonts.
_RAISED = 4
#: Text of so many half-points is too small to be seen, and of so many a speck.
_TINY, _SPECK = 3, 6
#: Letters of so few per cent of their width are too narrow to be seen.
_NARROWEST = 5
#: Letters that are drawn nearer together by so many twips (4 points) lie over each other.
_OVERLAID = -80
#: A line of exactly so many twips (2 points) is too low for anybody to see it.
_LOWEST = 40
#: Text that begins so many twips (14 cm) away from its box is not seen in it.
_AWAY = 8_000
#: Why text is not seen that the file itself hides, pictures in it included.
HIDDEN = "hidden"
_OFF = ("0", "false", "off", "none")
#: The fonts of figures and signs: those for Chinese and for Arabic print none of them.
_FONTS = ("ascii", "hAnsi")

#: What of a run's properties says how its text looks, by name.
Properties = Mapping[str, str]
_NONE: Properties = {}


@record.dataclass(frozen=True, slots=True)
class RunLook:
    """How a run's text looks. `unseen` says why nobody sees it ("" where it is seen); `level` is 1 for
    raised and -1 for lowered text; `font` is a symbol font; `doubt` names what makes a figure doubtful."""

    unseen: str = ""
    level: int = 0
    font: str | None = None
    doubt: str = ""


PLAIN = RunLook()


@dataclass(slots=True)
class DocxStyles:
    """The styles of a document, as far as they say how text looks, by style id."""

    default: Properties = field(default_factory=dict)
    styles: Mapping[str, Properties] = field(default_factory=dict)
    #: The ids of the default paragraph style and the default character style.
    usual: Mapping[str, str] = field(default_factory=dict)
    #: The colours that a style of tables paints: one where it paints all boxes, else all that a box may have.
    painted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    theme: Mapping[str, str] = field(default_factory=lambda: OFFICE_THEME)
    _known: dict[tuple[str, ...], RunLook] = field(default_factory=dict)

    def of(self, names: set[str]) -> list[Properties]:
        """What is in force by default and by the styles of these names, each by itself."""
        wanted = names | set(self.usual.values())
        return [self.default, *(self.styles[name] for name in wanted if name in self.styles)]

    def look(
        self,
        run_properties: Any | None,
        paragraph: str,
        table: str = "",
        grounds: tuple[str, ...] = (WHITE,),
    ) -> RunLook:
        """How a run looks in a paragraph and a table of these styles, on the ground that one of some colours is."""
        own = read_properties(run_properties)
        character = own.get("style") or self.usual.get("character", "")
        key = (
            table,
            paragraph,
            character,
            "/".join(grounds),
            *(x for pair in sorted(own.items()) for x in pair),
        )
        if key not in self._known:
            styles = [
                self.styles.get(s, _NONE)
                for s in (
                    table or self.usual.get("table", ""),
                    paragraph or self.usual.get("paragraph", ""),
                    character,
                )
            ]
            self._known[key] = _look(_combine(self.default, styles, own), grounds, self.theme)
        return self._known[key]

    def look_of_paragraph(self, properties: Any | None, style: str) -> RunLook:
        """What of a paragraph's own shape and that of its style hides its text, or makes it doubtful."""
        own = read_shape(properties)
        return look_of_shape({**self.styles.get(style or self.usual.get("paragraph", ""), _NONE), **own})

    def ground_of(self, properties: Any | None, style: str = "") -> str | None:
        """The colour that a paragraph or its style paints under the text, "" for one that is not known; None for none."""
        own = find_ground(properties, self.theme)
        return (
            self.styles.get(style or self.usual.get("paragraph", ""), _NONE).get("ground", own)
            if own is None
            else own
        )


def read_docx_styles(root: Any | None, theme: Mapping[str, str] = OFFICE_THEME) -> DocxStyles:
    """The styles of styles.xml. A style that is based on itself ends where it meets itself."""
    if root is None:
        return DocxStyles(theme=theme)
    own: dict[str, tuple[str, Properties]] = {}
    usual: dict[str, str] = {}
    painted: dict[str, tuple[str, ...]] = {}
    for style in root.iterchildren(W + "style"):
        name = style.get(W + "styleId") or ""
        base = style.find(W + "basedOn")
        kind = style.get(W + "type") or ""
        shape = style.find(W + "pPr") if kind == "paragraph" else None
        properties = {**read_properties(style.find(W + "rPr")), **read_shape(shape)}
        ground = find_ground(shape, theme)
        if ground is not None:
            properties["ground"] = ground
        own[name] = ("" if base is None else base.get(_VAL) or "", properties)
        if style.get(W + "default") in ("1", "true", "on"):
            usual[kind] = name
        if kind == "table":
            painted |= _read_painted(style, name, theme)
    default = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
    styles = {name: _inherit(name, own) for name in own}
    return DocxStyles(read_properties(default), styles, usual, painted, theme)


def _read_painted(style: Any, name: str, theme: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The colours that a style of tables paints, by its id; none where it leaves all boxes white."""
    fills = {
        fill for shd in style.iter(W + "shd") if (fill := find_ground_color(shd, theme)) not in (None, WHITE)
    }
    if not fills:
        return {}
    whole = find_ground(style.find(W + "tcPr"), theme)
    is_whole = whole is not None and fills == {whole}
    return {name: (whole or "",) if is_whole else (WHITE, *sorted(fill or "" for fill in fills))}


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


#: The sides of a paragraph from which its lines begin.
_SIDES = ("left", "start", "right", "end", "firstLine")
_OF_SHAPE = frozenset({"line", *_SIDES})


def read_shape(properties: Any | None) -> Properties:
    """What of a w:pPr may hide its text: the height of its lines where it is exact, and where they begin."""
    if properties is None:
        return _NONE
    found: dict[str, str] = {}
    spacing, indent = properties.find(W + "spacing"), properties.find(W + "ind")
    if spacing is not None and spacing.get(W + "lineRule") == "exact":
        found["line"] = spacing.get(W + "line") or ""
    for side in () if indent is None else _SIDES:
        if indent.get(W + side):
            found[side] = indent.get(W + side)
    return found


def look_of_shape(found: Properties) -> RunLook:
    """What the shape of a paragraph hides of its text, or makes doubtful."""
    if _OF_SHAPE.isdisjoint(found):
        return PLAIN  # most paragraphs
    if read_integer(found.get("line"), _LOWEST) < _LOWEST:
        return RunLook(unseen="in a line that is too low")
    if any(abs(read_integer(found.get(side), 0)) >= _AWAY for side in _SIDES):
        return RunLook(doubt="text outside its box")
    return PLAIN


def _read_switch(item: Any, found: dict[str, str]) -> None:
    found[item.tag.rpartition("}")[2]] = "0" if (item.get(_VAL) or "1").lower() in _OFF else "1"


def _read_value(item: Any, found: dict[str, str]) -> None:
    found[item.tag.rpartition("}")[2]] = item.get(_VAL) or ""


def _read_style(item: Any, found: dict[str, str]) -> None:
    found["style"] = item.get(_VAL) or ""


#: The attributes that name a colour: by itself, by the theme's name, how it is made lighter, and darker.
_LETTERS = tuple(W + name for name in ("val", "themeColor", "themeTint", "themeShade"))
_SCREEN = tuple(W + name for name in ("color", "themeColor", "themeTint", "themeShade"))
_PAPER = tuple(W + name for name in ("fill", "themeFill", "themeFillTint", "themeFillShade"))


def find_color(item: Any, theme: Mapping[str, str], names: Sequence[str] = _LETTERS) -> str | None:
    """The colour that an element names, by the theme's name for it or else by itself; None for "auto"."""
    own, named, tint, shade = (item.get(name) or "" for name in names)
    color = name_color(theme, named) if named else None
    return color_of(own) if color is None else _mix(color, tint, shade)


def _mix(color: str, tint: str, shade: str) -> str:
    """A colour of a theme made lighter by a tint or darker by a shade: 00 is all of it, FF none."""
    for text, sign in ((tint, 1), (shade, -1)):
        if len(text) <= 2 and text.strip("0123456789abcdefABCDEF") == "" and text:
            color = lighten(color, sign * (1 - int(text, 16) / 255))
    return color


def _read_color(item: Any, found: dict[str, str]) -> None:
    # the theme is not at hand here: the names of its colours are looked up when a run is looked at
    found["color"] = color_of(item.get(_VAL)) or ""
    found["theme"] = "/".join(item.get(name) or "" for name in _LETTERS[1:])


def _read_fill(item: Any, found: dict[str, str]) -> None:
    found["fill"] = find_ground_color(item, OFFICE_THEME) or ""


def _read_highlight(item: Any, found: dict[str, str]) -> None:
    found["highlight"] = color_of(item.get(_VAL)) or ""


def _read_text_fill(item: Any, found: dict[str, str]) -> None:
    """Word 2010's own way to fill letters: with nothing, or with a colour that may be transparent."""
    if item.find(W14 + "noFill") is not None:
        found["no_fill"] = "1"
    for kind in ("srgbClr", "schemeClr"):
        solid = item.find(f"{W14}solidFill/{W14}{kind}")
        if solid is not None:
            alpha = solid.find(W14 + "alpha")
            # 100 % here is wholly transparent
            found["no_fill"] = "1" if alpha is not None and alpha.get(W14 + "val") == "100000" else "0"
            found["color"] = color_of(solid.get(W14 + "val")) or ""
            changed = any(child.tag != W14 + "alpha" for child in solid)
            found["theme"] = "" if kind == "srgbClr" or changed else f"{solid.get(W14 + 'val') or ''}//"


def _read_font(item: Any, found: dict[str, str]) -> None:
    fonts = [item.get(W + name) for name in _FONTS]
    found["font"] = next((font for font in fonts if is_symbol_font(font)), "")


_READERS = {
    **{W + t: _read_switch for t in ("vanish", "strike", "dstrike")},
    **{W + t: _read_value for t in ("vertAlign", "position", "sz", "w", "spacing")},
    W + "rStyle": _read_style,
    W + "color": _read_color,
    W + "shd": _read_fill,
    W + "highlight": _read_highlight,
    W + "rFonts": _read_font,
    W14 + "textFill": _read_text_fill,
}


def find_ground_color(shading: Any, theme: Mapping[str, str]) -> str | None:
    """The colour of a ground, "" for a pattern of lines; None where it has none."""
    kind = shading.get(_VAL) or ""
    fill = find_color(shading, theme, _PAPER)
    if kind == "solid":
        return find_color(shading, theme, _SCREEN) or "000000"
    if kind in ("", "clear", "nil"):
        return fill
    if not kind.startswith("pct"):
        return ""
    # a screen of so many per cent of one colour over the other
    share = min(read_integer(kind[3:], 50), 100) / 100
    ink, paper = find_color(shading, theme, _SCREEN) or "000000", fill or WHITE
    pairs = zip(bytes.fromhex(ink), bytes.fromhex(paper), strict=True)
    return "".join(f"{round(a * share + b * (1 - share)):02X}" for a, b in pairs)


def find_ground(properties: Any | None, theme: Mapping[str, str]) -> str | None:
    """The colour that the properties of a paragraph, box or table paint under the text, "" for one that is not known;
    None where they paint none."""
    shading = None if properties is None else properties.find(W + "shd")
    return None if shading is None else find_ground_color(shading, theme)


def changes_text(found: Properties) -> bool:
    """Whether properties may make text look otherwise than it stands, colours aside."""
    return bool(found) and _changes_text(tuple(found.items()))


@lru_cache(maxsize=1024)
def _changes_text(pairs: tuple[tuple[str, str], ...]) -> bool:
    """The same for the properties as pairs: those of most paragraphs of a document are alike."""
    found = dict(pairs)
    return (
        look_of_shape(found) != PLAIN or _look({**found, "color": "", "theme": ""}, (), OFFICE_THEME) != PLAIN
    )


def _combine(default: Properties, styles: list[Properties], own: Properties) -> Properties:
    """What is in force: the run's own, else that of its styles, else the document's default."""
    merged = dict(default)
    for style in styles:
        merged |= style
    for name in _TOGGLES:
        if default.get(name) != "1":
            merged[name] = str(sum(style.get(name) == "1" for style in styles) % 2)
    return {**merged, **own}


def _look(found: Properties, grounds: Sequence[str], theme: Mapping[str, str]) -> RunLook:
    on = {name for name in ("vanish", "strike", "dstrike", "no_fill") if found.get(name) == "1"}
    own = found.get("highlight") or found.get("fill")
    alike = [is_invisible(color_in(found, theme), under) for under in ([own] if own else grounds)]
    unseen = doubt = ""
    if on & {"strike", "dstrike"}:
        unseen = CROSSED_OUT
    elif on & {"vanish", "no_fill"}:
        unseen = HIDDEN
    elif alike and all(alike):
        unseen = "in the colour of the ground"
    elif _is_smaller(found.get("sz"), _TINY) or _is_smaller(found.get("w"), _NARROWEST):
        unseen = "too small to be seen"
    elif _is_smaller(found.get("sz"), _SPECK):
        doubt = "tiny text"
    elif any(alike):
        doubt = "text that may have the colour of the ground"
    elif read_integer(found.get("spacing"), 0) <= _OVERLAID:
        doubt = "letters over each other"
    return RunLook(unseen, _level(found), found.get("font") or None, doubt)


def _is_smaller(value: str | None, limit: int) -> bool:
    return value is not None and read_integer(value, limit + 1) <= limit


def color_in(found: Properties, theme: Mapping[str, str]) -> str | None:
    """The colour of a run's letters: the theme's where it names one, else its own."""
    name, _, changes = found.get("theme", "").partition("/")
    color = name_color(theme, name) if name else None
    if color is None:
        return found.get("color") or None
    tint, _, shade = changes.partition("/")
    return _mix(color, tint, shade)


def _level(found: Properties) -> int:
    named = {"superscript": 1, "subscript": -1}.get(found.get("vertAlign", ""), 0)
    position = read_integer(found.get("position", "0"), 0)
    return named or (0 if abs(position) < _RAISED else 1 if position > 0 else -1)
