"""A drawing, picture or object of WordprocessingML → its text boxes, and what it is where it is no text."""

from __future__ import annotations

import re
from typing import Any

from gongkai.extract.office.docx_numbering import W, read_integer

_TXBX = W + "txbxContent"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_OBJECT = W + "object"
#: A picture lower or narrower than this keeps a distance, in EMU (2 points).
_SPACER = 25_400
_FILLS = frozenset({"solidFill", "gradFill", "blipFill", "pattFill"})
_HIDDEN = re.compile(r"visibility\s*:\s*hidden", re.IGNORECASE)


def find_text_boxes(graphic: Any) -> list[Any]:
    """The contents of the text boxes in a graphic, without the second copy for old programs."""
    return [box for box in graphic.iter(_TXBX) if not _is_inside(box, _FALLBACK, graphic)]


def is_hidden_graphic(graphic: Any) -> bool:
    """Whether a graphic is switched off in the file."""
    for item in graphic.iter():
        name = _name(item)
        if name == "docPr" and (item.get("hidden") or "") in ("1", "true", "on"):
            return True
        if name in ("shape", "rect", "oval", "group") and _HIDDEN.search(item.get("style") or ""):
            return True
    return False


def name_graphic(graphic: Any) -> tuple[str, int]:
    """What a graphic shows that is no text ("" where nothing), and how many pictures it holds."""
    names: set[str] = set()
    pictures = 0
    for item in graphic.iter():
        name = _name(item)
        if name in ("blip", "imagedata") and not _is_inside(item, _FALLBACK, graphic):
            pictures += 1
        names.add(name)
    if graphic.tag == _OBJECT:
        return "object", pictures
    if pictures:
        return ("" if _is_spacer(graphic) else "picture"), pictures
    for name, what in (
        ("chart", "chart"),
        ("relIds", "diagram"),
        ("textpath", "word art"),
        ("custGeom", "drawing"),
    ):
        if name in names:
            return what, 0
    return ("", 0) if _TXBX in {item.tag for item in graphic.iter()} else (_name_shape(graphic), 0)


def _name_shape(graphic: Any) -> str:
    """What a shape without text does to the text under it: a line crosses it, a fill covers it; "" where it does nothing."""
    for item in graphic.iter():
        name = _name(item)
        if name in ("line", "polyline", "curve") and item.get("from" if name == "line" else "points") != "":
            return "line"
        if name in ("rect", "oval", "roundrect") and (item.get("filled") or "t") not in ("f", "false"):
            return "shape"
        if name == "shape" and _is_drawn_shape(item):
            return "shape"
        if name == "style" and _is_filled_by_style(item):
            return "shape"
        if name == "prstGeom" and (
            (item.get("prst") or "") == "line" or "onnector" in (item.get("prst") or "")
        ):
            return "line"
        if name == "spPr" and any(_name(child) in _FILLS for child in item):
            is_behind = any(
                _name(anchor) == "anchor" and anchor.get("behindDoc") == "1" for anchor in graphic
            )
            return "" if is_behind else "shape"
    return ""


def _is_drawn_shape(shape: Any) -> bool:
    """Whether a shape of VML draws something: neither a frame for a picture or text, nor without a line and a fill."""
    is_off = all((shape.get(name) or "t") in ("f", "false") for name in ("filled", "stroked"))
    kind = shape.get("type") or ""
    return not is_off and not kind.endswith(("_t75", "_t202")) and bool(kind or shape.get("path"))


def _is_filled_by_style(style: Any) -> bool:
    """Whether the style of a shape fills it, where the shape itself does not say that it has no fill."""
    filled = any(_name(item) == "fillRef" and (item.get("idx") or "0") != "0" for item in style)
    own = [child for item in style.getparent() if _name(item) == "spPr" for child in item]
    return filled and not any(_name(child) == "noFill" for child in own)


def _name(item: Any) -> str:
    return str(item.tag).rpartition("}")[2]


def _is_inside(item: Any, tag: str, end: Any) -> bool:
    parent = item.getparent()
    while parent is not None and parent is not end:
        if parent.tag == tag:
            return True
        parent = parent.getparent()
    return False


def _is_spacer(graphic: Any) -> bool:
    extent = next((item for item in graphic.iter() if _name(item) == "extent"), None)
    if extent is None:
        return False
    return min(read_integer(extent.get("cx"), _SPACER), read_integer(extent.get("cy"), _SPACER)) < _SPACER
