"""A page's style sheets → how each element is drawn: whether its text is seen, struck, raised, or a block of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from gongkai.extract.web.colour import WHITE, Colour, are_alike, read_colour
from gongkai.extract.web.dom import BLOCKS
from gongkai.extract.web.length import read_length, read_lengths
from gongkai.extract.web.selector import Selectors, specificity, split_pseudo_element
from gongkai.extract.web.style_sheet import Declaration, read_declarations, read_rules

_PROPERTIES = frozenset(
    {
        "display", "visibility", "opacity", "filter", "font", "font-size", "color", "background", "background-color",
        "background-image", "text-decoration", "text-decoration-line", "vertical-align", "position", "left", "right", "top",
        "bottom", "float", "overflow", "overflow-x", "overflow-y", "width", "height", "max-width", "max-height", "clip",
        "clip-path", "transform", "text-indent", "margin", "margin-left", "margin-right", "margin-top", "padding",
        "padding-left", "padding-right", "white-space", "unicode-bidi", "direction", "content", "content-visibility",
        "grid-template-columns", "grid-column", "grid-row", "grid-area", "grid-column-start", "grid-column-end",
        "grid-row-start", "grid-row-end", "grid-auto-flow", "-webkit-text-fill-color", "-webkit-text-security", "font-family",
        "rotate", "scale", "translate", "-webkit-transform", "grid-template", "grid", "writing-mode", "order",
    }
)  # fmt: skip
_DISPLAYS = re.compile(
    r"""
    none | block | inline | inline-block | contents | list-item | flow-root | run-in
    | (?:inline-)? (?:table|flex|grid) | table-(?:row|cell|caption|column|row-group|header-group|footer-group|column-group)
    | (?:-webkit-|-moz-|-ms-)(?:inline-)?(?:box|flexbox|flex)
    """,
    re.VERBOSE,
)
_INLINE = frozenset({"inline", "contents", "inline-block", ""})
_LETTERS = re.compile(r"[^\W_]")
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
_NOTHING = re.compile(r"scale[xyz3d]*\(\s*0*(?:\.0+)?\s*[,)]", re.IGNORECASE)
_SHIFTED = re.compile(r"translate[xyz3d]*\(\s*([^,()]+)(?:,([^,()]+))?", re.IGNORECASE)
_CLIPPED = re.compile(
    r"inset\(\s*(?:[5-9]\d|100)(?:\.\d+)?%|circle\(\s*0|polygon\(\s*0(?:px)?\s+0(?:px)?\s*\)", re.IGNORECASE
)

Declared = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Drawn:
    """How an element is drawn. `display` is "" where no style names it.

    `veiled` says why nobody sees what is in it ("" where it is seen): nothing in it can undo that.
    `is_hidden` is `visibility`, which an element in it can undo. `raised` is 1 above the line, -1
    below it. `is_block` says that it begins and ends a line, `gap` that an empty place stands before
    and behind it. `mark` names what makes its letters other than they are written.
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

    @property
    def unseen(self) -> str:
        """Why the text in it is not seen; "" where it is."""
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
    weighed: dict[int, dict[str, tuple[tuple[int, ...], str]]] = {}
    generated: set[int] = set()
    variables: dict[str, str] = {}
    for order, rule in enumerate(read_rules("\n".join(sheet.text() or "" for sheet in tree.css("style")))):
        variables |= {name: d.value for name, d in rule.declarations.items() if name.startswith("--")}
        wanted = {name: d for name, d in rule.declarations.items() if name in _PROPERTIES}
        if not wanted:
            continue
        selector, part = split_pseudo_element(rule.selector)
        if part:
            if part in ("before", "after") and _draws_letters(wanted):
                generated |= selectors.match(selector)
            continue
        weight = specificity(selector)
        for id in selectors.match(selector):
            _weigh(weighed.setdefault(id, {}), wanted, (0, *weight, order), variables)
    for node in selectors.elements:
        own = read_declarations(node.attributes.get("style") or "")
        if own:
            wanted = {name: d for name, d in own.items() if name in _PROPERTIES}
            _weigh(weighed.setdefault(node.mem_id, {}), wanted, (1, 0, 0, 0, 0), variables)
    declared = {id: {name: value for name, (_, value) in found.items()} for id, found in weighed.items()}
    has_others = tree.css_first('link[rel*="stylesheet" i]') is not None or any(
        "@import" in (sheet.text() or "") for sheet in tree.css("style")
    )
    return Styles(_draw_all(selectors, declared), declared, frozenset(generated), has_others)


def _draws_letters(wanted: Mapping[str, Declaration]) -> bool:
    """Whether a part before or behind an element has letters or digits."""
    content = wanted["content"].value if "content" in wanted else ""
    if any(name in wanted and wanted[name].value == "none" for name in ("display", "content")):
        return False
    return (
        _LETTERS.search(re.sub(r"\\[0-9a-fA-F]{1,6}", "", content).replace("none", "").replace("normal", ""))
        is not None
    )


