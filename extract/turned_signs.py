"""Text that is written from right to left → a mark where it has signs at figures: they are seen on the other side."""

from __future__ import annotations

import re

from gongkai.model import mark_unread

_SIGNED = re.compile(r"[-+−–—－＋]\s*[0-9０-９]|[0-9０-９]\s*[-+−–—－＋%％]")


def mark_turned_signs(text: str) -> str:
    """The mark of a text that is written from right to left; "" where no figure in it has a sign."""
    return mark_unread("signs from right to left") if _SIGNED.search(text) else ""
