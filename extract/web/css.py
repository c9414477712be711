"""A page's style sheets → how each element is drawn: whether its text is seen, struck, raised, or a block of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any, TypeVar

from selectolax.lexbor import LexborHTMLParser

from gongkai.extract.web.colour import WHITE, Colour, are_alike, read_colour
from gongkai.extract.web.dom import BLOCKS
from gongkai.extract.web.length import read_length, read_lengths
from gongkai.extract.web.selector import Selectors, specificity, split_pseudo_element
from gongkai.extract.web.style_sheet import Declaration, is_sheet_shown, read_declarations, read_rules
from gongkai.record import dataclass, replace

_PROPERTIES = frozenset(
    {
        "display", "visibility", "opacity", "filter", "font", "font-size", "color", "background", "background-color",
        "background-image", "text-decoration", "text-decoration-line", "vertical-align", "position", "left", "right", "top",
        "bottom", "float", "overflow", "overflow-x", "overflow-y", "width", "height", "max-width", "max-height", "clip",
        "clip-path", "transform", "text-indent", "margin", "margin-left", "margin-right", "margin-top", "padding",
        "padding-left", "padding-right", "white-space", "unicode-bidi", "direction", "content", "content-visibility",
        "grid-template-columns", "grid-column", "grid-row", "grid-area", "grid-column-start", "grid-column-end",
        "grid-row-start", "grid-row-end", "grid-auto-flow", "-webkit-text-fill-color", "-webkit-text-security", "font-family",
        "rotate", "scale", "translate", "-webkit-transform", "grid-template", "grid", "writing-mode", "order", "all", "zoom", "flex",
        "flex-grow", "flex-basis", "flex-direction",
        "letter-spacing", "word-spacing", "mask", "mask-image", "-webkit-mask", "-webkit-mask-image", "font-variant",
        "font-variant-position", "font-feature-settings",
    }
)  # fmt: skip
_DISPLAYS = re.compile(
    r"""
    unset | initial | revert | revert-layer | inherit | none | block | inline | inline-block | contents | list-item | flow-root | run-in
    | (?:inline-)? (?:table|flex|grid) | table-(?:row|cell|caption|column|row-group|header-group|footer-group|column-group)
    | (?:-webkit-|-moz-|-ms-)(?:inline-)?(?:box|flexbox|flex)
    """,
    re.VERBOSE,
)
_INLINE = frozenset({"inline", "contents", "inline-block", ""})
#: What a part drawn by a sheet may have that is taken for a part of a number.
_LETTERS = re.compile(r"[^\W_]|[-+−–—.,，。%％/()（）]")
_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?|\\(.)")
_STRING = re.compile(r"\"([^\"]*)\"|'([^']*)'")
_VARIABLE = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,([^()]*))?\)")
#: What lies so far to the left of or above its place is not on the page, in pixels.
_FAR = -300.0
#: Text of a size below this is not seen, in pixels.
_SMALLEST = 0.5
#: Text of a size below this is a speck, which some browsers enlarge.
_TINY = 4.0
#: An empty place between two letters that is a gap to the eye, in pixels.
_GAP = 5.0
#: Fonts whose letters are pictures.
_PICTURES = re.compile(r"^\s*[\"']?(?:wingdings|webdings)", re.IGNORECASE)
_TURNED = re.compile(r"rotate|skew|scale[xy3d]*\(\s*-|scale\([^)]*,\s*-|matrix", re.IGNORECASE)
#: Elements that are drawn with less than a tenth of their size.
_NOTHING = re.compile(r"scale[xyz3d]*\(\s*0*(?:\.0\d*)?\s*[,)]", re.IGNORECASE)
_SMALL_SHARE = re.compile(r"0*(?:\.0\d*)?|0*\d(?:\.\d*)?%")
#: Filters that leave letters as they are: shadows, and colours turned grey, as on days of mourning.
_HARMLESS = re.compile(
    r"none|(?:(?:grayscale|sepia|saturate|hue-rotate|drop-shadow|opacity|alpha|gray)\b.*)|progid:.*",
    re.IGNORECASE,
)
_RAISING = re.compile(r"super|sub|[\"'](?:sups|subs|sinf|frac|afrc|ordn|numr|dnom)[\"']", re.IGNORECASE)
_SHIFTED = re.compile(r"translate[xyz3d]*\(\s*([^,()]+)(?:,([^,()]+))?", re.IGNORECASE)
_SHAPE = re.compile(r"(inset|circle|ellipse|polygon|rect|xywh|path|url)\(([^()]*)\)", re.IGNORECASE)

Declared = Mapping[str, str]
_K = TypeVar("_K")
_V = TypeVar("_V")


@dataclass(frozen=True, slots=True)
class Drawn:
    """How an element is drawn. `display` is "" where no style names it.

    `veiled` says why nobody sees what is in it ("" where it is seen): nothing in it can undo that.
    `is_hidden` is `visibility`, which an element in it can undo. `raised` is 1 above the line, -1
    below it. `is_block` says that it begins and ends a line, `gap` that an empty place stands before
    and behind it. `mark` names what makes its letters other than they are written. `room` is the width in pixels past
    which its text is cut off.
    """

    display: str = ""
    veiled: str = ""
    is_hidden: bool = False
    is_struck: bool = False
    raised: int = 0
    is_block: bool = False
    gap: bool = False
    size: float = 16.0
    colour: Colour | None = (0, 0, 0)
    opaque: float = 1.0
    ground: Colour | None = WHITE
    ground_is_told: bool = False
    keeps_space: str = ""
    mark: str = ""
    is_parted: bool = False
    is_rtl: bool = False
    has_wide_blanks: bool = False
    room: float | None = None
    #: why the text in it is not seen, "" where it is; found once, for elements that look alike share a Drawn
    unseen: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "unseen", self._find_unseen())

    def _find_unseen(self) -> str:
        if self.veiled:
            return self.veiled
        if self.is_hidden:
            return "hidden"
        if self.size < _SMALLEST:
            return "of no size"
        if self.opaque < 0.05 or (
            self.colour is not None and self.ground is not None and are_alike(self.colour, self.ground)
        ):
            return "in the colour of the ground"
        return ""


_PLAIN = Drawn()


@dataclass(frozen=True, slots=True)
class Styles:
    """How the elements of a page are drawn, by the id that the parser gives each while the page lives.

    `has_others` says that the page has style sheets which are not at hand.
    """

    drawn: Mapping[int, Drawn] = field(default_factory=dict)
    declared: Mapping[int, Declared] = field(default_factory=dict)
    generated: frozenset[int] = frozenset()
    has_others: bool = False

    def draw(self, node: Any) -> Drawn:
        """How an element is drawn."""
        return self.drawn.get(node.mem_id, _PLAIN)

    def of(self, node: Any) -> str:
        """How an element is displayed, "" where no style names it: none, table, table-row, …"""
        return self.draw(node).display

    def declares(self, node: Any, name: str) -> str:
        """What the sheets say of one property of an element, "" where nothing."""
        return self.declared.get(node.mem_id, {}).get(name, "")

    def hides(self, node: Any) -> bool:
        """Whether an element takes no place on the page."""
        return self.draw(node).display == "none"

    def unseen(self, node: Any) -> str:
        """Why nobody sees the text that stands in an element itself; "" where it is seen.

        A sheet that is not at hand may give a ground on which white text is seen.
        """
        drawn = self.draw(node)
        return "" if self.is_doubtful(node) else drawn.unseen

    def is_doubtful(self, node: Any) -> bool:
        """Whether text in the colour of the paper may have another ground by a sheet that is not at hand."""
        drawn = self.draw(node)
        return self.has_others and not drawn.ground_is_told and drawn.unseen == "in the colour of the ground"

    def strikes(self, node: Any) -> bool:
        """Whether an element's text is crossed out."""
        return self.draw(node).is_struck


