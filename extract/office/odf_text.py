"""A paragraph of OpenDocument → its text, as it is seen, and the frames anchored in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gongkai.extract.left_out import LeftOut
from gongkai.extract.office.docx_field import UNSEEN_FIELDS
from gongkai.extract.office.docx_numbering import read_integer
from gongkai.extract.office.odf_style import (
    OdfStyles,
    Properties,
    find_doubt,
    find_misplaced,
    find_unseen,
    ground_of,
    level_of,
    symbol_font_of,
)
from gongkai.extract.office.shown_color import WHITE
from gongkai.extract.office.symbol_font import translate_symbols
from gongkai.extract.page.superscript import join_levels
from gongkai.extract.turned_signs import mark_turned_signs
from gongkai.model import Place, drop_unread, mark_unread

_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
OFFICE, TEXT, TABLE = (f"{{{_ODF}{name}:1.0}}" for name in ("office", "text", "table"))
DRAW = f"{{{_ODF}drawing:1.0}}"
FRAME = DRAW + "frame"
#: Elements that a reader of the page does not see, or sees outside the text.
_UNSEEN = frozenset(
    {TEXT + t for t in ("note", "tracked-changes", "ruby-text", "sequence-decls", "variable-decls")}
    | {OFFICE + "annotation", OFFICE + "annotation-end", OFFICE + "forms"}
)
#: Shapes; their text stands where they are drawn.
_SHAPES = frozenset(DRAW + t for t in ("custom-shape", "g", "rect", "ellipse", "circle", "polygon", "path"))
_LINES = frozenset(
    DRAW + t for t in ("line", "polyline", "connector", "measure", "regular-polygon", "caption")
)
#: Elements without text that show nothing: places to refer to, ends of changes, fields to fill in. All others are fields
#: that a program computes, and what one without text shows is not known.
_SILENT = frozenset(
    TEXT + t
    for t in [
        "span",
        "a",
        "meta",
        "ruby",
        "ruby-base",
        "text-input",
        "soft-page-break",
        "hidden-text",
        "hidden-paragraph",
        "number",
        "label",
        "bookmark",
        "bookmark-start",
        "bookmark-end",
        "reference-mark",
        "reference-mark-start",
        "reference-mark-end",
        "change",
        "change-start",
        "change-end",
        *(
            f"{index}-mark{end}"
            for index in ("toc", "user-index", "alphabetical-index")
            for end in ("", "-start", "-end")
        ),
    ]
)
#: Fields of Word in a document of LibreOffice, and fields that are computed whenever a page is laid out.
_FIELD = "{urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0}"
_LAID_OUT = frozenset(
    TEXT + t for t in ("page-number", "page-count", "date", "time", "file-name", "page-continuation")
)
#: More blanks than this in one element are made to harm.
_MOST_BLANKS = 200


@dataclass(frozen=True, slots=True)
class OdfGround:
    """What stands under a paragraph: the colour and the place of its box; `marks` as in a box of a table."""

    color: str | None = WHITE
    place: Place | None = None
    marks: bool = False


PAGE = OdfGround()


def read_odf_text(
    p: Any, styles: OdfStyles, left_out: LeftOut, ground: OdfGround = PAGE
) -> tuple[str, list[Any]]:
    """A paragraph's text and the frames anchored in it; nothing of one that is hidden by a field in it."""
    if any(item.get(TEXT + "is-hidden") == "true" for item in p.iter(TEXT + "hidden-paragraph")):
        left_out.add("hidden", "".join(p.itertext()), ground.place)
        return "", []
    own = styles.of("paragraph", p.get(TEXT + "style-name"))
    unseen, doubt = find_misplaced(own)
    if unseen:
        left_out.add(unseen, "".join(p.itertext()), ground.place)
        return "", []
    painted = {k: v for k, v in own.items() if not k.startswith("text-properties:")}
    reader = _OdfReader(styles, left_out, ground, ground_of(painted) or ground.color)
    reader.read(p, own)
    text = join_levels(reader.pieces)
    if ground.marks and any(c.isdigit() for c in text):
        turned = mark_turned_signs(text) if own.get("writing-mode", "").startswith("rl") else ""
        text += (mark_unread(doubt) if doubt else "") + turned
    return text, reader.frames


