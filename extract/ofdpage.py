"""What a page of an OFD draws: its characters, ruling lines and pictures, in points from its top left.

Lengths in the file are millimetres; an object's coordinates are those of its boundary box, after
its own matrix.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from model import TooLarge, Unreadable

from .glyph import Glyph
from .page import Page
from .ruling import Rule

#: Points a millimetre.
POINTS = 72 / 25.4
#: A filled shape thinner than this, in points, is a ruling line.
THIN = 3.2
MOST_GLYPHS = 40_000
#: Slant in radians, from the next quarter turn, beyond which text is a stamp or a watermark.
SLANT = 0.1

_Matrix = tuple[float, float, float, float, float, float]
_UNIT: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_TOKEN = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
#: How many numbers follow a path's letter.
_TAKES = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}


class Shown(NamedTuple):
    """A picture on a page: the id of its resource, and its box (x0, top, x1, bottom) in points."""

    resource: str
    box: tuple[float, float, float, float]


def named(root: Any, tag: str) -> Iterator[Any]:
    """The elements of this name at any depth, whatever their namespace."""
    return (e for e in root.iter() if isinstance(e.tag, str) and e.tag.rpartition("}")[2] == tag)


def numbers(text: str) -> list[float]:
    """The numbers in a list of tokens; what is none is passed over."""
    return [float(t) for t in text.split() if re.fullmatch(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", t)]


def _number(item: Any, name: str, default: float) -> float:
    """A number that an element states. Raises Unreadable where it is none: a text would stand anywhere."""
    text = item.get(name)
    if not text:
        return default
    values = numbers(text)
    if len(values) != 1 or not math.isfinite(values[0]):
        raise Unreadable(f"{name} of a text is “{text[:20]}”, no number; is the file damaged?")
    return values[0]


def page_of(layers: Sequence[Any], number: int, size: tuple[float, float]) -> tuple[Page, list[Shown]]:
    """A page from its own content and the templates under it; `size` in millimetres. Also the pictures on it.

    Slanted text is a stamp or a watermark, text that is not painted is not there: both are counted, not read.
    Raises TooLarge, Unreadable.
    """
    glyphs: list[Glyph] = []
    rules: list[Rule] = []
    shown: list[Shown] = []
    stamps = 0
    for layer in layers:
        for item in layer.iter():
            tag = item.tag.rpartition("}")[2] if isinstance(item.tag, str) else ""
            if tag == "TextObject":
                letters = list(_text(item))
                if _is_hidden(item) or _is_slanted(item):
                    stamps += len(letters)
                else:
                    glyphs += letters
                if len(glyphs) > MOST_GLYPHS:
                    raise TooLarge(f"page {number}: more than {MOST_GLYPHS:,} characters")
            elif tag == "PathObject":
                rules += _path(item)
            elif tag == "ImageObject":
                shown.append(_picture(item))
    wide, high = size[0] * POINTS, size[1] * POINTS
    return Page(number, wide, high, glyphs, rules, stamps=stamps, images=len(shown)), shown


def _picture(item: Any) -> Shown:
    box = numbers(item.get("Boundary") or "")
    x, y, wide, high = box if len(box) == 4 else (0.0, 0.0, 0.0, 0.0)
    return Shown(
        item.get("ResourceID") or "", (x * POINTS, y * POINTS, (x + wide) * POINTS, (y + high) * POINTS)
    )


def _is_hidden(item: Any) -> bool:
    """Whether nobody sees a text: not visible, transparent, or neither filled nor stroked."""
    says = {name: (item.get(name) or "").strip().lower() for name in ("Visible", "Alpha", "Fill", "Stroke")}
    if says["Visible"] == "false" or says["Alpha"] == "0":
        return True
    if says["Fill"] == "false":
        return says["Stroke"] != "true"
    colour = next(
        (e for e in item if isinstance(e.tag, str) and e.tag.rpartition("}")[2] == "FillColor"), None
    )
    return colour is not None and (colour.get("Alpha") or "") == "0"


def _is_slanted(item: Any) -> bool:
    _, _, (a, b, *_) = _placed(item)
    turn = math.atan2(b, a) % (math.pi / 2)
    return SLANT < turn < math.pi / 2 - SLANT


def _placed(item: Any) -> tuple[float, float, _Matrix]:
    """An object's corner and matrix."""
    box = numbers(item.get("Boundary") or "")
    matrix = numbers(item.get("CTM") or "")
    x, y = (box[0], box[1]) if len(box) == 4 else (0.0, 0.0)
    return x, y, tuple(matrix) if len(matrix) == 6 else _UNIT  # type: ignore[return-value]