def read_styles(tree: LexborHTMLParser) -> Styles:
    """The page's own sheets and the styles of its elements, as a browser weighs them. Raises TooLarge."""
    selectors = Selectors.of(tree)
    weighed: dict[int, _Weighed] = {}
    generated: set[int] = set()
    text = "\n".join(sheet.text() or "" for sheet in tree.css("style") if is_sheet_shown(sheet.attributes))
    for order, rule in enumerate(read_rules(text)):
        wanted = {name: d for name, d in rule.declarations.items() if _is_wanted(name)}
        if not wanted:
            continue
        selector, part = split_pseudo_element(rule.selector)
        if part:
            if (part in ("before", "after", "marker") and _draws_letters(wanted)) or (
                part.startswith("first-") and _hides_letters(wanted)
            ):
                generated |= selectors.match(selector)
            continue
        weight = specificity(selector)
        for id in selectors.match(selector):
            _weigh(weighed.setdefault(id, {}), wanted, (0, rule.layer, *weight, order))
    _weigh_own_styles(selectors, weighed)
    declared = _resolve(selectors, _each_once(_choose, weighed))
    has_others = tree.css_first('link[rel*="stylesheet" i]') is not None or any(
        "@import" in (sheet.text() or "") for sheet in tree.css("style")
    )
    drawn = _draw_all(selectors, declared, find_embedded_fonts(text))
    return Styles(drawn, declared, frozenset(generated), has_others)


