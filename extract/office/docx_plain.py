"""Where the text of a Word document is shown as it stands, so that its boxes are read the short way."""

from __future__ import annotations

from collections.abc import Iterator
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
from gongkai.extract.office.xml_part import attribute_values

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
_VAL, _RULE = W + "val", W + "hRule"
_BIDI = W + "bidi"
#: What may move text or press it together.
_SHAPES = (W + "spacing", W + "ind", W + "w")
#: Sizes in half-points that may be too small to be seen.
_TINY = frozenset({"", "0", "1", "2", "3", "4", "5", "6"})
#: Elements that name a style.
STYLE_NAMES = (W + "pStyle", W + "rStyle", W + "tblStyle")


def find_odd(root: Any, styles: DocxStyles) -> frozenset[Any] | None:
    """The paragraphs and boxes in which something changes how text is seen; the others are read the short way.

    None where a style or a colour may do so anywhere. The tree says so, whatever its prefixes are.
    """
    if _may_hide(root, styles):
        return None
    odd: set[Any] = set()
    for item in (*root.iter(*_SPECIAL), *_find_shapes(root)):
        _mark(item, odd)
    return frozenset(odd)


def _find_shapes(root: Any) -> Iterator[Any]:
    """The fonts, sizes, places and heights that show text otherwise than it stands."""
    # Every run of a document has a font and a size, and a document has few of them.
    given = attribute_values(root.iter(_FONTS, _SIZE))
    if not _TINY.isdisjoint(given) or any(map(is_symbol_font, given)):
        yield from filter(_is_odd_letter, root.iter(_FONTS, _SIZE))
    for item in root.iter(_HEIGHT):
        if item.get(_RULE) == "exact" and len(item.get(_VAL) or "") < 3:
            yield item.getparent().getparent()
    for item in root.iter(_BIDI):
        if (item.get(_VAL) or "1").lower() not in ("0", "false", "off"):
            yield item
    for item in root.iter(*_SHAPES):
        properties = item.getparent()
        if changes_text(read_shape(properties)) or changes_text(read_properties(properties)):
            yield item


def _is_odd_letter(item: Any) -> bool:
    """Whether a font or a size shows text otherwise than it stands."""
    if item.tag == _SIZE:
        return item.get(_VAL) in _TINY
    return is_symbol_font(item.get(W + "ascii")) or is_symbol_font(item.get(W + "hAnsi"))


def _mark(item: Any, odd: set[Any]) -> None:
    """Add the paragraphs and boxes that an element is part of, and those that are part of it."""
    odd.update(item.iterancestors(P, TC))
    odd.update(item.iter(P, TC))


def _may_hide(root: Any, styles: DocxStyles) -> bool:
    """Whether a style in use changes how text is seen, or a colour is that of some ground."""
    used = {item.get(_VAL) or "" for item in root.iter(*STYLE_NAMES)}
    colors: set[str | None] = set()
    grounds: set[str | None] = {WHITE}
    for item in root.iter(_COLOR, _SHADING, _HIGHLIGHT):
        tag = item.tag
        if tag == _COLOR:
            colors.add(find_color(item, styles.theme))
        elif tag == _SHADING:
            grounds |= {
                color_of(item.get(W + "fill")),
                color_of(item.get(W + "color")),
                find_ground_color(item, styles.theme),
            }
        else:
            grounds.add(color_of(item.get(_VAL)))
    named = styles.of(used)
    colors |= {color_in(found, styles.theme) for found in named}
    grounds |= {color for found in named for color in (found.get("fill"), found.get("ground"))}
    grounds |= {color for name in used for color in styles.painted.get(name, ())}
    if any(is_invisible(color, ground) for color in colors for ground in grounds):
        return True
    return any(changes_text(found) for found in named)
