"""Text of documents → a terminal, without the control characters that it would obey."""

from __future__ import annotations

import json
import re
import sys
from unicodedata import east_asian_width

#: Control characters (C0 and C1) except line feed and tab. A title may contain ESC sequences.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def clean(text: str) -> str:
    """The text with U+FFFD in place of control characters.

    >>> clean("a\\x1b[2Jb")
    'a\ufffd[2Jb'
    """
    return _CONTROL.sub("\ufffd", text)


def pad(text: str, width: int) -> str:
    """The text with spaces behind it up to `width` cells; a Chinese character takes two.

    >>> pad("读取", 6) + "|"
    '读取  |'
    """
    return text + " " * (width - cells(text))


def pad_left(text: str, width: int) -> str:
    """The text with spaces before it up to `width` cells."""
    return " " * (width - cells(text)) + text


def cells(text: str) -> int:
    """The width of a text on a terminal."""
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def write(text: str) -> None:
    """Write data to standard output."""
    sys.stdout.write(clean(text))


def write_json(plain: object) -> None:
    """Write lists, dicts and plain values to standard output, for programs."""
    text = json.dumps(plain, ensure_ascii=False, indent=1)
    # JSON itself escapes the control characters that ASCII has; the others are data, too
    sys.stdout.write(_CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n")