def _text(item: Any) -> Iterator[Glyph]:
    """The characters of a text object, each at its own place."""
    left, top, (a, b, c, d, e, f) = _placed(item)
    size = _number(item, "Size", 0.0) or 3.5
    stretch = _number(item, "HScale", 1.0) or 1.0
    high = size * abs(d if abs(d) > 1e-6 else c) * POINTS
    x = y = 0.0
    for code in named(item, "TextCode"):
        text = code.text or ""
        x, y = _number(code, "X", x), _number(code, "Y", y)
        across, down = _deltas(code.get("DeltaX")), _deltas(code.get("DeltaY"))
        at_x, at_y = x, y
        for i, character in enumerate(text):
            wide = size * stretch * (0.55 if character.isascii() else 1.0) * abs(a if abs(a) > 1e-6 else b)
            if not character.isspace():
                px = (left + a * at_x + c * at_y + e) * POINTS
                baseline = (top + b * at_x + d * at_y + f) * POINTS
                yield Glyph(character, px, baseline - 0.86 * high, px + wide * POINTS, baseline + 0.14 * high)
            default = 0.0 if down else size * stretch * (0.5 if character.isascii() else 1.0)
            at_x += across[i] if i < len(across) else default
            at_y += down[i] if i < len(down) else 0.0


def _deltas(text: str | None) -> list[float]:
    """Steps between characters; "g 3 4.2" is three times 4.2.

    >>> _deltas("1 g 2 3.5")
    [1.0, 3.5, 3.5]
    """
    tokens = (text or "").split()
    steps: list[float] = []
    i = 0
    while i < len(tokens):
        if tokens[i] == "g" and i + 2 < len(tokens):
            times, step = numbers(tokens[i + 1]), numbers(tokens[i + 2])
            if not times or not step:
                raise Unreadable(
                    f"a step between letters is “{(text or '')[:20]}”, no number; is the file damaged?"
                )
            steps += step * min(int(min(times[0], MOST_GLYPHS)), MOST_GLYPHS)
            i += 3
        else:
            steps += numbers(tokens[i])
            i += 1
    return steps


def _path(item: Any) -> Iterator[Rule]:
    """The ruling lines of a path: level and upright strokes, and thin filled shapes."""
    left, top, (a, b, c, d, e, f) = _placed(item)
    data = next(named(item, "AbbreviatedData"), None)
    if data is None or (item.get("Visible") or "true").lower() == "false":
        return

    def place(x: float, y: float) -> tuple[float, float]:
        return (left + a * x + c * y + e) * POINTS, (top + b * x + d * y + f) * POINTS

    points: list[tuple[float, float]] = []
    strokes = []
    start = now = (0.0, 0.0)
    for letter, values in _steps(data.text or ""):
        if letter in ("S", "M"):
            start = now = place(values[0], values[1])
        elif letter == "C":
            strokes.append((now, start))
            now = start
        else:
            after = place(values[-2], values[-1])
            if letter == "L":
                strokes.append((now, after))
            now = after
        points.append(now)
    if not points:
        return
    x0, x1 = min(p[0] for p in points), max(p[0] for p in points)
    y0, y1 = min(p[1] for p in points), max(p[1] for p in points)
    if min(x1 - x0, y1 - y0) <= THIN:
        yield _line(x0, y0, x1, y1)
    elif (item.get("Stroke") or "true").lower() != "false":
        for (ax, ay), (bx, by) in strokes:
            if min(abs(ax - bx), abs(ay - by)) <= THIN / 4:
                yield _line(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))


def _steps(text: str) -> Iterator[tuple[str, list[float]]]:
    """The letters of a path, each with its numbers."""
    letter = ""
    values: list[float] = []
    for token in _TOKEN.findall(text):
        if token.isalpha():
            letter, values = token.upper(), []
            if _TAKES.get(letter, -1) == 0:
                yield letter, []
        else:
            values.append(float(token))
            if len(values) == _TAKES.get(letter, -1):
                yield letter, values
                values = []


def _line(x0: float, top: float, x1: float, bottom: float) -> Rule:
    if x1 - x0 >= bottom - top:
        return Rule(x0, (top + bottom) / 2, x1, (top + bottom) / 2)
    return Rule((x0 + x1) / 2, top, (x0 + x1) / 2, bottom)