_Weighed = dict[str, tuple[tuple[int, ...], str]]


def _weigh_own_styles(selectors: Selectors, weighed: dict[int, _Weighed]) -> None:
    """Adds the styles that elements have themselves. Most boxes of a table have the same one, and nothing beside it."""
    wanted: dict[str, dict[str, Declaration]] = {}
    alone: dict[str, _Weighed] = {}
    for id, attributes in selectors.attributes.items():
        style = attributes.get("style")
        if not style:
            continue
        if style not in wanted:
            wanted[style] = {name: d for name, d in read_declarations(style).items() if _is_wanted(name)}
        if id in weighed:
            _weigh(weighed[id], wanted[style], _OWN)
            continue
        if style not in alone:
            _weigh(alone.setdefault(style, {}), wanted[style], _OWN)
        weighed[id] = alone[style]


#: The weight of an element's own style: more than any selector's.
_OWN = (1, 0, 0, 0, 0, 0)


def _each_once(function: Callable[[_K], _V], given: Mapping[int, _K]) -> dict[int, _V]:
    """A function of every value, asked once where elements share one."""
    known: dict[int, _V] = {}
    for value in given.values():
        if id(value) not in known:
            known[id(value)] = function(value)
    return {key: known[id(value)] for key, value in given.items()}


def _is_wanted(name: str) -> bool:
    return name in _PROPERTIES or name.startswith("--")


def _choose(found: Mapping[str, tuple[tuple[int, ...], str]]) -> dict[str, str]:
    """The values that weigh most; `all` takes away what weighs less than it."""
    least = found["all"][0] if "all" in found else ()
    return {name: value for name, (weight, value) in found.items() if weight >= least and name != "all"}


def _resolve(selectors: Selectors, declared: dict[int, dict[str, str]]) -> dict[int, Declared]:
    """What is declared of every element, with its variables replaced: an element has those of the element around it."""
    if not any(name.startswith("--") for own in declared.values() for name in own):
        return _each_once(lambda own: _replace_variables(own, {}), declared)
    scopes: dict[int, dict[str, str]] = {}
    resolved: dict[int, Declared] = {}
    for node in selectors.elements:
        scope = scopes.get(selectors.parents.get(node.mem_id, 0), {})
        own = declared.get(node.mem_id, {})
        variables = {name: value for name, value in own.items() if name.startswith("--")}
        scope = {**scope, **variables} if variables else scope
        scopes[node.mem_id] = scope
        if own:
            resolved[node.mem_id] = _replace_variables(own, scope)
    return resolved


#: Variables that name variables are followed so deep.
_DEEPEST = 6


def _replace_variables(own: Mapping[str, str], scope: Mapping[str, str]) -> Declared:
    found = {}
    for name, value in own.items():
        for _ in range(_DEEPEST):
            if "var(" not in value or len(value) > 2000:
                break
            value = _VARIABLE.sub(lambda hit: scope.get(hit[1], hit[2] or ""), value).strip()
        is_shown = name != "display" or _DISPLAYS.fullmatch(value.lower()) is not None
        if value and is_shown and not name.startswith("--"):
            found[name] = value
    return found


def find_embedded_fonts(text: str) -> frozenset[str]:
    """The names of fonts that a page brings in itself: their digits may be drawn as other digits."""
    found = set()
    for rule in _FONT_FACE.finditer(text):
        body = rule[1]
        named = _FAMILY.search(body)
        if named is not None and "data:" in body:
            found.add(named[1].strip().strip("\"'").lower())
    return frozenset(found)


