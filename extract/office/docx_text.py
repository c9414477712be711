"""A paragraph of WordprocessingML → its text, as Word shows it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gongkai import record
from gongkai.extract.left_out import LeftOut
from gongkai.extract.office.docx_field import OpenField, show_without_text
from gongkai.extract.office.docx_graphic import find_text_boxes, is_hidden_graphic, name_graphic
from gongkai.extract.office.docx_numbering import ListCounter, W
from gongkai.extract.office.docx_style import HIDDEN, DocxStyles, RunLook
from gongkai.extract.office.shown_color import WHITE
from gongkai.extract.office.symbol_font import translate_symbols
from gongkai.extract.office.zip_package import Package
from gongkai.extract.page.superscript import join_levels
from gongkai.extract.turned_signs import mark_turned_signs
from gongkai.model import UNREAD, Block, Finding, Limits, Place, Source, drop_unread, mark_unread

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
P, T, R, TBL, TR, TC = W + "p", W + "t", W + "r", W + "tbl", W + "tr", W + "tc"
SDT, CONTENT, TXBX = W + "sdt", W + "sdtContent", W + "txbxContent"
ALTERNATE = MC + "AlternateContent"
#: Elements that only wrap other elements.
WRAPS = frozenset({W + t for t in ("ins", "moveTo", "customXml", "smartTag")})
#: Elements that print a character of their own.
BREAKS = {W + "br": "\n", W + "cr": "\n", W + "tab": "\t", W + "ptab": "\t"}
_PRINTED = {**BREAKS, W + "noBreakHyphen": "-"}
_GRAPHICS = frozenset({W + "drawing", W + "pict", W + "object"})
_EQUATIONS = frozenset({M + "oMath", M + "oMathPara"})
#: Elements of a run that show something which is not in the file.
_COMPUTED = {
    **{
        W + t: "field"
        for t in ("pgNum", "dayLong", "dayShort", "monthLong", "monthShort", "yearLong", "yearShort")
    },
    W + "contentPart": "ink",
}
#: Elements that a reader of the page does not see: deleted and moved text, field codes, properties,
#: the second copy of a text box.
_UNSEEN = frozenset(
    {
        W + t
        for t in ("del", "moveFrom", "delText", "delInstrText", "pPr", "rPr", "sdtPr", "rt", "txbxContent")
    }
    | {MC + "Fallback", W + "footnoteReference", W + "endnoteReference", W + "commentReference"}
)
#: What an equation holds that is no more than a line of text.
_LINEAR = frozenset({M + t for t in ("oMath", "oMathPara", "oMathParaPr", "r", "t", "rPr", "ctrlPr")})


@dataclass(slots=True)
class DocxBody:
    """What is collected while the body of a document is walked.

    `chunks` are the parts that Word inserts (w:altChunk), by the id of their relation.
    """

    source: Source
    package: Package
    chunks: Mapping[str, str]
    #: What a content control shows that is bound to a part of data; None where it is bound to none in the file.
    bound_text: Callable[[Any], str | None]
    limits: Limits
    counter: ListCounter
    #: The paragraphs and boxes in which something hides text or prints it twice: any other is all of its text. None: any may.
    odd: frozenset[Any] | None
    titles: Mapping[str, str]
    styles: DocxStyles
    blocks: list[Block] = field(default_factory=list)
    pictures: int = 0
    #: LibreOffice wrote the file: it computes formulas anew.
    converted: bool = False
    left_out: LeftOut = field(default_factory=LeftOut)
    findings: list[Finding] = field(default_factory=list)

    def is_plain(self, element: Any) -> bool:
        """Whether a paragraph or a box is all of its text, as it stands."""
        return self.odd is not None and element not in self.odd


@record.dataclass(frozen=True, slots=True)
class Ground:
    """What stands under a paragraph: the place of its box and the style of its table, and the colour behind its text,
    one of `grounds`; nothing is known of it where there are none.

    `marks` says that what is seen and not read leaves a mark, as it does in a box of a table; `floats` that the
    table stands beside the text.
    """

    grounds: tuple[str, ...] = (WHITE,)
    table: str = ""
    place: Place | None = None
    marks: bool = False
    floats: bool = False


_PAGE = Ground()
#: Says of a content control that it shows the words which ask for an entry.
_PLACEHOLDER = "showingPlcHdr"


def value_of(properties: Any | None, tag: str) -> str:
    """The value of a property, "" where it is missing."""
    item = None if properties is None else properties.find(W + tag)
    return "" if item is None else str(item.get(W + "val") or "")


def alternative_of(element: Any) -> Any | None:
    """What is shown of several ways to write the same: the first choice, else the fallback."""
    choice = next((c for c in element.iterchildren(MC + "Choice") if _is_understood(c)), None)
    return element.find(MC + "Fallback") if choice is None else choice


def _is_understood(choice: Any) -> bool:
    """Whether Word knows all that a choice requires: prefixes of Microsoft's or the standard's names."""
    required = (choice.get("Requires") or "").split()
    return all(name not in choice.nsmap or _KNOWN.match(choice.nsmap[name]) for name in required)


_KNOWN = re.compile(
    r"""
      http:// (?: schemas\.(?:microsoft\.com|openxmlformats\.org) | purl\.oclc\.org ) /
    | urn:schemas-microsoft-com:
    """,
    re.VERBOSE,
)


def read_text(p: Any, body: DocxBody, ground: Ground = _PAGE) -> tuple[str, list[Any]]:
    """A paragraph's text and the text boxes anchored in it; its pictures are counted."""
    if body.is_plain(p):
        items = (item for item in p.iter(T, *BREAKS) if item.getparent().tag != W + "tabs")
        text = "".join([item.text or "" if item.tag == T else BREAKS[item.tag] for item in items])
        return (translate_symbols(text, None) if ground.marks else text), []
    properties = p.find(W + "pPr")
    style = value_of(properties, "pStyle")
    look = body.styles.look_of_paragraph(properties, style)
    if look.unseen:
        body.left_out.add(look.unseen, "".join(t.text or "" for t in p.iter(T)), ground.place)
        return "", []
    reader = _ParagraphReader(body, ground, style)
    reader.read_children(p)
    reader.close_fields()
    text = join_levels(reader.pieces)
    if ground.marks and text.strip() and _is_placeholder(p):
        return mark_unread("text to be replaced"), reader.boxes
    if ground.marks and any(c.isdigit() for c in text):
        text += _mark_doubts(properties, text, look, ground)
    return text, reader.boxes


