"""The name that a server or a title gives a document → a name that is safe on any disk."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote_to_bytes

#: Bytes of a name in UTF-8; with hash and ending it stays below the 255 of common file systems.
LONGEST = 150
_FILENAME = re.compile(r"""filename\s*=\s*("(?:\\.|[^"\\])*"|[^;]+)""", re.IGNORECASE)
_EXTENDED = re.compile(r"filename\*\s*=\s*([\w-]*)'[^']*'([^;\s]+)", re.IGNORECASE)


def disposition_name(header: str) -> str:
    """The file name in a Content-Disposition, without unsafe characters; "" where there is none.

    Servers send it percent-encoded, in UTF-8 or in GBK; what comes as Latin-1 is turned back. It is
    kept as text for people: no folder, no control characters; it never becomes a path.

    >>> disposition_name('attachment; filename="../../etc/2023%E5%B9%B4.docx"')
    '2023年.docx'
    """
    extended = _EXTENDED.search(header)
    plain = _FILENAME.search(header)
    if extended is not None:
        raw = unquote_to_bytes(extended[2])
    elif plain is not None:
        text = plain[1].strip()
        text = re.sub(r"\\(.)", r"\1", text[1:-1]) if text.startswith('"') and len(text) > 1 else text
        raw = unquote_to_bytes(text.encode("latin-1", "replace") if text.isascii() or _latin(text) else text)
    else:
        return ""
    for charset in ("utf-8", "gb18030"):
        try:
            return strip_unsafe(raw.decode(charset))
        except UnicodeDecodeError:
            continue
    return strip_unsafe(raw.decode("utf-8", "replace"))


def _latin(text: str) -> bool:
    return all(ord(sign) < 256 for sign in text)


def strip_unsafe(text: str) -> str:
    """A text without folders and control characters.

    >>> strip_unsafe("..\\\\a/..")
    ''
    """
    last = re.split(r"[/\\]", text)[-1]
    kept = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    return kept.strip(" .")[:200]


def slug(title: str) -> str:
    """The part of a title that makes a file name readable: letters, digits, "-"; "document" where none is left.

    >>> slug("临江市 2023年/年报（公开）")
    '临江市-2023年-年报-公开'
    """
    folded = unicodedata.normalize("NFKC", title)
    text = re.sub(r"[^\w]+", "-", folded, flags=re.UNICODE).strip("-_")
    while len(text.encode("utf-8")) > LONGEST:
        text = text[:-1]
    return text.strip("-_") or "document"