_FONT_FACE = re.compile(r"@font-face\s{0,9}\{([^{}]*)\}", re.IGNORECASE)
_FAMILY = re.compile(r"font-family\s{0,9}:\s{0,9}([^;{}]{1,80})", re.IGNORECASE)


def _draws_letters(wanted: Mapping[str, Declaration]) -> bool:
    """Whether a part before or behind an element has letters or digits."""
    content = wanted["content"].value if "content" in wanted else ""
    if any(name in wanted and wanted[name].value == "none" for name in ("display", "content")):
        return False
    strings = "".join(hit[1] or hit[2] or "" for hit in _STRING.finditer(content))
    computed = _STRING.sub("", content).replace("none", "").replace("normal", "")
    if re.search(r"[a-z]", computed, re.IGNORECASE) and "quote" not in computed:
        return True  # a counter, an attribute, a picture, a variable
    return _LETTERS.search(_ESCAPE.sub(_unescape, strings)) is not None


def _unescape(hit: re.Match[str]) -> str:
    number = int(hit[1], 16) if hit[1] else 0
    if not hit[1]:
        return hit[2]
    # private characters are icons of the sheet's own font
    return "" if 0xE000 <= number <= 0xF8FF or not 0 < number < 0x110000 else chr(number)


def _hides_letters(wanted: Mapping[str, Declaration]) -> bool:
    """Whether the first letter or line is drawn so that nobody sees it, or as if it were no part of the text."""
    size = read_length(wanted["font-size"].value, 16.0, 16.0) if "font-size" in wanted else None
    colours = [
        read_colour(wanted[name].value) for name in ("color", "-webkit-text-fill-color") if name in wanted
    ]
    is_pale = any(c is not None and (c[1] < 0.05 or are_alike(c[0], WHITE)) for c in colours)
    return (
        is_pale
        or (size is not None and size < _TINY)
        or _is_struck("", {k: v.value for k, v in wanted.items()})
    )


def _weigh(
    found: dict[str, tuple[tuple[int, ...], str]],
    wanted: Mapping[str, Declaration],
    weight: tuple[int, ...],
) -> None:
    """Adds what a rule declares of an element, where nothing of more weight stands."""
    for name, declaration in wanted.items():
        value = declaration.value.strip()
        is_known = name != "display" or "var(" in value or _DISPLAYS.fullmatch(value.lower()) is not None
        if not value or not is_known:
            continue
        full = (int(declaration.important), *weight)
        if name not in found or full >= found[name][0]:
            found[name] = full, value
    for short, long in (("text-decoration", "text-decoration-line"), ("background", "background-color")):
        if short in wanted and long in found and found[short][0] > found[long][0]:
            del found[long]


def _draw_all(
    selectors: Selectors, declared: Mapping[int, Declared], fonts: frozenset[str]
) -> dict[int, Drawn]:
    """Every element in its order, so that the one around it is drawn before; `fonts` are those that the page brings."""
    drawn: dict[int, Drawn] = {}
    #: elements of one kind with the same styles in the same surroundings, as boxes of a table are, look alike
    alike: dict[tuple[object, ...], Drawn] = {}
    for node in selectors.elements:
        around = drawn.get(selectors.parents.get(node.mem_id, 0), _PLAIN)
        own = declared.get(node.mem_id, {})
        tag, given = node.tag, selectors.attributes[node.mem_id]
        # boxes of one table differ in what does not matter here: their width, span and class
        is_drawn = not _DRAWING.isdisjoint(given)
        attributes = {name: given[name] for name in given if name in _DRAWING} if is_drawn else {}
        key = tag, id(around), not given, *attributes.items(), None, *own.items()
        look = alike.get(key)
        if look is None:
            look = _draw(tag, attributes, own, around, is_bare=not given)
            if fonts and not fonts.isdisjoint(_list_fonts(own)):
                look = replace(look, mark="letters of the page's own font")
            alike[key] = look
        drawn[node.mem_id] = look
    return drawn


def _list_fonts(own: Declared) -> list[str]:
    listed = own.get("font-family") or own.get("font", "").rpartition("px ")[2]
    return [name.strip().strip("\"'").lower() for name in listed.split(",")]


# One element ---------------------------------------------------------------------------------

