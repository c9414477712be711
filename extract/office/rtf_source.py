"""The bytes of an RTF file → the same with marks for what LibreOffice loses when it converts it."""

from __future__ import annotations

import re

#: Wide blanks, which LibreOffice drops: figures on both sides would be one number. U+2003 is one of them.
_WIDE = re.compile(rb"\\(?:em|en|qm)space(?![a-zA-Z]) ?")
_WIDE_CHARACTER = rb"\\u8195?"
#: A field's code, and the word that it begins with behind groups and control words.
_CODE = re.compile(rb"\\fldinst(?![a-zA-Z])")
_KIND = re.compile(rb"(?:[{}\s]|\\[a-zA-Z]{1,32}-?\d{0,10} ?){0,20}([A-Za-z]{2,20})")
#: Fields that show something which LibreOffice leaves out.
_LOST = frozenset([b"EQ", b"ADVANCE", b"LISTNUM", b"AUTONUM", b"AUTONUMLGL", b"AUTONUMOUT", b"MACROBUTTON", b"GOTOBUTTON"])  # fmt: skip
#: The one equation of which LibreOffice keeps something, as a question: figures over each other.
_KEPT = re.compile(rb"[\s{}]*EQ\s*\\\\o", re.IGNORECASE)
_FIELD = b"{\\field"
#: So many bytes of a field are looked at for its kind.
_LOOK = 400
#: A private character, which is marked as unread in a box of a table (U+E9FF).
_MARK = b"\\u-5633?"


def mark_lost(data: bytes) -> bytes:
    """An RTF file in which a private character stands before every field that would be lost.

    >>> mark_lost(b"{\\\\field{\\\\*\\\\fldinst EQ x}}")[:9]
    b'\\\\u-5633?{'
    """
    data = _WIDE.sub(_WIDE_CHARACTER, data)
    parts: list[bytes] = []
    at = 0
    for code in _CODE.finditer(data):
        kind = _KIND.match(data[code.end() : code.end() + _LOOK])
        start = data.rfind(_FIELD, at, code.start())
        is_lost = kind is not None and kind[1].upper() in _LOST
        if is_lost and start >= 0 and _KEPT.match(data[code.end() : code.end() + _LOOK]) is None:
            parts += [data[at:start], _MARK]
            at = start
    return b"".join((*parts, data[at:]))