@dataclass(slots=True)
class _OdfReader:
    """A paragraph while it is read."""

    styles: OdfStyles
    left_out: LeftOut
    ground: OdfGround
    color: str | None
    pieces: list[tuple[str, int]] = field(default_factory=list)
    frames: list[Any] = field(default_factory=list)
    opened: list[tuple[int, Any]] = field(default_factory=list)

    def read(self, element: Any, look: Properties) -> None:
        """The text in an element; `look` is what the styles say that it stands in, the innermost before all others."""
        self._add(element.text, look)
        for child in element.iterchildren():
            tag = child.tag
            if tag == FRAME:
                self.frames.append(child)
                self._mark(_name_frame(child))
            elif tag == TEXT + "s":
                # of a damaged count nobody knows how wide it is: figures beside it are two numbers
                blanks = 1 if child.get(TEXT + "c") is None else read_integer(child.get(TEXT + "c"), 2)
                self.pieces.append((" " * max(0, min(blanks, _MOST_BLANKS)), 0))
            elif tag == TEXT + "tab":
                self.pieces.append(("\t", 0))
            elif tag == TEXT + "line-break":
                self.pieces.append(("\n", 0))
            elif tag == DRAW + "control":
                self._mark("form field")
            elif tag in _SHAPES or tag in _LINES:
                self._mark(name_shape(child, self.styles))
            elif tag.startswith(_FIELD):
                self._read_field_mark(child, tag.removeprefix(_FIELD))
            elif tag in _LAID_OUT and child.get(TEXT + "fixed") != "true":
                self._mark("field")  # of the pages and the day of whoever opens the file
            elif tag == TEXT + "placeholder":
                self._mark("text to be replaced")
            elif is_switched_off(child):
                self.left_out.add("hidden", "".join(child.itertext()), self.ground.place)
            elif (
                tag.startswith(TEXT)
                and tag not in _SILENT | _UNSEEN
                and not "".join(child.itertext()).strip()
            ):
                self._mark("field without a result")
            elif tag not in _UNSEEN:
                style = self.styles.of("text", child.get(TEXT + "style-name"))
                self.read(child, {**look, **style} if style else look)
            self._add(child.tail, look)

    def _read_field_mark(self, mark: Any, kind: str) -> None:
        """A field of Word as LibreOffice keeps it: a mark where it begins, its result, and one where it ends."""
        if kind == "fieldmark":
            self._mark("form field")
        elif kind == "fieldmark-start":
            self.opened.append((len(self.pieces), mark))
        elif kind == "fieldmark-end" and self.opened:
            begin, start = self.opened.pop()
            params = {p.get(_FIELD + "name") or "": p.get(_FIELD + "value") or "" for p in start}
            code = next((v for k, v in params.items() if k.endswith(".code")), "").split()
            name = code[0].upper() if code else ""
            if name in UNSEEN_FIELDS:
                del self.pieces[begin:]
            elif not "".join(text for text, _ in self.pieces[begin:]).strip():
                is_blank = not params.get("Content") and (start.get(_FIELD + "type") or "").endswith(
                    "FORMTEXT"
                )
                self._mark("" if is_blank or name == "HYPERLINK" else "field without a result")

    def _add(self, text: str | None, look: Properties) -> None:
        if not text:
            return
        words = _fold_spaces(text)
        unseen = find_unseen(look, self.color)
        if unseen:
            self.left_out.add(unseen, words, self.ground.place)
            return
        doubt = find_doubt(look) if any(c.isdigit() for c in words) else ""
        if doubt:
            self._mark(doubt)
        font = symbol_font_of(look)
        if self.ground.marks:
            words = translate_symbols(words, font)
        elif font is not None:
            words = drop_unread(translate_symbols(words, font))
        self.pieces.append((words, level_of(look)))

    def _mark(self, what: str) -> None:
        if what and self.ground.marks:
            self.pieces.append((mark_unread(what), 0))


def is_switched_off(element: Any) -> bool:
    """Whether a field or a section is not shown."""
    return bool(element.get(TEXT + "display") == "none" or element.get(TEXT + "is-hidden") == "true")


def name_shape(shape: Any, styles: OdfStyles) -> str:
    """What a shape does to the text under it: its own text and a line stand over it, a fill covers it; "" for a frame."""
    if "".join(shape.itertext()).strip():
        return "drawing"
    if any(item.tag in _LINES for item in shape.iter()):
        return "line"
    look = styles.of("graphic", shape.get(DRAW + "style-name"))
    return "" if look.get("fill") == "none" else "shape"


def _name_frame(frame: Any) -> str:
    """What a frame shows that is no text: an object before the picture that stands for it."""
    if frame.find(DRAW + "text-box") is not None:
        return ""
    kinds = {item.tag for item in frame.iterchildren()}
    if kinds & {DRAW + "object", DRAW + "object-ole", DRAW + "applet", DRAW + "plugin"}:
        return "object"
    return "picture" if DRAW + "image" in kinds else ""


def _fold_spaces(text: str) -> str:
    """Text with its white space folded, as ODF defines it."""
    words = text.replace("\n", " ").replace("\t", " ")
    while "  " in words:
        words = words.replace("  ", " ")
    return words