#: The attributes that say how an element is drawn.
_DRAWING = frozenset({"hidden", "popover", "dir", "color", "face", "bgcolor", "background"})
_RAISED_TAGS = {"sup": 1, "sub": -1}
_ALIGNED = {"super": 1, "sub": -1, "baseline": 0}
_STRUCK_TAGS = frozenset({"del", "s", "strike"})
#: Elements that stand in a line as one piece, whatever is in them.
_PIECES = frozenset({"button", "input", "select", "textarea", "img"})
_PRE_TAGS = frozenset({"pre", "textarea", "xmp", "listing", "plaintext"})


def _draw(
    tag: str, attributes: Mapping[str, str | None], own: Declared, around: Drawn, *, is_bare: bool
) -> Drawn:
    """How an element is drawn, by its own styles and what is around it; a bare one has no attribute of any kind."""
    if (
        not own
        and is_bare
        and tag not in _RAISED_TAGS
        and tag not in _STRUCK_TAGS
        and tag not in _PRE_TAGS
        and not (tag in _BOXES and around.mark)
    ):
        return replace(
            around,
            display="",
            is_block=tag in BLOCKS or around.is_parted,
            gap=False,
            is_parted=False,
            room=None,
        )
    display = _read_display(own, attributes, around)
    is_out = own.get("position", "").lower() in ("absolute", "fixed") or own.get("float", "").lower() in (
        "left",
        "right",
    )
    is_block = _is_block(tag, display) or is_out or around.is_parted
    size = _read_size(own, attributes, around)
    is_shut = around.veiled or (
        "hidden" if display == "none" else _veil(own, is_block, is_block or display == "inline-block", size)
    )
    drawn = Drawn(
        display=display,
        veiled=is_shut,
        is_hidden=_is_hidden(own, around),
        is_struck=_is_struck(tag, own) or (around.is_struck and display != "inline-block" and not is_out),
        raised=_read_raised(tag, own, is_block, size, around),
        is_block=is_block,
        gap=not is_block and (_has_gap(own, size) or _is_moved(own, size)),
        size=size,
        keeps_space=_read_space(tag, own, around),
        mark=_read_mark(tag, own, attributes, around)
        or _read_smallness(size, is_block, own)
        or _read_doubt(own, size, is_block or tag in ("td", "th"))
        or ("" if tag in _BOXES and around.mark in _OF_PAGES else around.mark),
        is_parted=display.removeprefix("inline-") in ("flex", "grid"),
        is_rtl=_is_rtl(own, attributes, around),
        has_wide_blanks=_has_wide_blanks(own, size, around),
        room=_read_room(own, size) if is_block or display == "inline-block" else None,
    )
    return _paint(drawn, own, attributes, around)


def _read_display(own: Declared, attributes: Mapping[str, str | None], around: Drawn) -> str:
    """How an element is displayed; what goes back to the usual is as if no style named it."""
    display = own.get("display", "").lower()
    if display in ("unset", "initial"):
        return "inline"
    if display in ("revert", "revert-layer"):
        return ""
    if display == "inherit":
        return around.display
    return "none" if not display and ("hidden" in attributes or "popover" in attributes) else display


def _is_rtl(own: Declared, attributes: Mapping[str, str | None], around: Drawn) -> bool:
    word = (own.get("direction") or attributes.get("dir") or "").lower()
    return word == "rtl" if word in ("rtl", "ltr") else around.is_rtl


def _has_wide_blanks(own: Declared, size: float, around: Drawn) -> bool:
    length = read_length(own.get("word-spacing", ""), size, size)
    return around.has_wide_blanks if length is None else length >= _GAP


def _read_room(own: Declared, size: float) -> float | None:
    """The width past which an element's text is cut off; None where it is not."""
    if not _cuts_off(own):
        return None
    heights = [read_length(own.get(name, ""), size, 1000.0) for name in ("height", "max-height")]
    if any(h is not None and h < 0.7 * size for h in heights):
        return 0.0
    lengths = [read_length(own.get(name, ""), size, 1280.0) for name in ("width", "max-width")]
    known = [length for length in lengths if length is not None]
    return min(known, default=None)


def _cuts_off(own: Declared) -> bool:
    """Whether an element does not show what has no room in it."""
    return any(word in own.get(name, "").lower() for name in _CUTS for word in ("hidden", "clip"))


def _is_moved(own: Declared, size: float) -> bool:
    """Whether a piece of a line is drawn to the left or the right of its place."""
    moves = own.get("position", "").lower() == "relative"
    return moves and any(
        abs(read_length(own.get(side, ""), size, 1280.0) or 0.0) >= _GAP for side in ("left", "right")
    )


