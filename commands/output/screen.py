"""Text of documents to a terminal, which takes some characters for orders."""

from __future__ import annotations

import re
import sys

#: C0 and C1 controls but line end and tab: a title may hold ESC, and a terminal would obey it
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def clean(text: str) -> str:
    """The text with U+FFFD for what a terminal would obey.

    >>> clean("a\\x1b[2Jb")
    'a\ufffd[2Jb'
    """
    return _CONTROL.sub("\ufffd", text)


def write(text: str) -> None:
    """Data to standard output."""
    sys.stdout.write(clean(text))
