"""A box of a table → its text as a browser shows it, with a mark for everything that is shown and is no text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from gongkai.extract.left_out import LeftOut
from gongkai.extract.web import control
from gongkai.extract.web.css import Drawn, Styles
from gongkai.extract.web.dom import BREAK, children, tidy
from gongkai.extract.web.scripts import Scripts
from gongkai.model import Place, drop_unread, mark_unread

#: A gap between two letters: two blanks that white space does not squeeze into one.
GAP = "\u2003\u2003"
#: Digits and signs above and below the line.
_ABOVE = str.maketrans("0123456789+-()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾")
_BELOW = str.maketrans("0123456789+-()", "₀₁₂₃₄₅₆₇₈₉₊₋₍₎")
#: Characters whose shape only their own font tells.
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]+")
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
        text = "\n".join(line for line in tidy(pieces.join()).split("\n") if line)
        if pieces.struck and not drop_unread(text).strip():
            text += mark_unread("crossed out")
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

    def add(self, text: str, raised: int = 0) -> None:
        self.found.append((text, raised))

    def join(self) -> str:
        """The text of the box. Raised digits beside others are a mark of a note; where all are raised, they are the text."""
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
            elif not has_text:  # a raised figure in front: no mark of a note stands there
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
            self.reader.left_out.add("crossed out", text, self.place)
            self.struck = self.struck or bool(text.strip())
            return
        if text.strip() and styles.is_doubtful(node):
            self.add(mark_unread("text in white"))
        if drawn.keeps_space:
            text = _keep_space(text, drawn.keeps_space)
        self.add(_PRIVATE.sub(mark_unread("symbol"), text), drawn.raised)

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
            self.add("" if drawn.is_struck else what)
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
        if self.reader.scripts.fills(node.attributes, not text.strip()):
            self.is_filled = True
        classes = (node.attributes.get("class") or "").split()
        if styles.has_others and text.strip() and not _HIDING.isdisjoint(classes) and not drawn.display:
            self.add(mark_unread("text that a sheet may hide"))

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
        text = _read_drawing(node)
        self.add(text if text is not None else mark_unread("drawing" if node.tag == "svg" else "equation"))


def _keep_space(text: str, how: str) -> str:
    """Text whose lines and, where they are kept too, wide blanks stand as they are written."""
    if how == "pre":
        text = _SPACES.sub(GAP, text)
    return text.replace("\r\n", "\n").replace("\n", BREAK)


_FORMULA = frozenset({"math", "mrow", "mstyle", "mn", "mtext", "mo", "mi", "semantics"})


def _read_drawing(node: Any) -> str | None:
    """The text of a drawing with one text and nothing else, or of a formula that is only a row; None for any other."""
    texts = 0
    for inner in node.traverse():
        if inner.tag in ("svg", "math", "g", "title", "desc", "defs", "style", "annotation"):
            continue
        if node.tag == "math" and inner.tag in _FORMULA:
            continue
        if (
            inner.tag not in ("text", "tspan")
            or node.tag == "math"
            or {"transform", "style", "class"} & set(inner.attributes)
        ):
            return None
        texts += inner.tag == "text"
    if node.tag == "math":
        return None if node.css_first("annotation, style") else (node.text() or "").strip()
    return (
        (node.css_first("text").text() or "").strip()
        if texts == 1 and not node.css("tspan, title, desc, style, defs")
        else None
    )


def is_spacer(image: Any) -> bool:
    """Whether a picture only keeps a distance: it has a size of a pixel or two."""
    sizes = [(image.attributes.get(name) or "").strip().removesuffix("px") for name in ("width", "height")]
    return any(size in ("0", "1", "2") for size in sizes)