_CUT, _FILTERED = "clipped text", "text under a filter"
#: What a sheet does to a whole page or a part of it is no doubt about the figures of its boxes: people read such pages.
_OF_PAGES = frozenset({_CUT, _FILTERED})
_BOXES = frozenset({"td", "th"})
#: The properties that may make letters doubtful.
_DOUBTFUL = frozenset(
    {
        "letter-spacing", "mask", "mask-image", "-webkit-mask", "-webkit-mask-image", "clip-path", "opacity", "filter", "font-variant",
        "font-variant-position", "font-feature-settings", "color", "-webkit-text-fill-color", "background", "background-image",
    }
)  # fmt: skip
_CUTS = ("overflow", "overflow-x", "overflow-y")


def _read_doubt(own: Declared, size: float, is_block: bool) -> str:
    """What may change or hide the letters of an element, as far as no rule here tells."""
    if _DOUBTFUL.isdisjoint(own):
        return ""
    spacing = read_length(own.get("letter-spacing", ""), size, size)
    if spacing is not None and spacing <= -0.3 * size:
        return "letters over each other"
    masks = (
        own.get(name, "none").lower() for name in ("mask", "mask-image", "-webkit-mask", "-webkit-mask-image")
    )
    if own.get("clip-path", "none").lower() not in ("none", "unset", "initial") or any(
        "(" in mask for mask in masks
    ):
        return _CUT
    if "calc(" in own.get("opacity", "") or _HARMLESS.fullmatch(own.get("filter", "none").strip()) is None:
        return _FILTERED
    if any(
        _RAISING.search(own.get(n, ""))
        for n in ("font-variant", "font-variant-position", "font-feature-settings")
    ):
        return "raised or lowered letters"
    if any(_is_computed_colour(own.get(name, "")) for name in ("color", "-webkit-text-fill-color")):
        return "text in a colour that is not known"
    if not is_block and "gradient(" in f"{own.get('background', '')} {own.get('background-image', '')}":
        return "text with a picture behind it"
    return ""


def _is_computed_colour(text: str) -> bool:
    """Whether a colour is written in a way that is not read here."""
    return "(" in text and read_colour(text) is None


def _is_block(tag: str, display: str) -> bool:
    """Whether an element begins and ends a line: by its display, else by its tag."""
    if display in _INLINE and display:
        return False
    return tag in BLOCKS if not display else True


def _read_size(own: Declared, attributes: Mapping[str, str | None], around: Drawn) -> float:
    """The size of its letters in pixels; what is not known here is that of the element around it."""
    text = own.get("font-size", "")
    if not text and "font" in own:
        found = re.search(r"(?:^|\s)(0(?=[/\s])|\d[\d.]{0,8}(?:px|pt|em|rem|%))", own["font"])
        text = found[1] if found else ""
    size = read_length(text, around.size, around.size) if text else None
    return around.size if size is None else max(0.0, size)


def _is_hidden(own: Declared, around: Drawn) -> bool:
    word = own.get("visibility", "").lower()
    return around.is_hidden if word not in ("visible", "hidden", "collapse") else word != "visible"


def _is_struck(tag: str, own: Declared) -> bool:
    line = (own.get("text-decoration-line") or own.get("text-decoration") or "").lower()
    return "line-through" in line or (tag in _STRUCK_TAGS and not line)


def _read_raised(tag: str, own: Declared, is_block: bool, size: float, around: Drawn) -> int:
    """1 for letters above the line, -1 for those below it."""
    if is_block:
        return 0
    shift = _read_shift(own)
    if shift:
        return shift
    align = own.get("vertical-align", "").lower()
    if not align:
        return _RAISED_TAGS.get(tag, around.raised)
    if align in _ALIGNED:
        return _ALIGNED[align]
    if align in ("top", "text-top", "bottom", "text-bottom"):
        is_small = size < 0.85 * around.size
        return around.raised if not is_small else 1 if "top" in align else -1
    length = read_length(align, 16.0, 16.0)
    if length is None or abs(length) < 1:
        return around.raised
    return 1 if length > 0 else -1


