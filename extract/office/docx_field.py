"""Word's fields and form fields → what they show where the file holds no text for it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from gongkai.extract.office.docx_numbering import W, read_integer
from gongkai.model import mark_unread

#: Fields that print what their code says: the file holds no text of it.
_DRAWN = {"EQ": "equation field", "SYMBOL": "symbol field", "MACROBUTTON": "button", "GOTOBUTTON": "button"}
#: Fields that Word computes; without a result in the file nobody knows what it shows.
_COMPUTED = frozenset(
    [
        "=",
        "REF",
        "MERGEFIELD",
        "SEQ",
        "DOCPROPERTY",
        "DOCVARIABLE",
        "QUOTE",
        "IF",
        "AUTONUM",
        "AUTONUMLGL",
        "AUTONUMOUT",
        "LISTNUM",
        "COMPARE",
        "FILLIN",
        "INCLUDETEXT",
        "INCLUDEPICTURE",
        "LINK",
        "DDE",
        "DDEAUTO",
        "EMBED",
        "FORMULA",
        "DATABASE",
        "NUMPAGES",
        "NUMWORDS",
    ]
)

#: LibreOffice writes an equation field of RTF as a question without words, whose answer is a piece of the equation.
_ASKS_NOTHING = re.compile(r'\s*FILLIN\s+""\s*')


@dataclass(slots=True)
class OpenField:
    """A field while its paragraph is read. `begin` is how many pieces of text stood before it."""

    begin: int
    data: Any | None = None
    code: list[str] = field(default_factory=list)
    in_code: bool = True

    @property
    def kind(self) -> str:
        """The name of the field, in capitals."""
        words = "".join(self.code).replace("=", "= ", 1).split()
        return words[0].upper() if words else ""


def show_without_text(opened: OpenField, shown: str, converted: bool) -> str:
    """What a field shows beside the text that the file holds of it, `shown`: a choice, or a mark of what is not read.

    A document that LibreOffice `converted` has the result that LibreOffice computes, not the one on the page.
    """
    if opened.data is not None and opened.data.find(W + "ddList") is not None:
        return _show_choice(opened.data.find(W + "ddList"), shown)
    if opened.data is not None and opened.data.find(W + "checkBox") is not None:
        return mark_unread("check box")
    kind = opened.kind
    if kind in _DRAWN:
        return mark_unread(_DRAWN[kind])
    if _ASKS_NOTHING.fullmatch("".join(opened.code)):
        return mark_unread("equation field")
    if kind == "=" and converted:
        return mark_unread("formula")
    if kind in _COMPUTED and not shown.strip():
        return mark_unread("formula without a result" if kind == "=" else "field without a result")
    return ""


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
