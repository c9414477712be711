"""More quirks of a box in a PDF: lines and shapes beside or over its figure, text that is turned, cut, covered or replaced."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PIL import Image
from reportlab.lib.colors import Color, black, white  # type: ignore[import-untyped]
from reportlab.lib.utils import ImageReader  # type: ignore[import-untyped]
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]

#: (canvas, x, y, size, figure): draws one box.
Draw = Callable[[Any, float, float, float, str], None]
#: Corners of lines in shares of the figure's width and of its size: (x0, y0, x1, y1).
Line = tuple[float, float, float, float]


def plain(c: Any, x: float, y: float, size: float, n: str) -> None:
    """The figure as it is."""
    c.setFont("Helvetica", size)
    c.drawString(x, y, n)


def width(n: str, size: float) -> float:
    """How wide a figure is, in points."""
    return float(pdfmetrics.stringWidth(n, "Helvetica", size))


def _lined(*lines: Line, bare: bool = False, dash: tuple[float, ...] = ()) -> Draw:
    def draw(c: Any, x: float, y: float, size: float, n: str) -> None:
        if not bare:
            plain(c, x, y, size, n)
        wide = width(n, size)
        c.setLineWidth(0.5)
        c.setDash(*dash)
        for x0, y0, x1, y1 in lines:
            c.line(x + x0 * wide, y + y0 * size, x + x1 * wide, y + y1 * size)
        c.setDash()

    return draw


def _filled(x0: float, y0: float, wide: float, high: float, shade: float, before: bool = False) -> Draw:
    """A filled rectangle over or under the figure; lengths in points."""

    def draw(c: Any, x: float, y: float, size: float, n: str) -> None:
        if not before:
            plain(c, x, y, size, n)
        c.setFillGray(shade)
        c.rect(x + x0, y + y0, wide, high, stroke=0, fill=1)
        c.setFillColor(black)
        if before:
            plain(c, x, y, size, n)

    return draw


def _moved(a: float, b: float, c_: float, d: float) -> Draw:
    """The figure moved by a matrix around its middle."""

    def draw(c: Any, x: float, y: float, size: float, n: str) -> None:
        across, up = width(n, size) / 2, 0.36 * size
        c.saveState()
        c.transform(a, b, c_, d, x + across, y + up)
        plain(c, -across, -up, size, n)
        c.restoreState()

    return draw


def _coded(before: str, after: str) -> Draw:
    def draw(c: Any, x: float, y: float, size: float, n: str) -> None:
        c._code.append(before.format(x=x, y=y, size=size))
        plain(c, x, y, size, n)
        c._code.append(after.format(x=x, y=y, size=size))

    return draw


def _clip(x0: float, y0: float, wide: float, high: float) -> Draw:
    """The figure in a window; lengths in shares of its width and size."""

    def draw(c: Any, x: float, y: float, size: float, n: str) -> None:
        c.saveState()
        path = c.beginPath()
        path.rect(x + x0 * width(n, size), y + y0 * size, wide * width(n, size), high * size)
        c.clipPath(path, stroke=0, fill=0)
        plain(c, x, y, size, n)
        c.restoreState()

    return draw


def _over(other: str, at: float) -> Draw:
    def draw(c: Any, x: float, y: float, size: float, n: str) -> None:
        plain(c, x, y, size, n)
        plain(c, x + at * width(n, size), y, size, other)

    return draw


def _scribbled(c: Any, x: float, y: float, size: float, n: str) -> None:
    plain(c, x, y, size, n)
    wide = width(n, size)
    path = c.beginPath()
    path.moveTo(x - 1, y)
    path.curveTo(x + wide * 0.3, y + size, x + wide * 0.5, y - 2, x + wide, y + size * 0.8)
    c.setLineWidth(0.8)
    c.drawPath(path)


def _pointed(c: Any, x: float, y: float, size: float, n: str) -> None:
    plain(c, x, y, size, n[0])
    at = x + width(n[0], size)
    c.rect(at + 0.6, y, 0.9, 0.9, stroke=0, fill=1)
    plain(c, at + 2, y, size, n[1:])


def _ringed(c: Any, x: float, y: float, size: float, n: str) -> None:
    plain(c, x, y, size, n)
    at = x + width(n, size)
    c.setLineWidth(0.6)
    c.ellipse(at + 0.5, y, at + 4, y + size * 0.7)


def _pictured(c: Any, x: float, y: float, size: float, n: str) -> None:
    plain(c, x, y, size, n)
    c.drawImage(ImageReader(Image.new("L", (6, 10), 0)), x - 5, y, 3, size * 0.7)


def _as_path(c: Any, x: float, y: float, size: float, n: str) -> None:
    c._code.append(f"q BT /F1 {size} Tf 7 Tr {x} {y} Td ({n}) Tj ET 0 g {x - 5} {y - 5} 60 {size + 8} re f Q")


def _anew(c: Any, x: float, y: float, size: float, n: str) -> None:
    plain(c, x, y, size, "77")
    c.setFillColor(white)
    c.rect(x - 1, y - 2, width(n, size) + 12, size + 2, stroke=0, fill=1)
    c.setFillColor(black)
    plain(c, x, y, size, n)


def _light_on_dark(c: Any, x: float, y: float, size: float, n: str) -> None:
    c.setFillColor(Color(0.1, 0.2, 0.6))
    c.rect(x - 2, y - 2, width(n, size) + 4, size + 1, stroke=0, fill=1)
    c.setFillColor(white)
    plain(c, x, y, size, n)
    c.setFillColor(black)


def _spaced(space: float, c: Any, x: float, y: float, size: float, n: str) -> None:
    text = c.beginText(x, y)
    text.setFont("Helvetica", size)
    text.setCharSpace(space * size)
    text.textOut(n)
    text.setCharSpace(0)
    c.drawText(text)


def _speck(c: Any, x: float, y: float, size: float, n: str) -> None:
    plain(c, x, y, size, n)
    plain(c, x + width(n, size), y, 0.4, "9")


def _password(c: Any, x: float, y: float, size: float, n: str) -> None:
    c.acroForm.textfield(
        name=f"p{n}", value=n, x=x - 2, y=y - 2, width=30, height=size + 4, fontSize=size, borderWidth=0,
        fieldFlags="password",
    )  # fmt: skip


def _ticked(c: Any, x: float, y: float, size: float, n: str) -> None:
    c.acroForm.checkbox(name=f"c{n}", checked=True, x=x, y=y - 1, size=8)


def _dingbats(c: Any, x: float, y: float, size: float, n: str) -> None:
    c.setFont("ZapfDingbats", size)
    c.drawString(x, y, n)


_SEGMENTS: tuple[Line, ...] = (
    (0, 0, 0.2, 0), (0, 0.35, 0.2, 0.35), (0, 0.7, 0.2, 0.7), (0.2, 0, 0.2, 0.35), (0.2, 0.35, 0.2, 0.7),
)  # fmt: skip
_FRAME: tuple[Line, ...] = (
    (-0.1, -0.2, 1.1, -0.2), (-0.1, 0.9, 1.1, 0.9), (-0.1, -0.2, -0.1, 0.9), (1.1, -0.2, 1.1, 0.9),
)  # fmt: skip
#: What is drawn, and what is right there; "nothing": two readings or none are possible.
DRAWN: dict[str, tuple[Draw, str]] = {
    "minus as a line": (_lined((-0.3, 0.3, -0.08, 0.3)), "nothing"),
    "minus as a rectangle": (_filled(-5, 2.4, 4, 1.1, 0), "nothing"),
    "point as a rectangle": (_pointed, "nothing"),
    "1 as a line before": (_lined((-0.12, 0, -0.12, 0.7)), "nothing"),
    "1 as a line behind": (_lined((1.12, 0, 1.12, 0.7)), "nothing"),
    "figure of seven segments": (_lined(*_SEGMENTS, bare=True), "nothing"),
    "ring behind": (_ringed, "nothing"), "picture before": (_pictured, "nothing"),
    "struck alone": (_lined((-0.1, 0.3, 1.1, 0.3)), "nothing"),
    "struck twice": (_lined((-0.1, 0.15, 1.1, 0.15), (-0.1, 0.5, 1.1, 0.5)), "nothing"),
    "struck slanting": (_lined((-0.1, -0.1, 1.1, 0.8)), "nothing"),
    "struck by a cross": (_lined((-0.1, -0.1, 1.1, 0.8), (-0.1, 0.8, 1.1, -0.1)), "nothing"),
    "struck by dashes": (_lined((-0.1, 0.3, 1.1, 0.3), dash=(1.5, 1)), "nothing"),
    "struck by a curve": (_scribbled, "nothing"), "struck by a rectangle": (_filled(-1, 2.3, 20, 0.6, 0), "nothing"),
    "one digit struck": (_lined((0, 0.3, 0.3, 0.3)), "nothing"),
    "underlined": (_lined((0, -0.15, 1, -0.15)), "figure"), "framed": (_lined(*_FRAME), "figure"),
    "upside down": (_moved(-1, 0, 0, -1), "nothing"), "mirrored": (_moved(-1, 0, 0, 1), "nothing"),
    "flipped": (_moved(1, 0, 0, -1), "nothing"), "slanted": (_moved(1, 0, 0.2, 1), "figure"),
    "other figures over": (_over("888", 0), "nothing"), "overlapping": (_over("77", 0.45), "nothing"),
    "lower half covered": (_filled(-1, -1, 26, 4.2, 1), "nothing"),
    "first digit half covered": (_filled(-1, -1, 3.2, 10, 1), "nothing"),
    "black bar over": (_filled(-1, -1, 26, 9, 0), "blank"), "dark ground, dark figure": (_filled(-1, -1, 26, 9, 0.1, before=True), "blank"),
    "dark ground, light figure": (_light_on_dark, "figure"), "covered and printed anew": (_anew, "figure"),
    "cut at the right": (_clip(-0.1, -0.3, 0.7, 1.5), "nothing"), "cut at the foot": (_clip(-0.1, 0.3, 1.2, 1), "nothing"),
    "other text for copying": (_coded("/Span <</ActualText (77)>> BDC", "EMC"), "nothing"),
    "same text for copying": (_coded("/Span <</ActualText ()>> BDC", "EMC"), "figure"),
    "artifact": (_coded("/Artifact BMC", "EMC"), "figure"),
    "figure as a clip path": (_as_path, "nothing"), "letters close": (partial(_spaced, -0.1), "figure"),
    "letters on one spot": (partial(_spaced, -0.556), "nothing"), "speck behind": (_speck, "figure"),
    "password field": (_password, "figure"), "ticked box": (_ticked, "nothing"), "dingbats": (_dingbats, "nothing"),
}  # fmt: skip
