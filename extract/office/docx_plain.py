"""Where the text of a Word document is shown as it stands, so that its boxes are read the short way."""

from __future__ import annotations

from typing import Any

from gongkai.extract.office.docx_numbering import W
from gongkai.extract.office.docx_style import (
    DocxStyles,
    changes_text,
    color_in,
    find_color,
    find_ground_color,
    read_properties,
    read_shape,
)
from gongkai.extract.office.docx_text import MC, TC, M, P
from gongkai.extract.office.shown_color import WHITE, color_of, is_invisible
from gongkai.extract.office.symbol_font import is_symbol_font

#: What hides text, prints it twice, prints what is no text, or prints text otherwise than it stands.
_SPECIAL = (
    *(
        W + t
        for t in [
            "del",
            "moveFrom",
            "txbxContent",
            "vanish",
            "strike",
            "dstrike",
            "vertAlign",
            "position",
            "sym",
            "noBreakHyphen",
            "ruby",
            "sdt",
            "pict",
            "drawing",
            "object",
            "fldChar",
            "fldSimple",
            "bdo",
            "cellDel",
            "hidden",
            "altChunk",
            "contentPart",
            "pgNum",
            "framePr",
            "subDoc",
            "footnoteReference",
            "endnoteReference",
        ]
    ),
    MC + "AlternateContent",
    M + "oMath",
    "{http://schemas.microsoft.com/office/word/2010/wordml}textFill",
)
_COLOR, _SHADING, _FONTS, _SIZE = W + "color", W + "shd", W + "rFonts", W + "sz"
_HIGHLIGHT, _HEIGHT = W + "highlight", W + "trHeight"
_BIDI = W + "bidi"
#: What may move text, press it together or turn its order.
_SHAPES = (W + "spacing", W + "ind", W + "w", _BIDI)
#: Sizes in half-points that may be too small to be seen.
_TINY = ("", "0", "1", "2", "3", "4", "5", "6")
#: Elements that name a style.
STYLE_NAMES = (W + "pStyle", W + "rStyle", W + "tblStyle")


def find_odd(root: Any, styles: DocxStyles) -> frozenset[Any] | None:
    """The paragraphs and boxes in which something changes how text is seen; the others are read the short way.

    None where a style or a colour may do so anywhere. The tree says so, whatever its prefixes are.
    """
    if _may_hide(root, styles):
        return None
    odd: set[Any] = set()
    for item in root.iter(*_SPECIAL):
        _mark(item, odd)
    for item in root.iter(_FONTS, _SIZE, _HEIGHT, *_SHAPES):
        if _is_odd(item):
            _mark(item.getparent().getparent() if item.tag == _HEIGHT else item, odd)
    return frozenset(odd)


def _mark(item: Any, odd: set[Any]) -> None:
    """Add the paragraphs and boxes that an element is part of, and those that are part of it."""
    odd.update(item.iterancestors(P, TC))
    odd.update(item.iter(P, TC))


def _may_hide(root: Any, styles: DocxStyles) -> bool:
    """Whether a style in use changes how text is seen, or a colour is that of some ground."""
    used: set[str] = set()
    colors: set[str | None] = set()
    grounds: set[str | None] = {WHITE}
    for item in root.iter(*STYLE_NAMES, _COLOR, _SHADING, _HIGHLIGHT):
        tag = item.tag
        value = item.get(W + "val") or ""
        if tag == _COLOR:
            colors.add(find_color(item, styles.theme))
        elif tag == _SHADING:
            grounds |= {
                color_of(item.get(W + "fill")),
                color_of(item.get(W + "color")),
                find_ground_color(item, styles.theme),
            }
        elif tag == _HIGHLIGHT:
            grounds.add(color_of(value))
        else:
            used.add(value)
    named = styles.of(used)
    colors |= {color_in(found, styles.theme) for found in named}
    grounds |= {color for found in named for color in (found.get("fill"), found.get("ground"))}
    grounds |= {color for name in used for color in styles.painted.get(name, ())}
    if any(is_invisible(color, ground) for color in colors for ground in grounds):
        return True
    return any(changes_text(found) for found in named)


def _is_odd(item: Any) -> bool:
    """Whether a font, a size, a place or a height shows text otherwise than it stands."""
    if item.tag == _FONTS:
        return is_symbol_font(item.get(W + "ascii")) or is_symbol_font(item.get(W + "hAnsi"))
    if item.tag == _SIZE:
        return item.get(W + "val") in _TINY
    if item.tag == _BIDI:
        return (item.get(W + "val") or "1").lower() not in ("0", "false", "off")
    if item.tag in _SHAPES:
        properties = item.getparent()
        return changes_text(read_shape(properties)) or changes_text(read_properties(properties))
    return item.get(W + "hRule") == "exact" and len(item.get(W + "val") or "") < 3