def _mark_doubts(properties: Any | None, text: str, look: RunLook, ground: Ground) -> str:
    """Marks of what makes the figures in a paragraph of a box doubtful."""
    frame = None if properties is None else properties.find(W + "framePr")
    doubts = [look.doubt]
    if frame is not None and not ground.floats and (frame.get(W + "w") or frame.get(W + "dropCap")):
        doubts.append("text in a frame")
    turned = mark_turned_signs(text) if value_of_switch(properties, "bidi") else ""
    return "".join(mark_unread(doubt) for doubt in doubts if doubt) + turned


def _is_placeholder(p: Any) -> bool:
    """Whether a paragraph stands in a content control that nobody has filled in."""
    return any(value_of_switch(control.find(W + "sdtPr"), _PLACEHOLDER) for control in p.iterancestors(SDT))


def value_of_switch(properties: Any | None, tag: str) -> bool:
    """Whether a property that is on or off is on."""
    item = None if properties is None else properties.find(W + tag)
    return item is not None and (item.get(W + "val") or "1").lower() not in ("0", "false", "off", "none")


@dataclass(slots=True)
class _ParagraphReader:
    """A paragraph while it is read: the pieces of its text, each raised (1), lowered (-1) or neither."""

    body: DocxBody
    ground: Ground
    style: str
    pieces: list[tuple[str, int]] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    fields: list[OpenField] = field(default_factory=list)

    def read_children(self, parent: Any) -> None:
        """The text of what stands in a paragraph, whatever wraps it."""
        for child in parent.iterchildren():
            tag = child.tag
            if tag == R:
                self._read_run(child)
            elif tag in _EQUATIONS:
                self._read_equation(child)
            elif tag == W + "fldSimple":
                opened = self._open(child)
                opened.code.append(child.get(W + "instr") or "")
                self.read_children(child)
                self._close(opened)
            elif tag == W + "bdo" and (child.get(W + "val") or "") == "rtl":
                self._mark("text from right to left")
            elif tag == ALTERNATE:
                chosen = alternative_of(child)
                if chosen is not None:
                    self.read_children(chosen)
            elif tag == SDT:
                self._read_control(child)
            elif tag == W + "subDoc":
                self._mark("inserted document")
            elif tag not in _UNSEEN and tag != P:
                self.read_children(child)

    def _read_control(self, control: Any) -> None:
        """A content control: its text, with a mark where nobody has filled it in or Word shows another value."""
        begin = len(self.pieces)
        properties = control.find(W + "sdtPr")
        self.read_children(control)
        text = "".join(text for text, _ in self.pieces[begin:])
        if properties is None:
            return
        if value_of_switch(properties, _PLACEHOLDER) and text.strip() and self.ground.marks:
            del self.pieces[begin:]
            self._mark("text to be replaced")
            return
        bound = self.body.bound_text(properties)
        if bound is not None and bound.strip() != text.strip():
            self._mark("content control with another value")

    def close_fields(self) -> None:
        """What a paragraph does not show: a field whose end is not in it hides what stands behind its code."""
        if any(opened.in_code for opened in self.fields):
            self.fields.clear()
            self._mark("field")

    def _read_run(self, run: Any) -> None:
        look = self.body.styles.look(run.find(W + "rPr"), self.style, self.ground.table, self.ground.grounds)
        if look.unseen:
            self.body.left_out.add(
                look.unseen, "".join(t.text or "" for t in run.iter(T)) or " ", self.ground.place
            )
            self._read_beside_unseen(run, look.unseen)
            return
        if look.doubt and any(c.isdigit() for t in run.iterchildren(T) for c in t.text or ""):
            self._mark(look.doubt)
        has_mark = any(
            note.get(W + "customMarkFollows") in ("1", "true", "on")
            for note in run.iterchildren(W + "footnoteReference", W + "endnoteReference")
        )
        self._read_run_content(run, 1 if has_mark else look.level, look.font)

    def _read_beside_unseen(self, run: Any, why: str) -> None:
        """What of a run counts although its text is not seen: where a field begins and ends, and a picture."""
        for item in run.iterchildren(W + "fldChar", W + "instrText", *_GRAPHICS):
            if item.tag not in _GRAPHICS:
                self._read_field(item)
            elif why != HIDDEN:
                self._read_graphic(item)

    def _read_run_content(self, run: Any, level: int, font: str | None) -> None:
        for child in run.iterchildren():
            tag = child.tag
            if tag == T:
                self._add(self._translate(child.text or "", font), level)
            elif tag in _PRINTED:
                self._add(_PRINTED[tag], level)
            elif tag == W + "sym":
                self._add(self._translate(_symbol(child), child.get(W + "font") or font), level)
            elif tag in (W + "fldChar", W + "instrText"):
                self._read_field(child)
            elif tag == W + "ruby":
                for base in child.iterchildren(W + "rubyBase"):
                    self.read_children(base)
            elif tag in _GRAPHICS:
                self._read_graphic(child)
            elif tag == TXBX:
                self.boxes.append(child)
            elif tag in _COMPUTED:
                self._mark(_COMPUTED[tag])
            elif tag == ALTERNATE:
                chosen = alternative_of(child)
                if chosen is not None:
                    self._read_run_content(chosen, level, font)
            elif tag in _EQUATIONS:
                self._read_equation(child)

    def _translate(self, text: str, font: str | None) -> str:
        """What text prints in its font. Outside of tables a symbol is an ornament and left out."""
        if self.ground.marks:
            return translate_symbols(text, font)
        return text if font is None else drop_unread(translate_symbols(text, font))

    def _add(self, text: str, level: int = 0) -> None:
        if not any(opened.in_code for opened in self.fields):
            self.pieces.append((text, level))

    def _mark(self, what: str) -> None:
        if self.ground.marks:
            self._add(mark_unread(what))

    def _read_field(self, item: Any) -> None:
        """The beginning, middle or end of a field, or a piece of its code."""
        if item.tag == W + "instrText":
            if self.fields:
                self.fields[-1].code.append(item.text or "")
            return
        kind = item.get(W + "fldCharType")
        if kind == "begin":
            self.fields.append(self._open(item))
        elif kind == "separate" and self.fields:
            self.fields[-1].in_code = False
        elif kind == "end" and self.fields:
            self._close(self.fields.pop())

    def _open(self, item: Any) -> OpenField:
        is_dirty = (item.get(W + "dirty") or "").lower() in ("1", "true", "on")
        return OpenField(len(self.pieces), item.find(W + "ffData"), is_dirty=is_dirty)

    def _close(self, opened: OpenField) -> None:
        if opened.is_unseen:
            del self.pieces[opened.begin :]
        text = "".join(text for text, _ in self.pieces[opened.begin :])
        shown = show_without_text(opened, text, self.body.converted)
        if self.ground.marks or UNREAD not in shown:
            self._add(shown)

    def _read_equation(self, equation: Any) -> None:
        """An equation that is only a line of text, as that; anything else is drawn and not read."""
        for run in equation.iter(M + "r"):
            look = self.body.styles.look(
                run.find(W + "rPr"), self.style, self.ground.table, self.ground.grounds
            )
            if look.unseen:
                self._mark("equation")
                return
        if all(item.tag in _LINEAR or _is_property(item) for item in equation.iter()):
            self._add("".join(t.text or "" for t in equation.iter(M + "t")))
        else:
            self._mark("equation")

    def _read_graphic(self, graphic: Any) -> None:
        if is_hidden_graphic(graphic):
            self.body.left_out.add("hidden", place=self.ground.place)
            return
        boxes = find_text_boxes(graphic)
        self.boxes += boxes
        name, pictures = name_graphic(graphic)
        self.body.pictures += pictures
        if name:
            self._mark(name)


def _symbol(element: Any) -> str:
    """The character of a w:sym; a private one, which is marked, where the file does not say which."""
    code = element.get(W + "char") or ""
    try:
        number = int(code, 16) if len(code) <= 6 else -1
    except ValueError:
        number = -1
    return chr(number) if 32 <= number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ue000"


def _is_property(item: Any) -> bool:
    """Whether an element in an equation only says how something looks."""
    parent = item.getparent()
    while parent is not None and parent.tag not in _EQUATIONS:
        if parent.tag in (M + "rPr", M + "ctrlPr", M + "oMathParaPr", W + "rPr"):
            return True
        parent = parent.getparent()
    return bool(item.tag == W + "rPr")


def find_blocks(parent: Any, *tags: str) -> Iterator[Any]:
    """The elements of these tags in another, in order, whatever wraps them."""
    for child in parent.iterchildren():
        if child.tag in tags:
            yield child
        elif child.tag == SDT:
            content = child.find(CONTENT)
            if content is not None:
                yield from find_blocks(content, *tags)
        elif child.tag in WRAPS:
            yield from find_blocks(child, *tags)
        elif child.tag == ALTERNATE:
            chosen = alternative_of(child)
            if chosen is not None:
                yield from find_blocks(chosen, *tags)