def _read_shift(own: Declared) -> int:
    """Whether an element is drawn a little above or below its place."""
    if own.get("position", "").lower() != "relative":
        return 0
    for name, sign in (("top", -1), ("bottom", 1)):
        length = read_length(own.get(name, ""), 16.0, 16.0)
        if length is not None and 2 <= abs(length) < 100:
            return sign if length > 0 else -sign
    return 0


def _has_gap(own: Declared, size: float) -> bool:
    sides = [own.get(name, "") for name in ("margin-left", "margin-right", "padding-left", "padding-right")]
    lengths = [read_length(side, size, 0.0) for side in sides if side]
    for name in ("margin", "padding"):
        lengths += read_lengths(own.get(name, ""), size)[1::2] or read_lengths(own.get(name, ""), size)
    return any(length is not None and length >= _GAP for length in lengths)


def _read_space(tag: str, own: Declared, around: Drawn) -> str:
    """How white space is kept: "pre", "lines", or "" where it is squeezed."""
    word = own.get("white-space", "").lower()
    if word in ("pre", "pre-wrap", "break-spaces"):
        return "pre"
    if word == "pre-line":
        return "lines"
    if word in ("normal", "nowrap"):
        return ""
    return "pre" if tag in _PRE_TAGS else around.keeps_space


def _read_mark(tag: str, own: Declared, attributes: Mapping[str, str | None], around: Drawn) -> str:
    """What makes the letters of an element other than they are written."""
    is_rtl = _is_rtl(own, attributes, around)
    if is_rtl and (tag in _PIECES or own.get("display", "").lower().startswith("inline-")) and around.is_rtl:
        return "text from right to left"
    if is_rtl and (tag == "bdo" or "override" in own.get("unicode-bidi", "").lower()):
        return "text from right to left"
    if own.get("-webkit-text-security", "none").lower() != "none":
        return "dots in place of text"
    if _PICTURES.match(own.get("font-family", "") or (attributes.get("face") or "")):
        return "symbols"
    turned = " ".join(own.get(name, "") for name in ("transform", "-webkit-transform"))
    if _TURNED.search(turned) or own.get("rotate", "none").lower() not in ("none", "0deg", "0"):
        return "turned text"
    if "-" in own.get("scale", ""):
        return "turned text"
    return ""


def _read_smallness(size: float, is_block: bool, own: Declared) -> str:
    """Letters that some browsers show and others do not, or that take those behind them with them."""
    if _SMALLEST <= size < _TINY:
        return "tiny text"
    if not is_block and "margin-left" in own:
        margin = read_length(own["margin-left"], size, 1280.0)
        return "" if margin is None or margin > _FAR / 10 else "moved text"
    return ""


# What nobody sees ----------------------------------------------------------------------------


def _veil(own: Declared, is_block: bool, has_size: bool, size: float) -> str:
    """Why nobody sees what is in an element; "" where it is seen."""
    if _read_share(own.get("opacity", "1")) < 0.05 or re.search(
        r"opacity\(\s*0(?:\.0+)?%?\s*\)", own.get("filter", "")
    ):
        return "transparent"
    if own.get("content-visibility", "").lower() == "hidden" or _leaves_nothing(own.get("clip-path", "")):
        return "clipped"
    if own.get("zoom") and _SMALL_SHARE.fullmatch(own["zoom"]):
        return "of no size"
    if has_size and (_is_clipped(own, size) or _is_scaled_away(own)):
        return "clipped"
    return "off the page" if _is_off_page(own, size, is_block, has_size) else ""


def _leaves_nothing(text: str) -> bool:
    """Whether a shape to which an element is cut has no area."""
    hit = _SHAPE.search(text)
    if hit is None:
        return False
    kind, inside = hit[1].lower(), hit[2].lower().partition(" at ")[0]
    if kind in ("circle", "ellipse"):
        return any((read_length(part, 16.0, 100.0) or 0.0) == 0 for part in inside.split()) and bool(
            inside.strip()
        )
    if kind == "polygon":
        return len({tuple(point.split()) for point in inside.split(",") if point.strip()}) <= 2
    if kind != "inset":
        return False
    parts = [read_length(part, 16.0, 100.0) for part in inside.partition("round")[0].split()]
    if not parts or None in parts:
        return False
    top, right, bottom, left = (parts * 4)[:4] if len(parts) != 3 else (*parts, parts[1])
    return (top or 0) + (bottom or 0) >= 100 or (right or 0) + (left or 0) >= 100


