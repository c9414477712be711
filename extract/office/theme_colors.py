"""A theme of Office Open XML → the colours that its names and numbers stand for, lightened and darkened."""

from __future__ import annotations

from collections.abc import Mapping
from colorsys import hls_to_rgb, rgb_to_hls
from typing import Any

from gongkai.extract.office.shown_color import WHITE, color_of

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
#: The colours that Office has where a file brings no theme.
OFFICE_THEME: Mapping[str, str] = {
    "lt1": WHITE, "dk1": "000000", "lt2": "EEECE1", "dk2": "1F497D", "accent1": "4F81BD", "accent2": "C0504D",
    "accent3": "9BBB59", "accent4": "8064A2", "accent5": "4BACC6", "accent6": "F79646", "hlink": "0000FF",
    "folHlink": "800080",
}  # fmt: skip
#: Names that Word and drawings have for colours of a theme.
_NAMES = {
    "background1": "lt1", "light1": "lt1", "bg1": "lt1", "text1": "dk1", "dark1": "dk1", "tx1": "dk1",
    "background2": "lt2", "light2": "lt2", "bg2": "lt2", "text2": "dk2", "dark2": "dk2", "tx2": "dk2",
    "hyperlink": "hlink", "followedHyperlink": "folHlink",
}  # fmt: skip


def read_theme(root: Any | None) -> Mapping[str, str]:
    """The colours of a theme part by their names in it ("dk1", "accent2"); Office's own where there is none."""
    scheme = None if root is None else next(root.iter(_A + "clrScheme"), None)
    if scheme is None:
        return OFFICE_THEME
    found = dict(OFFICE_THEME)
    for item in scheme.iterchildren():
        name = item.tag.rpartition("}")[2]
        for color in item.iterchildren():
            found[name] = color_of(color.get("lastClr") or color.get("val")) or found.get(name, "000000")
    return found


def name_color(theme: Mapping[str, str], name: str) -> str | None:
    """The colour of a theme by the name that Word or a drawing has for it; None for none of the theme's."""
    return theme.get(_NAMES.get(name, name))


def lighten(color: str, share: float) -> str:
    """A colour nearer to white by a share of its distance, or (below 0) darker by a share of its light.

    >>> lighten("000000", 0.5), lighten("FFFFFF", -0.25)
    ('808080', 'BFBFBF')
    """
    hue, light, saturation = rgb_to_hls(*(part / 255 for part in bytes.fromhex(color)))
    light = light * (1 + share) if share < 0 else light + (1 - light) * share
    parts = hls_to_rgb(hue, max(0.0, min(1.0, light)), saturation)
    return "".join(f"{round(part * 255):02X}" for part in parts)
