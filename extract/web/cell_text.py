"""A box of a table → its text as a browser shows it, with a mark for everything that is shown and is no text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from gongkai.extract.left_out import CROSSED_OUT, LeftOut
from gongkai.extract.turned_signs import mark_turned_signs
from gongkai.extract.web import control
from gongkai.extract.web.css import Drawn, Styles
from gongkai.extract.web.dom import BREAK, children, tidy
from gongkai.extract.web.length import read_length
from gongkai.extract.web.scripts import Scripts
from gongkai.model import Place, drop_unread, mark_unread

#: A gap between two letters: two blanks that white space does not squeeze into one.
GAP = "\u2003\u2003"
#: Digits and signs above and below the line.
_ABOVE = str.maketrans("0123456789+-()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾")
_BELOW = str.maketrans("0123456789+-()", "₀₁₂₃₄₅₆₇₈₉₊₋₍₎")
#: Characters whose shape only their own font tells.
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]+")
_SYMBOL = mark_unread("symbol")
#: Elements that show something other than text.
_SHOWN = {
    "canvas": "canvas", "object": "object", "embed": "object", "applet": "object", "iframe": "frame", "video": "video",
    "audio": "audio", "meter": "meter", "progress": "meter", "picture": "picture",
}  # fmt: skip
_NOT_SHOWN = frozenset(
    {
        "style", "noscript", "head", "template", "noframes", "noembed", "datalist", "rt", "rp", "rtc", "link", "meta", "title",
        "param", "source", "track", "area", "col", "colgroup",
    }
)  # fmt: skip
#: Classes by which well-known sheets hide an element.
_HIDING = frozenset({"d-none", "hidden", "hide", "sr-only", "visually-hidden", "invisible"})
#: A figure is so wide, and a Chinese character, in shares of the size of the letters; no font is much narrower.
_FIGURE, _CHARACTER = 0.45, 0.9
#: A raised figure that changes the number if it is an exponent.
_MAY_BE_POWER = re.compile(r"\s*(?!1\s*$)[0-9]+\s*")
#: A figure at the end of what stands before a raised one.
_FIGURE_LAST = re.compile(r"[0-9０-９]\s*$")
_SPACES = re.compile(r" {2,}|\t+")


@dataclass(slots=True)
class CellReader:
    """What the boxes of a page are read with; pictures and what nobody sees are counted while they are read."""

    styles: Styles
    scripts: Scripts = Scripts()
    left_out: LeftOut = field(default_factory=LeftOut)
    pictures: int = 0

    def read(self, cell: Any, place: Place | None = None) -> str:
        """A box's text, a line for each paragraph or line break; what is shown and is no text leaves a mark."""
        pieces = _Pieces(self, place)
        if self.styles.draw(cell).mark or cell.mem_id in self.styles.generated:
            pieces.enter(cell, self.styles.draw(cell))
        pieces.walk(cell)
        lines = (line.strip(GAP + " ") for line in tidy(pieces.join()).split("\n"))
        text = "\n".join(line for line in lines if line)
        text += mark_turned_signs(text) if pieces.is_rtl else ""
        if pieces.struck and not drop_unread(text).strip():
            text += mark_unread(CROSSED_OUT)
        is_filled = self.scripts.fills(cell.attributes, not text.strip()) or pieces.is_filled
        return text + mark_unread("script") if is_filled else text