def _read_share(text: str) -> float:
    try:
        return float(text[:-1]) / 100 if text.endswith("%") else float(text)
    except ValueError:
        return 1.0


def _is_clipped(own: Declared, size: float) -> bool:
    """Whether an element's own size, or its clip, leaves nothing of it."""
    clip = own.get("clip", "").lower()
    if clip.startswith("rect(") and own.get("position", "").lower() in ("absolute", "fixed"):
        lengths = [
            read_length(part, size, 0.0) for part in re.split(r"[,\s]+", clip[5:].rstrip(") ")) if part
        ]
        if len(lengths) == 4 and None not in lengths:
            top, right, bottom, left = (length or 0.0 for length in lengths)
            return right - left <= 1 or bottom - top <= 1
    if not _cuts_off(own):
        return False
    sizes = [
        read_length(own.get(name, ""), size, 100.0) for name in ("width", "height", "max-width", "max-height")
    ]
    if any(length is not None and length <= 1 for length in sizes):
        return True
    indent = read_length(own.get("text-indent", ""), size, 1280.0)
    return indent is not None and abs(indent) >= 1000


def _is_scaled_away(own: Declared) -> bool:
    turned = " ".join(own.get(name, "") for name in ("transform", "-webkit-transform"))
    share = own.get("scale", "").split()[:1]
    return _NOTHING.search(turned) is not None or any(_SMALL_SHARE.fullmatch(part) for part in share)


def _is_off_page(own: Declared, size: float, is_block: bool, has_size: bool) -> bool:
    """Whether an element is drawn far to the left of or above the page, or far to its right."""
    moves = [
        own.get("margin-left", ""),
        own.get("margin-top", "") if has_size else "",
        own.get("text-indent", ""),
    ]
    if own.get("position", "").lower() in ("absolute", "fixed", "relative"):
        moves += [own.get("left", ""), own.get("top", "")]
        opposite = [read_length(own.get(name, ""), size, 1280.0) for name in ("right", "bottom")]
        if any(length is not None and length >= 2000 for length in opposite):
            return True
        far = read_length(own.get("left", ""), size, 1280.0)
        if far is not None and far >= 5000:
            return True
    if has_size:
        for x, y in _SHIFTED.findall(" ".join(own.get(n, "") for n in ("transform", "-webkit-transform"))):
            moves += [x, y]
        moves += own.get("translate", "").split()[:2]
    lengths = [read_length(move, size, 1280.0) for move in moves if move]
    if any(length is not None and length <= _FAR for length in lengths):
        return True
    margin = read_lengths(own.get("margin", ""), size) if is_block else []
    return bool(margin) and (margin[-1] if len(margin) == 4 else margin[0]) <= _FAR


def _paint(drawn: Drawn, own: Declared, attributes: Mapping[str, str | None], around: Drawn) -> Drawn:
    """The colours of an element's letters and of its ground."""
    colour, opaque = around.colour, around.opaque
    for text in (attributes.get("color"), own.get("color"), own.get("-webkit-text-fill-color")):
        if text and text.lower() not in ("inherit", "currentcolor"):
            read = read_colour(text)
            colour, opaque = (None, 1.0) if read is None else read
    ground, is_told = around.ground, around.ground_is_told
    for text in (attributes.get("bgcolor"), own.get("background"), own.get("background-color")):
        if text:
            if text.strip().lower() == "currentcolor":
                ground, is_told = colour, True
            else:
                ground, is_told = _read_ground(text, ground, is_told)
    if own.get("background-image", "none").lower() != "none" or attributes.get("background"):
        ground, is_told = None, True
    return replace(drawn, colour=colour, opaque=opaque, ground=ground, ground_is_told=is_told)


def _read_ground(text: str, around: Colour | None, is_told: bool) -> tuple[Colour | None, bool]:
    """The colour behind the text; None where a picture or half a colour lies there."""
    word = text.strip().lower()
    if word in ("none", "inherit", "initial", "unset", "transparent", "0", "0 0"):
        return around, is_told
    if "url(" in word or "gradient(" in word:
        return None, True
    for part in (word, *re.findall(r"rgba?\([^)]*\)|#[0-9a-f]+|[a-z]+", word)):
        read = read_colour(part)
        if read is not None:
            colour, opaque = read
            return (around, is_told) if opaque < 0.05 else (colour if opaque > 0.95 else None, True)
    return None, True
