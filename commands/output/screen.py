"""Text of documents → a terminal, without the control characters that it would obey."""

from __future__ import annotations

import re
import sys

#: Control characters (C0 and C1) except line feed and tab. A title may contain ESC sequences.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def clean(text: str) -> str:
    """The text with U+FFFD in place of control characters.

    >>> clean("a\\x1b[2Jb")
    'a\ufffd[2Jb'
    """
    return _CONTROL.sub("\ufffd", text)


def write(text: str) -> None:
    """Write data to standard output."""
    sys.stdout.write(clean(text))