@dataclass(slots=True)
class _Pieces:
    """The pieces of one box, each with how far it is raised: 1 above the line, -1 below it."""

    reader: CellReader
    place: Place | None
    found: list[tuple[str, int]] = field(default_factory=list)
    is_filled: bool = False
    struck: bool = False
    is_rtl: bool = False

    def add(self, text: str, raised: int = 0) -> None:
        self.found.append((text, raised))

    def join(self) -> str:
        """The text of the box. Raised digits beside others are a mark of a note; where all are raised, they are the text."""
        if len(self.found) == 1:
            return self.found[0][0]
        is_plain = any(text.strip(" \t\r\n\xa0\u3000\x00") for text, raised in self.found if not raised)
        if not is_plain:
            return "".join(text for text, _ in self.found)
        parts: list[str] = []
        has_text = False
        for text, raised in self.found:
            if raised == 0:
                parts.append(text)
                has_text = has_text or bool(text.strip(" \t\r\n\xa0\u3000\x00"))
            elif raised < 0:
                parts.append(text.translate(_BELOW))
            elif not has_text or (_MAY_BE_POWER.fullmatch(text) and _FIGURE_LAST.search("".join(parts))):
                # in front no mark of a note stands, and behind a figure it may be an exponent
                parts.append(text.translate(_ABOVE))
        return "".join(parts)

    def walk(self, node: Any) -> None:
        """Adds everything below an element."""
        styles = self.reader.styles
        drawn = styles.draw(node)
        for child in children(node):
            if child.tag == "-text":
                self._add_text(node, drawn, child.text_content or "")
            elif (
                not child.tag.startswith("-") and child.tag not in _NOT_SHOWN and not self._is_skipped(child)
            ):
                self._walk_element(child, styles.draw(child))

    def _is_skipped(self, node: Any) -> bool:
        """Whether an element and all in it are not seen; its text goes to the note of what was left out."""
        drawn = self.reader.styles.draw(node)
        if node.tag == "script":
            self.is_filled = self.is_filled or bool((node.text() or "").strip())
            return True
        if drawn.veiled:
            self.reader.left_out.add(drawn.veiled, node.text() or "", self.place)
            return True
        return node.tag == "dialog" and "open" not in node.attributes

    def _add_text(self, node: Any, drawn: Drawn, text: str) -> None:
        """The text that stands in an element itself."""
        styles = self.reader.styles
        why = styles.unseen(node)
        if why:
            self.reader.left_out.add(why, text, self.place)
            return
        if drawn.is_struck:
            self.reader.left_out.add(CROSSED_OUT, text, self.place)
            self.struck = self.struck or bool(text.strip())
            return
        if text.strip() and styles.is_doubtful(node):
            self.add(mark_unread("text in white"))
        self.is_rtl = self.is_rtl or (drawn.is_rtl and bool(text.strip()))
        if drawn.has_wide_blanks:
            text = re.sub(r"(?<=\S)\s+(?=\S)", GAP, text)
        if drawn.keeps_space:
            text = _keep_space(text, drawn.keeps_space)
        self.add(_PRIVATE.sub(_SYMBOL, text), drawn.raised)

    def _walk_element(self, node: Any, drawn: Drawn) -> None:
        tag = node.tag
        what = control.read(node) if tag in control.TAGS else None
        if tag == "br":
            self.add(BREAK)
        elif drawn.is_hidden and (tag in _SHOWN or tag in ("img", "svg", "math") or what is not None):
            self.reader.left_out.add("hidden", "", self.place)
        elif tag == "img":
            self._add_picture(node)
        elif tag in _SHOWN:
            self.add(mark_unread(_SHOWN[tag]))
        elif tag in ("svg", "math"):
            self._add_drawing(node)
        elif what is not None:
            self.add(GAP)  # its frame parts it from figures beside it
            self._add_field(node, drawn, what)
            self.add(GAP)
        elif tag == "details" and "open" not in node.attributes and node.css_first("summary") is None:
            self.add(mark_unread("closed details"))
        else:
            edge = BREAK if drawn.is_block else GAP if drawn.gap else ""
            self.add(edge)
            self.enter(node, drawn)
            self.walk(node) if tag != "details" or "open" in node.attributes else self._walk_summary(node)
            self.add(edge)

    def enter(self, node: Any, drawn: Drawn) -> None:
        """The marks of an element itself: text drawn by a style or a program, letters that are turned or replaced."""
        styles, text = self.reader.styles, node.text() or ""
        if node.mem_id in styles.generated:
            self.add(mark_unread("text of a style sheet"))
        if drawn.mark and text.strip():
            self.add(mark_unread(drawn.mark))
        if drawn.room is not None and _measure(text.strip()) * drawn.size > drawn.room:
            self.add(mark_unread("text that is cut off"))
        if not text.strip() and node.tag not in ("td", "th") and "url(" in _pictures_behind(node, styles):
            self.add(mark_unread("picture"))
        if self.reader.scripts.fills(node.attributes, not text.strip()):
            self.is_filled = True
        classes = (node.attributes.get("class") or "").split()
        if styles.has_others and text.strip() and not _HIDING.isdisjoint(classes) and not drawn.display:
            self.add(mark_unread("text that a sheet may hide"))

    def _add_field(self, node: Any, drawn: Drawn, what: str) -> None:
        """A field of a form: its letters are black on white unless its own style says otherwise."""
        styles = self.reader.styles
        names = (
            "color",
            "-webkit-text-fill-color",
            "background",
            "background-color",
            "opacity",
            "text-decoration",
        )
        is_plain = not any(styles.declares(node, name) for name in names)
        is_seen = is_plain or not (drawn.unseen or styles.declares(node, "text-decoration"))
        if is_seen and not drawn.mark and not self._is_too_wide(node, drawn, what):
            self.add(what)
        elif what.strip():
            self.add(mark_unread("form field"))

    def _is_too_wide(self, node: Any, drawn: Drawn, text: str) -> bool:
        width = read_length(self.reader.styles.declares(node, "width"), drawn.size, 1280.0)
        return width is not None and _measure(text) * 13.0 > width and node.tag == "input"

    def _walk_summary(self, node: Any) -> None:
        for child in children(node):
            if child.tag == "summary":
                self.walk(child)

    def _add_picture(self, image: Any) -> None:
        if is_spacer(image):
            return
        self.reader.pictures += 1
        self.add(mark_unread("picture"))

    def _add_drawing(self, node: Any) -> None:
        """A drawing or a formula: its text where it is nothing but one piece of text."""
        text = _read_drawing(node, self.reader.styles)
        self.add(text if text is not None else mark_unread("drawing" if node.tag == "svg" else "equation"))


