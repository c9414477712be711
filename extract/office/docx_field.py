"""Word's fields and form fields → what they show where the file holds no text for it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from gongkai.extract.office.docx_numbering import W, read_integer
from gongkai.model import mark_unread

#: Fields that print what their code says: the file holds no text of it.
_DRAWN = {
    "EQ": "equation field",
    "SYMBOL": "symbol field",
    "MACROBUTTON": "button",
    "GOTOBUTTON": "button",
    "ADVANCE": "moved text",
}
#: Fields that only say something to Word: entries of an index, a document behind this one, a value for later.
UNSEEN_FIELDS = frozenset(["XE", "TC", "TA", "RD", "PRIVATE", "SET", "ASK", "NEXT", "NEXTIF", "SKIPIF"])
#: Fields that show nothing where they hold no text.
_EMPTY = frozenset(["", "HYPERLINK", "FORMTEXT", "FORMDROPDOWN", "TOC", "INDEX", "BIDIOUTLINE", "ADDIN"])

#: Fields that LibreOffice computes when it converts a document: of its pages and its day, not of those of the file.
_COMPUTED_ANEW = frozenset(["=", "PAGE", "NUMPAGES", "SECTIONPAGES", "DATE", "TIME", "FILENAME", "NUMWORDS"])

#: LibreOffice writes an equation field of RTF as a question without words, whose answer is a piece of the equation.
_ASKS_NOTHING = re.compile(r'\s*FILLIN\s+""\s*')


@dataclass(slots=True)
class OpenField:
    """A field while its paragraph is read. `begin` is how many pieces of text stood before it."""

    begin: int
    data: Any | None = None
    code: list[str] = field(default_factory=list)
    in_code: bool = True
    #: Word computes it anew when it opens the file.
    is_dirty: bool = False

    @property
    def kind(self) -> str:
        """The name of the field, in capitals."""
        words = "".join(self.code).replace("=", "= ", 1).split()
        return words[0].upper() if words else ""

    @property
    def is_unseen(self) -> bool:
        """Whether the field shows nothing, whatever result stands in the file."""
        return self.kind in UNSEEN_FIELDS or (self.kind == "SEQ" and "\\h" in "".join(self.code).split())


def show_without_text(opened: OpenField, shown: str, converted: bool) -> str:
    """What a field shows beside the text that the file holds of it, `shown`: a choice, or a mark of what is not read.

    A document that LibreOffice `converted` has the result that LibreOffice computes, not the one on the page.
    """
    if opened.data is not None and opened.data.find(W + "ddList") is not None:
        return _show_choice(opened.data.find(W + "ddList"), shown)
    if opened.data is not None and opened.data.find(W + "checkBox") is not None:
        return mark_unread("check box")
    kind = opened.kind
    if kind == "FORMTEXT" and opened.in_code and _has_default(opened.data):
        return mark_unread("form field")
    if kind in _DRAWN:
        return mark_unread(_DRAWN[kind])
    if _ASKS_NOTHING.fullmatch("".join(opened.code)):
        return mark_unread("equation field")
    if converted and kind in _COMPUTED_ANEW:
        return mark_unread("formula" if kind == "=" else "field")
    if opened.is_dirty and kind not in _EMPTY:
        return mark_unread("field that is computed when the file is opened")
    if kind not in _EMPTY and not opened.is_unseen and not shown.strip():
        return mark_unread("formula without a result" if kind == "=" else "field without a result")
    return ""


def _has_default(data: Any | None) -> bool:
    """Whether a text field of a form begins with a text that the file does not repeat."""
    usual = None if data is None else data.find(f"{W}textInput/{W}default")
    return usual is not None and bool((usual.get(W + "val") or "").strip())


def _show_choice(listed: Any, shown: str) -> str:
    """The entry that is chosen in a list; a mark where the file shows another text than that."""
    entries = [entry.get(W + "val") or "" for entry in listed.iterchildren(W + "listEntry")]
    chosen = listed.find(W + "result")
    if chosen is None:
        chosen = listed.find(W + "default")
    at = 0 if chosen is None else read_integer(chosen.get(W + "val"), 0)
    if not 0 <= at < len(entries):
        return mark_unread("drop-down") if entries else ""
    if not shown.strip():
        return entries[at]
    return "" if shown.strip() == entries[at].strip() else mark_unread("drop-down")
