"""Quirks of pages: PDF, drawn by reportlab, and OFD."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import ofd
from page import FONT, Sheet
from PIL import Image
from quirk import Quirk, halves
from quirk_drawn import DRAWN, Draw
from quirk_drawn import plain as _plain
from reportlab.lib.colors import Color, black, white  # type: ignore[import-untyped]
from reportlab.lib.utils import ImageReader  # type: ignore[import-untyped]
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]


def _behind(n: str, x: float, size: float) -> float:
    return x + pdfmetrics.stringWidth(n, "Helvetica", size)


def _struck(c: Any, x: float, y: float, size: float, n: str) -> None:
    _plain(c, x, y, size, "9")
    end = _behind("9", x, size)
    c.setLineWidth(0.6)
    c.line(x - 0.5, y + size * 0.3, end + 0.5, y + size * 0.3)
    _plain(c, end + 2, y, size, n)


def _hidden(mode: int) -> Draw:
    def draw(c: Any, x: float, y: float, size: float, n: str) -> None:
        _plain(c, x, y, size, n)
        text = c.beginText(_behind(n, x, size), y)
        text.setFont("Helvetica", size)
        text.setTextRenderMode(mode)
        text.textOut("9")
        text.setTextRenderMode(0)
        c.drawText(text)

    return draw


def _white(c: Any, x: float, y: float, size: float, n: str) -> None:
    _plain(c, x, y, size, n)
    c.setFillColor(white)
    _plain(c, _behind(n, x, size), y, size, "9")
    c.setFillColor(black)


def _covered(c: Any, x: float, y: float, size: float, n: str) -> None:
    _plain(c, x, y, size, n)
    end = _behind(n, x, size)
    _plain(c, end, y, size, "9")
    c.setFillColor(white)
    c.rect(end, y - 1, size * 0.6, size, stroke=0, fill=1)
    c.setFillColor(black)


def _clipped(c: Any, x: float, y: float, size: float, n: str) -> None:
    _plain(c, x, y, size, n)
    c.saveState()
    path = c.beginPath()
    path.rect(1, 1, 2, 2)
    c.clipPath(path, stroke=0, fill=0)
    _plain(c, _behind(n, x, size), y, size, "9")
    c.restoreState()


def _transparent(c: Any, x: float, y: float, size: float, n: str) -> None:
    _plain(c, x, y, size, n)
    c.saveState()
    c.setFillColor(Color(0, 0, 0, alpha=0))
    _plain(c, _behind(n, x, size), y, size, "9")
    c.restoreState()


def _raised(c: Any, x: float, y: float, size: float, n: str) -> None:
    _plain(c, x, y, size, n)
    _plain(c, _behind(n, x, size), y + size * 0.35, size * 0.55, "1")


def _lowered(c: Any, x: float, y: float, size: float, n: str) -> None:
    _plain(c, x, y, size, n)
    _plain(c, _behind(n, x, size), y - size * 0.2, size * 0.55, "2")


def _apart(c: Any, x: float, y: float, size: float, n: str) -> None:
    first, rest = halves(n)
    _plain(c, x - 4, y, size, first)
    _plain(c, x + size, y, size, rest)


def _single(c: Any, x: float, y: float, size: float, n: str) -> None:
    for digit in n:
        _plain(c, x, y, size, digit)
        x = _behind(digit, x, size)


def _twice(c: Any, x: float, y: float, size: float, n: str) -> None:
    _plain(c, x, y, size, n)
    _plain(c, x + 0.3, y, size, n)


def _picture(c: Any, x: float, y: float, size: float, n: str) -> None:
    c.drawImage(ImageReader(Image.new("L", (12, 12), 0)), x, y, size, size)


def _field(c: Any, x: float, y: float, size: float, n: str) -> None:
    c.acroForm.textfield(
        name=f"f{n}", value=n, x=x - 2, y=y - 2, width=30, height=size + 4, fontSize=size, borderWidth=0
    )


_DRAWN: dict[str, tuple[Draw, str]] = {
    "struck": (_struck, "figure"), "no ink (mode 3)": (_hidden(3), "figure"), "white": (_white, "figure"), "covered": (_covered, "figure"),
    "clipped": (_clipped, "figure"), "transparent": (_transparent, "figure"), "raised": (_raised, "figure"), "character by character": (_single, "figure"),
    "drawn twice": (_twice, "figure"), "lowered": (_lowered, "nothing"), "picture": (_picture, "nothing"), "form field": (_field, "figure"), "apart": (_apart, "nothing"), **DRAWN,
}  # fmt: skip
#: The drawing of a quirk stands in DRAW; its markup is none.
DRAW: dict[str, Draw] = {name: draw for name, (draw, _) in _DRAWN.items()}
PDF = [Quirk(name, str, seen) for name, (_, seen) in _DRAWN.items()]  # type: ignore[arg-type]


def pdf(sheets: Sequence[Sheet], planted: dict[str, Quirk]) -> bytes:
    """A PDF of sheets with quirks in the boxes of these figures."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    for sheet in sheets:
        canvas.setPageSize((sheet.width, sheet.height))
        canvas.setLineWidth(0.5)
        for x0, top, x1, bottom in sheet.lines:
            canvas.line(x0, sheet.height - top, x1, sheet.height - bottom)
        for x, top, size, text in sheet.texts:
            y = sheet.height - top - size
            if text in planted:
                DRAW[planted[text].name](canvas, x, y, size, text)
            elif text.isascii():
                _plain(canvas, x, y, size, text)
            else:
                canvas.setFont(FONT, size)
                canvas.drawString(x, y, text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


# OFD -----------------------------------------------------------------------------------------


def _object(
    n: str,
    at: tuple[str, float, float, float],
    more: str = "",
    dx: float = 0.0,
    dy: float = 0.0,
    scale: float = 1.0,
) -> str:
    id, x, y, size = at
    step = " ".join([f"{size * scale / 2:.3f}"] * (len(n) - 1))
    delta = f' DeltaX="{step}"' if step else ""
    return (
        f'<ofd:TextObject ID="{id}" Boundary="{x + dx:.3f} {y + dy:.3f} {size * len(n):.3f} {size:.3f}" Font="1" Size="{size * scale:.3f}"{more}>'
        f'<ofd:TextCode X="0" Y="{size * scale * 0.86:.3f}"{delta}>{n}</ofd:TextCode></ofd:TextObject>'
    )


def _stroke(
    at: tuple[str, float, float, float],
    box: tuple[float, float, float, float],
    more: str = "",
    data: str = "",
) -> str:
    """A path in a box of shares of the size, from the figure's corner; a line along its middle where `data` is none."""
    id, x, y, size = at
    x0, y0, wide, high = (v * size for v in box)
    middle = f"M 0 {high / 2:.3f} L {wide:.3f} {high / 2:.3f}"
    whole = f"M 0 0 L {wide:.3f} 0 L {wide:.3f} {high:.3f} L 0 {high:.3f} C"
    text = {"": middle, "whole": whole}.get(data, data)
    return (
        f'<ofd:PathObject ID="{id}7" Boundary="{x + x0:.3f} {y + y0:.3f} {wide:.3f} {high:.3f}" LineWidth="0.2"{more}>'
        + ('<ofd:FillColor Value="255 255 255"/>' if "Fill" in more else "")
        + f"<ofd:AbbreviatedData>{text}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def _turned(n: str, at: tuple[str, float, float, float], a: int, d: int) -> str:
    """A figure mirrored or turned about its middle by its matrix."""
    wide, high = at[3] * len(n) / 2, at[3]
    matrix = f"{a} 0 0 {d} {wide if a < 0 else 0:.3f} {high if d < 0 else 0:.3f}"
    return _object(n, at, f' CTM="{matrix}"')


_COVER = ' Stroke="false" Fill="true"'
OFD_MAKERS: dict[str, tuple[Callable[[str, tuple[str, float, float, float]], str], str]] = {
    "not visible": (lambda n, at: _object(n, at) + _object("9", (at[0] + "1", *at[1:]), ' Visible="false"', dx=at[3] * len(n) / 2), "figure"),
    "transparent": (lambda n, at: _object(n, at) + _object("9", (at[0] + "1", *at[1:]), ' Alpha="0"', dx=at[3] * len(n) / 2), "figure"),
    "raised": (lambda n, at: _object(n, at) + _object("1", (at[0] + "1", *at[1:]), dx=at[3] * len(n) / 2, dy=-at[3] * 0.1, scale=0.55), "figure"),
    "minus as a line": (lambda n, at: _stroke(at, (-0.6, 0.4, 0.4, 0.1)) + _object(n, at), "nothing"),
    "1 as a line": (lambda n, at: _stroke(at, (-0.3, 0.2, 0.1, 0.7), data=f"M 0 0 L 0 {0.7 * at[3]:.3f}") + _object(n, at), "nothing"),
    "struck": (lambda n, at: _object(n, at) + _stroke(at, (-0.1, 0.4, 0.2 + len(n) / 2, 0.2)), "nothing"),
    "struck slanting": (lambda n, at: _object(n, at) + _stroke(at, (-0.1, 0.1, 0.2 + len(n) / 2, 0.8), data=f"M 0 0 L {at[3] * (0.2 + len(n) / 2):.3f} {at[3] * 0.8:.3f}"), "nothing"),
    "upside down": (lambda n, at: _turned(n, at, -1, -1), "nothing"),
    "mirrored": (lambda n, at: _turned(n, at, -1, 1), "nothing"),
    "other figures over": (lambda n, at: _object(n, at) + _object("888", (at[0] + "1", *at[1:])), "nothing"),
    "covered": (lambda n, at: _object(n, at) + _stroke(at, (-0.1, -0.1, 0.2 + len(n) / 2, 1.2), _COVER, "whole"), "blank"),
    "lower half covered": (lambda n, at: _object(n, at) + _stroke(at, (-0.1, 0.6, 0.2 + len(n) / 2, 0.6), _COVER, "whole"), "nothing"),
    "two objects": (lambda n, at: _object(n[0], at) + _object(n[1:], (at[0] + "1", *at[1:]), dx=at[3] / 2), "figure"),
}  # fmt: skip
OFD = [Quirk(name, str, seen) for name, (_, seen) in OFD_MAKERS.items()]  # type: ignore[arg-type]
_TEXT = re.compile(
    r'<ofd:TextObject ID="(\d+)" Boundary="([\d.]+) ([\d.]+) [\d.]+ [\d.]+" Font="1" Size="([\d.]+)"><ofd:TextCode [^>]*>(\d+)</ofd:TextCode></ofd:TextObject>'
)


def plant_ofd(sheets: Sequence[Sheet], planted: dict[str, Quirk]) -> bytes:
    """An OFD of sheets with quirks in the boxes of these figures."""

    def box(hit: re.Match[str]) -> str:
        if hit[5] not in planted:
            return hit[0]
        return OFD_MAKERS[planted[hit[5]].name][0](
            hit[5], (hit[1], float(hit[2]), float(hit[3]), float(hit[4]))
        )

    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(ofd.ofd(sheets))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, _TEXT.sub(box, data.decode()) if name.endswith("Content.xml") else data)
    return out.getvalue()