def _weigh(
    found: dict[str, tuple[tuple[int, ...], str]],
    wanted: Mapping[str, Declaration],
    weight: tuple[int, ...],
    variables: Mapping[str, str],
) -> None:
    """Adds what a rule declares of an element, where nothing of more weight stands."""
    for name, declaration in wanted.items():
        value = _VARIABLE.sub(lambda hit: variables.get(hit[1], hit[2] or ""), declaration.value).strip()
        if not value or (name == "display" and _DISPLAYS.fullmatch(value.lower()) is None):
            continue
        full = (int(declaration.important), *weight)
        if name not in found or full >= found[name][0]:
            found[name] = full, value
    for short, long in (("text-decoration", "text-decoration-line"), ("background", "background-color")):
        if short in wanted and long in found and found[short][0] > found[long][0]:
            del found[long]


def _draw_all(selectors: Selectors, declared: Mapping[int, Declared]) -> dict[int, Drawn]:
    """Every element in its order, so that the one around it is drawn before."""
    drawn: dict[int, Drawn] = {}
    for node in selectors.elements:
        around = drawn.get(selectors.parents.get(node.mem_id, 0), _PLAIN)
        drawn[node.mem_id] = _draw(node, declared.get(node.mem_id, {}), around)
    return drawn


# One element ---------------------------------------------------------------------------------

_RAISED_TAGS = {"sup": 1, "sub": -1}
_ALIGNED = {"super": 1, "sub": -1, "baseline": 0}
_STRUCK_TAGS = frozenset({"del", "s", "strike"})
_PRE_TAGS = frozenset({"pre", "textarea", "xmp", "listing", "plaintext"})


def _draw(node: Any, own: Declared, around: Drawn) -> Drawn:
    """How an element is drawn, by its own styles and what is around it."""
    tag, attributes = node.tag, node.attributes
    if (
        not own
        and not attributes
        and tag not in _RAISED_TAGS
        and tag not in _STRUCK_TAGS
        and tag not in _PRE_TAGS
    ):
        return replace(
            around, display="", is_block=tag in BLOCKS or around.is_parted, gap=False, is_parted=False
        )
    display = own.get("display", "").lower()
    if not display and "hidden" in attributes:
        display = "none"
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
        gap=not is_block and _has_gap(own, size),
        size=size,
        keeps_space=_read_space(tag, own, around),
        mark=_read_mark(tag, own, attributes) or _read_smallness(size, is_block, own) or around.mark,
        is_parted=display.removeprefix("inline-") in ("flex", "grid"),
    )
    return _paint(drawn, own, attributes, around)


def _is_block(tag: str, display: str) -> bool:
    """Whether an element begins and ends a line: by its display, else by its tag."""
    if display in _INLINE and display:
        return False
    return tag in BLOCKS if not display else True


def _read_size(own: Declared, attributes: Mapping[str, str | None], around: Drawn) -> float:
    """The size of its letters in pixels; what is not known here is that of the element around it."""
    text = own.get("font-size", "")
    if not text and "font" in own:
        found = re.search(r"(?:^|\s)(\d[\d.]{0,8}(?:px|pt|em|rem|%))", own["font"])
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


def _read_mark(tag: str, own: Declared, attributes: Mapping[str, str | None]) -> str:
    """What makes the letters of an element other than they are written."""
    is_rtl = "rtl" in (attributes.get("dir") or own.get("direction", "")).lower()
    if is_rtl and (tag == "bdo" or "override" in own.get("unicode-bidi", "").lower()):
        return "text from right to left"
    if own.get("-webkit-text-security", "none").lower() != "none":
        return "dots in place of text"
    if _PICTURES.match(own.get("font-family", "") or (attributes.get("face") or "")):
        return "symbols"
    turned = " ".join(own.get(name, "") for name in ("transform", "-webkit-transform"))
    if _TURNED.search(turned) or own.get("rotate", "none").lower() not in ("none", "0deg", "0"):
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
    if own.get("content-visibility", "").lower() == "hidden" or _CLIPPED.search(own.get("clip-path", "")):
        return "clipped"
    if has_size and (_is_clipped(own, size) or _is_scaled_away(own)):
        return "clipped"
    return "off the page" if _is_off_page(own, size, is_block, has_size) else ""


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
    cuts = " ".join(own.get(name, "") for name in ("overflow", "overflow-x", "overflow-y")).lower()
    if "hidden" not in cuts and "clip" not in cuts:
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
    return _NOTHING.search(turned) is not None or own.get("scale", "").split()[:1] in (["0"], ["0%"])


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
