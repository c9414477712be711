"""A paragraph of WordprocessingML → its text, as Word shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gongkai.extract.office.docx_numbering import ListCounter, W
from gongkai.extract.page.superscript import SUPERSCRIPT
from gongkai.model import Block, Limits

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
P, T, R, TBL, TR, TC = W + "p", W + "t", W + "r", W + "tbl", W + "tr", W + "tc"
SDT, CONTENT, TXBX = W + "sdt", W + "sdtContent", W + "txbxContent"
#: Elements that only wrap other elements.
WRAPS = frozenset({W + t for t in ("ins", "moveTo", "customXml", "smartTag")})
#: Elements that print a character of their own.
BREAKS = {W + "br": "\n", W + "cr": "\n", W + "tab": "\t", W + "ptab": "\t"}
_PRINTED = {**BREAKS, W + "noBreakHyphen": "-"}
_CHARACTERS = frozenset({*_PRINTED, W + "sym"})
#: Elements that a reader of the page does not see: deleted and moved text, field codes, properties,
#: the second copy of a text box.
_UNSEEN = frozenset(
    {W + t for t in ("del", "moveFrom", "delText", "instrText", "delInstrText", "pPr", "rPr", "txbxContent")}
    | {MC + "Fallback", W + "footnoteReference", W + "endnoteReference", W + "commentReference", W + "ruby"}
)
_PICTURES = ("}blip", "}imagedata")


@dataclass(slots=True)
class DocxBody:
    """What is collected while the body of a document is walked."""

    limits: Limits
    counter: ListCounter
    #: Nothing in the file hides text or prints it twice, so that a box is all of its text.
    plain: bool
    titles: dict[str, str]
    blocks: list[Block] = field(default_factory=list)
    pictures: int = 0


def value_of(properties: Any | None, tag: str) -> str:
    """The value of a property, "" where it is missing."""
    item = None if properties is None else properties.find(W + tag)
    return "" if item is None else str(item.get(W + "val") or "")


def read_text(p: Any, plain: bool = False) -> tuple[str, list[Any], int]:
    """A paragraph's text, the text boxes anchored in it, and how many pictures it holds.

    In a `plain` document no run is hidden.
    """
    parts: list[str] = []
    boxes: list[Any] = []
    pictures = 0
    stack = [iter(p)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
            continue
        tag = child.tag
        if tag == T:
            parts.append(child.text or "")
        elif tag == TXBX:
            boxes.append(child)
        elif _is_unseen(child, plain):
            continue
        elif tag in _CHARACTERS:
            parts.append(_character(child))
        elif tag.endswith(_PICTURES):
            pictures += 1
        elif tag == R and _is_raised(child) and any(part.strip() for part in parts):
            parts += [(t.text or "").translate(SUPERSCRIPT) for t in child.iter(T)]
        elif tag != P or child is p:
            stack.append(iter(child))
    return "".join(parts), boxes, pictures


def _is_unseen(element: Any, plain: bool) -> bool:
    """Whether a reader of the page does not see an element; comments are elements without a name."""
    tag = element.tag
    return tag in _UNSEEN or not isinstance(tag, str) or (tag == R and not plain and _is_hidden(element))


def _character(element: Any) -> str:
    """The character that an element prints; those of a symbol font's private area have no meaning."""
    if element.tag in _PRINTED:
        return _PRINTED[element.tag]
    code = int(element.get(W + "char") or "0", 16)
    return "" if 0xE000 <= code < 0xF900 or code < 32 else chr(code)


def _is_hidden(run: Any) -> bool:
    properties = run.find(W + "rPr")
    vanish = None if properties is None else properties.find(W + "vanish")
    return vanish is not None and (vanish.get(W + "val") or "1") not in ("0", "false", "off")


def _is_raised(run: Any) -> bool:
    return value_of(run.find(W + "rPr"), "vertAlign") == "superscript"