def _measure(text: str) -> float:
    """How wide text is at the least, in sizes of its letters; blanks in it may be where a line ends."""
    return max(
        (
            sum(_FIGURE if c.isascii() else _CHARACTER for c in word)
            for word in text.split()
            if word.isascii()
        ),
        default=0.0,
    )


def _pictures_behind(node: Any, styles: Styles) -> str:
    return f"{styles.declares(node, 'background')} {styles.declares(node, 'background-image')}".lower()


def _keep_space(text: str, how: str) -> str:
    """Text whose lines and, where they are kept too, wide blanks stand as they are written."""
    if how == "pre":
        text = _SPACES.sub(GAP, text)
    return text.replace("\r\n", "\n").replace("\n", BREAK)


_FORMULA = frozenset({"math", "mrow", "mstyle", "mn", "mtext", "mo", "mi", "semantics"})


#: Attributes of a drawing and of its text that leave the text where and as it is.
_HARMLESS = frozenset(
    {
        "x", "y", "width", "height", "viewbox", "xmlns", "xmlns:xlink", "version", "id", "role", "font-size", "font-family",
        "text-anchor", "dominant-baseline", "xml:space", "font-weight", "focusable", "display", "mathcolor", "lang",
    }
)  # fmt: skip


def _read_drawing(node: Any, styles: Styles) -> str | None:
    """The text of a drawing with one text and nothing else, or of a formula that is only a row; None for any other."""
    if node.tag == "math":
        return _read_formula(node, styles)
    texts = [inner for inner in node.traverse() if inner.tag == "text"]
    if len(texts) != 1:
        return None
    for inner in node.traverse():
        if inner.tag not in ("svg", "g", "text") or styles.draw(inner).unseen:
            return None
        if not _HARMLESS.issuperset(name for name in inner.attributes if not name.startswith("aria-")):
            return None
        if "none" in (inner.attributes.get("display") or ""):
            return None
    height = read_length(node.attributes.get("height") or "", 16.0, 1000.0) or 150.0
    down = read_length(texts[0].attributes.get("y") or "0", 16.0, height)
    is_inside = down is not None and 0 <= down <= height + 4 and not node.attributes.get("viewbox")
    return (texts[0].text() or "").strip() if is_inside else None


def _read_formula(node: Any, styles: Styles) -> str | None:
    for inner in node.traverse():
        if inner.tag not in _FORMULA or styles.draw(inner).unseen:
            return None
    return (node.text() or "").strip()


def is_spacer(image: Any) -> bool:
    """Whether a picture only keeps a distance: it has a size of a pixel or two."""
    sizes = [(image.attributes.get(name) or "").strip().removesuffix("px") for name in ("width", "height")]
    return any(size in ("0", "1", "2") for size in sizes)
