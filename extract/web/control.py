"""A field of a form → the text that a browser shows in it, or a mark."""

from __future__ import annotations

import re
from typing import Any

from gongkai.extract.web.dom import BREAK, squeeze
from gongkai.model import mark_unread

TAGS = frozenset({"input", "textarea", "select"})
#: Kinds of input that show their value as text.
_TEXT = frozenset(
    {"text", "number", "tel", "search", "url", "email", "date", "time", "month", "week", "datetime-local"}
)
_NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)
_BUTTONS = frozenset({"button", "submit", "reset"})


def read(node: Any) -> str:
    """What a field shows. A program may set a value that the page does not have, so that it is marked."""
    if node.tag == "textarea":
        return (node.text() or "").strip("\n").replace("\n", BREAK)
    return _read_select(node) if node.tag == "select" else _read_input(node)


def _read_input(node: Any) -> str:
    kind = (node.attributes.get("type") or "text").strip().lower()
    value = node.attributes.get("value") or ""
    if kind == "hidden":
        return ""
    if kind in _BUTTONS:
        return value
    if kind in ("checkbox", "radio"):
        return mark_unread("tick box")
    if kind in ("image", "range", "color", "file", "password"):
        return mark_unread("form field")
    if kind == "number" and value and _NUMBER.fullmatch(value) is None:
        return mark_unread("form field")  # a browser shows nothing of it
    if value:
        return (
            value
            if kind not in _TEXT or kind in ("text", "number", "tel", "search", "url", "email")
            else squeeze(value)
        )
    is_set = "value" in node.attributes and not node.attributes.get("placeholder")
    return "" if is_set else mark_unread("form field")


def _read_select(node: Any) -> str:
    """The chosen line of a drop-down, the first where none is chosen; a list that shows several lines is marked."""
    size = node.attributes.get("size") or "1"
    if "multiple" in node.attributes or size not in ("0", "1"):
        return mark_unread("list")
    options = node.css("option")
    chosen = [option for option in options if "selected" in option.attributes]
    free = [option for option in options if "disabled" not in option.attributes]
    shown = chosen[-1:] or free[:1]
    if not shown:
        return ""
    return squeeze(shown[0].attributes.get("label") or shown[0].text() or "")
